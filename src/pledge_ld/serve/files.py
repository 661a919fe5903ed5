"""Which file of the built site answers a path: the site's index, read once and again when a build has replaced it.

A path is looked up in the index, never on the disk: what is not listed (what lies outside, behind a link, or is
hidden) does not exist for a visitor, however its path is spelled.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import stat
import time
import weakref
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import orjson

from pledge_ld.hosting import TYPES
from pledge_ld.problem import PledgeError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

STATE, BUILD = ".pledge-ld", "build.json"
CODINGS = {"br": ".br", "gzip": ".gz"}
"""The content codings, the best first, and the endings of files that a build has compressed beside the others."""
_QUADS = "data/all.nq"
_WITHOUT_ENDING = {".well-known/void": TYPES[".ttl"]}
_PATIENCE = 0.5
_DOUBT_SECONDS = 1.0
_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class File:
    """One file of an edition, as it was when the edition was read."""

    path: str
    size: int
    modified_ns: int
    place: tuple[int, int]
    tag: str
    media_type: str


@dataclass(frozen=True)
class Edition:
    """A built site as it was read. Its folder stays open, so that its files are found though a build replaced it."""

    key: tuple[int, ...]
    digest: str
    triples: int
    files: dict[str, File]
    compressed: dict[str, dict[str, File]]
    folder: int
    packed: dict[tuple[str, str], bytes] = field(default_factory=dict)
    """(tag, coding) → the file's content so compressed, filled after the edition was read."""

    def __post_init__(self) -> None:
        weakref.finalize(self, os.close, self.folder)

    def still_has(self, file: File) -> bool:
        """Whether a file is the one that was listed."""
        try:
            found = os.stat(file.path, dir_fd=self.folder, follow_symlinks=False)
        except OSError:
            return False
        return _identity(found) == (file.place, file.size, file.modified_ns)

    def opened(self, file: File) -> int | None:
        """A descriptor of the file, or nothing where it is no longer the one that was listed."""
        try:
            handle = os.open(file.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK, dir_fd=self.folder)
        except OSError:
            return None
        if _identity(os.fstat(handle)) == (file.place, file.size, file.modified_ns):
            return handle
        os.close(handle)
        return None

    def content(self, file: File) -> bytes | None:
        """All of a file, or nothing where it is no longer the one that was listed."""
        handle = self.opened(file)
        if handle is None:
            return None
        with os.fdopen(handle, "rb") as opened:
            return opened.read()


def _identity(found: os.stat_result) -> tuple[tuple[int, int], int, int]:
    return (found.st_dev, found.st_ino), found.st_size, found.st_mtime_ns


def media_type(path: str) -> str:
    """The type that a file is sent with, or nothing for one that is not for visitors.

    >>> media_type("data/x.csv-metadata.json"), media_type("passwd")
    ('application/csvm+json', '')
    """
    if path.startswith("queries/") and path.endswith(".json"):
        return "application/sparql-results+json"
    known = next((kind for ending, kind in TYPES.items() if path.endswith(ending)), "")
    return _WITHOUT_ENDING.get(path, known)


def key_of(site: Path) -> tuple[int, ...]:
    """What changes when a build puts another edition in the place of this one: two calls of the system.

    :raises OSError: when there is no site
    """
    folder = os.stat(site)  # noqa: PTH116 - asked on every request, and twice as fast as by Path
    build = os.stat(f"{site}/{STATE}/{BUILD}")  # noqa: PTH116 - asked on every request, and twice as fast as by Path
    return folder.st_dev, folder.st_ino, build.st_ino, build.st_mtime_ns, build.st_size


def read_edition(site: Path) -> Edition:
    """The site as it is now.

    :raises PledgeError: when the folder is none that a build made
    """
    try:
        key = key_of(site)
        folder = os.open(site, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        message = f"{site} is not a site that a build made: run pledge-ld build --out {site}"
        raise PledgeError(f"{message} / 先に pledge-ld build を実行してください") from error
    remembered, digest = _remembered(folder)
    files: dict[str, File] = {}
    beside: dict[str, File] = {}
    for path, found in _walk(folder):
        kind = media_type(path)
        if kind:
            files[path] = _file(path, found, kind, remembered.get(path, ("", -1)), key[3])
        elif path.endswith(tuple(CODINGS.values())) and path in remembered:
            beside[path] = _file(path, found, "", remembered[path], key[3])
    compressed: dict[str, dict[str, File]] = {}
    # What lies beside a file is of that file only while both are as the build wrote them.
    as_built = {path for path, file in (files | beside).items() if file.tag == remembered.get(path, ("",))[0][:32]}
    for coding, ending in CODINGS.items():
        for path in files.keys() & as_built & {one.removesuffix(ending) for one in beside.keys() & as_built}:
            if path + ending in beside:
                compressed.setdefault(path, {})[coding] = beside[path + ending]
    return Edition(key, digest, _lines(folder, files), files, compressed, folder)


def _remembered(folder: int) -> tuple[dict[str, tuple[str, int]], str]:
    """Path → digest and size, as the build wrote them down, and the digest of all that it wrote down."""
    try:
        handle = os.open(f"{STATE}/{BUILD}", os.O_RDONLY | os.O_CLOEXEC, dir_fd=folder)
        with os.fdopen(handle, "rb") as file:
            text = file.read()
        content: dict[str, Any] = orjson.loads(text)["files"]
        return {path: (str(digest), int(size)) for path, (digest, size) in content.items()}, hashlib.sha256(
            text
        ).hexdigest()
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        # A folder whose memory is broken is still served: each file is then known by its age and size.
        return {}, ""


def _walk(folder: int) -> Iterator[tuple[str, os.stat_result]]:
    """Every regular file of the site that is not hidden, below no link."""
    for at, folders, names, handle in os.fwalk(".", dir_fd=folder, follow_symlinks=False):
        folders[:] = sorted(one for one in folders if not _hidden(one))
        for name in sorted(names):
            path = f"{at}/{name}".removeprefix("./")
            if path.isprintable() and not _hidden(name):
                found = os.stat(name, dir_fd=handle, follow_symlinks=False)
                if stat.S_ISREG(found.st_mode):
                    yield path, found


def _hidden(name: str) -> bool:
    """Whether a name is for builds or for other servers."""
    return (name.startswith(".") and name != ".well-known") or name in {"_headers", "_redirects"}


def _file(path: str, found: os.stat_result, kind: str, said: tuple[str, int], built_ns: int) -> File:
    digest, size = said
    place, length, modified = _identity(found)
    # As in a build: a file that was written after what is remembered of it is not what is remembered.
    known = digest and size == length and modified <= built_ns
    tag = digest[:32] if known else f"{modified:x}-{length:x}-{place[1]:x}"
    return File(path, length, modified, place, tag, kind)


def _lines(folder: int, files: dict[str, File]) -> int:
    """How many statements the site holds: N-Quads has one a line."""
    if _QUADS not in files:
        return 0
    with os.fdopen(os.open(_QUADS, os.O_RDONLY | os.O_CLOEXEC, dir_fd=folder), "rb") as file:
        return sum(piece.count(b"\n") for piece in iter(lambda: file.read(_PIECE), b""))


class Site:
    """The edition that is served, taken up anew when a build has replaced it."""

    def __init__(self, site: Path) -> None:
        self.path = site
        self.edition = read_edition(site)
        self.taken_up = 1
        self._reading: asyncio.Task[None] | None = None
        self._doubted_at = -_DOUBT_SECONDS
        self._doubted = False

    def doubt(self) -> None:
        """Has the folder read again though no build replaced it: a file is not what was listed.

        At most once a second: somebody may be copying files into it.
        """
        now = time.monotonic()
        if now - self._doubted_at >= _DOUBT_SECONDS:
            self._doubted, self._doubted_at = True, now

    def holds(self, edition: Edition, *files: File) -> bool:
        """Whether the edition is the one to answer from, and has these files as it listed them."""
        try:
            current = edition is self.edition and not self._doubted and key_of(self.path) == edition.key
        except OSError:
            return False
        return current and all(map(edition.still_has, files))

    async def now(self) -> Edition:
        """The edition to answer from. While a large new one is read, for a moment the one before."""
        try:
            changed = key_of(self.path) != self.edition.key or self._doubted
        except OSError:
            # Between two renames, on a system that cannot exchange folders in one.
            changed = False
        if changed and self._reading is None:
            self._doubted = False
            self._reading = asyncio.create_task(self._read())
        if self._reading is not None:
            await asyncio.wait({self._reading}, timeout=_PATIENCE)
        return self.edition

    async def _read(self) -> None:
        try:
            self.edition = await asyncio.to_thread(read_edition, self.path)
            self.taken_up += 1
        except (PledgeError, OSError):
            # Replaced again while it was read, or withdrawn: the next request looks once more.
            await asyncio.sleep(_PATIENCE)
        finally:
            self._reading = None
