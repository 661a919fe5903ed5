"""Every kind of page in a real browser: axe-core finds nothing, and no page is wider than a narrow phone.

`pytest tests/test_axe.py` alone is what to run while a page is being changed; PLEDGE_LD_PAGES=measure looks at those
pages alone whose kind has that in it.
"""

from __future__ import annotations

import csv
import itertools
import json
import os
from typing import TYPE_CHECKING, Any, Literal

import pytest
from browser import Watched, kinds
from judges import module
from servers import served

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Run
    from playwright.sync_api import Browser, Page

LANGUAGES = {"ja": "", "en": "en/"}
LOOKS: list[tuple[Literal["light", "dark"], int]] = [("light", 1440), ("dark", 1440), ("light", 390), ("dark", 390)]
NARROW = 320
_LOOKS_RULES = ["color-contrast", "target-size", "scrollable-region-focusable", "link-in-text-block"]
"""What colours and widths can change. The other rules are asked of each page once."""
_RUN = """rules => axe.run({
    resultTypes: ["violations"],
    preload: false,
    ...(rules ? {runOnly: {type: "rule", values: rules}} : {}),
    rules: rules ? {} : {"target-size": {enabled: true}},
}).then(found => found.violations.map(one => [one.id, one.nodes.map(node => [node.target.join(" "), node.html])]))"""
_WIDER = """() => {
    const most = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= most) return [];
    const wide = [...document.querySelectorAll("body *")].filter(one => one.getBoundingClientRect().right > most + 1);
    return [document.documentElement.scrollWidth, ...wide.slice(0, 5).map(one => one.outerHTML.slice(0, 120))];
}"""
_CARDS = """() => [...document.querySelectorAll(".scroll")]
    .filter(one => one.querySelector("table.stack") && one.scrollWidth > one.clientWidth)
    .map(one => one.firstElementChild.className)"""
LONG = "Strassenbeleuchtungserneuerungsprogramm"
"""A word as long as they come."""


@pytest.fixture(scope="module")
def axe() -> str:
    """The script of axe-core."""
    return (module("axe-core") / "axe.min.js").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def pages(site: Path) -> list[str]:
    """A page of each kind."""
    asked = os.environ.get("PLEDGE_LD_PAGES", "")
    return [path for kind, path in kinds(site).items() if asked in kind]


def violations(page: Page, rules: list[str] | None = None) -> list[Any]:
    """What axe-core has to say of the page as it is now."""
    found: list[Any] = page.evaluate(_RUN, rules)
    return found


def test_every_fault_is_noticed(browser: Browser, axe: str) -> None:
    """A judge whose script did not run would be content with anything."""
    page = browser.new_page()
    page.set_content("<p style='color:#aaa'>pale<img src=x><div style='width:9000px'>wide</div>")
    page.evaluate(axe)
    assert {"color-contrast", "image-alt", "html-has-lang"} <= {one[0] for one in violations(page)}
    assert page.evaluate(_WIDER)
    page.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing(browser: Browser, home: str, axe: str, pages: list[str], language: str) -> None:
    """No kind of page keeps anybody out, light or dark, on a desk or in a hand."""
    with browser.new_context() as context:
        tab = Watched(context, home)
        found = {}
        for path in pages:
            page = tab.open(LANGUAGES[language] + path)
            page.evaluate(axe)
            for scheme, width in LOOKS:
                page.emulate_media(color_scheme=scheme)
                page.set_viewport_size({"width": width, "height": 900})
                for rule, nodes in violations(page, None if (scheme, width) == LOOKS[0] else _LOOKS_RULES):
                    found[path, scheme, width, rule] = nodes[:3]
        assert not found, json.dumps([*map(str, found.items())], ensure_ascii=False, indent=1)
        tab.blameless()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_scrolls_sideways(browser: Browser, home: str, pages: list[str], language: str) -> None:
    """At 320 px, which is also a desk's page at four times its size."""
    with browser.new_context(viewport={"width": NARROW, "height": 640}) as context:
        tab = Watched(context, home)
        found = {path: tab.open(LANGUAGES[language] + path).evaluate(_WIDER) for path in pages}
        assert {path: wide for path, wide in found.items() if wide} == {}


def test_a_long_word_breaks_wherever_a_title_stands(
    browser: Browser, workspace_of_all: Path, cli: Callable[..., Run], tmp_path: Path
) -> None:
    """Fails when one word of a title, in Latin letters without a space, makes a page or a card wider than the phone."""
    city = workspace_of_all / "data/jp-012131-tomakomai"
    (city / "imported.csv").unlink()
    for file in ("2022/policies.csv", "2022/pledges.csv", "2022/measures.csv", "departments.csv"):
        with (city / file).open(encoding="utf-8", newline="") as source:
            rows = list(csv.DictReader(source))
        for row, column in itertools.product(rows, ("title_ja", "title_en", "name_ja", "name_en")):
            if column in row:
                row[column] = f"{LONG} {row[column]}"
        with (city / file).open("w", encoding="utf-8", newline="") as target:
            table = csv.DictWriter(target, rows[0], lineterminator="\n")
            table.writeheader()
            table.writerows(rows)
    run = cli(workspace_of_all, "build", "--out", "site", "--compress", "none")
    assert run.code == 0, run.err
    site = workspace_of_all / "site"
    wide = {}
    with (
        served(site, tmp_path / "log") as server,
        browser.new_context(viewport={"width": NARROW, "height": 640}) as context,
    ):
        tab = Watched(context, f"http://127.0.0.1:{server.host.port}/")
        for tree, path in itertools.product(LANGUAGES.values(), sorted(set(kinds(site).values()))):
            page = tab.open(tree + path)
            wide[tree + path] = page.evaluate(_WIDER) + page.evaluate(_CARDS)
    assert {path: found for path, found in wide.items() if found} == {}
