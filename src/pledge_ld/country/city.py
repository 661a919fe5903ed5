"""One city of many: its folder of records → its dumps on the disk, and a few words about them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from pledge_ld import query
from pledge_ld.config import product
from pledge_ld.graph import Context, Shortener, as_ntriples, grouped, jsonld_of, turtle_of
from pledge_ld.publish import KINDS, city_triples
from pledge_ld.read import read_city
from pledge_ld.term import Minter, curie

if TYPE_CHECKING:
    from pledge_ld.problem import Problem
    from pledge_ld.record import City
    from pledge_ld.term import Term, Triple

_A = curie("rdf:type")
_KINDS = {curie(f"pledge:{kind}"): kind for kind in KINDS}


@dataclass(frozen=True, slots=True)
class Task:
    """A city to be made: the folder of its records, its name in messages, and the folder of the site to be."""

    records: str
    shown: str
    out: str
    base: str
    engine: str


@dataclass(frozen=True, slots=True)
class Made:
    """What came of it: the problems and, where none of them blocks, the files that now lie there.

    ``graph`` is the named graph in which data/all.nq holds what ``ntriples`` names.
    """

    folder: str
    city: City | None
    problems: tuple[Problem, ...]
    files: dict[str, tuple[str, int]] = field(default_factory=dict)
    ntriples: str = ""
    graph: Term = ""
    triples: int = 0
    holds: dict[str, int] = field(default_factory=dict)


def made(task: Task) -> Made:
    """The city made. Needs nothing but its argument and the folders it names."""
    problems: list[Problem] = []
    folder = Path(task.records).name
    records = read_city(Path(task.records), task.shown, problems)
    if records is None:
        return Made(folder, None, tuple(problems))
    triples, found = city_triples(records, task.base, _queries(task.base), task.engine)
    if triples is None:
        return Made(folder, records.city, found)
    graph = Minter(task.base, records.city.country, records.city.code).graph(folder)
    nodes, ntriples = grouped(triples), f"data/{folder}.nt"
    dumps = {
        f"data/{folder}.ttl": turtle_of(nodes, graph, Shortener(task.base)).encode(),
        ntriples: as_ntriples(triples).encode(),
        f"data/{folder}.jsonld": jsonld_of(nodes, graph, _context()),
    }
    files = {}
    for path, content in dumps.items():
        (Path(task.out) / path).write_bytes(content)
        files[path] = (sha256(content).hexdigest(), len(content))
    return Made(folder, records.city, found, files, ntriples, graph, len(triples), _holds(triples))


def _holds(triples: list[Triple]) -> dict[str, int]:
    """How many things of each kind the city has."""
    found = Counter(_KINDS[object_] for _, predicate, object_ in triples if predicate == _A and object_ in _KINDS)
    return {kind: found[kind] for kind in KINDS}


@cache
def _queries(base: str) -> tuple[query.Query, ...]:
    return tuple(query.load(base).values())


@cache
def _context() -> Context:
    return Context((product("ontology") / "context.jsonld").read_bytes())
