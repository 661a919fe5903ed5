"""Where a query is asked: the records here, in memory, or a SPARQL endpoint elsewhere."""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass
from http.client import HTTPException
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
from SPARQLWrapper import JSON, TURTLE, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import SPARQLWrapperException

from pledge_ld.graph import as_ntriples
from pledge_ld.problem import PledgeError, Problem, printable
from pledge_ld.publish import city_data
from pledge_ld.query import Answer, graph_answer, load, store_of, yes_or_no
from pledge_ld.read import read_data
from pledge_ld.term import Term, iri, string, tagged

if TYPE_CHECKING:
    from pathlib import Path

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
    """The answer of a SPARQL endpoint.

    :raises EndpointError: when it does not answer, or answers something else
    """
    if not re.fullmatch(r"https?://[^\s<>\"]+", endpoint):
        raise PledgeError(f"--endpoint: expected an http or https address, got {endpoint} / アドレスの形式が違います")
    try:
        with warnings.catch_warnings():
            # SPARQLWrapper warns of what the caller of a library should know; ours is told in our own words.
            warnings.simplefilter("ignore")
            return _answer(endpoint, text)
    except (
        SPARQLWrapperException,
        HTTPException,
        OSError,
        ValueError,
        LookupError,
        TypeError,
        AttributeError,
    ) as error:
        message = printable(" ".join(str(error).split())[:200] or type(error).__name__)
        expected = f"endpoint: expected an answer in {TIMEOUT} s from {endpoint}, got {message} [endpoint]"
        advice = "問い合わせ先が答えませんでした。アドレスと稼働状況を確かめてください。"
        raise EndpointError(f"{expected}\n    {advice}") from error


def _answer(endpoint: str, text: str) -> Answer:
    client = SPARQLWrapper(endpoint)
    client.setQuery(text)
    client.setTimeout(TIMEOUT)
    if client.queryType in {"CONSTRUCT", "DESCRIBE"}:
        client.setReturnFormat(TURTLE)
        found = ox.parse(client.query().response.read(), ox.RdfFormat.TURTLE)
        return graph_answer(one.triple for one in found)
    client.setReturnFormat(JSON)
    answer: Any = client.queryAndConvert()
    if "boolean" in answer:
        return yes_or_no(bool(answer["boolean"]))
    names = tuple(answer["head"]["vars"])
    return Answer(names, [tuple(_term(row.get(name)) for name in names) for row in answer["results"]["bindings"]])


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
