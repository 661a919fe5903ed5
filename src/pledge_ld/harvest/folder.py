"""The folder of harvested sources: one N-Quads file a source, its provenance first, then its graph.

A source is one file, and a file is put in place by one rename: whoever is killed, whenever, each source is there as it
was before or as it is now, its data and what is said of them together. The file's name stays the same, so that a
server which loads it takes up a new copy by itself.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import IO, TYPE_CHECKING

import pyoxigraph as ox

from pledge_ld.harvest.provenance import Source, quads, slug, source_of
from pledge_ld.problem import PledgeError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from pledge_ld.term import Term

_LOCK, _LEFT = ".lock", ".being-written-"
_ADDRESS = re.compile(r"<(https?://[^<>\"\s]+)>", re.IGNORECASE)
_HEAD = 1 << 16
"""Bytes of a damaged file in which its source's address is looked for: it stands in the first lines."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A source as it lies in the folder, and its file."""

    source: Source
    path: Path


@dataclass(frozen=True, slots=True)
class Damaged:
    """A file of the folder that is no whole copy, what is wrong with it, and its source's address or ""."""

    path: Path
    url: str
    problem: Problem


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
    """Every source of which the folder has a whole copy, by the names of their files."""
    return surveyed(files(folder))[0]


def files(folder: Path) -> list[Path]:
    """The files in which copies lie; one that is being written is none yet."""
    return sorted(one for one in folder.glob("*.nq") if not one.name.startswith("."))


def surveyed(paths: Iterable[Path]) -> tuple[list[Kept], list[Damaged]]:
    """The whole copies among the files, and what is wrong with each of the others."""
    whole, damaged = [], []
    for path in paths:
        source, got = _looked(path)
        if source and not got:
            whole.append(Kept(source, path))
        else:
            damaged.append(_damaged(path, got))
    return whole, damaged


def harvested(folder: Path) -> tuple[tuple[Path, ...], tuple[Problem, ...]]:
    """The N-Quads files of all sources, which `pledge-ld serve` and a store read, and a warning for each unfit one.

    :raises PledgeError: when there is no such folder
    """
    if not folder.is_dir():
        raise PledgeError(f"{folder}: no such folder: run pledge-ld harvest first / フォルダがありません")
    whole, damaged = surveyed(files(folder))
    return tuple(one.path for one in whole), tuple(replace(one.problem, warning=True) for one in damaged)


def harvested_files(folder: Path) -> tuple[Path, ...]:
    """The N-Quads files of all sources of which there is a whole copy.

    :raises PledgeError: when there is no such folder
    """
    return harvested(folder)[0]


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
    found, got = _looked(path_of(folder, url))
    return found if found and found.url == url and not got else None


def _looked(path: Path) -> tuple[Source | None, str]:
    """The source whose copy the file is, and what the file is where it is no whole copy, or ""."""
    try:
        with path.open("rb") as file:
            lines = b"".join(_provenance(file))
        triples = [
            (str(one.subject), str(one.predicate), str(one.object)) for one in ox.parse(lines, ox.RdfFormat.N_QUADS)
        ]
        source = source_of(triples)
        if source is None:
            return None, "a beginning that is not as a harvest writes it: it was cut, or is no copy"
        return source, _lacking(path, source, lines.count(b"\n"))
    except OSError as error:
        return None, error.strerror or str(error)
    except (SyntaxError, ValueError):
        return None, "what is no N-Quads: it was cut, or something else was written over it"


def _damaged(path: Path, got: str) -> Damaged:
    url = _address_in(path)
    again = f"pledge-ld harvest {url}" if url else "harvest its source by its address"
    expected = f"a whole copy of a source: to have it anew, {again}; or remove the file"
    japanese = f"harvest で取り直すか(相手: {url or '不明'})、ファイルを消してください"
    problem = Problem(
        str(path), 0, "file", expected, got, "harvest-copy", f"相手の写し全体。{japanese}", warning=bool(url)
    )
    return Damaged(path, url, problem)


def _address_in(path: Path) -> str:
    """The address of the source whose copy a damaged file was, where it still says so: the file's name proves it."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD).decode("utf-8", "replace")
    except OSError:
        return ""
    return next((one for one in _ADDRESS.findall(head) if slug(one) == path.stem), "")


def _provenance(file: IO[bytes]) -> Iterator[bytes]:
    """The lines at the beginning that stand in the graph of the first one."""
    graph = b""
    for line in file:
        this = line.rpartition(b"<")[2]
        graph = graph or this
        if this != graph:
            return
        yield line


def _lacking(path: Path, source: Source, before: int) -> str:
    """What the file is where it has not all the statements, each in its line after those ``before``, or ""."""
    ending = f"{source.graph} .\n".encode()
    lines = there = 0
    with path.open("rb") as file:
        for line in file:
            lines += 1
            there += line.endswith(ending)
    if there != source.statements:
        return f"{there} of {source.statements} statements"
    return "" if lines == before + there else f"{lines - before - there} lines that no harvest wrote"


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
