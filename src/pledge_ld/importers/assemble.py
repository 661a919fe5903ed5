"""What a report prints → records, each row with the lines it stands on."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from pledge_ld.importers.printed import readable
from pledge_ld.problem import Problem
from pledge_ld.record import Action, LineRef, Measure, Note, Pledge, Policy, Report, Score

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pledge_ld.importers.corrections import Correction
    from pledge_ld.importers.printed import Item, ReportText
    from pledge_ld.record import Record

_INTERVAL = re.compile(r"(\d+)\.\.(\d+)")


def records(
    report: ReportText, corrections: tuple[Correction, ...], english: Mapping[str, str], source: str
) -> dict[str, tuple[Record, ...]]:
    """File (below the programme's folder) → its records. ``report`` must have been parsed without problems."""
    as_of = report.as_of.isoformat() if report.as_of else ""
    return {
        "policies.csv": tuple(
            Policy("", 0, item.id, item.number, item.title, english.get(item.title), _refs(item.lines, as_of))
            for item in report.policies.values()
        ),
        "pledges.csv": tuple(
            Pledge(
                "",
                0,
                item.id,
                _parent(item.id),
                item.number,
                item.title,
                english.get(item.title),
                _refs(item.lines, as_of),
            )
            for item in report.pledges.values()
        ),
        "measures.csv": tuple(
            Measure(
                "",
                0,
                item.id,
                _parent(item.id),
                item.number,
                item.title,
                english.get(item.title),
                _refs(item.lines, as_of),
            )
            for item in report.measures.values()
        ),
        f"actions/{as_of}.csv": tuple(
            Action("", 0, item.id, order, text, _refs([line]))
            for item in report.measures.values()
            for order, (text, line) in enumerate(item.actions, 1)
        ),
        f"scores/{as_of}.csv": tuple(_scores(report, corrections)),
        f"notes/{as_of}.csv": tuple(_note(index, one, report) for index, one in enumerate(corrections)),
        f"reports/{as_of}.toml": (_report(report, source),),
    }


def _parent(id_: str) -> str:
    return id_.rpartition("-")[0]


def _refs(lines: list[int], as_of: str = "") -> tuple[LineRef, ...]:
    return tuple(LineRef(as_of, line) for line in dict.fromkeys(lines))


def _scores(report: ReportText, corrections: tuple[Correction, ...]) -> list[Score]:
    found = [_score("programme", report.overall, [report.overall_line])]
    for policy in report.policies.values():
        found.append(_score(f"policy/{policy.id}", policy.percent, policy.score_lines))
        for pledge in report.pledges.values():
            if _parent(pledge.id) != policy.id:
                continue
            found.append(_score(f"pledge/{pledge.id}", pledge.percent, pledge.score_lines, pledge.departments))
            found.extend(
                _measured(item) for item in report.measures.values() if _parent(item.id) == pledge.id and item.stars
            )
    return found + [score for one in corrections for score in _inferred(one)]


def _score(thing: str, percent: Decimal | None, lines: list[int], departments: list[str] | None = None) -> Score:
    return Score(
        "", 0, thing, "published", percent, None, None, None, None, None, tuple(departments or ()), None, _refs(lines)
    )


def _measured(item: Item) -> Score:
    stars = readable(item.stars or "")
    printed = item.stars if stars is None else None
    return Score(
        "",
        0,
        f"measure/{item.id}",
        "published",
        None,
        stars,
        None,
        None,
        None,
        printed,
        tuple(item.departments),
        None,
        _refs(item.score_lines),
    )


def _inferred(one: Correction) -> list[Score]:
    """The figure that a statement about stars adopts: a number of stars, or an interval like 50..70."""
    if one.property != "pledge:stars" or not one.adopted:
        return []
    thing = one.targets[0].partition("#")[0]
    interval = _INTERVAL.fullmatch(one.adopted)
    low, high = (Decimal(interval[1]), Decimal(interval[2])) if interval else (None, None)
    stars = None if interval else int(one.adopted)
    return [Score("", 0, thing, "inferred", None, stars, None, low, high, None, (), None, _refs([one.source_line]))]


def _note(index: int, one: Correction, report: ReportText) -> Note:
    targets = one.targets or tuple(dict.fromkeys(report.marks[index]))
    infers = bool(_inferred(one))
    adopted_thing = f"{one.targets[0].partition('#')[0]}#score-inferred" if infers else None
    return Note(
        "", 0, one.id, one.kind, targets, one.property, one.printed, one.adopted, adopted_thing,
        one.uncertain, one.comment_ja, one.comment_en, _refs([one.source_line]),
    )  # fmt: skip


def _report(report: ReportText, source: str) -> Report:
    start, end = report.period or (None, None)
    fiscal = f"令和{(report.as_of.year - 1 if report.as_of else 0) - 2018}年度末"
    english = f"Progress of the mayor's pledges, end of fiscal year {report.as_of.year - 1 if report.as_of else ''}"
    return Report(
        "", 0, f"{report.title}（{fiscal}）", english, report.published, None, None, None, start, end, "ten-step",
        ("department",), "measure", "施策", "measure", len(report.measures), source, _refs(report.lines),
    )  # fmt: skip


def stated_wrongly(corrections: tuple[Correction, ...], report: ReportText) -> list[Problem]:
    """Statements about things the report does not print, or with a figure that cannot be read."""
    kinds = (("policy", report.policies), ("pledge", report.pledges), ("measure", report.measures))
    known = {f"{kind}/{id_}" for kind, items in kinds for id_ in items} | {"programme"}
    return [problem for one in corrections for problem in _stated_wrongly(one, known)]


def _stated_wrongly(one: Correction, known: set[str]) -> Iterator[Problem]:
    for target in one.targets:
        if (thing := target.partition("#")[0]) not in known:
            expected, ja = "a thing that the report prints", "報告書にあるもの"
            yield Problem(one.path, one.line, "column 'targets'", expected, thing, "correction", ja)
    figure = one.property == "pledge:stars" and one.adopted
    if one.targets and figure and not (_INTERVAL.fullmatch(one.adopted or "") or (one.adopted or "").isdecimal()):
        expected, ja = "a number of stars, or an interval like 50..70", "星の数、または 50..70 のような区間"
        yield Problem(one.path, one.line, "column 'adopted'", expected, one.adopted or "", "correction", ja)
