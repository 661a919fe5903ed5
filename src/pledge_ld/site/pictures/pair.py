"""The two figures of a pair that may be compared, and nothing else: no third city, and no order of better or worse."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pledge_ld.compare import share
from pledge_ld.site.pictures.drawn import Drawn, Picture, end_of, place

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pledge_ld.compare import Round
    from pledge_ld.site.item import Text


def pair(rounds: Sequence[tuple[Round, Text]], id_: str, base: str) -> Picture | None:
    """Two rounds with the names of their cities, in the order of the pair.

    Both print a percent, or of both it is known which share of the items is done; otherwise there is no picture. Ask
    only for a pair that the rules allow.
    """
    for name, query, origin, figures in (
        ("pair_percent", "overall_progress", "Published", [one.percent for one, _ in rounds]),
        ("pair_done", "comparison_bands", "Computed", [_done(one) for one, _ in rounds]),
    ):
        if all(figures):
            most = end_of(figures)
            rows = tuple(
                Drawn(_path(one.iri, base), "", _named(city, one.as_of), figure, place(figure, most), origin=origin)
                for (one, city), figure in zip(rounds, figures, strict=True)
            )
            return Picture(id_, "bars", name, query, "", most, rows, {})
    return None


def _done(one: Round) -> str:
    """The share of the items that are done, where it is one figure; what may lie between two is not drawn as a bar."""
    found = one.bands.figure("Done") if one.bands else None
    return share(found[0], found[2]) if found and found[0] == found[1] else ""


def _path(iri: str, base: str) -> str:
    return iri.removeprefix(base) if iri.startswith(base) else ""


def _named(city: Text, as_of: str) -> Text:
    return {language: f"{text} {as_of}" for language, text in city.items()}
