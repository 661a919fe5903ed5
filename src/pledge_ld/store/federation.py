"""Several endpoints are asked at once, and their answers put together as if one store held all of their data.

That is right for a query whose answer over several cities is the rows of each city put together: the header of a saved
query says so (``scope: federated``), and tests/test_federation.py proves it for each. An endpoint holds whole cities.
"""

from __future__ import annotations

import queue
import re
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import orjson
import pyoxigraph as ox

from pledge_ld import query
from pledge_ld.problem import PledgeError, Problem
from pledge_ld.query import Answer, Row
from pledge_ld.store.endpoint import EndpointError, Limits, Reply, ask, bare, checked, refusal
from pledge_ld.term import Term, iri

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

MOST = 64
"""Endpoints that one command asks; more are for ``pledge-ld harvest``."""
_GRACE = 0.25
"""Seconds after the deadline in which a thread may still tell why it has nothing."""
_SCOPE = re.compile(r"^# scope: ([a-z]+)", re.MULTILINE)
_ORDER = re.compile(r"\bORDER\s+BY\b([^{}]*)\Z", re.IGNORECASE)
_PART = re.compile(r"\b(?:LIMIT|OFFSET)\b", re.IGNORECASE)
_SERVICE = re.compile(r"(?<![\w:?$-])SERVICE\b(?!-|\s*:)", re.IGNORECASE)
_PROLOGUE = re.compile(r"^\s*(?:PREFIX|BASE)\b.*$", re.IGNORECASE | re.MULTILINE)
_COMMENT = re.compile(r"^\s*#.*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Federated:
    """The answers put together, who gave how many rows, and a problem for each endpoint that gave none."""

    answer: Answer
    rows: tuple[tuple[str, int], ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Gathered:
    """The answers to several questions, put together, from those endpoints that answered all of them."""

    answers: dict[str, Answer]
    answered: tuple[tuple[str, int], ...]
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...] = ()
    """One for each thing of which two endpoints say different things: who uses the answers trusts neither."""


def ask_endpoint(endpoint: str, text: str, limits: Limits | None = None) -> Answer:
    """The answer of one endpoint, in its own order.

    :raises EndpointError: when it does not answer, or answers something else
    """
    replies, problems = _gather([checked(endpoint)], [text], limits or Limits())
    if problems:
        raise EndpointError(problems[0])
    ((reply,),) = replies
    return query.graph_answer(reply.triples) if _is_graph(reply) else reply.answer


def ask_all(
    endpoints: Sequence[str], text: str, limits: Limits | None = None, *, provenance: bool = False
) -> Federated:
    """The answer over all that the endpoints hold, as far as they answer in time.

    With ``provenance`` each row ends in the address that gave it, and is there once for each.

    :raises PledgeError: when the query is not one whose answers may be put together
    """
    _may_be_put_together(text)
    names = _names(text)
    gathered, problems = _gather(_several(endpoints), [text], limits or Limits(), [names])
    replies = [one for (one,) in gathered]
    counts = tuple((one.endpoint, len(one.answer.rows) or len(one.triples)) for one in replies)
    answer = put_together(replies, text, names, provenance=provenance)
    return Federated(answer, counts, tuple(sorted(problems)))


def ask_many(endpoints: Sequence[str], texts: Mapping[str, str], limits: Limits | None = None) -> Gathered:
    """The answers to several questions by name, all of them within the one deadline.

    An endpoint that answers some and not others counts as one that does not answer: half of what it knows would be
    taken for all.

    :raises PledgeError: when one of the queries is not one whose answers may be put together
    """
    for text in texts.values():
        _may_be_put_together(text)
    names = [_names(text) for text in texts.values()]
    gathered, problems = _gather(_several(endpoints), list(texts.values()), limits or Limits(), names)
    answers = {
        name: put_together([one[place] for one in gathered], text, names[place])
        for place, (name, text) in enumerate(texts.items())
    }
    counts = tuple((one[0].endpoint, sum(len(reply.answer.rows) for reply in one)) for one in gathered if one)
    return Gathered(answers, counts, tuple(sorted(problems)), tuple(_contradictions(gathered)))


def _contradictions(gathered: Sequence[Sequence[Reply]]) -> Iterable[Problem]:
    """A warning for each thing, named in the first column, of which two endpoints have rows that are not the same.

    Which of them owns it cannot be seen from here. A mirror says the same, and is no contradiction.
    """
    said: dict[str, tuple[str, list[frozenset[Row]]]] = {}
    found = {}
    for replies in gathered:
        about: dict[str, dict[int, set[Row]]] = {}
        for place, reply in enumerate(replies):
            for row in reply.answer.rows:
                if row and row[0] and row[0].startswith("<"):
                    about.setdefault(row[0], {}).setdefault(place, set()).add(row)
        for thing, sets in about.items():
            rows = [frozenset(sets.get(place, ())) for place in range(len(replies))]
            first, before = said.setdefault(thing, (replies[0].endpoint, rows))
            if before != rows:
                found[replies[0].endpoint, thing] = first
    for (endpoint, thing), first in sorted(found.items()):
        expected = f"the same of {thing[1:-1]} as {first} says (what they say differently is taken as unknown)"
        ja = f"{first} と同じ内容(食い違う点は不明として扱います)"
        yield Problem(endpoint, 0, "endpoint", expected, "something else", "endpoint", ja, warning=True)


def _several(endpoints: Sequence[str]) -> list[str]:
    """Each address once.

    :raises PledgeError: when one is none, or there are too many
    """
    asked = list(dict.fromkeys(checked(one) for one in endpoints))
    if len(asked) > MOST:
        raise PledgeError(
            f"--endpoint: expected at most {MOST}, got {len(asked)}: harvest them / 先に harvest してください"
        )
    return asked


def _is_graph(reply: Reply) -> bool:
    return not reply.answer.names and reply.answer.holds is None


def _may_be_put_together(text: str) -> None:
    """Refuses, with the reason, a query that does not say that its answers may be put together.

    :raises PledgeError: when it does not, or it cuts its answer
    """
    said = _SCOPE.search(text)
    if not said or said[1] != "federated":
        what = f"says '# scope: {said[1]}'" if said else "does not say '# scope: federated'"
        raise PledgeError(
            f"the query {what}: its answer over several endpoints is not their answers put together (a mean or a count "
            "of all cities, or two cities side by side, cannot be made of what each says alone). Ask one endpoint, or "
            "harvest the others into one store; a query of your own whose every row is about one city may say "
            "'# scope: federated'\n"
            "    複数の問い合わせ先の答えを並べても、全体の答えにはなりません(全市の平均は各市の平均からは作れません)。"
            "一つずつ問い合わせるか、harvest で一つにまとめてください。"
        )
    _order(text)


def _order(text: str) -> str:
    """What the query orders its rows by, or "".

    :raises PledgeError: when it asks for a part of the rows
    """
    plain = _COMMENT.sub("", text).strip()
    found = _ORDER.search(plain)
    tail = found[1] if found else plain.rpartition("}")[2]
    if _PART.search(tail):
        raise PledgeError(
            "LIMIT and OFFSET cut each endpoint's answer, not the whole: expected none in a query over several "
            "endpoints / LIMIT・OFFSET は全体に対して働きません"
        )
    return tail.strip() if found else ""


def _names(text: str) -> tuple[str, ...] | None:
    """The columns that the query returns, or None where it returns a graph or a truth value."""
    if _SERVICE.search(bare(text)):
        # Nobody could say any more who answered; and this process would call out by itself to learn the columns.
        raise PledgeError(
            "SERVICE: name every endpoint with --endpoint / SERVICE は使えません。--endpoint で指定します"
        )
    try:
        found = ox.Store().query(text)
    except SyntaxError as error:
        message = " ".join(str(error).split())[:200]
        raise PledgeError(f"not a SPARQL query: {message} / SPARQL として読めません") from error
    return tuple(one.value for one in found.variables) if isinstance(found, ox.QuerySolutions) else None


def _gather(
    endpoints: Sequence[str],
    texts: Sequence[str],
    limits: Limits,
    names: Sequence[tuple[str, ...] | None] = (),
) -> tuple[list[list[Reply]], list[Problem]]:
    """The replies of those who answered everything by the deadline, in the order asked, and a problem for each other.

    The threads are not waited for: one may sit in a look-up of a name, which nothing can interrupt.
    """
    until = time.monotonic() + limits.seconds
    done: queue.SimpleQueue[tuple[str, list[Reply] | Problem | Exception]] = queue.SimpleQueue()

    def one(endpoint: str) -> None:
        try:
            replies = [ask(endpoint, text, limits, until) for text in texts]
            for reply, columns in zip(replies, names, strict=False):
                _fits(reply, columns, limits)
            done.put((endpoint, replies))
        except EndpointError as error:
            done.put((endpoint, error.problem))
        except Exception as error:  # noqa: BLE001 - raised again below, in the thread of who asked
            done.put((endpoint, error))

    for endpoint in endpoints:
        threading.Thread(target=one, args=(endpoint,), daemon=True).start()
    found: dict[str, list[Reply] | Problem] = {}
    # A moment more than the deadline: what each thread has to say of it is more than is known here.
    while len(found) < len(endpoints) and (left := until + _GRACE - time.monotonic()) > 0:
        try:
            endpoint, came = done.get(timeout=left)
        except queue.Empty:
            break
        if isinstance(came, Exception):
            raise came
        found[endpoint] = came
    late = [refusal(one, limits, "nothing") for one in endpoints if one not in found]
    came_in_order = [found[one] for one in endpoints if one in found]
    return (
        [one for one in came_in_order if isinstance(one, list)],
        [one for one in came_in_order if isinstance(one, Problem)] + late,
    )


def _fits(reply: Reply, names: tuple[str, ...] | None, limits: Limits) -> None:
    """Refuses rows of other columns than those asked for.

    :raises EndpointError: when they are others
    """
    if names is not None and set(reply.answer.names) != set(names):
        got = f"the columns {', '.join(reply.answer.names)} and not {', '.join(names)}"
        raise EndpointError(refusal(reply.endpoint, limits, got))


def put_together(
    replies: Sequence[Reply], text: str, names: tuple[str, ...] | None, *, provenance: bool = False
) -> Answer:
    """What one store with the data of all would answer: each row once, in the query's own order."""
    if names is None:
        if any(_is_graph(one) for one in replies):
            return query.graph_answer({triple for one in replies for triple in one.triples})
        return query.yes_or_no(any(one.answer.holds for one in replies))
    # A row says of which thing it is, so the same row from two endpoints is one row, as in one store.
    rows = dict.fromkeys(
        (*row, iri(reply.endpoint)) if provenance else row
        for number, reply in enumerate(replies)
        for row in _rows(reply.answer, names, number)
    )
    columns = (*names, "endpoint") if provenance else names
    return Answer(columns, _ordered(columns, list(rows), text))


def _rows(answer: Answer, names: tuple[str, ...], number: int) -> Iterable[Row]:
    """The rows with their columns in our order, and blank nodes that are the endpoint's own."""
    places = [answer.names.index(name) for name in names]
    for row in answer.rows:
        yield tuple(_own(row[place], number) for place in places)


def _own(term: Term | None, number: int) -> Term | None:
    return f"_:e{number}{term[2:]}" if term and term.startswith("_:") else term


def _ordered(names: tuple[str, ...], rows: list[Row], text: str) -> list[Row]:
    """The rows by the query's own ORDER BY, put in order by the engine that would order them in one store."""
    order = _order(text)
    if not order or not rows:
        return rows
    prologue = "\n".join(_PROLOGUE.findall(_COMMENT.sub("", text)))
    columns = " ".join(f"?{name}" for name in names)
    values = "\n".join(
        f"({number} {' '.join('UNDEF' if one is None or one.startswith('_:') else one for one in row)})"
        for number, row in enumerate(rows)
    )
    # Not a question of its own, which would belong into queries/: the rows as they came, and the query's ORDER BY.
    found = ox.Store().query(
        f"{prologue}\nSELECT ?_row {{ VALUES (?_row {columns}) {{\n{values}\n}} }} ORDER BY {order} ?_row"
    )
    if not isinstance(found, ox.QuerySolutions):
        raise TypeError(text)
    return [rows[int(one[0].value)] for one in found]


def formatted(found: Federated, form: str) -> str:
    """The answer as ``table``, ``csv``, ``json`` or ``turtle``; JSON also says who gave how many rows, and who none.

    :raises PledgeError: when rows are asked for as Turtle
    """
    text = query.formatted(found.answer, form)
    plain = form != "json" or found.answer.turtle
    return text if plain else with_sources(text, found.rows, found.problems)


def with_sources(text: str, rows: Iterable[tuple[str, int]], problems: Iterable[Problem]) -> str:
    """An answer in JSON, with two members more: which endpoints gave how many rows, and which gave none, and why."""
    content = orjson.loads(text)
    content["endpoints"] = [{"endpoint": one, "rows": number} for one, number in rows]
    content["unanswered"] = [{"endpoint": one.path, "expected": one.expected, "got": one.got} for one in problems]
    return orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode()
