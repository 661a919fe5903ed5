"""One city through the pipeline: records → triples → validated → rolled up → in cubes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pledge_ld.cube import cubes
from pledge_ld.graph import Index, as_ntriples
from pledge_ld.query import store_of
from pledge_ld.rollup import computed
from pledge_ld.term import Minter, Term, Triple
from pledge_ld.triple import city_graph, places
from pledge_ld.validate import record_problems, warning_notes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pledge_ld.problem import Problem
    from pledge_ld.query import Query
    from pledge_ld.record import Change, CityRecords


KINDS = ("Policy", "Pledge", "Measure", "Action", "Department", "Assessment", "ProgressScore", "DataNote")
"""The classes of things of which a city may not come to have fewer in silence."""


@dataclass(frozen=True, slots=True)
class CityData:
    """A city's published triples, or None and the problems that stop it; the warnings are there in both cases."""

    folder: str
    graph: Term
    index: Index | None
    problems: tuple[Problem, ...]
    changes: tuple[Change, ...] = ()


def city_data(records: CityRecords, base: str, queries: Iterable[Query], engine: str) -> CityData:
    """The city's triples with what is computed from them, unless a rule is broken. Needs nothing but its arguments."""
    triples, found = city_triples(records, base, queries, engine)
    graph = Minter(base, records.city.country, records.city.code).graph(records.folder)
    if triples is None:
        return CityData(records.folder, graph, None, found)
    return CityData(records.folder, graph, Index(triples), found, records.changes)


def city_triples(
    records: CityRecords, base: str, queries: Iterable[Query], engine: str
) -> tuple[list[Triple] | None, tuple[Problem, ...]]:
    """The same without an index: the triples, sorted and none twice, or None where a rule is broken."""
    mint = Minter(base, records.city.country, records.city.code)
    triples = city_graph(records, base)
    text = as_ntriples(triples)
    # Alone in its store, it needs no name: an index less is made for each of its triples.
    store = store_of([("", text)])
    with ThreadPoolExecutor(1) as aside:
        # The engine works outside Python's lock: what is computed is ready when the rules have been looked at.
        checked = aside.submit(record_problems, records, triples, base, engine, (text, store))
        rolled_up = computed(store, queries, mint)
        found, results = checked.result()
    if any(not one.warning for one in found):
        return None, tuple(found)
    if results:
        triples += warning_notes(results, Index(triples), places(records, base))
    triples += rolled_up
    triples += cubes(triples)
    # Most of them are in order already, which a set would lose.
    return list(dict.fromkeys(sorted(triples))), tuple(found)
