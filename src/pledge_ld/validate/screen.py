"""Constraints in SPARQL, asked once of all their nodes instead of once a node: where none fires, nothing is wrong.

An engine runs each ``sh:sparql`` anew for every focus node, which is nine tenths of its time. Here the same SELECT,
with ``$this`` left open over the instances of the target class, answers for all of them. It only says whether there is
anything to find: what is found, and how it is put, is the engine's to say, which then runs as ever. A constraint that
does not plainly mean the same for all nodes as for each is left to the engine (docs/decisions/022).
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from pledge_ld.term import curie, value_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_WHERE = re.compile(r"\bWHERE\s*\{")
_THIS = re.compile(r"[$?]this\b")
_NOT_CODE = re.compile(r"""\"(?:[^"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|<[^<>\s]*>|#[^\n]*""")
_UNSAFE = re.compile(
    r"\b(?:MINUS|VALUES|LIMIT|OFFSET|SERVICE|GRAPH|EXISTS)\b|[$?](?:PATH|shapesGraph|currentShape)\b", re.IGNORECASE
)
_AGGREGATE = re.compile(r"\b(?:COUNT|SUM|AVG|MIN|MAX|SAMPLE|GROUP_CONCAT)\s*\(|\bHAVING\b", re.IGNORECASE)
_GROUPED = re.compile(r"\bGROUP\s+BY\s+[$?]this\b", re.IGNORECASE)
_SPARQL, _SELECT, _PROPERTY, _CLASS = (curie(f"sh:{name}") for name in ("sparql", "select", "property", "targetClass"))
_OTHER_TARGETS = frozenset(
    curie(f"sh:{name}") for name in ("target", "targetNode", "targetObjectsOf", "targetSubjectsOf")
)
_SUBCLASS = "<http://www.w3.org/2000/01/rdf-schema#subClassOf>"

Said = dict[str, dict[str, list[str]]]


class Screen(NamedTuple):
    """Some constraints in SPARQL as questions about all nodes; the shapes without those constraints, as N-Triples."""

    shapes: str
    questions: tuple[str, ...]

    def passes(self, store: ox.Store) -> bool:
        """Whether none of the questions finds anything in the store."""
        return not any(self._finds(store, one) for one in self.questions)

    @staticmethod
    def _finds(store: ox.Store, asked: str) -> bool:
        found = store.query(asked, use_default_graph_as_union=True)
        return isinstance(found, ox.QuerySolutions) and any(True for _ in found)


def question(select: str, class_: str, prefixes: str = "") -> str:
    r"""The constraint's SELECT over all instances of the class, or "" where that might mean something else.

    >>> question("SELECT $this ?value WHERE { $this ex:p ?value }", "<urn:C>")
    'SELECT $this ?value WHERE { $this a <urn:C> . $this ex:p ?value }\nLIMIT 1'
    >>> question("SELECT $this (COUNT(?x) AS ?n) WHERE { $this ex:p ?x }", "<urn:C>")
    ''
    """
    code = _NOT_CODE.sub(" ", select)
    plain = len(re.findall(r"\bSELECT\b", code, re.IGNORECASE)) == 1 == len(_WHERE.findall(select))
    if not plain or not _THIS.search(code) or _UNSAFE.search(code):
        return ""
    if _AGGREGATE.search(code) and not _GROUPED.search(code):
        return ""
    return f"{prefixes}{_WHERE.sub(f'WHERE {{ $this a {class_} .', select)}\nLIMIT 1"


@cache
def screen_of(shapes: str) -> Screen:
    """The shapes (Turtle) taken apart."""
    quads = list(ox.parse(shapes.encode(), ox.RdfFormat.TURTLE))
    said: Said = {}
    used: dict[str, list[tuple[str, str]]] = {}
    for quad in quads:
        subject, predicate, object_ = str(quad.subject), str(quad.predicate), str(quad.object)
        said.setdefault(subject, {}).setdefault(predicate, []).append(object_)
        used.setdefault(object_, []).append((subject, predicate))
    questions: list[str] = []
    screened: set[tuple[str, str]] = set()
    for shape, facts in said.items():
        for constraint in facts.get(_SPARQL, ()):
            about = said.get(constraint, {})
            classes = _classes(shape, said, used)
            prefixes = "".join(_prefixes(about, said))
            asked = [question(value_of(one), class_, prefixes) for one in about.get(_SELECT, ()) for class_ in classes]
            if asked and all(asked):
                questions += asked
                screened.add((shape, constraint))
    left = (
        one for one in quads if str(one.predicate) != _SPARQL or (str(one.subject), str(one.object)) not in screened
    )
    return Screen("".join(f"{one.triple} .\n" for one in left), tuple(questions))


def _classes(shape: str, said: Said, used: dict[str, list[tuple[str, str]]]) -> list[str]:
    """The classes whose instances are the shape's focus nodes; none where there are, or may be, other focus nodes."""
    users = used.get(shape, [])
    if any(predicate != _PROPERTY for _, predicate in users):
        return []
    found: set[str] = set()
    for owner in {shape, *(subject for subject, _ in users)}:
        facts = said[owner]
        if _OTHER_TARGETS & facts.keys() or (owner != shape and (used.get(owner) or _CLASS not in facts)):
            return []
        found.update(facts.get(_CLASS, ()))
    return sorted(found)


def _prefixes(about: dict[str, list[str]], said: Said) -> Iterator[str]:
    """The PREFIX lines that the constraint's declarations stand for."""
    for ontology in about.get(curie("sh:prefixes"), ()):
        for one in said.get(ontology, {}).get(curie("sh:declare"), ()):
            (name,), (namespace,) = said[one][curie("sh:prefix")], said[one][curie("sh:namespace")]
            yield f"PREFIX {value_of(name)}: <{value_of(namespace)}>\n"


def may_screen(ntriples: str) -> bool:
    """Whether every instance of a class says so itself: a subclass's instances are focus nodes too."""
    return _SUBCLASS not in ntriples
