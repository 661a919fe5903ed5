"""Our server, Oxigraph's and rdflib-endpoint under the same load, one after the other on the same data, by wrk.

``python benchmarks/serve.py`` prints the table, with ``--write`` it is also kept in benchmarks/README.md. It needs wrk
(Debian's package of that name) and ``pip install -e '.[bench]'``. Only right answers (2xx, 3xx) are counted.
"""

from __future__ import annotations

import http.client
import os
import platform
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import pyoxigraph as ox
from readme import keep

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
SECONDS, CONNECTIONS, RUNS, HEAVY = 2, 4, 1, 4
ROWS = "application/sparql-results+json"
CARTESIAN = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
# Each request of a run asks for the next of the paths. With `fresh` none is asked for twice: no answer can be kept.
SCRIPT = """
local paths, fresh, n = {}, "%(fresh)s", 0
for line in io.lines("%(paths)s") do paths[#paths + 1] = line end
request = function()
  n = n + 1
  local path = paths[(n * 7919) %% #paths + 1]
  if fresh ~= "" then path = path .. "%%0A%%23" .. fresh .. n end
  return wrk.format("GET", path, {Accept = "%(accept)s"})
end
"""


@dataclass(frozen=True, slots=True)
class Found:
    """What one run of wrk found: right answers a second, and how long all but one in a hundred took."""

    rate: float
    p99: float


@dataclass(frozen=True, slots=True)
class Server:
    """A server to ask: its name, and where it takes queries."""

    name: str
    port: int
    endpoint: str


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def asked(port: int, path: str) -> int:
    """The status of the answer to one request."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        connection.request("GET", path)
        return connection.getresponse().status


@contextmanager
def running(name: str, endpoint: str, arguments: Sequence[str]) -> Iterator[Server]:
    """A server, from when it answers; PORT in its arguments stands for a free one."""
    port = free_port()
    command = [one.replace("PORT", str(port)) for one in arguments]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            for _ in range(300):
                time.sleep(0.1)
                with suppress(OSError):
                    asked(port, f"{endpoint}?query=ASK%7B%7D")
                    break
            else:
                raise SystemExit(f"{name} does not answer: {' '.join(command)}")
            yield Server(name, port, endpoint)
        finally:
            process.terminate()


def load(server: Server, folder: Path, paths: Sequence[str], *, fresh: bool = False, accept: str = ROWS) -> Found:
    """What comes of asking for these paths as fast as the server answers."""
    listed, script = folder / "paths.txt", folder / "load.lua"
    listed.write_text("".join(f"{one}\n" for one in paths), encoding="utf-8")
    found = []
    for run in range(RUNS):
        mark = f"{time.time_ns()}r{run}n" if fresh else ""
        script.write_text(SCRIPT % {"paths": listed, "fresh": mark, "accept": accept}, encoding="utf-8")
        command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "--latency", "-s", str(script)]
        done = subprocess.run(
            [*command, f"http://127.0.0.1:{server.port}/"], check=False, capture_output=True, text=True
        )
        found.append(read(done.stdout + done.stderr))
    return max(found, key=lambda one: one.rate)


def read(text: str) -> Found:
    """What wrk printed."""
    requests = re.search(r"(\d+) requests in ([\d.]+)(s|m)", text)
    wrong = re.search(r"Non-2xx or 3xx responses: (\d+)", text)
    slowest = re.search(r"99%\s+([\d.]+)(us|ms|s)", text)
    if not requests or not slowest:
        raise SystemExit(f"wrk printed:\n{text}")
    seconds = float(requests[2]) * (60 if requests[3] == "m" else 1)
    right = int(requests[1]) - (int(wrong[1]) if wrong else 0)
    return Found(right / seconds, float(slowest[1]) * {"us": 0.001, "ms": 1, "s": 1000}[slowest[2]])


@contextmanager
def heavy(server: Server) -> Iterator[None]:
    """Meanwhile, several visitors ask for what takes longer than anybody may, again and again."""
    stopped = threading.Event()

    def ask(visitor: int) -> None:
        number = 0
        while not stopped.is_set():
            number += 1
            with suppress(OSError):
                asked(server.port, f"{server.endpoint}?query={quote(f'{CARTESIAN} #{visitor}-{number}')}")
            time.sleep(0.1)

    visitors = [threading.Thread(target=ask, args=(one,), daemon=True) for one in range(HEAVY)]
    for one in visitors:
        one.start()
    time.sleep(1)
    try:
        yield
    finally:
        stopped.set()


def queries(site: Path, endpoint: str) -> tuple[list[str], list[str]]:
    """The paths of a look-up of each thing, and of the small rollup."""
    quads = ox.parse(path=str(site / "data" / "all.nq"))
    things = sorted({one.subject.value for one in quads if isinstance(one.subject, ox.NamedNode)})
    looked_up = [f"SELECT ?p ?o WHERE {{ <{one}> ?p ?o }}" for one in things]
    rollup = (ROOT / "queries" / "policy_progress.rq").read_text(encoding="utf-8")
    paths = [[f"{endpoint}?query={quote(one, safe='')}" for one in several] for several in (looked_up, [rollup])]
    return paths[0], paths[1]


def measured(site: Path, folder: Path) -> dict[str, dict[str, Found]]:
    """Kind of load → server → what it does under it."""
    dump, store = site / "data" / "all.nq", folder / "store"
    subprocess.run([BIN / "oxigraph", "load", "--location", store, "--file", dump], check=True, capture_output=True)
    found: dict[str, dict[str, Found]] = {}

    def note(kind: str, server: Server, result: Found) -> None:
        found.setdefault(kind, {})[server.name] = result
        print(f"{kind}: {server.name}: {result.rate:,.0f}/s, p99 {result.p99:.1f} ms", file=sys.stderr)

    def alike(name: str, endpoint: str, command: list[str]) -> None:
        """A server for each kind: Oxigraph's ends where one is asked for longer (it runs out of threads)."""
        looked_up, rollup = queries(site, endpoint)
        for kind, paths, fresh in (
            ("look-ups of each thing in turn", looked_up, False),
            ("look-ups, none asked for twice", looked_up, True),
            ("the small rollup", rollup, False),
            ("the small rollup, worded anew each time", rollup, True),
        ):
            with running(name, endpoint, command) as server:
                time.sleep(1)
                note(kind, server, load(server, folder, paths, fresh=fresh))

    ours = [str(BIN / "pledge-ld"), "serve", str(site), "--port", "PORT"]
    alike("ours", "/sparql", ours)
    with running("ours", "/sparql", ours) as mine:
        _, rollup = queries(site, mine.endpoint)
        with heavy(mine):
            kind = f"the small rollup, worded anew, beside {HEAVY} heavy queries"
            note(kind, mine, load(mine, folder, rollup, fresh=True))
        time.sleep(12)
        words = [f"/queries/text_search.csv?word={quote('子育て')}"]
        note("a saved query with a parameter", mine, load(mine, folder, words, accept="text/csv"))
        note("a saved query as it stands", mine, load(mine, folder, ["/queries/level_counts.csv"], accept="text/csv"))
        things = [one.with_suffix("") for one in sorted(site.glob("jp/*/*/measure/*.ttl"))]
        paths = [f"/{one.relative_to(site)}" for one in things]
        note("a thing's IRI (303)", mine, load(mine, folder, paths, accept="text/turtle"))
        note("its Turtle", mine, load(mine, folder, [f"{one}.ttl" for one in paths], accept="text/turtle"))
    oxigraph = [str(BIN / "oxigraph"), "serve-read-only", "--location", str(store), "--bind", "127.0.0.1:PORT"]
    alike("oxigraph", "/query", [*oxigraph, "--timeout-s", "10", "--union-default-graph"])
    rdflib = [str(BIN / "rdflib-endpoint"), "serve", "--host", "127.0.0.1", "--port", "PORT", str(dump)]
    alike("rdflib-endpoint", "/", rdflib)
    return found


def table(found: dict[str, dict[str, Found]]) -> str:
    """The results as Markdown."""
    how = f"{CONNECTIONS} connections, {SECONDS} s each"
    lines = [
        f"Measured with Python {platform.python_version()} on {os.cpu_count()} cores, wrk on the same machine, {how}.",
        "In brackets the time that 99 of 100 answers took at most.",
        "",
        "| right answers a second | ours | oxigraph | rdflib-endpoint | ours / oxigraph |",
        "|---|---:|---:|---:|---:|",
    ]
    for kind, by_server in found.items():
        cells = [
            f"{by_server[name].rate:,.0f} ({by_server[name].p99:.1f} ms)" if name in by_server else ""
            for name in ("ours", "oxigraph", "rdflib-endpoint")
        ]
        other = by_server.get("oxigraph")
        ratio = f"{by_server['ours'].rate / other.rate:.2f}" if other else ""
        lines.append(f"| {kind} | {' | '.join(cells)} | {ratio} |")
    return "\n".join(lines)


def main() -> None:
    """Prints the results, and keeps them where asked to."""
    for one in ("wrk", str(BIN / "oxigraph"), str(BIN / "rdflib-endpoint")):
        if not shutil.which(one):
            raise SystemExit(f"{one} is missing: apt-get install wrk; pip install -e '.[bench]'")
    with tempfile.TemporaryDirectory() as name:
        site = Path(name) / "site"
        command = [sys.executable, "-m", "pledge_ld", "build", "--out", str(site)]
        subprocess.run(command, check=True, capture_output=True, cwd=ROOT)
        results = table(measured(site, Path(name)))
    print(results)
    if "--write" in sys.argv:
        keep("server", results)


if __name__ == "__main__":
    main()
