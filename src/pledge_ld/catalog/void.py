"""The data as linked data: how many triples, in which vocabularies, under which IRIs, and where they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pledge_ld.catalog.distribution import texts
from pledge_ld.catalog.place import municipality_of, operator_triples, publisher_of, site_of
from pledge_ld.catalog.vocabulary import DCT, FOAF, RDF_FORMATS, RDF_TYPE
from pledge_ld.term import Term, Triple, integer, iri, string, value_of
from pledge_ld.triple.vocabulary import LICENCE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pledge_ld.catalog.dataset import CatalogCity
    from pledge_ld.config import Config
    from pledge_ld.graph import Index

_VOID = "http://rdfs.org/ns/void#"
_FORMATS = {
    "TTL": "<http://www.w3.org/ns/formats/Turtle>",
    "NT": "<http://www.w3.org/ns/formats/N-Triples>",
    "NQ": "<http://www.w3.org/ns/formats/N-Quads>",
    "JSON-LD": "<http://www.w3.org/ns/formats/JSON-LD>",
}


def _void(name: str) -> Term:
    return f"<{_VOID}{name}>"


def void_triples(cities: Sequence[CatalogCity], config: Config) -> list[Triple]:
    """All data as one data set, and each city's as a part of it, sorted. Every count is of the published dump."""
    document = f"<{config.base_iri}.well-known/void>"
    whole = f"{document[:-1]}#all>"
    triples = set(operator_triples(config))
    triples |= {
        (document, RDF_TYPE, _void("DatasetDescription")),
        (document, FOAF["primaryTopic"], whole),
        (document, DCT["creator"], publisher_of(config)),
        *texts(document, DCT["title"], {"ja": "市長公約データの概要(VoID)", "en": "The data described (VoID)"}),
        (whole, RDF_TYPE, _void("Dataset")),
        *texts(whole, DCT["title"], {"ja": "市長公約データ", "en": "Mayors' pledges as data"}),
        (whole, DCT["license"], LICENCE),
        (whole, DCT["publisher"], publisher_of(config)),
        (whole, FOAF["homepage"], iri(site_of(config))),
        (whole, _void("uriSpace"), string(config.base_iri)),
        (whole, _void("dataDump"), iri(f"{site_of(config)}data/all.nq")),
        (whole, _void("feature"), _FORMATS["NQ"]),
        (whole, _void("triples"), integer(sum(len(city.index.triples) for city in cities))),
    }
    if config.endpoint:
        triples.add((whole, _void("sparqlEndpoint"), iri(config.endpoint)))
    for city in cities:
        triples.add((whole, _void("subset"), city.graph))
        triples.update(_city(city, config))
        triples.update((whole, _void("vocabulary"), iri(one)) for one in vocabularies(city.index))
    return sorted(triples)


def _city(city: CatalogCity, config: Config) -> Iterator[Triple]:
    node, index = city.graph, city.index
    municipality = municipality_of(index)
    yield node, RDF_TYPE, _void("Dataset")
    for one in index.objects(node, DCT["title"]):
        yield node, DCT["title"], one
    yield node, DCT["license"], LICENCE
    yield node, DCT["publisher"], publisher_of(config)
    yield node, DCT["subject"], municipality
    yield node, FOAF["homepage"], iri(f"{site_of(config)}{value_of(municipality).removeprefix(config.base_iri)}.html")
    yield node, _void("exampleResource"), municipality
    yield node, _void("rootResource"), municipality
    yield node, _void("uriSpace"), string(value_of(municipality))
    for file in city.downloads:
        if file.format in RDF_FORMATS:
            yield node, _void("dataDump"), iri(site_of(config) + file.path)
            yield node, _void("feature"), _FORMATS[file.format]
    for name, number in counts(index).items():
        yield node, _void(name), integer(number)
    for one in vocabularies(index):
        yield node, _void("vocabulary"), iri(one)


def counts(index: Index) -> dict[str, int]:
    """VoID's figures of a graph."""
    return {
        "triples": len(index.triples),
        "distinctSubjects": len(index.by_subject),
        "distinctObjects": len({one for _, _, one in index.triples}),
        "properties": len({one for _, one, _ in index.triples}),
        "classes": len({one for _, predicate, one in index.triples if predicate == RDF_TYPE}),
    }


def vocabularies(index: Index) -> list[str]:
    """The namespaces of the properties and classes that a graph uses."""
    used = {predicate for _, predicate, _ in index.triples}
    used |= {one for _, predicate, one in index.triples if predicate == RDF_TYPE}
    return sorted({_namespace(value_of(one)) for one in used})


def _namespace(name: str) -> str:
    """The IRI up to its last hash or slash.

    >>> _namespace("http://purl.org/dc/terms/title")
    'http://purl.org/dc/terms/'
    """
    return name[: max(name.rfind("#"), name.rfind("/")) + 1]
