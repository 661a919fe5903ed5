"""One city's pages and documents: each thing as HTML in both languages, as Turtle and as JSON-LD."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from pledge_ld.catalog import CatalogCity, dataset_triples, documents_of, schema_org, series_of
from pledge_ld.config import SAID_IN
from pledge_ld.graph import Index, as_jsonld, as_turtle
from pledge_ld.publish.artefact import Artefact, key_of
from pledge_ld.site import LANGUAGES, badge, city_pages, embed_page, feed, natural
from pledge_ld.term import PLEDGE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pledge_ld.config import Config
    from pledge_ld.graph import Context, Shortener
    from pledge_ld.publish.artefact import File
    from pledge_ld.site import CityHead, Dump, EmbedView, Page, Renderer, Views
    from pledge_ld.term import Term, Triple


class Writers(NamedTuple):
    """What turns triples and pages into text, made once a build."""

    config: Config
    renderer: Renderer
    context: Context
    shorten: Shortener

    @property
    def base(self) -> str:
        """The address that mints IRIs."""
        return self.config.base_iri


def thing_artefacts(index: Index, graph: Term, views: Views, write: Writers) -> Iterator[Artefact]:
    """The pages and documents of what a city's graph alone describes."""
    own = [one for one in index.by_document if one.startswith(f"<{write.base}")]
    documents = sorted({*own} - documents_of(index) - {graph}, key=natural)
    yield from _artefacts(views, documents, write)


def dataset_artefacts(city: CatalogCity, dump: Dump, views: Views, write: Writers) -> Iterator[Artefact]:
    """The pages and documents of the city, its assessments and their series.

    What the catalogue says of them stands in their documents too, and in no dump. The graph's own document is the
    dump, which is among the downloads.
    """
    said = dataset_triples(city, write.config)
    views = views.over(Index([*city.index.triples, *said]))
    documents = sorted(documents_of(city.index) & views.index.by_document.keys(), key=natural)
    scripts = _scripts(city, Index(said), write.config)
    yield from _artefacts(views, documents, write, dump, scripts)
    for page in city_pages(views, write.config, [city.graph], dump=dump):
        yield page_artefact(page, write)


def _artefacts(
    views: Views,
    documents: list[Term],
    write: Writers,
    dump: Dump | None = None,
    scripts: dict[Term, dict[str, str]] | None = None,
) -> Iterator[Artefact]:
    for page in city_pages(views, write.config, documents, dump=dump, scripts=scripts):
        yield page_artefact(page, write)
        if "embed" in page.data:
            yield embed_artefact(page.data["embed"], page.data["city"], write)
    for document in documents:
        triples = list(views.index.document(document))
        path = views.path(document)
        yield Artefact(path, key_of(triples), partial(document_files, path, triples, document, write), triples)


def _scripts(city: CatalogCity, said: Index, config: Config) -> dict[Term, dict[str, str]]:
    """Page → language → what its script tells search engines."""
    reports: list[tuple[Term, Term | None]] = [(one, one) for one in city.index.of_type(PLEDGE["Assessment"])]
    series = [(one, None) for one in (*city.index.of_type(PLEDGE["Municipality"]), series_of(city.index))]
    return {
        node: {language: schema_org(city, config, report, language=language, index=said) for language in SAID_IN}
        for node, report in (*reports, *series)
    }


PAGE = "page "
"""How the name of a page's artefact begins; its path follows, without language and ending."""


def page_artefact(page: Page, write: Writers) -> Artefact:
    """A page in all its languages and places, made again only where what it shows has changed."""
    shown = (page.path, page.template, page.title, page.data, page.document, page.aliases)
    return Artefact(f"{PAGE}{page.path}", key_of(shown), partial(page_files, page, write))


def embed_artefact(one: EmbedView, head: CityHead, write: Writers) -> Artefact:
    """The frame and the badge of a thing, in all languages. No list of pages has them: they belong on other sites."""
    return Artefact(f"embed {one.of.path}", key_of([one, head]), partial(_embed_files, one, head, write))


def _embed_files(one: EmbedView, head: CityHead, write: Writers) -> Iterator[File]:
    yield from page_files(embed_page(one, head), write)
    for language in LANGUAGES:
        tree = "" if language == LANGUAGES[0] else f"{language}/"
        yield f"{tree}badge/{one.of.path}.svg", badge(one, head, write.renderer.strings[language]).encode()


def feed_artefact(cities: Sequence[CatalogCity], write: Writers) -> Artefact:
    """The feed of what changed in the data, in all languages."""
    return Artefact("feed", "", partial(_feed_files, list(cities), write))


def _feed_files(cities: list[CatalogCity], write: Writers) -> Iterator[File]:
    for language in LANGUAGES:
        tree = "" if language == LANGUAGES[0] else f"{language}/"
        yield f"{tree}feed.atom", feed(cities, write.config, write.renderer.strings[language], tree)


def page_files(page: Page, write: Writers) -> Iterator[File]:
    """The page's files."""
    for language in LANGUAGES:
        tree = "" if language == LANGUAGES[0] else f"{language}/"
        for path in (page.path, *page.aliases):
            yield f"{tree}{path}.html", write.renderer.render(page, language, path).encode()


def document_files(path: str, triples: list[Triple], first: Term, write: Writers) -> Iterator[File]:
    """A document's two forms for machines."""
    yield f"{path}.ttl", as_turtle(triples, first, write.shorten).encode()
    yield f"{path}.jsonld", as_jsonld(triples, first, write.context)
