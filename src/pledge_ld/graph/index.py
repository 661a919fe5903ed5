"""Triples by subject, by object and by document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pledge_ld.graph.nodes import grouped
from pledge_ld.term import Term, Triple, curie, document_of, language_of, value_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

TYPE = curie("rdf:type")


class Index:
    """The triples of a graph, sorted, looked up in constant time. Read-only once made."""

    __slots__ = ("by_document", "by_subject", "incoming", "triples")

    def __init__(self, triples: Iterable[Triple]) -> None:
        self.triples: list[Triple] = list(dict.fromkeys(sorted(triples)))
        self.by_subject = grouped(self.triples)
        self.incoming: dict[Term, list[tuple[Term, Term]]] = {}
        for subject, predicate, object_ in self.triples:
            if object_[0] == "<":
                self.incoming.setdefault(object_, []).append((subject, predicate))
        self.by_document: dict[Term, list[Term]] = {}
        for subject in self.by_subject:
            self.by_document.setdefault(document_of(subject), []).append(subject)

    def objects(self, subject: Term, predicate: Term) -> list[Term]:
        """What the subject says by the predicate, in the order of the terms."""
        return self.by_subject.get(subject, {}).get(predicate, [])

    def one(self, subject: Term, predicate: Term) -> Term | None:
        """The first object, or None."""
        found = self.objects(subject, predicate)
        return found[0] if found else None

    def value(self, subject: Term, predicate: Term) -> str:
        """The first object's value, or ""."""
        found = self.objects(subject, predicate)
        return value_of(found[0]) if found else ""

    def in_language(self, subject: Term, predicate: Term, language: str) -> str:
        """The value in the language, or ""."""
        for term in self.objects(subject, predicate):
            if language_of(term) == language:
                return value_of(term)
        return ""

    def subjects(self, predicate: Term, object_: Term) -> list[Term]:
        """Who says this of the object."""
        return [subject for subject, by in self.incoming.get(object_, ()) if by == predicate]

    def of_type(self, type_: Term) -> list[Term]:
        """All instances of a class, in the order of their IRIs."""
        return self.subjects(TYPE, type_)

    def has_type(self, subject: Term, type_: Term) -> bool:
        """Whether the subject says it is of the class."""
        return type_ in self.objects(subject, TYPE)

    def document(self, document: Term) -> Iterator[Triple]:
        """One document: the thing, its hash IRIs, and what links to them from elsewhere."""
        subjects = self.by_document.get(document, ())
        for subject in subjects:
            for predicate, objects in self.by_subject[subject].items():
                for object_ in objects:
                    yield subject, predicate, object_
        for subject in subjects:
            for other, predicate in self.incoming.get(subject, ()):
                if document_of(other) != document:
                    yield other, predicate, subject
