"""The last look before a site is published: no dead end, no IRI that leads nowhere, a catalogue that portals take.

Only what is new is looked at again, and what it leads to: what stayed the same passed the gate before. Where something
that was there is gone, everything is looked at.
"""

from __future__ import annotations

import os
import posixpath
import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urlsplit

from lxml import etree

from pledge_ld.graph import as_ntriples
from pledge_ld.hosting import CODINGS
from pledge_ld.problem import Problem
from pledge_ld.publish.beside import fed
from pledge_ld.term import NS, SHAPES, compact, document_of
from pledge_ld.validate import problems, run, unknown_terms

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from pledge_ld.config import Config
    from pledge_ld.publish.artefact import Artefact
    from pledge_ld.publish.swap import Edition
    from pledge_ld.record import Record
    from pledge_ld.term import Term, Triple

CATALOG = "catalog"
"""The name of the catalogue's artefact."""
_PLAIN = re.compile(r"(?!/)([\w./-]*)#?([\w.-]*)", re.ASCII)
"""An address of which each character stands for itself: nearly all of a site's. Most of the time went to the others."""
_JAPANESE, _LATIN = re.compile(r"[ぁ-ヿ㐀-鿿々〆]"), re.compile(r"[A-Za-z]")
_TEXTS = etree.XPath("//body//text()")
# Each by itself, and as plain strings: their union, each knowing where it stood, takes twice as long.
_ADDRESSES = [etree.XPath(f"//@{name}", smart_strings=False) for name in ("href", "src", "srcset", "action")]
_NAMES = etree.XPath("//@id", smart_strings=False)


class Target(NamedTuple):
    """Where an address on a page leads: a file of the site, and a fragment of it or ""."""

    file: str
    fragment: str


class PageFile(NamedTuple):
    """What a published page refers to, what it can be referred to by, and what it leaves untranslated."""

    leads: dict[Target, str]
    """Where the addresses of its links, styles and pictures lead within the site, and how one is written there."""
    ids: frozenset[str]
    """The fragments that lead to a place on it."""
    untranslated: list[str]
    """Japanese that an English page shows as if it were English. A Japanese word in an English sentence may be."""


def page_file(path: str, content: bytes, home: str) -> PageFile:
    """Reads the page at ``path``; ``home`` as for `target_of`."""
    tree = etree.fromstring(content, etree.HTMLParser(encoding="utf-8"))
    addresses = sorted(set().union(*(found(tree) for found in _ADDRESSES)))
    leads = {target: one for one in addresses if (target := target_of(path, one, home))}
    return PageFile(leads, frozenset(_NAMES(tree)), list(_untranslated(tree)))


def _untranslated(tree: etree._Element) -> Iterator[str]:
    for text in _TEXTS(tree) if tree.get("lang") != "ja" else ():
        if text.isascii() or len(_JAPANESE.findall(text)) <= len(_LATIN.findall(text)):
            continue
        holder = text.getparent().getparent() if text.is_tail else text.getparent()
        languages = (one.get("lang") for one in (holder, *holder.iterancestors()))
        if next(filter(None, languages), "") == "en":
            yield text.strip()


@contextmanager
def looker(
    folder: Path, config: Config
) -> Iterator[tuple[Callable[[list[str]], None], Callable[[], dict[str, PageFile]]]]:
    """What has written pages read by a process of its own meanwhile, and what waits for all it read."""
    with fed(partial(_looked_at, folder, config.home)) as (give, result):
        yield lambda paths: give([one for one in paths if one.endswith(".html")]), result


def _looked_at(folder: Path, home: str, jobs: Iterator[list[str]]) -> dict[str, PageFile]:
    return {path: page_file(path, (folder / path).read_bytes(), home) for path in chain.from_iterable(jobs)}


class Gate:
    """Hears of every artefact of an edition, and says at the end what stands against publishing it."""

    def __init__(self, edition: Edition, config: Config) -> None:
        self._edition = edition
        self._base = config.base_iri
        self._home = config.home
        self._subjects: set[Term] = set()
        self._named: dict[Term, str] = {}
        self._catalog: Sequence[Triple] = ()
        self._pages: dict[str, PageFile] = {}
        self._fragments: dict[str, frozenset[str]] = {}

    def heard(self, artefact: Artefact) -> None:
        """Remembers what an artefact states."""
        if artefact.name == CATALOG:
            self._catalog = artefact.says
        for triple in artefact.says:
            self._subjects.add(triple[0])
            for term in triple:
                self._named.setdefault(term, artefact.name)

    def problems(
        self, engine: str, places: Callable[[], Mapping[Term, Record]], seen: Callable[[], dict[str, PageFile]]
    ) -> list[Problem]:
        """Everything that stands against it, warnings of the catalogue included.

        ``places`` are the records by IRI, asked for only where the catalogue is at fault; ``seen`` the pages that a
        `looker` has read.
        """
        with ThreadPoolExecutor(2) as aside:
            # Both work outside Python's lock. Most of the edition is on the disk before it has to be.
            aside.submit(os.sync)
            validated = aside.submit(run, as_ntriples(self._catalog), "catalog", engine)
            self._pages |= seen()
            found = [*self._dead_iris(), *self._dead_links()]
            results = validated.result()
        self._remember()
        if results:
            found += problems(results, places(), "catalog.ttl")
        return found

    def _places(self, path: str) -> frozenset[str]:
        """The fragments that lead to a place on a page; of a page that stayed the same they are remembered."""
        if path not in self._fragments:
            known = None if path in self._edition.written else self._edition.before.places.get(path)
            self._fragments[path] = self._page(path).ids if known is None else frozenset(known)
        return self._fragments[path]

    def _remember(self) -> None:
        places, before = self._edition.memory.places, self._edition.before.places
        for path in self._edition.memory.files:
            if path.endswith(".html"):
                kept = path not in self._edition.written and path in before
                places[path] = before[path] if kept else sorted(self._places(path))

    def _page(self, path: str) -> PageFile:
        if path not in self._pages:
            self._pages[path] = page_file(path, (self._edition.folder / path).read_bytes(), self._home)
        return self._pages[path]

    # Links

    def _dead_links(self) -> Iterator[Problem]:
        files = self._edition.memory.files
        pages = {path for path in files if path.endswith(".html")}
        new = pages & self._edition.written
        for path in sorted(pages if self._lost(new) else new):
            page = self._page(path)
            for target, address in page.leads.items():
                if target.file not in files:
                    yield Problem(path, 0, "link", "a file of the site", address, "dead-link", "サイトにあるファイル")
                elif target.fragment and target.fragment not in self._places(target.file):
                    expected, ja = "a place on the page it leads to", "リンク先のページにある場所"
                    yield Problem(path, 0, "link", expected, address, "dead-fragment", ja)
            if path.startswith("en/"):
                for text in page.untranslated:
                    expected, ja = "English, or text marked as Japanese", "英語、または日本語と示された文"
                    yield Problem(path, 0, "text", expected, text, "untranslated", ja)

    def _lost(self, new: set[str]) -> bool:
        """Whether a file, or a place on a page, is gone that the edition before had: any page may have led there."""
        before, now, places = self._edition.before.files, self._edition.memory.files, self._edition.before.places
        # What lies packed beside a file is being made meanwhile, and no page leads there.
        if any(not path.endswith(tuple(CODINGS.values())) for path in before.keys() - now.keys()):
            return True
        return any(path not in places or frozenset(places[path]) - self._places(path) for path in new & before.keys())

    # IRIs

    def _dead_iris(self) -> Iterator[Problem]:
        """IRIs of ours that lead to no file, are described in none, or have no place on their page."""
        files, written = self._edition.memory.files, self._edition.written
        for term, user in sorted(self._named.items()):
            if not term.startswith(f"<{self._base}") or term.startswith((f"<{NS}", f"<{SHAPES}")):
                continue
            document = document_of(term)
            path, fragment = document[1 + len(self._base) : -1] or "index.html", term[len(document) : -1]
            if path in {"ns", "shapes"} or (not fragment and path in files):
                continue
            if f"{path}.ttl" not in files and path not in files:
                yield _iri(user, "an IRI that leads to a file of the site", term, "サイトのファイルに至るIRI")
            elif term not in self._subjects:
                yield _iri(user, "an IRI that its document describes", term, "文書に記述されたIRI")
            elif fragment and {f"{path}.ttl", f"{path}.html", f"en/{path}.html"} & written:
                for page in (f"{path}.html", f"en/{path}.html"):
                    if page in files and fragment not in self._places(page):
                        yield _iri(page, "a place on the page for each IRI", term, "IRIごとの場所")
        for term, (subject, _, _) in unknown_terms(self._catalog).items():
            yield _iri(CATALOG, f"a term of the ontology at {compact(subject)}", term, "語彙にある用語")


def _iri(path: str, expected: str, term: Term, ja: str) -> Problem:
    return Problem(path, 0, "IRI", expected, term[1:-1], "dead-iri", ja)


def target_of(path: str, address: str, home: str = "") -> Target | None:
    """Where an address on the page at ``path`` leads, or None where it leaves the site.

    ``home`` is where the site begins on its host, where that is known: addresses from there are ours too.

    >>> target_of("en/index.html", "../static/site.css"), target_of("a/b.html", "#x")
    (Target(file='static/site.css', fragment=''), Target(file='a/b.html', fragment='x'))
    """
    if plain := _PLAIN.fullmatch(address):
        return Target(_beside(path, plain[1]), plain[2])
    parts = urlsplit(address)
    if parts.scheme or parts.netloc:
        return None
    if home and parts.path.startswith(home):
        return Target(unquote(parts.path.removeprefix(home)), unquote(parts.fragment))
    return Target(_beside(path, unquote(parts.path)), unquote(parts.fragment))


def _beside(path: str, relative: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), relative)) if relative else path
