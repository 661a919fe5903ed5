"""Counts and mappings of one round → its bands, its distribution, and its policy fields' places inside its scale."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from pledge_ld.compare.cells import Cells, agreed, grouped, local, text
from pledge_ld.compare.model import BANDS, Bands, Counted, Distribution, Field, Level, Mapped, Scale, share

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Counts = dict[str, int]
"""IRI of a level → how many items stand there."""


def scale_of(iri: str, construct: str, says: list[Cells], levels: list[Cells]) -> Scale:
    """A scale with its levels from low to high."""
    by_level = grouped(levels, "level")
    places = {level: agreed(rows, "place")[0] for level, rows in by_level.items()}
    order = sorted(by_level, key=lambda level: (int(places[level] or 0), level))
    found = [
        Level(
            level,
            text(by_level[level], "name"),
            text(by_level[level], "definition"),
            agreed(by_level[level], "at_least")[0],
            agreed(by_level[level], "below")[0],
        )
        for level in order
    ]
    ordered = all(places.values()) and len(set(places.values())) == len(places)
    return Scale(iri, text(says, "scale_title"), text(says, "scale_definition"), construct, tuple(found), ordered)


def counts_of(rows: Iterable[Cells], scale: Scale | None) -> Counts | None:
    """Items at each level of the scale; None where nobody counts them, or the rows disagree."""
    known = {one.iri for one in scale.levels} if scale else set()
    found: Counts = {}
    for level, said in grouped(rows, "level").items():
        count, _ = agreed(said, "count")
        if not count or level not in known:
            return None
        found[level] = int(count)
    return found or None


def distribution(counts: Counts, scale: Scale, items: int | None, origin: str) -> Distribution:
    """The shares of the levels. A level that a publisher leaves out is not printed; one that we count is at 0."""
    total = sum(counts.values())
    of = total if items is None else items
    absent = 0 if origin == "Computed" else None
    found = []
    for level in scale.levels:
        count = counts.get(level.iri, absent)
        found.append(Counted(level, count, "" if count is None else share(count, of)))
    return Distribution(tuple(found), of, items is not None, origin, of - total)


def bands(rows: list[Cells], counts: Counts | None, items: int | None) -> Bands | None:
    """The round in bands by the mapping that counts, or None where there is none or there are several."""
    name, _ = agreed(rows, "set")
    if not name:
        return None
    mapped = []
    for level, said in grouped(rows, "level").items():
        match, _ = agreed(said, "match")
        band, torn = agreed(said, "band")
        sure = local(band) in BANDS and match and not torn
        mapped.append(Mapped(level, local(match), local(band) if sure else "", text(said, "reason")))
    to = {one.level: one for one in mapped}
    totals = dict.fromkeys(BANDS, 0)
    without = unmapped = 0
    for level, count in (counts or {}).items():
        one = to.get(level)
        if one and one.band:
            totals[one.band] += count
        elif one and one.match == "NoMatch":
            without += count
        else:
            unmapped += count
    unreadable = None if items is None or counts is None else items - sum(counts.values())
    return Bands(
        name,
        text(rows, "set_title"),
        text(rows, "author"),
        agreed(rows, "day")[0],
        text(rows, "note"),
        tuple(mapped),
        tuple(totals.items()) if counts else (),
        without,
        unmapped,
        unreadable,
        items if counts else None,
    )


def fields(
    rows: list[Cells], counted: dict[str, list[Cells]], scale: Scale | None, mapping: Bands | None
) -> tuple[tuple[Field, ...], str]:
    """The policy fields, each with its place inside its own scale, and which figure places it.

    Percents where the fields have them. Else, on a scale of delivery, the share done by the mapping: the order of such
    levels may be a mere list. Else the share at the highest level of the scale. No share is taken of a part: where some
    of a field's items have no grade, or a printed table leaves a level out, its figure is not known.
    """
    found = grouped(rows, "field")
    percents = {iri: agreed(said, "percent")[0] for iri, said in found.items()}
    counts = {iri: counts_of(counted.get(iri, ()), scale) for iri in found}
    by = ""
    figures: dict[str, str] = dict.fromkeys(found, "")
    values: dict[str, Fraction | None] = dict.fromkeys(found)
    if any(percents.values()):
        by, figures = "percent", percents
        values = {iri: Fraction(Decimal(one)) if one else None for iri, one in percents.items()}
    elif scale and scale.levels and any(counts.values()):
        delivery = scale.construct == "DeliveryStatus"
        if not delivery and scale.construct and scale.ordered:
            by, wanted, left = "top", {scale.levels[-1].iri}, set()
        elif delivery and mapping and mapping.maps:
            by, wanted = "done", {one.level for one in mapping.mapped if one.band == "Done"}
            left = {one.iri for one in scale.levels} - {
                one.level for one in mapping.mapped if one.band and one.band != "NotAssessed"
            }
        if by:
            whole = {iri: _whole(counts[iri], agreed(said, "items")[0], scale) for iri, said in found.items()}
            shares = {iri: _share(whole[iri], wanted, left) for iri in found}
            values = {iri: Fraction(*one) if one else None for iri, one in shares.items()}
            figures = {iri: f"{one[0]}/{one[1]}" if one else "" for iri, one in shares.items()}
    places = dict(zip(values, ranks(list(values.values())), strict=True))
    made = [
        Field(
            iri,
            agreed(said, "number")[0],
            text(said, "name"),
            percents[iri],
            _listed(counts[iri], scale),
            figures[iri],
            places[iri],
        )
        for iri, said in found.items()
    ]
    return tuple(sorted(made, key=lambda one: _natural(one.iri))), by


def _whole(counts: Counts | None, items: str, scale: Scale) -> Counts | None:
    """The counts, where they are of all items of the field: as many as it has, or else at every level of the scale."""
    if not counts:
        return None
    full = sum(counts.values()) == int(items) if items else all(one.iri in counts for one in scale.levels)
    return counts if full else None


def _share(counts: Counts | None, wanted: set[str], left: set[str]) -> tuple[int, int] | None:
    """How many of a field's items stand at the wanted levels; None where some stand at levels that tell nothing."""
    if not counts or not sum(counts.values()) or any(counts.get(level) for level in left):
        return None
    return sum(counts.get(level, 0) for level in wanted), sum(counts.values())


def ranks(values: Sequence[Fraction | None]) -> list[int | None]:
    """Each value's place, the highest first; equal values share a place.

    >>> ranks([Fraction(1), Fraction(3), None, Fraction(3)])
    [3, 1, None, 1]
    """
    known = [one for one in values if one is not None]
    return [None if one is None else 1 + sum(other > one for other in known) for one in values]


def _listed(counts: Counts | None, scale: Scale | None) -> tuple[tuple[Level, int], ...]:
    return tuple((one, counts[one.iri]) for one in (scale.levels if scale else ()) if counts and one.iri in counts)


def _natural(iri: str) -> tuple[int, str]:
    """A key by which policy/2 stands before policy/10."""
    return len(iri), iri
