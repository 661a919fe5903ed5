"""A file that the catalogue offers, with what a portal asks of it: how big it is, and whether it came whole."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

Text = dict[str, str]
"""A text by language: ``{"ja": …, "en": …}``."""


@dataclass(frozen=True, slots=True)
class Download:
    """One file of a city's data. ``key`` names its distribution: ``csv-scores`` is ``#dist-csv-scores``.

    ``format`` is a word that portals show (``CSV``, ``TTL``).
    """

    path: str
    title: Text
    media_type: str
    format: str
    size: int
    sha256: str
    key: str


def download(path: str, content: bytes, *, title: Text, media_type: str, format: str, key: str) -> Download:  # noqa: A002 - dcterms:format is its name
    """The file as the catalogue offers it, measured from its content.

    >>> title = {"ja": "表", "en": "Table"}
    >>> download("data/a.csv", b"id", title=title, media_type="text/csv", format="CSV", key="csv").size
    2
    """
    return Download(path, title, media_type, format, len(content), hashlib.sha256(content).hexdigest(), key)
