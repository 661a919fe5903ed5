"""The ontology and the shapes as pages: every term with its anchor, read from the Turtle."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pledge_ld.site.page import Page
from pledge_ld.term import NS, SHAPES, Term, compact, curie, language_of, value_of

if TYPE_CHECKING:
    from pledge_ld.graph import Index
    from pledge_ld.site.views import Text

_GROUPS = (
    ("classes", curie("owl:Class")),
    ("properties", curie("owl:ObjectProperty")),
    ("properties", curie("owl:DatatypeProperty")),
    ("schemes", curie("skos:ConceptScheme")),
    ("concepts", curie("skos:Concept")),
)
_LABELS = tuple(curie(name) for name in ("rdfs:label", "skos:prefLabel"))
_TEXTS = {curie(name) for name in ("rdfs:label", "skos:prefLabel", "skos:definition", "sh:message", "rdfs:isDefinedBy")}


@dataclass(frozen=True, slots=True)
class TermView:
    """One term: its anchor, its short name, its label and definition, and everything else that is said of it."""

    id: str
    name: str
    label: Text
    definition: Text
    facts: list[tuple[str, list[tuple[str, str]]]]


def _text(index: Index, node: Term, predicate: Term) -> Text:
    return {language_of(one): value_of(one) for one in index.objects(node, predicate)}


def _term(index: Index, node: Term, namespace: str, page: str, definition: Term) -> TermView:
    label = next((text for one in _LABELS if (text := _text(index, node, one))), {})
    facts = []
    for predicate, objects in index.by_subject[node].items():
        if predicate not in _TEXTS:
            values = [_value(one, namespace, page) for one in objects if not one.startswith("_:")]
            if values:
                facts.append((compact(predicate), values))
    name = compact(node)
    return TermView(value_of(node).removeprefix(namespace), name, label, _text(index, node, definition), facts)


def _value(term: Term, namespace: str, page: str) -> tuple[str, str]:
    value = value_of(term)
    if term[0] != "<":
        return f"{value} ({language_of(term)})" if language_of(term) else value, ""
    return compact(term), f"{page}.html#{value.removeprefix(namespace)}" if value.startswith(namespace) else ""


def ontology_page(index: Index) -> Page:
    """The vocabulary's page."""
    node = f"<{NS[:-1]}>"
    grouped: dict[str, list[TermView]] = {}
    for group, type_ in _GROUPS:
        for one in index.of_type(type_):
            if value_of(one).startswith(NS):
                grouped.setdefault(group, []).append(_term(index, one, NS, "ns", curie("skos:definition")))
    data = {
        "description": _text(index, node, curie("dcterms:description")),
        "namespace": NS,
        "groups": list(grouped.items()),
    }
    return Page("ns", "terms", _text(index, node, curie("dcterms:title")), data, "ns")


def shapes_page(index: Index, namespace: str = SHAPES) -> Page:
    """The shapes' page: what the data are held to, in both languages."""
    found = [one for one in index.by_subject if value_of(one).startswith(namespace)]
    terms = [_term(index, one, namespace, "shapes", curie("sh:message")) for one in found]
    title = {"ja": "検査の規則(SHACL)", "en": "Shapes (SHACL)"}
    description = {
        "ja": "データが守るべき規則です。違反は公開を止め、警告は注記として公開されます。",
        "en": "What the data are held to. A violation stops publication; a warning is published as a note.",
    }
    data = {"description": description, "namespace": namespace, "groups": [("shapes", terms)]}
    return Page("shapes", "terms", title, data, "shapes")
