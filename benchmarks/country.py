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
FEW, SOME = 100, 400
"""Smaller countries. What a city more costs is measured between two sizes: to start costs the same for all."""
FILL = (
    "import pathlib, sys; from pledge_ld.country.disk import fill; site = pathlib.Path(sys.argv[1]); "
    "print(fill(site, site / 'data' / 'all.nq'), 'statements')"
)


@dataclass(frozen=True, slots=True)
class Run:
    """What a command took: seconds of the clock, user and system seconds of all its processes, their most memory."""

    wall: float
    cpu: float
    megabytes: float
    load: float
    """Of the machine, before it."""
    said: str


def build(folder: Path, cities: int) -> Run:
    """The build command over the first so many cities."""
    data = folder / f"data-{cities}"
    data.mkdir(exist_ok=True)
    for one in sorted((folder / "data").iterdir())[:cities]:
        (data / one.name).symlink_to(one)
    return ran(folder, "-m", "pledge_ld", "build", "--dumps-only", "--data", data.name, "--out", f"dumps-{cities}")


def ran(folder: Path, *arguments: str) -> Run:
    """Python with these arguments, in a process of its own. All that it starts is waited for, and so counted."""
    before, load = resource.getrusage(resource.RUSAGE_CHILDREN), os.getloadavg()[0]
    start = time.perf_counter()
    child = subprocess.Popen([sys.executable, *arguments], cwd=folder, stdout=subprocess.PIPE, text=True)
    most = [0.0]
    watch = threading.Thread(target=_watch, args=(child, most))
    watch.start()
    said, _ = child.communicate()
    wall = time.perf_counter() - start
    watch.join()
    if child.returncode:
        raise SystemExit(f"{' '.join(arguments)} failed")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Run(wall, cpu, most[0], load, said.strip())


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
    """A row for each question: its rows, and seconds the first time and again, of the clock and of the processor."""
    store, rows = opened(site), []
    for path in sorted((Path(__file__).parent / "country").glob("*.rq")):
        times, found = [], 0
        for _ in range(2):
            start, used = time.perf_counter(), time.process_time()
            found = len(query.run(store, path.read_text(encoding="utf-8")).rows)
            times += [time.perf_counter() - start, time.process_time() - used]
        rows.append(f"| {path.stem.replace('_', ' ')} | {found:,} | {' | '.join(f'{one:.2f}' for one in times)} |")
    return rows


def table(asks: argparse.Namespace) -> str:
    """The results as Markdown."""
    with tempfile.TemporaryDirectory(dir=asks.work) as name:
        folder = Path(name)
        shutil.copy(ROOT / "pledge_ld.toml", folder)
        for _ in synthetic.write(folder / "data", range(1, asks.cities + 1)):
            pass
        sizes = sorted({*(one for one in (FEW, SOME) if one < asks.cities), asks.cities})
        runs = {cities: build(folder, cities) for cities in sizes}
        lines = _builds(runs)
        if asks.plain_cities:
            other = plainly(folder / f"data-{sizes[0]}", asks.plain_cities)
            most, city = runs[asks.cities], runs[asks.cities].cpu / asks.cities
            lines += [
                "",
                (
                    f"`{most.said}`. The plain way takes {other:.1f} CPU s a city (mean of {asks.plain_cities}): "
                    f"**{other / city:.0f} times** as much."
                ),
            ]
        if not asks.no_store:
            site = folder / f"dumps-{asks.cities}"
            lines += _stored(ran(folder, "-c", FILL, str(site)), asked(site))
    return "\n".join(lines)


def _builds(runs: dict[int, Run]) -> list[str]:
    rows = [
        f"| {n:,} | {one.wall:.0f} | {one.cpu:.0f} | {one.cpu / n:.3f} | {one.megabytes:.0f} | {one.load:.1f} |"
        for n, one in runs.items()
    ]
    return [
        f"Measured with Python {platform.python_version()} on {os.cpu_count()} cores.",
        "",
        "| municipalities, records to dumps | wall, s | CPU, s | CPU a city, s | memory of all, MB | load before |",
        "|---|---:|---:|---:|---:|---:|",
        *rows,
        *_growth(runs),
    ]


def _growth(runs: dict[int, Run]) -> list[str]:
    """What one city more costs between each two sizes, and what is left over for the start."""
    steps = [
        (few, many, (runs[many].cpu - runs[few].cpu) / (many - few))
        for few, many in zip(runs, list(runs)[1:], strict=False)
    ]
    if not steps:
        return []
    told = [f"from {few:,} to {many:,} a city more costs {cost:.3f} CPU s" for few, many, cost in steps]
    first, last = min(runs), max(runs)
    start = runs[first].cpu - first * steps[0][2]
    each = (runs[last].cpu / last) / (runs[first].cpu / first)
    return [
        "",
        (
            f"Growth, user and system time of all processes: {'; '.join(told)}; the last is "
            f"{steps[-1][2] / steps[0][2]:.2f} of the first. To start costs {start:.1f} CPU s at {first}; with it, CPU "
            f"a city at {last:,} is {each:.2f} of that at {first}."
        ),
    ]


def _stored(filled: Run, rows: list[str]) -> list[str]:
    return [
        "",
        (
            f"The store on the disk is filled with {filled.said} in {filled.wall:.0f} s ({filled.cpu:.0f} CPU s, "
            f"{filled.megabytes:.0f} MB at most, load {filled.load:.1f}). Questions to it, opened for reading only, "
            f"load {os.getloadavg()[0]:.1f}:"
        ),
        "",
        "| question, over adopted scores | rows | first, s | first, CPU s | again, s | again, CPU s |",
        "|---|---:|---:|---:|---:|---:|",
        *rows,
    ]


def main() -> None:
    """Prints the results, and keeps them where asked to."""
    arguments = argparse.ArgumentParser(description="Measure a country of synthetic municipalities.")
    arguments.add_argument("--cities", type=int, default=1741)
    arguments.add_argument("--plain-cities", type=int, default=10, help="0 leaves the plain way out")
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
