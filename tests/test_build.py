"""A build as its operator and its readers meet it: the same each time, whole or not at all, and with no dead end."""

from __future__ import annotations

import errno
import hashlib
import itertools
import json
import os
import posixpath
import re
import subprocess
import sys
import tomllib
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote, unquote, urlsplit

import pyoxigraph as ox
import pytest

from pledge_ld.publish import STATE, swap
from pledge_ld.term import BASE, NS, SHAPES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conftest import Run


ROOT = Path(__file__).resolve().parents[1]
CITY = "jp/012131"
LANGUAGES = {"ja": "", "en": "en/"}
OTHER_BASE = "https://example.org/x/"
SCORES = "data/jp-012131-tomakomai/2022/scores/2024-03-31.csv"
_JAPANESE = re.compile(r"[ぁ-ヿ一-鿿㐀-䶿々〆ヶ]")
_LATIN = re.compile(r"[A-Za-z]")
_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


def digests(folder: Path) -> dict[str, str]:
    """Every file below a folder, hidden ones too, with the digest of its bytes; not what builds remember."""
    return {
        one.relative_to(folder).as_posix(): hashlib.sha256(one.read_bytes()).hexdigest()
        for one in sorted(folder.rglob("*"))
        if one.is_file() and STATE not in one.parts
    }


def differing(one: dict[str, str], other: dict[str, str]) -> list[str]:
    """The files in which two trees differ."""
    return sorted(path for path in one.keys() | other.keys() if one.get(path) != other.get(path))


# The same each time


@pytest.mark.parametrize(("seed", "zone"), [("0", "Asia/Tokyo"), ("1", "America/New_York")])
def test_a_build_depends_on_nothing_but_the_records(seed: str, zone: str, site: Path, tmp_path: Path) -> None:
    """Neither the order of hashes, the time zone, the locale nor the folder that it is built in shows in any byte."""
    environment = os.environ | {"PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": "C"}
    command = [sys.executable, "-m", "pledge_ld", "build", "--data", str(ROOT / "data"), "--out", "site"]
    (tmp_path / "pledge_ld.toml").write_bytes((ROOT / "pledge_ld.toml").read_bytes())
    subprocess.run(command, cwd=tmp_path, env=environment, check=True, capture_output=True)
    assert differing(digests(tmp_path / "site"), digests(site)) == []


def test_a_second_build_replaces_the_first(workspace: Path, cli: Callable[..., Run]) -> None:
    """What the records no longer hold is gone from the site, and beside it nothing is left."""
    assert cli(workspace, "build").code == 0
    public = workspace / "site" / "public"
    first = digests(public)
    (public / "stale.html").write_text("of an earlier build", encoding="utf-8")
    assert cli(workspace, "build").code == 0
    assert digests(public) == first
    assert [one.name for one in public.parent.iterdir()] == ["public"]


@pytest.mark.long
def test_the_reference_engine_builds_the_same_site(
    site: Path, root: Path, tmp_path: Path, cli: Callable[..., Run]
) -> None:
    """The warnings become published notes, so an engine that finds others would publish another site."""
    assert cli(root, "build", "--out", str(tmp_path / "site"), "--engine", "pyshacl").code == 0
    assert differing(digests(tmp_path / "site"), digests(site)) == []


def test_the_build_says_what_it_made(workspace: Path, cli: Callable[..., Run]) -> None:
    """Files and triples on stdout, the warnings on stderr."""
    run = cli(workspace, "build", "--out", "here")
    files, triples = (int(one) for one in re.findall(r"(\d+) (?:files|triples)\b", run.out))
    assert files == len(digests(workspace / "here"))
    assert triples == (workspace / "here" / "data" / "all.nq").read_bytes().count(b"\n")
    assert "warning" not in run.out.partition("\n")[2]
    assert run.err.count("warning: ") == int(re.findall(r"(\d+) warnings", run.out)[0])


# Whole or not at all


@pytest.fixture
def published(workspace: Path, cli: Callable[..., Run]) -> Iterator[Path]:
    """A site that stands. Whatever the test does to the next build, it must stand unchanged, and nothing beside it."""
    assert cli(workspace, "build").code == 0
    # Something to do for the next build: an unchanged one does nothing, and so cannot fail.
    path = workspace / SCORES.replace("scores/2024-03-31.csv", "programme.toml")
    path.write_text(path.read_text(encoding="utf-8").replace("fifth term", "5th term"), encoding="utf-8")
    before, beside = digests(workspace / "site"), sorted(one.name for one in (workspace / "site").iterdir())
    yield workspace
    assert differing(digests(workspace / "site"), before) == []
    assert sorted(one.name for one in (workspace / "site").iterdir()) == beside


def test_bad_records_leave_the_site_as_it_was(published: Path, cli: Callable[..., Run]) -> None:
    """A broken row is found before anything is written."""
    path = published / SCORES
    path.write_text(path.read_text(encoding="utf-8").replace("measure/1-1-1,", "measure/9-9-9,", 1), encoding="utf-8")
    run = cli(published, "build")
    assert run.code == 1
    assert run.out == ""
    assert "2024-03-31.csv:" in run.err


def full(monkeypatch: pytest.MonkeyPatch, files: int, error: BaseException) -> None:
    """From here on, writing fails after so many files."""
    write, count = Path.write_bytes, itertools.count()

    def write_bytes(path: Path, content: bytes) -> int:
        if next(count) == files:
            raise error
        return write(path, content)

    monkeypatch.setattr(Path, "write_bytes", write_bytes)


@pytest.mark.parametrize("files", [0, 1, 50])
def test_a_full_disk_leaves_the_site_as_it_was(
    files: int, published: Path, cli: Callable[..., Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One line on stderr and an exit code, and the old site."""
    full(monkeypatch, files, OSError(28, "No space left on device"))
    run = cli(published, "build")
    assert run.code == 2
    assert "No space left on device" in run.err


def test_a_fault_of_ours_leaves_the_site_as_it_was(
    published: Path, cli: Callable[..., Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even an error that nobody foresaw."""
    full(monkeypatch, 50, RuntimeError("a fault of ours"))
    with pytest.raises(RuntimeError, match="a fault of ours"):
        cli(published, "build")


def test_an_interrupted_build_leaves_the_site_as_it_was(
    published: Path, cli: Callable[..., Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C in the middle of writing."""
    full(monkeypatch, 50, KeyboardInterrupt())
    run = cli(published, "build")
    assert run.code != 0
    assert run.out == ""


@pytest.mark.parametrize("code", [errno.EBUSY, errno.EACCES])
def test_a_swap_that_fails_leaves_the_old_site(
    code: int, published: Path, cli: Callable[..., Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one step that changes what visitors see is refused by the system."""

    def fail(*_: object) -> None:
        raise OSError(code, os.strerror(code), "site/public")

    monkeypatch.setattr(swap, "_exchange", fail)
    assert cli(published, "build").code == 2


# What is refused


@pytest.mark.parametrize(
    ("out", "said"),
    [
        ("foreign", "foreign is not a folder that a build made"),
        ("foreign/note.txt", "foreign/note.txt is not a folder that a build made"),
        (".", "expected a folder outside data"),
        ("data", "expected a folder outside data"),
    ],
)
def test_a_folder_that_no_build_made_is_refused(out: str, said: str, workspace: Path, cli: Callable[..., Run]) -> None:
    """Else a slip in --out would delete somebody's work."""
    (workspace / "foreign").mkdir()
    (workspace / "foreign" / "note.txt").write_text("keep me", encoding="utf-8")
    before = digests(workspace)
    run = cli(workspace, "build", "--out", out)
    assert run.code == 2
    assert said in run.err
    assert digests(workspace) == before


def test_an_empty_folder_is_built_into(workspace: Path, cli: Callable[..., Run]) -> None:
    """A folder made beforehand is fine."""
    (workspace / "empty").mkdir()
    assert cli(workspace, "build", "--out", "empty").code == 0
    assert (workspace / "empty" / "index.html").is_file()


def test_a_build_needs_to_know_who_publishes(workspace: Path, cli: Callable[..., Run]) -> None:
    """The operator is never guessed: the message shows the lines to write."""
    (workspace / "pledge_ld.toml").unlink()
    run = cli(workspace, "build")
    assert run.code == 2
    assert "pledge_ld.toml" in run.err
    assert "[publisher]" in run.err
    assert not (workspace / "site").exists()


# What there is


def test_the_paths_of_the_contract_are_there(site: Path) -> None:
    """Links from elsewhere rely on these."""
    report = f"{CITY}/2022/report/2024-03-31"
    things = [CITY, f"{CITY}/2022", report, f"{CITY}/2022/measure/1-2-1", f"{CITY}/scale/ten-step", "ns", "shapes"]
    expected = {f"{one}.{suffix}" for one in things for suffix in ("html", "ttl", "jsonld")}
    expected |= {"index.html", "404.html", ".nojekyll", "context.jsonld", "data/all.nq", f"{CITY}/2022/index.html"}
    expected |= {f"{report}/summary.html", f"{report}/detail.html"}
    expected |= {f"data/jp-012131-tomakomai.{suffix}" for suffix in ("ttl", "nt", "jsonld")}
    tables = ("everything", "policies", "pledges", "measures", "actions", "departments", "scores", "notes")
    suffixes = (".csv", ".csv-metadata.json", "-excel.csv")
    expected |= {f"data/jp-012131-tomakomai/{name}{suffix}" for name in tables for suffix in suffixes}
    expected |= {f"data/jp-012131-tomakomai.{suffix}" for suffix in ("html", "xlsx", "zip")}
    expected |= {f"{CITY}/series.{suffix}" for suffix in ("html", "ttl", "jsonld")}
    expected |= {f"catalog.{suffix}" for suffix in ("html", "ttl", "jsonld", "rdf")}
    names = [one.stem for one in (ROOT / "queries").glob("*.rq")]
    expected |= {f"queries/{name}.{suffix}" for name in names for suffix in ("html", "csv", "json", "rq")}
    expected |= {f"en/{one}" for one in expected if one.endswith(".html")}
    expected |= {"data.json", ".well-known/void", "sitemap.xml", "robots.txt"}
    assert sorted(one for one in expected if not (site / one).is_file()) == []


def test_paths_are_safe_everywhere(site: Path) -> None:
    """No path needs escaping in a URL, and none differs from another only in case."""
    paths = list(digests(site))
    assert [one for one in paths if not re.fullmatch(r"[A-Za-z0-9._/-]+", one)] == []
    assert len({one.lower() for one in paths}) == len(paths)


# The pages


class Link(NamedTuple):
    """An address on a page."""

    tag: str
    attributes: dict[str, str]
    address: str


class Html(HTMLParser):
    """What the tests need of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[Link] = []
        self.faults: list[str] = []
        self.unmarked: list[str] = []
        self.headings = 0
        self.title = ""
        self.lang = ""
        self.codes: set[str] = set()
        self._open: list[tuple[str, str]] = []
        self.feed(text)
        self.close()
        self.faults += [f"<{tag}> is never closed" for tag, _ in self._open]
        if not text.startswith("<!DOCTYPE html>\n<html lang="):
            self.faults.append("no doctype and language in front")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember what an opening tag says."""
        attributes = {name: value or "" for name, value in attrs}
        if len(attributes) != len(attrs):
            self.faults.append(f"<{tag}> says an attribute twice")
        if "id" in attributes:
            self.ids.append(attributes["id"])
        for name in ("href", "src", "srcset", "poster", "data", "action"):
            if name in attributes:
                self.links.append(Link(tag, attributes, attributes[name]))
        if "lang" in attributes:
            self.codes.add(attributes["lang"])
        if tag == "html":
            self.lang = attributes.get("lang", "")
        self.headings += tag == "h1"
        if tag not in _VOID:
            self._open.append((tag, attributes.get("lang", self._open[-1][1] if self._open else "")))

    def handle_endtag(self, tag: str) -> None:
        """Hold a closing tag to the one that is open."""
        if not self._open or self._open[-1][0] != tag:
            self.faults.append(f"</{tag}> closes {self._open[-1:]}")
        else:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        """Hold the title, and text against the language around it."""
        tags = [tag for tag, _ in self._open]
        if tags[-1:] == ["title"]:
            self.title += data
        elif "body" in tags and self._open[-1][1] == "en" and len(_JAPANESE.findall(data)) > len(_LATIN.findall(data)):
            self.unmarked.append(data.strip())


@cache
def pages(site: Path) -> dict[str, Html]:
    """Every page of the site by its path."""
    found = {
        one.relative_to(site).as_posix(): Html(one.read_text(encoding="utf-8")) for one in sorted(site.rglob("*.html"))
    }
    assert len(found) > 300
    return found


def target(path: str, address: str) -> tuple[str, str]:
    """The file and the fragment that a relative address on a page leads to."""
    parts = urlsplit(address)
    file = posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(parts.path))) if parts.path else path
    return file, unquote(parts.fragment)


def is_external(address: str) -> bool:
    """Whether the address leaves the site."""
    return bool(urlsplit(address).scheme) or address.startswith("//")


def test_every_internal_link_leads_somewhere(site: Path) -> None:
    """Each address of each page in both languages is a file of the site, and its fragment an id of that page."""
    files, dead, seen = set(digests(site)), [], 0
    for path, page in pages(site).items():
        for link in page.links:
            if not is_external(link.address):
                seen += 1
                file, fragment = target(path, link.address)
                if file not in files or (fragment and fragment not in pages(site)[file].ids):
                    dead.append(f"{path}: {link.address}")
    assert seen > 5000
    assert dead == []


def test_external_links_are_plain_addresses(site: Path) -> None:
    """Only http, https and mailto: nothing that runs when it is clicked."""
    schemes = {
        urlsplit(one.address).scheme for page in pages(site).values() for one in page.links if is_external(one.address)
    }
    assert schemes <= {"http", "https", "mailto"}


def test_a_page_loads_nothing_from_elsewhere(site: Path) -> None:
    """No font, script, picture or style of a third party: a reader's visit stays between the reader and the site."""
    loaded = [
        f"{path}: {link.tag} {link.address}"
        for path, page in pages(site).items()
        for link in page.links
        if is_external(link.address)
        and (link.tag not in {"a", "link"} or link.attributes.get("rel") in {"stylesheet", "icon", "preload"})
    ]
    assert loaded == []
    for path in (site / "static").rglob("*"):
        if path.is_file() and path.name != "oxigraph.wasm":
            # What the bundle of site/front/ asks for is watched in a browser (test_browser.py).
            calls = rb"" if "front" in path.parts else rb"|fetch\(|importScripts"
            assert not re.search(rb"@import|url\(\s*['\"]?(?:https?:)?//" + calls, path.read_bytes()), path


def test_pages_are_well_formed(site: Path) -> None:
    """Every element is closed where it belongs: a browser's guess is not everybody's."""
    assert [f"{path}: {one}" for path, page in pages(site).items() for one in page.faults] == []


def test_ids_stand_once_and_need_no_escaping(site: Path) -> None:
    """A fragment leads to one place."""
    for path, page in pages(site).items():
        assert [one for one in set(page.ids) if page.ids.count(one) > 1] == [], path
        assert [one for one in page.ids if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", one)] == [], path


def test_a_page_has_one_heading_and_a_title(site: Path) -> None:
    """What a screen reader announces first."""
    for path, page in pages(site).items():
        assert (page.headings, bool(page.title.strip())) == (1, True), path


def test_a_page_says_its_language(site: Path) -> None:
    """A page of the English tree that says ja would be read aloud as Japanese."""
    for path, page in pages(site).items():
        assert page.lang == ("en" if path.startswith("en/") else "ja"), path


def test_only_languages_that_the_site_writes_are_named(site: Path) -> None:
    """An empty lang tells a reader that the language is unknown."""
    codes = {code: path for path, page in pages(site).items() for code in page.codes}
    assert {code: path for code, path in codes.items() if code not in {"ja", "en", "ja-Hira"}} == {}


def test_titles_tell_pages_apart(site: Path) -> None:
    """Ten tabs of the site, or ten results of a search, must not read alike."""
    for tree in LANGUAGES.values():
        titles: dict[str, str] = {}
        for path, page in pages(site).items():
            copy = path.endswith("/index.html") or path.startswith(f"{tree}ns/")
            if path.startswith("en/") == bool(tree) and not copy:
                assert titles.setdefault(page.title, path) == path, page.title


def test_japanese_on_an_english_page_is_marked(site: Path) -> None:
    """A screen reader reads unmarked Japanese as English noise, and a browser picks a Chinese font for it.

    A Japanese word quoted in an English sentence may stay as it is.
    """
    unmarked = {text: path for path, page in pages(site).items() for text in page.unmarked}
    assert sorted(f"{path}: {text[:60]}" for text, path in unmarked.items()) == []


def test_every_page_is_there_in_both_languages(site: Path) -> None:
    """A link to the other language never ends on a missing page."""
    ours = {one for one in pages(site) if not one.startswith("en/")}
    assert {one.removeprefix("en/") for one in pages(site) if one.startswith("en/")} == ours
    for path, page in pages(site).items():
        others = {
            link.attributes.get("hreflang", ""): target(path, link.address)[0]
            for link in page.links
            if link.tag == "link" and link.attributes.get("rel") == "alternate" and "hreflang" in link.attributes
        }
        assert others == {lang: tree + path.removeprefix("en/") for lang, tree in LANGUAGES.items()}, path


# The documents


def documents(site: Path) -> dict[str, list[ox.Quad]]:
    """Every document's path with its statements."""
    return {
        one.relative_to(site).with_suffix("").as_posix(): list(ox.parse(one.read_bytes(), ox.RdfFormat.TURTLE))
        for one in sorted(site.rglob("*.ttl"))
    }


def test_a_page_of_a_thing_names_its_data(site: Path) -> None:
    """In both languages rel=alternate leads to the Turtle and the JSON-LD, also where the page is a folder's index."""
    found = set(documents(site))
    found_pages = [(tree, one, one) for tree in LANGUAGES.values() for one in found]
    found_pages += [(tree, f"{CITY}/2022/index", f"{CITY}/2022") for tree in LANGUAGES.values()]
    for tree, place, document in found_pages:
        path = f"{tree}{place}.html"
        alternates = {
            link.attributes.get("type"): target(path, link.address)[0]
            for link in pages(site)[path].links
            if link.tag == "link" and link.attributes.get("rel") == "alternate" and "type" in link.attributes
        }
        expected = {"text/turtle": f"{document}.ttl", "application/ld+json": f"{document}.jsonld"}
        expected["application/atom+xml"] = f"{tree}feed.atom"
        if document == "catalog":
            expected["application/rdf+xml"] = "catalog.rdf"
        assert alternates == expected, path


def test_every_hash_iri_has_its_place_on_the_page(site: Path) -> None:
    """Who follows measure/1-2-1#score-2024-03-31 lands on that score, in either language."""
    missing, seen = [], 0
    for path, quads in documents(site).items():
        document = NS[:-1] if path.startswith("ns") else SHAPES[:-1] if path == "shapes" else f"{BASE}{path}"
        subjects = {str(one.subject.value) for one in quads if isinstance(one.subject, ox.NamedNode)}
        ids = [one.partition("#")[2] for one in subjects if one.startswith(f"{document}#")]
        seen += len(ids)
        for tree in LANGUAGES.values():
            there = set(pages(site)[f"{tree}{path}.html"].ids)
            missing += [f"{tree}{path}.html#{one}" for one in ids if one not in there]
    assert seen > 700
    assert sorted(missing) == []


def statements(path: Path) -> Iterator[tuple[Any, ...]]:
    """The terms of each statement in a file, with the graph's name where it has one."""
    form = ox.RdfFormat.from_extension(path.suffix[1:])
    assert form is not None
    for one in ox.parse(path.read_bytes(), form):
        yield one.subject, one.predicate, one.object, one.graph_name


def iris(site: Path) -> dict[str, str]:
    """Every IRI in every published RDF file, with one file that uses it."""
    found: dict[str, str] = {}
    for path in sorted(site.rglob("*")):
        if path.suffix in {".ttl", ".nt", ".nq", ".jsonld"} and path.name != "context.jsonld":
            for statement in statements(path):
                for term in statement:
                    if isinstance(term, ox.NamedNode):
                        found.setdefault(term.value, path.relative_to(site).as_posix())
                    elif isinstance(term, ox.Literal):
                        found.setdefault(term.datatype.value, path.relative_to(site).as_posix())
    return found


def test_every_iri_under_the_base_is_described(site: Path) -> None:
    """No IRI of ours is a promise: each leads to a file of the site, in which it is a subject."""
    described = {path: {one.subject for one in quads} for path, quads in documents(site).items()}
    void = ox.parse((site / ".well-known" / "void").read_bytes(), ox.RdfFormat.TURTLE)
    described[".well-known/void"] = {one.subject for one in void}
    dead, seen = [], 0
    for iri, user in iris(site).items():
        if iri.startswith(BASE):
            seen += 1
            path = iri.removeprefix(BASE).partition("#")[0] or "index.html"
            subjects = described.get(path)
            if subjects is None:
                if not (site / path).is_file() or "#" in iri:
                    dead.append(f"{user}: {iri} has no file")
            elif ox.NamedNode(iri) not in subjects:
                dead.append(f"{user}: {iri} is not described")
    assert seen > 500
    assert sorted(dead) == []


# Another base


@pytest.fixture(scope="module")
def moved(root: Path, tmp_path_factory: pytest.TempPathFactory, cli: Callable[..., Run]) -> Path:
    """The site minted under another address."""
    out = tmp_path_factory.mktemp("moved") / "public"
    run = cli(root, "build", "--out", str(out), "--base-iri", OTHER_BASE)
    assert run.code == 0, run.err
    return out


def test_another_base_moves_the_data_and_not_the_vocabulary(moved: Path) -> None:
    """A fork publishes under its own address in our words."""
    found = iris(moved)
    ours = {one: user for one, user in found.items() if one.startswith(BASE)}
    stay = re.compile(re.escape(NS[:-1]) + r"(?:#[A-Za-z]+|/[0-9.]+)?")
    # The publisher's own page is the operator's to say: the example names the project's.
    ours.pop(BASE, None)
    elsewhere = {one: user for one, user in ours.items() if not stay.fullmatch(one) and not user.startswith("ns")}
    assert elsewhere == {}
    assert any(one.startswith(OTHER_BASE) for one in found)


def moved_back(content: bytes) -> bytes:
    """The addresses under the usual base again.

    One may be part of another (the letter that tells of an error, the query about a figure), or of the name of an entry
    in the feed.
    """
    whole = content.replace(OTHER_BASE.encode(), BASE.encode())
    for safe in ("", "/"):
        whole = whole.replace(quote(OTHER_BASE, safe=safe).encode(), quote(BASE, safe=safe).encode())
    (other, folder), (ours, below) = (urlsplit(one)[1:3] for one in (OTHER_BASE, BASE))
    return re.sub(rf"tag:{other},([0-9-]+):{folder}".encode(), rf"tag:{ours},\1:{below}".encode(), whole)


def test_another_base_changes_nothing_but_the_addresses(moved: Path, site: Path) -> None:
    """Moved back, every file is the same one: data, pages, queries with their defaults, and answers.

    Of the rest, the shapes have names of their own under each base (and blank nodes named by what they say), the
    pages of answers link to vocabulary that lies on the same site, archives are compressed (and so is what lies
    beside each file that is long enough), and whatever describes the downloads has their sizes and digests.
    """
    described = r"queries/.*\.html|sparql\.html|catalog\..*|data/[^/]*\.html|jp/012131(?:/series)?\..*|.*/report/[^/]*"
    other = re.compile(rf"(?:en/)?(?:{described})|data\.json|.*\.(?:xlsx|zip|br|gz)")
    files = {one for one in digests(site) if "shapes" not in one and not other.fullmatch(one)}
    assert len(files) > 600
    changed = [one for one in files if moved_back((moved / one).read_bytes()) != (site / one).read_bytes()]
    assert sorted(changed) == []
    paths = ({one for one in digests(folder) if not one.endswith((".br", ".gz"))} for folder in (moved, site))
    assert next(paths) == next(paths)


def test_another_base_keeps_every_iri_described(moved: Path) -> None:
    """What resolves under our address resolves under theirs."""
    described = {path: {str(one.subject) for one in quads} for path, quads in documents(moved).items()}
    dead = []
    for iri, user in iris(moved).items():
        if iri.startswith(OTHER_BASE):
            path = iri.removeprefix(OTHER_BASE).partition("#")[0] or "index.html"
            if f"<{iri}>" not in described.get(path, ()) and not ((moved / path).is_file() and "#" not in iri):
                dead.append(f"{user}: {iri}")
    assert sorted(dead) == []


# The strings of the pages


def locales() -> dict[str, dict[str, str]]:
    """The strings by language."""
    folder = ROOT / "site" / "locales"
    return {one.stem: tomllib.loads(one.read_text(encoding="utf-8")) for one in sorted(folder.glob("*.toml"))}


def used_keys() -> tuple[set[str], set[str]]:
    """The keys that templates and pages name, and the beginnings of those that they put together."""
    text = "\n".join(one.read_text(encoding="utf-8") for one in sorted((ROOT / "site" / "templates").rglob("*.html")))
    program = "\n".join(one.read_text(encoding="utf-8") for one in sorted((ROOT / "src/pledge_ld/site").rglob("*.py")))
    keys = set(re.findall(r"\bt\.([a-z_A-Z0-9]+)", text))
    keys |= set(re.findall(r"""\b(?:strings|found)\[["']([a-z_A-Z0-9]+)["']\]""", program))
    keys |= set(re.findall(r'\bt\["([a-z_A-Z0-9]+)"\]', text))
    beginnings = set(re.findall(r'\bt\["([a-z_]+_)" ~', text))
    beginnings |= set(re.findall(r'\bstrings\[f"([a-z_]+_)\{', program))
    beginnings |= set(re.findall(r"\bstrings\['([a-z_]+_)' \+", program))
    return keys, beginnings


def test_the_languages_have_the_same_strings() -> None:
    """A key that one language lacks fails the build of its pages only."""
    found = locales()
    assert sorted(found) == sorted(LANGUAGES)
    assert found["ja"].keys() == found["en"].keys()
    for key, text in found["ja"].items():
        assert text.strip(), key
        assert found["en"][key].strip(), key
        fields = [sorted(re.findall(r"\{[a-z0-9_]*\}", found[one][key])) for one in LANGUAGES]
        assert fields[0] == fields[1], key


def test_every_string_is_used_and_every_used_string_is_there() -> None:
    """What nobody shows is translated in vain; what is missing is found only when its page is rendered."""
    keys, beginnings = used_keys()
    there = set(locales()["ja"])
    assert sorted(keys - there) == []
    assert sorted(one for one in there - keys if not one.startswith(tuple(beginnings))) == []
    assert sorted(one for one in beginnings if not any(key.startswith(one) for key in there)) == []


@pytest.mark.parametrize(
    ("beginning", "scheme"),
    [
        ("origin_", "Origins"),
        ("rounding_", "Roundings"),
        ("kind_", "NoteKinds"),
        ("construct_", "Constructs"),
        ("assessor_", "Assessors"),
        ("calculation_", "Calculations"),
    ],
)
def test_every_concept_has_a_string(beginning: str, scheme: str) -> None:
    """Another city's scale or assessor must not fail the build for want of a word."""
    text = "\n".join(one.read_text(encoding="utf-8") for one in sorted((ROOT / "ontology").glob("*.ttl")))
    graph = ox.Dataset(ox.parse(text.encode(), ox.RdfFormat.TURTLE))
    listed = (ox.NamedNode(f"{NS}{scheme}"), ox.NamedNode("http://www.w3.org/2004/02/skos/core#hasTopConcept"))
    concepts = [str(one.object)[len(NS) + 1 : -1] for one in graph if (one.subject, one.predicate) == listed]
    assert concepts
    assert sorted(f"{beginning}{one}" for one in concepts if f"{beginning}{one}" not in locales()["en"]) == []


def test_the_answers_on_the_site_are_the_queries_answers(site: Path) -> None:
    """CSV and JSON of a saved query hold the same rows."""
    for path in sorted((site / "queries").glob("*.json")):
        content = json.loads(path.read_bytes())
        rows = path.with_suffix(".csv").read_text(encoding="utf-8")
        assert rows.partition("\n")[0].strip().split(",") == content["head"]["vars"], path
        assert content["results"]["bindings"], path
