"""The records here as a store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pledge_ld.graph import as_ntriples
from pledge_ld.publish import city_data
from pledge_ld.query import load, store_of
from pledge_ld.read import read_data

if TYPE_CHECKING:
    from pathlib import Path

    import pyoxigraph as ox

    from pledge_ld.problem import Problem


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
