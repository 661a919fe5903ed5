"""What pages list: every measure of a programme, with what a reader finds it by, and the answers of queries."""

from __future__ import annotations

import csv
import re
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup

if TYPE_CHECKING:
    from pathlib import Path

    from bs4 import Tag

MEASURES = "jp/012131/2022/measures.html"


def rows(path: Path) -> list[Tag]:
    """The rows of the list."""
    return BeautifulSoup(path.read_bytes(), "lxml").select("table#measures > tbody > tr")


def records(path: Path) -> list[dict[str, str]]:
    """The records of one table."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("tree", ["", "en/"])
def test_every_measure_stands_there_once(site: Path, data: Path, tree: str) -> None:
    """Fails when a measure is missing, stands twice, or has another's title, departments or actions."""
    programme = data / "jp-012131-tomakomai/2022"
    found = rows(site / tree / MEASURES)
    wanted = records(programme / "measures.csv")
    assert [str(one["data-iri"]).rpartition("/")[2] for one in found] == [one["id"] for one in wanted]
    title = "title_en" if tree else "title_ja"
    assert [one.select_one("th > a").get_text() for one in found] == [one[title] for one in wanted]  # type: ignore[union-attr]  # the page has it, or the test fails
    actions = Counter(one["measure"] for one in records(next((programme / "actions").glob("*.csv"))))
    assert {str(one["data-iri"]).rpartition("/")[2]: len(one.select("th li")) for one in found} == {
        one["id"]: actions[one["id"]] for one in wanted
    }


def test_what_is_filtered_by_is_what_is_shown(site: Path) -> None:
    """Fails when an attribute says something else than the cell the reader sees."""
    bands = {"UnderWay": "進行中", "none": "対応なし"}
    for row in rows(site / MEASURES):
        cells = {str(one["data-label"]): one for one in row.select("td")}
        shown = {label: one.get_text(" ", strip=True) for label, one in cells.items()}
        ids = {
            label: [str(link["href"]).rpartition("/")[2].removesuffix(".html") for link in one.select("a")]
            for label, one in cells.items()
        }
        assert row["data-number"] == shown["番号"]
        assert [row["data-policy"]] == ids["基本政策"]
        assert str(row["data-department"]).split() == ids["担当部署"]
        assert not row["data-stars"] or f"{row['data-stars']} /10" in shown["値"]
        assert bands[str(row["data-status"])] == shown["共通の区分"]
        assert (row["data-note"] == "uncertain") == (shown["データの注記"] == "不確か")


def test_what_is_filtered_by_is_the_same_in_all_languages(site: Path) -> None:
    """Fails when the address of a filtered list asks for nothing in the other language."""
    keys = ("data-policy", "data-department", "data-stars", "data-status", "data-note")
    japanese, english = ([[row[key] for key in keys] for row in rows(site / tree / MEASURES)] for tree in ("", "en/"))
    assert japanese == english


def test_bands_are_those_of_the_comparison(site: Path) -> None:
    """Tomakomai: none done, 49 under way, one unreadable. Nobeoka: 10 under way, as its own mapping says."""
    assert Counter(str(one["data-status"]) for one in rows(site / MEASURES)) == {"UnderWay": 49, "none": 1}
    assert Counter(str(one["data-status"]) for one in rows(site / "jp/452033/2025/measures.html"))["UnderWay"] == 10


def test_a_programme_without_items_has_no_list(site: Path) -> None:
    """Fails when a city that prints counts alone gets an empty table, or a link to none."""
    assert not (site / "jp/372013/2023/measures.html").exists()
    assert "measures.html" not in (site / "jp/372013/2023.html").read_text(encoding="utf-8")


def test_a_page_says_what_links_to_it(site: Path) -> None:
    """Fails when a mayor's page does not lead to the pledges, or a scale's to the reports that grade by it."""
    mayor = BeautifulSoup((site / "jp/012131/person/iwakura-hirofumi.html").read_bytes(), "lxml")
    assert [one["href"] for one in mayor.select("main .parts a")] == ["../../../jp/012131/2022.html"]
    scale = BeautifulSoup((site / "jp/372013/scale/letters-2019.html").read_bytes(), "lxml")
    found = [str(one["href"]).rpartition("/")[2] for one in scale.select("main ul.plain a")]
    assert found == ["2020-03-31.html", "2021-03-31.html", "2022-03-31.html", "2023-03-31.html"]


@pytest.mark.parametrize("tree", ["", "en/"])
def test_a_page_says_how_much_of_an_answer_it_shows(site: Path, tree: str) -> None:
    """Fails when rows are left out that a phone could draw, or left out without a word."""
    cut = []
    for path in sorted((site / "queries").glob("*.csv")):
        page = BeautifulSoup((site / tree / f"queries/{path.stem}.html").read_bytes(), "lxml")
        total, shown = len(records(path)), len(page.select("table.answer > tbody > tr"))
        caption = page.select_one("table.answer > caption").get_text()  # type: ignore[union-attr]  # the page has it, or the test fails
        assert shown == min(total, 200)
        assert re.findall("[0-9]+", caption) == ([str(total)] if shown == total else [str(total), str(shown)])
        cut += [path.stem] if shown < total else []
    assert cut == ["department_actions"]


@pytest.mark.parametrize(
    ("tree", "graded", "doubts", "shared"),
    [
        ("", "50 (施策)", "50件の施策のうち14件に、不確かな点があります。", "担当に名のある1件の施策を"),
        (
            "en/",
            "50 (measure)",
            "Something is uncertain in 14 of 50 (measure).",
            "Counted from the measures that name it (1).",
        ),
    ],
)
def test_a_count_stands_with_any_unit(site: Path, tree: str, graded: str, doubts: str, shared: str) -> None:
    """Fails when the words around a count fit one city's unit alone, or "measure 50" reads like a number's name."""
    report = BeautifulSoup((site / tree / "jp/012131/2022/report/2024-03-31.html").read_bytes(), "lxml")
    facts = [one.get_text() for one in report.select("dl.facts dd")]
    assert graded in facts
    home = BeautifulSoup((site / tree / "index.html").read_bytes(), "lxml")
    assert any(one.get_text().startswith(doubts) for one in home.select("p.doubts"))
    about = BeautifulSoup((site / tree / "about.html").read_bytes(), "lxml")
    assert any(one.get_text().endswith(f": {graded}") for one in about.select("main li"))
    pages = [one.read_text(encoding="utf-8") for one in (site / tree / "jp/012131/department").glob("*.html")]
    assert any(shared in one for one in pages)
