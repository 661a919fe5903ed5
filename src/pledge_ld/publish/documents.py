"""One city's pages and documents: each thing as HTML in both languages, as Turtle and as JSON-LD."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from pledge_ld.catalog import CatalogCity, catalog_of, dataset_triples, schema_org, series_of
from pledge_ld.graph import Index, as_jsonld, as_turtle
from pledge_ld.publish.artefact import Artefact, key_of
from pledge_ld.site import LANGUAGES, city_pages
from pledge_ld.term import PLEDGE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pledge_ld.config import Config
    from pledge_ld.graph import Context, Shortener
    from pledge_ld.publish.artefact import File
    from pledge_ld.site import Dump, Page, Renderer
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


def city_artefacts(city: CatalogCity, dump: Dump, write: Writers) -> Iterator[Artefact]:
    """The pages and documents of everything in the city's graph and of its datasets.

    What the catalogue says of an assessment, of the series and of the place stands in their documents too, and in no
    dump. The graph's own document is the dump, which is among the downloads.
    """
    said = dataset_triples(city, write.config)
    described = Index([*city.index.triples, *said])
    foreign = {catalog_of(write.config)}
    scripts = _scripts(city, Index(said), write.config)
    for page in city_pages(described, write.config, dump, scripts=scripts, without=foreign):
        yield page_artefact(page, write)
    for document in described.by_document:
        if document.startswith(f"<{write.base}") and document not in foreign | {city.graph}:
            path = document[1 + len(write.base) : -1]
            triples = list(described.document(document))
            yield Artefact(path, key_of(triples), partial(document_files, path, triples, document, write), triples)


def _scripts(city: CatalogCity, said: Index, config: Config) -> dict[Term, dict[str, str]]:
    """Page → language → what its script tells search engines."""
    reports: list[tuple[Term, Term | None]] = [(one, one) for one in city.index.of_type(PLEDGE["Assessment"])]
    series = [(one, None) for one in (*city.index.of_type(PLEDGE["Municipality"]), series_of(city.index))]
    return {
        node: {language: schema_org(city, config, report, language=language, index=said) for language in LANGUAGES}
        for node, report in (*reports, *series)
    }


PAGE = "page "
"""How the name of a page's artefact begins; its path follows, without language and ending."""


def page_artefact(page: Page, write: Writers) -> Artefact:
    """A page in all its languages and places, made again only where what it shows has changed."""
    shown = (page.path, page.template, page.title, page.data, page.document, page.aliases)
    return Artefact(f"{PAGE}{page.path}", key_of(shown), partial(page_files, page, write))


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
