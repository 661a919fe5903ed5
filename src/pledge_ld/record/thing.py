"""What lasts: the city, its departments, mayors and scales, and a programme with its policies, pledges and measures."""

from __future__ import annotations

import datetime as dt  # noqa: TC003 - dataclass fields are read at run time for the documentation
from dataclasses import dataclass
from decimal import Decimal  # noqa: TC003 - dataclass fields are read at run time for the documentation
from typing import ClassVar

from pledge_ld.record.column import Box, Point, Record, Source, column, later, optional

LABEL = "skos:prefLabel"
SOURCE = "dcterms:source"
LINES_EN = "lines of the reports, or addresses where there is no text of them"
LINES_JA = "報告書の行、または(本文がなければ)アドレス"

CONSTRUCTS = ("degree-of-completion", "delivery-status", "schedule-adherence", "target-attainment", "expert-points")
ASSESSORS = ("department", "planning-section", "mayor", "city", "external", "third-party")
ROUNDINGS = ("floor", "half-up", "none", "unknown")
CALCULATIONS = ("mean-of-measures", "mean-of-pledges", "mean-of-policies")
NOTE_KINDS = ("misreading", "conflict", "missing", "displaced", "inferred")
ORIGINS = ("published", "inferred")
CLASSES = ("policy", "pledge", "measure")
BANDS = ("done", "under-way", "not-begun-or-dropped", "not-assessed")
MATCHES = ("exact", "close", "none")
FREQUENCIES = ("annual", "semiannual", "biennial", "quarterly", "monthly", "continuous", "irregular", "never")


@dataclass(frozen=True, slots=True)
class City(Record):
    """city.toml: the municipality."""

    file: ClassVar[str] = "city.toml"
    key: ClassVar[tuple[str, ...]] = ()

    country: str = column("country", "", "ISO 3166-1 country code, lower case", "ISO 3166-1 の国コード(小文字)")
    code: str = column(
        "code",
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
    bbox: Box | None = optional("box", "dcat:bbox", "its extent", "市域の外接矩形")
    centroid: Point | None = optional(
        "point", "dcat:centroid", "the middle of its area, inside the extent", "市域の中心点(外接矩形の内側)"
    )
    extent_source: str | None = optional(
        "url", "", "page that bbox and centroid come from; needed with them", "bbox と centroid の根拠(併せて必須)"
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

    date: dt.date = column("date", "dcterms:modified", "day of publishing", "公表した日")
    programme: str = column("id", "", "programme it concerns", "対象の公約プログラム")
    as_of: dt.date = column("date", "", "as-of date of the assessment it concerns", "対象の評価時点")
    change_ja: str = column("text", "", "what changed", "変更の内容")
    change_en: str = column("text", "", "what changed, in English", "変更の内容(英語)")
    thing: str | None = later(
        "item", "", "thing it concerns; empty for the whole assessment", "対象のもの(評価全体なら空)"
    )


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

    id: str = column("level", "skos:notation", "id of the level; for stars, their number", "段階のID(星の場合はその数)")
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
    origin: str | None = later(
        "choice",
        "pledge:origin",
        "whether its interval is published, or inferred by us",
        "区間が公表された値(published)か推定(inferred)か",
        choices=ORIGINS,
    )


@dataclass(frozen=True, slots=True)
class MappingSet(Record):
    """mappings/NAME.toml: whose judgement it is how the levels of a scale fit the common bands."""

    file: ClassVar[str] = "mappings/*.toml"
    key: ClassVar[tuple[str, ...]] = ()

    title_ja: str = column("text", LABEL, "name", "名称")
    title_en: str = column("text", LABEL, "name in English", "英語の名称")
    scale: str = column("id", "pledge:scale", "name of the scale in scales/", "scales/ の尺度の名前")
    author_ja: str = column("text", "dcterms:creator", "whose judgement it is", "判断した者")
    author_en: str = column("text", "dcterms:creator", "the same in English", "同上(英語)")
    date: dt.date = column("date", "dcterms:date", "day of the judgement", "判断した日")
    adopted: bool = column(
        "boolean",
        "pledge:adopted",
        "true for the one set of a scale by which it is compared",
        "比較に使う対応表(尺度ごとに一つ)は true",
    )
    note_ja: str = column("text", "skos:note", "what the judgement stands on", "判断の根拠")
    note_en: str = column("text", "skos:note", "the same in English", "同上(英語)")


@dataclass(frozen=True, slots=True)
class BandMapping(Record):
    """mappings/NAME.csv: one level and the band it fits, or that it was considered and fits none."""

    file: ClassVar[str] = "mappings/*.csv"
    key: ClassVar[tuple[str, ...]] = ("level",)

    level: str = column("level", "pledge:fromLevel", "id of the level", "段階のID")
    match: str = column("choice", "pledge:match", "how well it fits", "対応の程度", choices=MATCHES)
    band: str | None = optional(
        "choice", "pledge:toBand", "the band, empty where none fits", "共通の区分(対応なしなら空)", choices=BANDS
    )
    note_ja: str = column("text", "skos:note", "why", "理由")
    note_en: str = column("text", "skos:note", "why, in English", "理由(英語)")


@dataclass(frozen=True, slots=True)
class Document(Record):
    """documents.csv: the documents that scores are said to stand on; evidence/ says which of them, and where."""

    file: ClassVar[str] = "documents.csv"

    id: str = column("id", "", "ASCII id", "ASCIIのID")
    title_ja: str = column("text", "dcterms:title", "title of the document", "資料の名称")
    title_en: str | None = optional("text", "dcterms:title", "title in English", "資料の名称(英語)")
    page: str = column("url", "foaf:page", "its address", "資料のアドレス")


@dataclass(frozen=True, slots=True)
class Programme(Record):
    """PROGRAMME/programme.toml: one mayor's pledges for one term, and how the city calculates."""

    file: ClassVar[str] = "*/programme.toml"
    key: ClassVar[tuple[str, ...]] = ()

    title_ja: str = column("text", LABEL, "name", "名称")
    title_en: str | None = optional("text", LABEL, "name in English", "名称(英語)")
    mayor: str | None = optional("id", "dcterms:creator", "id in people.csv", "people.csv のID")
    term_start: dt.date | None = optional("date", "pledge:termStart", "first day of the term", "任期の初日")
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
    rounding_measure: str | None = optional(
        "choice", "pledge:rounding", "how measures' figures are cut off", "施策の数値の端数処理", choices=ROUNDINGS
    )
    rounding_pledge: str | None = optional(
        "choice", "pledge:rounding", "how pledges' figures are cut off", "公約の数値の端数処理", choices=ROUNDINGS
    )
    rounding_policy: str | None = optional(
        "choice", "pledge:rounding", "how policies' figures are cut off", "基本政策の数値の端数処理", choices=ROUNDINGS
    )
    rounding_overall: str | None = optional(
        "choice", "pledge:rounding", "how the overall figure is cut off", "全体の数値の端数処理", choices=ROUNDINGS
    )
    frequency: str | None = optional(
        "choice",
        "dcterms:accrualPeriodicity",
        "how often its progress is published, where it is said",
        "進捗が公表される頻度(分かる場合)",
        choices=FREQUENCIES,
    )
    sources: tuple[str, ...] = column(
        "sources", SOURCE, "lines of a report (2024-03-31#L13) or pages", "報告書の行(2024-03-31#L13)またはページ"
    )


@dataclass(frozen=True, slots=True)
class Policy(Record):
    """PROGRAMME/policies.csv: 基本政策."""

    file: ClassVar[str] = "*/policies.csv"

    id: str = column("id", "dcterms:identifier", "id, never changed within a term", "ID(任期中は変えない)")
    number: str | None = optional("text", "skos:notation", "number as printed, where one is", "印刷された番号(あれば)")
    title_ja: str = column("text", LABEL, "title as adopted", "名称(採用した表記)")
    title_en: str | None = optional("text", LABEL, "our unofficial English", "英訳(非公式)")
    source_lines: tuple[Source, ...] = column("lines", SOURCE, LINES_EN, LINES_JA)


@dataclass(frozen=True, slots=True)
class Pledge(Record):
    """PROGRAMME/pledges.csv: 公約."""

    file: ClassVar[str] = "*/pledges.csv"

    id: str = column("id", "dcterms:identifier", "id, never changed within a term", "ID(任期中は変えない)")
    policy: str | None = optional(
        "id", "dcterms:isPartOf", "id of its policy, empty where the city has none", "基本政策のID(ない市では空)"
    )
    number: str | None = optional("text", "skos:notation", "number as printed, where one is", "印刷された番号(あれば)")
    title_ja: str = column("text", LABEL, "title as adopted", "名称(採用した表記)")
    title_en: str | None = optional("text", LABEL, "our unofficial English", "英訳(非公式)")
    source_lines: tuple[Source, ...] = column("lines", SOURCE, LINES_EN, LINES_JA)


@dataclass(frozen=True, slots=True)
class Measure(Record):
    """PROGRAMME/measures.csv: 施策."""

    file: ClassVar[str] = "*/measures.csv"

    id: str = column("id", "dcterms:identifier", "id, never changed within a term", "ID(任期中は変えない)")
    pledge: str = column("id", "dcterms:isPartOf", "id of its pledge", "公約のID")
    number: str = column("text", "skos:notation", "number, as printed or by its place", "番号(印刷または順序による)")
    title_ja: str = column("text", LABEL, "title as adopted", "名称(採用した表記)")
    title_en: str | None = optional("text", LABEL, "our unofficial English", "英訳(非公式)")
    source_lines: tuple[Source, ...] = column("lines", SOURCE, LINES_EN, LINES_JA)
