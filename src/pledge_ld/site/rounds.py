"""What pages say of one assessment: how it was graded, how many items stand at each level, and its tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pledge_ld.site.item import below
from pledge_ld.site.views import Views, local, natural
from pledge_ld.term import PLEDGE, Term, curie, document_of, value_of

if TYPE_CHECKING:
    from pledge_ld.site.item import ItemView, Ref, Text

_WHOLES = ("Programme", "Policy", "Pledge", "Measure")
_PUBLISHER = curie("prov:wasAttributedTo")


@dataclass(frozen=True, slots=True)
class CountView:
    """How many items stand at one level: printed by the report, or computed from the items.

    ``thing`` is the path of the page on which it stands.
    """

    id: str
    thing: str
    level: Ref
    count: int
    origin: str
    lines: list[Ref]
    method: Ref | None


@dataclass(frozen=True, slots=True)
class Distribution:
    """The counts of one thing in one assessment, the highest level first."""

    of: Ref
    report: Ref
    as_of: str
    unit: Text
    counts: list[CountView]

    @property
    def total(self) -> int:
        """The items that are counted."""
        return sum(one.count for one in self.counts)


@dataclass(frozen=True, slots=True)
class Method:
    """How one report came about, as far as its publisher says: what a reader must know before the figures."""

    report: Ref
    as_of: str
    publisher: Text
    publisher_page: str
    by_city: bool
    assessors: list[str]
    unit: Text
    item_count: str
    scale: Ref
    definition: Text
    construct: str
    calculations: list[str]
    roundings: list[tuple[str, str]]


def distributions(views: Views, assessment: Term) -> list[Distribution]:
    """Every count of an assessment, by what is counted: the programme, then its policies."""
    index = views.index
    found: dict[Term, list[Term]] = {}
    for node in index.subjects(PLEDGE["inAssessment"], assessment):
        if index.has_type(node, PLEDGE["LevelCount"]):
            found.setdefault(index.one(node, PLEDGE["countOf"]) or "", []).append(node)
    return [
        Distribution(
            of=views.ref(thing),
            report=views.ref(assessment),
            as_of=index.value(assessment, PLEDGE["asOf"]),
            unit=views.text(assessment, PLEDGE["unitLabel"]),
            counts=[_count(views, one) for one in sorted(found[thing], key=lambda one: _place(views, one))],
        )
        for thing in sorted(found, key=lambda one: natural(one[:-1]))
    ]


def _place(views: Views, node: Term) -> tuple[int, list[tuple[int, str]]]:
    level = views.index.one(node, PLEDGE["level"]) or ""
    return -int(views.index.value(level, PLEDGE["order"]) or 0), natural(node)


def _count(views: Views, node: Term) -> CountView:
    index = views.index
    origin = local(index.value(node, PLEDGE["origin"]))
    method = index.one(node, PLEDGE["method"]) if origin == "Computed" else None
    return CountView(
        id=value_of(node).partition("#")[2],
        thing=views.path(document_of(node)),
        level=views.ref(index.one(node, PLEDGE["level"]) or ""),
        count=int(index.value(node, PLEDGE["count"]) or 0),
        origin=origin,
        lines=views.lines(node),
        method=views.ref(method) if method else None,
    )


def distribution(views: Views, thing: Term) -> Distribution | None:
    """The counts of a thing in the latest assessment that counts its items, or None."""
    index = views.index
    rounds = {index.one(one, PLEDGE["inAssessment"]) or "" for one in index.subjects(PLEDGE["countOf"], thing)}
    if not rounds:
        return None
    latest = max(rounds, key=natural)
    return next(one for one in distributions(views, latest) if one.of == views.ref(thing))


def tables(views: Views, report: Term) -> list[str]:
    """Which of the two tables an assessment fills: the percents of policies and pledges, and what was done."""
    programme = views.item(views.index.one(report, PLEDGE["programme"]) or "")
    as_of = views.index.value(report, PLEDGE["asOf"])
    parts = [one for kind in ("Policy", "Pledge") for one in below(programme, kind)]
    summary = any(_percent(one, as_of) for one in parts)
    return [name for name, there in (("summary", summary), ("detail", bool(below(programme, "Measure")))) if there]


def _percent(item: ItemView, as_of: str) -> bool:
    return any(one.percent and one.as_of == as_of and one.origin == "Published" for one in item.scores)


def method(views: Views, report: Term) -> Method:
    """How the report's figures came about."""
    index = views.index
    scale, publisher = index.one(report, PLEDGE["scale"]) or "", index.one(report, _PUBLISHER) or ""
    return Method(
        report=views.ref(report),
        as_of=index.value(report, PLEDGE["asOf"]),
        publisher=views.text(publisher),
        publisher_page=index.value(publisher, curie("foaf:homepage")),
        by_city=index.has_type(publisher, PLEDGE["Municipality"]),
        assessors=views.assessors(report),
        unit=views.text(report, PLEDGE["unitLabel"]),
        item_count=index.value(report, PLEDGE["itemCount"]),
        scale=views.ref(scale),
        definition=views.text(scale, curie("skos:definition")),
        construct=local(index.value(scale, PLEDGE["construct"])),
        calculations=[local(value_of(one)) for one in index.objects(report, PLEDGE["calculation"])],
        roundings=_roundings(views, report),
    )


def _roundings(views: Views, report: Term) -> list[tuple[str, str]]:
    """How the printed percents of each class were cut off, where it is known."""
    index = views.index
    found = set()
    for score in index.subjects(PLEDGE["inAssessment"], report):
        said = local(index.value(score, PLEDGE["rounding"]))
        printed = index.one(score, PLEDGE["origin"]) == PLEDGE["Published"] and index.value(score, PLEDGE["percent"])
        if said and printed:
            thing = index.one(score, PLEDGE["scoreOf"]) or ""
            found |= {(kind, said) for kind in _WHOLES if index.has_type(thing, PLEDGE[kind])}
    return sorted(found, key=lambda one: _WHOLES.index(one[0]))
