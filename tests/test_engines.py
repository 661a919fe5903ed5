"""The fast SHACL engine and the reference say the same of every example and of the whole city.

Everything but the words is compared: focus node, path, value, shape, component and severity, as often as they occur.
"""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import pytest
from rdflib.plugins.sparql.processor import SPARQLProcessor, prepareQuery

from pledge_ld import validate
from pledge_ld.graph import as_ntriples
from pledge_ld.read import read_data
from pledge_ld.term import BASE, datatype_of, language_of, value_of
from pledge_ld.triple import city_graph

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pledge_ld.publish import CityData
    from pledge_ld.term import Triple

EXAMPLES = sorted((Path(__file__).parent / "examples").rglob("*.ttl"))
PARTS = ("structure", "consistency", "catalog")


@pytest.fixture(autouse=True, scope="module")
def parsed_once() -> Iterator[None]:
    """Each constraint's SPARQL parsed once instead of once a focus node, which is nine tenths of pyshacl's time.

    The query that is evaluated, and its evaluation, stay rdflib's own: only the parser's answer is remembered.
    """
    prepared = cache(lambda text, namespaces, base: prepareQuery(text, dict(namespaces), base))
    evaluate = SPARQLProcessor.query

    def query(
        self: SPARQLProcessor, text: Any, bindings: Any = None, namespaces: Any = None, base: Any = None, **options: Any
    ) -> Any:
        if isinstance(text, str):
            text = prepared(text, tuple(sorted((namespaces or {}).items())), base)
        return evaluate(self, text, bindings, namespaces, base, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SPARQLProcessor, "query", query)
        yield


def results(ntriples: str, part: str, engine: str) -> Counter[tuple[str, ...]]:
    """What an engine finds, but for its words."""
    found = validate.run(ntriples, part, engine)
    # Values of two datatypes have no order: that is a result by the standard, and rdflib makes one up. Both engines
    # tell the wrong datatype, so nothing that conforms hangs on it.
    untyped = {one.focus for one in found if one.component == "DatatypeConstraintComponent"}
    found = [one for one in found if one.component != "LessThanConstraintComponent" or one.focus not in untyped]
    return Counter(
        (plain(one.focus), one.path, plain(one.value), one.shape, one.component, one.severity) for one in found
    )


def plain(term: str) -> str:
    """A term without what its writer was free to choose: escapes, the case of a language tag, a blank node's name."""
    if term.startswith("_:"):
        return "_:"
    if not term.startswith('"'):
        return term
    return f'"{value_of(term)}"@{language_of(term).lower()}^^{datatype_of(term)}'


def both(ntriples: str, parts: tuple[str, ...] = PARTS) -> Counter[tuple[str, ...]]:
    """What both engines find in these parts of the shapes. Fails where they differ."""
    found: Counter[tuple[str, ...]] = Counter()
    for part in parts:
        fast, reference = (results(ntriples, part, engine) for engine in validate.ENGINES)
        assert fast - reference == Counter(), f"{part}: only the fast engine says so"
        assert reference - fast == Counter(), f"{part}: only pyshacl says so"
        found += fast
    return found


def read(path: Path) -> list[Triple]:
    """The triples of a Turtle file."""
    quads = ox.parse(path.read_bytes(), ox.RdfFormat.TURTLE)
    return sorted({(str(one.subject), str(one.predicate), str(one.object)) for one in quads})


def test_both_engines_are_compared() -> None:
    """Where the fast one is not installed, comparing pyshacl with itself would prove nothing."""
    assert validate.ENGINES == ("shacl", "pyshacl")
    assert validate.default_engine() == "shacl"
    assert EXAMPLES


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda one: one.stem)
def test_the_engines_agree_on_an_example(path: Path) -> None:
    """Each kind of constraint that the shapes use is broken by one of these."""
    found = both(as_ntriples(read(path)))
    assert bool(found) == (path.parent.name == "invalid")


@cache
def before_rollup(data: Path) -> tuple[Triple, ...]:
    """Every city's triples as the records give them."""
    cities, problems = read_data(data, "data")
    assert problems == []
    return tuple(triple for one in cities for triple in city_graph(one, BASE))


def test_the_engines_agree_on_the_city_as_recorded(data: Path) -> None:
    """What a build checks."""
    both(as_ntriples(before_rollup(data)))


def test_the_engines_agree_on_the_city_as_published(built: CityData) -> None:
    """What is published, computed scores and counts included, conforms: its warnings are the known gaps."""
    assert built.index is not None
    found = both(as_ntriples(built.index.triples))
    assert [one for one in found if one[-1] == "Violation"] == []


def retyped(triples: list[Triple]) -> Iterator[Triple]:
    """Every seventh IRI made text, and every seventh literal bare of its datatype or language."""
    for number, (subject, predicate, object_) in enumerate(triples):
        wrong = f'"{object_[1:-1]}"' if object_.startswith("<") else object_[: object_.rindex('"') + 1]
        yield subject, predicate, wrong if number % 7 == 0 else object_


def thinned(triples: list[Triple]) -> Iterator[Triple]:
    """Every fifth triple lost."""
    yield from (one for number, one in enumerate(triples) if number % 5)


def crossed(triples: list[Triple]) -> Iterator[Triple]:
    """Every ninth triple said a second time, with what belongs to another."""
    yield from triples
    for number in range(0, len(triples), 9):
        yield *triples[number][:2], triples[number * 17 % len(triples)][2]


@pytest.mark.parametrize("damage", [retyped, thinned, crossed], ids=lambda one: one.__name__)
def test_the_engines_agree_on_a_damaged_city(
    damage: Callable[[list[Triple]], Iterator[Triple]], built: CityData
) -> None:
    """Hundreds of faults in every property of the whole city, and still the same results.

    The arithmetic is left out, as it is in a build: where the structure does not hold there is nothing to reckon with.
    """
    assert built.index is not None
    damaged = sorted(set(damage(built.index.triples)))
    assert len(both(as_ntriples(damaged), ("structure",))) > 500


def test_the_engines_agree_on_the_catalogue_as_published(site: Path) -> None:
    """What the build looks at last conforms by the reference too: a portal's own checks are of its kind.

    Warned of is what nobody has told us of a city. The first city lacks nothing.
    """
    found = both(as_ntriples(read(site / "catalog.ttl")))
    assert {severity for *_, severity in found} <= {"Warning"}
    rules = {rule.rpartition("#")[2].rstrip(">") for _, _, _, rule, _, _ in found}
    assert rules <= {"Location-bbox", "Location-centroid", "Dataset-temporal", "Dataset-frequency"}
    assert not [focus for focus, *_ in found if "/012131" in focus]


@pytest.mark.parametrize("damage", [retyped, thinned, crossed], ids=lambda one: one.__name__)
def test_the_engines_agree_on_a_damaged_catalogue(
    damage: Callable[[list[Triple]], Iterator[Triple]], site: Path
) -> None:
    """The same of the shapes that speak for portals."""
    damaged = sorted(set(damage(read(site / "catalog.ttl"))))
    assert len(both(as_ntriples(damaged), ("catalog",))) > 50
