"""Triples against the shapes and the ontology → problems on the very row that can be mended.

pyshacl is the reference; the engine used by default is faster by two orders, and a test holds the two equal
(docs/decisions/003). The city's arithmetic is checked only where the structure holds: one fault, one message.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from pledge_ld.config import product
from pledge_ld.problem import PledgeError, Problem
from pledge_ld.record import Record, cell
from pledge_ld.term import NS, SHAPES, Term, compact, curie, language_of, value_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from pledge_ld.term import Triple

ENGINES = ("shacl", "pyshacl")
CONSISTENCY = "consistency"
"""The shapes file that holds the city's own arithmetic."""

_JAPANESE = re.compile(r"[ぁ-ヿ一-鿿]")


@dataclass(frozen=True, slots=True, order=True)
class Result:
    """One SHACL result, terms in N-Triples; ``path`` is a property's IRI, without the ^ of an inverse."""

    focus: Term
    path: Term
    value: Term
    shape: Term
    component: str
    severity: str
    messages: tuple[str, ...]


@cache
def shapes_text(part: str) -> str:
    """The shapes as Turtle: ``structure``, ``consistency``, or ``all``."""
    files = sorted(product("shapes").glob("*.ttl"))
    chosen = [one for one in files if part == "all" or one.stem == "prefixes" or (one.stem == CONSISTENCY) == (part == CONSISTENCY)]
    return "\n".join(one.read_text(encoding="utf-8") for one in chosen)


def default_engine() -> str:
    """The fast engine where it has a wheel, else the reference."""
    try:
        import shacl  # noqa: F401, PLC0415 - optional by platform
    except ImportError:
        return "pyshacl"
    return "shacl"


def run(ntriples: str, part: str, engine: str) -> list[Result]:
    """The results of the data against a part of the shapes, sorted.

    :raises PledgeError: when the engine is unknown or not installed
    """
    engines: dict[str, Callable[[str, str], list[Result]]] = {"shacl": _shacl, "pyshacl": _pyshacl}
    if engine not in engines:
        raise PledgeError(f"--engine: expected {' or '.join(ENGINES)}, got {engine}")
    return sorted(engines[engine](ntriples, part))


@cache
def _compiled(part: str) -> Any:
    try:
        import shacl  # noqa: PLC0415 - optional by platform
    except ImportError as error:
        raise PledgeError("the engine 'shacl' is not installed on this platform: use --engine pyshacl") from error
    return shacl.Shapes.from_turtle(shapes_text(part))


def _shacl(ntriples: str, part: str) -> list[Result]:
    report = _compiled(part).validate_text(ntriples, format="ntriples")
    return [
        Result(
            one.focus_node,
            (one.path or "").lstrip("^"),
            one.value or "",
            one.source_shape or "",
            one.component,
            one.severity,
            tuple(one.messages),
        )
        for one in report.results
    ]


@cache
def _rdflib_shapes(part: str) -> Any:
    import rdflib  # noqa: PLC0415 - a tenth of a second that the fast engine does not need

    return rdflib.Graph().parse(data=shapes_text(part), format="turtle")


def _pyshacl(ntriples: str, part: str) -> list[Result]:
    import pyshacl  # noqa: PLC0415 - same
    import rdflib  # noqa: PLC0415 - same
    from rdflib.namespace import SH  # noqa: PLC0415 - same

    _, report, _ = pyshacl.validate(rdflib.Graph().parse(data=ntriples, format="nt"), shacl_graph=_rdflib_shapes(part))

    def text(node: Any) -> Term:
        if node is None:
            return ""
        inverse = report.value(node, SH.inversePath)
        return str((inverse if inverse is not None else node).n3())

    return [
        Result(
            text(report.value(node, SH.focusNode)),
            text(report.value(node, SH.resultPath)),
            text(report.value(node, SH.value)),
            text(report.value(node, SH.sourceShape)),
            str(report.value(node, SH.sourceConstraintComponent)).rpartition("#")[2],
            str(report.value(node, SH.resultSeverity)).rpartition("#")[2],
            tuple(str(one) for one in report.objects(node, SH.resultMessage)),
        )
        for node in report.subjects(predicate=SH.focusNode)
    ]


def validate(ntriples: str, engine: str) -> list[Result]:
    """The structure's results and, where it holds, the arithmetic's."""
    results = run(ntriples, "structure", engine)
    if any(one.severity == "Violation" for one in results):
        return results
    return sorted(results + run(ntriples, CONSISTENCY, engine))


@cache
def ontology_terms() -> frozenset[str]:
    """Every IRI that the ontology describes under its own namespace."""
    terms = set()
    for path in sorted(product("ontology").glob("*.ttl")):
        for quad in ox.parse(path.read_bytes(), ox.RdfFormat.TURTLE):
            if isinstance(quad.subject, ox.NamedNode) and quad.subject.value.startswith(NS):
                terms.add(quad.subject.value)
    return frozenset(terms)


def unknown_terms(triples: Iterable[Triple]) -> dict[str, Triple]:
    """Terms under our namespace that the ontology does not have, each with the first triple that uses it.

    SHACL is silent about them: a misspelt ``pledge:Stars`` conforms.
    """
    start = f"<{NS}"
    known = ontology_terms()
    found: dict[str, Triple] = {}
    for triple in triples:
        for term in triple:
            if term.startswith(start) and term[1:-1] not in known:
                found.setdefault(term, triple)
    return found


@dataclass(frozen=True, slots=True)
class Shape:
    """What a message needs of a property shape: what it expects in both languages."""

    expected: dict[str, str]


@cache
def shapes_by_iri() -> dict[Term, Shape]:
    """Every named shape. A closed range is said as such (0..10), everything else in the shape's own words."""
    messages: dict[Term, dict[str, str]] = {}
    ranges: dict[Term, dict[str, str]] = {}
    for quad in ox.parse(shapes_text("all").encode(), ox.RdfFormat.TURTLE):
        subject, predicate, object_ = str(quad.subject), str(quad.predicate), str(quad.object)
        if predicate == curie("sh:message"):
            messages.setdefault(subject, {})[language_of(object_)] = value_of(object_)
        elif predicate in {curie("sh:minInclusive"), curie("sh:maxInclusive")}:
            ranges.setdefault(subject, {})[predicate] = value_of(object_)
    found = {}
    for subject, by_language in messages.items():
        expected = dict(by_language)
        limits = ranges.get(subject, {})
        if len(limits) == 2:  # noqa: PLR2004 - both ends
            expected["en"] = f"{limits[curie('sh:minInclusive')]}..{limits[curie('sh:maxInclusive')]}"
        found[subject] = Shape(expected)
    return found


def problems(results: Iterable[Result], places: Mapping[Term, Record], shown: str) -> list[Problem]:
    """The results as problems: on file, line and column where the focus node came from a record, else in ``shown``."""
    return [_problem(one, places.get(one.focus), shown) for one in results]


def _problem(result: Result, record: Record | None, shown: str) -> Problem:
    rule = value_of(result.shape).removeprefix(SHAPES) if result.shape.startswith(f"<{SHAPES}") else result.component
    shape = shapes_by_iri().get(result.shape)
    expected = dict(shape.expected) if shape else {}
    for message in result.messages:
        # A message with a figure worked out by the constraint's query says more than the shape's own text.
        language = "ja" if _JAPANESE.search(message) else "en"
        if "{?" in expected.get(language, "{?"):
            expected[language] = message
    got = value_of(result.value) if result.value else ""
    where, path, line = compact(result.path) if result.path else compact(result.focus), shown, 0
    if record is None:
        where = f"{compact(result.focus)}: {where}" if result.path else where
    else:
        path, line = record.path, record.line
        column = _column(record, where, result, rule)
        if column:
            where = f"{'key' if path.endswith('.toml') else 'column'} '{column}'"
            got = cell(getattr(record, column)) or got
    return Problem(path, line, where, expected.get("en", result.component), got, rule, expected.get("ja", ""), result.severity != "Violation")


def _column(record: Record, property_: str, result: Result, rule: str) -> str:
    """The column in which the property is written, by language where several hold it."""
    names = [one.name for one in record.columns() if one.property == property_]
    english = rule.endswith("-en") or (result.value and language_of(result.value) == "en")
    for name in names:
        if name.endswith("_en") == bool(english):
            return name
    return names[0] if names else ""


def rules() -> list[str]:
    """The names of all shapes, sorted."""
    return sorted(value_of(one).removeprefix(SHAPES) for one in shapes_by_iri())
