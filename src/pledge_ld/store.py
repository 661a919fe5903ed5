"""Where a query is asked: the records here, in memory, or a SPARQL endpoint elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.error import URLError

from pledge_ld.graph import as_ntriples
from pledge_ld.problem import PledgeError, Problem
from pledge_ld.publish import city_data
from pledge_ld.query import Answer, load, store_of
from pledge_ld.read import read_data
from pledge_ld.term import Term, iri, string, tagged

if TYPE_CHECKING:
    from pathlib import Path

    import pyoxigraph as ox

TIMEOUT = 30
"""Seconds that an endpoint may take for each read."""


class EndpointError(PledgeError):
    """An endpoint that did not answer as it should."""

    remote = True


@dataclass(frozen=True, slots=True)
class Local:
    """The records as a store, or None and the problems that stand in the way."""

    store: ox.Store | None
    problems: tuple[Problem, ...]


def local(data: Path, base: str, engine: str) -> Local:
    """The records below ``data``, validated and rolled up as a build would."""
    cities, problems = read_data(data, str(data))
    if problems:
        return Local(None, tuple(sorted(problems)))
    queries = load(base).values()
    built = [city_data(one, base, queries, engine) for one in cities]
    found = tuple(sorted(problem for one in built for problem in one.problems if not problem.warning))
    if found:
        return Local(None, found)
    return Local(store_of([(one.graph, as_ntriples(one.index.triples)) for one in built if one.index]), ())


def ask_endpoint(endpoint: str, text: str) -> Answer:
    """The answer of a SPARQL endpoint to a SELECT or ASK query.

    :raises EndpointError: when it does not answer, or answers something else
    """
    from SPARQLWrapper import JSON, SPARQLWrapper  # noqa: PLC0415 - only here is a network needed
    from SPARQLWrapper.SPARQLExceptions import SPARQLWrapperException  # noqa: PLC0415 - same

    if not endpoint.startswith(("http://", "https://")):
        raise PledgeError(f"--endpoint: expected an http or https address, got {endpoint}")
    client = SPARQLWrapper(endpoint)
    client.setQuery(text)
    client.setReturnFormat(JSON)
    client.setTimeout(TIMEOUT)
    try:
        answer: Any = client.queryAndConvert()
        if "boolean" in answer:
            return Answer(("boolean",), [(f'"{str(answer["boolean"]).lower()}"',)])
        names = tuple(answer["head"]["vars"])
        rows = answer["results"]["bindings"]
        return Answer(names, [tuple(_term(row.get(name)) for name in names) for row in rows])
    except (SPARQLWrapperException, URLError, OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        message = " ".join(str(error).split())[:200] or type(error).__name__
        expected = f"endpoint: expected an answer in {TIMEOUT} s from {endpoint}, got {message} [endpoint]"
        raise EndpointError(
            f"{expected}\n    問い合わせ先が答えませんでした。アドレスと稼働状況を確かめてください。"
        ) from error


def _term(binding: dict[str, str] | None) -> Term | None:
    if binding is None:
        return None
    value = binding["value"]
    if binding["type"] == "uri":
        return iri(value)
    if binding["type"] == "bnode":
        return f"_:{value}"
    if language := binding.get("xml:lang"):
        return tagged(value, language)
    datatype = binding.get("datatype")
    return f"{string(value)}^^<{datatype}>" if datatype else string(value)
