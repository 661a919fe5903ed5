"""What a record is: a row or a TOML file whose fields are columns, and where it stands."""

from __future__ import annotations

from dataclasses import Field, dataclass, field, fields
from decimal import Decimal  # noqa: TC003 - a NamedTuple's fields are read at run time
from typing import Any, ClassVar, NamedTuple


class LineRef(NamedTuple):
    """A line of a report's text; ``as_of`` is empty in files that belong to one report."""

    as_of: str
    line: int

    def __str__(self) -> str:
        """The cell's text: ``L43``, or ``2024-03-31#L43`` in files that serve several reports."""
        return f"{self.as_of}#L{self.line}" if self.as_of else f"L{self.line}"


Source = LineRef | str
"""What a record stands on: a line of a report's text, or an address where there is no text to point into."""


class Box(NamedTuple):
    """An extent in degrees of WGS 84, as GeoJSON orders it. None crosses the 180th meridian."""

    west: Decimal
    south: Decimal
    east: Decimal
    north: Decimal


class Point(NamedTuple):
    """A place in degrees of WGS 84, as GeoJSON orders it."""

    longitude: Decimal
    latitude: Decimal


class Column(NamedTuple):
    """What one cell holds: its kind (`pledge_ld.read.PARSERS`), whether it may be empty, its property, its meaning."""

    name: str
    kind: str
    required: bool
    property: str
    en: str
    ja: str
    choices: tuple[str, ...]
    later: bool = False
    """Whether files may lack it, because they were written before there was such a column."""


def column(kind: str, property_: str, en: str, ja: str, *, choices: tuple[str, ...] = (), required: bool = True) -> Any:
    """A dataclass field that is a column. ``property_`` is where problems of that property land ("" for none)."""
    return field(metadata={"column": (kind, required, property_, en, ja, choices, False)})


def optional(kind: str, property_: str, en: str, ja: str, *, choices: tuple[str, ...] = ()) -> Any:
    """A column that may be empty."""
    return column(kind, property_, en, ja, choices=choices, required=False)


def later(kind: str, property_: str, en: str, ja: str, *, choices: tuple[str, ...] = ()) -> Any:
    """A column that may be empty and that a file may lack: it was added when there were files already."""
    return field(metadata={"column": (kind, False, property_, en, ja, choices, True)})


def cell(value: Any) -> str:
    """A value as the text of a cell.

    >>> cell(None), cell(True), cell(("a", "b"))
    ('', 'true', 'a;b')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)) and not isinstance(value, LineRef):
        return ";".join(cell(one) for one in value)
    return str(value)


@dataclass(frozen=True, slots=True)
class Record:
    """A row or a TOML file, and where it stands."""

    file: ClassVar[str] = ""
    key: ClassVar[tuple[str, ...]] = ("id",)

    path: str
    line: int
    key_lines: tuple[tuple[str, int], ...] = field(default=(), kw_only=True, compare=False)
    """In a TOML file, the line of each key."""

    @classmethod
    def columns(cls) -> tuple[Column, ...]:
        """The columns in the order of the file."""
        return tuple(_column(one) for one in fields(cls) if "column" in one.metadata)


def _column(one: Field[Any]) -> Column:
    kind, required, property_, en, ja, choices, may_lack = one.metadata["column"]
    return Column(one.name, kind, required, property_, en, ja, choices, may_lack)
