"""A page, before it is HTML."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pledge_ld.site.item import Ref, Text
    from pledge_ld.site.reuse import EditionView


@dataclass(frozen=True, slots=True)
class Page:
    """A page in all languages: where it stands, its template, its title, and what the template shows.

    ``data`` is plain (dataclasses, lists, texts, numbers), so that two pages can be told to be the same. ``document``
    is the path of its Turtle and JSON-LD where it has them; ``aliases`` are further places for the same page (a
    folder's index).
    """

    path: str
    template: str
    title: Text
    data: dict[str, Any]
    document: str = ""
    aliases: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class CityHead:
    """What every page of a city says of it: its name, whose reports were processed, and the edition to cite."""

    ref: Ref
    rights: Text
    edition: EditionView | None
