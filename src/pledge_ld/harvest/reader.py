"""The process that reads what strangers wrote: a question on standard input, the answer on standard output.

A line of JSON says what to do; the files follow it, one after another. The answer is a line of JSON and, for data, the
N-Quads. Nothing is imported, opened or looked up once the first byte of a stranger's is read.
"""

from __future__ import annotations

import os
import re
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any
from xml.parsers import expat

import orjson
import pyoxigraph as ox

from pledge_ld.confine import enclose, leave_network
from pledge_ld.graph import as_ntriples
from pledge_ld.harvest.apart import apart
from pledge_ld.harvest.bounds import Refused
from pledge_ld.harvest.catalogue import listed
from pledge_ld.harvest.forms import FORMS
from pledge_ld.problem import Problem, shorten
from pledge_ld.term import NS, SHAPES, Term, Triple, compact, curie, value_of
from pledge_ld.validate import default_engine, problems, rules, run, unknown_terms, validate

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

MOST_PROBLEMS = 20
"""Problems that are said of one source; more would say no more."""
_VOCABULARY = re.compile(rf"<(?:{re.escape(NS)}|{re.escape(SHAPES)})")
_HELD = (curie("pledge:Assessment"), curie("pledge:Programme"))


def main() -> None:
    """Enclose this process, then do what is asked."""
    leave_network()
    task = sys.argv[1]
    memory, seconds, answer_bytes = (int(one) for one in sys.argv[2:5])
    work: Callable[[dict[str, Any], list[bytes]], tuple[dict[str, Any], bytes]] = _catalogues
    if task == "data":
        _warm()
        work = _data
    enclose(memory, keep=3, file_bytes=answer_bytes, cpu_seconds=seconds)
    question: dict[str, Any] = orjson.loads(sys.stdin.buffer.readline())
    contents = [sys.stdin.buffer.read(one["size"]) for one in question["files"]]
    try:
        said, content = work(question, contents)
    except Refused as error:
        said, content = {"refused": [error.english, error.japanese]}, b""
    except MemoryError:
        said, content = {"refused": list(MEMORY)}, b""
    os.write(1, orjson.dumps(said) + b"\n")
    view = memoryview(content)
    while view:
        view = view[os.write(1, view) :]


MEMORY = (
    "it needs more memory, depth or time to be read than it may have",
    "読み取りに必要なメモリ・深さ・時間が上限を超えます",
)


def _warm() -> None:
    """Load all that checking needs: afterwards no file can be opened."""
    engine = default_engine()
    rules()
    unknown_terms(())
    for part in ("structure", "consistency"):
        run("", part, engine)


def _catalogues(question: dict[str, Any], contents: list[bytes]) -> tuple[dict[str, Any], bytes]:
    found = [
        listed(_triples(content, one["form"], one["url"], f"c{number}"), one["url"])
        for number, (one, content) in enumerate(zip(question["files"], contents, strict=True))
    ]
    return {"listed": [asdict(one) for one in found]}, b""


def _data(question: dict[str, Any], contents: list[bytes]) -> tuple[dict[str, Any], bytes]:
    """All files as one graph, checked, and its quads."""
    graph: Term = question["graph"]
    triples: dict[Triple, None] = {}
    for number, one in enumerate(question["files"]):
        triples.update(dict.fromkeys(_triples(contents[number], one["form"], one["url"], f"f{number}")))
        contents[number] = b""
    classes = {object_ for _, _, object_ in triples}
    if not classes.intersection(_HELD):
        raise Refused(
            "its files hold no assessment and no programme of pledges", "公約プログラムも評価も含まれていません"
        )
    wrong = _wrong(triples, question["shown"])
    if wrong:
        first = sorted(wrong)[:MOST_PROBLEMS]
        return {"problems": [asdict(one) for one in first], "count": len(wrong)}, b""
    own = [one for one in triples if _is_own(one[0], question["own"])]
    said = {"statements": len(triples), "own": len(own), "example": value_of(own[0][0]) if own else ""}
    return said, _quads(triples, graph)


def _wrong(triples: Collection[Triple], shown: str) -> list[Problem]:
    """What stands in the way: broken rules of ours, and terms that our vocabulary does not have."""
    engine = default_engine()
    results = [one for lot in apart(triples) for one in validate(as_ntriples(lot), engine)]
    found = [one for one in problems(results, {}, shown) if not one.warning]
    for term, (subject, _, _) in unknown_terms(triples).items():
        where, got = compact(subject), compact(term)
        found.append(Problem(shown, 0, where, "a term of the ontology", got, "ontology-term", "語彙にある用語"))
    return found


def _is_own(subject: Term, own: Iterable[str]) -> bool:
    return bool(_VOCABULARY.match(subject)) or any(
        subject.startswith((f"<{one}>", f"<{one}/", f"<{one}#")) for one in own
    )


def _quads(triples: Iterable[Triple], graph: Term) -> bytes:
    """The triples in our graph, sorted. A blank node becomes an IRI: two files' nodes can never be taken for one."""
    names: dict[Term, Term] = {}

    def named(term: Term) -> Term:
        return term if term[0] != "_" else names.setdefault(term, f"{graph[:-1]}#genid-{len(names)}>")

    lines = sorted(
        f"{named(subject)} {predicate} {named(object_)} {graph} .\n" for subject, predicate, object_ in triples
    )
    return "".join(lines).encode()


def _triples(content: bytes, form: str, url: str, scope: str) -> list[Triple]:
    """The file's triples; the graphs that it puts them in are its own affair.

    :raises Refused: when it cannot be read
    """
    at = shorten(url)
    try:
        if form == "rdfxml":
            _refuse_declarations(content)
        found = [_triple(one, scope) for one in ox.parse(content, FORMS[form].parser, base_iri=url)]
    except Refused as error:
        raise Refused(f"{at}: {error.english}", f"{at}: {error.japanese}") from error
    except (SyntaxError, ValueError, OSError, RecursionError, expat.ExpatError) as error:
        said = shorten(" ".join(str(error).split()))
        line = getattr(error, "lineno", None)
        place = f"{at}:{line}" if line else at
        if "LoadDocumentCallback" in str(error):
            raise Refused(
                f"{at}: its JSON-LD needs a context that lies elsewhere, which is never fetched: ask for Turtle",
                f"{at}: 外部の @context は読み込みません。Turtle などで公開されたものを指定してください",
            ) from error
        name = FORMS[form].media_type
        raise Refused(f"{place}: not {name}: {said}", f"{place}: {name} として読めません: {said}") from error
    except MemoryError as error:
        raise Refused(
            f"{at}: a line or a value is longer than can be read", f"{at}: 行または値が長すぎて読めません"
        ) from error
    return found


def _triple(quad: ox.Quad, scope: str) -> Triple:
    if isinstance(quad.object, ox.Triple):
        raise Refused("it holds a statement about a statement, which is not read", "文についての文は読み取れません")
    subject, object_ = (
        f"_:{scope}{one.value}" if isinstance(one, ox.BlankNode) else str(one) for one in (quad.subject, quad.object)
    )
    return subject, str(quad.predicate), object_


def _refuse_declarations(content: bytes) -> None:
    """Lets only XML pass that declares no type: nowhere else may entities stand, be they endless or others' files."""
    parser = expat.ParserCreate()

    def refuse(*_: object) -> None:
        raise Refused("its XML has a DOCTYPE, which may hold entities", "XMLに DOCTYPE があるため読み込みません")

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.Parse(content, True)  # noqa: FBT003 - the library's own: the last piece
