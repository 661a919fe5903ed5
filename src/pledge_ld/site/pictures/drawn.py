"""What a picture is made of, and the one linear scale that all pictures share."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pledge_ld.site.item import Text

WIDTH = 42
"""How wide a line of a label may be, in half-width letters: what stands in 275 pixels at 13 pixels a letter."""
LINES = 2
"""How many lines a label may take; its whole text stands in the table below the picture."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """One row of a picture. Figures are texts as the query answers them; "" where there is none.

    ``at``, ``low`` and ``high`` are places on the axis in percent of its length, or None. ``origin`` is Published,
    Computed or Inferred, or "" where nothing is known. ``print`` is what is printed and cannot be read as a figure.
    """

    path: str
    number: str
    text: Text
    figure: str
    at: float | None
    at_least: str = ""
    below: str = ""
    low: float | None = None
    high: float | None = None
    origin: str = "Published"
    recomputed: str = ""
    mark: float | None = None
    print: str = ""
    uncertain: bool = False
    interval_origin: str = ""
    """Who says from where to where a grade reaches; "" where the interval is no grade's."""
    interval_shown: str = "Computed"
    """As what the interval is drawn."""
    thing: str = ""
    id: str = ""
    """On which page, and at which anchor there, the figure explains itself; "" where it has no node of its own."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture: its anchor, its kind (the template that draws it), its rows, and the saved query that answers them.

    ``name`` begins the keys of its title and its lead in the locales; ``most`` is where its axis ends. ``said`` fills
    the fields of these texts. ``about`` names what it shows a part of, where a page has several.
    """

    id: str
    kind: str
    name: str
    query: str
    as_of: str
    most: float
    rows: tuple[Any, ...]
    said: dict[str, str]
    about: Text | None = None


def place(figure: str, most: float) -> float | None:
    """Where a figure stands on an axis from 0 to ``most``, in percent of its length; None for no figure.

    >>> place("30", 60), place("", 60), place("-1", 60), place("61", 60)
    (50.0, None, 0.0, 100.0)
    """
    if not figure:
        return None
    return round(min(max(float(figure) * 100 / most, 0.0), 100.0), 2) if most else 0.0


def end_of(figures: list[str]) -> float:
    """Where an axis of percents ends: 100, or the next full fifty where attainment passes it.

    >>> end_of(["54", ""]), end_of(["117.5"])
    (100.0, 150.0)
    """
    most = max((float(one) for one in figures if one), default=0.0)
    return 100.0 if most <= 100 else float(-(-most // 50) * 50)  # noqa: PLR2004 - per cent, in steps of half of it


@lru_cache(4096)
def lines_of(text: str, width: int = WIDTH, most: int = LINES) -> tuple[str, ...]:
    """A label in lines, broken at spaces where there are any; what does not fit ends in an ellipsis.

    >>> lines_of("a town for all", 8)
    ('a town', 'for all')
    >>> lines_of("子どもが育つまち", 8, 1)
    ('子どもが…',)
    """
    lines = [""]
    for word in _words(text):
        if lines[-1] and _wide(lines[-1] + word.rstrip()) > width:
            lines.append("")
        lines[-1] += word.lstrip() if not lines[-1] else word
    lines = [one.rstrip() for one in lines]
    if len(lines) > most:
        lines = [*lines[: most - 1], lines[most - 1] + "…"]
    return tuple(lines)


def _words(text: str) -> list[str]:
    """What must not be broken: Latin words with the space behind them, and single letters of Japanese.

    A word too long for any line is broken all the same.
    """
    words: list[str] = []
    for letter in text:
        joins = words and _wide(letter) == 1 and words[-1][-1] != " " and _wide(words[-1][-1]) == 1
        if words and (letter in _NOT_FIRST or (joins and len(words[-1]) < WIDTH) or (letter == " " and joins)):
            words[-1] += letter
        else:
            words.append(letter)
    return words


_NOT_FIRST = " 、。,.!?！？）)」』・ー々"
"""What must not begin a line."""


def _wide(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(one) in "WFA" else 1 for one in text)
