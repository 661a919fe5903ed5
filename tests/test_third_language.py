"""Another language of the pages is one more file in site/locales, and nothing else."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from lxml import etree, html

if TYPE_CHECKING:
    from pathlib import Path

PRODUCT = ("src", "site", "ontology", "shapes", "queries", "hosting")
LANGUAGE = "eo"


@pytest.fixture(scope="module")
def three(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site with a made-up third locale: the program copied, with the English strings in Esperanto's place."""
    folder = tmp_path_factory.mktemp("three")
    for name in PRODUCT:
        shutil.copytree(
            root / name, folder / name, ignore=shutil.ignore_patterns("public", "node_modules", "__pycache__")
        )
    locales = folder / "site" / "locales"
    text = (locales / "en.toml").read_text(encoding="utf-8").replace('lang = "en"', f'lang = "{LANGUAGE}"', 1)
    text = text.replace('language_name = "English"', 'language_name = "Esperanto"').replace(
        'home = "Home"', 'home = "Hejmo"'
    )
    (locales / f"{LANGUAGE}.toml").write_text(text, encoding="utf-8")
    shutil.copytree(root / "data" / "jp-012131-tomakomai", folder / "data" / "jp-012131-tomakomai")
    shutil.copy(root / "pledge_ld.toml", folder)
    environment = os.environ | {"PYTHONPATH": str(folder / "src")}
    command = [sys.executable, "-m", "pledge_ld", "build", "--out", "public"]
    run = subprocess.run(command, cwd=folder, env=environment, capture_output=True, encoding="utf-8", check=False)
    assert run.returncode == 0, run.stderr
    return folder / "public"


def test_every_page_is_there_in_the_third_language(three: Path) -> None:
    """As many as in the second, and each names the others."""
    second = {one.relative_to(three / "en") for one in (three / "en").rglob("*.html")}
    assert {one.relative_to(three / LANGUAGE) for one in (three / LANGUAGE).rglob("*.html")} == second
    page = html.fromstring((three / LANGUAGE / "jp/012131/2022/pledge/1-2.html").read_bytes())
    assert page.get("lang") == LANGUAGE
    assert page.xpath("//link[@rel='alternate']/@hreflang") == ["ja", "en", LANGUAGE]
    assert [one.text for one in page.xpath("//li[@class='language']/a")] == ["日本語", "English"]
    assert "Hejmo" in page.xpath("string(//nav[@class='crumbs'])")


def test_what_the_data_say_is_in_english_there_and_marked(three: Path) -> None:
    """A text that has no words in the page's language is the English one, for screen readers too."""
    page = html.fromstring((three / LANGUAGE / "jp/012131/2022/pledge/1-2.html").read_bytes())
    assert page.xpath("//h1/span/@lang") == ["en"]
    assert (three / LANGUAGE / "badge/jp/012131/2022/pledge/1-2.svg").is_file()
    assert (three / LANGUAGE / "feed.atom").is_file()


def test_search_engines_hear_of_it(three: Path) -> None:
    """The site map has its pages, and each page's other languages."""
    text = etree.parse(three / "sitemap.xml")
    links = text.xpath("//*[local-name()='link']/@hreflang")
    assert set(links) == {"ja", "en", LANGUAGE, "x-default"}
