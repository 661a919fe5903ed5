"""Folders of records and RDF files → everything that is wrong with them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox

from pledge_ld.graph import as_ntriples
from pledge_ld.problem import PledgeError, Problem
from pledge_ld.read import read_city, read_data
from pledge_ld.term import BASE, compact
from pledge_ld.triple import city_graph, places
from pledge_ld.validate.engine import CATALOG, Result, run, validate
from pledge_ld.validate.report import problems, unknown_terms

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from pledge_ld.record import CityRecords, Record
    from pledge_ld.term import Term, Triple


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found: the problems in order, and the SHACL results behind them."""

    problems: tuple[Problem, ...]
    results: tuple[Result, ...]


def check(paths: Iterable[Path], engine: str) -> Checked:
    """Every path checked: a folder of cities, a city's folder, or an RDF file.

    :raises PledgeError: when a path is none of these
    """
    found: list[Problem] = []
    results: list[Result] = []
    for path in paths:
        if path.is_dir():
            for city in _cities(path, found):
                more, behind = record_problems(city, city_graph(city, BASE), BASE, engine)
                found += more
                results += behind
        elif path.exists():
            triples = _file(path, found)
            if triples is not None:
                text = as_ntriples(triples)
                behind = sorted(validate(text, engine) + run(text, CATALOG, engine))
                results += behind
                found += problems(behind, {}, str(path)) + term_problems(unknown_terms(triples), {}, str(path))
        else:
            raise PledgeError(f"{path}: no such file or folder / ファイルもフォルダもありません")
    return Checked(tuple(sorted(found)), tuple(sorted(results)))


def _cities(path: Path, found: list[Problem]) -> tuple[CityRecords, ...]:
    if (path / "city.toml").exists():
        city = read_city(path.resolve(), str(path), found)
        return (city,) if city else ()
    cities, more = read_data(path, str(path))
    found += more
    return cities


def record_problems(
    records: CityRecords, triples: list[Triple], base: str, engine: str, held: tuple[str, ox.Store] | None = None
) -> tuple[list[Problem], list[Result]]:
    """What is wrong with a city's triples, on the rows of its records, and the results behind it.

    ``held`` are the same triples as N-Triples and in a store, where the caller needs both as well.
    """
    text, store = held or (as_ntriples(triples), None)
    results, unknown = validate(text, engine, store), unknown_terms(triples)
    if not results and not unknown:
        return [], []
    where = places(records, base)
    return sorted(problems(results, where, records.folder) + term_problems(unknown, where, records.folder)), results


def term_problems(unknown: Mapping[Term, Triple], where: Mapping[Term, Record], shown: str) -> list[Problem]:
    """A problem for each term under our namespace that the ontology does not have."""
    found = []
    for term, (subject, _, _) in unknown.items():
        record = where.get(subject)
        path, line = (record.path, record.line) if record else (shown, 0)
        found.append(
            Problem(
                path, line, compact(subject), "a term of the ontology", compact(term), "ontology-term", "語彙にある用語"
            )
        )
    return found


def _file(path: Path, found: list[Problem]) -> list[Triple] | None:
    form = ox.RdfFormat.from_extension(path.suffix.removeprefix("."))
    if form is None:
        raise PledgeError(
            f"{path}: expected a file that ends in .ttl, .nt, .nq, .trig, .jsonld or .rdf / 対応していない形式です"
        )
    try:
        quads = list(ox.parse(path.read_bytes(), form, base_iri=path.resolve().as_uri()))
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None) or 0
        message = getattr(error, "msg", None) or str(error)
        found.append(Problem(str(path), line, "file", str(form.name), message, "rdf-syntax", f"{form.name} の書式"))
        return None
    return sorted({(str(one.subject), str(one.predicate), str(one.object)) for one in quads})
