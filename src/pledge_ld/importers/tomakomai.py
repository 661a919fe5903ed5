"""Tomakomai's report on the mayor's pledges (市長公約の取組状況) as text → records.

Three page layouts, HTML inside tabular lines, two tables that print the same figures. Nothing is repaired here:
damage that corrections.csv does not state is a problem that names its line.
"""

from __future__ import annotations

import re
from decimal import Decimal

from pledge_ld.importers.corrections import mark, unmark
from pledge_ld.importers.front import stated
from pledge_ld.importers.gather import Gatherer
from pledge_ld.importers.layout import (
    LAYOUTS,
    SUMMARY_HEADER,
    Block,
    Layout,
    blocks,
    broken,
    header_row,
    plain,
    roman,
)
from pledge_ld.importers.printed import STARS, Item, ReportText, readable
from pledge_ld.importers.right import PERCENT, Right
from pledge_ld.problem import Problem

_NUMBERED = re.compile(r"(\d+)\s+(.+)", re.DOTALL)
_POLICY = re.compile(r"政策\s*([IVXⅠ-Ⅻ]+)\s+(.+)", re.DOTALL)
_SUMMARY_POLICY = re.compile(r"([IVXⅠ-Ⅻ]+)\s+(.+)", re.DOTALL)
_LEGEND = re.compile(r"基本政策([IVXⅠ-Ⅻ]+)[：:](.+)")


class Parser(Gatherer):
    """Reads a report's lines one after the other; every problem names its line."""

    layout: Layout | None = None
    section = "front"

    def parse(self, lines: list[str]) -> ReportText:
        """Everything the lines print."""
        header: list[tuple[str, ...]] = []
        for self.line, raw in enumerate(lines, 1):
            line = mark(raw, self.line, self.repairs.pop(self.line, ()), self.problems)
            row = header_row(line)
            if row is not None:
                header.append(row)
                continue
            if header:
                self._header(tuple(header))
                header = []
            if line.strip():
                self._row(line)
        for _, one in (each for left in self.repairs.values() for each in left):
            expected, got = f"a line from 1 to {len(lines)}", str(one.source_line)
            problem = Problem(
                one.path, one.line, "column 'source_line'", expected, got, "correction", "報告書にある行番号"
            )
            self.problems.append(problem)
        self.complete()
        return self.report

    def _row(self, line: str) -> None:
        if "\t" in line and (wrong := broken(line)):
            self.problem(
                "row", "markup that is opened and closed in order", wrong, "report-layout", "正しく閉じられたタグ"
            )
            return
        if self.section == "front":
            self._front(line)
        elif "\t" not in line:
            self._between(line)
        elif self.section == "summary":
            self._summary(line)
        elif self.layout:
            self._detail(line, self.layout)

    def _header(self, header: tuple[tuple[str, ...], ...]) -> None:
        if header == SUMMARY_HEADER:
            self.section = "summary"
            return
        if self.section != "detail":
            # The detail table begins again at policy Ⅰ.
            self.section, self.policy, self.pledge = "detail", 0, 0
        self.layout = LAYOUTS.get(header)
        if self.layout is None:
            got = " / ".join("|".join(row) for row in header)
            self.line -= 1
            self.problem(
                "table header",
                "the header of a page layout that this import knows",
                got,
                "report-layout",
                "この取り込みが知っている表の見出し",
            )
            self.line += 1

    def _front(self, line: str) -> None:
        if line.startswith("# ") and not self.report.title:
            self.report.title = self.text(line[2:], "programme")
            self.report.lines.append(self.line)
        elif stated(line, self.report):
            self.report.lines.append(self.line)

    def _between(self, line: str) -> None:
        """Headings, and the chart's legend, which prints the policies' titles a third time."""
        text = line.strip()
        if found := _LEGEND.fullmatch(text):
            number = roman(unmark(found[1])[0])
            if number is not None and str(number) in self.report.policies:
                self.titled(self.report.policies[str(number)], found[2], f"policy/{number}")
                return
        if not text.startswith(("#", "■")):
            self.problem(
                "row",
                "a table row, a heading or the chart's legend",
                text,
                "report-layout",
                "表の行、見出し、または図の凡例",
            )

    def _summary(self, line: str) -> None:
        cells = [plain(cell) for cell in line.split("\t")]
        if len(cells) != 2:  # noqa: PLR2004 - title and percent
            self.problem("row", "2 cells", f"{len(cells)} cells", "report-layout", "2個のセル")
            return
        title, percent = cells
        if re.sub(r"\s", "", title) == "全体":
            if PERCENT.fullmatch(percent):
                self.report.overall, self.report.overall_line = Decimal(percent), self.line
            else:
                self.problem("進捗状況", "a percentage", percent, "report-figure", "パーセントの数値")
        elif found := _NUMBERED.fullmatch(title):
            self.pledge_item(int(found[1]), found[2], percent)
        elif found := _SUMMARY_POLICY.fullmatch(title):
            self.policy_row(found[1], found[2], percent)
        else:
            self.problem(
                "row", "a policy, a pledge or 全体", title, "report-layout", "基本政策、公約、または「全体」の行"
            )

    def _detail(self, line: str, layout: Layout) -> None:
        cells = line.split("\t")
        if len(cells) != len(layout.roles):
            self.problem(
                "row",
                f"{len(layout.roles)} cells (layout '{layout.name}')",
                f"{len(cells)} cells",
                "report-layout",
                f"{len(layout.roles)}個のセル",
            )
            return
        by_role: dict[str, list[str]] = {}
        for role, cell in zip(layout.roles, cells, strict=True):
            by_role.setdefault(role, []).append(cell)
        number = plain(by_role.get("number", [""])[0])
        body = list(blocks(by_role["body"][0]))
        actions = [block for cell in by_role.get("actions", ()) for block in blocks(cell)]
        right = self._cells(by_role["right"])
        if not body:
            self.problem(
                "row", "a policy, a pledge or a measure", plain(line), "report-layout", "基本政策、公約、または施策の行"
            )
            return
        head = f"{number} {body[0].text}".strip()
        if found := _POLICY.fullmatch(head):
            self.policy_row(found[1], found[2], right.percent or "")
            self._no_more(body[1:] + actions)
            self._only_percent(right)
        elif (found := _NUMBERED.fullmatch(head)) and body[0].level == 0:
            self._pledge_row(int(found[1]), found[2], body[1:], actions, right)
        elif number:
            self.problem(
                "row",
                "a number, 政策 and a numeral, or nothing before a measure",
                number,
                "report-layout",
                "番号、「政策」と数字、または空",
            )
        else:
            measure = self.measure_item(body[0])
            self.actions(measure, body[1:] + actions)
            if right.percent is not None:
                self.problem(
                    "進捗状況",
                    "stars for a measure, no percentage",
                    right.percent,
                    "report-layout",
                    "施策の星の表記(パーセントではない)",
                )
            self._right([measure], right)

    def _cells(self, cells: list[str]) -> Right:
        right = Right(cells, self.departments)
        for name in right.unknown:
            expected, ja = "a name_ja of departments.csv", "departments.csv にある部署名"
            self.problem("担当部署", expected, name, "report-department", ja)
        if len(right.groups) % 2:
            expected, got = "star strings of two groups each", " ".join(right.groups)
            self.problem("★", expected, got, "report-figure", "二つの組からなる星の表記")
        return right

    def _only_percent(self, right: Right) -> None:
        if right.departments or right.stars:
            got = " ".join([*right.departments, *right.stars])
            self.problem("進捗状況", "a percentage alone", got, "report-layout", "パーセントの数値だけ")

    def _no_more(self, rest: list[Block]) -> None:
        if rest:
            self.problem("row", "nothing after the title", rest[0].text, "report-layout", "名称だけの行")

    def _pledge_row(self, number: int, title: str, rest: list[Block], actions: list[Block], right: Right) -> None:
        pledge = self.pledge_item(number, title, right.percent)
        measures: list[Item] = []
        for block in rest:
            if block.level == 1:
                measures.append(self.measure_item(block))
            elif block.level > 1 and measures:
                self.actions(measures[-1], [block])
            else:
                self._no_more([block])
        self._no_more(actions)
        if pledge and not measures and not (right.departments or right.stars):
            return
        if len(measures) == 1:
            self._right(measures, right)
        elif pledge:
            # One list for several measures: the source cannot tell whose it is, so it stays with the pledge.
            if right.departments:
                self.expect_stated(
                    f"pledge/{pledge.id}",
                    "pledge:responsibleDepartment",
                    f"a list of departments for each of {len(measures)} measures",
                    "one list",
                )
                pledge.departments.extend(right.departments)
            right.departments = []
            self._right(measures, right)

    def _right(self, measures: list[Item], right: Right) -> None:
        """Gives the row's star strings and departments to its measures, in order."""
        if len(right.stars) > len(measures):
            self.problem(
                "★",
                f"{len(measures)} star strings",
                f"{len(right.stars)}",
                "report-figure",
                f"{len(measures)}個の星の表記",
            )
        if len(measures) == 1:
            measures[0].departments.extend(right.departments)
        for index, measure in enumerate(measures):
            thing = f"measure/{measure.id}"
            measure.score_lines.append(self.line)
            if index >= len(right.stars):
                self.expect_stated(thing, "pledge:stars", f"{len(measures)} star strings", str(len(right.stars)))
                continue
            measure.stars = right.stars[index]
            if readable(measure.stars) is None:
                self.expect_stated(
                    thing, "pledge:stars", f"a star string of {STARS} characters, ★ before ☆", measure.stars
                )
