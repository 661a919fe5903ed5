"""One assessment: the report, its actions, scores and notes; and how a city's records hang together."""

from __future__ import annotations

import datetime as dt  # noqa: TC003 - dataclass fields are read at run time for the documentation
from dataclasses import dataclass
from decimal import Decimal  # noqa: TC003 - dataclass fields are read at run time for the documentation
from typing import ClassVar

from pledge_ld.record.column import Record, Source, column, later, optional
from pledge_ld.record.thing import (
    ASSESSORS,
    CLASSES,
    LABEL,
    LINES_EN,
    LINES_JA,
    NOTE_KINDS,
    ORIGINS,
    SOURCE,
    BandMapping,
    Change,
    City,
    Department,
    Document,
    Level,
    MappingSet,
    Measure,
    Person,
    Pledge,
    Policy,
    Programme,
    Scale,
)


@dataclass(frozen=True, slots=True)
class Report(Record):
    """PROGRAMME/reports/AS-OF.toml: one round of grading and the report that prints it."""

    file: ClassVar[str] = "*/reports/*.toml"
    key: ClassVar[tuple[str, ...]] = ()

    title_ja: str = column("text", LABEL, "title of the report", "報告書の名称")
    title_en: str | None = optional("text", LABEL, "title in English", "名称(英語)")
    published: str | None = optional("month", "dcterms:date", "month it was published in", "公表された年月")
    publisher_ja: str | None = optional(
        "text", "prov:wasAttributedTo", "who published it, where it was not the city", "公表者(市でない場合)"
    )
    publisher_en: str | None = optional(
        "text", "prov:wasAttributedTo", "the same in English", "公表者の英語の名称(市でない場合)"
    )
    publisher_page: str | None = optional(
        "url", "foaf:homepage", "the publisher's own page, where it was not the city", "公表者のページ(市でない場合)"
    )
    period_start: dt.date | None = optional(
        "date", "dcterms:temporal", "first day of the period reported on", "報告期間の初日"
    )
    period_end: dt.date | None = optional(
        "date", "dcterms:temporal", "last day of the period reported on", "報告期間の末日"
    )
    scale: str = column("id", "pledge:scale", "name of the scale in scales/", "scales/ の尺度の名前")
    assessors: tuple[str, ...] = column("choices", "pledge:assessor", "who graded", "評価した主体", choices=ASSESSORS)
    graded: str | None = optional(
        "choice",
        "pledge:gradedClass",
        "what is graded, empty where it is none of these, such as an indicator",
        "評価の単位(成果指標など、いずれでもなければ空)",
        choices=CLASSES,
    )
    unit_ja: str = column("text", "pledge:unitLabel", "the publisher's word for it", "評価の単位の呼び名")
    unit_en: str = column("text", "pledge:unitLabel", "the same in English", "同上(英語)")
    item_count: int | None = optional(
        "integer", "pledge:itemCount", "how many items are graded, where it is known", "評価された項目の数(分かる場合)"
    )
    source: str | None = optional("file", "", "the report's text, in source/", "source/ にある報告書のテキスト")
    source_lines: tuple[Source, ...] = column(
        "lines",
        SOURCE,
        "lines that say what the report is, or addresses where there is no text of it",
        "報告書の性格を述べた行、または(本文がなければ)アドレス",
    )


@dataclass(frozen=True, slots=True)
class Action(Record):
    """PROGRAMME/actions/AS-OF.csv: 取組事業内容."""

    file: ClassVar[str] = "*/actions/*.csv"
    key: ClassVar[tuple[str, ...]] = ("measure", "order")

    measure: str = column("id", "dcterms:isPartOf", "id of its measure", "施策のID")
    order: int = column(
        "integer", "pledge:order", "place among the measure's actions, from 1", "施策の中での順序(1から)"
    )
    text_ja: str = column("text", LABEL, "text as adopted", "本文(採用した表記)")
    source_lines: tuple[Source, ...] = column("lines", SOURCE, LINES_EN, LINES_JA)


@dataclass(frozen=True, slots=True)
class Score(Record):
    """PROGRAMME/scores/AS-OF.csv: one figure for one thing by one origin."""

    file: ClassVar[str] = "*/scores/*.csv"
    key: ClassVar[tuple[str, ...]] = ("thing", "origin")

    thing: str = column(
        "item",
        "pledge:scoreOf",
        "what is scored: programme, policy/1, pledge/1-2, measure/1-2-1",
        "対象: programme, policy/1, pledge/1-2, measure/1-2-1",
    )
    origin: str = column(
        "choice",
        "pledge:origin",
        "published, or inferred by us",
        "公表された値(published)か推定(inferred)か",
        choices=ORIGINS,
    )
    percent: Decimal | None = optional("decimal", "pledge:percent", "percent as printed", "印刷された%")
    stars: int | None = optional("integer", "pledge:stars", "stars as printed", "印刷された星の数")
    level: str | None = optional(
        "id", "pledge:level", "level of the scale, where it is not the stars", "尺度の段階(星でない場合)"
    )
    percent_at_least: Decimal | None = optional(
        "decimal",
        "pledge:percentAtLeast",
        "lower bound, where only an interval is known",
        "下限(区間しか分からない場合)",
    )
    percent_below: Decimal | None = optional(
        "decimal", "pledge:percentBelow", "upper bound, excluded", "上限(含まない)"
    )
    printed: str | None = optional(
        "text", "pledge:printedValue", "the print, where it cannot be read as a figure", "数値として読めない印刷の表記"
    )
    departments: tuple[str, ...] = optional(
        "ids", "pledge:responsibleDepartment", "ids of the departments printed with it", "併記された担当部署のID"
    )
    checked: dt.date | None = later(
        "date", "pledge:lastChecked", "day on which its publisher last checked it", "公表者が最後に確認した日"
    )
    source_lines: tuple[Source, ...] = column("lines", SOURCE, LINES_EN, LINES_JA)


@dataclass(frozen=True, slots=True)
class Count(Record):
    """PROGRAMME/counts/AS-OF.csv: how many items a report prints at one level, of all or of one policy."""

    file: ClassVar[str] = "*/counts/*.csv"
    key: ClassVar[tuple[str, ...]] = ("thing", "level")

    thing: str = column("item", "pledge:countOf", "what is counted: programme, policy/1", "対象: programme, policy/1")
    level: str = column("level", "pledge:level", "id of the level", "段階のID")
    count: int = column("integer", "pledge:count", "items at that level, as printed", "その段階の件数(印刷のとおり)")
    source_lines: tuple[Source, ...] = column("lines", SOURCE, LINES_EN, LINES_JA)


@dataclass(frozen=True, slots=True)
class Evidence(Record):
    """PROGRAMME/evidence/AS-OF.csv: a document that the publisher names as the grounds of a score."""

    file: ClassVar[str] = "*/evidence/*.csv"
    key: ClassVar[tuple[str, ...]] = ("thing", "document")

    thing: str = column("item", "pledge:evidence", "what is scored: pledge/1-2", "評価の対象: pledge/1-2")
    document: str = column("id", "", "id in documents.csv", "documents.csv のID")
    page: str | None = optional("text", "pledge:page", "page or place in it, as printed", "ページなど(印刷のとおり)")


@dataclass(frozen=True, slots=True)
class Note(Record):
    """PROGRAMME/notes/AS-OF.csv: what is printed, what we adopted, why."""

    file: ClassVar[str] = "*/notes/*.csv"

    id: str = column("id", "", "id within the report", "報告書の中でのID")
    kind: str = column("choice", "dcterms:type", "what happened", "種類", choices=NOTE_KINDS)
    targets: tuple[str, ...] = column(
        "things", "oa:hasTarget", "things, scores (…#score) or actions (…#action-3)", "対象(もの、…#score、…#action-3)"
    )
    property: str = column("curie", "pledge:onProperty", "property it is about", "対象の性質")
    printed: str | None = optional("verbatim", "pledge:printedValue", "what is printed", "印刷された表記")
    adopted: str | None = optional("verbatim", "pledge:adoptedValue", "what we adopted", "採用した値")
    adopted_thing: str | None = optional("thing", "pledge:adoptedThing", "the thing we adopted", "採用したもの")
    uncertain: bool = column("boolean", "pledge:uncertain", "true where doubt remains", "疑いが残る場合は true")
    comment_ja: str = column("text", "rdfs:comment", "why", "理由")
    comment_en: str = column("text", "rdfs:comment", "why, in English", "理由(英語)")
    source_lines: tuple[Source, ...] = column("lines", SOURCE, LINES_EN, LINES_JA)


@dataclass(frozen=True, slots=True)
class Round:
    """One assessment with everything it holds. ``lines`` are the report's text, one item a line, from line 1."""

    as_of: dt.date
    report: Report
    actions: tuple[Action, ...]
    scores: tuple[Score, ...]
    notes: tuple[Note, ...]
    lines: tuple[str, ...]
    counts: tuple[Count, ...] = ()
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Term:
    """One programme's folder."""

    id: str
    programme: Programme
    policies: tuple[Policy, ...]
    pledges: tuple[Pledge, ...]
    measures: tuple[Measure, ...]
    rounds: tuple[Round, ...]


@dataclass(frozen=True, slots=True)
class CityRecords:
    """One city's folder. ``folder`` is its name, which is also the name of its graph and dumps."""

    folder: str
    city: City
    departments: tuple[Department, ...]
    people: tuple[Person, ...]
    scales: tuple[tuple[str, Scale, tuple[Level, ...]], ...]
    changes: tuple[Change, ...]
    terms: tuple[Term, ...]
    mappings: tuple[tuple[str, MappingSet, tuple[BandMapping, ...]], ...] = ()
    documents: tuple[Document, ...] = ()


TABLES: tuple[type[Record], ...] = (
    City, Department, Person, Document, Change, Scale, Level, MappingSet, BandMapping, Programme, Policy, Pledge,
    Measure, Report, Action, Score, Count, Evidence, Note,
)  # fmt: skip
"""Every kind of file, in the order of docs/records.md."""
