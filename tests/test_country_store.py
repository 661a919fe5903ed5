"""A store on the disk: what is asked of a whole country gives what the records say, one by one."""

from __future__ import annotations

import csv
import json
import os
import runpy
import shlex
import shutil
import socket
import subprocess
import sys
from collections import Counter, defaultdict
from fractions import Fraction
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest
from servers import Answer, Server, served, until

from pledge_ld.country import opened
from pledge_ld.query import run
from pledge_ld.term import BASE, PLEDGE, value_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

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


@pytest.fixture(scope="module")
def server(country: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server over these cities' store."""
    with served(country / "dumps", tmp_path_factory.mktemp("served") / "log", "--query-timeout=5") as one:
        yield one
        assert one.process.poll() is None, one.log.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def listener() -> Iterator[socket.socket]:
    """An address on this machine, where nobody answers."""
    with socket.create_server(("127.0.0.1", 0)) as one:
        one.settimeout(0.5)
        yield one


def over_http(server: Server, query: str, **more: str) -> Answer:
    """What the endpoint says to a query."""
    return server.host.ask(f"sparql?{urlencode({'query': query, **more})}", Accept="application/sparql-results+json")


def bindings(answer: Answer) -> list[dict[str, dict[str, str]]]:
    """The rows of an answer."""
    assert answer.status == 200, answer.body
    rows: list[dict[str, dict[str, str]]] = json.loads(answer.body)["results"]["bindings"]
    return rows


def visited(listener: socket.socket) -> bool:
    """Whether somebody has called there since it was last asked."""
    try:
        listener.accept()[0].close()
    except TimeoutError:
        return False
    return True


def processes_of(pid: int) -> list[int]:
    """The processes below one."""
    children = [one.read_text(encoding="ascii").split() for one in Path(f"/proc/{pid}/task").glob("*/children")]
    return [one for thread in children for child in map(int, thread) for one in (child, *processes_of(child))]


def open_in(pid: int) -> list[str]:
    """Where a process's descriptors lead."""
    return [os.readlink(one) for one in Path(f"/proc/{pid}/fd").iterdir()]  # noqa: PTH115 - some lead to no path


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


def means(rows: list[tuple[str, ...]]) -> dict[str, tuple[float, int]]:
    """Thing → mean and number."""
    assert len({thing for thing, _, _ in rows}) == len(rows)
    return {thing: (round(float(mean), 9), int(number)) for thing, mean, number in rows}


def test_the_mean_by_policy_is_that_of_the_records(store: ox.Store, country: Path, root: Path) -> None:
    """A join that loses or doubles a measure shows in no total."""
    found: dict[str, list[int]] = defaultdict(list)
    for city, folder in cities(country):
        for measure, stars in adopted_stars(folder).items():
            found[f"{city}/2022/policy/{measure.partition('-')[0]}"].append(stars)
    assert {one: (round(fmean(stars), 9), len(stars)) for one, stars in found.items()} == means(
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
    assert {one: (round(fmean(stars), 9), len(stars)) for one, stars in found.items()} == means(
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
    assert len(rows) == len(iris)


def test_figures_that_break_their_method_are_those_of_the_records(store: ox.Store, country: Path, root: Path) -> None:
    """A misprint that is found in one of ten cities must not be lost, nor found where there is none."""
    found = set()
    for city, folder in cities(country):
        printed = {row["thing"]: Fraction(row["percent"]) for row in table(folder, "*/scores/*.csv") if row["percent"]}
        for thing, percent in printed.items():
            kind, _, id_ = thing.partition("/")
            parts = [one for name, one in printed.items() if kind == "policy" and name.startswith(f"pledge/{id_}-")]
            if parts and abs(percent - sum(parts, Fraction()) / len(parts)) >= 1:
                found.add(f"{city}/2022/{thing}")
    assert {thing for thing, _, _ in asked(store, root, "figures_that_break_their_method")} == found
    assert len(found) == CITIES // 10


def test_the_server_asks_the_store_and_says_how_much_it_holds(server: Server, store: ox.Store, root: Path) -> None:
    """A country does not fit into each worker: it must not be loaded, and the answers must not change for that."""
    health = json.loads(server.host.ask("health").body)
    assert health["triples"] == len(store)
    for path in sorted((root / "benchmarks" / "country").glob("*.rq")):
        rows = bindings(over_http(server, path.read_text(encoding="utf-8")))
        expected = {frozenset(row) for row in asked(store, root, path.stem)}
        assert {frozenset(cell["value"] for cell in row.values()) for row in rows} == expected, path.stem


def test_a_graph_is_asked_alone_where_it_is_named(server: Server, store: ox.Store) -> None:
    """The union of all graphs is for those who name none."""
    graph = min(one.value for one in store.named_graphs())
    inside = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    counts = [
        int(bindings(answer)[0]["n"]["value"])
        for answer in (
            over_http(server, inside),
            over_http(server, inside, **{"default-graph-uri": graph}),
            over_http(server, inside.replace(" {", f" FROM <{graph}> {{", 1)),
            over_http(server, f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}"),
        )
    ]
    assert counts[0] == len(store)
    assert counts[1] == counts[2] == counts[3]
    assert 0 < counts[1] < counts[0]


def test_what_takes_too_long_or_too_much_ends_with_its_worker_alone(server: Server) -> None:
    """The bounds of memory and time are the same over a store on the disk."""
    everything = "{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    assert over_http(server, f"SELECT (COUNT(*) AS ?n) {everything}").status == 503
    assert over_http(server, f"SELECT ?a {everything} ORDER BY ?c ?f ?i LIMIT 1").status == 503
    assert over_http(server, "ASK { ?s ?p ?o }").status == 200


def test_nothing_gets_out_of_a_worker_with_a_store_open(country: Path, listener: socket.socket) -> None:
    """Files that are open must leave no room for a socket, also where nobody may leave the machine's network."""
    address = f"http://127.0.0.1:{listener.getsockname()[1]}/"
    script = (
        "import os, socket, sys, orjson\nfrom pathlib import Path\nimport pyoxigraph as ox\n"
        "from pledge_ld.serve.sparql import held, template\n"
        "text = f'ASK {{ SERVICE <{sys.argv[2]}> {{ ?s ?p ?o }} }}'\n"
        "if sys.argv[3] == 'free':\n"
        "    ox.Store().query(text)\n"
        "data = held.data_of(Path(sys.argv[1]), ())\n"
        "ours, theirs = socket.socketpair()\n"
        "if not os.fork():\n"
        "    os.dup2(theirs.fileno(), template.CONTROL)\n"
        "    template._begin(data, 512 << 20)\n"
        "theirs.close()\n"
        "def asked(text):\n"
        "    question = orjson.dumps(template.Question(text, 'json', 'u:x', None, None, 10, 9999, 5, True))\n"
        "    ours.sendall(template.LENGTH.pack(len(question)) + question)\n"
        "    return template._exactly(ours, template.LENGTH.unpack(template._exactly(ours, 4))[0])\n"
        "print(template.refused(asked(text)[1:]).status, asked('ASK { ?s ?p ?o }'))\n"
    )
    command = [sys.executable, "-c", script, str(country / "dumps"), address]
    done = subprocess.run([*command, "enclosed"], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == '403 b\'+{"head":{},"boolean":true}\''
    assert not visited(listener)
    # The same query by a process that is not enclosed does get there.
    with subprocess.Popen([*command, "free"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as free:
        until(lambda: visited(listener))
        free.kill()


def test_a_worker_has_no_number_free_below_its_bound(server: Server) -> None:
    """One hole among the store's files is a socket."""
    workers = [one for one in processes_of(server.process.pid) if any(name.endswith(".sst") for name in open_in(one))]
    assert workers
    for one in workers:
        limits = Path(f"/proc/{one}/limits").read_text(encoding="ascii")
        bound = next(line.split()[3] for line in limits.splitlines() if line.startswith("Max open files"))
        assert len(open_in(one)) == int(bound)


def test_a_store_with_more_files_than_may_be_open_is_told_at_the_start(country: Path, tmp_path: Path) -> None:
    """A file that is left out would be missed in the midst of an answer."""
    command = [sys.executable, "-m", "pledge_ld", "serve", str(country / "dumps"), "--port", "0"]
    script = ["bash", "-c", f"ulimit -n 90; exec {shlex.join(command)}"]
    done = subprocess.run(script, capture_output=True, text=True, timeout=60, check=False, cwd=tmp_path)
    assert done.returncode != 0
    assert "ulimit" in done.stderr


def test_files_beside_a_store_are_refused(country: Path, tmp_path: Path, cli: Callable[..., Run]) -> None:
    """An option that is passed over in silence is believed to have worked."""
    (tmp_path / "more.ttl").write_text("<u:a> <u:b> <u:c> .", encoding="utf-8")
    done = cli(tmp_path, "serve", str(country / "dumps"), "--port", "0", "--load", "more.ttl")
    assert done.code == 2
    assert "--load" in done.err


def test_a_new_store_takes_the_place_of_the_old_one(country: Path, tmp_path: Path, cli: Callable[..., Run]) -> None:
    """A server that must be told of each build answers from yesterday's."""
    (tmp_path / "data").mkdir()
    shutil.copy(country / "pledge_ld.toml", tmp_path)
    first, second, *_ = sorted((country / "data").iterdir())

    def built(one: Path) -> None:
        shutil.copytree(one, tmp_path / "data" / one.name)
        done = cli(tmp_path, "build", "--dumps-only", "--jobs", "1", "--store", "--out", "dumps")
        assert done.code == 0, done.err

    built(first)
    ask = f"ASK {{ <{BASE}zz/{second.name.split('-')[1]}> ?p ?o }}"
    with served(tmp_path / "dumps", tmp_path / "log") as server:
        assert b"false" in over_http(server, ask).body
        built(second)
        until(lambda: b"true" in over_http(server, ask).body)
