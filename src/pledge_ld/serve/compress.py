"""The files of an edition compressed once, in the background: no request waits for it, and none costs it again."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import brotli

from pledge_ld.serve.files import CODINGS

if TYPE_CHECKING:
    from collections.abc import Callable

    from pledge_ld.serve.files import Edition, File

_BROTLI, _GZIP = 4, 5
"""Fast levels: a build may lay better ones beside its files, and has the time."""
_LEAST, _MOST = 512, 32 << 20
_PACKED = ("xlsx", "zip", "png", "x-icon")


def worth_it(file: File) -> bool:
    """Whether a file gets smaller by compression, and is neither tiny nor too large to hold in memory.

    A coding is offered for the same files on every server, whatever memory it has: `Vary` depends on it.
    """
    packed = any(one in file.media_type for one in ("spreadsheetml", *_PACKED))
    return _LEAST <= file.size <= _MOST and not packed


def pack(edition: Edition, before: Edition | None, room: int, stopped: Callable[[], bool]) -> None:
    """Fills what the edition has compressed, small files first, up to ``room`` bytes; ends early when ``stopped``.

    What has not changed since the edition before is taken over.
    """
    known = before.packed if before else {}
    for file in sorted(edition.files.values(), key=lambda one: one.size):
        if not worth_it(file):
            continue
        for coding in CODINGS.keys() - edition.compressed.get(file.path, {}).keys():
            if stopped():
                return
            name = (file.tag, coding)
            made = known.get(name) or edition.packed.get(name) or _made(edition, file, coding)
            room -= len(made)
            if room < 0:
                return
            if made:
                edition.packed[name] = made


def _made(edition: Edition, file: File, coding: str) -> bytes:
    content = edition.content(file)
    if content is None:
        return b""
    if coding == "gzip":
        return gzip.compress(content, _GZIP, mtime=0)
    made: bytes = brotli.compress(content, quality=_BROTLI)
    return made
