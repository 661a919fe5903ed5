"""What the workers ask: files loaded into memory once, or a store on the disk that each of them opens."""

from __future__ import annotations

import hashlib
import os
import resource
from contextlib import suppress
from typing import TYPE_CHECKING, Protocol

import orjson
import pyoxigraph as ox

from pledge_ld.problem import PledgeError
from pledge_ld.serve.files import BUILD, STATE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

FIRST = 3
"""The first descriptor after those that every process has."""
_STORE = "store"
"""As `pledge_ld.country` names it, which is not imported: a template is there in a moment."""
_MOST_DESCRIPTORS = 1 << 16
"""Where the system has no bound of its own."""


class Data(Protocol):
    """The data of a template."""

    held: bytes
    """What the server is told of it, as JSON."""

    def opened(self) -> tuple[ox.Store, int]:
        """In a worker, before it is enclosed: the store, and how many descriptors must stay open."""


def data_of(site: Path, loads: Sequence[Path]) -> Data:
    """The store of a site where its build made one, else its file of all statements and those beside it, in memory."""
    return OnDisk(site) if on_disk(site) and not loads else InMemory(site, loads)


def on_disk(site: Path) -> bool:
    """Whether a build has made a store of the site."""
    return (site / STATE / _STORE / "CURRENT").is_file()


class InMemory:
    """Files loaded once. A worker is forked from what holds them, and opens nothing."""

    def __init__(self, site: Path, loads: Sequence[Path]) -> None:
        self._store, digest = ox.Store(), hashlib.sha256()
        own: list[str] | None = None
        for path in (site / "data" / "all.nq", *loads):
            content = path.read_bytes()
            digest.update(hashlib.sha256(content).digest())
            self._store.bulk_load(content, ox.RdfFormat.from_extension(path.suffix[1:]) or ox.RdfFormat.N_QUADS)
            if own is None:  # what the site publishes is ours, what is loaded beside it is not
                own = _graphs(self._store)
        self.held = _held(self._store, digest.hexdigest(), own or [], union=False)

    def opened(self) -> tuple[ox.Store, int]:
        """The store that was forked with the worker."""
        return self._store, FIRST


class OnDisk:
    """The store of a site. The template itself never opens it: its threads and locks would not survive a fork."""

    def __init__(self, site: Path) -> None:
        digest = hashlib.sha256((site / STATE / BUILD).read_bytes()).hexdigest()
        # A build moves the folder away, and lays another in its place. Where we stand is still the one that we read.
        os.chdir(site / STATE / _STORE)
        self.held = _by_another(lambda: self._described(digest))

    def _described(self, digest: str) -> bytes:
        store, _ = self.opened()
        return _held(store, digest, _graphs(store), union=True)

    def opened(self) -> tuple[ox.Store, int]:
        """The store with all its files open, and no number below the last of them free for another.

        :raises PledgeError: when there are more files than may be open: those left out could not be read later
        """
        hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        most = _MOST_DESCRIPTORS if hard == resource.RLIM_INFINITY else hard
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
        os.closerange(FIRST, _MOST_DESCRIPTORS)
        store = ox.Store.read_only(".")
        open_ = _open_files()
        left_out = [
            one.name for one in os.scandir(".") if one.name.endswith(".sst") and _place(one.stat()) not in open_
        ]
        if left_out:
            message = f"{len(left_out)} files of the store cannot be held open: raise the limit (ulimit -Hn)"
            raise PledgeError(f"{message} / 同時に開けるファイル数の上限を上げてください")
        last = max(open_.values(), default=FIRST)
        # The system gives the lowest number that is free.
        while os.open(os.devnull, os.O_RDONLY) < last:
            pass
        return store, last + 2


def _open_files() -> dict[tuple[int, int], int]:
    """Which file is open, and the highest number that it has."""
    found = {}
    for number in sorted(map(int, os.listdir("/dev/fd"))):  # noqa: PTH208 - numbers, not files
        # One of them was the list itself.
        with suppress(OSError):
            found[_place(os.fstat(number))] = number
    return found


def _place(found: os.stat_result) -> tuple[int, int]:
    return found.st_dev, found.st_ino


def _by_another(made: Callable[[], bytes]) -> bytes:
    """What a process forked for this alone makes.

    :raises PledgeError: when it makes nothing
    """
    reading, writing = os.pipe()
    pid = os.fork()
    if not pid:
        try:
            os.dup2(writing, 1)
            with os.fdopen(1, "wb") as out:
                out.write(made())
        except (OSError, ValueError, PledgeError) as error:
            os.write(2, f"{error}\n".encode())
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as told:
        content = told.read()
    os.waitpid(pid, 0)
    if not content:
        raise PledgeError("the store cannot be opened / 保存された索引を開けません")
    return content


def _held(store: ox.Store, digest: str, own: list[str], *, union: bool) -> bytes:
    held = {"version": digest[:32], "own": own, "graphs": _graphs(store), "quads": len(store), "union": union}
    return orjson.dumps(held)


def _graphs(store: ox.Store) -> list[str]:
    return sorted(one.value for one in store.named_graphs() if isinstance(one, ox.NamedNode))
