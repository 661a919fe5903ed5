"""A country of synthetic municipalities: records → dumps by this build, by the plain way, and questions to the disk.

``python benchmarks/country.py`` prints the table; ``--write`` keeps it in benchmarks/README.md. The whole takes several
minutes and some 8 GB of disk. ``--cities`` and ``--plain-cities`` make it smaller; ``--no-store`` leaves out the store.
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import plain
import rdflib
import synthetic
from readme import keep

from pledge_ld import query, validate
from pledge_ld.country import opened
from pledge_ld.read import read_data
from pledge_ld.term import BASE
from pledge_ld.triple import city_graph

ROOT = Path(__file__).resolve().parents[1]
FEW = 100


@dataclass(frozen=True, slots=True)
class Run:
    """What one build took: seconds of the clock and of the processors, and the most memory of all its processes."""

    cities: int
    wall: float
    cpu: float
    megabytes: float
    said: str


def build(folder: Path, cities: int, out: str, *options: str) -> Run:
    """The build command over the first so many cities."""
    data = folder / f"data-{cities}"
    if not data.exists():
        data.mkdir()
        for one in sorted((folder / "data").iterdir())[:cities]:
            (data / one.name).symlink_to(one)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    arguments = [sys.executable, "-m", "pledge_ld", "build", "--dumps-only", "--data", data.name, "--out", out]
    child = subprocess.Popen([*arguments, *options], cwd=folder, stdout=subprocess.PIPE, text=True)
    most = [0.0]
    watch = threading.Thread(target=_watch, args=(child, most))
    watch.start()
    said, _ = child.communicate()
    wall = time.perf_counter() - start
    watch.join()
    if child.returncode:
        raise SystemExit("the build failed")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Run(cities, wall, cpu, most[0], said.strip())


def _watch(child: subprocess.Popen[str], most: list[float]) -> None:
    while child.poll() is None:
        most[0] = max(most[0], sum(map(_resident, _family(child.pid))))
        time.sleep(0.2)


def _family(pid: int) -> list[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except OSError:
        return [pid]
    return [pid, *(one for child in children for one in _family(int(child)))]


def _resident(pid: int) -> float:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]) * resource.getpagesize() / 1e6
    except (OSError, IndexError):
        return 0


def plainly(data: Path, cities: int) -> float:
    """CPU seconds a city of the plain way: triples in hand → graph, pyshacl, rollups, three dumps."""
    records, _ = read_data(data, "data")
    shapes = rdflib.Graph().parse(data=validate.shapes_text("data"), format="turtle")
    texts = {name: one.text for name, one in query.load(BASE).items() if one.computes}
    rows = [plain.raw(city_graph(one, BASE)) for one in records[:cities]]
    start = time.process_time()
    for city in rows:
        graph = plain.graph_of(city)
        if not plain.validated(graph, shapes):
            raise SystemExit("the data do not conform")
        plain.rolled_up(graph, texts)
        plain.dumps(graph)
    return (time.process_time() - start) / cities


def asked(site: Path) -> list[str]:
    """A row for each question: its rows, and seconds the first time and again."""
    store, rows = opened(site), []
    for path in sorted((Path(__file__).parent / "country").glob("*.rq")):
        times, found = [], 0
        for _ in range(2):
            start = time.perf_counter()
            found = len(query.run(store, path.read_text(encoding="utf-8")).rows)
            times.append(time.perf_counter() - start)
        rows.append(f"| {path.stem.replace('_', ' ')} | {found:,} | {times[0]:.2f} | {times[1]:.2f} |")
    return rows


def table(asks: argparse.Namespace) -> str:
    """The results as Markdown."""
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(dir=asks.work) as name:
        folder = Path(name)
        shutil.copy(ROOT / "pledge_ld.toml", folder)
        for _ in synthetic.write(folder / "data", range(1, asks.cities + 1)):
            pass
        runs = [build(folder, cities, f"dumps-{cities}") for cities in (FEW, asks.cities)]
        other = plainly(folder / f"data-{FEW}", asks.plain_cities)
        lines = _builds(runs, other, asks.plain_cities, load)
        if not asks.no_store:
            stored = build(folder, asks.cities, "stored", "--store")
            lines += _stored(stored, runs[-1], asked(folder / "stored"))
    return "\n".join(lines)


def _builds(runs: list[Run], other: float, plain_cities: int, load: float) -> list[str]:
    few, many = runs
    growth = (many.cpu / many.cities) / (few.cpu / few.cities)
    rows = [
        f"| {one.cities:,} | {one.wall:.0f} | {one.cpu:.0f} | {one.cpu / one.cities:.3f} | {one.megabytes:.0f} |"
        for one in runs
    ]
    return [
        f"Measured with Python {platform.python_version()} on {os.cpu_count()} cores; load before it {load:.1f}.",
        "",
        "| municipalities, records to dumps | wall, s | CPU, s | CPU a city, s | memory of all processes, MB |",
        "|---|---:|---:|---:|---:|",
        *rows,
        "",
        (
            f"`{many.said}`. CPU a city at {many.cities:,} is {growth:.2f} of that at {few.cities}. "
            f"The plain way takes {other:.1f} CPU s a city (mean of {plain_cities}): "
            f"**{other / (many.cpu / many.cities):.0f} times** as much."
        ),
    ]


def _stored(stored: Run, dumps: Run, rows: list[str]) -> list[str]:
    return [
        "",
        (
            f"The store on the disk takes {stored.wall - dumps.wall:.0f} s more, {stored.megabytes:.0f} MB at most. "
            "Questions to it, opened for reading only:"
        ),
        "",
        "| question, over adopted scores | rows | first, s | again, s |",
        "|---|---:|---:|---:|",
        *rows,
    ]


def main() -> None:
    """Prints the results, and keeps them where asked to."""
    arguments = argparse.ArgumentParser(description="Measure a country of synthetic municipalities.")
    arguments.add_argument("--cities", type=int, default=1741)
    arguments.add_argument("--plain-cities", type=int, default=10)
    arguments.add_argument("--no-store", action="store_true")
    arguments.add_argument("--work", type=Path, default=None, help="where the folders are made, and removed again")
    arguments.add_argument("--write", action="store_true", help="keep the table in benchmarks/README.md")
    asks = arguments.parse_args()
    results = table(asks)
    print(results)
    if asks.write:
        keep("country", results)


if __name__ == "__main__":
    main()
