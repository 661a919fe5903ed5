"""Triples → lots that can be checked one after another: what no statement links is checked apart.

SHACL engines take twice the things four times as long (29 cities together: minutes; one after another: seconds). Rules
look along statements, so two cities that share nothing described here cannot break one together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from pledge_ld.term import Term, Triple

ENOUGH = 4000
"""Triples with which a lot is full: about a city's. Small things go together, for each lot has its cost."""


def apart(triples: Collection[Triple], enough: int = ENOUGH) -> Iterator[list[Triple]]:
    """The triples in lots: those that statements link to one another stay together, in the order of their first.

    >>> [len(one) for one in apart([("<a>", "<p>", "<b>"), ("<c>", "<p>", "<x>"), ("<b>", "<p>", "<x>")], enough=1)]
    [2, 1]
    """
    above: dict[Term, Term] = {subject: subject for subject, _, _ in triples}

    def top(term: Term) -> Term:
        while (parent := above[term]) != term:
            above[term] = term = above[parent]
        return term

    for subject, _, object_ in triples:
        if object_ in above:
            one, other = top(subject), top(object_)
            if one != other:
                above[other] = one
    linked: dict[Term, list[Triple]] = {}
    for triple in triples:
        linked.setdefault(top(triple[0]), []).append(triple)
    lot: list[Triple] = []
    for together in linked.values():
        lot += together
        if len(lot) >= enough:
            yield lot
            lot = []
    if lot:
        yield lot
