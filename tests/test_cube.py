"""The figures as data cubes: held to the W3C's integrity constraints, each of which is shown to find a broken cube."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from pledge_ld.cube import cubes
from pledge_ld.graph import as_ntriples
from pledge_ld.term import BASE, PLEDGE, Triple, curie, integer, tagged

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pledge_ld.publish import CityData

ROOT = Path(__file__).resolve().parents[1]
RESOURCES = ROOT / "tests" / "resources" / "cube"
VALID = ROOT / "tests" / "examples" / "valid"
QB, SKOS = "http://purl.org/linked-data/cube#", "http://www.w3.org/2004/02/skos/core#"
REPORT = f"{BASE}jp/999999/2022/report/2024-03-31"
SCORE = f"{BASE}jp/999999/2022/pledge/1-1#score-2024-03-31"
COUNT = f"{REPORT}#count-1"
STARS = f"{BASE}jp/999999/2022/measure/1-1-1#score-2024-03-31"
PREFIXES = f"""
PREFIX : <https://example.org/cube#>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX pledge: <{BASE}ns#>
PREFIX qb: <{QB}>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX sdmx-attribute: <http://purl.org/linked-data/sdmx/2009/attribute#>
PREFIX skos: <{SKOS}>
"""
PARENT_CHILD = {
    20: f"SELECT DISTINCT ?p {{ ?list a <{QB}HierarchicalCodeList> ; <{QB}parentChildProperty> ?p FILTER ISIRI(?p) }}",
    21: f"""SELECT DISTINCT ?p {{ ?list a <{QB}HierarchicalCodeList> ; <{QB}parentChildProperty> ?inverse .
            ?inverse <http://www.w3.org/2002/07/owl#inverseOf> ?p }}""",
}
"""The two constraints that are asked once for each property of a hierarchy, and how these are found."""
CONSTRAINTS = range(1, 22)


@cache
def ontology() -> str:
    """The ontology as N-Triples: the structures, the properties with their ranges, and the code lists."""
    files = sorted((ROOT / "ontology").glob("*.ttl"))
    triples = [one for path in files for one in ox.parse(path.read_bytes(), ox.RdfFormat.TURTLE)]
    return as_ntriples((str(one.subject), str(one.predicate), str(one.object)) for one in triples)


def parsed(path: Path) -> list[Triple]:
    """The triples of a Turtle file."""
    quads = ox.parse(path.read_bytes(), ox.RdfFormat.TURTLE)
    return sorted({(str(one.subject), str(one.predicate), str(one.object)) for one in quads})


def store(triples: Iterable[Triple], *updates: str, normal: bool = True) -> ox.Store:
    """The triples and the ontology in a store, changed by the updates and then normalized."""
    found = ox.Store()
    for text in (as_ntriples(triples), ontology()):
        found.load(text.encode(), ox.RdfFormat.N_TRIPLES)
    for one in updates:
        before = set(found)
        found.update(PREFIXES + one)
        assert set(found) != before, "the update changes nothing"
    if normal:
        found.update((RESOURCES / "normalize.ru").read_text(encoding="utf-8"))
    return found


def select(data: ox.Store, query: str) -> list[str]:
    """The first column of the answer."""
    found = data.query(query)
    assert isinstance(found, ox.QuerySolutions)
    return sorted(str(row[0]) for row in found)


def faults(data: ox.Store, constraint: int) -> list[str]:
    """What breaks a constraint."""
    text = (RESOURCES / f"ic-{constraint:02}.rq").read_text(encoding="utf-8")
    if constraint not in PARENT_CHILD:
        return select(data, text)
    hierarchies = select(data, PARENT_CHILD[constraint])
    return [one for found in hierarchies for one in select(data, text.replace("<PARENT_CHILD>", found))]


def broken(data: ox.Store) -> set[int]:
    """The constraints that are broken."""
    return {one for one in CONSTRAINTS if faults(data, one)}


@cache
def sound() -> tuple[Triple, ...]:
    """Example City with its cubes, and a made-up cube that has what ours have not."""
    city = parsed(VALID / "small-city.ttl")
    return (*city, *cubes(city), *parsed(RESOURCES / "other-cube.ttl"))


# Each constraint finds a cube that was broken for it

BREAKS: tuple[tuple[int, str, str], ...] = (
    (1, "an observation of no set", "DELETE WHERE { :one qb:dataSet :set } ; INSERT DATA { :one a qb:Observation }"),
    (1, "an observation of two sets", f"INSERT DATA {{ <{SCORE}> qb:dataSet <{REPORT}#cube-stars> }}"),
    (2, "a set without a structure", f"DELETE WHERE {{ <{REPORT}#cube-counts> qb:structure ?any }}"),
    (2, "a set with two structures", "INSERT DATA { :set qb:structure :another }"),
    (3, "a structure without a measure", "DELETE WHERE { pledge:StarsStructure qb:component pledge:StarsComponent }"),
    (4, "a dimension without a range", "DELETE WHERE { pledge:scoreOf rdfs:range ?any }"),
    (5, "a dimension of concepts without a list", "DELETE WHERE { pledge:origin qb:codeList ?any }"),
    (6, "an optional dimension", "INSERT DATA { pledge:AsOfComponent qb:componentRequired false }"),
    (7, "a slice key of no structure", "INSERT DATA { :byColour a qb:SliceKey ; qb:componentProperty :colour }"),
    (8, "a slice key of a foreign property", "INSERT DATA { :byArea qb:componentProperty pledge:level }"),
    (9, "a slice with two keys", "INSERT DATA { :inTheNorth qb:sliceStructure :another }"),
    (9, "a slice without a key", "INSERT DATA { :set qb:slice :all }"),
    (10, "a slice without the value of its key", "DELETE WHERE { :inTheNorth :area ?any }"),
    (11, "a score without a method", f"DELETE WHERE {{ <{SCORE}> pledge:method ?any }}"),
    (11, "a count without a level", f"DELETE WHERE {{ <{COUNT}> pledge:level ?any }}"),
    (
        12,
        "a second print of the same thing",
        f"INSERT {{ <{SCORE}-again> ?p ?o }} WHERE {{ <{SCORE}> ?p ?o }}",
    ),
    (13, "a score that does not say whether it counts", f"DELETE WHERE {{ <{SCORE}> pledge:adopted ?any }}"),
    (13, "percents of no unit", f"DELETE WHERE {{ <{REPORT}#cube-percent> sdmx-attribute:unitMeasure ?any }}"),
    (13, "a slice without its unit", "DELETE WHERE { :inTheNorth :unit ?any }"),
    (14, "an observation without its measure", f"DELETE WHERE {{ <{STARS}> pledge:stars ?any }}"),
    (15, "a measure other than the one named", "DELETE WHERE { :one :sold ?any }"),
    (16, "two measures at once", "INSERT DATA { :one :weight 2.0 }"),
    (17, "a measure that nobody took", "DELETE WHERE { :two ?p ?o } ; DELETE WHERE { ?s ?p :two }"),
    (18, "a slice with an observation of another set", f"INSERT DATA {{ :inTheNorth qb:observation <{STARS}> }}"),
    (
        19,
        "an origin that is not of the list",
        f"DELETE WHERE {{ <{SCORE}> pledge:origin ?any }} ;INSERT DATA {{ <{SCORE}> pledge:origin pledge:Floor }}",
    ),
    (19, "a colour that is not of the collection", "DELETE WHERE { :colours skos:member :red }"),
    (20, "an area outside the hierarchy", "DELETE WHERE { :japan skos:narrower :north }"),
    (21, "a place outside the hierarchy", "DELETE WHERE { :town skos:broader :island }"),
)
ALSO = {
    "an observation of no set": {17, 18},
    "an observation of two sets": {14},
    "a set with two structures": {12},
    "a slice key of a foreign property": {10},
    "a slice without the value of its key": {11},
}
"""Faults that are more than one at once: in two sets, an observation lacks the measure of one, and so on."""


def test_every_constraint_is_shown_to_fail() -> None:
    """A constraint that no broken cube was tried on may let everything pass."""
    assert {one for one, _, _ in BREAKS} == set(CONSTRAINTS)
    assert {int(one.stem.removeprefix("ic-")) for one in RESOURCES.glob("ic-*.rq")} == set(CONSTRAINTS)


@pytest.mark.parametrize(("constraint", "why", "update"), BREAKS, ids=[f"IC-{one}: {why}" for one, why, _ in BREAKS])
def test_a_constraint_finds_the_cube_that_was_broken_for_it(constraint: int, why: str, update: str) -> None:
    """One fault breaks the constraint that it was made for, and no other that it has nothing to do with."""
    assert broken(store(sound(), update)) == {constraint} | ALSO.get(why, set())


def test_the_sound_cubes_break_nothing() -> None:
    """Otherwise the broken ones would show nothing."""
    assert broken(store(sound())) == set()


@pytest.mark.parametrize("statement", range(9))
def test_every_step_of_the_normalization_is_needed(statement: int) -> None:
    """A step that does nothing here would not be noticed when it goes wrong."""
    stray = "INSERT DATA { :inTheNorth qb:observation :three }"
    data, whole = store(sound(), stray, normal=False), store(sound(), stray)
    text = (RESOURCES / "normalize.ru").read_text(encoding="utf-8")
    head, _, body = text.partition("INSERT")
    steps = ("INSERT" + body).split(" ;\n")
    assert len(steps) == 9
    for place, step in enumerate(steps):
        if place != statement:
            data.update(head + step)
    assert len(data) < len(whole)


# The cities' cubes


def observations(triples: Iterable[Triple]) -> dict[str, list[str]]:
    """The name of each cube with its observations, each without the base."""
    found: dict[str, list[str]] = {}
    for subject, predicate, object_ in triples:
        if predicate == curie("qb:dataSet"):
            found.setdefault(object_.rpartition("/")[2][:-1], []).append(subject)
    return found


def test_the_citys_cubes_hold_to_every_constraint(site: Path) -> None:
    """A tool for data cubes refuses or misreads what breaks them; asked of the dump and the ontology as published."""
    data = ox.Store()
    data.load(path=str(site / "data" / "jp-012131-tomakomai.nt"), format=ox.RdfFormat.N_TRIPLES)
    data.load(path=str(site / "ns.ttl"), format=ox.RdfFormat.TURTLE)
    data.update((RESOURCES / "normalize.ru").read_text(encoding="utf-8"))
    assert broken(data) == set()
    assert len(select(data, f"SELECT ?cube {{ ?cube a <{QB}DataSet> }}")) == 3


def test_every_figure_of_the_city_is_in_its_cube(built: CityData) -> None:
    """A score that has a percent or stars and is in no cube, or in two, would be missing or counted twice."""
    assert built.index is not None
    with_percent, with_stars, counts = (
        {s for s, p, _ in built.index.triples if p == PLEDGE[name]} for name in ("percent", "stars", "count")
    )
    found = observations(built.index.triples)
    assert {name: set(members) for name, members in found.items()} == {
        "2024-03-31#cube-percent": with_percent,
        "2024-03-31#cube-stars": with_stars - with_percent,
        "2024-03-31#cube-counts": counts,
    }
    assert {name: len(members) for name, members in found.items()} == {
        "2024-03-31#cube-percent": 38,
        "2024-03-31#cube-stars": 49,
        "2024-03-31#cube-counts": 28,
    }
    assert set(built.index.of_type(curie("qb:Observation"))) == with_percent | with_stars | counts


def test_a_cube_says_what_it_is_and_whose(built: CityData) -> None:
    """Without its structure a cube cannot be read; without names, licence and source it cannot be found and used."""
    index = built.index
    assert index is not None
    for cube in index.of_type(curie("qb:DataSet")):
        assessment = index.one(cube, PLEDGE["inAssessment"]) or ""
        assert cube.startswith(assessment[:-1] + "#cube-")
        assert len(index.objects(cube, curie("qb:structure"))) == 1
        for predicate in (curie("skos:prefLabel"), curie("dcterms:title")):
            assert {language for language in ("ja", "en") if index.in_language(cube, predicate, language)} == {
                "ja",
                "en",
            }
        for name in ("license", "rights", "issued", "modified", "publisher"):
            assert index.objects(cube, curie(f"dcterms:{name}")) == index.objects(assessment, curie(f"dcterms:{name}"))
    titles = [index.value(one, curie("dcterms:title")) for one in index.of_type(curie("qb:DataSet"))]
    assert len(set(titles)) == 3


@pytest.mark.parametrize("tree", ["", "en/"])
def test_a_cube_has_its_place_on_the_page(site: Path, tree: str) -> None:
    """Whoever follows a cube's IRI lands on it, in both languages, and sees how large it is."""
    page = (site / f"{tree}jp/012131/2022/report/2024-03-31.html").read_text(encoding="utf-8")
    items = re.findall(r'<li id="(cube-[a-z]+)">(.*?)</li>', page)
    assert [name for name, _ in items] == ["cube-counts", "cube-percent", "cube-stars"]
    assert [re.findall(r"ns\.html#([A-Za-z]+)", text) for _, text in items] == [
        ["CountStructure"],
        ["PercentStructure"],
        ["StarsStructure"],
    ]
    assert [number for _, text in items for number in re.findall(r" (28|38|49)", text)] == ["28", "38", "49"]


# Other cities than this one


def score(thing: str, day: str, origin: str = "Published", **figures: int) -> Iterator[Triple]:
    """A score as the records or a query make it, with the dimensions that a cube needs."""
    method = {"Published": PLEDGE["AsPrinted"], "Inferred": PLEDGE["ByInference"]}
    suffix = "" if origin == "Published" else f"-{origin.lower()}"
    node = f"<{BASE}jp/999999/2022/{thing}#score-{day}{suffix}>"
    yield node, curie("rdf:type"), PLEDGE["ProgressScore"]
    yield node, PLEDGE["scoreOf"], f"<{BASE}jp/999999/2022/{thing}>"
    yield node, PLEDGE["inAssessment"], f"<{BASE}jp/999999/2022/report/{day}>"
    yield node, PLEDGE["asOf"], f'"{day}"^^{curie("xsd:date")}'
    yield node, PLEDGE["origin"], PLEDGE[origin]
    yield node, PLEDGE["method"], method.get(origin, f"<{BASE}queries/a_mean>")
    yield node, PLEDGE["adopted"], f'"{"false" if origin == "Computed" else "true"}"^^{curie("xsd:boolean")}'
    for name, value in figures.items():
        yield node, PLEDGE[name], integer(value)


@pytest.mark.parametrize(
    ("why", "scores", "sizes"),
    [
        ("stars only", [score("measure/1", "2024-03-31", stars=3)], {"2024-03-31#cube-stars": 1}),
        ("percent only", [score("measure/1", "2024-03-31", percent=30)], {"2024-03-31#cube-percent": 1}),
        ("both in one score", [score("measure/1", "2024-03-31", stars=3, percent=30)], {"2024-03-31#cube-percent": 1}),
        (
            "two assessments",
            [score("measure/1", "2024-03-31", stars=3), score("measure/1", "2025-03-31", stars=4)],
            {"2024-03-31#cube-stars": 1, "2025-03-31#cube-stars": 1},
        ),
        (
            "printed and computed",
            [score("policy/1", "2024-03-31", percent=62), score("policy/1", "2024-03-31", "Computed", percent=62)],
            {"2024-03-31#cube-percent": 2},
        ),
        (
            "an inferred one beside a print that cannot be read",
            [score("measure/1", "2024-03-31"), score("measure/1", "2024-03-31", "Inferred", stars=4)],
            {"2024-03-31#cube-stars": 1},
        ),
        ("nothing that is measured", [score("measure/1", "2024-03-31")], {}),
        ("nothing at all", [], {}),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_cubes_of_other_cities(why: str, scores: list[Iterator[Triple]], sizes: dict[str, int]) -> None:
    """Only cubes that have an observation are there, each well-formed, whatever a city prints."""
    triples = [triple for one in scores for triple in one]
    made = cubes(triples)
    assert {name: len(members) for name, members in observations(made).items()} == sizes, why
    assert len([one for one in made if one[2] == curie("qb:DataSet")]) == len(sizes)
    assert broken(store([*triples, *made])) == set()


def test_a_city_that_grades_in_words_has_no_cube() -> None:
    """A level alone is no measure: the cube of its counts is what can be reckoned with."""
    assert cubes(parsed(VALID / "percent-only.ttl")) == []


def test_a_city_without_an_english_name_is_named_all_the_same() -> None:
    """A cube without a name in one of the languages could not be listed there."""
    city = f"<{BASE}jp/999999>"
    report, programme = f"<{REPORT}>", f"<{BASE}jp/999999/2022>"
    facts = [
        (report, PLEDGE["programme"], programme),
        (programme, PLEDGE["municipality"], city),
        (city, curie("skos:prefLabel"), tagged("例市", "ja")),
    ]
    made = cubes([*facts, *score("measure/1", "2024-03-31", stars=3)])
    labels = sorted(object_ for _, predicate, object_ in made if predicate == curie("skos:prefLabel"))
    assert [("例市" in one, one[-3:]) for one in labels] == [(True, "@en"), (True, "@ja")]


def test_the_order_of_the_triples_does_not_matter(built: CityData) -> None:
    """Two builds of the same records make the same cubes."""
    assert built.index is not None
    given = [one for one in built.index.triples if "cube-" not in one[0] and one[2] != curie("qb:Observation")]
    assert sorted(cubes(given)) == sorted(cubes(given[::-1]))
