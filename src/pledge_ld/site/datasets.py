"""What the catalogue says, for pages: the downloads of a dataset, the series of a city's datasets, the catalogue."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pledge_ld.catalog import contact_of, publisher_of, site_of
from pledge_ld.site.page import Page
from pledge_ld.site.views import Views, natural
from pledge_ld.term import curie, value_of

if TYPE_CHECKING:
    from pledge_ld.config import Config
    from pledge_ld.graph import Index
    from pledge_ld.site.item import Text
    from pledge_ld.term import Term

_TITLE, _DESCRIPTION = curie("dcterms:title"), curie("dcterms:description")
_CHECKSUM, _CHECKSUM_VALUE = (f"<http://spdx.org/rdf/terms#{name}>" for name in ("checksum", "checksumValue"))
_ORDER = ("dist-zip", "dist-xlsx", "dist-ttl", "dist-nt", "dist-jsonld", "dist-csv", "dist-excel", "dist-sparql")


@dataclass(frozen=True, slots=True)
class DistributionView:
    """One download, or the endpoint. ``path`` is below the site, or a whole address elsewhere; ``size`` in bytes."""

    id: str
    title: Text
    path: str
    format: str
    size: int | None
    sha256: str


@dataclass(frozen=True, slots=True)
class DatasetView:
    """A dataset as the catalogue lists it."""

    path: str
    title: Text
    description: Text
    issued: str
    modified: str


def distributions(index: Index, dataset: Term, config: Config) -> list[DistributionView]:
    """The downloads of a dataset: what holds everything first."""
    found = [_distribution(index, one, config) for one in index.objects(dataset, curie("dcat:distribution"))]
    return sorted(found, key=lambda one: (_rank(one.id), natural(one.id)))


def _rank(id_: str) -> int:
    return next((place for place, start in enumerate(_ORDER) if id_.startswith(start)), len(_ORDER))


def _distribution(index: Index, node: Term, config: Config) -> DistributionView:
    views = Views(index, config.base_iri)
    address = index.value(node, curie("dcat:downloadURL")) or index.value(node, curie("dcat:accessURL"))
    size = index.value(node, curie("dcat:byteSize"))
    return DistributionView(
        id=value_of(node).partition("#")[2],
        title=views.text(node, _TITLE),
        path=address.removeprefix(site_of(config)),
        format=index.value(node, curie("dcterms:format")).rpartition("/")[2].removeprefix("RDF_").replace("_", "-"),
        size=int(size) if size else None,
        sha256=index.value(index.one(node, _CHECKSUM) or "", _CHECKSUM_VALUE),
    )


def _datasets(index: Index, nodes: list[Term], config: Config) -> list[DatasetView]:
    views = Views(index, config.base_iri)
    return [
        DatasetView(
            views.path(one),
            views.text(one, _TITLE),
            views.text(one, _DESCRIPTION),
            index.value(one, curie("dcterms:issued")),
            index.value(one, curie("dcterms:modified")),
        )
        for one in sorted(nodes, key=natural)
    ]


def series_data(index: Index, document: Term, config: Config) -> dict[str, Any]:
    """What the page of a series shows: what it is, and its datasets, oldest first."""
    views = Views(index, config.base_iri)
    members = index.subjects(curie("dcat:inSeries"), document)
    return {"description": views.text(document, _DESCRIPTION), "datasets": _datasets(index, members, config)}


def catalog_page(index: Index, node: Term, config: Config) -> Page:
    """The catalogue's page: who publishes, and every dataset."""
    views = Views(index, config.base_iri)
    publisher, contact = publisher_of(config), contact_of(config)
    service = next(iter(index.objects(node, curie("dcat:service"))), "")
    data = {
        "description": views.text(node, _DESCRIPTION),
        "datasets": _datasets(index, index.objects(node, curie("dcat:dataset")), config),
        "publisher": (views.text(publisher, curie("foaf:name")), config.homepage),
        "contact": (views.text(contact, curie("vcard:fn")), config.contact),
        "endpoint": (views.text(service, _TITLE), views.text(service, _DESCRIPTION), config.endpoint)
        if service
        else None,
        "issued": index.value(node, curie("dcterms:issued")),
        "modified": index.value(node, curie("dcterms:modified")),
    }
    return Page("catalog", "catalog", views.text(node, _TITLE), data, "catalog")
