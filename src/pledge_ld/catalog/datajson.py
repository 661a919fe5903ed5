"""The catalogue as data.json, the form that DCAT-US portals and their harvesters read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from pledge_ld.catalog.place import catalog_of, contact_of, publisher_of
from pledge_ld.catalog.vocabulary import DCAT, DCT, FOAF, FREQUENCIES, MEDIA_TYPES, RDFS, SKOS, VCARD
from pledge_ld.term import value_of
from pledge_ld.triple.vocabulary import LICENCE

if TYPE_CHECKING:
    from pledge_ld.config import Config
    from pledge_ld.graph import Index
    from pledge_ld.term import Term

_SCHEMA = "https://project-open-data.cio.gov/v1.1/schema"


def data_json(index: Index, config: Config) -> bytes:
    """The catalogue's triples as data.json. It has no languages: titles are Japanese, descriptions hold both."""
    catalog = {
        "@context": f"{_SCHEMA}/catalog.jsonld",
        "@id": value_of(catalog_of(config)),
        "@type": "dcat:Catalog",
        "conformsTo": _SCHEMA,
        "describedBy": f"{_SCHEMA}/catalog.json",
        "dataset": [_dataset(index, node, config) for node in index.of_type(DCAT["Dataset"])],
    }
    return orjson.dumps(catalog, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _both(index: Index, node: Term, predicate: Term) -> str:
    return "\n\n".join(index.in_language(node, predicate, language) for language in ("ja", "en"))


def _dataset(index: Index, node: Term, config: Config) -> dict[str, Any]:
    place, period = index.one(node, DCT["spatial"]) or "", index.one(node, DCT["temporal"]) or ""
    often = index.one(node, DCT["accrualPeriodicity"]) or ""
    entry = {
        "@type": "dcat:Dataset",
        "identifier": value_of(node),
        "title": index.in_language(node, DCT["title"], "ja"),
        "description": _both(index, node, DCT["description"]),
        "keyword": [value_of(one) for one in index.objects(node, DCAT["keyword"])],
        "issued": index.value(node, DCT["issued"]),
        "modified": index.value(node, DCT["modified"]),
        "publisher": {
            "@type": "org:Organization",
            "name": index.in_language(publisher_of(config), FOAF["name"], "ja"),
        },
        "contactPoint": _contact(index, contact_of(config)),
        "accessLevel": "public",
        "accrualPeriodicity": FREQUENCIES.get(often, ("", "", ""))[2],
        "language": ["ja", "en"],
        "license": value_of(LICENCE),
        "spatial": index.in_language(place, SKOS["prefLabel"], "en"),
        "temporal": "/".join(index.value(period, DCAT[name]) for name in ("startDate", "endDate")) if period else "",
        "landingPage": index.value(node, DCAT["landingPage"]),
        "conformsTo": index.value(node, DCT["conformsTo"]),
        "rights": index.value(index.one(node, DCT["provenance"]) or "", RDFS["label"]),
        "distribution": [_distribution(index, one) for one in index.objects(node, DCAT["distribution"])],
    }
    return {key: value for key, value in entry.items() if value}


def _contact(index: Index, contact: Term) -> dict[str, str]:
    entry = {"@type": "vcard:Contact", "fn": index.in_language(contact, VCARD["fn"], "ja")}
    if email := index.value(contact, VCARD["hasEmail"]):
        return entry | {"hasEmail": email}
    return entry | {"hasURL": index.value(contact, VCARD["hasURL"])}


def _distribution(index: Index, node: Term) -> dict[str, str]:
    entry = {
        "@type": "dcat:Distribution",
        "title": index.in_language(node, DCT["title"], "ja"),
        "description": _both(index, node, DCT["description"]),
        "format": index.value(index.one(node, DCT["format"]) or "", RDFS["label"]),
        "mediaType": index.value(node, DCAT["mediaType"]).removeprefix(MEDIA_TYPES),
    }
    if address := index.value(node, DCAT["downloadURL"]):
        return entry | {"downloadURL": address}
    return entry | {"accessURL": index.value(node, DCAT["accessURL"])}
