"""Triples → compact JSON-LD by our own context. The shape is fixed: a context, and a flat graph of nodes.

A general compaction costs a hundred times as much and may order things anew each run; that this says the same as the
Turtle is held by a test with independent readers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from pledge_ld.graph.nodes import grouped, in_order
from pledge_ld.term import PREFIXES, Term, Triple, literal_of, value_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pledge_ld.graph.nodes import Nodes

_TYPE = f"<{PREFIXES['rdf']}type>"
_INTEGER, _BOOLEAN = (f"{PREFIXES['xsd']}{name}" for name in ("integer", "boolean"))


class Context:
    """A context, ready for use: which key a property has, and which form its values take."""

    __slots__ = ("classes", "keys", "short", "text")

    def __init__(self, content: bytes) -> None:
        context: dict[str, Any] = orjson.loads(content)["@context"]
        self.text = context
        prefixes = {
            key: value for key, value in context.items() if isinstance(value, str) and value.endswith(("#", "/"))
        }
        self.keys: dict[Term, tuple[str, str]] = {}
        self.classes: dict[Term, str] = {}
        self.short: dict[Term, str] = {}

        def expand(name: str) -> str:
            prefix, _, local = name.partition(":")
            return prefixes[prefix] + local if prefix in prefixes else name

        for key, value in context.items():
            if isinstance(value, dict):
                form = value.get("@container") or value.get("@type") or ""
                self.keys[f"<{expand(value['@id'])}>"] = (key, expand(form))
            elif key[0].isupper():
                self.classes[f"<{expand(value)}>"] = key

    def key(self, predicate: Term) -> tuple[str, str]:
        """The property's key, and its values' form: @id, @language, a datatype or ""."""
        return self.keys.get(predicate) or (value_of(predicate), "")


def as_jsonld(triples: Iterable[Triple], first: Term, context: Context) -> bytes:
    """The triples as a JSON-LD document, ``first`` before its hash IRIs before all others."""
    return jsonld_of(grouped(triples), first, context)


def jsonld_of(nodes: Nodes, first: Term, context: Context) -> bytes:
    """The same of triples that are grouped already."""
    graph = [_node(subject, nodes[subject], context) for subject in in_order(nodes, first)]
    return orjson.dumps(
        {"@context": context.text, "@graph": graph}, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    )


def _node(subject: Term, statements: dict[Term, list[Term]], context: Context) -> dict[str, Any]:
    node: dict[str, Any] = {"id": value_of(subject)}
    if _TYPE in statements:
        node["type"] = [_class(one, context) for one in reversed(statements[_TYPE])]
    for predicate, objects in statements.items():
        if predicate == _TYPE:
            continue
        key, form = context.key(predicate)
        if form == "@language":
            if by_language := _by_language(objects):
                node[key] = by_language
                continue
            # A value with no language has no place in a language map: the full IRI is a key with no such promise.
            key, form = value_of(predicate), ""
        node[key] = [_value(one, form) for one in objects] if len(objects) > 1 else _value(objects[0], form)
    return node


def _class(term: Term, context: Context) -> str:
    return context.classes.get(term) or value_of(term)


def _by_language(objects: list[Term]) -> dict[str, Any]:
    """The texts by their languages; nothing where any has none."""
    found: dict[str, Any] = {}
    for term in objects:
        value, tail = literal_of(term) if term[0] == '"' else ("", "")
        if not tail.startswith("@"):
            return {}
        language = tail[1:]
        if language in found:
            found[language] = [*(found[language] if isinstance(found[language], list) else [found[language]]), value]
        else:
            found[language] = value
    return found


def _value(term: Term, form: str) -> Any:
    if term[0] != '"':
        value = value_of(term)
        return value if form == "@id" else {"@id": value}
    value, tail = literal_of(term)
    if tail.startswith("@"):
        return {"@value": value, "@language": tail[1:]}
    datatype = tail[3:-1]
    if datatype != form:
        return {"@value": value, "@type": datatype} if datatype else {"@value": value} if form else value
    # Native numbers only where every reader turns them back into the same text; a decimal would become a double.
    if datatype == _INTEGER and str(int(value)) == value:
        return int(value)
    if datatype == _BOOLEAN and value in {"true", "false"}:
        return value == "true"
    return value
