"""The process that holds the data, and the workers that it forks: no network, no new file, bounded memory.

The parent sends a socket for each worker it wants; the template forks and answers with the worker's number. A worker
reads a question and writes an answer, both with their length in front, until it is killed. The template ends with the
parent, and the workers with the template.
"""

from __future__ import annotations

import csv
import io
import itertools
import os
import re
import signal
import socket
import struct
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import orjson
import pyoxigraph as ox

from pledge_ld.confine import enclose, end_with_parent, leave_network
from pledge_ld.serve.sparql.guard import service_refused
from pledge_ld.serve.sparql.held import Data, data_of
from pledge_ld.serve.sparql.limits import mib
from pledge_ld.serve.sparql.refusal import Refusal
from pledge_ld.term import PREFIXES

CONTROL = 0
"""The file descriptor of the socket to the parent, in the template and in a worker."""
LENGTH = struct.Struct("!I")
OK, REFUSED = b"+", b"-"
SELECT_FORMS = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}
GRAPH_FORMS = {
    "turtle": ox.RdfFormat.TURTLE,
    "nt": ox.RdfFormat.N_TRIPLES,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdfxml": ox.RdfFormat.RDF_XML,
}
_NOT_XML = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]|\xed[\xa0-\xbf]|&#(?:x0*[0-8bcBC]|0*[0-8]);")

_Default = list[ox.NamedNode | ox.BlankNode | ox.DefaultGraph] | None
_Named = list[ox.NamedNode | ox.BlankNode] | None


@dataclass(frozen=True, slots=True)
class Question:
    """A query that has passed the guard, the form of its answer, the graphs it is asked of and what it may cost."""

    text: str
    form: str
    base: str
    default: list[str] | None
    named: list[str] | None
    rows: int
    answer_bytes: int
    seconds: float
    union: bool = False
    """Whether it is asked of the union of all graphs; ``default`` and ``named`` then say nothing."""


def refused(body: bytes) -> Refusal:
    """What a worker refused, as it wrote it."""
    status, english, japanese = orjson.loads(body)
    return Refusal(status, english, japanese)


def main() -> None:
    """Find the data, tell the parent what is held, then fork whenever it asks."""
    leave_network()
    memory = int(sys.argv[1])
    site, *loads = (Path(one) for one in sys.argv[2:])
    control = socket.socket(fileno=CONTROL)
    data = data_of(site, loads)
    control.sendall(LENGTH.pack(len(data.held)) + data.held)
    ended: set[int] = set()
    while True:
        message, handed, _, _ = socket.recv_fds(control, 4, 1)
        if not message:
            return
        if handed:
            pid = os.fork()
            if not pid:
                os.dup2(handed[0], CONTROL)
                control.detach()
                _begin(data, memory)
            os.close(handed[0])
            control.sendall(LENGTH.pack(pid))
        else:
            # Only now may the system give the number away again: the parent has killed this one, and no other.
            ended |= {one for (one,) in LENGTH.iter_unpack(message)}
        # One with much memory takes its time to go. Nobody waits for it.
        ended -= {one for one in ended if os.waitpid(one, os.WNOHANG)[0]}


def _begin(data: Data, memory: int) -> NoReturn:
    """A worker, to its end: nothing of what the template would do next is done by it."""
    try:
        _work(*data.opened(), memory)
    finally:
        os._exit(0)


def _work(store: ox.Store, keep: int, memory: int) -> None:
    """Answer one question after another from the one socket that is left."""
    _enclose(keep, memory)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    stream = socket.socket(fileno=CONTROL)
    while head := _exactly(stream, LENGTH.size):
        question = Question(**orjson.loads(_exactly(stream, LENGTH.unpack(head)[0])))
        # The parent kills at the deadline. Should it be stuck, the system does.
        signal.setitimer(signal.ITIMER_REAL, question.seconds + 1)
        try:
            kind, answer = OK, _answer(store, question)
        except Refusal as refusal:
            kind, answer = REFUSED, orjson.dumps([refusal.status, refusal.detail, refusal.detail_ja])
        signal.setitimer(signal.ITIMER_REAL, 0)
        stream.sendall(LENGTH.pack(len(answer) + 1) + kind)
        stream.sendall(answer)


def _enclose(keep: int, memory: int) -> None:
    """Keep one socket, no descriptor but those of a store, and ``memory`` bytes beside what is held already."""
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 1)
    os.dup2(null, 2)
    end_with_parent()
    enclose(memory, keep=keep)


def _exactly(stream: socket.socket, size: int) -> bytes:
    found = bytearray()
    while len(found) < size:
        part = stream.recv(min(size - len(found), 1 << 20))
        if not part:
            return b""
        found += part
    return bytes(found)


class _Bounded(io.BytesIO):
    """A file in memory that refuses to grow over its limit."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = self._left = most

    def write(self, part: Any, /) -> int:
        self._left -= len(part)
        if self._left < 0:
            raise _too_large(self._most)
        return super().write(part)


def _too_large(most: int) -> Refusal:
    return Refusal(
        413,
        f"the answer is larger than {mib(most)}: ask for less, or take the files under data/",
        f"答えが{mib(most)}を超えます。条件を絞るか、data/ のファイルを使ってください",
    )


def _answer(store: ox.Store, question: Question) -> bytes:
    try:
        found = _found(store, question)
        if isinstance(found, ox.QueryTriples):
            return _graph(found, question)
        answer = _Bounded(question.answer_bytes)
        found.serialize(answer, format=SELECT_FORMS[question.form])
    except SyntaxError as error:
        message = " ".join(str(error).split())[:300]
        raise Refusal(400, f"not a SPARQL query: {message}", f"SPARQLとして読めません: {message}") from error
    except OSError as error:
        # Whatever it was that the guard did not see: no query has a reason to open anything.
        raise service_refused() from error
    except (ValueError, RuntimeError, KeyError) as error:
        message = " ".join(str(error).split())[:300]
        raise Refusal(400, f"cannot be answered: {message}", f"答えられません: {message}") from error
    except MemoryError as error:
        raise Refusal(
            503, "the query needs more memory than it may have", "問い合わせに必要なメモリが上限を超えます"
        ) from error
    whole = answer.getvalue()
    if isinstance(found, ox.QuerySolutions) and _more_rows(whole, question):
        raise Refusal(
            413,
            f"the answer has more than {question.rows} rows: add a LIMIT, or take the files under data/",
            f"答えが{question.rows}行を超えます。LIMIT を付けるか、data/ のファイルを使ってください",
        )
    return _well_formed(whole) if question.form == "xml" else whole


def _found(store: ox.Store, question: Question) -> Any:
    default: _Default = None
    if question.default is not None:
        default = [ox.NamedNode(one) if one else ox.DefaultGraph() for one in question.default]
    named: _Named = None
    if question.named is not None:
        named = [ox.NamedNode(one) for one in question.named]
    if question.union:
        return store.query(question.text, base_iri=question.base, use_default_graph_as_union=True)
    return store.query(question.text, base_iri=question.base, default_graph=default, named_graphs=named)


def _more_rows(answer: bytes, question: Question) -> bool:
    """Whether an answer has too many rows. The least row takes 2 bytes, so a small answer is not looked at."""
    if len(answer) < question.rows * 2:
        return False
    if question.form == "tsv":
        rows = answer.count(b"\n") - 1
    elif question.form == "xml":
        rows = answer.count(b"<result>")
    elif question.form == "csv":
        rows = sum(1 for _ in csv.reader(io.StringIO(answer.decode(), newline=""))) - 1
    else:
        rows = len(orjson.loads(answer)["results"]["bindings"])
    return rows > question.rows


def _graph(found: ox.QueryTriples, question: Question) -> bytes:
    triples = list(itertools.islice(found, question.rows + 1))
    if len(triples) > question.rows:
        raise Refusal(
            413,
            f"the answer has more than {question.rows} triples: add a LIMIT, or take the files under data/",
            f"答えが{question.rows}トリプルを超えます。LIMIT を付けるか、data/ のファイルを使ってください",
        )
    answer = _Bounded(question.answer_bytes)
    ox.serialize(dict.fromkeys(triples), answer, format=GRAPH_FORMS[question.form], prefixes=PREFIXES)
    whole = answer.getvalue()
    return _well_formed(whole) if question.form == "rdfxml" else whole


def _well_formed(answer: bytes) -> bytes:
    if _NOT_XML.search(answer):
        raise Refusal(
            406,
            "the answer holds characters that XML cannot: ask for another form",
            "XMLで表せない文字が含まれます。ほかの形式を使ってください",
        )
    return answer
