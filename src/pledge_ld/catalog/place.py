"""Who publishes, and where it is about: the nodes that every dataset of a catalogue points at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pledge_ld.catalog.vocabulary import DCAT, DCT, FOAF, NON_GOVERNMENT, RDF_TYPE, SKOS, VCARD
from pledge_ld.term import PLEDGE, Term, Triple, iri, tagged

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pledge_ld.config import Config
    from pledge_ld.graph import Index


def site_of(config: Config) -> str:
    """The address under which the files lie; what mints IRIs stands in for it while it is unknown."""
    return config.site_url or config.base_iri


def catalog_of(config: Config) -> Term:
    """The catalogue."""
    return f"<{config.base_iri}catalog>"


def publisher_of(config: Config) -> Term:
    """The operator."""
    return f"<{config.base_iri}catalog#publisher>"


def contact_of(config: Config) -> Term:
    """Where to write to the operator."""
    return f"<{config.base_iri}catalog#contact>"


def operator_triples(config: Config) -> Iterator[Triple]:
    """The operator and the address to write to: never the city, which did not make these data."""
    publisher, contact = publisher_of(config), contact_of(config)
    yield publisher, RDF_TYPE, FOAF["Agent"]
    yield publisher, DCT["type"], NON_GOVERNMENT
    yield publisher, FOAF["homepage"], iri(config.homepage)
    yield contact, RDF_TYPE, VCARD["Kind"]
    for name, language in ((config.name_ja, "ja"), (config.name_en, "en")):
        yield publisher, FOAF["name"], tagged(name, language)
        yield contact, VCARD["fn"], tagged(name, language)
    if config.contact.startswith("mailto:"):
        yield publisher, FOAF["mbox"], iri(config.contact)
        yield contact, VCARD["hasEmail"], iri(config.contact)
    else:
        yield contact, VCARD["hasURL"], iri(config.contact)


def municipality_of(index: Index) -> Term:
    """The city that a graph is about."""
    return index.of_type(PLEDGE["Municipality"])[0]


def place_of(index: Index) -> Term:
    """The city as a place. The city itself is an organisation."""
    return f"{municipality_of(index)[:-1]}#place>"


def place_triples(index: Index) -> Iterator[Triple]:
    """The place: its name and code, the same and nearly the same place elsewhere, its extent where records give it."""
    city, place = municipality_of(index), place_of(index)
    yield place, RDF_TYPE, DCT["Location"]
    for predicate in (SKOS["prefLabel"], DCT["identifier"], SKOS["closeMatch"]):
        for object_ in index.objects(city, predicate):
            yield place, predicate, object_
    for area in index.objects(city, DCT["spatial"]):
        if area != place:
            yield place, SKOS["exactMatch"], area
    for predicate in (DCAT["bbox"], DCAT["centroid"]):
        for object_ in index.objects(place, predicate):
            yield place, predicate, object_
