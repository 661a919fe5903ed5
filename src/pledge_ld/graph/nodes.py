"""Triples by subject and predicate: what every form that is written node by node begins with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pledge_ld.term import Term, Triple

if TYPE_CHECKING:
    from collections.abc import Iterable

Nodes = dict[Term, dict[Term, list[Term]]]


def grouped(triples: Iterable[Triple]) -> Nodes:
    """Subject → predicate → objects, each in the order in which they come.

    >>> grouped([("<a>", "<p>", "<b>"), ("<a>", "<p>", "<c>")])
    {'<a>': {'<p>': ['<b>', '<c>']}}
    """
    nodes: Nodes = {}
    for subject, predicate, object_ in triples:
        node = nodes.get(subject)
        if node is None:
            node = nodes[subject] = {}
        if predicate in node:
            node[predicate].append(object_)
        else:
            node[predicate] = [object_]
    return nodes


def in_order(nodes: Iterable[Term], first: Term) -> list[Term]:
    """The nodes of a document: ``first``, then its hash IRIs, then all others."""
    own = f"{first[:-1]}#"
    return sorted(nodes, key=lambda one: (one != first, not one.startswith(own), one[:-1]))
