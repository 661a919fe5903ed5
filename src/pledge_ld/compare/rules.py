"""Rounds → every pair with its reasons: the published rules, run over a small store of what was gathered.

The two rounds of a pair may come from two places, so no single place can be asked; what each said of its own can.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from pledge_ld.compare.cells import local
from pledge_ld.compare.model import Pair, Reason, Round
from pledge_ld.graph import as_ntriples
from pledge_ld.query import bound, run, store_of
from pledge_ld.term import PLEDGE, curie, iri, value_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pledge_ld.query import Query
    from pledge_ld.term import Triple

NAME = "comparison_reasons"
"""The query that holds the rules."""
HOLDS = "EveryRuleHolds"
"""The reason where no rule refuses, for which the query has no row."""
_ALLOW = {HOLDS, "SameProgrammeAndScale"}
_ORDER = ("Programme", "Rule", "Construct", "Scale", "Assessor", "Term", "Item")
"""What a reason is about, in the order of the rules."""


def pairs(
    latest: Sequence[Round],
    earlier: Iterable[Round],
    terms: Mapping[str, tuple[str, str]],
    query: Query,
    values: Mapping[str, str],
) -> Iterator[Pair]:
    """Every pair of the latest rounds, then each earlier one with the next of its programme.

    ``terms`` are the first day and the months of each programme's term, where known.
    """
    earlier = tuple(earlier)
    everything = (*latest, *earlier)
    triples = sorted({triple for one in everything for triple in _facts(one, terms)})
    store = store_of([(iri("urn:pledge-ld:gathered"), as_ntriples(triples))])
    answer = run(store, bound(query, values))
    found: dict[tuple[str, str], list[Reason]] = {}
    for row in answer.rows:
        cell = {name: value_of(term) if term else "" for name, term in zip(answer.names, row, strict=True)}
        key = cell["one"], cell["other"]
        reason = Reason(
            local(cell["reason"]), cell["one_figure"].strip(), cell["other_figure"].strip(), cell["threshold"]
        )
        found.setdefault(key, []).append(reason)
    for place, one in enumerate(latest):
        for other in latest[place + 1 :]:
            yield _pair(one, other, found)
    for one, other in _steps((*latest, *earlier)):
        yield _pair(one, other, found)


def _steps(rounds: Iterable[Round]) -> Iterator[tuple[Round, Round]]:
    """Each round with the next one of its programme."""
    by_programme: dict[str, list[Round]] = {}
    for one in rounds:
        by_programme.setdefault(one.programme, []).append(one)
    for several in by_programme.values():
        yield from pairwise(sorted(several, key=lambda one: (one.as_of, one.iri)))


def _pair(one: Round, other: Round, found: Mapping[tuple[str, str], list[Reason]]) -> Pair:
    """The verdict. The query names each pair once, in the order of the IRIs; the page in the order of the cities."""
    reasons = found.get((one.iri, other.iri), [])
    turned = found.get((other.iri, one.iri), [])
    reasons = reasons + [Reason(each.concept, each.other_figure, each.one_figure, each.threshold) for each in turned]
    known = tuple(sorted(set(reasons), key=_in_order))
    known = known or (Reason(HOLDS, "", "", ""),)
    return Pair(one, other, all(each.concept in _ALLOW for each in known), known)


def _in_order(reason: Reason) -> tuple[int, Reason]:
    about = (place for place, word in enumerate(_ORDER) if word in reason.concept)
    return next(about, len(_ORDER)), reason


def _facts(one: Round, terms: Mapping[str, tuple[str, str]]) -> Iterator[Triple]:
    """What the rules ask of a round; what is not known is not said."""
    node, programme = iri(one.iri), iri(one.programme)
    yield node, curie("rdf:type"), PLEDGE["Assessment"]
    yield node, PLEDGE["programme"], programme
    yield node, PLEDGE["asOf"], _typed(one.as_of, "date")
    if one.items is not None:
        yield node, PLEDGE["itemCount"], _typed(str(one.items), "integer")
    for assessor in one.assessors:
        yield node, PLEDGE["assessor"], PLEDGE[assessor]
    if one.scale:
        yield node, PLEDGE["scale"], iri(one.scale.iri)
        if one.scale.construct:
            yield iri(one.scale.iri), PLEDGE["construct"], PLEDGE[one.scale.construct]
    if one.programme in terms:
        start, months = terms[one.programme]
        yield programme, PLEDGE["termStart"], _typed(start, "date")
        yield programme, PLEDGE["termMonths"], _typed(months, "integer")


def _typed(value: str, datatype: str) -> str:
    return f'"{value}"^^{curie(f"xsd:{datatype}")}'
