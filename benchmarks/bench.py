"""This build and a plain one, one after the other on the same data: CPU seconds, ratios and peak memory.

``make bench`` prints the table; ``python benchmarks/bench.py --write`` also keeps it in benchmarks/README.md.
Each side runs in a process of its own, whose imports are not counted; ratios of one run are what may be compared.
"""

from __future__ import annotations

import json
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from readme import keep

from pledge_ld import config, query, validate
from pledge_ld.graph import Context, Shortener, as_jsonld, as_ntriples, as_turtle
from pledge_ld.read import read_data
from pledge_ld.triple import city_graph

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "data"
BASE = "https://w3id.org/pledge-ld/"
RUNS = 5


class Clock:
    """CPU seconds by stage."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.last = time.process_time()

    def lap(self, stage: str) -> None:
        """The time since the last lap belongs to this stage."""
        now = time.process_time()
        self.seconds[stage] = now - self.last
        self.last = time.process_time()


def ours() -> dict[str, float]:
    """This build, stage by stage, in memory: everything but writing the files."""
    from pledge_ld import site  # noqa: PLC0415 - the other side's memory is measured without it
    from pledge_ld.publish import city_data  # noqa: PLC0415 - the other side's memory is measured without it

    settings = config.load(DATA)
    clock = Clock()
    cities, problems = read_data(DATA, "data")
    if problems:
        raise SystemExit(str(problems[0]))
    queries = query.load(BASE)
    built = [city_data(one, BASE, queries.values(), "shacl") for one in cities]
    clock.lap("records to validated and rolled-up triples")
    context, shorten = Context((ROOT / "ontology" / "context.jsonld").read_bytes()), Shortener(BASE)
    for city in built:
        if city.index is None:
            raise SystemExit("the data do not conform")
        as_ntriples(city.index.triples)
        as_turtle(city.index.triples, city.graph, shorten)
        as_jsonld(city.index.triples, city.graph, context)
    clock.lap("dumps")
    renderer = site.Renderer(settings)
    count = 0
    for city in built:
        index = city.index
        if index is None:
            continue
        documents = [one for one in index.by_document if one != city.graph]
        store = query.store_of([(city.graph, as_ntriples(index.triples))])
        answers = {name: query.run(store, queries[name].text) for name in site.ASKED}
        views = site.Views(index, BASE, site.told(answers, BASE))
        for page in site.city_pages(views, settings, documents, dump=site.Dump(city.folder, {}, ())):
            for language in site.LANGUAGES:
                renderer.render(page, language)
        for document in index.by_document:
            triples = list(index.document(document))
            as_turtle(triples, document, shorten)
            as_jsonld(triples, document, context)
            count += 1
    clock.lap("documents")
    return clock.seconds | {"count": count}


def plain() -> dict[str, float]:
    """The plain way, stage by stage, in memory."""
    import plain as script  # noqa: PLC0415 - the other side's memory is measured without it
    import rdflib  # noqa: PLC0415 - the other side's memory is measured without it

    cities, _ = read_data(DATA, "data")
    triples = [triple for city in cities for triple in city_graph(city, BASE)]
    rows = script.raw(triples)
    texts = {name: one.text for name, one in query.load(BASE).items() if one.computes}
    clock = Clock()
    graph = script.graph_of(rows)
    shapes = rdflib.Graph()
    for part in ("structure", "consistency"):
        shapes.parse(data=validate.shapes_text(part), format="turtle")
    if not script.validated(graph, shapes):
        raise SystemExit("the data do not conform")
    script.rolled_up(graph, texts)
    clock.lap("records to validated and rolled-up triples")
    script.dumps(graph)
    clock.lap("dumps")
    count = script.documents(triples)
    clock.lap("documents")
    return clock.seconds | {"count": count}


def run(side: str) -> dict[str, float]:
    """One side's figures, measured in a process of its own."""
    command = [sys.executable, __file__, "--side", side]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def command(folder: Path, out: str) -> tuple[float, float]:
    """The build command itself in a folder, as a user runs it: wall and CPU seconds."""
    start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    arguments = [sys.executable, "-m", "pledge_ld", "build", "--out", out]
    subprocess.run(arguments, check=True, capture_output=True, cwd=folder)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.perf_counter() - start, cpu


def commands() -> dict[str, tuple[float, float]]:
    """The command from nothing, with nothing to do, and with one action's text changed: the median of several runs.

    Nothing is deleted on the way: for seconds afterwards ext4 looks at each freed inode before it makes a file.
    """
    found: dict[str, list[tuple[float, float]]] = {"clean": [], "unchanged": [], "one record": []}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(DATA, folder / "data")
        shutil.copy(ROOT / "pledge_ld.toml", folder)
        actions = next((folder / "data").glob("*/*/actions/*.csv"))
        for number in range(RUNS):
            out = f"site-{number}"
            found["clean"].append(command(folder, out))
            found["unchanged"].append(command(folder, out))
            lines = actions.read_text(encoding="utf-8").splitlines(keepends=True)
            identifier, order, text, rest = lines[1].split(",", 3)
            lines[1] = f"{identifier},{order},{text}{number},{rest}"
            actions.write_text("".join(lines), encoding="utf-8")
            found["one record"].append(command(folder, out))
    return {kind: (median(wall for wall, _ in runs), median(cpu for _, cpu in runs)) for kind, runs in found.items()}


def table() -> str:
    """The results as Markdown."""
    times, mine, other = commands(), run("ours"), run("plain")
    dumps = "records to validated and rolled-up triples"
    path = (mine[dumps] + mine["dumps"], other[dumps] + other["dumps"])
    document = (mine["documents"] / mine["count"], other["documents"] / other["count"])
    rows = [
        (dumps, mine[dumps], other[dumps]),
        ("dumps (N-Triples, Turtle, JSON-LD)", mine["dumps"], other["dumps"]),
        ("**records to dumps**", *path),
        ("**a document** (ours: two pages, Turtle, JSON-LD; plain: one page, Turtle, JSON-LD)", *document),
    ]
    lines = [
        f"Measured with Python {platform.python_version()} on {os.cpu_count()} cores.",
        "",
        "| CPU seconds, in process, after imports | this build | plain | plain / this |",
        "|---|---:|---:|---:|",
        *(f"| {name} | {one:.4f} | {two:.4f} | {two / one:.1f} |" for name, one, two in rows),
        f"| peak memory of the process, MB | {mine['mb']:.0f} | {other['mb']:.0f} | {other['mb'] / mine['mb']:.1f} |",
        "",
        f"| `pledge-ld build`, the median of {RUNS} runs | wall, s | CPU, s | wall / clean |",
        "|---|---:|---:|---:|",
        *(
            f"| {kind} | {wall:.2f} | {cpu:.2f} | {wall / times['clean'][0]:.2f} |"
            for kind, (wall, cpu) in times.items()
        ),
    ]
    return "\n".join(lines)


def main() -> None:
    """Prints the results, and keeps them where asked to."""
    if "--side" in sys.argv:
        figures = {"ours": ours, "plain": plain}[sys.argv[-1]]()
        figures["mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps(figures))
        return
    results = table()
    print(results)
    if "--write" in sys.argv:
        keep("results", results)


if __name__ == "__main__":
    main()
