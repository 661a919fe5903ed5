"""All cities → everything the site's folder holds, in memory order: path → bytes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import orjson
import pyoxigraph as ox

from pledge_ld import query
from pledge_ld.config import Config, product
from pledge_ld.graph import Context, Index, Shortener, as_jsonld, as_ntriples, as_turtle
from pledge_ld.problem import Problem
from pledge_ld.publish.city import CityData, city_data
from pledge_ld.publish.inputs import digest
from pledge_ld.publish.swap import Memory, checked, edition, intact, locked, remembered
from pledge_ld.read import read_data
from pledge_ld.site import (
    LANGUAGES,
    Page,
    Renderer,
    Views,
    city_pages,
    city_summary,
    common_pages,
    ontology_page,
    shapes_page,
)
from pledge_ld.term import NS, SHAPES, Term, Triple, curie, iri, string, tagged
from pledge_ld.validate import shapes_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from pledge_ld.site import CitySummary
    from pledge_ld.site.views import Text

File = tuple[str, bytes]


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
        inputs = digest(config, data, engine) if data.is_dir() else ""
        before = remembered(out)
        if inputs and before.inputs == inputs and not verify and intact(out, before):
            return Built((), published=True, files=len(before.files), unchanged=True)
        cities, problems = read_data(data, str(data))
        if problems:
            return Built(tuple(sorted(problems)), published=False)
        queries = query.load(config.base_iri)
        built = [city_data(one, config.base_iri, queries.values(), engine) for one in cities]
        found = sorted(problem for one in built for problem in one.problems)
        holds = {one.folder: _holds(one.index) for one in built if one.index}
        if all(one.index for one in built) and not allow_shrink:
            found += shrunk(before.holds, holds, str(data))
        if any(not one.warning for one in found):
            return Built(tuple(found), published=False)
        triples = sum(len(one.index.triples) for one in built if one.index)
        if verify and before.inputs == inputs:
            differing = sorted(_differing(out, before, site_files(config, built, queries)))
            return Built((*found, *differing), not differing, len(before.files), triples, unchanged=True)
        with edition(out) as new:
            for path, content in site_files(config, built, queries):
                new.write(path, content)
            new.memory.inputs, new.memory.holds = inputs, holds
        files = len(new.memory.files)
    return Built(tuple(found), published=True, files=files, triples=triples, written=new.written)


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


class Writers(NamedTuple):
    """What turns triples and pages into text, made once a build."""

    base: str
    renderer: Renderer
    context: Context
    shorten: Shortener


def site_files(config: Config, cities: Iterable[CityData], queries: Mapping[str, query.Query]) -> Iterator[File]:
    """Every file of the site, as its path and content. The same input gives the same bytes in the same order."""
    context = Context((product("ontology") / "context.jsonld").read_bytes())
    write = Writers(config.base_iri, Renderer(config), context, Shortener(config.base_iri))
    dumps: list[tuple[Term, str]] = []
    summaries: list[CitySummary] = []
    folders: list[tuple[str, Text]] = []
    for city in cities:
        if city.index is None:
            continue
        ntriples = as_ntriples(city.index.triples)
        dumps.append((city.graph, ntriples))
        yield f"data/{city.folder}.nt", ntriples.encode()
        yield from _document(f"data/{city.folder}", city.index.triples, city.graph, write)
        yield from _city(city, city.index, write)
        views = Views(city.index, write.base)
        folders.append((city.folder, views.text(city.graph, curie("dcterms:title"))))
        if summary := city_summary(views):
            summaries.append(summary)
    yield "data/all.nq", "".join(_quads(graph, text) for graph, text in dumps).encode()
    store = query.store_of(dumps)
    answers = [(one, query.run(store, one.text)) for one in queries.values()]
    for page in common_pages(summaries, folders, answers, write.base):
        yield from _page(page, write.renderer)
    for one, answer in answers:
        yield from _answer(one, answer, write)
    yield from _vocabulary(write)
    yield from _static()


def _city(city: CityData, index: Index, write: Writers) -> Iterator[File]:
    """One city's pages and documents. The graph's own document is the dump, which is written already."""
    for page in city_pages(index, write.base, city.folder):
        yield from _page(page, write.renderer)
    for document in index.by_document:
        if document.startswith(f"<{write.base}") and document != city.graph:
            yield from _document(document[1 + len(write.base) : -1], list(index.document(document)), document, write)


def _static() -> Iterator[File]:
    folder = product("site/static")
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield f"static/{path.relative_to(folder).as_posix()}", path.read_bytes()
    yield ".nojekyll", b""


def _page(page: Page, renderer: Renderer) -> Iterator[File]:
    for language in LANGUAGES:
        tree = "" if language == LANGUAGES[0] else f"{language}/"
        for path in (page.path, *page.aliases):
            yield f"{tree}{path}.html", renderer.render(page, language, path).encode()


def _document(path: str, triples: list[Triple], first: Term, write: Writers) -> Iterator[File]:
    yield f"{path}.ttl", as_turtle(triples, first, write.shorten).encode()
    yield f"{path}.jsonld", as_jsonld(triples, first, write.context)


def _quads(graph: Term, ntriples: str) -> str:
    return ntriples.replace(" .\n", f" {graph} .\n")


def _answer(one: query.Query, answer: query.Answer, write: Writers) -> Iterator[File]:
    path = f"queries/{one.name}"
    yield f"{path}.rq", one.text.encode()
    yield f"{path}.csv", query.as_csv(answer.names, answer.rows).encode()
    yield f"{path}.json", query.as_json(answer.names, answer.rows)
    node = iri(f"{write.base}{path}")
    triples = [
        (node, curie("rdf:type"), curie("prov:Plan")),
        (node, curie("rdf:type"), curie("sh:SPARQLSelectExecutable")),
        (node, curie("sh:select"), string(one.text)),
    ]
    for language in LANGUAGES:
        triples.append((node, curie("dcterms:title"), tagged(one.title[language], language)))
        triples.append((node, curie("dcterms:description"), tagged(one.question[language], language)))
    yield from _document(path, sorted(triples), node, write)


def _vocabulary(write: Writers) -> Iterator[File]:
    """The ontology, its context and the shapes: the Turtle is the source's own, with its comments."""
    ontology = "\n".join(one.read_text(encoding="utf-8") for one in _ontology_files())
    shapes = shapes_text("all").replace(SHAPES[:-1], f"{write.base}shapes")
    for name, text, page in (
        ("ns", ontology, ontology_page),
        ("shapes", shapes, lambda index: shapes_page(index, f"{write.base}shapes#")),
    ):
        index = Index(_triples(text))
        first = f"<{NS[:-1]}>" if name == "ns" else f"<{write.base}shapes>"
        yield f"{name}.ttl", text.encode()
        yield f"{name}.jsonld", as_jsonld(index.triples, first, write.context)
        yield from _page(page(index), write.renderer)
        if name == "ns":
            yield from _version(index, text, first, write)
    yield (
        "context.jsonld",
        orjson.dumps({"@context": write.context.text}, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE),
    )


def _version(index: Index, text: str, first: Term, write: Writers) -> Iterator[File]:
    """The ontology's version under its own IRI."""
    version = index.one(first, curie("owl:versionIRI")) or ""
    path = version.removeprefix(f"<{NS.removesuffix('ns#')}").removesuffix(">")
    statement = (version, curie("dcterms:isVersionOf"), first)
    yield f"{path}.ttl", f"{text}\n{' '.join(statement)} .\n".encode()
    yield f"{path}.jsonld", as_jsonld([*index.triples, statement], first, write.context)
    page = ontology_page(index)
    yield from _page(Page(path, page.template, page.title, page.data, path), write.renderer)


def _ontology_files() -> list[Path]:
    return sorted(product("ontology").glob("*.ttl"), key=lambda one: (one.stem != "pledge", one.stem))


def _triples(turtle: str) -> list[Triple]:
    """Turtle with blank nodes → triples whose blank nodes have the same names in every build."""
    dataset = ox.Dataset(ox.parse(turtle.encode(), ox.RdfFormat.TURTLE))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return [(str(one.subject), str(one.predicate), str(one.object)) for one in dataset]
