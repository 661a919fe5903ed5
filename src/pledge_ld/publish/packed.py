"""Every text of the site compressed beside it, once: a server then sends what lies there, whoever asks."""

from __future__ import annotations

import gzip
import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from hashlib import sha256
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

import brotli

from pledge_ld.hosting import CODINGS, packable
from pledge_ld.publish.beside import fed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from pledge_ld.publish.artefact import File
    from pledge_ld.publish.swap import Edition

PACKINGS: dict[str, dict[str, int]] = {"fast": {"br": 3, "gzip": 1}, "best": {"br": 11, "gzip": 9}, "none": {}}
"""What a build can be asked for: coding → level. The best takes a hundred times as long, for a quarter less."""
_LEAST = 512
"""Bytes. What is smaller goes in one packet either way."""


def worth_it(path: str, size: int) -> bool:
    """Whether a file is compressed: a text that visitors ask for, and not a tiny one.

    >>> worth_it("ns.ttl", 600), worth_it("ns.ttl", 90), worth_it("data/x.xlsx", 6000), worth_it(".htaccess", 6000)
    (True, False, False, False)
    """
    return size >= _LEAST and packable(path)


def packed(path: str, content: bytes, packing: str) -> list[File]:
    """The file in each coding, where that makes it smaller. No clock, no name: same content, same bytes."""
    found = []
    for coding, level in PACKINGS[packing].items():
        if coding == "br":
            made: bytes = brotli.compress(content, quality=level)
        else:
            made = gzip.compress(content, level, mtime=0)
        if len(made) < len(content):
            found.append((path + CODINGS[coding], made))
    return found


def with_packed(files: Iterable[File], packing: str) -> Iterator[File]:
    """The files, and after them those that are packed of them."""
    texts: list[File] = []
    for path, content in files:
        yield path, content
        if PACKINGS[packing] and worth_it(path, len(content)):
            texts.append((path, content))
    # Not before all are made: their makers may copy this process, which must have no threads then.
    with ThreadPoolExecutor(_cores()) as pool:
        yield from chain.from_iterable(pool.map(lambda one: packed(one[0], one[1], packing), texts))


class _Made(NamedTuple):
    path: str
    digest: str
    size: int


class Packer:
    """Packs the files of an edition in a process of its own, while the edition is being written."""

    def __init__(
        self, edition: Edition, packing: str, give: Callable[[list[str]], None], result: Callable[[], list[_Made]]
    ) -> None:
        self._edition = edition
        self._endings = [CODINGS[coding] for coding in PACKINGS[packing]]
        self._give, self._result = give, result

    def pack(self, paths: Sequence[str]) -> None:
        """Has these files packed, which are written; but for those that lie packed in the edition before."""
        files = self._edition.memory.files
        texts = [path for path in paths if self._endings and worth_it(path, files[path][1])]
        if new := [one for one in texts if not self._edition.keep_of(one, [one + ending for ending in self._endings])]:
            self._give(new)

    def finish(self) -> None:
        """Everything packed, and known to the edition.

        :raises OSError: when the disk is full
        """
        for made in self._result():
            self._edition.remember(*made)


@contextmanager
def packer(edition: Edition, packing: str) -> Iterator[Packer]:
    """What packs the edition's files. Whoever leaves without its `Packer.finish` has no use for them."""
    with fed(partial(_pack, edition.folder, packing)) as (give, result):
        yield Packer(edition, packing, give, result)


def _pack(folder: Path, packing: str, jobs: Iterator[list[str]]) -> list[_Made]:
    # The fast levels keep up with the pages on one core, and leave the other to them.
    with ThreadPoolExecutor(1 if packing == "fast" else _cores()) as pool:
        return list(chain.from_iterable(pool.map(partial(_one, folder, packing), chain.from_iterable(jobs))))


def _one(folder: Path, packing: str, path: str) -> list[_Made]:
    found = []
    for name, content in packed(path, (folder / path).read_bytes(), packing):
        (folder / name).write_bytes(content)
        found.append(_Made(name, sha256(content).hexdigest(), len(content)))
    return found


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
