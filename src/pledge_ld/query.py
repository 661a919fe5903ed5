"""Saved queries: a folder of .rq files, each with a header that is parsed and held true, run over a store.

No SPARQL stands in this program's strings. Parameters are typed terms that take the place of a default written in the
query as ``VALUES ?name { default }``, so that every file also runs as it stands, pasted into any endpoint.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
import pyoxigraph as ox

from pledge_ld.config import product
from pledge_ld.graph import Shortener, as_turtle
from pledge_ld.problem import PledgeError
from pledge_ld.read.names import MAX_ID, is_query
from pledge_ld.term import BASE, Term, boolean, compact, curie, datatype_of, iri, language_of, string, value_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Row = tuple[Term | None, ...]

TYPES = ("iri", "string", "integer", "decimal", "boolean", "date")
_HEADER = re.compile(r"# ([a-z]+(?:@ja)?): (.+)")
_RETURN = re.compile(r"([a-z][a-z0-9_]*) \((" + "|".join(TYPES) + r")\)")
_PLACE = re.compile(r"VALUES \?([a-z][a-z0-9_]*) \{[^}\n]*\}")
_LEXICAL = {
    "integer": re.compile(r"-?[0-9]{1,18}"),
    "decimal": re.compile(r"-?[0-9]{1,18}(?:\.[0-9]{1,18})?"),
    "boolean": re.compile(r"true|false"),
    "date": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    "iri": re.compile(r"[a-z][a-z0-9+.-]*:[^\s<>\"{}|\\^`\x00-\x20]+"),
}


@dataclass(frozen=True, slots=True)
class Param:
    """A parameter: its type, the default that stands in the query, and what it is in both languages."""

    name: str
    type: str
    default: str
    en: str
    ja: str


@dataclass(frozen=True, slots=True)
class Query:
    """A saved query. ``computes`` is "score" or "count" where its rows become data, else ""."""

    name: str
    text: str
    title: dict[str, str]
    question: dict[str, str]
    returns: tuple[tuple[str, str], ...]
    params: tuple[Param, ...]
    computes: str
    scope: str


def parse(name: str, text: str) -> Query:
    """The query that a file holds.

    :raises PledgeError: when the header lacks a field or has a wrong one
    """
    fields: dict[str, list[str]] = {}
    for line in text.split("\n\n", 1)[0].splitlines():
        found = _HEADER.fullmatch(line)
        if not found:
            raise PledgeError(f"queries/{name}.rq: header: expected '# field: value', got '{line}' [query-header]")
        fields.setdefault(found[1], []).append(found[2])
    missing = [
        field for field in ("title", "title@ja", "question", "question@ja", "returns", "scope") if field not in fields
    ]
    if missing:
        raise PledgeError(f"queries/{name}.rq: header: expected {', '.join(missing)} [query-header]")
    returns = tuple(_returned(name, part) for part in fields["returns"][0].split(", "))
    params = tuple(_param(name, line) for line in fields.get("param", ()))
    return Query(
        name,
        text,
        {"en": fields["title"][0], "ja": fields["title@ja"][0]},
        {"en": fields["question"][0], "ja": fields["question@ja"][0]},
        returns,
        params,
        fields.get("computes", [""])[0],
        fields["scope"][0],
    )


def _returned(name: str, part: str) -> tuple[str, str]:
    found = _RETURN.fullmatch(part)
    if not found:
        raise PledgeError(f"queries/{name}.rq: returns: expected 'variable (type)', got '{part}' [query-header]")
    return found[1], found[2]


def _param(name: str, line: str) -> Param:
    parts = [part.strip() for part in line.split("|")]
    if len(parts) != 5 or parts[1] not in TYPES:  # noqa: PLR2004 - name, type, default, en, ja
        expected = "'name | type | default | English | 日本語'"
        raise PledgeError(f"queries/{name}.rq: param: expected {expected}, got '{line}' [query-header]")
    return Param(*parts)


def load(base: str = BASE, folder: Path | None = None) -> dict[str, Query]:
    """Every saved query by its name; IRIs of data in their defaults are moved under ``base``."""
    root = folder or product("queries")
    found = {}
    for path in sorted(root.glob("*.rq")):
        if not is_query(path.stem):
            expected = f"a name of a-z, 0-9 and single _, at most {MAX_ID} characters, and not index or inferred"
            ja = "a-z・0-9・単独の _ による名前(index・inferred は不可)"
            raise PledgeError(f"{path}: name: expected {expected}, got {path.stem} / {ja} [query-name]")
        found[path.stem] = parse(path.stem, rebased(path.read_text(encoding="utf-8"), base))
    return found


def rebased(text: str, base: str) -> str:
    """The text with IRIs of data under ``base``; the vocabulary and the shapes never move."""
    return text if base == BASE else re.sub(re.escape(BASE) + r"(?!ns[#>]|shapes[#>])", base, text)


def term_of(type_: str, value: str) -> Term:
    r"""The typed term a parameter's text stands for.

    >>> term_of("string", 'a"}'), term_of("integer", "7")
    ('"a\\"}"', '"7"^^<http://www.w3.org/2001/XMLSchema#integer>')

    :raises PledgeError: when the text is no such term
    """
    if type_ == "string":
        return string(value)
    if not _LEXICAL[type_].fullmatch(value):
        raise PledgeError(f"expected {type_}, got '{value}' / {type_} の値が必要です")
    return iri(value) if type_ == "iri" else f'"{value}"^^{curie(f"xsd:{type_}")}'


def bound(query: Query, values: Mapping[str, str]) -> str:
    """The query's text with its parameters bound.

    :raises PledgeError: for a parameter the query does not have, or a value of the wrong type
    """
    by_name = {param.name: param for param in query.params}
    for name in values.keys() - by_name.keys():
        has = f"query '{query.name}' has no parameter '{name}' (it has: {', '.join(by_name) or 'none'})"
        raise PledgeError(f"{has} / この問い合わせにそのパラメータはありません")
    terms = {name: _parameter(by_name[name], value) for name, value in values.items()}

    def replaced(found: re.Match[str]) -> str:
        return f"VALUES ?{found[1]} {{ {terms[found[1]]} }}" if found[1] in terms else found[0]

    # All at once, over the query's own text: a value that looks like another parameter's place stays a value.
    return _PLACE.sub(replaced, query.text)


def _parameter(param: Param, value: str) -> Term:
    try:
        value.encode()
        return term_of(param.type, value)
    except (PledgeError, UnicodeEncodeError) as error:
        raise PledgeError(f"parameter '{param.name}': {error}") from error


def store_of(graphs: Iterable[tuple[Term, str]]) -> ox.Store:
    """A store in memory of named graphs, each given as its name and its N-Triples.

    The terms are ours and have been checked when they were read: the store need not look at them again.
    """
    store = ox.Store()
    for name, triples in graphs:
        add(store, name, triples)
    return store


def add(store: ox.Store, graph: Term, triples: str) -> None:
    """Loads one more graph, given as its N-Triples; the default graph has no name ("")."""
    name = ox.NamedNode(value_of(graph)) if graph else None
    # In memory, what is made for bulk is the slower way.
    store.load(triples.encode(), ox.RdfFormat.N_TRIPLES, to_graph=name, lenient=True)


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a SELECT: variables and rows. A CONSTRUCT answers with ``turtle`` alone, an ASK with ``holds``."""

    names: tuple[str, ...]
    rows: list[Row]
    turtle: str = ""
    holds: bool | None = None


def yes_or_no(holds: bool) -> Answer:  # noqa: FBT001 - the value is the argument
    """The answer to an ASK."""
    return Answer(("boolean",), [(boolean(holds),)], holds=holds)


def graph_answer(triples: Iterable[ox.Triple]) -> Answer:
    """The answer to a CONSTRUCT or DESCRIBE."""
    found = sorted((_text(one.subject), _text(one.predicate), _text(one.object)) for one in triples)
    return Answer((), [], as_turtle(found, "", Shortener(BASE)))


def run(store: ox.Store, text: str, graph: Term = "") -> Answer:
    """The answer over the union of all graphs, or over one.

    :raises PledgeError: when the text is no SPARQL query
    """
    try:
        one = ox.NamedNode(value_of(graph)) if graph else None
        found = store.query(text, use_default_graph_as_union=not graph, default_graph=one)
        if isinstance(found, ox.QueryBoolean):
            return yes_or_no(bool(found))
        if isinstance(found, ox.QuerySolutions):
            names = tuple(variable.value for variable in found.variables)
            return Answer(
                names, [tuple(None if term is None else _text(term) for term in solution) for solution in found]
            )
        return graph_answer(found)
    except SyntaxError as error:
        message = " ".join(str(error).split())[:200]
        raise PledgeError(f"not a SPARQL query: {message} / SPARQL として読めません") from error


def _text(term: Any) -> Term:
    text = str(term)
    return text if isinstance(term, (ox.NamedNode, ox.Literal)) else f"_:{term.value}"


def as_csv(names: Iterable[str], rows: Iterable[Row]) -> str:
    """The answer as SPARQL's CSV: values without their types."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(names)
    writer.writerows(["" if term is None else value_of(term) for term in row] for row in rows)
    return text.getvalue()


def as_json(names: Iterable[str], rows: Iterable[Row]) -> bytes:
    """The answer as SPARQL's JSON."""
    names = list(names)
    bindings = [
        {name: _binding(term) for name, term in zip(names, row, strict=True) if term is not None} for row in rows
    ]
    content = {"head": {"vars": names}, "results": {"bindings": bindings}}
    return orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _binding(term: Term) -> dict[str, str]:
    if term[0] != '"':
        return {"type": "uri" if term[0] == "<" else "bnode", "value": value_of(term)}
    binding = {"type": "literal", "value": value_of(term)}
    if language := language_of(term):
        binding["xml:lang"] = language
    elif datatype := datatype_of(term):
        binding["datatype"] = datatype
    return binding


def as_table(names: Iterable[str], rows: Iterable[Row]) -> str:
    """The answer for a terminal: columns parted by two spaces, IRIs short, wide characters counted as two."""
    cells = [list(names)] + [["" if term is None else _shown(term) for term in row] for row in rows]
    widths = [max(_width(row[column]) for row in cells) for column in range(len(cells[0]))]
    lines = [
        "  ".join(text + " " * (width - _width(text)) for text, width in zip(row, widths, strict=True)).rstrip()
        for row in cells
    ]
    return "\n".join(lines) + "\n"


def _shown(term: Term) -> str:
    value = compact(term).removeprefix(BASE) if term[0] == "<" else value_of(term)
    return " ".join(value.split()) if value.isprintable() else repr(value)


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(one) in "WFA" else 1 for one in text)


def text_of(name: str, values: Mapping[str, str], base: str) -> str:
    """The text of a saved query with its parameters bound, or of a file that ends in .rq.

    :raises PledgeError: when there is no such query or file, or a parameter is wrong
    """
    if name.endswith(".rq"):
        if values:
            raise PledgeError("--param is for saved queries: a file has none / --param は保存された問い合わせ用です")
        try:
            return Path(name).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise PledgeError(f"{name}: expected a query in UTF-8, got {error} / UTF-8で書いてください") from error
    queries = load(base)
    if name not in queries:
        raise PledgeError(f"no query '{name}'; there are / 次の問い合わせがあります: {', '.join(queries)}")
    return bound(queries[name], values)


def formatted(answer: Answer, form: str) -> str:
    """The answer as ``table``, ``csv``, ``json`` or ``turtle``.

    :raises PledgeError: when rows are asked for as Turtle
    """
    if answer.turtle or not answer.names:
        return answer.turtle
    if form == "turtle":
        message = "--format: turtle is for CONSTRUCT and DESCRIBE: for rows, expected table, csv or json, got turtle"
        raise PledgeError(f"{message} / 表の結果には table、csv、json を指定してください")
    if form == "json" and answer.holds is not None:
        return orjson.dumps({"head": {}, "boolean": answer.holds}).decode() + "\n"
    if form == "json":
        return as_json(answer.names, answer.rows).decode()
    return as_csv(answer.names, answer.rows) if form == "csv" else as_table(answer.names, answer.rows)
