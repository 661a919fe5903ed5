"""All cities → the catalogue, and everything by which machines find the site."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pyoxigraph as ox

from pledge_ld.catalog.datajson import data_json
from pledge_ld.catalog.dataset import CatalogCity, dataset_triples
from pledge_ld.catalog.distribution import service_of, texts
from pledge_ld.catalog.external import IMT, external_triples
from pledge_ld.catalog.place import catalog_of, contact_of, operator_triples, publisher_of, site_of
from pledge_ld.catalog.sitemap import robots, sitemaps
from pledge_ld.catalog.vocabulary import DCAT, DCT, ENGLISH, FOAF, JAPANESE, RDF_TYPE, THEMES
from pledge_ld.catalog.void import void_triples
from pledge_ld.config import product
from pledge_ld.graph import Context, Index, Shortener, as_jsonld, as_ntriples, as_turtle
from pledge_ld.term import PREFIXES, Term, Triple, iri
from pledge_ld.triple.vocabulary import LICENCE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pledge_ld.config import Config

File = tuple[str, bytes]

_TITLE = {"ja": "市長公約データのカタログ", "en": "Catalogue of mayors' pledges as data"}
_DESCRIPTION = {
    "ja": "市長公約とその取組状況の報告を、市と評価時点ごとに機械で読める形にしたデータのカタログです。"
    "市の報告書を加工して作成した非公式のデータです。",
    "en": "Mayors' pledges and the reports on them as machine-readable data, one dataset for each city and day "
    "described. Processed by us from the cities' reports; unofficial.",
}


def catalog_triples(cities: Iterable[CatalogCity], config: Config) -> list[Triple]:
    """The whole catalogue, sorted: its datasets, who publishes it, and what others' IRIs in it are."""
    triples = {triple for city in cities for triple in dataset_triples(city, config)}
    triples.update(operator_triples(config))
    triples.update(_catalog(Index(triples), config))
    triples.update(external_triples(triples))
    return sorted(triples)


def _catalog(index: Index, config: Config) -> Iterator[Triple]:
    node = catalog_of(config)
    yield node, RDF_TYPE, DCAT["Catalog"]
    yield from texts(node, DCT["title"], _TITLE)
    yield from texts(node, DCT["description"], _DESCRIPTION)
    yield node, DCT["publisher"], publisher_of(config)
    yield node, DCAT["contactPoint"], contact_of(config)
    yield node, DCT["license"], LICENCE
    yield node, DCAT["themeTaxonomy"], THEMES
    yield node, FOAF["homepage"], iri(site_of(config))
    for language in (JAPANESE, ENGLISH):
        yield node, DCT["language"], language
    for place in index.of_type(DCT["Location"]):
        yield node, DCT["spatial"], place
    datasets = index.of_type(DCAT["Dataset"])
    for dataset in datasets:
        yield node, DCAT["dataset"], dataset
    if service_of(config) in index.by_subject:
        yield node, DCAT["service"], service_of(config)
    for predicate, choose in ((DCT["issued"], min), (DCT["modified"], max)):
        days = [day for dataset in datasets for day in index.objects(dataset, predicate)]
        if days:
            yield node, predicate, choose(days)


def catalog_files(
    cities: Sequence[CatalogCity], config: Config, pages: Iterable[str], *, triples: list[Triple] | None = None
) -> Iterator[File]:
    """The catalogue in three forms, data.json, VoID, the site map and robots.txt.

    ``pages`` are the paths of the pages without language and ending, as ``jp/012131``; ``triples`` the catalogue's,
    where the caller has them already.
    """
    triples = catalog_triples(cities, config) if triples is None else triples
    shorten, first = Shortener(config.base_iri), catalog_of(config)
    context = Context((product("ontology") / "context.jsonld").read_bytes())
    ordered = _ordered(triples)
    yield "catalog.ttl", as_turtle(ordered, first, shorten).encode()
    yield "catalog.jsonld", as_jsonld(ordered, first, context)
    yield "catalog.rdf", as_rdfxml(triples, first)
    index = Index(triples)
    yield "data.json", data_json(index, config)
    document = f"<{config.base_iri}.well-known/void>"
    yield ".well-known/void", as_turtle(void_triples(cities, config), document, shorten).encode()
    yield from sitemaps(cities, config, pages)
    yield "robots.txt", robots(config)


def _ordered(triples: Iterable[Triple]) -> list[Triple]:
    """Sorted, but a format's dct:IMT after its other class: our writers put the last first, and CKAN reads one."""
    return sorted(triples, key=lambda one: (one[0], one[1], one[2] == IMT, one[2]))


def as_rdfxml(triples: Iterable[Triple], first: Term) -> bytes:
    """The triples as RDF/XML, ``first`` before all others. Sorted, a format's dct:IMT stands before its other class."""
    ordered = sorted(triples, key=lambda one: (one[0] != first, one))
    quads = ox.parse(as_ntriples(ordered).encode(), ox.RdfFormat.N_TRIPLES)
    text = io.BytesIO()
    ox.serialize((quad.triple for quad in quads), text, ox.RdfFormat.RDF_XML, prefixes=PREFIXES)
    return text.getvalue().rstrip() + b"\n"
