"""The pages of the vocabulary and of the shapes: every term with its anchor, read from the Turtle."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pledge_ld.site.page import Page
from pledge_ld.term import NS, SHAPES, Term, compact, curie, language_of, value_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pledge_ld.graph import Index
    from pledge_ld.site.item import Text

_GROUPS = {
    "classes": ("owl:Class",),
    "properties": ("owl:ObjectProperty", "owl:DatatypeProperty"),
    "structures": ("qb:DataStructureDefinition",),
    "components": ("qb:ComponentSpecification",),
    "schemes": ("skos:ConceptScheme",),
    "concepts": ("skos:Concept",),
    "people": ("foaf:Group",),
}
_LABELS = tuple(curie(name) for name in ("rdfs:label", "skos:prefLabel"))
_HIDDEN = {
    curie(name)
    for name in ("rdfs:label", "skos:prefLabel", "skos:definition", "sh:message", "rdfs:isDefinedBy", "owl:deprecated")
}
_ORDER = {
    curie(name): place
    for place, name in enumerate(
        ("rdf:type", "rdfs:subClassOf", "rdfs:subPropertyOf", "rdfs:domain", "rdfs:range", "qb:component")
    )
}
_USED = tuple(curie(name) for name in ("rdfs:subClassOf", "rdfs:domain", "rdfs:range", "qb:component"))
"""Statements that a reader also looks for from the other end: which classes, properties and structures use a term."""
_TYPE, _SUBCLASS, _CLASS = (curie(name) for name in ("rdf:type", "rdfs:subClassOf", "owl:Class"))
_TRUE = '"true"^^<http://www.w3.org/2001/XMLSchema#boolean>'


@dataclass(frozen=True, slots=True)
class Value:
    """What a statement says: a text by language, and where it leads. ``path`` is of this site, ``address`` outside."""

    text: Text
    path: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing said of a term, or of others about it (``used``). ``key`` names its heading in the locales."""

    key: str
    name: str
    values: list[Value]
    used: bool = False


@dataclass(frozen=True, slots=True)
class TermView:
    """One term: its anchor, its short name, its label and definition, and everything else that is said of it."""

    id: str
    name: str
    label: Text
    definition: Text
    deprecated: bool
    facts: list[Fact]


@dataclass(frozen=True, slots=True)
class Branch:
    """A class and the classes below it."""

    value: Value
    label: Text
    below: list[Branch]


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads the terms of one namespace, which all stand on one page."""

    index: Index
    namespace: str
    page: str
    definition: Term

    def text(self, node: Term, predicate: Term) -> Text:
        """The literals by language."""
        return {language_of(one): value_of(one) for one in self.index.objects(node, predicate)}

    def label(self, node: Term) -> Text:
        """What the term is called."""
        return next((text for one in _LABELS if (text := self.text(node, one))), {})

    def term(self, node: Term) -> TermView:
        """One term, with what others say of it."""
        said = self.index.by_subject[node]
        facts = [
            Fact(_key(one), compact(one), values)
            for one in sorted(said, key=lambda one: (_ORDER.get(one, len(_ORDER)), one))
            if one not in _HIDDEN and (values := self.values(said[one]))
        ]
        facts += [
            Fact(_key(one), f"^{compact(one)}", users, used=True)
            for one in _USED
            if (users := self.values(sorted(self.index.subjects(one, node))))
        ]
        return TermView(
            self.anchor(node),
            compact(node),
            self.label(node),
            self.text(node, self.definition),
            self.index.one(node, curie("owl:deprecated")) == _TRUE,
            facts,
        )

    def anchor(self, node: Term) -> str:
        """The term's anchor on the page."""
        return value_of(node).removeprefix(self.namespace)

    def values(self, objects: Iterable[Term]) -> list[Value]:
        """What is said, the same text in several languages as one. Blank nodes say nothing that can be shown."""
        found, texts = [], {}
        for one in objects:
            if language_of(one) and language_of(one) not in texts:
                texts[language_of(one)] = value_of(one)
            elif not one.startswith("_:"):
                found.append(self.value(one))
        return [Value(texts), *found] if texts else found

    def value(self, term: Term) -> Value:
        """A literal, a term of this page or of the vocabulary, or something elsewhere."""
        value = value_of(term)
        if term[0] != "<":
            return Value({language_of(term): value})
        if value.startswith(self.namespace):
            return Value({"": compact(term)}, path=f"{self.page}.html#{self.anchor(term)}")
        if value.startswith(NS):
            return Value({"": compact(term)}, path=f"ns.html#{value.removeprefix(NS)}")
        return Value({"": compact(term)}, address=value)

    def own(self, types: Iterable[str]) -> list[Term]:
        """Our own terms of these types, in the order of their names."""
        found = {one for type_ in types for one in self.index.of_type(curie(type_))}
        return sorted(one for one in found if value_of(one).startswith(self.namespace))

    def branches(self) -> list[Branch]:
        """The classes, each below those it is a subclass of; at the top those of others, and those below none."""
        own = self.own(["owl:Class"])
        parents = {one: self.index.objects(one, _SUBCLASS) for one in own}
        above = {parent for found in parents.values() for parent in found}
        top = sorted({one for one in {*above, *own} if not parents.get(one)}, key=compact)
        return [self.branch(one, own, parents, ()) for one in top]

    def branch(self, node: Term, own: list[Term], parents: dict[Term, list[Term]], above: tuple[Term, ...]) -> Branch:
        """One class with those below it; a class that is its own ancestor is not gone into again."""
        chain = (*above, node)
        below = [self.branch(one, own, parents, chain) for one in own if node in parents[one] and one not in chain]
        return Branch(self.value(node), self.label(node), below)


def _key(predicate: Term) -> str:
    return compact(predicate).replace(":", "_")


def ontology_page(index: Index) -> Page:
    """The vocabulary's page."""
    node = f"<{NS[:-1]}>"
    read = _Reader(index, NS, "ns", curie("skos:definition"))
    groups = [(group, [read.term(one) for one in read.own(types)]) for group, types in _GROUPS.items()]
    data = {
        "description": read.text(node, curie("dcterms:description")),
        "namespace": NS,
        "groups": [(group, terms) for group, terms in groups if terms],
        "branches": read.branches(),
        "header": {
            name: index.value(node, curie(predicate))
            for name, predicate in (
                ("version", "owl:versionInfo"),
                ("issued", "dcterms:issued"),
                ("modified", "dcterms:modified"),
                ("licence", "dcterms:license"),
            )
        },
        "creators": read.values(index.objects(node, curie("dcterms:creator"))),
        "citation": read.text(node, curie("dcterms:bibliographicCitation")),
    }
    return Page("ns", "terms", read.text(node, curie("dcterms:title")), data, "ns")


def shapes_page(index: Index, namespace: str = SHAPES) -> Page:
    """The shapes' page: what the data are held to, in both languages."""
    read = _Reader(index, namespace, "shapes", curie("sh:message"))
    terms = [read.term(one) for one in index.by_subject if value_of(one).startswith(namespace)]
    title = {"ja": "検査の規則(SHACL)", "en": "Shapes (SHACL)"}
    description = {
        "ja": "データが守るべき規則です。違反は公開を止め、警告は注記として公開されます。",
        "en": "What the data are held to. A violation stops publication; a warning is published as a note.",
    }
    data = {
        "description": description,
        "namespace": namespace,
        "groups": [("shapes", terms)],
        "branches": [],
        "header": {},
    }
    return Page("shapes", "terms", title, data, "shapes")
