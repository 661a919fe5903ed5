"""One SPARQL endpoint is asked, by a deadline, and what it answers is read with suspicion.

SPARQLWrapper makes the request; `wire` carries it. What comes back is held to the SPARQL 1.1 results format and to what
an RDF term may be before anybody sees it.
"""

from __future__ import annotations

import re
import threading
import time
import warnings
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import orjson
import pyoxigraph as ox
from SPARQLWrapper import GET, JSON, POST, TURTLE, SPARQLWrapper
from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception,
    stop_after_attempt,
    stop_any,
    wait_exponential,
    wait_random,
)
from tenacity.stop import stop_base

from pledge_ld.problem import PledgeError, Problem
from pledge_ld.query import Answer, yes_or_no
from pledge_ld.store.wire import Got, WireError, exchange

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from urllib.request import Request

    from pledge_ld.query import Row
    from pledge_ld.term import Term

_ADDRESS = re.compile(r"https?://[^\s<>\"]+")
_LONG = 1500
"""Bytes of a query above which it goes in the body: an address has a limit somewhere on the way."""
_XSD = "http://www.w3.org/2001/XMLSchema#"
_TRUTH = {"1": "true", "0": "false"}
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_DIGITS = 100
"""A number with more is left as it is written."""
_DEPTH = 64
"""How many triples inside triples a graph may have; a parser that calls itself dies of many thousands."""
_SAID = re.compile(
    r"""<[^<>"{}|^`\\\x00-\x20]*>|#[^\n\r]*|\"{3}(?:\\.|[^\\])*?\"{3}|'{3}(?:\\.|[^\\])*?'{3}"""
    r"""|"(?:\\.|[^"\\\n\r])*"|'(?:\\.|[^'\\\n\r])*'""",
    re.DOTALL,
)
_FORM = re.compile(r"(?<![\w:?$-])(SELECT|ASK|CONSTRUCT|DESCRIBE)\b(?!-|\s*:)", re.IGNORECASE)
_GRAPHS = ("CONSTRUCT", "DESCRIBE")
_QUIET = threading.Lock()


class EndpointError(PledgeError):
    """An endpoint that did not answer as it should."""

    remote = True

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Limits:
    """What asking may cost: seconds for all endpoints and attempts together; bytes and rows from each of them."""

    seconds: float = 30
    bytes: int = 16 * 1024 * 1024
    rows: int = 100_000
    attempts: int = 3


@dataclass(frozen=True, slots=True)
class Reply:
    """What one endpoint answered: rows or a truth value, or the triples of a CONSTRUCT."""

    endpoint: str
    answer: Answer
    triples: tuple[ox.Triple, ...] = ()


class _Wrapper(SPARQLWrapper):
    """SPARQLWrapper's request without its way of sending it, which has no deadline and no limit, and is redirected."""

    def request(self) -> Request:
        """The request for the query that was set."""
        made: Request = self._createRequest()
        return made


def checked(endpoint: str, option: str = "--endpoint") -> str:
    """The address, if it is one; ``option`` is what gave it.

    :raises PledgeError: when it is none
    """
    if "@" in endpoint.partition("//")[2].partition("/")[0]:
        # Not said again: it holds a password.
        raise PledgeError(f"{option}: expected no user name in the address / アドレスに利用者名を含めないでください")
    if not _ADDRESS.fullmatch(endpoint) or not endpoint.isprintable() or not _has_a_host(endpoint):
        raise PledgeError(f"{option}: expected an http or https address, got {endpoint} / アドレスの形式が違います")
    return endpoint


def _has_a_host(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return False


def ask(endpoint: str, text: str, limits: Limits, until: float) -> Reply:
    """What an endpoint answers by ``until``, tried again with growing pauses where that may help.

    :raises EndpointError: when it does not answer, or answers something else
    """
    client = _client(endpoint, text)
    try:
        got = patiently(lambda: exchange(client.request(), until, limits.bytes), limits, until)
        _whole(got)
        return _reply(endpoint, client.queryType, got, limits)
    except (WireError, _Unreadable) as error:
        raise EndpointError(refusal(endpoint, limits, str(error))) from error


def patiently(send: Callable[[], Got], limits: Limits, until: float) -> Got:
    """What an exchange brings, tried again with growing pauses where that may help.

    :raises WireError: when it does not end well, the last time with the number of attempts
    """
    tries = Retrying(
        retry=retry_if_exception(lambda error: isinstance(error, WireError) and error.again),
        stop=stop_any(stop_after_attempt(limits.attempts), _Deadline(until)),
        wait=_pause,
        reraise=True,
    )
    try:
        return tries(send)
    except WireError as error:
        times = tries.statistics.get("attempt_number", 1)
        if times == 1:
            raise
        raise WireError(f"{error} ({times} attempts)", status=error.status) from error


def refusal(endpoint: str, limits: Limits, got: str) -> Problem:
    """The problem that names an endpoint which did not answer."""
    seconds = f"{limits.seconds:g} s"
    expected = f"an answer in {seconds} (see whether it is up, and whether this is its SPARQL address)"
    ja = f"{limits.seconds:g}秒以内の回答(アドレスと稼働状況を確かめてください)"
    return Problem(endpoint, 0, "endpoint", expected, got, "endpoint", ja)


class _Unreadable(Exception):  # noqa: N818 - caught here, and never seen outside
    """An answer that is none."""


def _client(endpoint: str, text: str) -> _Wrapper:
    # What is warned of is a setting of the whole process: two threads would restore each other's.
    with _QUIET, warnings.catch_warnings():
        # SPARQLWrapper warns of what the caller of a library should know; ours is told in our own words.
        warnings.simplefilter("ignore")
        client = _Wrapper(checked(endpoint))
        client.setQuery(text)
    # It guesses by the words of the text, comments too: "whose figure is asked about" makes an ASK of a SELECT.
    client.queryType = form_of(text)
    client.setOnlyConneg(True)
    client.setReturnFormat(TURTLE if client.queryType in _GRAPHS else JSON)
    client.setMethod(POST if len(text.encode()) > _LONG else GET)
    return client


def bare(text: str) -> str:
    """The query without its comments, IRIs and strings: what is left are its own words."""
    return _SAID.sub(" ", text)


def form_of(text: str) -> str:
    r"""SELECT, ASK, CONSTRUCT or DESCRIBE: what the query asks for.

    >>> form_of("# whose figure is asked about\nPREFIX ask: <u:ask#> SELECT * { ?s ?p ?o }")
    'SELECT'

    :raises PledgeError: when it asks for nothing, as an update does
    """
    found = _FORM.search(bare(text))
    if not found:
        raise PledgeError(
            "not a SPARQL query: expected SELECT, ASK, CONSTRUCT or DESCRIBE / SPARQL の問い合わせではありません"
        )
    return found[1].upper()


_growing = wait_exponential(multiplier=0.2, max=5) + wait_random(0, 0.2)


def _pause(state: RetryCallState) -> float:
    """Longer from one attempt to the next, and at least what the endpoint asks for."""
    error = state.outcome.exception() if state.outcome else None
    return max(_growing(state), error.after if isinstance(error, WireError) else 0)


class _Deadline(stop_base):
    """No attempt more, where the pause before it would outlast the deadline: the last error says more than that."""

    def __init__(self, until: float) -> None:
        self._until = until

    def __call__(self, retry_state: RetryCallState) -> bool:
        return time.monotonic() + retry_state.upcoming_sleep >= self._until


def _whole(got: Got) -> None:
    """Refuses an answer which its endpoint says is only a part: Virtuoso cuts at a row or a second, and answers 2xx."""
    if got.status != 200:  # noqa: PLR2004 - 200 is the whole
        raise _Unreadable(f"HTTP {got.status}: a part of the answer, or none")
    if state := got.headers.get("X-SQL-State"):
        raise _Unreadable(f"a part of the answer: {state} {got.headers.get('X-SQL-Message', '')}".rstrip())
    kind = got.headers.get_content_type()
    if kind in {"text/html", "application/xhtml+xml"}:
        raise _Unreadable(f"a page of HTML ({kind})")


def _reply(endpoint: str, form: str | None, got: Got, limits: Limits) -> Reply:
    if form in _GRAPHS:
        triples = _triples(got)
        if len(triples) > limits.rows:
            raise _Unreadable(f"more than {limits.rows:,} triples")
        return Reply(endpoint, Answer((), []), triples)
    try:
        content = orjson.loads(got.body)
    except orjson.JSONDecodeError as error:
        kind = got.headers.get_content_type()
        raise _Unreadable(f"no JSON ({kind}): {error}") from error
    if form == "ASK":
        holds = content.get("boolean") if isinstance(content, dict) else None
        if not isinstance(holds, bool):
            raise _Unreadable("JSON without a boolean")
        return Reply(endpoint, yes_or_no(holds))
    names, bindings = _table(content)
    most = got.headers.get("X-SPARQL-MaxRows", "")
    if len(bindings) > limits.rows or most == str(len(bindings)):
        raise _Unreadable(f"{len(bindings):,} rows: cut there, or more than the {limits.rows:,} that are taken")
    return Reply(endpoint, Answer(names, [_row(names, one) for one in bindings]))


def _table(content: Any) -> tuple[tuple[str, ...], list[Any]]:
    """The names and the bindings of SPARQL's JSON."""
    head, results = (content.get(one) if isinstance(content, dict) else None for one in ("head", "results"))
    names = head.get("vars") if isinstance(head, dict) else None
    bindings = results.get("bindings") if isinstance(results, dict) else None
    if not (isinstance(names, list) and all(isinstance(one, str) for one in names) and isinstance(bindings, list)):
        raise _Unreadable("JSON that is no result of a query (no head.vars or results.bindings)")
    return tuple(names), bindings


def _row(names: tuple[str, ...], binding: Any) -> Row:
    if not isinstance(binding, dict) or binding.keys() - set(names):
        raise _Unreadable("a row that is none of its head")
    return tuple(None if (one := binding.get(name)) is None else _term(one) for name in names)


def _term(binding: Mapping[str, Any]) -> Term:
    """The term of one cell, by the engine that knows what a term may be."""
    try:
        kind, value = binding["type"], binding["value"]
        if kind == "uri":
            return str(ox.NamedNode(value))
        if kind == "bnode":
            return str(ox.BlankNode(value))
        if kind in {"literal", "typed-literal"}:
            if language := binding.get("xml:lang"):
                return str(ox.Literal(value, language=language.lower()))
            datatype = binding.get("datatype")
            if datatype is None:
                return str(ox.Literal(value))
            return str(ox.Literal(canonical(value, datatype), datatype=ox.NamedNode(datatype)))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise _Unreadable(f"a value that is no RDF term: {error}") from error
    raise _Unreadable(f"a value of type {kind!r}")


def canonical(value: str, datatype: str) -> str:
    """The value as XML Schema writes it canonically, where engines differ and the value is the same.

    >>> [canonical(one, _XSD + "decimal") for one in ("30.0", "059.20", "-0", "1e3")]
    ['30', '59.2', '0', '1e3']
    >>> canonical("1", _XSD + "boolean"), canonical("1", _XSD + "integer"), canonical("1", "http://example.org/x")
    ('true', '1', '1')
    """
    if datatype == f"{_XSD}boolean":
        return _TRUTH.get(value, value)
    if datatype not in {f"{_XSD}decimal", f"{_XSD}integer"} or len(value) > _DIGITS or not _NUMBER.fullmatch(value):
        return value
    if datatype == f"{_XSD}integer":
        return str(int(value)) if "." not in value else value
    text = format(Decimal(value), "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in {"-0", ""} else text


def _triples(got: Got) -> tuple[ox.Triple, ...]:
    if got.body.count(b"<<") > _DEPTH:
        raise _Unreadable(f"a graph with more than {_DEPTH} triples inside triples")
    try:
        found = ox.parse(got.body, ox.RdfFormat.TURTLE, without_named_graphs=True, rename_blank_nodes=True)
        return tuple(one.triple for one in found)
    except (SyntaxError, ValueError, OSError) as error:
        raise _Unreadable(f"no Turtle: {error}") from error
