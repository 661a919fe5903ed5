"""What a report prints, gathered from all the places that print it; and its stars and dates as figures."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal  # noqa: TC003 - a dataclass field

STARS = 10
"""Characters of a whole star string: a scale of ten steps."""


@dataclass(slots=True)
class Item:
    """A policy, pledge or measure as the report prints it, gathered from all the places that print it."""

    id: str
    number: str
    title: str = ""
    lines: list[int] = field(default_factory=list)
    percent: Decimal | None = None
    stars: str | None = None
    """The star string as printed, its two groups parted by a space."""
    score_lines: list[int] = field(default_factory=list)
    departments: list[str] = field(default_factory=list)
    actions: list[tuple[str, int]] = field(default_factory=list)


@dataclass(slots=True)
class ReportText:
    """All that the report prints, in its own order. ``marks`` says which correction landed in which text."""

    title: str = ""
    as_of: date | None = None
    published: str = ""
    period: tuple[date, date] | None = None
    lines: list[int] = field(default_factory=list)
    stated: dict[str, int] = field(default_factory=dict)
    """How many policies, pledges and measures the report says it has."""
    overall: Decimal | None = None
    overall_line: int = 0
    policies: dict[str, Item] = field(default_factory=dict)
    pledges: dict[str, Item] = field(default_factory=dict)
    measures: dict[str, Item] = field(default_factory=dict)
    marks: dict[int, list[str]] = field(default_factory=dict)


def readable(stars: str) -> int | None:
    """The number of stars, or None where the print is not ★s followed by ☆s, ten in all.

    >>> readable("★★★★★ ★☆☆☆☆"), readable("★★★★★☆ ☆☆☆☆☆")
    (6, None)
    """
    together = stars.replace(" ", "")
    count = together.count("★")
    return count if together == "★" * count + "☆" * (STARS - count) else None


def year(text: str) -> int:
    """The Gregorian year of a Reiwa year.

    >>> year("5"), year("元")
    (2023, 2019)
    """
    return 2018 + (1 if text == "元" else int(text))


def last_day(year_: int, month: int) -> date:
    """The last day of a month."""
    following = date(year_ + month // 12, month % 12 + 1, 1)
    return date.fromordinal(following.toordinal() - 1)
