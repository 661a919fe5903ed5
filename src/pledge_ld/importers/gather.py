"""What a report prints, gathered row by row: every printing of a thing must agree with the others."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from pledge_ld.importers.corrections import unmark
from pledge_ld.importers.layout import Block, numeral, roman
from pledge_ld.importers.printed import Item, ReportText
from pledge_ld.importers.right import PERCENT
from pledge_ld.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pledge_ld.importers.corrections import Correction

_MISPLACED = re.compile(r"[●★☆]")


class Gatherer:
    """Policies, pledges and measures in the order of the report; every problem names the line being read."""

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
        self.policy = self.pledge = 0
        self.measure = 0
        self.line = 0

    def problem(self, where: str, expected: str, got: str, rule: str, ja: str) -> None:
        """Adds a problem on the line being read."""
        self.problems.append(Problem(self.shown, self.line, where, expected, unmark(got)[0], rule, ja))

    def text(self, text: str, thing: str) -> str:
        """The text without layout, with the corrections it carried noted as belonging to ``thing``."""
        clean, indices = unmark(text)
        for index in indices:
            self.report.marks.setdefault(index, []).append(thing)
        bare = re.sub(r"^[●・]\s*", "", clean.strip()).strip()
        if found := _MISPLACED.search(bare):
            got = bare[max(0, found.start() - 10) :]
            self.problem("row", "no ● and no stars inside a text", got, "report-layout", "途中に●や★のない文字")
        return bare

    def titled(self, item: Item, text: str, thing: str) -> None:
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

    def percent(self, item: Item, text: str) -> None:
        """Notes one printing of the item's percent; the tables must agree."""
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

    def policy_row(self, numeral_: str, title: str, percent: str) -> None:
        """A policy's row: the next one, by its numeral."""
        number = roman(unmark(numeral_)[0])
        expected = self.policy + 1
        if number != expected:
            self.problem(
                "基本政策", f"policy {numeral(expected)}", numeral_, "report-order", f"基本政策{numeral(expected)}"
            )
            return
        self.policy, self.pledge = number, 0
        item = self._item(self.report.policies, str(number), numeral(number))
        self.titled(item, title, f"policy/{number}")
        self.percent(item, percent)

    def pledge_item(self, number: int, title: str, percent: str | None) -> Item | None:
        """A pledge's row: the next one of the policy."""
        if number != self.pledge + 1 or not self.policy:
            self.problem("公約", f"pledge {self.pledge + 1}", str(number), "report-order", f"公約{self.pledge + 1}")
            return None
        self.pledge, self.measure = number, 0
        id_ = f"{self.policy}-{number}"
        item = self._item(self.report.pledges, id_, f"{numeral(self.policy)}-{number}")
        self.titled(item, title, f"pledge/{id_}")
        if percent is None:
            self.problem("進捗状況", "a percentage", "", "report-figure", "パーセントの数値")
        else:
            self.percent(item, percent)
        return item

    def measure_item(self, block: Block) -> Item:
        """The next measure of the pledge."""
        self.measure += 1
        id_ = f"{self.policy}-{self.pledge}-{self.measure}"
        item = self._item(self.report.measures, id_, f"{numeral(self.policy or 1)}-{self.pledge}-{self.measure}")
        self.titled(item, block.text, f"measure/{id_}")
        if not self.pledge:
            self.problem("row", "a pledge before its measures", block.text, "report-order", "施策より前の公約の行")
        return item

    def actions(self, measure: Item, rest: list[Block]) -> None:
        """The measure's actions, in order."""
        for block in rest:
            bare = unmark(block.text)[0].strip()
            if bare in {"●", "・"}:
                continue
            if bare.startswith("●"):
                self.problem("row", "one measure in a row", bare, "report-layout", "一行に一つの施策")
                continue
            order = len(measure.actions) + 1
            measure.actions.append((self.text(block.text, f"measure/{measure.id}#action-{order}"), self.line))

    def expect_stated(self, thing: str, property_: str, expected: str, got: str) -> None:
        """Damage is a problem unless a row of corrections.csv states it."""
        if (thing, property_) not in self.stated:
            advice = f"{expected}, or a row of corrections.csv about {thing} and {property_}"
            self.problem(
                thing,
                advice,
                got,
                "report-damage",
                f"欠損のない記載、または {thing} と {property_} についての corrections.csv の行",
            )

    def complete(self) -> None:
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
                self.expect_stated(f"measure/{id_}", "dcterms:isPartOf", "at least one action", "")
        if not self.problems:
            # Whatever is wrong with a row leaves the tables incomplete, which would only say it again.
            self._same_in_both_tables()
        told = {(problem.path, problem.line) for problem in self.problems}
        for index, one in enumerate(self.corrections):
            if not one.targets and index not in report.marks and (one.path, one.line) not in told:
                expected, ja = "text of a title or an action", "名称または取組の文字"
                where, got = "column 'printed'", one.printed or ""
                self.problems.append(Problem(one.path, one.line, where, expected, got, "correction", ja))

    def _same_in_both_tables(self) -> None:
        """Every policy and pledge stands in both tables, every pledge has measures, and the stated counts are met."""
        report = self.report
        for kind, items in (("policies", report.policies), ("pledges", report.pledges), ("measures", report.measures)):
            if len(items) != report.stated.get(kind, len(items)):
                self.line, expected = 0, str(report.stated[kind])
                self.problem(
                    kind,
                    f"{expected}, as the report states",
                    str(len(items)),
                    "report-missing",
                    f"報告書の述べる{expected}",
                )
        parents = {id_.rpartition("-")[0] for id_ in report.measures}
        for id_, item in (*report.policies.items(), *report.pledges.items()):
            self.line = item.lines[0]
            if len(item.score_lines) < 2:  # noqa: PLR2004 - summary and detail
                self.problem(item.number, "a row in both tables", item.title, "report-missing", "両方の表の行")
            elif "-" in id_ and id_ not in parents:
                self.problem(item.number, "its measures", item.title, "report-missing", "公約の施策")
