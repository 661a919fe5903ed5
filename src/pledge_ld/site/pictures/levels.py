"""How many items stand at each level of a scale, in the scale's own order, and how many at none that is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pledge_ld.site.pictures.drawn import Drawn, Picture, place
from pledge_ld.site.views import natural
from pledge_ld.term import PLEDGE, curie

if TYPE_CHECKING:
    from pledge_ld.site.item import Ref, Text
    from pledge_ld.site.pictures.progress import Answers
    from pledge_ld.site.rounds import CountView, Distribution
    from pledge_ld.site.views import Views

_IN_SCHEME = curie("skos:inScheme")


def levels(views: Views, found: Distribution | None, graded: str = "", id_: str = "picture-levels") -> Picture | None:
    """The counts of one thing as bars. ``graded`` is how many items were graded, where somebody says so.

    A level at which the report prints nothing is shown as not printed; where items are counted, as 0.
    """
    if not found or not found.counts:
        return None
    counts = {(one.level.path, one.level.fragment): one for one in found.counts}
    printed = any(one.origin == "Published" for one in found.counts)
    origin = "Published" if printed else "Computed"
    unknown = int(graded) - found.total if graded else 0
    most = float(max(*(one.count for one in found.counts), unknown, 1))
    drawn = []
    for level in _scale(views, found.counts[0].level):
        count = counts.get((level.path, level.fragment))
        figure = str(count.count) if count else "" if printed else "0"
        drawn.append(_row(level.text, figure, most, origin, _path(level), count=count))
    if unknown > 0:
        drawn.append(_row({}, str(unknown), most, ""))
    whole = found.of.path.count("/policy/") == 0
    query = "star_distribution" if whole else "level_counts"
    said = {"total": str(max(found.total, int(graded or 0)))}
    return Picture(id_, "levels", f"levels_{origin}", query, found.as_of, most, tuple(drawn), said, found.unit)


def _row(text: Text, figure: str, most: float, origin: str, path: str = "", *, count: CountView | None = None) -> Drawn:
    thing, id_ = (count.thing, count.id) if count else ("", "")
    return Drawn(path, "", text, figure, place(figure, most), origin=origin, thing=thing, id=id_)


def _path(level: Ref) -> str:
    return f"{level.path}#{level.fragment}"


def _scale(views: Views, level: Ref) -> list[Ref]:
    """All levels of the scale to which the level belongs, the highest first."""
    index = views.index
    scheme = index.one(views.term(_path(level)), _IN_SCHEME) or ""
    found = index.subjects(_IN_SCHEME, scheme)
    return views.refs(sorted(found, key=lambda one: (-int(index.value(one, PLEDGE["order"]) or 0), natural(one))))


def department_levels(views: Views, answers: Answers, department: str, level: Ref | None) -> Picture | None:
    """How the measures that a department shares in are graded: no statement on the department.

    ``level`` is any level of the scale on which they are.
    """
    rows = [one for one in answers["department_measures"] if one["department"] == department]
    counts = {one["level"]: one["items"] for one in rows if one["level"]}
    if not counts or not level:
        return None
    measures = int(rows[0]["measures"])
    unknown = measures - sum(int(one) for one in counts.values())
    most = float(max(unknown, *(int(one) for one in counts.values())))
    scale = _scale(views, level)
    used = [number for number, one in enumerate(scale) if one.number in counts]
    # Of the scale only the part between the highest and the lowest level that is used: most have two or three items.
    part = scale[used[0] : used[-1] + 1] if used else scale
    drawn = [_row(one.text, counts.get(one.number, "0"), most, "Computed", _path(one)) for one in part]
    if unknown > 0:
        drawn.append(_row({}, str(unknown), most, ""))
    said = {"total": str(measures)}
    return Picture("picture-levels", "levels", "department", "department_measures", "", most, tuple(drawn), said)
