"""Triples → N-Triples and Turtle. The Turtle is for people: the thing first, its type first, known IRIs short."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pledge_ld.term import PREFIXES, Term, Triple, curie

if TYPE_CHECKING:
    from collections.abc import Iterable

_TYPE = curie("rdf:type")
_LOCAL = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_RELATIVE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*(?:/[A-Za-z0-9][A-Za-z0-9_-]*)*(?:#[A-Za-z0-9_-]+)?")
_XSD = PREFIXES["xsd"]
_BARE = {
    f"^^<{_XSD}integer>": re.compile(r"-?[0-9]+"),
    f"^^<{_XSD}decimal>": re.compile(r"-?[0-9]+\.[0-9]+"),
    f"^^<{_XSD}boolean>": re.compile(r"true|false"),
}


def as_ntriples(triples: Iterable[Triple]) -> str:
    """One line a triple, in the order given."""
    return "".join([f"{subject} {predicate} {object_} .\n" for subject, predicate, object_ in triples])


class Shortener:
    """Terms in Turtle's short forms, each worked out once: a build writes the same terms again and again."""

    __slots__ = ("base", "known")

    def __init__(self, base: str) -> None:
        self.base = base
        self.known: dict[Term, tuple[str, str]] = {_TYPE: ("a", "")}

    def __call__(self, term: Term) -> tuple[str, str]:
        """The term's short form, and the prefix it uses ("" for none, ":" for the base)."""
        short = self.known.get(term)
        if short is None:
            short = self.known[term] = self._shorten(term)
        return short

    def _shorten(self, term: Term) -> tuple[str, str]:
        if term[0] == "<":
            return self._iri(term[1:-1])
        tail = term[term.rindex('"') + 1 :] if term[0] == '"' else ""
        if not tail.startswith("^^"):
            return term, ""
        lexical = term[1 : -len(tail) - 1]
        if tail in _BARE and _BARE[tail].fullmatch(lexical):
            return lexical, ""
        datatype, prefix = self._iri(tail[3:-1])
        return f'"{lexical}"^^{datatype}', prefix

    def _iri(self, iri: str) -> tuple[str, str]:
        for prefix, namespace in PREFIXES.items():
            if iri.startswith(namespace) and _LOCAL.fullmatch(iri, len(namespace)):
                return f"{prefix}:{iri[len(namespace) :]}", prefix
        if iri.startswith(self.base) and _RELATIVE.fullmatch(iri, len(self.base)):
            return f"<{iri[len(self.base) :]}>", ":"
        return f"<{iri}>", ""


def as_turtle(triples: Iterable[Triple], first: Term, shorten: Shortener) -> str:
    """The triples as Turtle, ``first`` before its hash IRIs before all others; none may stand twice."""
    by_subject: dict[Term, dict[Term, list[Term]]] = {}
    for subject, predicate, object_ in triples:
        by_subject.setdefault(subject, {}).setdefault(predicate, []).append(object_)
    own = f"{first[:-1]}#"
    used = set()
    paragraphs = []
    for subject in sorted(by_subject, key=lambda one: (one != first, not one.startswith(own), one[:-1])):
        short, prefix = shorten(subject)
        used.add(prefix)
        lines = []
        statements = by_subject[subject]
        for predicate in sorted(statements, key=lambda one: (one != _TYPE, one)):
            verb, prefix = shorten(predicate)
            used.add(prefix)
            objects = []
            # Types the other way round: our own class stands before the one it is aligned with.
            for object_ in reversed(statements[predicate]) if predicate == _TYPE else statements[predicate]:
                text, prefix = shorten(object_)
                used.add(prefix)
                objects.append(text)
            lines.append(f"    {verb} " + " ,\n        ".join(objects))
        paragraphs.append(f"{short}\n" + " ;\n".join(lines) + " .\n")
    head = [f"@base <{shorten.base}> .\n"] if ":" in used else []
    head += [f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in PREFIXES.items() if prefix in used]
    return "".join(head) + "\n" + "\n".join(paragraphs)
