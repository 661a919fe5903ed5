"""Cities side by side: nothing is compared that the published rules refuse, and every refusal says why."""

from __future__ import annotations

import json
import random
import re
import shutil
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import rdflib
from lxml import html

from pledge_ld import validate
from pledge_ld.compare import compared, comparison_triples, federated, formatted
from pledge_ld.graph import as_ntriples
from pledge_ld.problem import PledgeError
from pledge_ld.query import Answer, load, run, store_of
from pledge_ld.term import BASE, NS

if TYPE_CHECKING:
    from collections.abc import Callable

    import pyoxigraph as ox
    from conftest import Run

    from pledge_ld.compare import Comparison, Round
    from pledge_ld.publish import CityData
    from pledge_ld.query import Query

ROOT = Path(__file__).resolve().parents[1]
TOMAKOMAI, HIGASHIURA, NISHINOMIYA, TAKAMATSU, NOBEOKA = "012131", "234427", "282049", "372013", "452033"
COMPARISON = rdflib.URIRef(f"{NS}Comparison")
CITIES = [TOMAKOMAI, HIGASHIURA, NISHINOMIYA, TAKAMATSU, NOBEOKA]
INTEGER = "http://www.w3.org/2001/XMLSchema#integer"


@pytest.fixture(scope="module")
def queries() -> dict[str, Query]:
    """The saved queries by name."""
    return load()


@pytest.fixture(scope="module")
def store(cities: tuple[CityData, ...]) -> ox.Store:
    """The five cities in a store."""
    return store_of([(one.graph, as_ntriples(one.index.triples)) for one in cities if one.index])


@pytest.fixture(scope="module")
def gathered(store: ox.Store, queries: dict[str, Query]) -> dict[str, Answer]:
    """What the federated queries say of the five cities."""
    return {name: run(store, queries[name].text) for name in federated(queries)}


@pytest.fixture(scope="module")
def five(gathered: dict[str, Answer], queries: dict[str, Query]) -> Comparison:
    """The five cities compared."""
    return compared(gathered, queries)


def latest(comparison: Comparison, code: str, place: int = -1) -> Round:
    """The city's latest round, of its last programme unless told."""
    return next(one for one in comparison.cities if one.code == code).latest[place]


def with_cells(answer: Answer, row: int, cells: dict[str, str | None]) -> Answer:
    """The answer with a further row: one of its own with other cells."""
    found = dict(zip(answer.names, answer.rows[row], strict=True)) | cells
    return Answer(answer.names, [*answer.rows, tuple(found[name] for name in answer.names)])


def replaced(answer: Answer, row: int, cells: dict[str, str | None]) -> Answer:
    """The answer with other cells in one row."""
    longer = with_cells(answer, row, cells)
    rows = [*longer.rows[:row], longer.rows[-1], *longer.rows[row + 1 : -1]]
    return Answer(answer.names, rows)


class TestWrongUse:
    """What cannot be answered is said, with what there is."""

    def test_a_city_that_is_not_there(self, root: Path, cli: Callable[..., Run]) -> None:
        """Fails when a name that no city has is passed over, so that a reader takes silence for an answer."""
        found = cli(root, "compare", "苫小牧市", "札幌市")
        assert found.code == 2
        assert found.out == ""
        assert "札幌市" in found.err
        assert all(one in found.err for one in CITIES)

    @pytest.mark.parametrize("name", ["\x1b[31m", "", " ", "市", "012131; DROP", "9" * 5000])
    def test_hostile_names(self, name: str, gathered: dict[str, Answer], queries: dict[str, Query]) -> None:
        """Fails when a name that is none names a city, or reaches a terminal as it is."""
        with pytest.raises(PledgeError) as error:
            compared(gathered, queries, [name])
        assert str(error.value).isprintable()

    def test_one_city_has_only_its_own_layers(self, root: Path, cli: Callable[..., Run]) -> None:
        """Fails when one city is compared with others that nobody named."""
        found = json.loads(cli(root, "compare", "Tomakomai", "--format", "json").out)
        assert [one["code"] for one in found["cities"]] == [TOMAKOMAI]
        assert found["pairs"] == []

    @pytest.mark.parametrize("name", ["苫小牧市", "苫小牧", "Tomakomai City", "tomakomai", "TOMAKOMAI", "０１２１３１"])
    def test_names_of_a_city(self, name: str, gathered: dict[str, Answer], queries: dict[str, Query]) -> None:
        """Fails when a city is not found by what people call it."""
        assert [one.code for one in compared(gathered, queries, [name]).cities] == [TOMAKOMAI]

    def test_too_many_cities(self, gathered: dict[str, Answer], queries: dict[str, Query]) -> None:
        """Fails when a country of cities is set against itself, pair by pair."""
        answer = gathered["comparison_assessments"]
        for place in range(40):
            cells = {"city": f"<https://e.org/{place}>", "assessment": f"<https://e.org/{place}/r>"}
            answer = with_cells(answer, 0, {**cells, "programme": f"<https://e.org/{place}/p>"})
        with pytest.raises(PledgeError, match="at most 30 cities, got 45"):
            compared({**gathered, "comparison_assessments": answer}, queries)
        shown = compared({**gathered, "comparison_assessments": answer}, queries, every=True)
        assert (len(shown.cities), shown.pairs) == (45, ())

    def test_nothing_gathered(self, queries: dict[str, Query]) -> None:
        """Fails when a place without cities breaks the comparison."""
        found = compared({}, queries)
        assert (found.cities, found.pairs) == ((), ())
        assert formatted(found, "table", BASE) == ""
        assert formatted(found, "csv", BASE).count("\n") == 1


class TestRowsOfStrangers:
    """Rows may come from anywhere: what is wrong or torn is unknown, and unknown refuses."""

    @pytest.mark.parametrize(
        ("column", "cell"),
        [
            ("items", '"51"^^<http://www.w3.org/2001/XMLSchema#integer>'),
            ("percent", '"99"^^<http://www.w3.org/2001/XMLSchema#decimal>'),
            ("term_start", '"2020-01-01"^^<http://www.w3.org/2001/XMLSchema#date>'),
            ("term_months", f'"12"^^<{INTEGER}>'),
            ("construct", f"<{NS}DeliveryStatus>"),
            ("scale", "<https://e.org/scale>"),
        ],
    )
    def test_two_sources_disagree(
        self, column: str, cell: str, gathered: dict[str, Answer], queries: dict[str, Query]
    ) -> None:
        """Fails when one of two figures is taken as if the other had not been said."""
        torn = with_cells(gathered["comparison_assessments"], 0, {column: cell})
        found = compared({**gathered, "comparison_assessments": torn}, queries)
        one = latest(found, TOMAKOMAI)
        assert column in one.unknown
        held = {"items": one.items, "percent": one.percent, "scale": one.scale, "construct": one.construct}
        assert not held.get(column, one.months)
        assert not [pair for pair in found.pairs if one in (pair.one, pair.other) and pair.allowed]

    @pytest.mark.parametrize(
        "cell",
        [
            '"50"',
            '"fifty"',
            f'"-5"^^<{INTEGER}>',
            f'"{"9" * 40}"^^<{INTEGER}>',
            "<https://e.org/>",
            "_:b",
            f'"٥"^^<{INTEGER}>',
        ],
    )
    def test_a_cell_of_another_type(self, cell: str, gathered: dict[str, Answer], queries: dict[str, Query]) -> None:
        """Fails when what is no number is counted as one, or breaks the comparison."""
        wrong = replaced(gathered["comparison_assessments"], 0, {"items": cell})
        found = compared({**gathered, "comparison_assessments": wrong}, queries)
        assert latest(found, TOMAKOMAI).items is None
        reasons = {one.concept for pair in found.between() for one in pair.reasons if pair.one.city.endswith(TOMAKOMAI)}
        assert "UnknownItemCount" in reasons

    @pytest.mark.parametrize(
        "cell", ["<https://e.org/a> . <https://e.org/b>", "<javascript alert>", '<https://e.org/"}>', "<>"]
    )
    def test_an_iri_that_is_none(self, cell: str, gathered: dict[str, Answer], queries: dict[str, Query]) -> None:
        """Fails when a term made to break out of its place reaches the store of the rules."""
        wrong = replaced(gathered["comparison_assessments"], 0, {"programme": cell})
        found = compared({**gathered, "comparison_assessments": wrong}, queries)
        assert found.left_out == (f"{BASE}jp/012131/2022/report/2024-03-31",)
        assert [one.code for one in found.cities] == CITIES[1:]

    def test_an_assessor_of_a_kind_we_do_not_know(self, gathered: dict[str, Answer], queries: dict[str, Query]) -> None:
        """Fails when a city graded by its departments and a robot passes for one graded by its departments."""
        particulars = gathered["comparison_particulars"]
        place = next(
            at for at, row in enumerate(particulars.rows) if row[1] == f"<{NS}assessor>" and TOMAKOMAI in (row[0] or "")
        )
        odd = with_cells(particulars, place, {"value": "<https://e.org/Robot>"})
        found = compared({**gathered, "comparison_particulars": odd}, queries)
        assert latest(found, TOMAKOMAI).assessors == ()

    def test_more_items_than_were_graded(self, gathered: dict[str, Answer], queries: dict[str, Query]) -> None:
        """Fails when shares are made of counts that do not fit into the number of items."""
        rows = replaced(gathered["comparison_assessments"], 0, {"items": f'"21"^^<{INTEGER}>'})
        one = latest(compared({**gathered, "comparison_assessments": rows}, queries), TOMAKOMAI)
        assert "count" in one.unknown
        assert one.distribution is None
        assert one.bands
        assert one.bands.figure("UnderWay") is None

    def test_order_and_repetition_change_nothing(
        self, gathered: dict[str, Answer], queries: dict[str, Query], five: Comparison
    ) -> None:
        """Fails when the same rows in another order, or twice, make other bytes."""
        dice = random.Random(5)  # noqa: S311 - an order, no secret
        mixed = {}
        for name, answer in gathered.items():
            rows = [*answer.rows, *answer.rows]
            dice.shuffle(rows)
            mixed[name] = Answer(answer.names, rows)
        other = compared(mixed, queries)
        for form in ("table", "csv", "json", "turtle"):
            assert formatted(other, form, BASE) == formatted(five, form, BASE)


class TestFiveCities:
    """The figures that must hold."""

    def test_tomakomai(self, five: Comparison) -> None:
        """Fails when an unreadable measure is counted as something, or 59.2 becomes more than an index of its own."""
        one = latest(five, TOMAKOMAI)
        assert one.bands
        assert dict(one.bands.counts) == {"Done": 0, "UnderWay": 49, "NotBegunOrDropped": 0, "NotAssessed": 0}
        assert one.bands.unreadable == 1
        assert one.bands.figure("Done") == (0, 1, 50)
        assert one.bands.figure("UnderWay") == (49, 50, 50)
        assert one.months == (21, 48)
        assert (one.index, one.elapsed) == ("0.592", "0.44")
        assert [field.rank for field in one.fields] == [1, 4, 3, 4, 1]

    def test_nobeoka(self, five: Comparison) -> None:
        """Fails when the two that are under consideration get a band that its mapping does not give."""
        one = latest(five, NOBEOKA)
        assert one.bands
        assert dict(one.bands.counts)["UnderWay"] == 10
        assert one.bands.without == 2
        assert one.bands.figure("Done") == (0, 0, 12)
        assert (one.index, one.months) == ("", None)
        assert one.ranked_by == "done"
        assert [field.rank for field in one.fields] == [1, None, 1, 1]

    def test_takamatsu(self, five: Comparison) -> None:
        """Fails when the letters of a manifesto are not those printed, or become bands."""
        one = latest(five, TAKAMATSU)
        assert one.distribution
        assert [(each.level.name["ja"], each.count) for each in one.distribution.counts] == [
            ("C", 5),
            ("B", 5),
            ("A", 74),
        ]
        sums = {"A": 0, "B": 0, "C": 0}
        for field in one.fields:
            for level, count in field.counts:
                sums[level.name["ja"]] += count
        assert len(one.fields) == 7
        assert sums == {"A": 74, "B": 5, "C": 5}
        assert one.bands
        assert not one.bands.maps
        assert one.ranked_by == "top"
        assert sorted(field.rank or 0 for field in one.fields) == [1, 2, 3, 4, 5, 6, 7]

    def test_two_manifestos_of_one_city(self, five: Comparison) -> None:
        """Fails when an A of at least 80 percent is set against an A of at least 100."""
        pair = next(one for one in five.between() if one.one.city == one.other.city)
        assert not pair.allowed
        assert "DifferentScale" in {one.concept for one in pair.reasons}

    def test_cities_without_fields_say_so(self, five: Comparison) -> None:
        """Fails when a field is made up for a city that publishes none."""
        for code in (NISHINOMIYA, HIGASHIURA):
            assert latest(five, code).fields == ()
            assert latest(five, code).distribution is not None

    def test_every_pair(self, five: Comparison) -> None:
        """Fails when a pair of programmes has no verdict, or one of the five cities is compared with another."""
        rounds = [one for city in five.cities for one in city.latest]
        assert [(one.one.iri, one.other.iri) for one in five.between()] == [
            (one.iri, other.iri) for one, other in combinations(rounds, 2)
        ]
        assert len(five.between()) == 15
        assert not [one for one in five.between() if one.allowed]
        assert all(one.reasons for one in five.pairs)

    def test_the_same_programme_over_time(self, five: Comparison) -> None:
        """Fails when a programme on one scale is not compared with itself, or with more than itself."""
        assert [(one.one.as_of, one.other.as_of, one.allowed) for one in five.again()] == [
            ("2020-03-31", "2021-03-31", True),
            ("2021-03-31", "2022-03-31", True),
            ("2022-03-31", "2023-03-31", True),
        ]
        assert {reason.concept for one in five.again() for reason in one.reasons} == {"SameProgrammeAndScale"}

    def test_cities_stand_by_code(self, five: Comparison) -> None:
        """Fails when the order of the cities tells anything but their codes."""
        assert [one.code for one in five.cities] == CITIES

    def test_the_rules_run_anywhere(self, five: Comparison, store: ox.Store, queries: dict[str, Query]) -> None:
        """Fails when the rules say something else over the cities themselves than over what was gathered of them."""
        rows = run(store, queries["comparison_reasons"].text).rows
        there = {frozenset((row[0], row[1])): set[str]() for row in rows}
        for row in rows:
            there[frozenset((row[0], row[1]))].add((row[3] or "")[1:-1].removeprefix(NS))
        for pair in five.pairs:
            key = frozenset((f"<{pair.one.iri}>", f"<{pair.other.iri}>"))
            assert there[key] == {one.concept for one in pair.reasons}

    @pytest.mark.parametrize(
        "name",
        [
            f"comparison_{one}"
            for one in ("assessments", "bands", "counts", "fields", "levels", "particulars", "reasons")
        ],
    )
    def test_a_second_engine(self, name: str, store: ox.Store, queries: dict[str, Query]) -> None:
        """Fails when a query leans on what one engine alone does."""
        graph = rdflib.Graph()
        for quad in store:
            graph.parse(data=f"{quad.triple} .", format="nt")
        answer: Any = graph.query(queries[name].text)
        theirs = {tuple(None if one is None else str(one) for one in row) for row in answer}
        ours = {
            tuple(None if one is None else str(rdflib.util.from_n3(one)) for one in row)
            for row in run(store, queries[name].text).rows
        }
        assert theirs == ours


SOURCE = "jp-282049-nishinomiya"


def synthetic(folder: Path, code: str, counts: tuple[int, int, int], start: str, **changes: str) -> None:
    """An invented city on Nishinomiya's kind of scale, its own copy of it; ``changes`` are keys of its files."""
    city = folder / f"jp-{code}-{changes.pop('folder', 'example')}"
    shutil.copytree(ROOT / "data" / SOURCE, city)
    edits = {
        "city.toml": [(r'code = ".*"', f'code = "{code}"'), (r'name_ja = ".*"', f'name_ja = "合成市{code}(架空)"'),
                      (r'name_en = ".*"', f'name_en = "Synthetic City {code}"')],
        "term-1/programme.toml": [("$", f"\nterm_start = {start}\nterm_months = 48\n")],
        "term-1/reports/2022-02-08.toml": [("item_count = 40", f"item_count = {sum(counts)}")],
        "term-1/counts/2022-02-08.csv": [(f",{old},", f",{n},") for old, n in zip((28, 10, 2), counts, strict=True)],
    }  # fmt: skip
    for key, value in changes.items():
        file = {"assessors": "term-1/reports/2022-02-08.toml", "construct": "scales/self-assessment.toml"}[key]
        edits.setdefault(file, []).append((rf"{key} = .*", f"{key} = {value}"))
    for file, pairs in edits.items():
        path = city / file
        text = path.read_text(encoding="utf-8")
        for old, new in pairs:
            assert re.search(old, text), (file, old)
            text = re.sub(old, new, text, count=1)
        path.write_text(text, encoding="utf-8")


def verdict(folder: Path, cli: Callable[..., Run], *arguments: str) -> dict[str, Any]:
    """What the command says of the cities in the folder, as JSON."""
    found = cli(folder, "compare", *arguments, "--format", "json")
    assert found.code == 0, found.err
    answer: dict[str, Any] = json.loads(found.out)
    return answer


def test_the_rules_know_every_kind_of_assessor(queries: dict[str, Query]) -> None:
    """Fails when a kind that the ontology gains is taken for an unknown one, and its cities refused."""
    graph = rdflib.Graph().parse(ROOT / "ontology/assessors.ttl")
    kinds = {
        str(one).removeprefix(NS) for one in graph.subjects(rdflib.SKOS.topConceptOf, rdflib.URIRef(f"{NS}Assessors"))
    }
    text = queries["comparison_reasons"].text
    for variable in ("by", "other_by"):
        assert set(re.findall(rf"\?{variable} = pledge:(\w+)", text)) == kinds


class TestSyntheticCities:
    """Two invented cities that may be compared, until one thing is changed."""

    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        """A folder with the first of the two."""
        shutil.copy(ROOT / "pledge_ld.toml", tmp_path)
        (tmp_path / "data").mkdir()
        synthetic(tmp_path / "data", "999991", (28, 10, 2), "2018-04-15")
        return tmp_path

    def test_allowed(self, folder: Path, cli: Callable[..., Run]) -> None:
        """Fails when two cities that every rule allows are refused, or one of the two figures is not shown."""
        synthetic(folder / "data", "999992", (12, 15, 3), "2018-05-01")
        found = verdict(folder, cli)
        assert [(one["allowed"], [each["concept"] for each in one["reasons"]]) for one in found["pairs"]] == [
            (True, ["EveryRuleHolds"])
        ]
        out = folder / "site"
        run_ = cli(folder, "build", "--out", str(out))
        assert run_.code == 0, run_.err
        for language, path in (("ja", "compare.html"), ("en", "en/compare.html")):
            page = html.parse(str(out / path))
            shown = " ".join(page.xpath("string(//li[contains(@class, 'allowed')])").split())
            ja = ["40件のうち28件 (70.0%)", "40件のうち10件 (25.0%)", "30件のうち12件 (40.0%)"]
            en = ["28 of 40 (70.0%)", "10 of 40 (25.0%)", "12 of 30 (40.0%)", "15 of 30 (50.0%)"]
            assert [one for one in (ja if language == "ja" else en) if one not in shown] == []

    @pytest.mark.parametrize(
        ("counts", "start", "changes", "reason", "figures"),
        [
            ((9, 8, 2), "2018-04-15", {}, "TooFewItems", ("40", "19", "20")),
            ((12, 15, 3), "2020-04-15", {}, "DifferentTermShare", ("47/48", "23/48", "0.15")),
            (
                (12, 15, 3),
                "2018-04-15",
                {"assessors": '["mayor", "third-party"]'},
                "DifferentAssessor",
                ("mayor", "mayor third-party", ""),
            ),
            (
                (12, 15, 3),
                "2018-04-15",
                {"construct": '"schedule-adherence"'},
                "DifferentConstruct",
                ("DeliveryStatus", "ScheduleAdherence", ""),
            ),
        ],
    )
    def test_refused_for_one_reason(  # noqa: PLR0917 - a case and two fixtures
        self,
        counts: tuple[int, int, int],
        start: str,
        changes: dict[str, str],
        reason: str,
        figures: tuple[str, str, str],
        folder: Path,
        cli: Callable[..., Run],
    ) -> None:
        """Fails when a rule does not refuse by itself, or does not show the figures that it stands on."""
        synthetic(folder / "data", "999992", counts, start, **changes)
        (pair,) = verdict(folder, cli)["pairs"]
        assert not pair["allowed"]
        assert [
            (one["concept"], one["one_figure"], one["other_figure"], one["threshold"]) for one in pair["reasons"]
        ] == [(reason, *figures)]

    @pytest.mark.parametrize("construct", ["target-attainment", "schedule-adherence", "expert-points"])
    def test_the_same_construct_on_two_scales(self, construct: str, folder: Path, cli: Callable[..., Run]) -> None:
        """Fails when targets, schedules or points of two publishers pass for one measure, or become bands."""
        shutil.rmtree(folder / "data" / "jp-999991-example")
        for code in ("999991", "999992"):
            synthetic(folder / "data", code, (28, 10, 2), "2018-04-15", construct=f'"{construct}"')
        found = verdict(folder, cli)
        assert [one["concept"] for one in found["pairs"][0]["reasons"]] == ["DifferentScale"]
        assert found["cities"][0]["latest"][0]["bands"] == {}

    @pytest.mark.parametrize(("start", "allowed"), [("2018-11-01", True), ("2018-12-01", False)])
    def test_the_limit_itself(self, start: str, allowed: bool, folder: Path, cli: Callable[..., Run]) -> None:  # noqa: FBT001 - a case
        """Fails when 7 of 48 months apart (0.146) is refused, or 8 (0.167) allowed."""
        synthetic(folder / "data", "999992", (12, 15, 3), start)
        assert verdict(folder, cli)["pairs"][0]["allowed"] is allowed

    def test_limits_are_parameters(self, folder: Path, cli: Callable[..., Run], queries: dict[str, Query]) -> None:
        """Fails when a limit stands anywhere but in the query's parameters."""
        synthetic(folder / "data", "999992", (9, 8, 2), "2018-04-15")
        text = "\n".join(one.read_text("utf-8") for one in sorted((ROOT / "src/pledge_ld/compare").glob("*.py")))
        assert not re.search(r"0\.15|\b20\b", text)
        assert {one.name: one.default for one in queries["comparison_reasons"].params} == {
            "share_gap": "0.15",
            "least_items": "20",
        }
        assert verdict(folder, cli)["limits"] == {"share_gap": "0.15", "least_items": "20"}
        answer = cli(folder, "query", "comparison_reasons", "--param", "least_items=19", "--format", "csv")
        assert answer.out.splitlines() == ["one,other,verdict,reason,one_figure,other_figure,threshold"]


class TestOddCities:
    """Records that say less than usual: what they do not say is neither nought, nor printed, nor judged."""

    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        """A folder without cities."""
        shutil.copy(ROOT / "pledge_ld.toml", tmp_path)
        (tmp_path / "data").mkdir()
        return tmp_path

    @staticmethod
    def of(folder: Path, name: str, file: str, pattern: str, times: int = 1) -> None:
        """The city of that name without some rows of one file."""
        shutil.copytree(ROOT / "data" / name, folder / "data" / name)
        path = folder / "data" / name / file
        text, found = re.subn(pattern, "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
        assert found == times, (file, pattern, found)
        path.write_text(text, encoding="utf-8")

    def test_an_inferred_percent_is_not_called_printed(self, folder: Path, cli: Callable[..., Run]) -> None:
        """Fails when a figure that we inferred is shown, indexed or drawn as one that the city publishes."""
        for code, origin in (("999991", "inferred"), ("999992", "published")):
            synthetic(folder / "data", code, (28, 10, 2), "2018-04-15", construct='"degree-of-completion"')
            scores = folder / f"data/jp-{code}-example/term-1/scores"
            scores.mkdir()
            head = "thing,origin,percent,stars,level,percent_at_least,percent_below,printed,departments,source_lines"
            row = f"programme,{origin},33.3,,,,,,,https://example.org/"
            (scores / "2022-02-08.csv").write_text(f"{head}\n{row}\n", encoding="utf-8")
        found = verdict(folder, cli)
        rounds = [city["latest"][0] for city in found["cities"]]
        assert [one["round"]["percent"] for one in rounds] == ["", "33.3"]
        assert [one["within_city_index"] for one in rounds] == ["", "0.333"]
        assert cli(folder, "build", "--out", "site", "--compress", "none").code == 0
        assert "33.3" not in html.parse(str(folder / "site/compare.html")).xpath("string(//section[1])")

    def test_a_level_that_is_not_printed_is_not_at_nought(self, folder: Path, cli: Callable[..., Run]) -> None:
        """Fails when the field whose best level a table leaves out comes last."""
        self.of(folder, "jp-372013-takamatsu", "2023/counts/2025-03-31.csv", r"^policy/1,a,13,.*\n")
        last = verdict(folder, cli)["cities"][0]["latest"][-1]["round"]
        assert (last["fields"][0]["figure"], last["fields"][0]["rank"]) == ("", None)
        assert sorted(one["rank"] for one in last["fields"][1:]) == [1, 2, 3, 4, 5, 6]

    def test_a_field_is_not_ranked_by_a_part_of_it(self, folder: Path, cli: Callable[..., Run]) -> None:
        """Fails when one graded pledge of three stands for its field."""
        self.of(folder, "jp-452033-nobeoka", "2025/scores/2026-07-14.csv", r"^pledge/1-(?:1|2),.*\n", times=2)
        shutil.rmtree(folder / "data/jp-452033-nobeoka/2025/evidence")
        fields = verdict(folder, cli)["cities"][0]["latest"][0]["round"]["fields"]
        assert (fields[0]["figure"], fields[0]["rank"]) == ("", None)

    def test_what_nobody_has_judged_may_be_in_any_band(self, folder: Path, cli: Callable[..., Run]) -> None:
        """Fails when a level without a row in the mapping counts as one that was looked at and fits none."""
        self.of(folder, "jp-282049-nishinomiya", "mappings/self-assessment.csv", r"^partly-achieved,.*\n")
        found = verdict(folder, cli)["cities"][0]["latest"][0]
        bands = found["round"]["bands"]
        assert (bands["without"], bands["unmapped"]) == (2, 10)
        assert {name: (one["low"], one["high"]) for name, one in found["bands"].items()} == {
            "Done": (28, 38),
            "UnderWay": (0, 10),
            "NotBegunOrDropped": (0, 10),
        }
        assert cli(folder, "build", "--out", "site", "--compress", "none").code == 0
        assert "nobody has judged" in html.parse(str(folder / "site/en/compare.html")).xpath("string(//section)")

    def test_no_level_is_the_highest_of_a_scale_whose_places_meet(
        self, gathered: dict[str, Answer], queries: dict[str, Query]
    ) -> None:
        """Fails when the letters of the levels' names decide which of two is the better one."""
        levels = gathered["comparison_levels"]
        rows = [at for at, row in enumerate(levels.rows) if row[0] and row[0].endswith("/letters-2023>")]
        place = levels.rows[rows[-1]][levels.names.index("place")]
        odd = replaced(levels, rows[0], {"place": place})
        found = latest(compared({**gathered, "comparison_levels": odd}, queries), TAKAMATSU)
        assert found.ranked_by == ""
        assert {one.rank for one in found.fields} == {None}

    def test_printed_counts_that_the_grades_contradict_are_told(self, folder: Path, cli: Callable[..., Run]) -> None:
        """Fails when a report counts fewer items at a level than it grades so, and nobody hears of it."""
        name = "jp-452033-nobeoka"
        shutil.copytree(ROOT / "data" / name, folder / "data" / name)
        counts = folder / "data" / name / "2025/counts"
        counts.mkdir()
        rows = "programme,under-way,9,https://example.org/\nprogramme,achieved,3,https://example.org/\n"
        (counts / "2026-07-14.csv").write_text(f"thing,level,count,source_lines\n{rows}", encoding="utf-8")
        run_ = cli(folder, "validate")
        assert run_.code == 0
        assert "2025/counts/2026-07-14.csv:2: warning: column 'count': expected at least 10" in run_.out
        assert cli(folder, "build", "--out", "site", "--compress", "none").code == 0
        text = (folder / "site/data" / f"{name}.ttl").read_text(encoding="utf-8")
        assert "9 is printed, which does not agree with the rest" in text

    @pytest.mark.parametrize(
        ("start", "months"),
        [("2018-02-20", [48, 48]), ("2010-01-01", [48, 48]), ("2022-02-28", [1, 48]), ("2022-03-01", None)],
    )
    def test_how_far_into_the_term_is_reckoned_in_one_way(
        self, start: str, months: list[int] | None, folder: Path, cli: Callable[..., Run]
    ) -> None:
        """Fails when a page and a comparison say two things of one term, or a term not yet begun is at nought."""
        synthetic(folder / "data", "999991", (28, 10, 2), start)
        assert verdict(folder, cli)["cities"][0]["latest"][0]["round"]["months"] == months
        row = cli(folder, "query", "term_progress", "--format", "csv").out.splitlines()[1]
        assert f",{months[0]},{months[1]}," in row if months else ",,,," in row


class TestOutput:
    """What the command and the page say."""

    @pytest.mark.parametrize("form", ["table", "csv", "json", "turtle"])
    def test_no_difference_between_cities(self, form: str, five: Comparison) -> None:
        """Fails when 59.2 is subtracted from 98.3 or from 86.1, or divided by it."""
        text = formatted(five, form, BASE)
        assert not re.search(r"\b(39\.1|26\.9|0\.602|0\.6022|1\.66)\b", text)

    def test_turtle_holds(self, five: Comparison) -> None:
        """Fails when a verdict breaks its shape, has a blank node, or uses a term that the ontology lacks."""
        triples = comparison_triples(five, BASE)
        assert validate.run(as_ntriples(triples), "structure", validate.default_engine()) == []
        assert not validate.unknown_terms(triples)
        assert "_:" not in as_ntriples(triples)
        graph = rdflib.Graph().parse(data=formatted(five, "turtle", BASE), format="turtle")
        assert len(graph) == len(triples)
        kinds = [set(graph.subjects(rdflib.RDF.type, one)) for one in (COMPARISON, rdflib.PROV.Entity)]
        assert len(kinds[0]) == len(five.pairs)
        assert kinds[0] == kinds[1]

    def test_csv_is_one_table(self, five: Comparison, site: Path) -> None:
        """Fails when the site's table is not the command's, or a refused pair lacks a row."""
        text = formatted(five, "csv", BASE)
        assert (site / "compare.csv").read_bytes() == text.encode()
        assert text.count("\r\npair,") == sum(len(one.reasons) for one in five.pairs)

    @pytest.mark.parametrize("path", ["compare.html", "en/compare.html"])
    def test_page(self, path: str, site: Path, five: Comparison) -> None:
        """Fails when a pair is not on the page with the rule that decided, or the rules themselves are not."""
        page = html.parse(str(site / path))
        for pair in five.pairs:
            (node,) = (
                one
                for one in page.xpath("//li[contains(@class, 'pair')]")
                if one.get("id") == f"{_id(pair.one)}_{_id(pair.other)}"
            )
            links = {one.rpartition("#")[2] for one in node.xpath(".//ul//a/@href")}
            assert links == {one.concept for one in pair.reasons}
        assert "VALUES ?least_items" in page.xpath("string(//details//code)")
        assert page.xpath("count(//section)") == 6
        assert not page.xpath("//script")
        text = page.xpath("string(//main)")
        assert not re.search(r"39\.1|26\.9", text)

    def test_home_leads_there(self, site: Path) -> None:
        """Fails when nobody can find the page."""
        for path in ("index.html", "en/index.html"):
            page = html.parse(str(site / path))
            assert page.xpath("//main//a[@href='compare.html' or @href='../en/compare.html']")
            assert page.xpath("//nav//a[contains(@href, 'compare.html')]")


def _id(one: Round) -> str:
    return "-".join(part for part in one.iri.removeprefix(BASE).split("/") if part != "report")
