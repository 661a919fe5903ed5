"""Departments and policies: how many measures of each policy each department is responsible for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pledge_ld.site.pictures.drawn import Picture
from pledge_ld.site.pictures.progress import text_of
from pledge_ld.site.views import natural

if TYPE_CHECKING:
    from pledge_ld.site.item import Text
    from pledge_ld.site.pictures.progress import Answers

SHADES = 5
"""How many shades there are above none."""


@dataclass(frozen=True, slots=True)
class Heat:
    """A department's row: its page, its name, and for each policy how many measures, and which shade that is."""

    path: str
    text: Text
    cells: tuple[tuple[int, int], ...]


def responsible(answers: Answers) -> Picture | None:
    """The map of departments, in the order of their readings, and policies; None where no measure names one."""
    rows = answers["department_policies"]
    if not rows:
        return None
    policies = {one["policy"]: (one["policy"], one["number"], text_of(one)) for one in rows}
    columns = sorted(policies, key=natural)
    most = max(int(one["measures"]) for one in rows)
    found: dict[str, dict[str, int]] = {}
    for one in rows:
        found.setdefault(one["department"], {})[one["policy"]] = int(one["measures"])
    names = {one["department"]: text_of(one, "name") for one in rows}
    drawn = tuple(
        Heat(path, names[path], tuple((counts.get(each, 0), shade(counts.get(each, 0), most)) for each in columns))
        for path, counts in found.items()
    )
    head = [policies[one] for one in columns]
    said = {"departments": str(len(drawn)), "most": str(most)}
    return Picture(
        "picture-departments", "heat", "departments", "department_policies", "", float(most), (head, drawn), said
    )


def shade(count: int, most: int) -> int:
    """Which of the shades a count has: 0 for none alone, the last for the most.

    >>> [shade(count, 9) for count in (0, 1, 5, 9)]
    [0, 1, 3, 5]
    """
    return -(-count * SHADES // most) if most else 0
