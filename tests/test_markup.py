"""The Nu Html Checker, by which the W3C checks pages, has nothing to say of any page or style sheet."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import pytest
from judges import module, program

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

PAGE = '<!DOCTYPE html><html lang="en"><head><title>x</title></head><body>{}</body></html>'
BROKEN = {
    "unclosed.html": PAGE.format("<p><em>never closed</p>"),
    "twice.html": PAGE.format('<p id="a">one</p><p id="a">two</p>'),
    "blind.html": PAGE.format('<img src="a.png">'),
    "nested.html": PAGE.format("<ul><p>no item</p></ul>"),
    "untitled.html": PAGE.replace("<title>x</title>", ""),
    "term.html": PAGE.format("<dl><dt>a</dt><dd>1</dd><dt>a</dt><dd>2</dd></dl>"),
    "colour.css": "p { colour: red }",
}


@pytest.fixture(scope="module")
def vnu() -> list[str]:
    """The command that runs the checker."""
    jar = module("vnu-jar") / "build" / "dist" / "vnu.jar"
    command = [program("java"), "-jar", str(jar)]
    if "UnsupportedClassVersionError" in run([*command, "--version"]).stderr:
        pytest.skip("java is older than vnu needs: version 17")
    # It is told not to guess a page's language from its words: a vocabulary's names are English in every language.
    return [*command, "--format", "json", "--stdout", "--verbose", "--also-check-css", "--no-langdetect"]


def run(command: list[str]) -> subprocess.CompletedProcess[str]:
    """What a command prints."""
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=False, timeout=300)


def faults(vnu: list[str], paths: Iterable[Path]) -> dict[str, list[str]]:
    """The files of which the checker has something to say, and what. One process for all of them."""
    names = [str(one) for one in paths]
    judged = run([*vnu, *names])
    # Verbose, it names each file that it checks: one that it could not open is no fault to it.
    assert sorted(judged.stderr.splitlines()) == sorted(names)
    found: dict[str, list[str]] = {}
    for one in json.loads(judged.stdout)["messages"]:
        # What is merely "info" says where another message's fault began; a warning is an info of that kind.
        if one["type"] != "info" or "subType" in one:
            name = unquote(urlsplit(one.get("url", "")).path)
            found.setdefault(name, []).append(f"{one.get('lastLine')}: {one['message']} {one.get('extract', '')}")
    return found


def test_every_fault_is_noticed(vnu: list[str], tmp_path: Path) -> None:
    """A checker that stops at the first file, or knows no style sheets, would be content with anything."""
    texts = {"fine.html": PAGE.format("<p>fine</p>"), **BROKEN}
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert set(faults(vnu, [tmp_path / one for one in texts])) == {str(tmp_path / one) for one in BROKEN}


def test_a_file_that_is_not_there_is_noticed(vnu: list[str], tmp_path: Path) -> None:
    """A wrong path would be a page without a fault."""
    with pytest.raises(AssertionError):
        faults(vnu, [tmp_path / "missing.html"])


def test_no_page_has_an_error_or_a_warning(vnu: list[str], site: Path) -> None:
    """A browser guesses what broken markup means, and a screen reader guesses otherwise."""
    pages = sorted(site.rglob("*.html"))
    assert len(pages) > 300
    assert faults(vnu, pages) == {}


def test_no_style_sheet_has_an_error(vnu: list[str], site: Path) -> None:
    """A rule with a slip of the pen is passed over in silence."""
    sheets = sorted(site.rglob("*.css"))
    assert sheets
    assert faults(vnu, sheets) == {}
