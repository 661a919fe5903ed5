"""The folder of harvested sources: one N-Quads file a source, its provenance first, then its graph.

A source is one file, and a file is put in place by one rename: whoever is killed, whenever, each source is there as it
was before or as it is now, its data and what is said of them together. The file's name stays the same, so that a
server which loads it takes up a new copy by itself.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

import pyoxigraph as ox

from pledge_ld.harvest.provenance import Source, quads, slug, source_of
from pledge_ld.problem import PledgeError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pledge_ld.term import Term

_LOCK, _LEFT = ".lock", ".being-written-"


@dataclass(frozen=True, slots=True)
class Kept:
    """A source as it lies in the folder, and its file."""

    source: Source
    path: Path


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Nobody else harvests into the folder meanwhile, and what a killed harvest left is swept away.

    The lock ends with the process, however it ends.

    :raises PledgeError: when another harvest is under way
    """
    if folder.exists() and not folder.is_dir():
        raise PledgeError(f"--into: {folder} is a file: expected a folder / フォルダを指定してください")
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / _LOCK).open("w", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            message = f"another harvest into {folder} is under way: wait for it to end"
            raise PledgeError(f"{message} / ほかの収集が実行中です。終わるまで待ってください") from error
        for left in folder.glob(f"{_LEFT}*"):
            left.unlink(missing_ok=True)
        yield


def path_of(folder: Path, url: str) -> Path:
    """Where a source's file lies."""
    return folder / f"{slug(url)}.nq"


def kept(folder: Path) -> list[Kept]:
    """Every source in the folder, by the names of their files; a file that no harvest wrote is none."""
    found = [(path, _source(path)) for path in sorted(folder.glob("*.nq"))]
    return [Kept(source, path) for path, source in found if source]


def harvested_files(folder: Path) -> tuple[Path, ...]:
    """The N-Quads files of all sources: what `pledge-ld serve --load` and a store read.

    :raises PledgeError: when there is no such folder
    """
    if not folder.is_dir():
        raise PledgeError(f"{folder}: no such folder: run pledge-ld harvest first / フォルダがありません")
    return tuple(one.path for one in kept(folder))


def load_into(store: ox.Store, folder: Path) -> list[Source]:
    """Every source of the folder, loaded into the store: each in its graph, and what is said of them in one beside.

    A query reaches them by GRAPH or FROM. A store that takes all its graphs for the default one would mix them in.
    """
    found = kept(folder)
    for one in found:
        store.bulk_load(path=str(one.path), format=ox.RdfFormat.N_QUADS)
    return [one.source for one in found]


def find(folder: Path, url: str) -> Source | None:
    """The source as it was harvested before, if it was and its file is whole."""
    path = path_of(folder, url)
    found = _source(path)
    return found if found and found.url == url and _is_whole(path, found) else None


def _source(path: Path) -> Source | None:
    try:
        with path.open("rb") as file:
            lines = b"".join(_provenance(file))
        triples = [
            (str(one.subject), str(one.predicate), str(one.object)) for one in ox.parse(lines, ox.RdfFormat.N_QUADS)
        ]
    except (OSError, SyntaxError, ValueError):
        return None
    return source_of(triples)


def _provenance(file: IO[bytes]) -> Iterator[bytes]:
    """The lines at the beginning that stand in the graph of the first one."""
    graph = b""
    for line in file:
        this = line.rpartition(b"<")[2]
        graph = graph or this
        if this != graph:
            return
        yield line


def _is_whole(path: Path, source: Source) -> bool:
    """Whether all statements are there: nobody cut the file since."""
    ending = f"{source.graph} .\n".encode()
    with path.open("rb") as file:
        return sum(1 for line in file if line.endswith(ending)) == source.statements


def write(folder: Path, source: Source, base: str, data: IO[bytes]) -> None:
    """Puts the source in its place: its provenance, then what is left to read of ``data``."""
    path = path_of(folder, source.url)
    aside = folder / f"{_LEFT}{path.name}"
    with aside.open("wb") as file:
        file.write(quads(source, base).encode())
        shutil.copyfileobj(data, file, 1 << 20)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def rewrite(folder: Path, source: Source, base: str) -> None:
    """Says something else of a source whose data stay as they are."""
    ending = f"{source.graph} .\n".encode()
    with path_of(folder, source.url).open("rb") as file:
        position = 0
        for line in file:
            if line.endswith(ending):
                break
            position += len(line)
        file.seek(position)
        write(folder, source, base, file)


def graph_names(folder: Path) -> list[Term]:
    """The graphs of all sources."""
    return [one.source.graph for one in kept(folder)]
