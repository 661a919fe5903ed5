"""The two pages that make the report's tables again from the triples alone, held cell by cell to the source text.

The source is read here a second time, by words and not by layouts, so that the import cannot agree with itself.
"""

from __future__ import annotations

import csv
import re
import tomllib
from typing import TYPE_CHECKING, NamedTuple

import pytest
from bs4 import BeautifulSoup

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bs4.element import Tag

ROMAN = "ⅠⅡⅢⅣⅤ"
TABLES = "jp/012131/2022/report/2024-03-31"
LANGUAGES = {"ja": "", "en": "en/"}


class Row(NamedTuple):
    """One row of a table. The triples hold a row's departments without an order, so here they are a set."""

    kind: str
    number: str
    title: str
    figure: str | None
    departments: frozenset[str] = frozenset()
    actions: tuple[str, ...] = ()


@pytest.fixture(scope="module")
def city(data: Path) -> Path:
    """Tomakomai's folder."""
    return data / "jp-012131-tomakomai"


@pytest.fixture(scope="module")
def lines(city: Path) -> list[str]:
    """The report's lines after the repairs of corrections.csv, each of which must fit once."""
    found = (city / "source/tomakomai-2024-05.txt").read_text(encoding="utf-8").split("\n")
    with (city / "corrections.csv").open(encoding="utf-8", newline="") as text:
        for one in csv.DictReader(text):
            if not one["targets"]:
                index = int(one["source_line"]) - 1
                assert found[index].count(one["printed"]) == 1, one["id"]
                found[index] = found[index].replace(one["printed"], one["adopted"])
    return found


@pytest.fixture(scope="module")
def names(city: Path) -> frozenset[str]:
    """The names of the departments."""
    with (city / "departments.csv").open(encoding="utf-8", newline="") as text:
        return frozenset(one["name_ja"] for one in csv.DictReader(text))


@pytest.fixture(scope="module")
def summary(lines: list[str]) -> list[Row]:
    """Table Ⅰ of the source: policies, pledges and the whole, each with its percent."""
    found: list[Row] = []
    for line in lines[42:79]:
        title, percent = (BeautifulSoup(cell, "html.parser").get_text() for cell in (*line.split("\t"), "")[:2])
        if title.startswith("施 策") or not title:
            continue
        policies = sum(one.kind == "policy" for one in found)
        if title == "全 体":
            found.append(Row("overall", "", "全体", percent))
        elif pledge := re.match(r"([1-5]) ", title):
            found.append(Row("pledge", f"{ROMAN[policies - 1]}-{pledge[1]}", title[2:], percent))
        else:
            found.append(Row("policy", ROMAN[policies], title.partition(" ")[2], percent))
    return found


def words_of(line: str, names: frozenset[str]) -> tuple[list[str], list[str]]:
    """A row's texts, and the tokens of its right-hand cells (departments, percent, stars), each in reading order."""
    texts: list[str] = []
    tokens: list[str] = []
    for cell in line.split("\t"):
        for fragment in BeautifulSoup(cell, "html.parser").find_all(string=True):
            parts = [part.removeprefix("・") for part in fragment.split()]
            right = [part for part in parts if part in names or re.fullmatch(r"[★☆]+|[0-9]+", part)]
            if parts and parts == right and (texts or not re.fullmatch(r"[1-5]", parts[0])):
                tokens += parts
            elif text := fragment.strip().lstrip("●・").strip():
                texts.append(text)
    return texts, tokens


@pytest.fixture(scope="module")
def detail(lines: list[str], names: frozenset[str]) -> list[Row]:
    """Table Ⅱ of the source. What no 。 ends is a measure's title, what one ends is an action."""
    found: list[Row] = []
    for line in lines[98:]:
        if "\t" not in line or re.match(r"\s*(?:基本政策|公約内容|施策内容|取組事業内容)", line):
            continue
        texts, tokens = words_of(line, names)
        stars = [token for token in tokens if token[0] in "★☆"]
        strings = [" ".join(pair) for pair in zip(stars[::2], stars[1::2], strict=True)]
        percent = next((token for token in tokens if token.isdecimal()), "")
        departments = frozenset(token for token in tokens if token in names)
        head = " ".join(texts[:2]) if re.fullmatch(r"政策.|[1-5]", texts[0]) else texts[0]
        taken = 2 if head != texts[0] else 1
        policies = sum(one.kind == "policy" for one in found)
        own: list[Row] = []
        if policy := re.fullmatch(r"政策(.) (.+)", head):
            found.append(Row("policy", policy[1], policy[2], percent))
            assert not texts[taken:] + strings
            continue
        if pledge := re.fullmatch(r"([1-5]) (.+)", head):
            own.append(Row("pledge", f"{ROMAN[policies - 1]}-{pledge[1]}", pledge[2], percent))
        else:
            taken = 0
        measures: list[tuple[str, list[str]]] = []
        for text in texts[taken:]:
            if text.endswith("。"):
                measures[-1][1].append(text)
            else:
                measures.append((text, []))
        if own and len(measures) != 1:
            own = [own[0]._replace(departments=departments)]
        before = 0 if own else sum(one.kind == "measure" and one.number[:3] == _last(found) for one in found)
        prefix = own[0].number if own else _last(found)
        for index, (title, actions) in enumerate(measures):
            string = strings[index] if index < len(strings) else None
            here = departments if len(measures) == 1 else frozenset[str]()
            own.append(Row("measure", f"{prefix}-{before + index + 1}", title, string, here, tuple(actions)))
        found += own
    return found


def _last(found: list[Row]) -> str:
    return next(one.number for one in reversed(found) if one.kind == "pledge")


def _tag(node: Tag, selector: str) -> Tag:
    found = node.select_one(selector)
    assert found is not None, f"no {selector} in {node}"
    return found


def _titled(node: Tag) -> tuple[str, str]:
    """The number and title that a link shows."""
    number = _tag(node, ".number").get_text()
    link = _tag(node, "a").get_text()
    assert link.startswith(f"{number} ")
    return number, link.removeprefix(f"{number} ")


def _departments(row: Tag) -> frozenset[str]:
    shown = [one.get_text() for one in row.select("td.departments li")]
    assert len(set(shown)) == len(shown)
    assert "".join(shown) == _tag(row, "td.departments").get_text().strip()
    return frozenset(shown)


def page(site: Path, language: str, name: str) -> BeautifulSoup:
    """A built page."""
    text = (site / LANGUAGES[language] / TABLES / f"{name}.html").read_text(encoding="utf-8")
    return BeautifulSoup(text, "html.parser")


def shown_summary(soup: BeautifulSoup) -> Iterator[Row]:
    """The rows of the page of table Ⅰ."""
    (table,) = soup.select("table")
    for row in table.select("tbody tr, tfoot tr"):
        (kind,) = row.get_attribute_list("class")
        cells = row.find_all(["td", "th"])
        assert len(cells) == 2
        if kind == "overall":
            yield Row("overall", "", cells[0].get_text(), cells[1].get_text())
        else:
            number, title = _titled(row)
            assert cells[0].get_text() == f"{number} {title}"
            yield Row(str(kind), number, title, cells[1].get_text())


def shown_detail(soup: BeautifulSoup) -> Iterator[Row]:
    """The rows of the page of table Ⅱ, the policies in their headings."""
    for section in soup.select("section.policy"):
        number, title = _titled(_tag(section, "h2"))
        figure = _tag(section, "h2 .figure").get_text()
        assert figure.endswith("%")
        yield Row("policy", number, title, figure.removesuffix("%"))
        for row in section.select("tbody tr"):
            number, title = _titled(row)
            (kind,) = row.get_attribute_list("class")
            if kind == "pledge":
                figure = _tag(row, "td.num").get_text()
                assert figure.endswith("%")
                yield Row("pledge", number, title, figure.removesuffix("%"), _departments(row))
            else:
                actions = [one.get_text() for one in row.select("ul.actions li")]
                stars = _tag(row, ".stars").get_text()
                yield Row(str(kind), number, title, stars, _departments(row), tuple(actions))


def absent(site_root: Path, language: str, key: str) -> str:
    """The words in which the site states an absence."""
    with (site_root / "site/locales" / f"{language}.toml").open("rb") as text:
        words = str(tomllib.load(text)[key])
    assert words
    assert not re.search(r"[★☆0-9]", words)
    return words


class TestSource:
    """The second reading of the source finds what an audit by hand found, else it would prove nothing."""

    def test_the_summary_has_its_rows(self, summary: list[Row]) -> None:
        """Fails when this reading loses a row of table Ⅰ."""
        assert [one.kind for one in summary] == (["policy"] + ["pledge"] * 5) * 5 + ["overall"]
        assert summary[-1].figure == "59.2"

    def test_the_detail_has_its_rows(self, detail: list[Row]) -> None:
        """Fails when this reading loses a row of table Ⅱ, an action, a department or a star string."""
        assert [one.kind for one in detail] == (["policy"] + ["pledge", "measure", "measure"] * 5) * 5
        assert sum(len(one.actions) for one in detail) == 130
        assert sum(len(one.departments) for one in detail) == 128
        assert sum(one.kind == "measure" and one.figure is not None for one in detail) == 49
        assert [one.number for one in detail if one.kind == "measure" and one.figure is None] == ["Ⅲ-3-2"]

    def test_the_two_tables_agree(self, summary: list[Row], detail: list[Row]) -> None:
        """Fails when the corrections leave a title or a percent that the two tables print differently."""
        plain = [one._replace(departments=frozenset()) for one in detail if one.kind != "measure"]
        assert plain == summary[:-1]


class TestPages:
    """What the site shows is what the report prints."""

    def test_summary_cell_by_cell(self, site: Path, summary: list[Row]) -> None:
        """Fails when a title or a percent of table Ⅰ is changed, moved, lost or added."""
        shown = list(shown_summary(page(site, "ja", "summary")))
        assert len(shown) == 31
        for ours, theirs in zip(shown, summary, strict=True):
            assert ours == theirs

    def test_detail_cell_by_cell(self, site: Path, root: Path, detail: list[Row]) -> None:
        """Fails when a cell of table Ⅱ differs: title, percent, actions in order, departments, or stars as printed."""
        shown = list(shown_detail(page(site, "ja", "detail")))
        missing = absent(root, "ja", "not_printed")
        assert len(shown) == 80
        for ours, theirs in zip(shown, detail, strict=True):
            assert ours == theirs._replace(figure=missing if theirs.figure is None else theirs.figure)

    def test_unreadable_stars_stand_as_printed(self, site: Path, root: Path) -> None:
        """Fails when a page of what is printed shows what was inferred, or a made-up string for the missing one."""
        stars = {one.number: one.figure for one in shown_detail(page(site, "ja", "detail")) if one.kind == "measure"}
        assert stars["Ⅴ-3-1"] == stars["Ⅴ-3-2"] == "★★★★★☆ ☆☆☆☆☆"
        assert stars["Ⅴ-4-1"] == stars["Ⅴ-4-2"] == "★★★★★★ ★☆☆☆☆"
        assert stars["Ⅲ-3-2"] == absent(root, "ja", "not_printed")

    def test_missing_actions_are_said_to_be_missing(self, site: Path, root: Path) -> None:
        """Fails when Ⅱ-5's two measures look as if nothing had been done, or another measure is said to have none."""
        for language in LANGUAGES:
            soup = page(site, language, "detail")
            said = {
                _titled(row)[0]: _tag(row, "p.none").get_text()
                for row in soup.select("tr.measure")
                if row.select("p.none")
            }
            words = absent(root, language, "no_actions")
            assert said == {"Ⅱ-5-1": words, "Ⅱ-5-2": words}

    def test_no_cell_carries_the_wrong_character(self, site: Path) -> None:
        """Fails when the city's name is published as it was misread."""
        for language in LANGUAGES:
            for name in ("summary", "detail"):
                assert "苦" not in page(site, language, name).get_text()

    def test_the_english_pages_hold_the_same_figures(self, site: Path, root: Path, detail: list[Row]) -> None:
        """Fails when the English pages differ in a figure, an order or an action, or translate an action."""
        soup = page(site, "en", "detail")
        missing = absent(root, "en", "not_printed")
        ours = list(shown_detail(soup))
        for one, theirs in zip(ours, detail, strict=True):
            assert (one.number, one.figure) == (theirs.number, theirs.figure or missing)
            assert one.actions == theirs.actions
            assert len(one.departments) == len(theirs.departments)
            assert one.title != theirs.title
        assert {tuple(one.get_attribute_list("lang")) for one in soup.select("ul.actions")} == {("ja",)}
        figures = [(one.kind, one.number, one.figure) for one in shown_summary(page(site, "ja", "summary"))]
        assert [(one.kind, one.number, one.figure) for one in shown_summary(page(site, "en", "summary"))] == figures

    def test_tables_lead_to_their_things(self, site: Path) -> None:
        """Fails when a row links to another thing than the one it shows."""
        for name in ("summary", "detail"):
            for link in page(site, "ja", name).select(
                "main h2 a, main .policy a, main .pledge > * > a, main .measure .title a"
            ):
                if (number := link.select_one(".number")) is None:
                    continue
                id_ = str(ROMAN.index(number.get_text()[0]) + 1) + number.get_text()[1:]
                kind = ("policy", "pledge", "measure")[id_.count("-")]
                assert str(link["href"]).endswith(f"jp/012131/2022/{kind}/{id_}.html")
