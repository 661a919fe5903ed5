"""What was printed more than once, date by date. Figures of two scales are two pictures, and no line joins them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from pledge_ld.site.pictures.drawn import Drawn, Picture, end_of, place

if TYPE_CHECKING:
    from pledge_ld.site.item import ItemView, Ref
    from pledge_ld.site.pictures.progress import Answers

FEWEST = 2
"""How many dates are a history."""
STARS = 10.0


def histories(answers: Answers, item: ItemView, scales: dict[str, Ref]) -> list[Picture]:
    """The item's pictures, one a scale and unit of which there are two dates. ``scales`` are named by their paths."""
    found: dict[tuple[str, str], list[dict[str, str]]] = {}
    for row in answers["score_history"]:
        if row["thing"] == item.ref.path:
            found.setdefault((row["scale"], row["unit"]), []).append(row)
    series = [(key, rows) for key, rows in sorted(found.items()) if len({one["as_of"] for one in rows}) >= FEWEST]
    return [_picture(number, scales[scale], unit, rows) for number, ((scale, unit), rows) in enumerate(series, 1)]


def _picture(number: int, scale: Ref, unit: str, rows: list[dict[str, str]]) -> Picture:
    most = end_of([one["figure"] for one in rows]) if unit == "percent" else STARS
    days = [date.fromisoformat(one["as_of"]).toordinal() for one in rows]
    # A date stands where it lies in time: two reports three years apart are not drawn like two a year apart.
    drawn = tuple(
        Drawn(
            one["assessment"],
            "",
            {"": one["as_of"]},
            one["figure"],
            place(one["figure"], most),
            mark=round((day - days[0]) * 100 / (days[-1] - days[0]), 2),
        )
        for one, day in zip(rows, days, strict=True)
    )
    said = {"first": rows[0]["as_of"], "last": rows[-1]["as_of"], "n": str(len(rows))}
    name = f"history_{unit}"
    return Picture(f"picture-history-{number}", "history", name, "score_history", "", most, drawn, said, scale.text)
