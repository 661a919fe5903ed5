"""Tomakomai's report on the mayor's pledges (市長公約の取組状況) as text → records.

Three page layouts, HTML inside tabular lines, two tables that print the same figures. Nothing is repaired here:
damage that corrections.csv does not state is a problem that names its line.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from pledge_ld.importers.corrections import mark, unmark
from pledge_ld.importers.front import stated
from pledge_ld.importers.layout import LAYOUTS, SUMMARY_HEADER, Block, Layout, blocks, header_row, numeral, plain, roman
from pledge_ld.importers.printed import STARS, Item, ReportText, readable
from pledge_ld.importers.right import PERCENT, Right
from pledge_ld.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pledge_ld.importers.corrections import Correction

_NUMBERED = re.compile(r"(\d+)\s+(.+)", re.DOTALL)
_POLICY = re.compile(r"政策\s*([IVXⅠ-Ⅻ]+)\s+(.+)", re.DOTALL)
_SUMMARY_POLICY = re.compile(r"([IVXⅠ-Ⅻ]+)\s+(.+)", re.DOTALL)
_LEGEND = re.compile(r"基本政策([IVXⅠ-Ⅻ]+)[：:](.+)")


class Parser:
    """Reads a report's lines one after the other; every problem names its line."""

    def __init__(
        self, shown: str, departments: Mapping[str, str], corrections: tuple[Correction, ...], problems: list[Problem]
    ) -> None:
        self.shown = shown
        self.departments = departments
        self.problems = problems
        self.corrections = corrections
        self.repairs: dict[int, list[tuple[int, Correction]]] = {}
        for index, one in enumerate(corrections):
            if not one.targets:
                self.repairs.setdefault(one.source_line, []).append((index, one))
        self.stated = {(target.partition("#")[0], one.property) for one in corrections for target in one.targets}
        self.report = ReportText()
        self.layout: Layout | None = None
        self.section = "front"
        self.policy = self.pledge = 0
        self.measure = 0
        self.line = 0

    def problem(self, where: str, expected: str, got: str, rule: str, ja: str) -> None:
        """Adds a problem on the line being read."""
        self.problems.append(Problem(self.shown, self.line, where, expected, unmark(got)[0], rule, ja))

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
        self._complete()
        return self.report

    def _row(self, line: str) -> None:
        if self.section == "front":
            self._front(line)
        elif "\t" not in line:
            self._between(line)
        elif self.section == "summary":
            self._summary(line)
        elif self.layout:
            self._detail(line, self.layout)

    def text(self, text: str, thing: str) -> str:
        """The text without layout, with the corrections it carried noted as belonging to ``thing``."""
        clean, indices = unmark(text)
        for index in indices:
            self.report.marks.setdefault(index, []).append(thing)
        return re.sub(r"^[●・]\s*", "", clean.strip()).strip()

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
                self._titled(self.report.policies[str(number)], found[2], f"policy/{number}")
                return
        if not text.startswith(("#", "■")):
            self.problem(
                "row",
                "a table row, a heading or the chart's legend",
                text,
                "report-layout",
                "表の行、見出し、または図の凡例",
            )

    def _titled(self, item: Item, text: str, thing: str) -> None:
        """Notes one printing of the item's title. The printings must agree, by a correction where they do not."""
        title = self.text(text, thing)
        if item.title and item.title != title:
            expected = f"the title of line {item.lines[0]}, '{item.title}' (or a correction that says which is right)"
            self.problem(
                "title",
                expected,
                title,
                "report-title",
                f"{item.lines[0]}行目と同じ名称(または corrections.csv の修正)",
            )
        item.title = item.title or title
        item.lines.append(self.line)

    def _percent(self, item: Item, text: str) -> None:
        if not PERCENT.fullmatch(text):
            self.problem("進捗状況", "a percentage", text, "report-figure", "パーセントの数値")
            return
        value = Decimal(text)
        if item.percent is not None and item.percent != value:
            self.problem(
                "進捗状況",
                f"{item.percent}, as line {item.score_lines[0]} prints",
                text,
                "report-figure",
                f"{item.score_lines[0]}行目と同じ数値",
            )
        item.percent = value
        item.score_lines.append(self.line)

    def _item(self, kind: dict[str, Item], id_: str, number: str) -> Item:
        return kind.setdefault(id_, Item(id_, number))

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
            self._pledge(int(found[1]), found[2], percent)
        elif found := _SUMMARY_POLICY.fullmatch(title):
            self._policy(found[1], found[2], percent)
        else:
            self.problem(
                "row", "a policy, a pledge or 全体", title, "report-layout", "基本政策、公約、または「全体」の行"
            )

    def _policy(self, numeral_: str, title: str, percent: str) -> None:
        number = roman(unmark(numeral_)[0])
        expected = self.policy + 1
        if number != expected:
            self.problem(
                "基本政策", f"policy {numeral(expected)}", numeral_, "report-order", f"基本政策{numeral(expected)}"
            )
            return
        self.policy, self.pledge = number, 0
        item = self._item(self.report.policies, str(number), numeral(number))
        self._titled(item, title, f"policy/{number}")
        self._percent(item, percent)

    def _pledge(self, number: int, title: str, percent: str | None) -> Item | None:
        if number != self.pledge + 1 or not self.policy:
            self.problem("公約", f"pledge {self.pledge + 1}", str(number), "report-order", f"公約{self.pledge + 1}")
            return None
        self.pledge, self.measure = number, 0
        id_ = f"{self.policy}-{number}"
        item = self._item(self.report.pledges, id_, f"{numeral(self.policy)}-{number}")
        self._titled(item, title, f"pledge/{id_}")
        if percent is None:
            self.problem("進捗状況", "a percentage", "", "report-figure", "パーセントの数値")
        else:
            self._percent(item, percent)
        return item

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
            self._policy(found[1], found[2], right.percent or "")
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
            measure = self._measure(body[0])
            self._actions(measure, body[1:] + actions)
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
        pledge = self._pledge(number, title, right.percent)
        measures: list[Item] = []
        for block in rest:
            if block.level == 1:
                measures.append(self._measure(block))
            elif block.level > 1 and measures:
                self._actions(measures[-1], [block])
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
                self._stated(
                    f"pledge/{pledge.id}",
                    "pledge:responsibleDepartment",
                    f"a list of departments for each of {len(measures)} measures",
                    "one list",
                )
                pledge.departments.extend(right.departments)
            right.departments = []
            self._right(measures, right)

    def _stated(self, thing: str, property_: str, expected: str, got: str) -> None:
        if (thing, property_) not in self.stated:
            advice = f"{expected}, or a row of corrections.csv about {thing} and {property_}"
            self.problem(
                thing,
                advice,
                got,
                "report-damage",
                f"欠損のない記載、または {thing} と {property_} についての corrections.csv の行",
            )

    def _measure(self, block: Block) -> Item:
        self.measure += 1
        id_ = f"{self.policy}-{self.pledge}-{self.measure}"
        item = self._item(self.report.measures, id_, f"{numeral(self.policy or 1)}-{self.pledge}-{self.measure}")
        self._titled(item, block.text, f"measure/{id_}")
        if not self.pledge:
            self.problem("row", "a pledge before its measures", block.text, "report-order", "施策より前の公約の行")
        return item

    def _actions(self, measure: Item, rest: list[Block]) -> None:
        for block in rest:
            bare = unmark(block.text)[0].strip()
            if bare in {"●", "・"}:
                continue
            if bare.startswith("●"):
                self.problem("row", "one measure in a row", bare, "report-layout", "一行に一つの施策")
                continue
            order = len(measure.actions) + 1
            measure.actions.append((self.text(block.text, f"measure/{measure.id}#action-{order}"), self.line))

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
                self._stated(thing, "pledge:stars", f"{len(measures)} star strings", str(len(right.stars)))
                continue
            measure.stars = right.stars[index]
            if readable(measure.stars) is None:
                self._stated(thing, "pledge:stars", f"a star string of {STARS} characters, ★ before ☆", measure.stars)

    def _complete(self) -> None:
        """What a report must hold in the end."""
        report, self.line = self.report, 0
        for what, value in (
            ("title", report.title),
            ("令和…年度末", report.as_of),
            ("年月", report.published),
            ("期間", report.period),
            ("全体", report.overall),
        ):
            if value is None or value == "":
                self.problem(
                    what, "the report's own statement of it", "", "report-missing", f"報告書の「{what}」の記載"
                )
        if report.period and report.as_of and report.period[1] != report.as_of:
            self.problem(
                "令和…年度末",
                f"the end of the period reported on, {report.period[1]}",
                str(report.as_of),
                "report-figure",
                "報告期間の末日と同じ日付",
            )
        for id_, measure in report.measures.items():
            if not measure.actions:
                self.line = measure.lines[0]
                self._stated(f"measure/{id_}", "dcterms:isPartOf", "at least one action", "")
        for index, one in enumerate(self.corrections):
            if not one.targets and index not in report.marks:
                self.problems.append(
                    Problem(
                        one.path,
                        one.line,
                        "column 'printed'",
                        "text of a title or an action",
                        one.printed or "",
                        "correction",
                        "名称または取組の文字",
                    )
                )
