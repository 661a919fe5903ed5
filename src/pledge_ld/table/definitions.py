"""The tables we publish of every city: each column once, with its words in both languages and what it states."""

from __future__ import annotations

from pledge_ld.table.column import Column, Table, key, link, texts, value, word
from pledge_ld.table.everything import EVERYTHING
from pledge_ld.table.parts import (
    ADOPTED,
    AS_OF,
    ASSESSMENT,
    DERIVED,
    FIGURES,
    ORIGIN,
    PLANS,
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

POLICIES = Table(
    "policies",
    words("基本政策", "Policies"),
    words("公約の基本政策。一行が一つの基本政策。", "The policies that group the pledges, one a row."),
    "Policy",
    (
        key("Policy", "基本政策", "policy"),
        identifier("基本政策", "policy", name="policy"),
        number("基本政策", "policy"),
        *label("基本政策", "policy"),
        link(
            "programme",
            "公約プログラム",
            "Programme",
            "dcterms:isPartOf",
            words("基本政策が属する公約プログラムのIRI。", "The programme that the policy is part of."),
            required=True,
        ),
        *STANDS_ON,
    ),
)
PLEDGES = Table(
    "pledges",
    words("公約", "Pledges"),
    words("首長の公約。一行が一つの公約。", "The mayor's pledges, one a row."),
    "Pledge",
    (
        key("Pledge", "公約", "pledge"),
        identifier("公約", "pledge", name="pledge"),
        number("公約", "pledge"),
        *label("公約", "pledge"),
        link(
            "part_of",
            "属する基本政策",
            "Part of",
            "dcterms:isPartOf",
            words(
                "公約が属する基本政策(なければ公約プログラム)のIRI。",
                "The policy that the pledge is part of, or the programme where a city has no policies.",
            ),
            required=True,
        ),
        *responsible(),
        *PLANS,
        *STANDS_ON,
    ),
)
MEASURES = Table(
    "measures",
    words("施策", "Measures"),
    words("公約を実現する施策。一行が一つの施策。", "What is done to keep the pledges, one measure a row."),
    "Measure",
    (
        key("Measure", "施策", "measure"),
        identifier("施策", "measure", name="measure"),
        number("施策", "measure"),
        *label("施策", "measure"),
        link(
            "part_of",
            "属する公約",
            "Part of",
            "dcterms:isPartOf",
            words("施策が属する公約(なければ基本政策)のIRI。", "The pledge, or policy, that the measure is part of."),
            required=True,
        ),
        *responsible(),
        *PLANS,
        *STANDS_ON,
    ),
)
ACTIONS = Table(
    "actions",
    words("取組事業内容", "Actions"),
    words(
        "施策について報告された取組。一行が一つの取組。",
        "What the report says was done for a measure, one action a row.",
    ),
    "Action",
    (
        key("Action", "取組", "action"),
        link(
            "measure",
            "施策",
            "Measure",
            "dcterms:isPartOf",
            words("取組が属する施策のIRI。", "The measure that the action is part of."),
            required=True,
        ),
        number("施策", "measure", name="measure_number", about="measure"),
        ASSESSMENT,
        value(
            "order",
            "順番",
            "Order",
            "pledge:order",
            words("施策の中で印刷された順番。", "Its place in the measure's list, as printed."),
            datatype="integer",
            required=True,
        ),
        *texts(
            "text",
            "取組の内容",
            "Text",
            "skos:prefLabel",
            words("取組の内容。", "What was done, in the report's words."),
            required=True,
        ),
        *STANDS_ON,
    ),
)
DEPARTMENTS = Table(
    "departments",
    words("担当部署", "Departments"),
    words("報告書に担当として記された部署。一行が一つの部署。", "The departments that the report names, one a row."),
    "Department",
    (
        key("Department", "部署", "department"),
        identifier("部署", "department", name="department"),
        *label("部署", "department"),
        Column(
            "reading",
            words("部署の読み", "Reading"),
            words("部署の名称のひらがなの読み。", "How the Japanese name is read, in hiragana."),
            "<http://www.w3.org/2004/02/skos/core#altLabel>",
            lang="ja-Hira",
        ),
        link(
            "municipality",
            "自治体",
            "Municipality",
            "org:unitOf",
            words("部署が属する自治体のIRI。", "The municipality that the department is a unit of."),
            required=True,
        ),
        link(
            "derived_from",
            "前身の部署",
            "Successor to",
            "prov:wasDerivedFrom",
            words("前身の部署のIRI。空白区切り。", "Departments it succeeds, parted by spaces."),
            many=True,
        ),
        *STANDS_ON,
    ),
)
SCORES = Table(
    "scores",
    words("進捗状況", "Scores"),
    words(
        "進捗の評価。印刷された値、計算した値、推定した値が一行ずつ。数えるのはadoptedがtrueの行。",
        "Progress scores: printed, computed and inferred, one a row. What counts are the rows with adopted = true.",
    ),
    "ProgressScore",
    (
        SCORE,
        THING,
        ASSESSMENT,
        AS_OF,
        ORIGIN,
        ADOPTED,
        *FIGURES,
        *READING,
        *texts(
            "explanation",
            "評価の説明",
            "Explanation",
            "pledge:explanation",
            words("自治体が公表した評価の説明。", "What the city says about the score."),
        ),
        *responsible(),
        DERIVED,
        *STANDS_ON,
    ),
)
NOTES = Table(
    "notes",
    words("データ注記", "Data notes"),
    words(
        "印刷と異なる読み、矛盾、欠落などの注記。一行が一つの注記。",
        "What is printed, what we adopted and why: misreadings, conflicts and gaps, one note a row.",
    ),
    "DataNote",
    (
        key("DataNote", "注記", "note"),
        word(
            "kind",
            "種類",
            "Kind",
            "dcterms:type",
            words("注記の種類。", "Misreading, Conflict, Missing, Displaced or InferredFigure."),
            required=True,
        ),
        link(
            "targets",
            "対象",
            "Targets",
            "oa:hasTarget",
            words("注記の対象のIRI。空白区切り。", "What the note is about, IRIs parted by spaces."),
            many=True,
            required=True,
        ),
        link(
            "on_properties",
            "対象の項目",
            "On properties",
            "pledge:onProperty",
            words("注記の対象となる項目のIRI。空白区切り。", "The properties it is about, IRIs parted by spaces."),
            many=True,
        ),
        value(
            "printed_value",
            "印刷された値",
            "Printed value",
            "pledge:printedValue",
            words("報告書に印刷されたままの文字。", "What the report prints."),
        ),
        value(
            "adopted_value",
            "採用した値",
            "Adopted value",
            "pledge:adoptedValue",
            words("採用した値。", "What we adopted."),
        ),
        link(
            "adopted_thing",
            "採用したもの",
            "Adopted thing",
            "pledge:adoptedThing",
            words("代わりに採用したもののIRI。", "What was adopted instead, as an IRI."),
        ),
        value(
            "uncertain",
            "不確か",
            "Uncertain",
            "pledge:uncertain",
            words("採用した読みが不確かか。", "Whether the reading adopted is uncertain."),
            datatype="boolean",
            required=True,
        ),
        *texts("comment", "説明", "Comment", "rdfs:comment", words("注記の説明。", "Why."), required=True),
        *STANDS_ON,
    ),
)

TABLES = (EVERYTHING, POLICIES, PLEDGES, MEASURES, ACTIONS, DEPARTMENTS, SCORES, NOTES)
"""Every table, in the order in which they are offered."""
