"""The right-hand cells of a row: a percent, departments and star strings, each told by what it is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pledge_ld.importers.corrections import unmark
from pledge_ld.importers.layout import blocks

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

PERCENT = re.compile(r"\d+(?:\.\d+)?")
_STARS = re.compile(r"[★☆]+")


class Right:
    """What a row's right-hand cells hold. ``unknown`` are words that are no department of the city."""

    def __init__(self, cells: Iterable[str], departments: Mapping[str, str]) -> None:
        self.percent: str | None = None
        self.departments: list[str] = []
        self.unknown: list[str] = []
        self.groups: list[str] = []
        for cell in cells:
            for block in blocks(cell):
                for token in unmark(block.text)[0].split():
                    self._take(token, departments)

    def _take(self, token: str, departments: Mapping[str, str]) -> None:
        name = token.removeprefix("・")
        if _STARS.fullmatch(token):
            self.groups.append(token)
        elif PERCENT.fullmatch(token) and self.percent is None and not self.groups:
            self.percent = token
        elif name in departments:
            self.departments.append(departments[name])
        else:
            self.unknown.append(name)

    @property
    def stars(self) -> list[str]:
        """The star strings: every string is printed as two groups."""
        return [f"{one} {two}" for one, two in zip(self.groups[::2], self.groups[1::2], strict=False)]
