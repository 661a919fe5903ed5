"""A download, or the SPARQL endpoint, as a distribution of a dataset."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pledge_ld.catalog.place import contact_of, publisher_of, site_of
from pledge_ld.catalog.vocabulary import (
    ALGORITHM,
    AVAILABILITIES,
    AVAILABILITY,
    CHECKSUM,
    CHECKSUM_CLASS,
    CHECKSUM_VALUE,
    CSV_MODEL,
    DCAT,
    DCT,
    ENGLISH,
    FILE_TYPES,
    GOVERNMENT,
    JAPANESE,
    MEDIA_TYPES,
    RDF_FORMATS,
    RDF_TYPE,
    SHA256,
    SPARQL,
    typed_string,
)
from pledge_ld.term import NS, Term, Triple, iri, string, tagged
from pledge_ld.triple.vocabulary import LICENCE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pledge_ld.catalog.download import Download, Text
    from pledge_ld.config import Config

_ENDPOINT_TITLE = {"ja": "SPARQLエンドポイント", "en": "SPARQL endpoint"}
_ENDPOINT_TEXT = {
    "ja": "すべての市のデータを SPARQL 1.1 で問い合わせる窓口です。読み出し専用です。",
    "en": "Answers SPARQL 1.1 queries over the data of every city. Read-only.",
}
_ENDPOINT_KEYWORDS = {"ja": "市長公約", "en": "SPARQL"}


def distribution_of(dataset: Term, key: str) -> Term:
    """The distribution of a dataset: a hash IRI, so that a portal knows it again at its next harvest."""
    return f"{dataset[:-1]}#dist-{key}>"


def service_of(config: Config) -> Term:
    """The SPARQL endpoint as a service."""
    return f"<{config.base_iri}catalog#sparql>"


def texts(node: Term, predicate: Term, text: Text) -> Iterator[Triple]:
    """The text in each of its languages."""
    for language, value in text.items():
        yield node, predicate, tagged(value, language)


def distribution_triples(dataset: Term, one: Download, dates: Iterable[Triple], config: Config) -> Iterator[Triple]:
    """A download of a dataset. ``dates`` are the dataset's own; of them the distribution takes issued and modified."""
    node = distribution_of(dataset, one.key)
    address = iri(site_of(config) + one.path)
    yield from _common(dataset, node, config, one.format, one.media_type)
    yield node, DCAT["accessURL"], address
    yield node, DCAT["downloadURL"], address
    yield node, DCAT["byteSize"], typed_string(str(one.size), "nonNegativeInteger")
    yield from texts(node, DCT["title"], one.title)
    yield from texts(node, DCT["description"], _description(one))
    for standard in _standards(one.format, config):
        yield node, DCT["conformsTo"], standard
    for _, predicate, date in dates:
        yield node, predicate, date
    checksum = f"{node[:-1]}-sha256>"
    yield node, CHECKSUM, checksum
    yield checksum, RDF_TYPE, CHECKSUM_CLASS
    yield checksum, ALGORITHM, SHA256
    yield checksum, CHECKSUM_VALUE, typed_string(one.sha256, "hexBinary")


def _description(one: Download) -> Text:
    return {
        "ja": f"{one.title.get('ja', one.path)}。{one.format}形式({one.media_type})、市のすべての評価時点を含みます。",
        "en": f"{one.title.get('en', one.path)}, as {one.format} ({one.media_type}), "
        "with every assessment of the city.",
    }


def _standards(format_: str, config: Config) -> list[Term]:
    if format_ in RDF_FORMATS:
        return [iri(NS.removesuffix("#")), f"<{config.base_iri}shapes>"]
    return [CSV_MODEL] if format_ == "CSV" else []


def _common(dataset: Term, node: Term, config: Config, format_: str, media_type: str) -> Iterator[Triple]:
    yield dataset, DCAT["distribution"], node
    yield node, RDF_TYPE, DCAT["Distribution"]
    yield node, DCT["format"], FILE_TYPES[format_]
    yield node, DCAT["mediaType"], iri(MEDIA_TYPES + media_type)
    yield node, DCT["license"], LICENCE
    if config.availability:
        yield node, AVAILABILITY, AVAILABILITIES[config.availability][0]
    for language in (JAPANESE, ENGLISH):
        yield node, DCT["language"], language


def service_triples(datasets: Iterable[Term], endpoint: str, config: Config) -> Iterator[Triple]:
    """The endpoint as a service, and as a distribution of each dataset: a portal reads no service.

    dcat:accessService does not link the two: with a contact point on the service, which DCAT-AP recommends, CKAN could
    harvest the dataset and then fail to write it out again (ckanext-dcat 2.4.4).
    """
    service = service_of(config)
    yield service, RDF_TYPE, DCAT["DataService"]
    yield from texts(service, DCT["title"], _ENDPOINT_TITLE)
    yield from texts(service, DCT["description"], _ENDPOINT_TEXT)
    yield from texts(service, DCAT["keyword"], _ENDPOINT_KEYWORDS)
    yield service, DCAT["endpointURL"], iri(endpoint)
    yield service, DCAT["endpointDescription"], iri(endpoint)
    yield service, DCAT["theme"], GOVERNMENT
    yield service, DCT["conformsTo"], SPARQL
    yield service, DCT["license"], LICENCE
    yield service, DCT["identifier"], string(service[1:-1])
    yield service, DCT["publisher"], publisher_of(config)
    yield service, DCAT["contactPoint"], contact_of(config)
    for dataset in datasets:
        node = distribution_of(dataset, "sparql")
        yield from _common(dataset, node, config, "SPARQL", "application/sparql-results+json")
        yield from texts(node, DCT["title"], _ENDPOINT_TITLE)
        yield from texts(node, DCT["description"], _ENDPOINT_TEXT)
        yield node, DCT["conformsTo"], SPARQL
        yield node, DCAT["accessURL"], iri(endpoint)
        yield service, DCAT["servesDataset"], dataset
