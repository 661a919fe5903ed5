"""What a comparison is made of: plain data, so that a page can be told to be the same as before.

Figures of two cities stand side by side here and are never subtracted, divided or ranked.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

Text = dict[str, str]
"""Language → text; without a language that nobody wrote."""

BANDS = ("Done", "UnderWay", "NotBegunOrDropped", "NotAssessed")
"""The common bands, by their local names in the ontology."""


def share(count: int, of: int, places: str = "0.1", unit: int = 100) -> str:
    """A share in percent, rounded half up.

    >>> share(49, 50), share(21, 48, "0.01", 1), share(1, 3)
    ('98.0', '0.44', '33.3')
    """
    return str((Decimal(count * unit) / Decimal(of)).quantize(Decimal(places), ROUND_HALF_UP)) if of else ""


@dataclass(frozen=True, slots=True)
class Level:
    """A level of a scale, as its publisher names and defines it."""

    iri: str
    name: Text
    definition: Text
    at_least: str
    below: str


@dataclass(frozen=True, slots=True)
class Scale:
    """A publisher's own scale; ``construct`` is "" where what it measures is not known. Levels from low to high.

    ``ordered`` is false where two levels share a place, so that none of them is known to be the highest.
    """

    iri: str
    title: Text
    definition: Text
    construct: str
    levels: tuple[Level, ...]
    ordered: bool


@dataclass(frozen=True, slots=True)
class Mapped:
    """A level and the band it was mapped to, or "" where it maps to none or the sources disagree on it."""

    level: str
    match: str
    band: str
    reason: Text


@dataclass(frozen=True, slots=True)
class Bands:
    """How many items fall into each band by the mapping that counts.

    ``items`` is None where nobody says how many were graded: then there are counts, but no share of anything.
    ``without`` counts items at levels that were judged to fit no band, ``unmapped`` those at levels of which nobody has
    judged, and ``unreadable`` items of which no level is known.
    """

    set: str
    title: Text
    author: Text
    day: str
    note: Text
    mapped: tuple[Mapped, ...]
    counts: tuple[tuple[str, int], ...]
    without: int
    unmapped: int
    unreadable: int | None
    items: int | None

    @property
    def maps(self) -> bool:
        """Whether any level of the scale maps to a band."""
        return any(one.band for one in self.mapped)

    def figure(self, band: str) -> tuple[int, int, int] | None:
        """Fewest and most items in the band, of how many.

        What cannot be read, was not assessed, or stands at a level of which nobody has judged may belong to any band.
        What stands at a level that fits none may not: the mapping has looked at it.
        """
        if not self.items or self.unreadable is None or not self.maps or band == "NotAssessed":
            return None
        found = dict(self.counts)
        low = found.get(band, 0)
        return low, low + self.unreadable + self.unmapped + found.get("NotAssessed", 0), self.items


@dataclass(frozen=True, slots=True)
class Counted:
    """Items at a level; None where the publisher prints the other levels and not this one."""

    level: Level
    count: int | None
    share: str


@dataclass(frozen=True, slots=True)
class Distribution:
    """Items at each level of the scale, as shares of ``of``.

    That is the number of items graded, or of those counted where ``known`` is false: then nobody says how many were.
    """

    counts: tuple[Counted, ...]
    of: int
    known: bool
    origin: str
    unreadable: int


@dataclass(frozen=True, slots=True)
class Field:
    """A policy field with the figure that ranks it inside its own city, and its place there, if it has one."""

    iri: str
    number: str
    name: Text
    percent: str
    counts: tuple[tuple[Level, int], ...]
    figure: str
    rank: int | None


@dataclass(frozen=True, slots=True)
class Round:
    """A round of grading, in its four layers.

    ``unknown`` names the facts about which the sources disagree. ``ranked_by`` says which figure ranks the fields:
    percent, done (share done), top (share at the highest level), or "" where nothing does.
    """

    iri: str
    title: Text
    as_of: str
    city: str
    programme: str
    programme_title: Text
    unit: Text
    items: int | None
    months: tuple[int, int] | None
    scale: Scale | None
    assessors: tuple[str, ...]
    calculations: tuple[str, ...]
    roundings: tuple[tuple[str, str], ...]
    percent: str
    unknown: tuple[str, ...]
    bands: Bands | None
    distribution: Distribution | None
    fields: tuple[Field, ...]
    ranked_by: str

    @property
    def construct(self) -> str:
        """What the scale measures, or ""."""
        return self.scale.construct if self.scale else ""

    @property
    def index(self) -> str:
        """The within-city index, 0 to 1: the published percent of a scale of completion, else ""."""
        if self.construct != "DegreeOfCompletion" or not self.percent or not 0 <= Decimal(self.percent) <= 100:  # noqa: PLR2004 - per cent
            return ""
        return format((Decimal(self.percent) / 100).normalize(), "f")

    @property
    def elapsed(self) -> str:
        """The share of the term elapsed, or ""."""
        return share(*self.months, "0.01", 1) if self.months else ""


@dataclass(frozen=True, slots=True)
class City:
    """A city with the latest round of each programme, and the earlier ones."""

    iri: str
    code: str
    name: Text
    latest: tuple[Round, ...]
    earlier: tuple[Round, ...]


@dataclass(frozen=True, slots=True, order=True)
class Reason:
    """Why a comparison is allowed or refused: a concept's local name, the two figures, and their limit."""

    concept: str
    one_figure: str
    other_figure: str
    threshold: str


@dataclass(frozen=True, slots=True)
class Pair:
    """Two rounds, whether they may be compared, and every reason."""

    one: Round
    other: Round
    allowed: bool
    reasons: tuple[Reason, ...]

    @property
    def over_time(self) -> bool:
        """Whether it is one programme at two times."""
        return self.one.programme == self.other.programme


@dataclass(frozen=True, slots=True)
class Comparison:
    """Cities in the order of their codes, and every pair of their rounds.

    ``limits`` are the thresholds of the rules; ``left_out`` the rounds of which no city, programme or day is known.
    """

    cities: tuple[City, ...]
    pairs: tuple[Pair, ...]
    limits: dict[str, str]
    left_out: tuple[str, ...]

    def rounds(self) -> Iterator[Round]:
        """Every round, city by city."""
        for city in self.cities:
            yield from (*city.latest, *city.earlier)

    def between(self) -> tuple[Pair, ...]:
        """The pairs of different programmes."""
        return tuple(one for one in self.pairs if not one.over_time)

    def again(self) -> tuple[Pair, ...]:
        """The pairs of one programme at two times."""
        return tuple(one for one in self.pairs if one.over_time)

    def name_of(self, round_: Round) -> Text:
        """The name of the round's city."""
        return next(one.name for one in self.cities if one.iri == round_.city)


def months_begun(start: str, as_of: str, length: int) -> tuple[int, int] | None:
    """Months of the term begun, as the rules count them, and its length; None for a time before the term.

    >>> months_begun("2022-07-07", "2024-03-31", 48), months_begun("2022-07-07", "2022-06-30", 48)
    ((21, 48), None)
    """
    begun = (int(as_of[:4]) - int(start[:4])) * 12 + int(as_of[5:7]) - int(start[5:7]) + 1
    return (min(begun, length), length) if begun > 0 else None
