"""What is uncertain: the mark beside a figure means that this figure is, and every other doubt stands in the notes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Run

PROGRAMME = "jp/012131/2022"
NOTES = "data/jp-012131-tomakomai/2022/notes/2024-03-31.csv"
FIGURES = {"3-3-1", "3-3-2", "3-4-1", "3-4-2", "5-3-1", "5-3-2", "5-4-1", "5-4-2"}
"""The measures whose stars cannot be read for certain."""
OTHER = {"2-5-1", "2-5-2", "3-1-1", "3-1-2", "3-2-1", "3-2-2"}
"""Those of which the actions or the departments are uncertain, and no figure."""
MARKS = {"": "不確か", "en/": "uncertain"}


def read(path: Path) -> BeautifulSoup:
    """A page."""
    return BeautifulSoup(path.read_bytes(), "lxml")


@pytest.mark.parametrize("tree", MARKS)
def test_the_mark_stands_beside_uncertain_figures_alone(site_of_one: Path, tree: str) -> None:
    """Fails when a figure that is printed clearly looks doubtful for another doubt, or a doubtful one clear."""
    folder = site_of_one / tree / PROGRAMME
    pages = {one.stem: read(one) for one in (folder / "measure").glob("*.html")}
    assert {id_ for id_, one in pages.items() if one.select("p.headline .uncertain")} == FIGURES
    assert {id_ for id_, one in pages.items() if one.select("section .notes .doubt")} == FIGURES | OTHER
    parts = [one for path in (folder / "pledge").glob("*.html") for one in read(path).select("ul.parts > li")]
    marked = {one.select("a")[0]["href"] for one in parts if one.select(".grade .uncertain")}
    assert {str(one).rpartition("/")[2].removesuffix(".html") for one in marked} == FIGURES
    assert not [one for path in (folder / "policy").glob("*.html") for one in read(path).select("ul.parts .uncertain")]


@pytest.mark.parametrize("tree", MARKS)
def test_a_list_finds_every_doubt_and_marks_the_figures(site_of_one: Path, tree: str) -> None:
    """Fails when the filter of doubts loses one of the fourteen, or the mark beside the stars means another thing."""
    rows = read(site_of_one / tree / PROGRAMME / "measures.html").select("#measures > tbody > tr")
    ids = {str(row["data-iri"]).rpartition("/")[2]: row for row in rows}
    assert {id_ for id_, row in ids.items() if row.select(".uncertain")} == FIGURES
    doubts = {id_ for id_, row in ids.items() if row["data-note"] == "uncertain"}
    assert doubts == {id_ for id_, row in ids.items() if row.select("td")[-1].get_text(strip=True) == MARKS[tree]}
    assert doubts == FIGURES | OTHER


def test_a_picture_asks_only_where_a_figure_is_uncertain(site_of_one: Path) -> None:
    """Fails when the picture of the measures puts a question mark to stars that are printed clearly."""
    asked = set()
    for path in (site_of_one / PROGRAMME / "pledge").glob("*.html"):
        for picture in read(path).select("#picture-measures"):
            values = [one.get_text() for one in picture.select("text.value")]
            links = [str(one["href"]) for one in picture.select("tbody th a")]
            assert len(values) == len(links)
            found = [link for link, value in zip(links, values, strict=True) if value.endswith(" ?")]
            asked |= {re.sub(r".*/|\.html", "", one) for one in found}
            assert bool(found) == ("? = " in picture.select("p.legend")[-1].get_text())
    assert asked == FIGURES


@pytest.mark.parametrize(("property_", "marks"), [("pledge:percent", 1), ("pledge:responsibleDepartment", 0)])
def test_a_doubt_about_a_percent_is_told_wherever_it_is_shown(
    workspace: Path, cli: Callable[..., Run], property_: str, marks: int
) -> None:
    """Fails when the frame or the picture drops the mark that the pledge's page has, or another doubt sets one."""
    note = f"l44-doubt,conflict,pledge/1-1,{property_},,,,true,疑いがある。,There is a doubt.,2024-03-31#L44\n"
    with (workspace / NOTES).open("a", encoding="utf-8") as file:
        file.write(note)
    (workspace / "data/jp-012131-tomakomai/imported.csv").unlink()
    run = cli(workspace, "build", "--out", "site", "--compress", "none")
    assert run.code == 0, run.err
    for tree, word in MARKS.items():
        site = workspace / "site" / tree
        for path, css in (
            (f"{PROGRAMME}/pledge/1-1", "p.headline .uncertain"),
            (f"embed/{PROGRAMME}/pledge/1-1", "p.headline .uncertain"),
            (f"{PROGRAMME}/policy/1", "ul.parts .uncertain"),
        ):
            assert len(read(site / f"{path}.html").select(css)) == marks, path
        strip = read(site / f"{PROGRAMME}/policy/1.html").select("#picture-pledges text.value")
        assert [one.get_text().endswith(" ?") for one in strip] == [bool(marks), False, False, False, False]
        badge = (site / f"badge/{PROGRAMME}/pledge/1-1.svg").read_text(encoding="utf-8")
        assert (word in badge) == marks
