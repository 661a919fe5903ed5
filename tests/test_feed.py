"""The feed of changes: what RFC 4287 asks for, what is news, and what is not."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pytest
from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Run

ATOM = "{http://www.w3.org/2005/Atom}"
CHANGES = "data/jp-012131-tomakomai/changes.csv"
ROUNDS = ("reports", "scores", "actions", "notes")


def entries(site: Path, tree: str = "") -> list[dict[str, str]]:
    """The entries of a feed: the text of each element, and the address that it leads to."""
    root = etree.fromstring((site / f"{tree}feed.atom").read_bytes())
    found = []
    for one in root.findall(f"{ATOM}entry"):
        entry = {child.tag.removeprefix(ATOM): child.text or "" for child in one}
        found.append(entry | {"link": one.find(f"{ATOM}link").get("href")})
    return found


def changed(workspace: Path, row: str) -> None:
    """Adds a row to changes.csv."""
    path = workspace / CHANGES
    text = path.read_text(encoding="utf-8")
    if row.count(",") > text.partition("\n")[0].count(","):
        lines = text.splitlines()
        text = "\n".join([f"{lines[0]},thing", *(f"{one}," for one in lines[1:])]) + "\n"
    path.write_text(f"{text}{row}\n", encoding="utf-8")


@pytest.mark.parametrize("tree", ["", "en/"])
def test_the_feed_is_what_the_rfc_asks_for(site: Path, tree: str) -> None:
    """RFC 4287, section 4: the elements that must be there, once; ids that no two share; days as times."""
    root = etree.fromstring((site / f"{tree}feed.atom").read_bytes())
    for one in [root, *root.findall(f"{ATOM}entry")]:
        for name in ("id", "title", "updated"):
            assert len(one.findall(f"{ATOM}{name}")) == 1
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT00:00:00Z", one.findtext(f"{ATOM}updated"))
        assert one.find(f"{ATOM}link[@rel='alternate']").get("href").startswith("https://")
    assert root.findtext(f"{ATOM}author/{ATOM}name")
    assert root.find(f"{ATOM}link[@rel='self']").get("href").endswith(f"/{tree}feed.atom")
    ids = [one["id"] for one in entries(site, tree)]
    assert len(ids) == len(set(ids)) == 10
    assert all(re.fullmatch(r"tag:w3id\.org,\d{4}-\d\d-\d\d:/\S+", one) for one in ids)
    days = [one["updated"] for one in entries(site, tree)]
    assert days == sorted(days, reverse=True)
    assert root.findtext(f"{ATOM}updated") == days[0]


def test_every_entry_leads_to_a_page(site: Path) -> None:
    """In the language of the feed."""
    for tree in ("", "en/"):
        for one in entries(site, tree):
            path = one["link"].removeprefix("https://w3id.org/pledge-ld/")
            assert path.startswith(f"{tree}jp/")
            assert (site / path).is_file()


def test_what_differs_from_the_assessment_before_is_told(site: Path) -> None:
    """Takamatsu's second count of one manifesto says which counts moved; the first has nothing to be held against."""
    found = {one["link"].rpartition("/")[2]: one["content"] for one in entries(site, "en/") if "372013" in one["link"]}
    assert "→" in found["2021-03-31.html"]
    assert "→" not in found["2020-03-31.html"]


@pytest.mark.parametrize("tree", ["", "en/"])
def test_a_level_is_named_once(site: Path, tree: str) -> None:
    """Fails when a level that is called what it is noted by is said twice, as in "a A"."""
    contents = [one["content"] for one in entries(site, tree)]
    levels = [found for one in contents for found in re.findall(r"<li>[^<]* · ([^<:]*): ", one)]
    assert levels
    for words in (one.casefold().replace("-", " ").split() for one in levels):
        assert words[: len(words) // 2] != words[len(words) // 2 :] or len(words) == 1, words


def test_two_editions_of_a_city_tell_which_figures_moved(workspace: Path, cli: Callable[..., Run]) -> None:
    """A year later one pledge has come from 66 to 71 percent: the feed names it, and none that stayed."""
    term = workspace / "data/jp-012131-tomakomai/2022"
    for folder in ROUNDS:
        for path in (term / folder).glob("2024-03-31.*"):
            shutil.copy(path, path.with_stem("2025-03-31"))
    report = term / "reports/2025-03-31.toml"
    report.write_text(report.read_text(encoding="utf-8").replace("2024-03-31", "2025-03-31"), encoding="utf-8")
    scores = term / "scores/2025-03-31.csv"
    text = scores.read_text(encoding="utf-8")
    assert len(re.findall(r"^pledge/1-2,.*?66", text, re.MULTILINE)) == 1
    scores.write_text(re.sub(r"^(pledge/1-2,.*?)66", r"\g<1>67", text, flags=re.MULTILINE), encoding="utf-8")
    changed(workspace, "2027-06-01,2022,2025-03-31,二年目,The second year")
    run = cli(workspace, "build", "--out", "public")
    assert run.code == 0, run.err
    newest = entries(workspace / "public", "en/")[0]
    assert newest["updated"] == "2027-06-01T00:00:00Z"
    assert re.findall(r"<li>(\S+) .*?: (\S+ → \S+)</li>", newest["content"]) == [("Ⅰ-2", "66% → 67%")]


def test_a_change_of_one_thing_leads_there(workspace: Path, cli: Callable[..., Run]) -> None:
    """And what is no thing of the programme is refused on its row."""
    changed(workspace, "2027-01-05,2022,2024-03-31,読みを訂正,Corrected a reading,pledge/1-2")
    assert cli(workspace, "build", "--out", "public").code == 0
    newest = entries(workspace / "public")[0]
    assert newest["link"].endswith("/jp/012131/2022/pledge/1-2.html")
    assert newest["title"] == "苫小牧市: 読みを訂正"
    changed(workspace, "2027-01-06,2022,2024-03-31,訂正,Correction,pledge/9-9")
    run = cli(workspace, "validate", "data")
    assert run.code == 1
    assert "changes.csv:5: column 'thing'" in run.err + run.out
    assert "[changed-thing]" in run.err + run.out


def test_another_row_leaves_the_ids_that_were_there(workspace: Path, cli: Callable[..., Run]) -> None:
    """A reader's program shows an entry once, whatever comes after it."""
    assert cli(workspace, "build", "--out", "public").code == 0
    before = [one["id"] for one in entries(workspace / "public")]
    changed(workspace, "2026-11-25,2022,2024-03-31,もう一つ,One more the same day")
    assert cli(workspace, "build", "--out", "public").code == 0
    after = [one["id"] for one in entries(workspace / "public")]
    assert set(before) < set(after)
    assert len(after) == len(before) + 1


@pytest.mark.parametrize("tree", ["", "en/"])
def test_every_page_names_the_feed(site_of_one: Path, tree: str) -> None:
    """A feed reader finds it from any page."""
    for name in ("index.html", "jp/012131/2022/pledge/1-2.html"):
        page = etree.HTML((site_of_one / f"{tree}{name}").read_bytes())
        [address] = page.xpath("//link[@type='application/atom+xml']/@href")
        assert address.endswith("feed.atom")
