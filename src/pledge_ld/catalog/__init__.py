"""What a portal harvests and a spreadsheet opens: the catalogue of a city's data, and its downloads."""

from pledge_ld.catalog.dataset import CatalogCity, dataset_triples, keyword
from pledge_ld.catalog.download import Download, download
from pledge_ld.catalog.schemaorg import schema_org
from pledge_ld.catalog.whole import catalog_files, catalog_triples

__all__ = [
    "CatalogCity",
    "Download",
    "catalog_files",
    "catalog_triples",
    "dataset_triples",
    "download",
    "keyword",
    "schema_org",
]
