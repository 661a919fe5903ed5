"""The terms our triples use, and the few patterns that every kind of record shares."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pledge_ld.term import Term, Triple, curie, tagged

if TYPE_CHECKING:
    from collections.abc import Iterator

A = curie("rdf:type")
LABEL, ALT_LABEL, NOTATION, DEFINITION = (
    curie(f"skos:{name}") for name in ("prefLabel", "altLabel", "notation", "definition")
)
IDENTIFIER, IS_PART_OF, SOURCE, TITLE = (
    curie(f"dcterms:{name}") for name in ("identifier", "isPartOf", "source", "title")
)
DERIVED_FROM = curie("prov:wasDerivedFrom")
ORIGIN = {
    "published": curie("pledge:Published"),
    "inferred": curie("pledge:Inferred"),
    "computed": curie("pledge:Computed"),
}
METHOD = {"published": curie("pledge:AsPrinted"), "inferred": curie("pledge:ByInference")}
"""How a figure that no query computed was come by; a computed one names its query."""
CONCEPTS = {
    "construct": {
        "degree-of-completion": "DegreeOfCompletion",
        "delivery-status": "DeliveryStatus",
        "schedule-adherence": "ScheduleAdherence",
        "target-attainment": "TargetAttainment",
        "expert-points": "ExpertPoints",
    },
    "assessor": {
        "department": "DepartmentAssessor",
        "planning-section": "PlanningSectionAssessor",
        "mayor": "MayorAssessor",
        "city": "CityAssessor",
        "external": "ExternalAssessor",
        "third-party": "ThirdPartyAssessor",
    },
    "rounding": {"floor": "Floor", "half-up": "HalfUp", "none": "NoRounding", "unknown": "UnknownRounding"},
    "calculation": {
        "mean-of-measures": "MeanOfMeasures",
        "mean-of-pledges": "MeanOfPledges",
        "mean-of-policies": "MeanOfPolicies",
    },
    "note": {
        "misreading": "Misreading",
        "conflict": "Conflict",
        "missing": "Missing",
        "displaced": "Displaced",
        "inferred": "InferredFigure",
    },
    "class": {"policy": "Policy", "pledge": "Pledge", "measure": "Measure"},
    "band": {
        "done": "Done",
        "under-way": "UnderWay",
        "not-begun-or-dropped": "NotBegunOrDropped",
        "not-assessed": "NotAssessed",
    },
    "match": {"exact": "ExactMatch", "close": "CloseMatch", "none": "NoMatch"},
}
_FREQUENCY = "http://publications.europa.eu/resource/authority/frequency/"
FREQUENCY = {
    "annual": f"<{_FREQUENCY}ANNUAL>",
    "semiannual": f"<{_FREQUENCY}ANNUAL_2>",
    "biennial": f"<{_FREQUENCY}BIENNIAL>",
    "quarterly": f"<{_FREQUENCY}QUARTERLY>",
    "monthly": f"<{_FREQUENCY}MONTHLY>",
    "continuous": f"<{_FREQUENCY}UPDATE_CONT>",
    "irregular": f"<{_FREQUENCY}IRREG>",
    "never": f"<{_FREQUENCY}NEVER>",
}
"""How often, in the EU's list, which portals know."""
LICENCE = "<https://creativecommons.org/licenses/by/4.0/>"


def concept(kind: str, notation: str) -> Term:
    """The concept that a record's word stands for.

    >>> concept("rounding", "floor")
    '<https://w3id.org/pledge-ld/ns#Floor>'
    """
    return curie(f"pledge:{CONCEPTS[kind][notation]}")


def typed(node: Term, *types: str) -> Iterator[Triple]:
    """The node is of these classes."""
    for one in types:
        yield node, A, curie(one)


def named(node: Term, ja: str, en: str | None) -> Iterator[Triple]:
    """The node has this label, in English too where there is one."""
    yield node, LABEL, tagged(ja, "ja")
    if en:
        yield node, LABEL, tagged(en, "en")
