"""What a portal harvests and a spreadsheet opens: the catalogue of a city's data, and its downloads."""

from pledge_ld.catalog.dataset import CatalogCity, dataset_triples, documents_of, keyword, series_of
from pledge_ld.catalog.download import Download, download
from pledge_ld.catalog.place import catalog_of, contact_of, publisher_of, site_of
from pledge_ld.catalog.schemaorg import schema_org
from pledge_ld.catalog.whole import catalog_files, catalog_triples

__all__ = [
    "CatalogCity",
    "Download",
    "catalog_files",
    "catalog_of",
    "catalog_triples",
    "contact_of",
    "dataset_triples",
    "documents_of",
    "download",
    "keyword",
    "publisher_of",
    "schema_org",
    "series_of",
    "site_of",
]
