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
_NAMESPACES = {namespace: prefix for prefix, namespace in PREFIXES.items()}
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


class Shortener(dict[Term, str]):
    """Terms in Turtle's short forms, each worked out once: a build writes the same terms again and again."""

    __slots__ = ("base", "prefixes")

    def __init__(self, base: str) -> None:
        super().__init__({_TYPE: "a"})
        self.base = base
        self.prefixes: dict[Term, str] = {_TYPE: ""}
        """The prefix that a term's short form uses: "" for none, ":" for the base."""

    def __missing__(self, term: Term) -> str:
        self[term], self.prefixes[term] = short, _ = self._shorten(term)
        return short

    def _shorten(self, term: Term) -> tuple[str, str]:
        if term[-1] != ">":
            return term, ""
        if term[0] == "<":
            return self._iri(term[1:-1])
        tail = term[term.rindex('"') + 1 :]
        lexical = term[1 : -len(tail) - 1]
        if tail in _BARE and _BARE[tail].fullmatch(lexical):
            return lexical, ""
        datatype, prefix = self._iri(tail[3:-1])
        return f'"{lexical}"^^{datatype}', prefix

    def _iri(self, iri: str) -> tuple[str, str]:
        # A local name has neither "/" nor "#", so that the namespace can only end at the last of them.
        end = max(iri.rfind("/"), iri.rfind("#")) + 1
        if (prefix := _NAMESPACES.get(iri[:end])) and _LOCAL.fullmatch(iri, end):
            return f"{prefix}:{iri[end:]}", prefix
        if iri.startswith(self.base) and _RELATIVE.fullmatch(iri, len(self.base)):
            return f"<{iri[len(self.base) :]}>", ":"
        return f"<{iri}>", ""


def as_turtle(triples: Iterable[Triple], first: Term, shorten: Shortener) -> str:
    """The triples as Turtle, ``first`` before its hash IRIs before all others; none may stand twice."""
    return turtle_of(grouped(triples), first, shorten)


def turtle_of(nodes: Nodes, first: Term, shorten: Shortener) -> str:
    """The same of triples that are grouped already."""
    paragraphs = []
    for subject in in_order(nodes, first):
        lines = []
        statements = nodes[subject]
        for predicate in _type_first(statements):
            objects = statements[predicate]
            if len(objects) == 1:
                lines.append(f"    {shorten[predicate]} {shorten[objects[0]]}")
                continue
            # Types the other way round: our own class stands before the one it is aligned with.
            ordered = reversed(objects) if predicate == _TYPE else objects
            lines.append(f"    {shorten[predicate]} " + " ,\n        ".join([shorten[one] for one in ordered]))
        paragraphs.append(f"{shorten[subject]}\n" + " ;\n".join(lines) + " .\n")
    used = _used(nodes, shorten.prefixes)
    head = [f"@base <{shorten.base}> .\n"] if ":" in used else []
    head += [f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in PREFIXES.items() if prefix in used]
    return "".join(head) + "\n" + "\n".join(paragraphs)


def _used(nodes: Nodes, prefixes: dict[Term, str]) -> set[str]:
    """The prefixes of all terms that have been written."""
    terms = set(nodes).union(*nodes.values())
    objects = {prefixes[one] for statements in nodes.values() for objects in statements.values() for one in objects}
    return objects | {prefixes[one] for one in terms}


def _type_first(predicates: Iterable[Term]) -> list[Term]:
    ordered = sorted(predicates)
    if _TYPE in ordered:
        ordered.remove(_TYPE)
        ordered.insert(0, _TYPE)
    return ordered
