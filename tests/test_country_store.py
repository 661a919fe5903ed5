"""A store on the disk: what is asked of a whole country gives what the records say, one by one."""

from __future__ import annotations

import csv
import runpy
import shutil
from collections import Counter, defaultdict
from fractions import Fraction
from statistics import fmean
from typing import TYPE_CHECKING, Any

import pytest

from pledge_ld.country import opened
from pledge_ld.query import run
from pledge_ld.term import BASE, PLEDGE, value_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import pyoxigraph as ox
    from conftest import Run

CITIES = 20


@pytest.fixture(scope="module")
def country(root: Path, tmp_path_factory: pytest.TempPathFactory, cli: Callable[..., Run]) -> Path:
    """A folder with records of synthetic cities, and in dumps/ their store. Nobody may change it."""
    folder = tmp_path_factory.mktemp("store")
    write = runpy.run_path(str(root / "benchmarks" / "synthetic.py"))["write"]
    assert len(list(write(folder / "data", range(1, CITIES + 1)))) == CITIES
    shutil.copy(root / "pledge_ld.toml", folder)
    done = cli(folder, "build", "--dumps-only", "--jobs", "1", "--store", "--out", "dumps")
    assert done.code == 0, done.err
    return folder


@pytest.fixture(scope="module")
def store(country: Path) -> ox.Store:
    """The store of these cities."""
    return opened(country / "dumps")


def table(folder: Path, name: str) -> Iterator[dict[str, str]]:
    """The rows of the one table of that name in a city's folder."""
    with next(folder.glob(name)).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def cities(country: Path) -> Iterator[tuple[str, Path]]:
    """Each city's IRI and the folder of its records."""
    for folder in sorted((country / "data").iterdir()):
        yield f"{BASE}zz/{folder.name.split('-')[1]}", folder


def adopted_stars(folder: Path) -> dict[str, int]:
    """Measure → its stars that count: as printed, or as inferred where the print has none."""
    return {row["thing"][8:]: int(row["stars"]) for row in table(folder, "*/scores/*.csv") if row["stars"]}


def asked(store: ox.Store, root: Path, name: str) -> list[tuple[str, ...]]:
    """The rows of a question, as the benchmark asks it."""
    text = (root / "benchmarks" / "country" / f"{name}.rq").read_text(encoding="utf-8")
    return [tuple("" if one is None else value_of(one) for one in row) for row in run(store, text).rows]


def means(rows: list[tuple[str, ...]]) -> dict[str, tuple[Any, int]]:
    """Thing → mean and number."""
    assert len({thing for thing, _, _ in rows}) == len(rows)
    return {thing: (pytest.approx(float(mean)), int(number)) for thing, mean, number in rows}


def test_the_mean_by_policy_is_that_of_the_records(store: ox.Store, country: Path, root: Path) -> None:
    """A join that loses or doubles a measure shows in no total."""
    found: dict[str, list[int]] = defaultdict(list)
    for city, folder in cities(country):
        for measure, stars in adopted_stars(folder).items():
            found[f"{city}/2022/policy/{measure.partition('-')[0]}"].append(stars)
    assert {one: (fmean(stars), len(stars)) for one, stars in found.items()} == means(
        asked(store, root, "mean_by_policy")
    )
    assert len(found) == CITIES * 5


def test_the_mean_by_department_is_that_of_the_records(store: ox.Store, country: Path, root: Path) -> None:
    """A measure of three departments counts for each of them, whether its print can be read or not."""
    found: dict[str, list[int]] = defaultdict(list)
    for city, folder in cities(country):
        stars = adopted_stars(folder)
        for row in table(folder, "*/scores/*.csv"):
            for one in filter(None, row["departments"].split(";")):
                found[f"{city}/department/{one}"].append(stars[row["thing"][8:]])
    assert {one: (fmean(stars), len(stars)) for one, stars in found.items()} == means(
        asked(store, root, "mean_by_department")
    )


def test_the_distribution_by_band_is_that_of_the_records(store: ox.Store, country: Path, root: Path) -> None:
    """Counts and mappings stand in different places: a level without a mapping must not vanish with its items."""
    found: Counter[str] = Counter()
    for _, folder in cities(country):
        bands = {row["level"]: row["band"] for row in table(folder, "mappings/*.csv")}
        found.update(bands[str(stars)] for stars in adopted_stars(folder).values())
    iris = {"done": "Done", "under-way": "UnderWay", "not-begun-or-dropped": "NotBegunOrDropped"}
    rows = asked(store, root, "distribution_by_band")
    assert {(value_of(PLEDGE[iris[band]]), str(count)) for band, count in found.items()} == set(rows)
    assert len(rows) == 3


def test_figures_that_break_their_method_are_those_of_the_records(store: ox.Store, country: Path, root: Path) -> None:
    """A misprint that is found in one of ten cities must not be lost, nor found where there is none."""
    found = set()
    for city, folder in cities(country):
        printed = {row["thing"]: Fraction(row["percent"]) for row in table(folder, "*/scores/*.csv") if row["percent"]}
        for thing, percent in printed.items():
            kind, _, id_ = thing.partition("/")
            parts = [one for name, one in printed.items() if kind == "policy" and name.startswith(f"pledge/{id_}-")]
            if parts and abs(percent - sum(parts, Fraction(0)) / len(parts)) >= 1:
                found.add(f"{city}/2022/{thing}")
    assert {thing for thing, _, _ in asked(store, root, "figures_that_break_their_method")} == found
    assert len(found) == CITIES // 10
