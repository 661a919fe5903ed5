"""The triples of a city → what its pages show of each thing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pledge_ld.site.item import ActionView, EvidenceView, ItemView, NoteView, Ref, ScoreView, Text
from pledge_ld.term import PLEDGE, Term, curie, document_of, language_of, value_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pledge_ld.graph import Index

LABEL, ALT_LABEL, NOTATION = (curie(f"skos:{name}") for name in ("prefLabel", "altLabel", "notation"))
IS_PART_OF, SOURCE, IDENTIFIER = (curie(f"dcterms:{name}") for name in ("isPartOf", "source", "identifier"))
TRUE = '"true"^^<http://www.w3.org/2001/XMLSchema#boolean>'
_MARKS = re.compile(r"</?[a-z][a-z0-9]*>")
"""Marks of bold print and the like in a report's text; the line itself, where a quote leads, shows them."""


class Views:
    """Reads views from one city's graph; each item is read once."""

    def __init__(self, index: Index, base: str, answers: dict[str, list[dict[str, str]]] | None = None) -> None:
        self.index = index
        self.base = base
        self.answers = answers or {}
        """The rows of saved queries over this city's graph alone, for what is drawn."""
        self._items: dict[Term, ItemView] = {}
        self._refs: dict[Term, Ref] = {}
        self._in_order: dict[str, list[Term]] = {}
        self._assessors: dict[Term, list[str]] = {}

    def over(self, index: Index) -> Views:
        """The same views over an index that says all this one says, and more of other things."""
        views = Views(index, self.base, self.answers)
        views._items, views._refs = self._items, self._refs
        return views

    def in_order(self, kind: str) -> list[Term]:
        """The things of a kind as a reader goes through them, 1-2 before 1-10."""
        found = self._in_order.get(kind)
        if found is None:
            found = self._in_order[kind] = sorted(self.index.of_type(PLEDGE[kind]), key=natural)
        return found

    def path(self, term: Term) -> str:
        """The IRI's path below the base, with its fragment; the whole IRI where it is not below."""
        return value_of(term).removeprefix(self.base)

    def term(self, path: str) -> Term:
        """The IRI of a path below the base."""
        return f"<{self.base}{path}>"

    def text(self, subject: Term, predicate: Term = LABEL) -> Text:
        """The literals by language."""
        return {language_of(one): value_of(one) for one in self.index.objects(subject, predicate)}

    def ref(self, term: Term) -> Ref:
        """A link to the node, labelled by what it is part of where it has no label itself."""
        found = self._refs.get(term)
        if found is None:
            path, _, fragment = self.path(term).partition("#")
            text, number = self.text(term), self.index.value(term, NOTATION)
            if not text and fragment:
                whole = document_of(term)
                text, number = self.text(whole), number or self.index.value(whole, NOTATION)
            found = self._refs[term] = Ref(path, fragment, number, text or {"ja": path.rpartition("/")[2]})
        return found

    def refs(self, terms: Iterable[Term]) -> list[Ref]:
        """Links to the nodes, in their order."""
        return [self.ref(one) for one in terms]

    def lines(self, subject: Term) -> list[Ref]:
        """The lines and pages that the node stands on, lines in the order of their numbers."""
        return sorted(self.refs(self.index.objects(subject, SOURCE)), key=lambda one: (one.path, natural(one.fragment)))

    def score(self, node: Term) -> ScoreView:
        """One score."""
        index = self.index
        stars, level = index.value(node, PLEDGE["stars"]), index.one(node, PLEDGE["level"])
        origin = local(index.value(node, PLEDGE["origin"]))
        # Only a query is worth a link: that a figure is printed or inferred is its origin, which the page says already.
        method = index.one(node, PLEDGE["method"]) if origin == "Computed" else None
        lines, report = self.lines(node), index.one(node, PLEDGE["inAssessment"])
        low, high = self._interval(node)
        return ScoreView(
            id=value_of(node).partition("#")[2],
            thing=self.path(index.one(node, PLEDGE["scoreOf"]) or ""),
            as_of=index.value(node, PLEDGE["asOf"]),
            origin=origin,
            adopted=index.one(node, PLEDGE["adopted"]) == TRUE,
            percent=index.value(node, PLEDGE["percent"]),
            stars=int(stars) if stars else None,
            level=self.ref(level) if level else None,
            low=low,
            high=high,
            rounding=local(index.value(node, PLEDGE["rounding"])),
            printed=index.value(node, PLEDGE["printedValue"]),
            method=self.ref(method) if method else None,
            lines=lines,
            quotes=[_MARKS.sub("", index.value(self._node(one), PLEDGE["sourceText"])) for one in lines],
            derived_from=self.refs(sorted(index.objects(node, curie("prov:wasDerivedFrom")), key=natural)),
            checked=index.value(node, PLEDGE["lastChecked"]),
            report=self.ref(report) if report else None,
            assessors=self.assessors(report) if report else [],
            interval_origin=self._interval_origin(node, level, origin),
        )

    def _interval(self, node: Term) -> tuple[str, str]:
        """From where to where a score or a level reaches."""
        return self.index.value(node, PLEDGE["percentAtLeast"]), self.index.value(node, PLEDGE["percentBelow"])

    def _interval_origin(self, score: Term, level: Term | None, origin: str) -> str:
        """The origin of a grade's interval: its level's, unless the score has one of its own."""
        found = self._interval(score)
        if not any(found) or origin == "Computed" or self.index.value(score, PLEDGE["percent"]):
            return ""
        if level and self._interval(level) == found:
            return local(self.index.value(level, PLEDGE["origin"])) or origin
        return origin

    def _node(self, ref: Ref) -> Term:
        return self.term(f"{ref.path}#{ref.fragment}" if ref.fragment else ref.path)

    def assessors(self, report: Term) -> list[str]:
        """Who graded in an assessment."""
        found = self._assessors.get(report)
        if found is None:
            found = [local(value_of(one)) for one in self.index.objects(report, PLEDGE["assessor"])]
            self._assessors[report] = found
        return found

    def evidence(self, score: Term) -> list[EvidenceView]:
        """The documents behind one score, in the order of their names."""
        index = self.index
        as_of = index.value(score, PLEDGE["asOf"])
        return [
            EvidenceView(
                value_of(one).partition("#")[2],
                as_of,
                self.text(one, curie("dcterms:title")),
                index.value(one, curie("foaf:page")),
                index.value(one, PLEDGE["page"]),
            )
            for one in sorted(index.objects(score, PLEDGE["evidence"]))
        ]

    def note(self, node: Term) -> NoteView:
        """One note."""
        index = self.index
        return NoteView(
            id=value_of(node).partition("#")[2],
            home=self.path(document_of(node)),
            kind=local(index.value(node, curie("dcterms:type"))),
            property=local(index.value(node, PLEDGE["onProperty"])),
            printed=index.value(node, PLEDGE["printedValue"]),
            adopted=index.value(node, PLEDGE["adoptedValue"]),
            uncertain=index.one(node, PLEDGE["uncertain"]) == TRUE,
            comment=self.text(node, curie("rdfs:comment")),
            targets=self.refs(index.objects(node, curie("oa:hasTarget"))),
            lines=self.lines(node),
        )

    def action(self, node: Term) -> ActionView:
        """One action."""
        index = self.index
        as_of = index.value(index.one(node, PLEDGE["inAssessment"]) or "", PLEDGE["asOf"])
        text = self.text(node).get("ja", "")
        return ActionView(
            value_of(node).partition("#")[2],
            as_of,
            int(index.value(node, PLEDGE["order"]) or 0),
            text,
            self.lines(node),
        )

    def item(self, node: Term) -> ItemView:
        """A programme, policy, pledge or measure."""
        found = self._items.get(node)
        if found is None:
            found = self._items[node] = self._item(node)
        return found

    def _item(self, node: Term) -> ItemView:
        index = self.index
        kind = next(kind for kind in ("Programme", "Policy", "Pledge", "Measure") if index.has_type(node, PLEDGE[kind]))
        scores = index.subjects(PLEDGE["scoreOf"], node)
        parts = index.subjects(IS_PART_OF, node)
        actions = [one for one in parts if index.has_type(one, PLEDGE["Action"])]
        return ItemView(
            ref=self.ref(node),
            kind=kind,
            id=index.value(node, IDENTIFIER),
            parents=self.parents(node),
            departments=self.refs(self.by_reading(index.objects(node, PLEDGE["responsibleDepartment"]))),
            lines=self.lines(node),
            scores=sorted((self.score(one) for one in scores), key=lambda one: (one.as_of, one.id)),
            notes=self.notes_on([node, *scores, *actions]),
            actions=sorted((self.action(one) for one in actions), key=lambda one: (one.as_of, one.order)),
            evidence=[found for one in sorted(scores, key=natural) for found in self.evidence(one)],
            children=[self.item(one) for one in sorted(parts, key=natural) if one not in actions],
        )

    def notes_on(self, nodes: Iterable[Term]) -> list[NoteView]:
        """The notes about any of the nodes, none twice."""
        found = {note: None for node in nodes for note in self.index.subjects(curie("oa:hasTarget"), node)}
        return [self.note(one) for one in sorted(found, key=natural)]

    def parents(self, node: Term) -> list[Ref]:
        """What it is part of, outermost first."""
        chain: list[Term] = []
        whole = self.index.one(node, IS_PART_OF)
        while whole and whole not in chain:
            chain.append(whole)
            whole = self.index.one(whole, IS_PART_OF)
        return self.refs(reversed(chain))

    def by_reading(self, departments: Iterable[Term]) -> list[Term]:
        """The departments in the order of their readings, as a Japanese reader looks them up."""
        return sorted(departments, key=lambda one: (self.index.value(one, ALT_LABEL), one))

    def programmes(self) -> list[ItemView]:
        """The programmes, latest first."""
        return [self.item(one) for one in sorted(self.index.of_type(PLEDGE["Programme"]), key=natural, reverse=True)]


def local(iri: str) -> str:
    """The part of an IRI after its hash or last slash."""
    return re.split(r"[#/]", iri)[-1]


def natural(text: str) -> list[tuple[int, str]]:
    """A sort key by which 1-10 follows 1-9.

    >>> sorted(["1-10", "1-9"], key=natural)
    ['1-9', '1-10']
    """
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d+)", text)]
