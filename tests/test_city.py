"""The city's figures, asked of the published dump alone: no record, no code of ours stands between."""

from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

if TYPE_CHECKING:
    from pathlib import Path

BASE = "https://w3id.org/pledge-ld/"
TERM = f"{BASE}jp/012131/2022"
REPORT = f"{TERM}/report/2024-03-31"
DECIMAL = "http://www.w3.org/2001/XMLSchema#decimal"
PREFIXES = """
PREFIX dcat: <http://www.w3.org/ns/dcat#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX oa: <http://www.w3.org/ns/oa#>
PREFIX pledge: <https://w3id.org/pledge-ld/ns#>
PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""
UNCERTAIN = {
    *("2-5-1", "2-5-2", "3-1-1", "3-1-2", "3-2-1", "3-2-2", "3-3-1"),
    *("3-3-2", "3-4-1", "3-4-2", "5-3-1", "5-3-2", "5-4-1", "5-4-2"),
}
DAMAGED = {"3-3", "5-3", "5-4"}
"""Pledges with a star string that is missing or cannot be read."""


class Dump:
    """The published N-Triples in a store."""

    def __init__(self, path: Path) -> None:
        self.store = ox.Store()
        self.store.bulk_load(path=str(path), format=ox.RdfFormat.N_TRIPLES)

    def rows(self, query: str) -> list[tuple[str, ...]]:
        """The answer's values, IRIs under the programme shortened to what follows it, sorted."""
        found = self.store.query(PREFIXES + query)
        assert isinstance(found, ox.QuerySolutions)
        return sorted(tuple(_value(term) for term in row) for row in found)

    def ask(self, query: str) -> bool:
        """The answer to an ASK query."""
        return bool(self.store.query(PREFIXES + query))


def _value(term: object) -> str:
    if term is None:
        return ""
    assert isinstance(term, (ox.NamedNode, ox.Literal, ox.BlankNode))
    return term.value.removeprefix(f"{TERM}/").removeprefix(f"{BASE}ns#")


@pytest.fixture(scope="module")
def dump(site: Path) -> Dump:
    """Tomakomai's dump as the site offers it for download."""
    return Dump(site / "data/jp-012131-tomakomai.nt")


class TestWhole:
    """How much there is, and what holds of every node."""

    def test_numbers_of_things(self, dump: Dump) -> None:
        """Fails when a thing is lost or doubled between the records and the dump."""
        found = dump.rows("SELECT ?c (COUNT(DISTINCT ?s) AS ?n) { ?s a ?c } GROUP BY ?c")
        counts = {kind: int(count) for kind, count in found}
        expected = {"Programme": 1, "Policy": 5, "Pledge": 25, "Measure": 50, "Action": 130, "Department": 50}
        assert {kind: counts[kind] for kind in expected} == expected
        assert counts["Municipality"] == counts["Assessment"] == counts["Scale"] == 1
        assert counts["Level"] == 11

    def test_no_blank_nodes(self, dump: Dump) -> None:
        """Fails when a node cannot be linked to."""
        assert not dump.ask("ASK { ?s ?p ?o FILTER (ISBLANK(?s) || ISBLANK(?o)) }")

    def test_every_node_says_where_it_comes_from(self, dump: Dump) -> None:
        """Fails when a node of ours stands on no line, page, query or score."""
        found = dump.rows("""
            SELECT DISTINCT ?node ?class {
              ?node a ?class FILTER (STRSTARTS(STR(?class), STR(pledge:)) && ?class != pledge:SourceLine)
              FILTER NOT EXISTS { ?node dcterms:source|pledge:method|prov:wasDerivedFrom ?origin }
            }""")
        assert found == []

    def test_computed_and_only_computed_nodes_name_a_query(self, dump: Dump) -> None:
        """Fails when a computed figure hides its query, claims to stand on a line, or a printed one names a query."""
        found = dump.rows(f"""
            SELECT DISTINCT ?origin ?method {{
              ?s pledge:origin ?origin ; pledge:method ?plan
              BIND (IF(STRSTARTS(STR(?plan), "{BASE}queries/"), "a query", ?plan) AS ?method)
            }} ORDER BY ?origin""")
        assert found == [
            ("Computed", "a query"),
            ("Inferred", "ByInference"),
            ("Published", "AsPrinted"),
        ]
        assert dump.rows("SELECT ?s { ?s pledge:origin ?any MINUS { ?s pledge:method ?method } }") == []
        assert dump.rows("SELECT ?s { ?s pledge:origin pledge:Computed ; dcterms:source ?line }") == []
        assert dump.rows("SELECT ?s { ?s pledge:origin pledge:Inferred MINUS { ?s dcterms:source ?line } }") == []

    def test_every_source_is_a_line_with_the_very_text(self, dump: Dump, data: Path) -> None:
        """Fails when a source under our base is not described, or quotes another text than the line's."""
        lines = (data / "jp-012131-tomakomai/source/tomakomai-2024-05.txt").read_text(encoding="utf-8").split("\n")
        cited = {
            one
            for (one,) in dump.rows(
                f'SELECT DISTINCT ?l {{ ?s dcterms:source ?l FILTER STRSTARTS(STR(?l), "{BASE}") }}'
            )
        }
        described = dump.rows(
            """
                SELECT ?l ?n ?t ?whole { ?l a pledge:SourceLine ; pledge:sourceLine ?n ; pledge:sourceText ?t ;
                oa:hasSource ?whole }"""
        )
        assert {node for node, *_ in described} == cited
        assert len(described) == len(cited) > 100
        for node, number, text, whole in described:
            assert node == f"report/2024-03-31#L{number}"
            assert text == lines[int(number) - 1]
            assert whole == "report/2024-03-31"

    def test_other_sources_are_pages_on_the_web(self, dump: Dump) -> None:
        """Fails when a source is neither a line nor an address."""
        found = dump.rows("SELECT DISTINCT ?o { ?s dcterms:source ?o MINUS { ?o a pledge:SourceLine } }")
        assert found
        assert [one for (one,) in found if not one.startswith(("http://", "https://"))] == []
        assert [one for (one,) in found if one.startswith(BASE)] == []


class TestPlace:
    """Where the city lies."""

    def test_the_extent_holds_the_place_that_gazetteers_know(self, dump: Dump) -> None:
        """Fails when the box is another city's, or has latitude and longitude the wrong way round.

        GeoNames has Tomakomai, 2127733, at 42.63694 N 141.60333 E.
        """
        ((box, middle, source),) = dump.rows("""
            SELECT ?box ?middle ?source {
              ?city a pledge:Municipality ; dcterms:spatial ?place . ?place a dcterms:Location ;
              dcat:bbox ?box ; dcat:centroid ?middle ; dcterms:source ?source }""")
        west, south, _, _, east, north, *_ = (float(one) for one in re.findall(r"[0-9.]+", box))
        assert west < 141.60333 < east
        assert south < 42.63694 < north
        longitude, latitude = (float(one) for one in re.findall(r"[0-9.]+", middle))
        assert west < longitude < east
        assert south < latitude < north
        assert source.startswith("https://nlftp.mlit.go.jp/")


class TestPrinted:
    """What the city printed, untouched by what we think of it."""

    def test_policies_and_the_whole(self, dump: Dump) -> None:
        """Fails when a printed percent changes."""
        found = dump.rows(
            """
                SELECT ?t ?p { ?s pledge:scoreOf ?t ; pledge:origin pledge:Published ; pledge:percent ?p .
                ?t a pledge:Policy }"""
        )
        assert found == [(f"policy/{number}", value) for number, value in enumerate(("62", "56", "60", "56", "62"), 1)]
        assert dump.rows(
            f"SELECT ?p {{ ?s pledge:scoreOf <{TERM}> ; pledge:origin pledge:Published ; pledge:percent ?p }}"
        ) == [("59.2",)]

    def test_stars(self, dump: Dump) -> None:
        """Fails when a printed star count is lost, or one appears that is not printed."""
        found = dump.rows(
            """
                SELECT ?stars { ?s pledge:scoreOf ?m ; pledge:origin pledge:Published ; pledge:stars ?stars .
                ?m a pledge:Measure }"""
        )
        assert Counter(int(stars) for (stars,) in found) == {8: 3, 7: 13, 6: 9, 5: 13, 4: 6, 2: 1}

    def test_stars_mean_their_level_and_interval(self, dump: Dump) -> None:
        """Fails when seven stars stand for anything but their level and [70, 80)."""
        found = dump.rows("""
            SELECT ?stars ?notation ?low ?high {
              ?s pledge:stars ?stars ; pledge:level/skos:notation ?notation ; pledge:percentAtLeast ?low ;
              pledge:percentBelow ?high
            }""")
        assert len(found) == 49
        for stars, notation, low, high in found:
            assert (notation, low, high) == (stars, str(int(stars) * 10), str(int(stars) * 10 + 10))

    def test_one_published_score_a_thing(self, dump: Dump) -> None:
        """Fails when the two tables give two scores, or a score loses one of its two lines."""
        found = dump.rows("""
            SELECT ?t (COUNT(DISTINCT ?s) AS ?scores) (COUNT(?line) AS ?lines) {
              ?s pledge:scoreOf ?t ; pledge:origin pledge:Published ; pledge:percent ?p ; dcterms:source ?line
            } GROUP BY ?t""")
        assert len(found) == 31
        assert {(scores, lines) for thing, scores, lines in found if thing != TERM} == {("1", "2")}
        assert [one for one in found if one[0] == TERM] == [(TERM, "1", "1")]


class TestComputed:
    """What SPARQL makes of the printed figures."""

    def test_policies(self, dump: Dump) -> None:
        """Fails when the mean of five pledges, cut off, is not the figure that the city printed."""
        found = dump.rows(f"""
            SELECT ?t ?p ?adopted ?printed {{
              ?s pledge:scoreOf ?t ; pledge:method <{BASE}queries/policy_mean_of_pledges> ;
              pledge:origin pledge:Computed ;
                 pledge:percent ?p ; pledge:adopted ?adopted .
              ?other pledge:scoreOf ?t ; pledge:origin pledge:Published ; pledge:percent ?printed .
            }}""")
        expected = ("62", "56", "60", "56", "62")
        assert found == [(f"policy/{number}", one, "false", one) for number, one in enumerate(expected, 1)]

    def test_policies_without_our_queries(self, dump: Dump) -> None:
        """Fails when the printed figures themselves do not give 62, 56, 60, 56, 62 by the city's method."""
        found = dump.rows("""
            SELECT ?policy (AVG(?p) AS ?mean) (FLOOR(AVG(?p)) AS ?floor) {
              ?s pledge:origin pledge:Published ; pledge:percent ?p ; pledge:scoreOf/dcterms:isPartOf ?policy .
              ?policy a pledge:Policy
            } GROUP BY ?policy""")
        means = ("62.6", "56.8", "60.4", "56.2", "62.2")
        assert found == [(f"policy/{number}", one, one[:2]) for number, one in enumerate(means, 1)]

    def test_the_whole_is_exact(self, dump: Dump) -> None:
        """Fails when the overall figure is not 59.2 to the last digit, as a decimal."""
        term = ox.Literal("59.2", datatype=ox.NamedNode(DECIMAL))
        computed = ox.NamedNode(f"{TERM}#score-2024-03-31-overall_mean_of_policies")
        printed = ox.NamedNode(f"{TERM}#score-2024-03-31")
        for score in (computed, printed):
            found = [
                quad.object for quad in dump.store.quads_for_pattern(score, ox.NamedNode(f"{BASE}ns#percent"), None)
            ]
            assert found == [term]
        assert dump.rows(
            """
                SELECT (AVG(?p) AS ?mean) { ?s pledge:origin pledge:Published ; pledge:percent ?p ;
                pledge:scoreOf ?t . ?t a pledge:Policy }"""
        ) == [("59.2",)]

    def test_the_plain_mean_stands_apart(self, dump: Dump) -> None:
        """Fails when 59.64, which the city does not print, is adopted or mixed with 59.2."""
        found = dump.rows(
            """
                SELECT ?s ?t ?origin ?adopted ?method { ?s pledge:percent 59.64 ; pledge:scoreOf ?t ;
                pledge:origin ?origin ; pledge:adopted ?adopted ; pledge:method ?method }"""
        )
        name = "overall_mean_of_pledges"
        assert found == [(f"{TERM}#score-2024-03-31-{name}", TERM, "Computed", "false", f"{BASE}queries/{name}")]
        assert dump.rows(
            """
                SELECT (AVG(?p) AS ?mean) { ?s pledge:origin pledge:Published ; pledge:percent ?p ;
                pledge:scoreOf ?t . ?t a pledge:Pledge }"""
        ) == [("59.64",)]
        adopted = dump.rows(f"SELECT ?s ?p {{ ?s pledge:scoreOf <{TERM}> ; pledge:adopted true ; pledge:percent ?p }}")
        assert adopted == [(f"{TERM}#score-2024-03-31", "59.2")]

    def test_computed_scores_are_derived_from_what_they_average(self, dump: Dump) -> None:
        """Fails when a computed score does not name each score that it was computed from."""
        found = dump.rows("""
            SELECT ?method (COUNT(DISTINCT ?s) AS ?scores) (COUNT(?from) AS ?parts) {
              ?s a pledge:ProgressScore ; pledge:origin pledge:Computed ; pledge:method ?method ;
                prov:wasDerivedFrom ?from
            } GROUP BY ?method""")
        assert [(method.rpartition("/")[2], scores, parts) for method, scores, parts in found] == [
            ("overall_mean_of_pledges", "1", "25"),
            ("overall_mean_of_policies", "1", "5"),
            ("pledge_interval_of_measures", "25", "50"),
            ("policy_mean_of_pledges", "5", "25"),
        ]

    def test_level_counts(self, dump: Dump) -> None:
        """Fails when the counted items do not sum to the graded ones: 49 of 50 have a level."""
        found = dump.rows(
            f"""
                SELECT ?level ?n {{ ?c a pledge:LevelCount ; pledge:countOf <{TERM}> ;
                pledge:level/skos:notation ?level ; pledge:count ?n }}"""
        )
        assert found == [("2", "1"), ("4", "8"), ("5", "13"), ("6", "11"), ("7", "13"), ("8", "3")]
        by_policy = dump.rows(
            "SELECT (SUM(?n) AS ?all) { ?c pledge:countOf ?p ; pledge:count ?n . ?p a pledge:Policy }"
        )
        assert by_policy == [("49",)]


class TestConsistency:
    """Whether a pledge's percent is one that its measures' stars allow."""

    def test_all_pledges_with_two_printed_star_strings_agree(self, dump: Dump) -> None:
        """Fails when one of the 22 pledges with clean stars is inconsistent, or another number of them is clean."""
        found = dump.rows("""
            SELECT ?pledge ?percent (SUM(?stars) AS ?sum) {
              ?score pledge:scoreOf ?pledge ; pledge:origin pledge:Published ; pledge:percent ?percent .
              ?pledge a pledge:Pledge .
              ?measure a pledge:Measure ; dcterms:isPartOf ?pledge .
              ?print pledge:scoreOf ?measure ; pledge:origin pledge:Published ; pledge:adopted true ;
              pledge:stars ?stars .
            } GROUP BY ?pledge ?percent HAVING (COUNT(?measure) = 2)""")
        assert len(found) == 22
        assert not {one.removeprefix("pledge/") for one, *_ in found} & DAMAGED
        for pledge, percent, stars in found:
            low = Decimal(stars) * 10 / 2
            assert low < Decimal(percent) + 1, pledge
            assert Decimal(percent) < low + 10, pledge

    def test_computed_intervals(self, dump: Dump) -> None:
        """Fails when a pledge's interval is not the mean of its measures' intervals."""
        found = dump.rows(f"""
            SELECT ?pledge ?low ?high ?percent {{
              ?s pledge:scoreOf ?pledge ; pledge:method <{BASE}queries/pledge_interval_of_measures> ;
                 pledge:percentAtLeast ?low ; pledge:percentBelow ?high ; pledge:adopted false .
              ?print pledge:scoreOf ?pledge ; pledge:origin pledge:Published ; pledge:percent ?percent .
              FILTER NOT EXISTS {{ ?s pledge:percent ?none }}
            }}""")
        assert len(found) == 25
        intervals = {pledge.removeprefix("pledge/"): (low, high) for pledge, low, high, _ in found}
        assert (intervals["1-2"], intervals["1-5"]) == (("60", "70"), ("55", "65"))
        assert (intervals["5-3"], intervals["5-4"], intervals["3-3"]) == (("40", "50"), ("60", "70"), ("65", "80"))
        for pledge, low, high, percent in found:
            assert Decimal(low) < Decimal(percent) + 1, pledge
            assert Decimal(percent) < Decimal(high), pledge

    @pytest.mark.parametrize(
        ("pledge", "printed", "adopted"), [("5-3", "★★★★★☆ ☆☆☆☆☆", "4"), ("5-4", "★★★★★★ ★☆☆☆☆", "6")]
    )
    def test_unreadable_stars_are_flagged(self, dump: Dump, pledge: str, printed: str, adopted: str) -> None:
        """Fails when a string of eleven stars is read as if it were whole, or adopted without a doubt being told."""
        measures = [f"measure/{pledge}-{number}" for number in (1, 2)]
        scores = dump.rows(f"""
            SELECT ?m ?origin ?adopted ?stars ?printed {{
              ?s pledge:scoreOf ?m ; pledge:origin ?origin ; pledge:adopted ?adopted .
              ?m dcterms:isPartOf <{TERM}/pledge/{pledge}> .
              OPTIONAL {{ ?s pledge:stars ?stars }} OPTIONAL {{ ?s pledge:printedValue ?printed }}
            }}""")
        assert scores == [
            row
            for measure in measures
            for row in ((measure, "Inferred", "true", adopted, ""), (measure, "Published", "false", "", printed))
        ]
        notes = dump.rows(f"""
            SELECT ?m ?printed ?value ?thing {{
              ?note a pledge:DataNote ; oa:hasTarget ?score ; pledge:onProperty pledge:stars ; pledge:uncertain true ;
                    pledge:printedValue ?printed ; pledge:adoptedValue ?value ; pledge:adoptedThing ?thing ;
                    dcterms:source ?line .
              ?score pledge:scoreOf ?m ; pledge:origin pledge:Published . ?m dcterms:isPartOf <{TERM}/pledge/{pledge}> .
            }}""")
        assert notes == [(one, printed, adopted, f"{one}#score-2024-03-31-inferred") for one in measures]
        unread = f"""
            ASK {{ ?s pledge:printedValue ?p ; pledge:scoreOf/dcterms:isPartOf <{TERM}/pledge/{pledge}> ;
            pledge:level|pledge:percent|pledge:percentAtLeast ?x }}"""
        assert not dump.ask(unread)

    def test_the_lost_star_string_is_an_interval(self, dump: Dump) -> None:
        """Fails when stars are invented for Ⅲ-3-2, or its interval is not [50, 70)."""
        measure = f"<{TERM}/measure/3-3-2>"
        found = dump.rows(
            f"""
                SELECT ?s ?origin ?adopted ?low ?high {{ ?s pledge:scoreOf {measure} ; pledge:origin ?origin ;
                pledge:adopted ?adopted ; pledge:percentAtLeast ?low ; pledge:percentBelow ?high }}"""
        )
        assert found == [("measure/3-3-2#score-2024-03-31-inferred", "Inferred", "true", "50", "70")]
        assert dump.rows(f"SELECT ?s {{ ?s pledge:scoreOf {measure} }}") == [(found[0][0],)]
        assert not dump.ask(
            f"ASK {{ ?s pledge:scoreOf {measure} ; pledge:stars|pledge:level|pledge:percent|pledge:printedValue ?x }}"
        )
        assert dump.ask(
            f"""
                ASK {{ ?note oa:hasTarget {measure} ; pledge:onProperty pledge:stars ; pledge:uncertain true ;
                pledge:adoptedValue ?v }}"""
        )


class TestAdopted:
    """Exactly one figure counts."""

    def test_one_adopted_score_a_thing(self, dump: Dump) -> None:
        """Fails when a thing has no figure that counts, or two."""
        found = dump.rows(
            """
                SELECT ?t (COUNT(?s) AS ?n) { ?s pledge:scoreOf ?t ; pledge:adopted true ;
                pledge:inAssessment ?a } GROUP BY ?t ?a"""
        )
        assert {count for _, count in found} == {"1"}
        graded = dump.rows(
            "SELECT ?t { VALUES ?c { pledge:Programme pledge:Policy pledge:Pledge pledge:Measure } ?t a ?c }"
        )
        assert sorted(thing for thing, _ in found) == sorted(thing for (thing,) in graded)
        assert len(found) == 81

    def test_every_score_says_whether_it_counts(self, dump: Dump) -> None:
        """Fails when a score lacks the flag or has it twice, so that a query would need NOT EXISTS."""
        found = dump.rows(
            """
                SELECT ?s (COUNT(?flag) AS ?n) { ?s a pledge:ProgressScore OPTIONAL { ?s pledge:adopted ?flag }
                } GROUP BY ?s"""
        )
        assert {count for _, count in found} == {"1"}
        assert {
            value
            for (value,) in dump.rows("SELECT DISTINCT ?v { ?s pledge:adopted ?v ; pledge:origin pledge:Computed }")
        } == {"false"}


class TestDoubt:
    """What is uncertain is said where it matters."""

    def test_fourteen_measures_carry_a_doubt(self, dump: Dump) -> None:
        """Fails when a doubtful measure looks certain, or a certain one doubtful."""
        found = dump.rows("""
            SELECT DISTINCT ?m {
              ?note pledge:uncertain true ; oa:hasTarget ?target . ?m a pledge:Measure
              FILTER (?target = ?m || EXISTS { ?target pledge:scoreOf ?m } || EXISTS { ?target dcterms:isPartOf ?m })
            }""")
        assert {one.removeprefix("measure/") for (one,) in found} == UNCERTAIN

    def test_every_note_is_complete(self, dump: Dump) -> None:
        """Fails when a note lacks its reason in a language, its kind, its property, its target or its line."""
        (whole,) = dump.rows("SELECT (COUNT(?n) AS ?all) { ?n a pledge:DataNote }")
        found = dump.rows("""
            SELECT DISTINCT ?n {
              ?n a pledge:DataNote ; dcterms:type ?kind ; pledge:onProperty ?property ; oa:hasTarget ?target ;
                 pledge:uncertain ?doubt ; dcterms:source ?line ;
                 <http://www.w3.org/2000/01/rdf-schema#comment> ?ja, ?en .
              FILTER (LANG(?ja) = "ja" && LANG(?en) = "en") FILTER EXISTS { ?target ?p ?o }
            }""")
        assert len(found) == int(whole[0]) >= 49

    def test_wrong_characters_stand_only_in_prints_and_notes(self, dump: Dump) -> None:
        """Fails when 苦 is published as the city's name, or one of its 22 corrections has no note."""
        assert {
            p.rpartition("#")[2]
            for (p,) in dump.rows('SELECT DISTINCT ?p { ?s ?p ?o FILTER (CONTAINS(STR(?o), "苦小牧")) }')
        } == {
            *("printedValue", "sourceText"),
        }
        assert (
            len(
                dump.rows('SELECT ?n { ?n a pledge:DataNote ; pledge:printedValue ?v FILTER (CONTAINS(?v, "苦小牧")) }')
            )
            == 22
        )

    def test_doubtful_departments_stay_with_the_pledge(self, dump: Dump) -> None:
        """Fails when a department that may belong to either measure is linked to one."""
        found = dump.rows(
            "SELECT ?p (COUNT(?d) AS ?n) { ?p a pledge:Pledge ; pledge:responsibleDepartment ?d } GROUP BY ?p"
        )
        assert found == [("pledge/3-1", "2"), ("pledge/3-2", "1"), ("pledge/3-3", "3"), ("pledge/3-4", "4")]
        (links,) = dump.rows("SELECT (COUNT(?d) AS ?n) { ?m a pledge:Measure ; pledge:responsibleDepartment ?d }")
        assert links == ("118",)
        (printed,) = dump.rows(
            "SELECT (COUNT(?d) AS ?n) { ?s a pledge:ProgressScore ; pledge:responsibleDepartment ?d }"
        )
        assert printed == ("128",)
