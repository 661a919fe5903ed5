"""All cities → their dumps, data/all.nq and, where asked for, a store: swapped in whole, as every build is."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from pledge_ld.country.city import Task, made
from pledge_ld.country.disk import fill
from pledge_ld.country.spread import Lost, mapped
from pledge_ld.graph import as_nquads
from pledge_ld.problem import Problem
from pledge_ld.publish import (
    Built,
    Inputs,
    apart,
    blocking,
    checked,
    edition,
    gone,
    inputs,
    intact,
    locked,
    remembered,
    shrunk,
    unstored,
)
from pledge_ld.read import city_folders, read_data, same_city

if TYPE_CHECKING:
    from pathlib import Path

    from pledge_ld.config import Config
    from pledge_ld.country.spread import Spread
    from pledge_ld.publish import Edition
    from pledge_ld.record import City

ALL = "data/all.nq"


def build(
    config: Config,
    data: Path,
    out: Path,
    engine: str,
    spread: Spread,
    *,
    store: bool = False,
    allow_shrink: bool = False,
) -> Built:
    """Makes the dumps of every city and puts them in the place of what was at ``out``, or leaves that as it was.

    With ``store`` there is a store on the disk beside them. Every problem of every city is found before it gives up.

    :raises PledgeError: when ``out`` is a folder that no build made, or the records', or another build is under way
    """
    apart("--out", out, data)
    checked(out)
    with locked(out):
        made_from = _inputs(config, data, engine, store=store)
        before = remembered(out)
        if made_from.data and before.inputs == made_from and intact(out, before):
            return Built((), published=True, files=len(before.files), unchanged=True)
        folders = city_folders(data) if data.is_dir() else []
        if not folders:
            return Built(tuple(read_data(data, str(data))[1]), published=False)
        with edition(out, made_from) as new:
            where = str(new.folder.resolve())
            tasks = [Task(str(one.resolve()), f"{data}/{one.name}", where, config.base_iri, engine) for one in folders]
            found, triples = _cities(tasks, spread, new)
            if not allow_shrink and not blocking(found):
                found += [*shrunk(before.holds, new.memory.holds, str(data)), *gone(before, new.memory, str(out))]
            new.withdrawn = blocking(found)
            if not store and not new.withdrawn:
                found += unstored(out)
            if store and not new.withdrawn:
                fill(new.folder, new.folder / ALL)
        return Built(
            tuple(sorted(found)),
            published=not new.withdrawn,
            files=len(new.memory.files),
            triples=triples,
            written=len(new.written),
        )


def _inputs(config: Config, data: Path, engine: str, *, store: bool) -> Inputs:
    """What it is made from. Dumps alone are not what the same inputs make of a whole site."""
    if not data.is_dir():
        return Inputs("", "")
    whole = inputs(config, data, engine, "none")
    return Inputs(whole.data, f"{whole.program} dumps{' and store' if store else ''}")


def _cities(tasks: list[Task], spread: Spread, new: Edition) -> tuple[list[Problem], int]:
    """Every city's dumps in the edition, and data/all.nq of them all: the problems, and how many triples there are."""
    (new.folder / "data").mkdir()
    found: list[Problem] = []
    cities: list[tuple[str, City]] = []
    triples, digest, size = 0, sha256(), 0
    with (new.folder / ALL).open("wb") as quads:
        for task, one in mapped(made, tasks, spread):
            if isinstance(one, Lost):
                found.append(_lost(task))
                continue
            found += one.problems
            if one.city:
                cities.append((one.folder, one.city))
            for path, (digest_of, size_of) in one.files.items():
                new.adopt(path, digest_of, size_of)
            if one.files:
                new.memory.holds[one.folder] = one.holds
                triples += one.triples
                part = as_nquads((new.folder / one.ntriples).read_bytes(), one.graph)
                quads.write(part)
                digest.update(part)
                size += len(part)
    new.adopt(ALL, digest.hexdigest(), size)
    found += same_city(cities)
    return found, triples


def _lost(task: Task) -> Problem:
    expected = "a city that a worker can make: whoever was at it ended twice (killed, or out of memory)"
    return Problem(
        task.shown, 0, "folder", expected, "nothing", "worker-lost", "処理できる市(担当プロセスが2回とも終了)"
    )
