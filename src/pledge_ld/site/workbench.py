"""The page that runs queries in the visitor's browser, over the files that are published anyway."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pledge_ld.site.page import Page

if TYPE_CHECKING:
    from pledge_ld.query import Query
    from pledge_ld.site.home import Dump
    from pledge_ld.site.item import Text

NAME = "sparql"
"""The page's path: what links to it adds ``?name=`` and a saved query's name, or ``?query=`` and any query."""
_AT_ONCE = 20_000_000
"""Bytes of dumps that a visitor loads unasked; where the cities have more, only the first is ticked."""


@dataclass(frozen=True, slots=True)
class Source:
    """A city's dump: its path, its graph's path, its name, its size, and whether it is loaded unasked."""

    path: str
    graph: str
    title: Text
    size: int
    ticked: bool


def workbench_page(dumps: list[Dump], queries: list[Query], endpoint: str | None) -> Page:
    """The page; ``endpoint`` answers the same questions on a server, where there is one."""
    found = [(dump, one) for dump in dumps for one in dump.files if one.path == f"data/{dump.folder}.nt"]
    small = sum(one.size for _, one in found) <= _AT_ONCE
    sources = [
        Source(one.path, f"data/{dump.folder}", dump.title, one.size, small or number == 0)
        for number, (dump, one) in enumerate(found)
    ]
    title = {"ja": "問い合わせを書いて試す", "en": "Write and run queries"}
    return Page(NAME, "workbench", title, {"sources": sources, "queries": queries, "endpoint": endpoint or ""})
