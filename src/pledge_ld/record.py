"""The records a person edits: one dataclass a table, each column with its kind, meaning and property.

A folder a city, as docs/records.md shows; that page is made from this module. Every record knows the file and line
it was read from, so that a problem found far down the pipeline still lands on the row that can be mended.
"""

from __future__ import annotations

from dataclasses import Field, dataclass, field, fields
from datetime import date  # noqa: TC003 - dataclass fields are read at run time for the documentation
from decimal import Decimal  # noqa: TC003 - same
from typing import Any, ClassVar, NamedTuple


class LineRef(NamedTuple):
    """A line of a report's text; ``as_of`` is empty in files that belong to one report."""

    as_of: str
    line: int

    def __str__(self) -> str:
        """The cell's text: ``L43``, or ``2024-03-31#L43`` in files that serve several reports."""
        return f"{self.as_of}#L{self.line}" if self.as_of else f"L{self.line}"


class Column(NamedTuple):
    """What one cell holds: its kind (`pledge_ld.read.PARSERS`), whether it may be empty, its property, its meaning."""

    name: str
    kind: str
    required: bool
    property: str
    en: str
    ja: str
    choices: tuple[str, ...]


def column(kind: str, property_: str, en: str, ja: str, *, choices: tuple[str, ...] = (), required: bool = True) -> Any:
    """A dataclass field that is a column. ``property_`` is where problems of that property land ("" for none)."""
    return field(metadata={"column": (kind, required, property_, en, ja, choices)})


def optional(kind: str, property_: str, en: str, ja: str, *, choices: tuple[str, ...] = ()) -> Any:
    """A column that may be empty."""
    return column(kind, property_, en, ja, choices=choices, required=False)


def cell(value: Any) -> str:
    """A value as the text of a cell.

    >>> cell(None), cell(True), cell(("a", "b"))
    ('', 'true', 'a;b')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)) and not isinstance(value, LineRef):
        return ";".join(cell(one) for one in value)
    return str(value)


@dataclass(frozen=True, slots=True)
class Record:
    """A row or a TOML file, and where it stands."""

    file: ClassVar[str] = ""
    key: ClassVar[tuple[str, ...]] = ("id",)

    path: str
    line: int

    @classmethod
    def columns(cls) -> tuple[Column, ...]:
        """The columns in the order of the file."""
        return tuple(_column(one) for one in fields(cls) if "column" in one.metadata)


def _column(one: Field[Any]) -> Column:
    kind, required, property_, en, ja, choices = one.metadata["column"]
    return Column(one.name, kind, required, property_, en, ja, choices)


LABEL = "skos:prefLabel"
SOURCE = "dcterms:source"

CONSTRUCTS = ("degree-of-completion", "delivery-status", "schedule-adherence", "target-attainment", "expert-points")
ASSESSORS = ("department", "planning-section", "mayor", "city", "external", "third-party")
ROUNDINGS = ("floor", "half-up", "none", "unknown")
CALCULATIONS = ("mean-of-measures", "mean-of-pledges", "mean-of-policies")
NOTE_KINDS = ("misreading", "conflict", "missing", "displaced", "inferred")
ORIGINS = ("published", "inferred")
CLASSES = ("policy", "pledge", "measure")


@dataclass(frozen=True, slots=True)
class City(Record):
    """city.toml: the municipality."""

    file: ClassVar[str] = "city.toml"
    key: ClassVar[tuple[str, ...]] = ()

    country: str = column("id", "", "ISO 3166-1 country code, lower case", "ISO 3166-1 の国コード(小文字)")
    code: str = column(
        "id",
        "dcterms:identifier",
        "national code of the municipality, six digits in Japan",
        "全国地方公共団体コード(6桁)",
    )
    name_ja: str = column("text", LABEL, "name", "名称")
    name_en: str = column("text", LABEL, "name in English", "英語の名称")
    reading: str = column("kana", "skos:altLabel", "reading in hiragana", "よみがな")
    region_ja: str = column("text", "vcard:region", "prefecture", "都道府県")
    region_en: str = column("text", "vcard:region", "prefecture in English", "都道府県(英語)")
    homepage: str | None = optional("url", "foaf:homepage", "the city's own site", "市の公式サイト")
    area: str | None = optional(
        "url", "dcterms:spatial", "IRI of the area code (e-Stat)", "標準地域コードのIRI(e-Stat)"
    )
    close_match: str | None = optional(
        "url", "skos:closeMatch", "IRI of the place elsewhere (GeoNames)", "他のデータでの場所のIRI(GeoNames)"
    )
    sources: tuple[str, ...] = column("urls", SOURCE, "pages that these facts stand on", "この記録の根拠となるページ")


@dataclass(frozen=True, slots=True)
class Department(Record):
    """departments.csv: one row a department; its id never changes meaning, a successor is a new row."""

    file: ClassVar[str] = "departments.csv"

    id: str = column(
        "id", "dcterms:identifier", "ASCII id, by habit the reading in romaji", "ASCIIのID(よみのローマ字)"
    )
    name_ja: str = column("text", LABEL, "name as printed", "報告書に印刷された名称")
    reading: str = column("kana", "skos:altLabel", "reading in hiragana", "よみがな")
    name_en: str | None = optional("text", LABEL, "our unofficial English name", "英語名(非公式)")
    valid: str | None = optional("text", "dcterms:valid", "when it existed, where known", "存在した期間(分かる場合)")
    derived_from: str | None = optional(
        "id", "prov:wasDerivedFrom", "id of the department it succeeds", "前身の部署のID"
    )


@dataclass(frozen=True, slots=True)
class Person(Record):
    """people.csv: the mayors."""

    file: ClassVar[str] = "people.csv"

    id: str = column("id", "", "ASCII id", "ASCIIのID")
    name_ja: str = column("text", LABEL, "name", "氏名")
    reading: str = column("kana", "skos:altLabel", "reading in hiragana", "よみがな")
    name_en: str = column("text", LABEL, "name in Latin letters", "氏名(ローマ字)")
    sources: tuple[str, ...] = column("urls", SOURCE, "pages that say so", "根拠となるページ")


@dataclass(frozen=True, slots=True)
class Change(Record):
    """changes.csv: one row a published change; every date that is published comes from here, never from a clock."""

    file: ClassVar[str] = "changes.csv"
    key: ClassVar[tuple[str, ...]] = ()

    date: date = column("date", "dcterms:modified", "day of publishing", "公表した日")
    programme: str = column("id", "", "programme it concerns", "対象の公約プログラム")
    as_of: date = column("date", "", "as-of date of the assessment it concerns", "対象の評価時点")
    change_ja: str = column("text", "", "what changed", "変更の内容")
    change_en: str = column("text", "", "what changed, in English", "変更の内容(英語)")


@dataclass(frozen=True, slots=True)
class Scale(Record):
    """scales/NAME.toml: a way of grading, in the publisher's own words."""

    file: ClassVar[str] = "scales/*.toml"
    key: ClassVar[tuple[str, ...]] = ()

    title_ja: str = column("text", LABEL, "name", "名称")
    title_en: str = column("text", LABEL, "name in English", "英語の名称")
    construct: str = column(
        "choice", "pledge:construct", "what the scale measures", "何を測る尺度か", choices=CONSTRUCTS
    )
    definition_ja: str = column(
        "text",
        "skos:definition",
        "its definition verbatim, or that none is published",
        "公表された定義、または定義がないこと",
    )
    definition_en: str = column("text", "skos:definition", "the same in English", "同上(英語)")
    sources: tuple[str, ...] = column(
        "sources",
        SOURCE,
        "lines of a report (2022/2024-03-31#L19) or pages",
        "報告書の行(2022/2024-03-31#L19)またはページ",
    )


@dataclass(frozen=True, slots=True)
class Level(Record):
    """scales/NAME.csv: the levels of a scale."""

    file: ClassVar[str] = "scales/*.csv"

    id: str = column("id", "skos:notation", "id of the level; for stars, their number", "段階のID(星の場合はその数)")
    order: int = column("integer", "pledge:order", "place in the order, low to high", "順序(低い方から)")
    label_ja: str = column("text", LABEL, "label", "表示名")
    label_en: str = column("text", LABEL, "label in English", "表示名(英語)")
    definition_ja: str = column(
        "text",
        "skos:definition",
        "definition verbatim, or that none is published",
        "公表された定義、または定義がないこと",
    )
    definition_en: str = column("text", "skos:definition", "the same in English", "同上(英語)")
    percent_at_least: Decimal | None = optional(
        "decimal", "pledge:percentAtLeast", "lowest percent the level means", "その段階の下限(%、含む)"
    )
    percent_below: Decimal | None = optional(
        "decimal", "pledge:percentBelow", "percent the level stays below", "その段階の上限(%、含まない)"
    )


@dataclass(frozen=True, slots=True)
class Programme(Record):
    """PROGRAMME/programme.toml: one mayor's pledges for one term, and how the city calculates."""

    file: ClassVar[str] = "*/programme.toml"
    key: ClassVar[tuple[str, ...]] = ()

    title_ja: str = column("text", LABEL, "name", "名称")
    title_en: str | None = optional("text", LABEL, "name in English", "名称(英語)")
    mayor: str | None = optional("id", "dcterms:creator", "id in people.csv", "people.csv のID")
    term_start: date | None = optional("date", "pledge:termStart", "first day of the term", "任期の初日")
    term_months: int | None = optional("integer", "pledge:termMonths", "length of the term in months", "任期の月数")
    ended_early: bool | None = optional(
        "boolean", "pledge:endedEarly", "true if the term was cut short", "任期途中で終わった場合は true"
    )
    unofficial_languages: tuple[str, ...] = optional(
        "ids", "pledge:unofficialLanguage", "languages that are our translation", "非公式な翻訳の言語"
    )
    measures_per_pledge: int | None = optional(
        "integer", "pledge:measuresPerPledge", "measures each pledge has, by the city's method", "公約ごとの施策の数"
    )
    pledges_per_policy: int | None = optional(
        "integer", "pledge:pledgesPerPolicy", "pledges each policy has, by the city's method", "基本政策ごとの公約の数"
    )
    calculation: tuple[str, ...] = optional(
        "choices", "pledge:calculation", "rules by which the city calculates", "市の計算の規則", choices=CALCULATIONS
    )
    rounding_measure: str = column(
        "choice", "pledge:rounding", "how measures' figures are cut off", "施策の数値の端数処理", choices=ROUNDINGS
    )
    rounding_pledge: str = column(
        "choice", "pledge:rounding", "how pledges' figures are cut off", "公約の数値の端数処理", choices=ROUNDINGS
    )
    rounding_policy: str = column(
        "choice", "pledge:rounding", "how policies' figures are cut off", "基本政策の数値の端数処理", choices=ROUNDINGS
    )
    rounding_overall: str = column(
        "choice", "pledge:rounding", "how the overall figure is cut off", "全体の数値の端数処理", choices=ROUNDINGS
    )
    sources: tuple[str, ...] = column(
        "sources", SOURCE, "lines of a report (2024-03-31#L13) or pages", "報告書の行(2024-03-31#L13)またはページ"
    )


@dataclass(frozen=True, slots=True)
class Policy(Record):
    """PROGRAMME/policies.csv: 基本政策."""

    file: ClassVar[str] = "*/policies.csv"

    id: str = column("id", "dcterms:identifier", "id, never changed within a term", "ID(任期中は変えない)")
    number: str = column("text", "skos:notation", "number as printed", "印刷された番号")
    title_ja: str = column("text", LABEL, "title as adopted", "名称(採用した表記)")
    title_en: str | None = optional("text", LABEL, "our unofficial English", "英訳(非公式)")
    source_lines: tuple[LineRef, ...] = column("lines", SOURCE, "lines of the reports", "報告書の行")


@dataclass(frozen=True, slots=True)
class Pledge(Record):
    """PROGRAMME/pledges.csv: 公約."""

    file: ClassVar[str] = "*/pledges.csv"

    id: str = column("id", "dcterms:identifier", "id, never changed within a term", "ID(任期中は変えない)")
    policy: str | None = optional(
        "id", "dcterms:isPartOf", "id of its policy, empty where the city has none", "基本政策のID(ない市では空)"
    )
    number: str = column("text", "skos:notation", "number as printed", "印刷された番号")
    title_ja: str = column("text", LABEL, "title as adopted", "名称(採用した表記)")
    title_en: str | None = optional("text", LABEL, "our unofficial English", "英訳(非公式)")
    source_lines: tuple[LineRef, ...] = column("lines", SOURCE, "lines of the reports", "報告書の行")


@dataclass(frozen=True, slots=True)
class Measure(Record):
    """PROGRAMME/measures.csv: 施策."""

    file: ClassVar[str] = "*/measures.csv"

    id: str = column("id", "dcterms:identifier", "id, never changed within a term", "ID(任期中は変えない)")
    pledge: str = column("id", "dcterms:isPartOf", "id of its pledge", "公約のID")
    number: str = column("text", "skos:notation", "number, as printed or by its place", "番号(印刷または順序による)")
    title_ja: str = column("text", LABEL, "title as adopted", "名称(採用した表記)")
    title_en: str | None = optional("text", LABEL, "our unofficial English", "英訳(非公式)")
    source_lines: tuple[LineRef, ...] = column("lines", SOURCE, "lines of the reports", "報告書の行")


@dataclass(frozen=True, slots=True)
class Report(Record):
    """PROGRAMME/reports/AS-OF.toml: one round of grading and the report that prints it."""

    file: ClassVar[str] = "*/reports/*.toml"
    key: ClassVar[tuple[str, ...]] = ()

    title_ja: str = column("text", LABEL, "title of the report", "報告書の名称")
    title_en: str | None = optional("text", LABEL, "title in English", "名称(英語)")
    published: str = column("month", "dcterms:date", "month the city published it", "市が公表した年月")
    period_start: date | None = optional(
        "date", "dcterms:temporal", "first day of the period reported on", "報告期間の初日"
    )
    period_end: date | None = optional(
        "date", "dcterms:temporal", "last day of the period reported on", "報告期間の末日"
    )
    scale: str = column("id", "pledge:scale", "name of the scale in scales/", "scales/ の尺度の名前")
    assessors: tuple[str, ...] = column("choices", "pledge:assessor", "who graded", "評価した主体", choices=ASSESSORS)
    graded: str = column("choice", "pledge:gradedClass", "what is graded", "評価の単位", choices=CLASSES)
    unit_ja: str = column("text", "pledge:unitLabel", "the publisher's word for it", "評価の単位の呼び名")
    unit_en: str = column("text", "pledge:unitLabel", "the same in English", "同上(英語)")
    item_count: int = column("integer", "pledge:itemCount", "how many items are graded", "評価された項目の数")
    source: str | None = optional("file", "", "the report's text, in source/", "source/ にある報告書のテキスト")
    source_lines: tuple[LineRef, ...] = optional(
        "lines", SOURCE, "lines that say what the report is", "報告書の性格を述べた行"
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
    source_lines: tuple[LineRef, ...] = column("lines", SOURCE, "lines of the report", "報告書の行")


@dataclass(frozen=True, slots=True)
class Score(Record):
    """PROGRAMME/scores/AS-OF.csv: one figure for one thing by one origin."""

    file: ClassVar[str] = "*/scores/*.csv"
    key: ClassVar[tuple[str, ...]] = ("thing", "origin")

    thing: str = column(
        "thing",
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
    source_lines: tuple[LineRef, ...] = column("lines", SOURCE, "lines of the report", "報告書の行")


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
    source_lines: tuple[LineRef, ...] = column("lines", SOURCE, "lines of the report", "報告書の行")


@dataclass(frozen=True, slots=True)
class Round:
    """One assessment with everything it holds. ``lines`` are the report's text, one item a line, from line 1."""

    as_of: date
    report: Report
    actions: tuple[Action, ...]
    scores: tuple[Score, ...]
    notes: tuple[Note, ...]
    lines: tuple[str, ...]


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


TABLES: tuple[type[Record], ...] = (
    City, Department, Person, Change, Scale, Level, Programme, Policy, Pledge, Measure, Report, Action, Score, Note,
)  # fmt: skip
"""Every kind of file, in the order of docs/records.md."""
