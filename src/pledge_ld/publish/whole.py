"""All cities → everything the site's folder holds, and the folder put in the place of the old one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from pledge_ld import query
from pledge_ld.catalog import CatalogCity, catalog_files, catalog_of, catalog_triples
from pledge_ld.config import FILE, Config, product
from pledge_ld.graph import Context, Index, Shortener
from pledge_ld.problem import Problem
from pledge_ld.publish.answers import query_artefact
from pledge_ld.publish.artefact import Artefact
from pledge_ld.publish.city import CityData, city_data
from pledge_ld.publish.documents import PAGE, Writers, city_artefacts, page_artefact
from pledge_ld.publish.downloads import city_downloads
from pledge_ld.publish.gate import CATALOG, Gate
from pledge_ld.publish.inputs import Inputs, inputs
from pledge_ld.publish.swap import Memory, checked, edition, intact, locked, remembered
from pledge_ld.publish.vocabulary import PAGES, static_artefact, vocabulary_artefact
from pledge_ld.read import read_data
from pledge_ld.site import Dump, Renderer, Views, catalog_page, city_summary, common_pages
from pledge_ld.term import Term, curie
from pledge_ld.triple import places

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from pledge_ld.publish.artefact import File
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
    config: Config, data: Path, out: Path, engine: str, *, allow_shrink: bool = False, verify: bool = False
) -> Built:
    """Builds the site and puts it in the place of the old one, or leaves the old one as it was.

    :raises PledgeError: when ``out`` is a folder that no build made, or another build is under way
    """
    checked(out)
    with locked(out):
        made_from = inputs(config, data, engine) if data.is_dir() else Inputs("", "")
        before = remembered(out)
        if made_from.data and before.inputs == made_from and not verify and intact(out, before):
            return Built((), published=True, files=len(before.files), unchanged=True)
        cities, problems = read_data(data, str(data))
        if problems:
            return Built(tuple(sorted(problems)), published=False)
        queries = query.load(config.base_iri)
        built = [city_data(one, config.base_iri, queries.values(), engine) for one in cities]
        found = sorted(problem for one in built for problem in one.problems)
        if not config.site_url:
            found.append(_NO_SITE)
        holds = {one.folder: _holds(one.index) for one in built if one.index}
        if all(one.index for one in built) and not allow_shrink:
            found += shrunk(before.holds, holds, str(data))
        if any(not one.warning for one in found):
            return Built(tuple(found), published=False)
        triples = sum(len(one.index.triples) for one in built if one.index)
        artefacts = site_artefacts(config, built, queries)
        if verify and before.inputs == made_from:
            differing = sorted(_differing(out, before, (file for one in artefacts for file in one.make())))
            return Built((*found, *differing), not differing, len(before.files), triples, unchanged=True)
        with edition(out, made_from) as new:
            gate = Gate(new, config)
            for artefact in artefacts:
                new.put(artefact)
                gate.heard(artefact)
            found += gate.problems(engine, lambda: _places(cities, config))
            new.memory.holds = holds
            if any(not one.warning for one in found):
                new.withdrawn = True
        files = len(new.memory.files)
    return Built(
        tuple(sorted(found)), published=not new.withdrawn, files=files, triples=triples, written=len(new.written)
    )


def _places(cities: Iterable[CityRecords], config: Config) -> dict[Term, Record]:
    return {term: record for one in cities for term, record in places(one, config.base_iri).items()}


def _holds(index: Index) -> dict[str, int]:
    """How many things of each kind a city has."""
    kinds = ("Policy", "Pledge", "Measure", "Action", "Department", "Assessment", "ProgressScore")
    return {kind: len(index.of_type(curie(f"pledge:{kind}"))) for kind in kinds}


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


def _differing(out: Path, before: Memory, files: Iterable[File]) -> Iterator[Problem]:
    """A problem for each file that a clean build would write otherwise, or not at all."""
    left = set(before.files)
    for path, content in files:
        left.discard(path)
        there = (out / path).read_bytes() if (out / path).is_file() else b""
        if there != content:
            yield Problem(
                f"{out}/{path}", 0, "file", "what a clean build writes", "something else", "verify", "作り直した内容"
            )
    for path in left:
        yield Problem(f"{out}/{path}", 0, "file", "no such file", "a file", "verify", "ないはずのファイル")


def site_artefacts(
    config: Config, cities: Iterable[CityData], queries: Mapping[str, query.Query]
) -> Iterator[Artefact]:
    """Everything the site is made of. The same input gives the same files in the same order."""
    context = Context((product("ontology") / "context.jsonld").read_bytes())
    write = Writers(config, Renderer(config), context, Shortener(config.base_iri))
    dumps: list[tuple[Term, str]] = []
    offered: list[Dump] = []
    described: list[CatalogCity] = []
    summaries: list[CitySummary] = []
    pages: list[str] = []

    def seen(artefact: Artefact) -> Artefact:
        if artefact.name.startswith(PAGE):
            pages.append(artefact.name.removeprefix(PAGE))
        return artefact

    for city in cities:
        if city.index is None:
            continue
        taken = city_downloads(
            city.folder, city.graph, city.index, city.changes, context=context, shorten=write.shorten
        )
        yield Artefact(f"downloads {city.folder}", "", partial(iter, taken.files))
        dumps.append((city.graph, taken.ntriples))
        described.append(CatalogCity(city.folder, city.graph, city.index, taken.offered, city.changes))
        views = Views(city.index, write.base)
        offered.append(Dump(city.folder, views.text(city.graph, curie("dcterms:title")), taken.offered))
        yield from map(seen, city_artefacts(described[-1], offered[-1], write))
        if summary := city_summary(views):
            summaries.append(summary)
    yield Artefact("data/all.nq", "", partial(_quads, dumps))
    store = query.store_of(dumps)
    with ThreadPoolExecutor(2) as aside:
        # The store works outside Python's lock.
        answers = list(
            zip(queries.values(), aside.map(lambda one: query.run(store, one.text), queries.values()), strict=True)
        )
    for page in common_pages(summaries, offered, answers, write.base):
        yield seen(page_artefact(page, write))
    for one, answer in answers:
        yield query_artefact(one, answer, write)
    yield vocabulary_artefact(write)
    yield static_artefact()
    says = catalog_triples(described, config)
    yield seen(page_artefact(catalog_page(Index(says), catalog_of(config), config), write))
    make = partial(catalog_files, described, config, [*pages, *PAGES], triples=says)
    yield Artefact(CATALOG, "", make, says)


def _quads(dumps: list[tuple[Term, str]]) -> Iterator[File]:
    yield "data/all.nq", "".join(text.replace(" .\n", f" {graph} .\n") for graph, text in dumps).encode()
