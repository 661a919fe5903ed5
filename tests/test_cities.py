"""Cities that print other things than Tomakomai: counts alone, words, addresses, and what they do not say."""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from pledge_ld.term import BASE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Run

PREFIXES = """
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX foaf: <http://xmlns.com/foaf/0.1/>
PREFIX pledge: <https://w3id.org/pledge-ld/ns#>
PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""
TAKAMATSU, NISHINOMIYA, HIGASHIURA, NOBEOKA = "jp/372013", "jp/282049", "jp/234427", "jp/452033"
OTHERS = [TAKAMATSU, NISHINOMIYA, HIGASHIURA, NOBEOKA]
COUNTS = "data/jp-372013-takamatsu/2023/counts/2025-03-31.csv"
TARGETS = "data/jp-372013-takamatsu/2023/reports/2025-03-31.toml"
EVIDENCE = "data/jp-452033-nobeoka/2025/evidence/2026-07-14.csv"
MAPPING = "data/jp-452033-nobeoka/mappings/status.csv"
SCORES = "data/jp-452033-nobeoka/2025/scores/2026-07-14.csv"
REPORT = "data/jp-452033-nobeoka/2025/reports/2026-07-14.toml"


def changed(path: Path, old: str, new: str) -> None:
    """The file with one text put for another, which must be there."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


class TestRefused:
    """What is wrong is said on the row that can be mended, and nothing else."""

    @pytest.mark.parametrize(
        "case",
        [
            (COUNTS, "policy/1,a,13", "pledge/1,a,13", 5, "Count-countOf"),
            (COUNTS, "policy/1,a,13", "policy/9,a,13", 5, "Count-countOf"),
            (COUNTS, "policy/1,a,13", "policy/1,a,-1", 5, "Count-count"),
            (COUNTS, "policy/1,a,13", "policy/1,e,13", 5, "Count-level"),
            (COUNTS, "policy/1,a,13", "policy/1,b,13", 6, "duplicate-id"),
            (COUNTS, "policy/1,a,13", "policy/1,a,many", 5, "cell-integer"),
            (COUNTS, "programme,a,74,https://", "programme,a,74,javascript://", 2, "cell-lines"),
            (TARGETS, "item_count = 84", "item_count = 83", 0, "Count-sum"),
            (EVIDENCE, "pledge/1-1,policy-budget", "pledge/1-1,no-such-paper", 2, "Evidence-title"),
            (EVIDENCE, "pledge/1-1,policy-budget", "policy/1,policy-budget", 2, "Evidence-score"),
            (MAPPING, "achieved,close,done", "achieved,none,done", 2, "Mapping-toBand"),
            (MAPPING, "achieved,close,done", "achieved,close,finished", 2, "cell-choice"),
            (MAPPING, "achieved,close,done", "finished,close,done", 2, "Mapping-fromLevel"),
            (MAPPING, "achieved,close,done", "under-way,close,done", 4, "duplicate-id"),
            (REPORT, "item_count = 12", "item_count = 11", 0, "Assessment-items"),
        ],
    )
    def test_a_wrong_cell(
        self, case: tuple[str, str, str, int, str], workspace_of_all: Path, cli: Callable[..., Run]
    ) -> None:
        """Fails when what no report can say is published, or the message leads to another row."""
        file, old, new, line, rule = case
        changed(workspace_of_all / file, old, new)
        run = cli(workspace_of_all, "validate", "data")
        assert run.code == 1
        said = [one for one in (run.out + run.err).splitlines() if one.endswith(f"[{rule}]") and "warning" not in one]
        assert said, run.out + run.err
        assert all(one.startswith(f"{file}:{line or ''}") for one in said), said

    def test_a_report_without_figures_and_counts(self, workspace_of_all: Path, cli: Callable[..., Run]) -> None:
        """Fails when a report that tells nothing of progress is published as an assessment."""
        (workspace_of_all / COUNTS).unlink()
        run = cli(workspace_of_all, "validate", "data")
        assert run.code == 1
        assert "2023/scores/2025-03-31.csv" in run.out + run.err
        assert "[file-missing]" in run.out + run.err

    def test_two_sets_to_compare_by(self, workspace_of_all: Path, cli: Callable[..., Run]) -> None:
        """Fails when one scale has two judgements that both count: a share of what is done would be counted twice."""
        folder = workspace_of_all / "data/jp-452033-nobeoka/mappings"
        for ending in ("toml", "csv"):
            (folder / f"other.{ending}").write_bytes((folder / f"status.{ending}").read_bytes())
        run = cli(workspace_of_all, "validate", "data")
        assert run.code == 1
        assert "[MappingSet-adopted-once]" in run.out + run.err
        changed(folder / "other.toml", "adopted = true", "adopted = false")
        assert cli(workspace_of_all, "validate", "data").code == 0

    def test_a_column_that_was_added_later(self, workspace_of_all: Path, cli: Callable[..., Run]) -> None:
        """Fails when records written before a column existed are refused, or one that was dropped is not missed."""
        with (workspace_of_all / SCORES).open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
        for name, code in (("checked", 0), ("level", 1)):
            place = rows[0].index(name)
            left = [[*row[:place], *row[place + 1 :]] for row in rows]
            with (workspace_of_all / SCORES).open("w", encoding="utf-8", newline="") as file:
                csv.writer(file, lineterminator="\n").writerows(left)
            run = cli(workspace_of_all, "validate", "data")
            assert run.code == code, run.out + run.err
            assert ("[csv-columns]" in run.out + run.err) == bool(code)


@pytest.fixture(scope="module")
def union(site: Path) -> ox.Store:
    """Every city as the site offers it in one file."""
    store = ox.Store()
    store.bulk_load(path=str(site / "data/all.nq"), format=ox.RdfFormat.N_QUADS)
    return store


@pytest.fixture
def ask(union: ox.Store) -> Callable[[str], list[tuple[str, ...]]]:
    """A question to all cities; IRIs are shortened to what follows our base."""

    def rows(query: str) -> list[tuple[str, ...]]:
        found = union.query(PREFIXES + query, use_default_graph_as_union=True)
        assert isinstance(found, ox.QuerySolutions)
        return sorted(tuple("" if one is None else _short(one) for one in row) for row in found)

    return rows


def _short(term: object) -> str:
    assert isinstance(term, (ox.NamedNode, ox.Literal))
    return term.value.removeprefix(BASE).removeprefix("ns#")


class TestFigures:
    """What the four cities published, asked of the dump alone."""

    def test_takamatsu_s_groups_sum_up_to_the_whole(self, ask: Callable[[str], list[tuple[str, ...]]]) -> None:
        """Fails when a printed count is lost, or counted in another group."""
        found = ask("""SELECT ?of ?level ?n {
            ?c a pledge:LevelCount ; pledge:countOf ?of ; pledge:level/skos:notation ?level ; pledge:count ?n ;
            pledge:origin pledge:Published ; pledge:inAssessment/pledge:asOf ?day
            FILTER (STR(?day) = "2025-03-31") }""")
        whole = {level: int(n) for of, level, n in found if of == f"{TAKAMATSU}/2023"}
        assert whole == {"a": 74, "b": 5, "c": 5}
        groups = [(level, int(n)) for of, level, n in found if "/policy/" in of]
        assert len(groups) == 21
        assert {level: sum(n for one, n in groups if one == level) for level in whole} == whole

    def test_the_distributions(self, ask: Callable[[str], list[tuple[str, ...]]]) -> None:
        """Fails when a city's distribution changes, or a level of another scale is among them."""
        found = ask("""SELECT ?programme ?day ?level ?n {
            ?c pledge:countOf ?programme ; pledge:level/skos:prefLabel ?level ; pledge:count ?n ;
            pledge:inAssessment ?a . ?a pledge:programme ?programme ; pledge:asOf ?day
            FILTER (LANG(?level) = "ja") }""")
        by = {(one, day): {level: int(n) for a, b, level, n in found if (a, b) == (one, day)} for one, day, *_ in found}
        assert by[f"{TAKAMATSU}/2019", "2023-03-31"] == {"A": 44, "B": 17, "C": 7, "D": 13}
        assert by[f"{NISHINOMIYA}/term-1", "2022-02-08"] == {"達成(〇)": 28, "一部達成(△)": 10, "未達成(-)": 2}
        assert by[f"{HIGASHIURA}/policy-2", "2019-03-31"] == {"達成": 3, "順調": 57, "やや遅れ": 11, "遅れ": 1}
        assert by[f"{NOBEOKA}/2025", "2026-07-14"] == {"進行中": 10, "検討中": 2}

    def test_printed_means_stand_each_in_its_year(self, ask: Callable[[str], list[tuple[str, ...]]]) -> None:
        """Fails when a mean of target attainment lands in another year, or a number of targets is made up for it."""
        found = ask(f"""SELECT ?day ?p ?items {{ ?s pledge:scoreOf <{BASE}{TAKAMATSU}/2019> ; pledge:percent ?p ;
            pledge:inAssessment ?a . ?a pledge:asOf ?day OPTIONAL {{ ?a pledge:itemCount ?items }} }}""")
        assert found == [
            ("2020-03-31", "93.6", ""),
            ("2021-03-31", "88.6", ""),
            ("2022-03-31", "95.9", ""),
            ("2023-03-31", "98.3", "81"),
        ]

    def test_one_letter_means_two_things(self, ask: Callable[[str], list[tuple[str, ...]]]) -> None:
        """Fails when the A of one manifesto is the A of the other, or our guess at B passes for print."""
        found = ask("""SELECT ?level ?low ?high ?by { ?level a pledge:Level ; pledge:origin ?by
            OPTIONAL { ?level pledge:percentAtLeast ?low } OPTIONAL { ?level pledge:percentBelow ?high } }""")
        ours = [(one.partition("scale/")[2], *rest) for one, *rest in found if one.startswith(TAKAMATSU)]
        assert ours == [
            ("letters-2019#a", "100", "", "Published"),
            ("letters-2019#b", "90", "100", "Published"),
            ("letters-2019#c", "80", "90", "Published"),
            ("letters-2019#d", "", "80", "Published"),
            ("letters-2023#a", "80", "", "Published"),
            ("letters-2023#b", "60", "80", "Inferred"),
            ("letters-2023#c", "", "60", "Published"),
        ]

    def test_nobeoka_s_evidence_has_pages(self, ask: Callable[[str], list[tuple[str, ...]]], data: Path) -> None:
        """Fails when a document behind a grade is lost, or stands behind another grade or page."""
        found = ask("""SELECT ?thing ?address ?page { ?s pledge:scoreOf ?thing ; pledge:evidence ?e .
            ?e a pledge:Evidence ; foaf:page ?address OPTIONAL { ?e pledge:page ?page } }""")
        folder = data / "jp-452033-nobeoka"
        with (folder / "documents.csv").open(encoding="utf-8", newline="") as file:
            address = {row["id"]: row["page"] for row in csv.DictReader(file)}
        with (folder / "2025/evidence/2026-07-14.csv").open(encoding="utf-8", newline="") as file:
            rows = [(row["thing"], address[row["document"]], row["page"]) for row in csv.DictReader(file)]
        assert found == sorted((f"{NOBEOKA}/2025/{thing}", *rest) for thing, *rest in rows)
        assert len(found) == 27

    def test_when_a_grade_was_checked_is_not_what_it_describes(
        self, ask: Callable[[str], list[tuple[str, ...]]]
    ) -> None:
        """Fails when the day of checking becomes the day that the figure describes, or the other way round."""
        found = ask("SELECT ?as_of ?day { ?s pledge:lastChecked ?day ; pledge:asOf ?as_of }")
        assert {one for one, _ in found} == {"2026-07-14"}
        assert sorted({day for _, day in found}) == ["2026-07-14", "2026-08-12"]

    def test_what_is_not_known_is_not_said(self, ask: Callable[[str], list[tuple[str, ...]]]) -> None:
        """Fails when a term's start, its length or how often a report comes is said of a city that does not say so."""
        for term in ("pledge:termStart", "pledge:termMonths", "dcterms:accrualPeriodicity", "pledge:calculation"):
            subjects = {one for (one,) in ask(f"SELECT DISTINCT ?s {{ ?s {term} ?o }}")}
            assert subjects, term
            assert all(one.startswith("jp/012131/") for one in subjects), term

    def test_who_published(self, ask: Callable[[str], list[tuple[str, ...]]]) -> None:
        """Fails when a third party's or a mayor's own page is laid at the city's door."""
        found = ask("SELECT ?a ?who { ?a a pledge:Assessment ; prov:wasAttributedTo ?who }")
        by_city = {one for one, who in found if re.fullmatch(r"jp/[0-9]{6}", who)}
        assert by_city == {"jp/012131/2022/report/2024-03-31", f"{TAKAMATSU}/2023/report/2025-03-31"}
        assert all(who == f"{one}#publisher" for one, who in found if one not in by_city)

    def test_no_line_is_made_up(self, ask: Callable[[str], list[tuple[str, ...]]]) -> None:
        """Fails when a city of whose report we have no text gets lines."""
        assert {one.partition("/report/")[0] for (one,) in ask("SELECT ?l { ?l a pledge:SourceLine }")} == {
            "jp/012131/2022"
        }


class TestBands:
    """Levels in bands, by the set that counts of each scale."""

    BANDED = """SELECT ?programme ?band (SUM(?n) AS ?items) {
        ?set a pledge:MappingSet ; pledge:adopted true .
        ?m pledge:inMappingSet ?set ; pledge:fromLevel ?level . OPTIONAL { ?m pledge:toBand ?band }
        ?c pledge:level ?level ; pledge:count ?n ; pledge:countOf ?programme .
        ?programme a pledge:Programme } GROUP BY ?programme ?band"""

    def test_items_by_band(self, ask: Callable[[str], list[tuple[str, ...]]]) -> None:
        """Fails when an item is done that is not, or a scale that measures something else is put into bands."""
        assert ask(self.BANDED) == [
            ("jp/012131/2022", "UnderWay", "49"),
            (f"{HIGASHIURA}/policy-2", "", "72"),
            (f"{NISHINOMIYA}/term-1", "", "2"),
            (f"{NISHINOMIYA}/term-1", "Done", "28"),
            (f"{NISHINOMIYA}/term-1", "UnderWay", "10"),
            (f"{TAKAMATSU}/2019", "", "81"),
            (f"{TAKAMATSU}/2023", "", "84"),
            (f"{NOBEOKA}/2025", "", "2"),
            (f"{NOBEOKA}/2025", "UnderWay", "10"),
        ]

    def test_every_level_was_considered(self, ask: Callable[[str], list[tuple[str, ...]]]) -> None:
        """Fails when a level is in no set: that would look like a level that fits no band, and is another thing."""
        assert ask("SELECT ?l { ?l a pledge:Level FILTER NOT EXISTS { ?m pledge:fromLevel ?l } }") == []

    def test_bands_are_for_completion_and_delivery(self, ask: Callable[[str], list[tuple[str, ...]]]) -> None:
        """Fails when schedule adherence or target attainment is said to be done."""
        found = ask("""SELECT DISTINCT ?construct { ?m pledge:toBand ?band ; pledge:fromLevel/skos:inScheme ?s .
            ?s pledge:construct ?construct }""")
        assert found == [("DegreeOfCompletion",), ("DeliveryStatus",)]

    def test_no_match_is_exact_without_a_definition(self, ask: Callable[[str], list[tuple[str, ...]]]) -> None:
        """Fails when the words of a portal that defines none are called the same as a band."""
        found = ask("SELECT DISTINCT ?how { ?m pledge:inMappingSet ?set ; pledge:match ?how }")
        assert ("ExactMatch",) in found
        ours = ask(f"""SELECT DISTINCT ?how {{ ?m pledge:match ?how ;
            pledge:inMappingSet <{BASE}mapping/jp-452033-status> }}""")
        assert ours == [("CloseMatch",), ("NoMatch",)]


class TestPages:
    """What a reader sees of a city that prints less."""

    @pytest.mark.parametrize("tree", ["", "en/"], ids=["ja", "en"])
    @pytest.mark.parametrize("city", OTHERS)
    def test_no_page_has_an_empty_table_or_heading(self, city: str, tree: str, site: Path) -> None:
        """Fails when a page shows the frame of what a city does not have."""
        pages = [*(site / f"{tree}{city}").rglob("*.html"), site / f"{tree}{city}.html"]
        assert len(pages) > 4
        for page in pages:
            text = page.read_text(encoding="utf-8")
            assert not re.search(r"<tbody>\s*</tbody>|<ul[^>]*>\s*</ul>|<ol[^>]*>\s*</ol>|<dd>\s*</dd>", text), page
            assert "None" not in re.sub(r"<script[\s\S]*?</script>", "", text), page
            assert not re.search(r"</h2>\s*<h2", text) or "/2023.html" in page.as_posix() or "index" in page.name, page

    @pytest.mark.parametrize("tree", ["", "en/"], ids=["ja", "en"])
    @pytest.mark.parametrize("city", OTHERS)
    def test_no_page_has_tomakomai_s_words(self, city: str, tree: str, site: Path) -> None:
        """Fails when a page says of a city what only Tomakomai's report says."""
        for page in [*(site / f"{tree}{city}").rglob("*.html"), site / f"{tree}{city}.html"]:
            text = page.read_text(encoding="utf-8")
            assert not re.search(r"苫小牧|Tomakomai|★|012131|\b59\.2\b", text), page

    @pytest.mark.parametrize("tree", ["", "en/"], ids=["ja", "en"])
    def test_the_home_page_serves_every_city(self, tree: str, site: Path) -> None:
        """Fails when a city is missing, or its figures."""
        text = (site / f"{tree}index.html").read_text(encoding="utf-8")
        for city in ["jp/012131", *OTHERS]:
            assert f'{city}.html">' in text
        assert text.count('<section class="card accent"') == 5
        for count in (74, 57, 28):
            assert f'<td class="num">{count}<' in text

    @pytest.mark.parametrize("tree", ["", "en/"], ids=["ja", "en"])
    def test_the_page_on_method_says_only_what_is_published(self, tree: str, site: Path) -> None:
        """Fails when the way in which one city reckons is told of all."""
        text = (site / f"{tree}about.html").read_text(encoding="utf-8")
        parts = {one.partition(".html")[0].rpartition("jp/")[2]: one for one in text.split("<section>")[1:]}
        assert sorted(parts) == ["012131", "234427", "282049", "372013", "452033"]
        means = "平均" if not tree else "mean of"
        assert [code for code, part in parts.items() if means in part.partition("</section>")[0]] == ["012131"]

    def test_tables_without_rows_are_not_offered(self, site: Path) -> None:
        """Fails when a download holds nothing but a heading."""
        for path in (site / "data").rglob("*.csv"):
            assert len(path.read_bytes().splitlines()) > 1, path
        names = {one.name for one in (site / "data/jp-282049-nishinomiya").glob("*.csv")}
        assert names == {"counts.csv", "counts-excel.csv"}
