"""A dataset in the words of schema.org, for the search engines that look for data sets in pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from pledge_ld.catalog.dataset import dataset_triples, series_of
from pledge_ld.catalog.place import catalog_of, municipality_of, place_of, site_of
from pledge_ld.catalog.vocabulary import CHECKSUM, CHECKSUM_VALUE, DCAT, DCT, MEDIA_TYPES, SKOS
from pledge_ld.graph import Index
from pledge_ld.term import PLEDGE, Term, value_of
from pledge_ld.triple.vocabulary import LICENCE

if TYPE_CHECKING:
    from pledge_ld.catalog.dataset import CatalogCity
    from pledge_ld.config import Config

_MEASURED = {
    "percent": {"ja": "進捗率(%)", "en": "percent complete"},
    "stars": {"ja": "星の数(0から10)", "en": "stars (0 to 10)"},
    "level": {"ja": "評価の段階", "en": "level of progress"},
    "count": {"ja": "段階ごとの件数", "en": "number of items at each level"},
}
"""Property → what is measured by it, named where the city's data have it."""
_CATALOG = {"ja": "市長公約データのカタログ", "en": "Catalogue of mayors' pledges as data"}
# Inside <script> a browser looks for "</script" and "<!--" before any JSON: no such character is left as it is.
_UNSAFE = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def schema_org(
    city: CatalogCity, config: Config, report: Term | None = None, *, language: str = "ja", index: Index | None = None
) -> str:
    """The JSON-LD for a page's ``<script type="application/ld+json">``: of a report, or without one of the series.

    It is safe inside the element, whatever the records hold; "" where nothing is assessed yet. ``index`` holds the
    city's `dataset_triples` where the caller has them already.
    """
    index = index or Index(dataset_triples(city, config))
    node = report or series_of(city.index)
    if node not in index.by_subject:
        return ""
    entry = {"@context": "https://schema.org/"} | _dataset(index, city, config, node, language)
    if report is None:
        entry["hasPart"] = [_part(index, one, language, config) for one in index.of_type(DCAT["Dataset"])]
    text = orjson.dumps(entry, option=orjson.OPT_INDENT_2).decode()
    for character, escaped in _UNSAFE.items():
        text = text.replace(character, escaped)
    return text


def _names(index: Index, node: Term, language: str) -> dict[str, str]:
    other = "en" if language == "ja" else "ja"
    return {
        "name": index.in_language(node, DCT["title"], language),
        "alternateName": index.in_language(node, DCT["title"], other),
        "description": index.in_language(node, DCT["description"], language),
    }


def _page(node: Term, language: str, config: Config) -> str:
    tree = "" if language == "ja" else "en/"
    return f"{site_of(config)}{tree}{value_of(node).removeprefix(config.base_iri)}.html"


def _part(index: Index, node: Term, language: str, config: Config) -> dict[str, Any]:
    return {
        "@type": "Dataset",
        "@id": value_of(node),
        **_names(index, node, language),
        "url": _page(node, language, config),
        "license": value_of(LICENCE),
        "creator": _operator(config, language),
    }


def _operator(config: Config, language: str) -> dict[str, str]:
    return {
        "@type": "Organization",
        "@id": f"{config.base_iri}catalog#publisher",
        "name": config.name_ja if language == "ja" else config.name_en,
        "url": config.homepage,
    }


def _dataset(index: Index, city: CatalogCity, config: Config, node: Term, language: str) -> dict[str, Any]:
    period = index.one(node, DCT["temporal"]) or ""
    used = {predicate for _, predicate, _ in city.index.triples}
    catalog = {"@type": "DataCatalog", "@id": value_of(catalog_of(config)), "name": _CATALOG[language]}
    entry = _part(index, node, language, config) | {
        "publisher": _operator(config, language),
        "identifier": value_of(node),
        "keywords": [value_of(one) for one in index.objects(node, DCAT["keyword"])],
        "inLanguage": ["ja", "en"],
        "isAccessibleForFree": True,
        "datePublished": index.value(node, DCT["issued"]),
        "dateModified": index.value(node, DCT["modified"]),
        "version": index.value(node, DCAT["version"]),
        "creditText": index.in_language(index.one(node, DCT["provenance"]) or "", DCT["description"], language),
        "temporalCoverage": "/".join(index.value(period, DCAT[name]) for name in ("startDate", "endDate"))
        if period
        else "",
        "spatialCoverage": _place(index, city, language),
        "variableMeasured": [words[language] for name, words in _MEASURED.items() if PLEDGE[name] in used],
        "includedInDataCatalog": catalog | {"url": f"{site_of(config)}catalog.html"},
        "about": value_of(municipality_of(city.index)),
        "isPartOf": index.value(node, DCAT["inSeries"]),
        "distribution": [_distribution(index, one, language) for one in index.objects(node, DCAT["distribution"])],
    }
    return {key: value for key, value in entry.items() if value}


def _place(index: Index, city: CatalogCity, language: str) -> dict[str, Any]:
    place = place_of(city.index)
    return {
        "@type": "Place",
        "@id": value_of(place),
        "name": index.in_language(place, SKOS["prefLabel"], language),
        "identifier": index.value(place, DCT["identifier"]),
        "sameAs": [value_of(one) for one in index.objects(place, SKOS["exactMatch"])],
    }


def _distribution(index: Index, node: Term, language: str) -> dict[str, str]:
    checksum = index.one(node, CHECKSUM) or ""
    size = index.value(node, DCAT["byteSize"])
    entry = {
        "@type": "DataDownload",
        "@id": value_of(node),
        "name": index.in_language(node, DCT["title"], language),
        "contentUrl": index.value(node, DCAT["downloadURL"]) or index.value(node, DCAT["accessURL"]),
        "encodingFormat": index.value(node, DCAT["mediaType"]).removeprefix(MEDIA_TYPES),
        "contentSize": f"{size} B" if size else "",
        "sha256": index.value(checksum, CHECKSUM_VALUE),
    }
    return {key: value for key, value in entry.items() if value}
