"""A city whose texts nobody has translated: it is published, and its English pages mark what is Japanese as such."""

from __future__ import annotations

import csv
import itertools
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from conftest import Run

CITY = "data/jp-012131-tomakomai"
TABLES = {
    "policies": ("2022/policies.csv", "title"),
    "pledges": ("2022/pledges.csv", "title"),
    "measures": ("2022/measures.csv", "title"),
    "departments": ("departments.csv", "name"),
}
UNNUMBERED = {"policies", "pledges"}
"""Those whose things need no number."""
LONG = 60
BEGINNING = 9
"""By how many letters a title is known again: a drawing cuts it off."""
SPOKEN = ("title", "alt", "aria-label")


def untranslated(workspace: Path, tables: tuple[str, ...], how: str = "") -> set[str]:
    """Takes the English out of the tables, and says which titles stand there in Japanese alone.

    ``how`` names what else is unlike Tomakomai: the titles are long, or the things are known by them alone.
    """
    titles = set()
    (workspace / CITY / "imported.csv").unlink()
    for one in tables:
        file, column = TABLES[one]
        path = workspace / CITY / file
        with path.open(encoding="utf-8", newline="") as source:
            rows = list(csv.DictReader(source))
        for row in rows:
            row[f"{column}_en"] = ""
            if "long" in how:
                row[f"{column}_ja"] = (row[f"{column}_ja"] * LONG)[: LONG + len(row[f"{column}_ja"])]
            if "unnumbered" in how and one in UNNUMBERED:
                row["number"] = ""
            titles.add(row[f"{column}_ja"])
        with path.open("w", encoding="utf-8", newline="") as target:
            table = csv.DictWriter(target, rows[0], lineterminator="\n")
            table.writeheader()
            table.writerows(rows)
    return titles


def texts(page: Path) -> Iterator[tuple[str, etree._Element]]:
    """What a page says, the texts that are read aloud alone among it, and the element that holds each."""
    for one in etree.parse(page, etree.HTMLParser(encoding="utf-8")).iter(etree.Element):
        if one.tag in {"script", "style", "code"}:
            continue
        yield from ((one.get(name, ""), one) for name in SPOKEN)
        yield one.text or "", one
        if one.tail:
            yield one.tail, one.getparent()


def spoken(element: etree._Element) -> str:
    """The language of an element's text."""
    return next(str(lang) for one in (element, *element.iterancestors()) if (lang := one.get("lang")))


@pytest.mark.parametrize(
    ("tables", "how"),
    [
        *itertools.product([(one,) for one in TABLES], ["", "long"]),
        *((tuple(TABLES), one) for one in ("", "long", "unnumbered", "long, unnumbered")),
    ],
    ids=str,
)
def test_a_city_without_translations_is_published(
    workspace: Path, cli: Callable[..., Run], tables: tuple[str, ...], how: str
) -> None:
    """Fails when the gate refuses it, or when an English page says a Japanese title as if it were English."""
    titles = untranslated(workspace, tables, how)
    run = cli(workspace, "build", "--out", "site", "--compress", "none")
    assert run.code == 0, run.err
    beginnings = {one[:BEGINNING] for one in titles}
    found = 0
    for page in sorted((workspace / "site/en").rglob("*.html")):
        for text, element in texts(page):
            if not text.isascii() and any(one in text for one in beginnings):
                assert spoken(element) == "ja", (page.relative_to(workspace / "site"), element.tag, text[:80])
                found += 1
    assert found >= len(titles)


def test_the_feed_marks_what_it_names_in_japanese(workspace: Path, cli: Callable[..., Run]) -> None:
    """Fails when a reader of the English feed is told a Japanese title as English."""
    untranslated(workspace, ("policies",))
    changes = workspace / CITY / "changes.csv"
    with changes.open(encoding="utf-8", newline="") as source:
        rows = list(csv.DictReader(source))
    with changes.open("w", encoding="utf-8", newline="") as target:
        table = csv.DictWriter(target, [*rows[0], "thing"], lineterminator="\n")
        table.writeheader()
        table.writerows([*rows, rows[0] | {"date": "2026-11-26", "thing": "policy/1"}])
    run = cli(workspace, "build", "--out", "site", "--compress", "none")
    assert run.code == 0, run.err
    feed = ET.fromstring((workspace / "site/en/feed.atom").read_bytes())  # noqa: S314 - our own
    contents = [one.text or "" for one in feed.iter("{http://www.w3.org/2005/Atom}content")]
    assert any(one.startswith('<p><span lang="ja">Ⅰ 行革を進め') for one in contents)
