"""Columns that several tables share, each described once."""

from __future__ import annotations

from pledge_ld.table.column import Column, Text, key, link, numbers, texts, value, word


def words(ja: str, en: str) -> Text:
    """A text in both languages."""
    return {"ja": ja, "en": en}


def identifier(ja: str, en: str, *, name: str, about: str = "", required: bool = True) -> Column:
    """The record's own id, as a column."""
    description = words(
        f"{ja}の識別子。任期中は変わらない。", f"The identifier of the {en}; it never changes within a term."
    )
    return value(
        f"{name}_id",
        f"{ja}の識別子",
        f"{en} id".capitalize(),
        "dcterms:identifier",
        description,
        about=about,
        required=required,
    )


def number(ja: str, en: str, *, name: str = "number", about: str = "") -> Column:
    """The printed number, as a column."""
    description = words(
        f"報告書に印刷された{ja}の番号(Ⅰ-2など)。", f"The number that the report prints for the {en}, such as Ⅰ-2."
    )
    return value(name, f"{ja}の番号", f"{en} number".capitalize(), "skos:notation", description, about=about)


def label(ja: str, en: str, *, name: str = "label", about: str = "", required: bool = True) -> tuple[Column, Column]:
    """The name, as a column in each language."""
    description = words(
        f"{ja}の名称。英語は非公式の訳。", f"The name or wording of the {en}; the English is unofficial."
    )
    return texts(
        name, f"{ja}の名称", f"{en} name".capitalize(), "skos:prefLabel", description, about=about, required=required
    )


STANDS_ON: tuple[Column, ...] = (
    numbers(
        "source_lines",
        "出典の行番号",
        "Source lines",
        "pledge:sourceLine",
        words(
            "根拠となる報告書の行の番号。空白区切り。",
            "Numbers of the report's lines this stands on, parted by spaces.",
        ),
        about="sources",
    ),
    link(
        "sources",
        "出典",
        "Sources",
        "dcterms:source",
        words(
            "根拠となる報告書の行または資料のIRI。空白区切り。",
            "IRIs of the report's lines or the pages this stands on, parted by spaces.",
        ),
        many=True,
    ),
)


def responsible(about: str = "") -> tuple[Column, ...]:
    """The responsible departments, by name and by IRI: of the row, or of what it is ``about``."""
    ja, en = ("最新の評価回による。", " As of the latest assessment.") if about else ("", "")
    return (
        *texts(
            "departments",
            "担当部署",
            "Departments",
            "skos:prefLabel",
            words(
                f"担当部署の名称。{ja}「|」区切り(名称の中の「|」は「｜」と書く)。",
                f"Names of the responsible departments, parted by “|” (one in a name is written “｜”).{en}",
            ),
            about="departments",
            many=True,
        ),
        link(
            "departments",
            "担当部署のIRI",
            "Department IRIs",
            "pledge:responsibleDepartment",
            words(
                f"担当部署のIRI。{ja}空白区切り。",
                f"IRIs of the responsible departments, parted by spaces.{en}",
            ),
            about=about,
            many=True,
        ),
    )


PLANS: tuple[Column, ...] = (
    value(
        "due_date",
        "期限",
        "Due date",
        "pledge:dueDate",
        words("自治体が公表した期限。", "The day by which the city says it will be done."),
        datatype="date",
    ),
    *texts(
        "target", "目標", "Target", "pledge:target", words("自治体が公表した目標。", "The target the city publishes.")
    ),
    value(
        "budget",
        "予算(円)",
        "Budget (yen)",
        "pledge:budget",
        words("自治体が公表した予算。単位は円。", "The budget the city publishes, in Japanese yen."),
        datatype="decimal",
    ),
)

SCORE = key("ProgressScore", "評価", "score")
ASSESSMENT = link(
    "assessment",
    "評価回",
    "Assessment",
    "pledge:inAssessment",
    words("どの回の取組状況報告によるか。", "The round of grading, that is the report, it belongs to."),
    required=True,
)
THING = link(
    "thing",
    "評価の対象",
    "Thing scored",
    "pledge:scoreOf",
    words(
        "評価された公約プログラム、政策、公約または施策のIRI。",
        "The programme, policy, pledge or measure the score is of.",
    ),
    required=True,
)
AS_OF = value(
    "as_of",
    "時点",
    "As of",
    "pledge:asOf",
    words("数値が表す日。公表日ではない。", "The day the figure describes, not the day it was published."),
    datatype="date",
    required=True,
)
ORIGIN = word(
    "origin",
    "由来",
    "Origin",
    "pledge:origin",
    words(
        "Published: 報告書に印刷された値。Computed: 計算した値。Inferred: 推定した値。",
        "Published as printed in the report, Computed by a saved query, or Inferred by us.",
    ),
    required=True,
)
ADOPTED = value(
    "adopted",
    "採用",
    "Adopted",
    "pledge:adopted",
    words(
        "採用した値か。対象と評価回ごとに真は一つだけ。",
        "Whether this is the figure that counts: true for exactly one score a thing and assessment.",
    ),
    datatype="boolean",
    required=True,
)
LEVEL = link(
    "level",
    "段階",
    "Level",
    "pledge:level",
    words("評価の尺度の段階のIRI。", "The level of the scale, as an IRI."),
)
FIGURES: tuple[Column, ...] = (
    value(
        "percent",
        "達成率(%)",
        "Percent",
        "pledge:percent",
        words("百分率で示された値。", "The figure where it is given in percent."),
        datatype="decimal",
    ),
    value(
        "percent_at_least",
        "達成率の下限(%)",
        "Percent at least",
        "pledge:percentAtLeast",
        words("値が意味する区間の下限(含む)。", "Lower end, included, of the interval that the figure means."),
        datatype="decimal",
    ),
    value(
        "percent_below",
        "達成率の上限(%)",
        "Percent below",
        "pledge:percentBelow",
        words("値が意味する区間の上限(含まない)。", "Upper end, excluded, of the interval that the figure means."),
        datatype="decimal",
    ),
    value(
        "stars",
        "星の数",
        "Stars",
        "pledge:stars",
        words("10段階評価の星の数。", "Stars from 0 to 10, on a ten-step scale."),
        datatype="integer",
    ),
    LEVEL,
)
READING: tuple[Column, ...] = (
    word(
        "rounding",
        "端数処理",
        "Rounding",
        "pledge:rounding",
        words("印刷された値の端数処理。", "How the printed figure was rounded."),
    ),
    value(
        "printed_value",
        "印刷された値",
        "Printed value",
        "pledge:printedValue",
        words(
            "数値として読めない場合の、印刷されたままの文字。",
            "The print as it stands, where it cannot be read as a figure.",
        ),
    ),
    link(
        "method",
        "計算方法",
        "Method",
        "pledge:method",
        words(
            "値を得た方法のIRI。計算した値では計算に使った問い合わせ、ほかでは「印刷のとおり」か「推定による」。",
            "How the figure was come by: the saved query that computed it, or else as printed or by inference.",
        ),
    ),
)
DERIVED = link(
    "derived_from",
    "もとの評価",
    "Derived from",
    "prov:wasDerivedFrom",
    words(
        "計算または推定のもとにした評価のIRI。空白区切り。",
        "Scores it was computed or inferred from, parted by spaces.",
    ),
    many=True,
)
