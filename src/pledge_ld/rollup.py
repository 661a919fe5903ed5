"""SPARQL computes the rollups: each saved query whose header says ``computes`` becomes scores or counts.

What is computed is a node of its own that names its query, never mixed with what is printed or inferred.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pledge_ld.problem import PledgeError
from pledge_ld.query import Query, run
from pledge_ld.term import PLEDGE, Minter, Term, Triple, boolean, curie, value_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pyoxigraph as ox

_A = curie("rdf:type")
_FIGURES = {
    "percent": PLEDGE["percent"],
    "percent_at_least": PLEDGE["percentAtLeast"],
    "percent_below": PLEDGE["percentBelow"],
    "rounding": PLEDGE["rounding"],
}
_ENTITY, _DERIVED_FROM = curie("prov:Entity"), curie("prov:wasDerivedFrom")


def computed(store: ox.Store, queries: Iterable[Query], mint: Minter) -> list[Triple]:
    """The triples that the computing queries make of what the store holds."""
    triples: list[Triple] = []
    for query in queries:
        if not query.computes:
            continue
        answer = run(store, query.text)
        makers = {"score": _score, "count": _count}
        if query.computes not in makers:
            raise PledgeError(
                f"queries/{query.name}.rq: computes: expected score or count, got {query.computes} [query-header]"
            )
        for row in answer.rows:
            cells = {name: term for name, term in zip(answer.names, row, strict=True) if term is not None}
            triples.extend(makers[query.computes](cells, query, mint))
    return triples


def _as_of(assessment: Term) -> str:
    """The as-of date, which the assessment's IRI ends in: the minter's own pattern."""
    return value_of(assessment).rpartition("/")[2]


def _score(cells: dict[str, Term], query: Query, mint: Minter) -> Iterator[Triple]:
    as_of = _as_of(cells["assessment"])
    node = mint.score(cells["thing"], as_of, query.name)
    yield node, _A, PLEDGE["ProgressScore"]
    yield node, _A, _ENTITY
    yield node, PLEDGE["scoreOf"], cells["thing"]
    yield from _common(node, cells["assessment"], as_of, query, mint)
    yield node, PLEDGE["adopted"], boolean(False)  # noqa: FBT003 - adopted is what a city prints, or the best inference
    for name, predicate in _FIGURES.items():
        if name in cells:
            yield node, predicate, cells[name]
    if "derived_from" in cells:
        # A row for each score it stands on: a list in one cell would have no order that engines agree on.
        yield node, _DERIVED_FROM, cells["derived_from"]


def _common(node: Term, assessment: Term, as_of: str, query: Query, mint: Minter) -> Iterator[Triple]:
    yield node, PLEDGE["inAssessment"], assessment
    yield node, PLEDGE["asOf"], f'"{as_of}"^^{curie("xsd:date")}'
    yield node, PLEDGE["origin"], PLEDGE["Computed"]
    yield node, PLEDGE["method"], mint.query(query.name)


def _count(cells: dict[str, Term], query: Query, mint: Minter) -> Iterator[Triple]:
    assessment, thing = cells["assessment"], cells["thing"]
    level = value_of(cells["level"]).rpartition("#")[2]
    kind, _, id_ = value_of(thing).rpartition("/")
    node = mint.count(assessment, level, id_ if kind.endswith("/policy") else "")
    yield node, _A, PLEDGE["LevelCount"]
    yield node, PLEDGE["countOf"], thing
    yield node, PLEDGE["level"], cells["level"]
    yield node, PLEDGE["count"], cells["count"]
    yield from _common(node, assessment, _as_of(assessment), query, mint)
