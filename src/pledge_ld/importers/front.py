"""The report's front page: its period, its dates and how it was graded, as its sentences state them."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from pledge_ld.importers.printed import last_day, year

if TYPE_CHECKING:
    from pledge_ld.importers.printed import ReportText

_PERIOD = re.compile(r"令和(\d+|元)年(\d+)月から令和(\d+|元)年(\d+)月まで")
_PUBLISHED = re.compile(r"令和(\d+|元)年(\d+)月")
_YEAR_END = re.compile(r"令和(\d+|元)年度末")
_COUNTS = {
    "policies": re.compile(r"(\d+)つの基本政策"),
    "pledges": re.compile(r"(\d+)項目"),
    "measures": re.compile(r"(\d+)施策"),
}
_METHOD = ("10段階", "平均して算出")


def stated(line: str, report: ReportText) -> bool:
    """Notes in ``report`` what the line states of the report itself; whether the report stands on this line."""
    if report.as_of is None and (end := _YEAR_END.search(line)):
        report.as_of = last_day(year(end[1]) + 1, 3)
    for kind, pattern in _COUNTS.items():
        if kind not in report.stated and (count := pattern.search(line)):
            report.stated[kind] = int(count[1])
    if found := _PERIOD.search(line):
        first, last = (year(found[1]), int(found[2])), (year(found[3]), int(found[4]))
        report.period = (date(*first, 1), last_day(*last))
        return True
    if not report.published and (whole := _PUBLISHED.fullmatch(line.strip())):
        report.published = f"{year(whole[1])}-{int(whole[2]):02}"
        return True
    return any(words in line for words in _METHOD)
