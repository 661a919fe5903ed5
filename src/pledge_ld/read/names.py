"""Which names may become a path, an address or a fragment. docs/records.md tells the rule from this module.

Nothing is encoded: what could meet another name on any file system, in a URL, or with a name of our own, is refused
where a person typed it. So an IRI, the file below the site and the text in the record are always the same letters.
"""

from __future__ import annotations

import re
import unicodedata

MAX_ID = 64
"""Characters of an id."""
MAX_CODE = 16
"""Characters of a municipality's code: with `MAX_ID` it keeps every path of a site below `MAX_PATH`."""
MAX_PATH = 200
"""Characters of a path below the site, the English tree and the longest ending counted in."""
MAX_FILE = 100
"""Characters of the name of a file in source/."""

WINDOWS = frozenset({"con", "prn", "aux", "nul"} | {f"{port}{n}" for port in ("com", "lpt") for n in range(10)})
"""Names that Windows keeps for devices, with any ending: such a file cannot be checked out or copied there."""
MARKS = '<>:"|?*\\'
"""What no name may hold on Windows."""
HOSTS = frozenset({"index", "bin"})
"""What a web server takes for something else: the page of the folder itself, and a folder that IIS never serves."""
BESIDE_PROGRAMMES = frozenset({"department", "person", "scale", "series"})
"""What stands beside the programmes of a city, in its folder of the site."""
RECORD_FOLDERS = frozenset({"mappings", "scales", "source"})
"""What stands beside the programmes in the city's folder of records."""
ROOT = frozenset({"en", "ns"})
"""Names of two letters at the root of a site, where the countries stand: the English tree, and the vocabulary."""
PAGE = frozenset({"main"})
"""The anchors that every page has, beside which the levels of a scale stand."""

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_CODE = re.compile(r"[a-z0-9]+")
_COUNTRY = re.compile(r"[a-z]{2}")
_QUERY = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
_SOURCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_RESERVED = WINDOWS | HOSTS
# Windows takes the marks for something else, and the others cannot be seen.
_UNSAFE = re.compile(rf"[{re.escape(MARKS)}\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def is_id(text: str, kept: frozenset[str] = frozenset()) -> bool:
    """Whether the text is an id, and none of the names that are kept for something else.

    >>> is_id("1-2"), is_id("A"), is_id("con"), is_id("scale", BESIDE_PROGRAMMES)
    (True, False, False, False)
    """
    return bool(_ID.fullmatch(text)) and len(text) <= MAX_ID and text not in _RESERVED and text not in kept


def is_country(text: str) -> bool:
    """Whether the text can be a country's folder at the root of a site."""
    return bool(_COUNTRY.fullmatch(text)) and text not in ROOT


def is_code(text: str) -> bool:
    """Whether the text can be the code of a municipality."""
    return bool(_CODE.fullmatch(text)) and len(text) <= MAX_CODE and text not in _RESERVED


def is_query(text: str) -> bool:
    """Whether the text can be the name of a saved query.

    ``inferred`` is none: a thing's inferred score has the fragment that its score by such a query would have.
    """
    return bool(_QUERY.fullmatch(text)) and len(text) <= MAX_ID and text not in _RESERVED and text != "inferred"


def is_source(text: str) -> bool:
    """Whether the text can be the name of a file in source/ that a record points at."""
    return bool(_SOURCE.fullmatch(text)) and len(text) <= MAX_FILE and is_portable(text)


def is_portable(text: str) -> bool:
    """Whether a file or folder of this name can be copied to every common system.

    >>> is_portable("報告書.pdf"), is_portable("aux.pdf"), is_portable("a."), is_portable("a:b")
    (True, False, False, False)
    """
    stem = text.partition(".")[0].rstrip().casefold()
    return not (_UNSAFE.search(text) or text.endswith((".", " ")) or stem in WINDOWS)


def folded(text: str) -> str:
    """What is left of a name where a file system heeds neither case nor how a letter is put together.

    >>> folded("Cafe\u0301") == folded("CAF\u00c9")
    True
    """
    return unicodedata.normalize("NFD", unicodedata.normalize("NFD", text).casefold())
