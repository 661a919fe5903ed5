"""Where search engines begin: the site map, with each page's other language, and robots.txt."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from pledge_ld.catalog.place import municipality_of, site_of
from pledge_ld.catalog.vocabulary import DCT
from pledge_ld.config import languages
from pledge_ld.term import PLEDGE, value_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pledge_ld.catalog.dataset import CatalogCity
    from pledge_ld.config import Config

LONGEST = 50_000
"""The addresses that one site map may hold."""

_TREES = {one: f"{one}/" if number else "" for number, one in enumerate(languages())}
_HIDDEN = frozenset({"404"})
_SITEMAP, _XHTML = "http://www.sitemaps.org/schemas/sitemap/0.9", "http://www.w3.org/1999/xhtml"


def robots(config: Config) -> bytes:
    """Everything may be read; the site map says what there is."""
    return f"User-agent: *\nAllow: /\n\nSitemap: {site_of(config)}sitemap.xml\n".encode()


def sitemaps(
    cities: Sequence[CatalogCity], config: Config, pages: Iterable[str], *, longest: int = LONGEST
) -> Iterator[tuple[str, bytes]]:
    """sitemap.xml, or where there are more addresses than one may hold, an index of sitemap-1.xml and so on.

    A page's day is that of the last published change of its city's records, or of all cities' where it has none.
    """
    days = _days(cities, config)
    site = site_of(config)
    shown = sorted(path for path in set(pages) if path not in _HIDDEN)
    entries = [entry for path in shown for entry in _entries(site, path, _day(path, days))]
    parts = [entries[start : start + longest] for start in range(0, len(entries), longest)]
    if len(parts) <= 1:
        yield "sitemap.xml", _document("urlset", entries)
        return
    names = [f"sitemap-{number}.xml" for number in range(1, len(parts) + 1)]
    yield (
        "sitemap.xml",
        _document("sitemapindex", [f"<sitemap><loc>{escape(site + name)}</loc></sitemap>" for name in names]),
    )
    for name, part in zip(names, parts, strict=True):
        yield name, _document("urlset", part)


def _document(root: str, entries: Iterable[str]) -> bytes:
    opening = f'<{root} xmlns="{_SITEMAP}"' + (f' xmlns:xhtml="{_XHTML}">' if root == "urlset" else ">")
    return "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', opening, *entries, f"</{root}>\n"]).encode()


def _entries(site: str, path: str, day: str) -> Iterator[str]:
    addresses = {language: escape(f"{site}{tree}{path}.html") for language, tree in _TREES.items()}
    links = "".join(
        f'<xhtml:link rel="alternate" hreflang="{language}" href="{address}"/>'
        for language, address in [*addresses.items(), ("x-default", addresses["ja"])]
    )
    modified = f"<lastmod>{day}</lastmod>" if day else ""
    for address in addresses.values():
        yield f"<url><loc>{address}</loc>{modified}{links}</url>"


def _days(cities: Sequence[CatalogCity], config: Config) -> dict[str, str]:
    """The path of a city and of its dump → the day of its last change."""
    found = {}
    for city in cities:
        reports = city.index.of_type(PLEDGE["Assessment"])
        day = max((city.index.value(one, DCT["modified"]) for one in reports), default="")
        for node in (municipality_of(city.index), city.graph):
            found[value_of(node).removeprefix(config.base_iri)] = day
    return found


def _day(path: str, days: dict[str, str]) -> str:
    parts = path.split("/")
    for length in range(len(parts), 0, -1):
        if (part := "/".join(parts[:length])) in days:
            return days[part]
    return max(days.values(), default="")
