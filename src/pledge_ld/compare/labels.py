"""The ontology → the names of its concepts, for output that people read."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pyoxigraph as ox

from pledge_ld.config import product
from pledge_ld.term import NS, PREFIXES

if TYPE_CHECKING:
    from pledge_ld.compare.model import Pair, Text

_LABEL = ox.NamedNode(f"{PREFIXES['skos']}prefLabel")
_NOTATION = ox.NamedNode(f"{PREFIXES['skos']}notation")


@cache
def _concepts() -> tuple[dict[str, dict[str, str]], dict[str, str]]:
    labels: dict[str, dict[str, str]] = {}
    notations: dict[str, str] = {}
    for path in sorted(product("ontology").glob("*.ttl")):
        for quad in ox.parse(path.read_bytes(), ox.RdfFormat.TURTLE):
            subject, value = quad.subject, quad.object
            if not isinstance(subject, ox.NamedNode) or not subject.value.startswith(NS):
                continue
            name = subject.value.removeprefix(NS)
            if quad.predicate == _LABEL and isinstance(value, ox.Literal) and value.language:
                labels.setdefault(name, {})[value.language] = value.value
            elif quad.predicate == _NOTATION and isinstance(value, ox.Literal):
                notations[value.value] = name
    return labels, notations


def concept_labels() -> dict[str, Text]:
    """Local name of a concept → its name in each language.

    >>> concept_labels()["TooFewItems"]["en"]
    'too few items'
    """
    return _concepts()[0]


def word_label(word: str) -> Text | None:
    """How people read a word of a rule: a concept's local name, or its notation."""
    labels, notations = _concepts()
    return labels.get(word) or labels.get(notations.get(word, ""))


def figure_words(figure: str, pair: Pair) -> tuple[tuple[str, Text], ...]:
    """The words of a reason's figure: each with its concept's local name, or "" for none, and how people read it."""
    labels, notations = _concepts()
    scales = {one.scale.iri: one.scale.title for one in (pair.one, pair.other) if one.scale}
    found = []
    for word in figure.split():
        name = word if word in labels else notations.get(word, "")
        found.append((name, labels.get(name) or scales.get(word) or {"": word}))
    return tuple(found)


def read_figure(figure: str, pair: Pair, language: str) -> str:
    """A reason's figure in one language."""
    words = (text.get(language) or next(iter(text.values())) for _, text in figure_words(figure, pair))
    return ("・" if language == "ja" else ", ").join(words)
