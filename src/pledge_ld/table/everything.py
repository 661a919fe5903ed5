"""The one tidy table: a row a score, with all of its context beside it."""

from __future__ import annotations

from pledge_ld.table.column import Column, Table, instance, link, value, word
from pledge_ld.table.parts import (
    ADOPTED,
    AS_OF,
    ASSESSMENT,
    FIGURES,
    ORIGIN,
    READING,
    SCORE,
    STANDS_ON,
    THING,
    identifier,
    label,
    number,
    responsible,
    words,
)

_PLACE: tuple[Column, ...] = (
    link(
        "municipality",
        "自治体",
        "Municipality",
        "pledge:municipality",
        words("自治体のIRI。", "The municipality, as an IRI."),
        about="programme",
        required=True,
    ),
    value(
        "municipality_code",
        "全国地方公共団体コード",
        "Municipality code",
        "dcterms:identifier",
        words(
            "6桁の全国地方公共団体コード。先頭の0に注意。",
            "Japan's six-digit code of the municipality: text, it may begin with 0.",
        ),
        about="municipality",
        required=True,
    ),
    *label("自治体", "municipality", name="municipality", about="municipality"),
    link(
        "programme",
        "公約プログラム",
        "Programme",
        "pledge:programme",
        words("一人の首長の一期分の公約のIRI。", "One mayor's pledges for one term, as an IRI."),
        about="assessment",
        required=True,
    ),
    *label("公約プログラム", "programme", name="programme", about="programme"),
    link(
        "mayor",
        "首長",
        "Mayor",
        "dcterms:creator",
        words("公約を掲げた首長のIRI。", "The mayor whose pledges they are, as an IRI."),
        about="programme",
    ),
    *label("首長", "mayor", name="mayor", about="mayor", required=False),
)
_WHOLES: tuple[Column, ...] = tuple(
    column
    for kind, ja, en in (("Policy", "基本政策", "policy"), ("Pledge", "公約", "pledge"), ("Measure", "施策", "measure"))
    for column in (
        instance(
            kind,
            ja,
            en,
            words(
                f"評価の対象が{ja}であるか、{ja}に属するときの、その{ja}のIRI。",
                f"The {en} that was scored, or that what was scored is part of.",
            ),
            about="thing",
        ),
        identifier(ja, en, name=en, about=en, required=False),
        number(ja, en, name=f"{en}_number", about=en),
        *label(ja, en, name=en, about=en, required=False),
    )
)
_ROUND: tuple[Column, ...] = (
    ASSESSMENT,
    *label("評価回", "assessment", name="assessment", about="assessment"),
    AS_OF,
    value(
        "published",
        "報告書の公表年月",
        "Published",
        "dcterms:date",
        words("報告書が公表された年月。", "The month in which the report was published."),
        datatype="gYearMonth",
        about="assessment",
    ),
    link(
        "scale",
        "尺度",
        "Scale",
        "pledge:scale",
        words("評価の尺度のIRI。", "The scale of the grading, as an IRI."),
        about="assessment",
    ),
    *label("尺度", "scale", name="scale", about="scale", required=False),
    word(
        "construct",
        "測るもの",
        "Construct",
        "pledge:construct",
        words(
            "尺度が測るもの。異なるものは比べられない。",
            "What the scale measures; figures of different constructs do not compare.",
        ),
        about="scale",
    ),
)
_KIND = word(
    "kind",
    "対象の種類",
    "Kind",
    "rdf:type",
    words(
        "評価の対象の種類: Programme、Policy、Pledge、Measure。",
        "The class of what was scored: Programme, Policy, Pledge or Measure.",
    ),
    about="thing",
    required=True,
)
EVERYTHING = Table(
    "everything",
    words("すべて（整然データ）", "Everything (tidy)"),
    words(
        "一行が一つの評価。自治体、公約、施策、尺度、担当部署などの文脈をすべて同じ行に持つ。数えるのはadoptedがtrueの行。",
        "One row a score, with all its context in the same row: city, pledge, measure, scale, departments. "
        "What counts are the rows with adopted = true.",
    ),
    "ProgressScore",
    (
        SCORE,
        *_PLACE,
        *_ROUND,
        _KIND,
        THING,
        *_WHOLES,
        ORIGIN,
        ADOPTED,
        *FIGURES,
        *label("段階", "level", name="level", about="level", required=False),
        *READING,
        *responsible("thing"),
        *STANDS_ON,
    ),
)
