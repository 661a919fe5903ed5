"""The last look before publishing: what leads nowhere, or would not be taken, is refused, and the old site stays."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pledge_ld.config import Config, product
from pledge_ld.publish.artefact import Artefact
from pledge_ld.publish.gate import Gate, target_of
from pledge_ld.publish.inputs import Inputs
from pledge_ld.publish.swap import Edition
from pledge_ld.site import render
from pledge_ld.term import curie, iri
from pledge_ld.validate import default_engine

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Run

    from pledge_ld.term import Triple

BASE = "https://pledges.example.org/"
CONFIG = Config("会", "The club", "https://club.example.org/", "mailto:a@example.org", base_iri=BASE)
THING = iri(f"{BASE}thing")
CHANGES = "data/jp-012131-tomakomai/changes.csv"


def page(body: str, language: str = "ja") -> bytes:
    """A page with this in its body."""
    return f'<!DOCTYPE html>\n<html lang="{language}"><head><title>x</title></head><body>{body}</body></html>'.encode()


def look(
    folder: Path, files: dict[str, bytes], says: list[Triple] | None = None, before: Path | None = None
) -> list[tuple[str, str]]:
    """What the gate finds in an edition of these files: path or user of each problem, and its rule."""
    folder.mkdir()
    edition = Edition(folder, before or folder.with_name("none"), Inputs("data", "program"))
    gate = Gate(edition, CONFIG)
    artefact = Artefact("thing", "", lambda: list(files.items()), says or [])
    edition.put(artefact)
    gate.heard(artefact)
    edition.finish()
    return sorted((one.path, one.rule) for one in gate.problems(default_engine(), dict, dict))


class TestLinks:
    """Pages and where they lead."""

    def test_links_that_lead_somewhere_pass(self, tmp_path: Path) -> None:
        """Fails when the gate refuses a good site: relative, own fragment, another page's fragment, elsewhere."""
        links = ["#here", "b/c.html#there", "b/c.html", "https://example.org/x#y", "mailto:a@example.org", "%62/c.html"]
        body = "".join(f'<a href="{one}">x</a>' for one in links) + '<p id="here">x</p>'
        files = {"a.html": page(body), "b/c.html": page('<p id="there">x</p><a href="../a.html#here">x</a>')}
        assert look(tmp_path / "new", files) == []

    @pytest.mark.parametrize(
        ("body", "rule"),
        [
            ('<a href="gone.html">x</a>', "dead-link"),
            ('<img src="gone.svg" alt="">', "dead-link"),
            ('<a href="../outside.html">x</a>', "dead-link"),
            ('<a href="/root.html">x</a>', "dead-link"),
            ('<a href="#gone">x</a>', "dead-fragment"),
            ('<a href="a.html#Here">x</a><p id="here">x</p>', "dead-fragment"),
        ],
    )
    def test_a_dead_end_is_refused(self, body: str, rule: str, tmp_path: Path) -> None:
        """Fails when a link to nothing is published."""
        assert look(tmp_path / "new", {"a.html": page(body)}) == [("a.html", rule)]

    def test_a_place_that_goes_breaks_the_pages_that_led_there(self, tmp_path: Path) -> None:
        """Fails when only what is new is looked at, though an old page leads to a place that is gone."""
        first = {"a.html": page('<a href="b.html#x">x</a>'), "b.html": page('<p id="x">x</p>')}
        assert look(tmp_path / "old", first) == []
        second = first | {"b.html": page('<p id="y">x</p>')}
        assert look(tmp_path / "new", second, before=tmp_path / "old") == [("a.html", "dead-fragment")]
        third = {"a.html": first["a.html"]}
        assert look(tmp_path / "newer", third, before=tmp_path / "old") == [("a.html", "dead-link")]

    def test_an_address_that_leaves_the_site_has_no_target(self) -> None:
        """Fails when another host's page is taken for ours."""
        assert target_of("a.html", "//example.org/b.html") is None
        assert target_of("a/b.html", "../c%20d.html#%E3%81%82") == ("c d.html", "あ")
        assert target_of("404.html", "/p/en/index.html#x", "/p/") == ("en/index.html", "x")
        assert target_of("404.html", "/q/index.html", "/p/") == ("/q/index.html", "")


class TestLanguages:
    """Text in the wrong language."""

    @pytest.mark.parametrize(
        ("body", "refused"),
        [
            ("<p>公約の進捗</p>", True),
            ('<p lang="ja"><span lang="en">公約</span></p>', True),
            ('<p lang="ja">公約の進捗</p>', False),
            ("<p>A policy (基本政策) of the city</p>", False),
            ('<td><span lang="ja">公約<b>の</b></span></td>', False),
        ],
    )
    def test_japanese_on_an_english_page(self, body: str, refused: bool, tmp_path: Path) -> None:  # noqa: FBT001 - pytest's
        """Fails when an English page reads Japanese aloud as English, or a marked text is refused."""
        expected = [("en/a.html", "untranslated")] if refused else []
        assert look(tmp_path / "new", {"en/a.html": page(body, "en")}) == expected

    @pytest.mark.parametrize(
        ("old", "new", "message"),
        [
            ('home = "Home"\n', "", "en.toml: home: expected a text"),
            ('rows = "{n} rows"', 'rows = "{count} rows"', "en.toml: rows: expected the fields of ja"),
            ('uncertain = "uncertain"', 'uncertain = " "', "en.toml: uncertain: expected a text"),
        ],
    )
    def test_a_string_that_is_missing_stops_the_build(  # noqa: PLR0917 - pytest's
        self,
        old: str,
        new: str,
        message: str,
        workspace: Path,
        cli: Callable[..., Run],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        """Fails when a language that lacks a string is published, or its lack is a traceback."""
        folder = edited(workspace, "locales/en.toml", old, new, monkeypatch)
        run = cli(workspace, "build", "--out", "site")
        assert run.code == 2
        assert message in run.err
        assert not (workspace / "site").exists()
        assert folder.is_dir()


THING_FILES = {
    "thing.html": page('<p id="part">x</p>'),
    "en/thing.html": page('<p id="part">x</p>', "en"),
    "thing.ttl": b"",
}


class TestIris:
    """IRIs of ours in what is published."""

    def says(self, *terms: str) -> list[Triple]:
        """The thing's document, with further subjects."""
        return [(one, curie("rdf:type"), curie("prov:Entity")) for one in (THING, *terms)]

    def test_what_is_described_and_has_its_place_passes(self, tmp_path: Path) -> None:
        """Fails when a good IRI is refused: the thing, its part, a file of the site, the site itself, another's."""
        part = f"{THING[:-1]}#part>"
        links = [iri(f"{BASE}thing.html"), iri(BASE), iri("https://example.org/x")]
        says = [*self.says(part), *((THING, curie("rdfs:seeAlso"), one) for one in links)]
        assert look(tmp_path / "new", THING_FILES | {"index.html": page("")}, says) == []

    @pytest.mark.parametrize(
        ("says", "users"),
        [
            ([(THING, curie("rdfs:seeAlso"), iri(f"{BASE}nowhere"))], ["thing"]),
            ([(THING, curie("rdfs:seeAlso"), f"{THING[:-1]}#part>")], ["thing"]),
            ([(f"{THING[:-1]}#lost>", curie("rdfs:seeAlso"), THING)], ["en/thing.html", "thing.html"]),
        ],
        ids=["no file", "not described", "no place on the page"],
    )
    def test_an_iri_that_leads_nowhere_is_refused(self, says: list[Triple], users: list[str], tmp_path: Path) -> None:
        """Fails when an IRI is a promise that nothing keeps."""
        found = look(tmp_path / "new", THING_FILES, [*self.says(), *says])
        assert found == [(one, "dead-iri") for one in users]


def edited(workspace: Path, file: str, old: str, new: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of what the program ships as site/, with one change; the pages are made from it."""
    folder = workspace / "shipped"
    for name in ("templates", "locales"):
        shutil.copytree(product(f"site/{name}"), folder / name)
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    monkeypatch.setattr(render, "product", lambda name: folder / Path(name).name)
    return folder


class TestBuild:
    """What the command says."""

    def test_a_dead_link_leaves_the_old_site(
        self, workspace: Path, cli: Callable[..., Run], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Fails when a site with a dead link takes the place of one without."""
        assert cli(workspace, "build", "--out", "site").code == 0
        before = (workspace / "site/about.html").read_bytes()
        edited(workspace, "templates/about.html", "shapes.html", "shape.html", monkeypatch)
        path = workspace / CHANGES
        path.write_text(path.read_text(encoding="utf-8").replace("First publication", "Publication"), encoding="utf-8")
        # The program's own digest does not see the edited copy: what is made anew is what the records changed.
        shutil.rmtree(workspace / "site" / ".pledge-ld")
        (workspace / "site" / ".pledge-ld").mkdir()
        run = cli(workspace, "build", "--out", "site")
        assert run.code == 1
        assert "about.html: link: expected a file of the site, got shape.html [dead-link]" in run.err
        assert "en/about.html: link" in run.err
        assert (workspace / "site/about.html").read_bytes() == before
        assert sorted(one.name for one in workspace.iterdir() if one.name.startswith(".site")) == []

    def test_a_catalogue_that_portals_would_not_take(self, workspace: Path, cli: Callable[..., Run]) -> None:
        """Fails when data without a day of publishing go out, or the message does not lead to the record."""
        path = workspace / CHANGES
        path.write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
        run = cli(workspace, "build", "--out", "site")
        assert run.code == 1
        assert "data/jp-012131-tomakomai/2022/reports/2024-03-31.toml:1: dcterms:issued: expected" in run.err
        assert "[Dataset-issued]" in run.err
        assert not (workspace / "site").exists()

    def test_a_site_without_an_address_is_warned_of(self, workspace: Path, cli: Callable[..., Run]) -> None:
        """Fails when an operator learns only from a portal that the downloads point at an address not registered."""
        assert "pledge_ld.toml: warning: key 'site_url'" in cli(workspace, "build", "--out", "site").err
        run = cli(workspace, "build", "--out", "site", "--site-url", "https://files.example.org/p/")
        assert "site_url" not in run.err
        assert "https://files.example.org/p/data/" in (workspace / "site/catalog.ttl").read_text(encoding="utf-8")
