"""Progress: of policies, of pledges with the interval that their measures allow, and beside the term elapsed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pledge_ld.site.pictures.drawn import Drawn, Picture, end_of, place
from pledge_ld.term import value_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pledge_ld.query import Answer
    from pledge_ld.site.item import ItemView, Text

Rows = list[dict[str, str]]
Answers = dict[str, Rows]

ASKED = (
    "department_measures", "department_policies", "measure_progress", "pledge_progress", "policy_progress",
    "score_history", "term_progress",
)  # fmt: skip
"""The saved queries whose answers about a city are drawn."""


def told(answers: Mapping[str, Answer], base: str) -> Answers:
    """The answers as texts by variable, IRIs below the base as paths; what is not bound is ""."""
    return {
        name: [
            {
                key: value_of(term).removeprefix(base) if term else ""
                for key, term in zip(answer.names, row, strict=True)
            }
            for row in answer.rows
        ]
        for name, answer in answers.items()
    }


def text_of(row: dict[str, str], name: str = "title") -> Text:
    """A title in the languages that it has."""
    found = {"ja": row[name], "en": row[f"{name}_en"]}
    return {language: text for language, text in found.items() if text}


def latest(rows: Rows) -> Rows:
    """The rows of the latest date."""
    day = max((one["as_of"] for one in rows), default="")
    return [one for one in rows if one["as_of"] == day]


def _of(rows: Rows, key: str, items: Sequence[ItemView]) -> Rows:
    """The latest rows about the items, in the order of the items."""
    place_of = {one.ref.path: number for number, one in enumerate(items)}
    return sorted(latest([one for one in rows if one[key] in place_of]), key=lambda one: place_of[one[key]])


def _explained(items: Sequence[ItemView], *, printed: bool = True) -> dict[str, str]:
    """By the item's path: the anchor on its page of the figure that is printed, or of the one that counts."""
    found = ((one.ref.path, one.printed if printed else one.adopted) for one in items)
    return {path: score.id for path, score in found if score}


def _interval(one: dict[str, str], most: float) -> tuple[str, str, float | None, float | None]:
    """From where to where the figure may be, and both on the axis; what has no upper end goes to the axis' own."""
    low, high = place(one["at_least"], most), place(one["below"], most)
    return one["at_least"], one["below"], low, 100.0 if high is None and low is not None else high


def policies(answers: Answers, items: Sequence[ItemView], id_: str = "picture-policies") -> Picture | None:
    """The report's own chart: the percent printed for each policy, and the mark of what is recomputed."""
    rows = _of(answers["policy_progress"], "policy", items)
    if not rows:
        return None
    most = end_of([figure for one in rows for figure in (one["printed"], one["recomputed"])])
    ids = _explained(items)
    drawn = tuple(
        Drawn(
            one["policy"],
            one["number"],
            text_of(one),
            one["printed"],
            place(one["printed"], most),
            recomputed=one["recomputed"],
            mark=place(one["recomputed"], most),
            thing=one["policy"],
            id=ids.get(one["policy"], ""),
        )
        for one in rows
    )
    return Picture(id_, "bars", "policies", "policy_progress", rows[0]["as_of"], most, drawn, {})


def pledges(answers: Answers, items: Sequence[ItemView]) -> Picture | None:
    """The pledges as a strip: the percent printed for each, and the interval that its measures allow."""
    rows = [one for one in _of(answers["pledge_progress"], "pledge", items) if one["printed"]]
    if not rows:
        return None
    most = end_of([figure for one in rows for figure in (one["printed"], one["below"])])
    ids = _explained(items)
    found = {one.ref.path: one for one in items}
    drawn = tuple(
        Drawn(
            one["pledge"],
            one["number"],
            text_of(one),
            one["printed"],
            place(one["printed"], most),
            *_interval(one, most),
            uncertain=item.doubtful(item.printed),
            thing=one["pledge"],
            id=ids.get(one["pledge"], ""),
        )
        for one, item in ((one, found[one["pledge"]]) for one in rows)
    )
    return Picture("picture-pledges", "strip", "pledges", "pledge_progress", rows[0]["as_of"], most, drawn, {})


def measures(answers: Answers, items: Sequence[ItemView]) -> Picture | None:
    """The measures as a strip: the interval that the figure of each stands for, and what is printed but not read."""
    rows = [one for one in _of(answers["measure_progress"], "measure", items) if one["at_least"] or one["printed"]]
    if not rows:
        return None
    most = end_of([one["below"] for one in rows])
    ids = _explained(items, printed=False)
    found = {one.ref.path: (one, one.adopted) for one in items}
    drawn = tuple(
        Drawn(
            one["measure"],
            one["number"],
            text_of(one),
            one["stars"],
            None,
            *_interval(one, most),
            origin=one["origin"],
            print=one["printed"],
            uncertain=item.doubtful(grade),
            interval_origin=grade.interval_origin if grade else "",
            interval_shown=grade.interval_shown if grade else one["origin"],
            thing=one["measure"],
            id=ids.get(one["measure"], ""),
        )
        for one, (item, grade) in ((one, found[one["measure"]]) for one in rows)
    )
    return Picture("picture-measures", "strip", "measures", "measure_progress", rows[0]["as_of"], most, drawn, {})


def term(answers: Answers, programme: ItemView, id_: str = "picture-term") -> Picture | None:
    """The share of the term elapsed, and beside it the overall progress that is printed.

    None where nothing is assessed. Where the term is not known there is no row: the template says so. What measures
    something else than completion is not drawn on the same axis.
    """
    rows = latest([one for one in answers["term_progress"] if one["programme"] == programme.ref.path])
    if not rows:
        return None
    one = rows[0]
    said = {name: one[name] for name in ("month", "months", "elapsed", "printed")}
    drawn = []
    if one["elapsed"]:
        # A share of months is no score: its query explains it.
        drawn.append(Drawn("", "", {}, one["elapsed"], place(one["elapsed"], 100.0), origin="Computed"))
        if one["printed"] and one["construct"] == "DegreeOfCompletion":
            anchor = programme.printed.id if programme.printed else ""
            printed = place(one["printed"], 100.0)
            drawn.append(Drawn("", "", {}, one["printed"], printed, thing=programme.ref.path, id=anchor))
    return Picture(id_, "term", "term", "term_progress", one["as_of"], 100.0, tuple(drawn), said)
