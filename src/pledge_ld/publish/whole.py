"""All cities → everything the site's folder holds, and the folder put in the place of the old one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING

from pledge_ld import query
from pledge_ld.catalog import CatalogCity, catalog_files, catalog_of, catalog_triples
from pledge_ld.config import FILE, Config, product
from pledge_ld.graph import Context, Index, Shortener, as_nquads, as_ntriples
from pledge_ld.hosting import hosting_files
from pledge_ld.problem import Problem
from pledge_ld.publish.answers import query_artefact
from pledge_ld.publish.artefact import FIXED, Artefact
from pledge_ld.publish.beside import beside
from pledge_ld.publish.city import KINDS, CityData, city_data
from pledge_ld.publish.comparison import comparison_artefacts
from pledge_ld.publish.documents import PAGE, Writers, dataset_artefacts, feed_artefact, page_artefact, thing_artefacts
from pledge_ld.publish.downloads import city_downloads
from pledge_ld.publish.gate import CATALOG, Gate, looker
from pledge_ld.publish.inputs import Inputs, inputs
from pledge_ld.publish.packed import packer, with_packed
from pledge_ld.publish.swap import Memory, apart, checked, edition, forget, intact, locked, remembered, unstored
from pledge_ld.publish.vocabulary import PAGES, static_artefact, vocabulary_artefact
from pledge_ld.read import read_data
from pledge_ld.site import (
    ASKED,
    Dump,
    Renderer,
    Views,
    catalog_page,
    city_summary,
    common_pages,
    downloads_page,
    has_front,
    told,
    workbench_page,
)
from pledge_ld.term import Term, curie
from pledge_ld.triple import places

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from pledge_ld.publish.artefact import File
    from pledge_ld.publish.downloads import Downloads
    from pledge_ld.record import CityRecords, Record
    from pledge_ld.site import CitySummary


_NO_SITE = Problem(
    FILE,
    0,
    "key 'site_url'",
    "the address where the files will lie (or --site-url): until then the catalogue points at the base IRI",
    "",
    "site-url",
    "ファイルを置くアドレス(または --site-url)。それまでカタログは base_iri を指す",
    warning=True,
)


_NO_FRONT = Problem(
    "site/static/front",
    0,
    "folder",
    "the scripts that `make site` bundles with Node from site/front/: until then pages are as where JavaScript is off",
    "",
    "front",
    "site/front/ から make site が Node で作る部品。それまで検索とブラウザー内の問い合わせは動かない",
    warning=True,
)


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did: the problems and warnings, and, where it published, how many files and triples.

    ``written`` counts the files that differ from the site before; ``unchanged`` is true where nothing had to be done.
    """

    problems: tuple[Problem, ...]
    published: bool
    files: int = 0
    triples: int = 0
    written: int = 0
    unchanged: bool = False


def build(
    config: Config,
    data: Path,
    out: Path,
    engine: str,
    *,
    allow_shrink: bool = False,
    verify: bool = False,
    packing: str = "fast",
) -> Built:
    """Builds the site and puts it in the place of the old one, or leaves the old one as it was.

    ``packing`` is one of `PACKINGS`: how well each text is compressed beside itself.

    :raises PledgeError: when ``out`` is a folder that no build made, or the records', or another build is under way
    """
    apart("--out", out, data)
    checked(out)
    with locked(out):
        before = remembered(out)
        # Where there is no site yet, nothing has to wait for it.
        early = beside if not before.files else partial
        made_from = cache(early(_inputs, config, data, engine, packing))
        alike = bool(before.files and made_from().data) and before.inputs == made_from()
        if alike and not verify and intact(out, before):
            return Built((), published=True, files=len(before.files), unchanged=True)
        cities, problems = read_data(data, str(data))
        if problems:
            return Built(tuple(sorted(problems)), published=False)
        queries = query.load(config.base_iri)
        site = _Site(config, queries)
        if not before.files or before.inputs.program != made_from().program:
            site.fixed = _ahead(site.fixed)
        built = [city_data(one, config.base_iri, queries.values(), engine) for one in cities]
        found = sorted(problem for one in built for problem in one.problems)
        found += [] if config.site_url else [_NO_SITE]
        found += [] if has_front() else [_NO_FRONT]
        holds = {one.folder: _holds(one.index) for one in built if one.index}
        if all(one.index for one in built) and not allow_shrink:
            found += shrunk(before.holds, holds, str(data))
        if blocking(found):
            return Built(tuple(found), published=False)
        triples = sum(len(one.index.triples) for one in built if one.index)
        artefacts = _artefacts(site, built)
        if verify and alike:
            differing = sorted(
                _differing(out, before, with_packed((file for one in artefacts for file in one.make()), packing))
            )
            if differing:
                forget(out, before)
            return Built((*found, *differing), not differing, len(before.files), triples, unchanged=True)
        with (
            edition(out, made_from(), anew=verify) as new,
            packer(new, packing) as pack,
            looker(new.folder, config) as (look, seen),
        ):
            gate = Gate(new, config)
            for artefact in artefacts:
                paths = new.put(artefact)
                pack.pack(paths)
                look([one for one in paths if one in new.written])
                gate.heard(artefact)
            found += gate.problems(engine, lambda: _places(cities, config), seen)
            found += [] if allow_shrink else gone(before, new.memory, str(out))
            new.memory.holds = holds
            new.withdrawn = blocking(found)
            if not new.withdrawn:
                found += unstored(out)
                pack.finish()
        files = len(new.memory.files)
    return Built(
        tuple(sorted(found)), published=not new.withdrawn, files=files, triples=triples, written=len(new.written)
    )


def _inputs(config: Config, data: Path, engine: str, packing: str) -> Inputs:
    return inputs(config, data, engine, packing) if data.is_dir() else Inputs("", "")


def blocking(found: Iterable[Problem]) -> bool:
    """Whether one of the problems is more than a warning: then nothing is published."""
    return any(not one.warning for one in found)


def _places(cities: Iterable[CityRecords], config: Config) -> dict[Term, Record]:
    return {term: record for one in cities for term, record in places(one, config.base_iri).items()}


def _holds(index: Index) -> dict[str, int]:
    """How many things of each kind a city has."""
    return {kind: len(index.of_type(curie(f"pledge:{kind}"))) for kind in KINDS}


def shrunk(before: Mapping[str, Mapping[str, int]], now: Mapping[str, Mapping[str, int]], data: str) -> list[Problem]:
    """A problem for each kind of thing of which a city has fewer than in the last build: records may be lost."""
    found = []
    for folder, counts in before.items():
        for kind, count in counts.items():
            have = now.get(folder, {}).get(kind, 0)
            if have < count:
                expected = f"at least {count} {kind}, as in the last build (or --allow-shrink)"
                ja = f"前回のビルドと同じ{count}件以上({kind})、または --allow-shrink"
                found.append(Problem(f"{data}/{folder}", 0, kind, expected, str(have), "shrunk", ja))
    return found


def gone(before: Memory, now: Memory, out: str) -> Iterator[Problem]:
    """A problem for each published address that leads nowhere any more: an id that was changed, or a record lost."""
    for path in sorted(before.files.keys() - now.files.keys()):
        if path.endswith(".ttl"):
            expected = "a document that was published before (or --allow-shrink)"
            ja = "以前に公開した文書、または --allow-shrink"
            yield Problem(f"{out}/{path}", 0, "document", expected, "", "shrunk", ja)


def _differing(out: Path, before: Memory, files: Iterable[File]) -> Iterator[Problem]:
    """A problem for each file that a clean build would write otherwise, or not at all."""
    left = set(before.files)
    for path, content in files:
        left.discard(path)
        there = (out / path).read_bytes() if (out / path).is_file() else b""
        if there != content:
            yield Problem(
                f"{out}/{path}",
                0,
                "file",
                "what a clean build writes, as the next build will",
                "something else",
                "verify",
                "作り直した内容(次のビルドで書き直されます)",
            )
    for path in left:
        yield Problem(f"{out}/{path}", 0, "file", "no such file", "a file", "verify", "ないはずのファイル")


@dataclass(frozen=True, slots=True)
class _Begun:
    """A city whose downloads are being made."""

    city: CityData
    index: Index
    views: Views
    downloads: Callable[[], Downloads]


class _Site:
    """What the parts of a site tell each other while it is made."""

    def __init__(self, config: Config, queries: Mapping[str, query.Query]) -> None:
        self.queries, self.store = queries, query.store_of([])
        context = Context((product("ontology") / "context.jsonld").read_bytes())
        self.write = Writers(config, Renderer(config), context, Shortener(config.base_iri))
        self.pages: list[str] = []
        self.dumps: list[tuple[Term, str]] = []
        self.offered: list[Dump] = []
        self.described: list[CatalogCity] = []
        self.summaries: list[CitySummary] = []
        hosting = Artefact("hosting", FIXED, partial(hosting_files, config))
        self.fixed = [vocabulary_artefact(self.write), static_artefact(), hosting]

    def seen(self, artefact: Artefact) -> Artefact:
        """The artefact, and its page in the list of pages."""
        if artefact.name.startswith(PAGE):
            self.pages.append(artefact.name.removeprefix(PAGE))
        return artefact

    def begin(self, city: CityData, index: Index) -> _Begun:
        """Lets the downloads of a city be made meanwhile."""
        self.dumps.append((city.graph, as_ntriples(index.triples)))
        query.add(self.store, *self.dumps[-1])
        answers = {name: query.run(self.store, self.queries[name].text, city.graph) for name in ASKED}
        views = Views(index, self.write.base, told(answers, self.write.base))
        if summary := city_summary(views):
            self.summaries.append(summary)
        taken = beside(city_downloads, city.folder, city.graph, index, city.changes, self.write)
        return _Begun(city, index, views, taken)

    def finish(self, begun: _Begun) -> Iterator[Artefact]:
        """The downloads of a city, and what speaks of them."""
        city, index, views, taken = begun.city, begun.index, begun.views, begun.downloads()
        yield Artefact(f"downloads {city.folder}", "", partial(iter, taken.files))
        self.described.append(CatalogCity(city.folder, city.graph, index, taken.offered, city.changes))
        self.offered.append(Dump(city.folder, views.text(city.graph, curie("dcterms:title")), taken.offered))
        yield from map(self.seen, dataset_artefacts(self.described[-1], self.offered[-1], views, self.write))


def _ahead(artefacts: list[Artefact]) -> list[Artefact]:
    """The artefacts, which a process of its own begins to make at once, while the cities are still being checked."""
    made = cache(beside(lambda: {one.name: list(one.make()) for one in artefacts}))
    return [one._replace(make=partial(_of, made, one.name)) for one in artefacts]


def _of(made: Callable[[], dict[str, list[File]]], name: str) -> list[File]:
    return made()[name]


def _artefacts(site: _Site, cities: Iterable[CityData]) -> Iterator[Artefact]:
    """Everything the site is made of. The same input gives the same files in the same order.

    The downloads of a city are made beside its pages, which need not wait for them.
    """
    before: _Begun | None = None
    for city in cities:
        if city.index is None:
            continue
        begun = site.begin(city, city.index)
        yield from map(site.seen, thing_artefacts(city.index, city.graph, begun.views, site.write))
        if before:
            yield from site.finish(before)
        before = begun
    yield Artefact("data/all.nq", "", partial(_quads, site.dumps))
    queries = site.queries.values()
    with ThreadPoolExecutor(2) as aside:
        # The store works outside Python's lock.
        found = aside.map(lambda one: query.run(site.store, one.text), queries)
        answers = list(zip(queries, found, strict=True))
    for page in common_pages(site.summaries, answers, site.write.base):
        yield site.seen(page_artefact(page, site.write))
    yield from map(site.seen, comparison_artefacts(dict(site.queries), answers, site.write))
    for one, answer in answers:
        yield query_artefact(one, answer, site.write)
    yield from site.fixed
    if before:
        yield from site.finish(before)
    config = site.write.config
    yield site.seen(page_artefact(downloads_page(site.offered), site.write))
    saved = [one for one, _ in answers]
    yield site.seen(page_artefact(workbench_page(site.offered, saved, config.endpoint), site.write))
    yield feed_artefact(site.described, site.write)
    says = catalog_triples(site.described, config)
    yield site.seen(page_artefact(catalog_page(Index(says), catalog_of(config), config), site.write))
    make = partial(catalog_files, site.described, config, [*site.pages, *PAGES], triples=says)
    yield Artefact(CATALOG, "", make, says)


def _quads(dumps: list[tuple[Term, str]]) -> Iterator[File]:
    yield "data/all.nq", b"".join(as_nquads(text.encode(), graph) for graph, text in dumps)
