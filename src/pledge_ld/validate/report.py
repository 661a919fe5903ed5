"""Results → problems, on the very row and column that can be mended."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING

import pyoxigraph as ox

from pledge_ld.config import product
from pledge_ld.problem import Problem
from pledge_ld.record import Record, cell
from pledge_ld.term import NS, SHAPES, Term, compact, curie, language_of, value_of
from pledge_ld.validate.engine import shapes_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pledge_ld.term import Triple
    from pledge_ld.validate.engine import Result

_TOO_MANY = frozenset({"MaxCountConstraintComponent", "QualifiedMaxCountConstraintComponent"})
_JAPANESE = re.compile(r"[ぁ-ヿ一-鿿]")


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

    SHACL is silent about them: a misspelt property conforms.
    """
    start = f"<{NS}"
    known = ontology_terms()
    found: dict[str, Triple] = {}
    triples = list(triples)
    wrong = {term for term in set(chain.from_iterable(triples)) if term.startswith(start) and term[1:-1] not in known}
    for triple in triples if wrong else ():
        for term in triple:
            if term in wrong:
                found.setdefault(term, triple)
    return found


@dataclass(frozen=True, slots=True)
class Shape:
    """What a message needs of a property shape: what it expects in both languages, and how many values at most."""

    messages: tuple[str, ...]
    expected: dict[str, str]
    most: str


@cache
def shapes_by_iri() -> dict[Term, Shape]:
    """Every named shape. A closed range is said as such (0..10), everything else in the shape's own words."""
    messages: dict[Term, dict[str, str]] = {}
    ranges: dict[Term, dict[str, str]] = {}
    most: dict[Term, str] = {}
    for quad in ox.parse(shapes_text("all").encode(), ox.RdfFormat.TURTLE):
        subject, predicate, object_ = str(quad.subject), str(quad.predicate), str(quad.object)
        if predicate == curie("sh:message"):
            messages.setdefault(subject, {})[language_of(object_)] = value_of(object_)
        elif predicate in {curie("sh:minInclusive"), curie("sh:maxInclusive")}:
            ranges.setdefault(subject, {})[predicate] = value_of(object_)
        elif predicate in {curie("sh:maxCount"), curie("sh:qualifiedMaxCount")}:
            most[subject] = value_of(object_)
    found = {}
    for subject, by_language in messages.items():
        expected = dict(by_language)
        limits = ranges.get(subject, {})
        if len(limits) == 2:  # noqa: PLR2004 - a lower and an upper end
            expected["en"] = f"{limits[curie('sh:minInclusive')]}..{limits[curie('sh:maxInclusive')]}"
        found[subject] = Shape(tuple(by_language.values()), expected, most.get(subject, "1"))
    return found


def problems(results: Iterable[Result], places: Mapping[Term, Record], shown: str) -> list[Problem]:
    """The results as problems: on file, line and column where the focus node came from a record, else in ``shown``.

    What one cell says may stand on several nodes (a department on the score and on the measure): the cell is told.
    """
    found = [(one, _problem(one, places.get(one.focus), shown)) for one in results]
    in_cells = {(one.path, one.value) for one, problem in found if one.value and "'" in problem.where}
    return [problem for one, problem in found if "'" in problem.where or (one.path, one.value) not in in_cells]


def _problem(result: Result, record: Record | None, shown: str) -> Problem:
    rule = value_of(result.shape).removeprefix(SHAPES) if result.shape.startswith(f"<{SHAPES}") else result.component
    shape = shapes_by_iri().get(result.shape)
    expected = dict(shape.expected) if shape else {}
    for message in result.messages:
        # Beside the shape's own words, a constraint's query may have worked out the figure that it expects.
        if shape and message not in shape.messages:
            expected["ja" if _JAPANESE.search(message) else "en"] = message
    got = value_of(result.value) if result.value else ""
    if result.component in _TOO_MANY:
        # SHACL names no value here, for it is their number that is wrong: "nothing" would be the opposite.
        most = shape.most if shape else "1"
        got = "more than one" if most == "1" else f"more than {most}"
    elif result.component == "UniqueLangConstraintComponent":
        got = "more than one in a language"
    properties = [compact(one) for one in re.findall(r"<[^>]*>", result.path)]
    where, path, line = " | ".join(properties) or compact(result.focus), shown, 0
    if record is None:
        where = f"{compact(result.focus)}: {where}" if properties else where
    else:
        path, line = record.path, record.line
        column = "" if result.path.startswith("^") else _column(record, where, result, rule)
        if column:
            where = f"{'key' if path.endswith('.toml') else 'column'} '{column}'"
            got = cell(getattr(record, column)) or got
            line = dict(record.key_lines).get(column, line)
    return Problem(
        path,
        line,
        where,
        expected.get("en", result.component),
        got,
        rule,
        expected.get("ja", ""),
        result.severity != "Violation",
    )


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
    return sorted(value_of(one).removeprefix(SHAPES) for one in shapes_by_iri() if one.startswith("<"))
