"""Files → one .zip and nothing of when or where it was made."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

_FILE, _UNIX = 0o100644 << 16, 3
_LEVEL = 3
"""A tenth larger than the most that zlib does, in a quarter of its time."""


def bundle(files: Iterable[tuple[str, bytes]], day: date) -> bytes:
    """The files in the order of their names, all of the same ``day``: the same files make the same bytes.

    >>> from datetime import date
    >>> files = [("b.csv", b"2"), ("a.csv", b"1")]
    >>> bundle(files, date(2024, 5, 1)) == bundle(reversed(files), date(2024, 5, 1))
    True
    """
    return packed(sorted(files), day)


def packed(files: Iterable[tuple[str, bytes]], day: date) -> bytes:
    """The files in the order given."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, data in files:
            entry = zipfile.ZipInfo(name, (day.year, day.month, day.day, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system, entry.external_attr = _UNIX, _FILE
            archive.writestr(entry, data, compresslevel=_LEVEL)
    return content.getvalue()
