"""Triples → N-Triples and Turtle. The Turtle is for people: the thing first, its type first, known IRIs short."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pledge_ld.graph.nodes import grouped, in_order
from pledge_ld.term import PREFIXES, Term, Triple, curie

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pledge_ld.graph.nodes import Nodes

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


def as_nquads(ntriples: bytes, graph: Term) -> bytes:
    """The triples of `as_ntriples`, as they lie in a file, in a named graph."""
    return ntriples.replace(b" .\n", f" {graph} .\n".encode())


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
    return turtle_of(grouped(triples), first, shorten)


def turtle_of(nodes: Nodes, first: Term, shorten: Shortener) -> str:
    """The same of triples that are grouped already."""
    used: set[str] = set()
    paragraphs = []
    for subject in in_order(nodes, first):
        short, prefix = shorten(subject)
        used.add(prefix)
        lines = []
        statements = nodes[subject]
        for predicate in sorted(statements, key=_type_first):
            verb, prefix = shorten(predicate)
            used.add(prefix)
            objects = [shorten(one) for one in statements[predicate]]
            used.update([prefix for _, prefix in objects])
            if predicate == _TYPE:
                # Types the other way round: our own class stands before the one it is aligned with.
                objects.reverse()
            lines.append(f"    {verb} " + " ,\n        ".join([text for text, _ in objects]))
        paragraphs.append(f"{short}\n" + " ;\n".join(lines) + " .\n")
    head = [f"@base <{shorten.base}> .\n"] if ":" in used else []
    head += [f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in PREFIXES.items() if prefix in used]
    return "".join(head) + "\n" + "\n".join(paragraphs)


def _type_first(predicate: Term) -> tuple[bool, Term]:
    return predicate != _TYPE, predicate
