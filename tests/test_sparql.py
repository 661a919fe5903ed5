"""The endpoint over real HTTP: nothing that is asked kills it, reaches out of it or gets half an answer."""

from __future__ import annotations

import http.client
import http.server
import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote, urlencode

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdflib import Graph, Namespace
from rdflib.collection import Collection
from servers import served, until

from pledge_ld.serve.sparql.limits import cores

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdflib.term import Node

W3C = os.environ.get("PLEDGE_LD_W3C")
DEADLINE = 2.0
PROBLEM = "application/problem+json"
FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"
MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
HT = Namespace("http://www.w3.org/2011/http#")
CNT = Namespace("http://www.w3.org/2011/content#")
SD = "http://www.w3.org/ns/sparql-service-description#"


class Reply(NamedTuple):
    """What came back, and after how long."""

    status: int
    headers: dict[str, str]
    body: bytes
    seconds: float


class Server(NamedTuple):
    """`pledge-ld serve`, as a process of its own."""

    port: int
    process: subprocess.Popen[bytes]

    def send(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Reply:
        """The reply to one request on a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        start = time.monotonic()
        try:
            connection.request(method, path, body, {key.replace("_", "-"): one for key, one in headers.items()})
            found = connection.getresponse()
            content = found.read()
        finally:
            connection.close()
        named = {key.lower(): value for key, value in found.getheaders()}
        return Reply(found.status, named, content, time.monotonic() - start)

    def ask(self, query: str, accept: str = "*/*", **parameters: str) -> Reply:
        """The reply to a query by POST."""
        form = urlencode({"query": query, **parameters}).encode()
        return self.send("POST", "/sparql", form, content_type=FORM, accept=accept)


@contextmanager
def running(site: Path, *options: str) -> Iterator[Server]:
    """A server that answers, until the test is done with it."""
    with TemporaryDirectory() as folder, served(site, Path(folder) / "log", *options) as one:
        yield Server(one.host.port, one.process)
        assert one.process.poll() is None, one.log.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def server(site: Path) -> Iterator[Server]:
    """The endpoint over the repository's own city."""
    with running(site, "--query-timeout", str(DEADLINE)) as one:
        yield one


@pytest.fixture(scope="module")
def listener() -> Iterator[tuple[str, list[str]]]:
    """An address on this machine, and what has asked for it."""
    hits: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            """Note the visit."""
            hits.append(self.path)
            self.send_response(404)
            self.end_headers()

        do_POST = do_GET  # noqa: N815 - the library's name

        def log_message(self, *_arguments: Any) -> None:
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as one:
        threading.Thread(target=one.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{one.server_port}/", hits
        one.shutdown()


def is_problem(reply: Reply) -> bool:
    """Whether a reply is a whole problem in both languages that says its own status."""
    content = json.loads(reply.body)
    bilingual = all(" / " in content[key] for key in ("title", "detail"))
    retry = reply.status not in {429, 503} or int(reply.headers["retry-after"]) > 0
    return reply.headers["content-type"] == PROBLEM and content["status"] == reply.status and bilingual and retry


def doubling(times: int) -> str:
    """A text that is doubled again and again."""
    binds = "".join(f"BIND(CONCAT(?x{one}, ?x{one}) AS ?x{one + 1})" for one in range(times))
    return f'SELECT (STRLEN(?x{times}) AS ?n) {{ BIND("aaaaaaaaaa" AS ?x0) {binds} }}'


TWO, THREE = "?a ?b ?c. ?d ?e ?f.", "?a ?b ?c. ?d ?e ?f. ?g ?h ?i."
HOSTILE = {
    "braces 2,200": "ASK " + "{" * 2_200 + "}" * 2_200,
    "braces 20,000": "ASK " + "{" * 20_000 + "}" * 20_000,
    "parentheses 4,700": "ASK { FILTER" + "(" * 4_700 + "1" + ")" * 4_700 + "}",
    "parentheses 50,000": "ASK { FILTER" + "(" * 50_000 + "1" + ")" * 50_000 + "}",
    "EXISTS 1,000": "ASK {" + "FILTER EXISTS {" * 1_000 + "}" * 1_000 + "}",
    "functions 1,000": "ASK { FILTER(" + "STR(" * 1_000 + "1" + ")" * 1_000 + ") }",
    "not 9,500": "ASK { FILTER(" + "!" * 9_500 + "true) }",
    "union 6,700": "ASK { {}" + " UNION {}" * 6_700 + "}",
    "or 50,000": "ASK { FILTER(true" + " || true" * 50_000 + ") }",
    "path nested": "ASK { ?s " + "(" * 14_000 + "<u:p>" + ")*" * 14_000 + " ?o }",
    "path long": "ASK { ?s <u:p>" + "/<u:p>" * 5_000 + " ?o }",
    "joins 900": "ASK {" + "".join(f"?a{one} ?p ?a{one + 1} ." for one in range(900)) + "}",
    "path wide": "SELECT (COUNT(*) AS ?n) { ?s (!<u:p>|^!<u:p>)*/(!<u:p>|^!<u:p>)+ ?o . ?o (!<u:p>|^!<u:p>)+ ?x }",
    "concat 40": doubling(40),
    "cartesian": f"SELECT (COUNT(*) AS ?n) {{ {THREE} }}",
    "order by": f"SELECT * {{ {TWO} }} ORDER BY ?c ?f",
    "distinct": f"SELECT (COUNT(*) AS ?n) {{ SELECT DISTINCT * {{ {TWO} }} }}",
    "group_concat": f"SELECT (GROUP_CONCAT(?c) AS ?all) {{ {THREE} }}",
    "all rows": f"SELECT * {{ {TWO} }}",
    "rows of nothing": f"SELECT ?none {{ {TWO} }}",
    "all triples": f"CONSTRUCT {{ ?a ?e ?f }} {{ {TWO} }}",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_no_query_kills_the_endpoint(server: Server, name: str) -> None:
    """A query of 4 kB ends the engine's process, and with it the answers to everybody."""
    reply = server.ask(HOSTILE[name])
    assert reply.status in {400, 413, 503}, reply.body[:300]
    assert is_problem(reply)
    assert reply.seconds <= DEADLINE + 0.5
    after = server.ask("ASK {}")
    assert (after.status, after.seconds < 1) == (200, True)


PATTERNS = {
    "nested plus": ("a" * 5_000 + "!", "^(a+)+$"),
    "nested star": ("a" * 5_000 + "!", "^((a*)*)*$"),
    "alternatives": ("a" * 5_000 + "!", "^(a|aa|a)+$"),
    "dots": ("x" * 5_000, "(.*)(.*)(.*)(.*)(.*)(.*)(.*)(.*)(.*)(.*)[^x]"),
    "mail address": ("a" * 5_000, r"^([a-zA-Z0-9])(([\\-.]|[_]+)?([a-zA-Z0-9]+))*(@)$"),
    "optional": ("a" * 1_000, "^" + "a?" * 1_000 + "a" * 1_000 + "$"),
    "counted": ("a" * 5_000, "^((a{1,100}){1,100}){1,100}$"),
    "counted many": ("a", "((((((((a{1,50}){1,50}){1,50}){1,50}){1,50}){1,50}){1,50}){1,50})"),
    "letters": ("é" * 2_000, r"^(\\p{L}{1,500}){1,500}$"),
    "brackets": ("a", "(" * 5_000 + "a" + ")" * 5_000),
    "step back": ("a" * 500, r"^(a+)\\1+b$"),
}


@pytest.mark.parametrize("name", PATTERNS)
@pytest.mark.parametrize("call", ["REGEX({})", 'REPLACE({}, "$1$1") = ""'])
def test_a_catastrophic_pattern_keeps_nobody_waiting(server: Server, name: str, call: str) -> None:
    """An engine of patterns that steps back is busy for years, one that unrolls them takes all the memory."""
    text, pattern = PATTERNS[name]
    arguments = f'CONCAT(STR(?s), "{text}"), "{pattern}"'
    said = call.format(arguments) if call.startswith("REGEX") else call.replace("{}", arguments)
    reply = server.ask(f"SELECT (COUNT(*) AS ?n) {{ ?s ?p ?o FILTER({said}) }}")
    assert reply.status == 200 or (reply.status in {400, 413, 503} and is_problem(reply)), reply.body[:300]
    assert reply.seconds <= DEADLINE + 0.5
    after = server.ask("ASK {}")
    assert (after.status, after.seconds < 1) == (200, True)


SPELLINGS = (
    "ASK { SERVICE <%s> { ?s ?p ?o } }",
    "ASK { sErViCe<%s>{ ?s ?p ?o } }",
    "ASK { SERVICE SILENT <%s> { ?s ?p ?o } }",
    "ASK { SERVICESILENT<%s> { ?s ?p ?o } }",
    "ASK { SERVICE#c\n<%s> { ?s ?p ?o } }",
    "PREFIX x: <%s> ASK { SERVICE x:sparql { ?s ?p ?o } }",
    "PREFIX : <%s> ASK { SERVICE:x { ?s ?p ?o } }",
    "PREFIX x: <%s> ASK { SERVICEx:y { ?s ?p ?o } }",
    "PREFIX : <%s> ASK { ?s ?p true.SERVICE:x { ?s ?p ?o } }",
    "ASK { ?s ?p trueSERVICE<%s>{ ?s ?p ?o } }",
    "ASK { FILTER(1<2#>'''\n) SERVICE <%s> { ?s ?p ?o } #'''\n }",
    "ASK { FILTER(1<<http://x#>)SERVICE<%s>{ ?s ?p ?o } \n }",
    "ASK { FILTER(1<'a>2)SERVICE<%s>{ ?s ?p ?o } FILTER(1 = 1) #' }\n }",
    "ASK { VALUES ?e { <%s> } SERVICE ?e { ?s ?p ?o } }",
    "ASK { { SELECT * { SERVICE <%s> { ?s ?p ?o } } } }",
    "ASK { FILTER EXISTS { SERVICE <%s> { ?s ?p ?o } } }",
    r"ASK { \u0053ERVICE <%s> { ?s ?p ?o } }",
    "LOAD <%s>",
    "load silent <%s> into graph <u:g>",
    "ASK FROM <%s> { ?s ?p ?o }",
    "ASK FROM NAMED <%s> { GRAPH ?g { ?s ?p ?o } }",
    "DESCRIBE <%s>",
    "BASE <%s> DESCRIBE <x>",
)


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_nothing_gets_out(server: Server, listener: tuple[str, list[str]], spelling: str) -> None:
    """A public endpoint that fetches is a way into its owner's network."""
    address, hits = listener
    query = spelling.replace("%s", address)
    reply = server.ask(query)
    only_selects = "FROM" in spelling or "DESCRIBE" in spelling
    assert reply.status in ({200} if only_selects else {400, 403})
    assert only_selects or is_problem(reply)
    server.ask("ASK {}", **{"default-graph-uri": address, "named-graph-uri": address})
    server.send("POST", "/sparql", f'{{"@context": "{address}"}}'.encode(), content_type="application/ld+json")
    server.send("POST", "/sparql", urlencode({"update": query}).encode(), content_type=FORM)
    assert hits == []


def test_nothing_gets_out_of_a_worker_that_was_handed_service(site: Path, listener: tuple[str, list[str]]) -> None:
    """The guard reads text, and may be fooled one day: then the worker itself has no way out."""
    address, hits = listener
    script = (
        "import asyncio, sys\nfrom pathlib import Path\n"
        "from pledge_ld.serve.sparql.limits import Limits\nfrom pledge_ld.serve.sparql.refusal import Refusal\n"
        "from pledge_ld.serve.sparql.template import Question\nfrom pledge_ld.serve.sparql.workers import Pool\n"
        "async def main():\n"
        "    pool = await Pool.start(Path(sys.argv[1]), (), Limits())\n"
        "    text = f'ASK {{ SERVICE <{sys.argv[2]}> {{ ?s ?p ?o }} }}'\n"
        "    try:\n"
        "        print(await pool.ask(Question(text, 'json', 'u:x', None, None, 10, 999, 5), ''))\n"
        "    except Refusal as refusal:\n"
        "        print(refusal.status)\n"
        "    pool.kill()\n"
        "asyncio.run(main())\n"
    )
    command = [sys.executable, "-c", script, str(site), address]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=True)
    assert (done.stdout.strip(), hits) == ("403", [])


def test_a_worker_without_a_network_of_its_own_opens_no_socket(listener: tuple[str, list[str]]) -> None:
    """Where the system lets nobody leave its network, the bound on descriptors alone must hold."""
    address, hits = listener
    script = (
        "import os, socket, sys, orjson\nimport pyoxigraph as ox\nfrom pledge_ld.serve.sparql import template\n"
        "store, text = ox.Store(), f'ASK {{ SERVICE <{sys.argv[1]}> {{ ?s ?p ?o }} }}'\n"
        "if sys.argv[2] == 'free':\n"
        "    store.query(text)\n"
        "ours, theirs = socket.socketpair()\n"
        "if not os.fork():\n"
        "    os.dup2(theirs.fileno(), template.CONTROL)\n"
        "    template._work(store, 3, 512 << 20)\n"
        "theirs.close()\n"
        "question = orjson.dumps(template.Question(text, 'json', 'u:x', None, None, 10, 999, 5))\n"
        "ours.sendall(template.LENGTH.pack(len(question)) + question)\n"
        "answer = template._exactly(ours, template.LENGTH.unpack(template._exactly(ours, 4))[0])\n"
        "print(template.refused(answer[1:]).status)\n"
    )
    command = [sys.executable, "-c", script, address]
    done = subprocess.run([*command, "enclosed"], capture_output=True, text=True, timeout=30, check=True)
    assert (done.stdout.strip(), hits) == ("403", [])
    # The same query by a process that is not enclosed does get there.
    subprocess.run([*command, "free"], capture_output=True, timeout=30, check=False)
    assert len(hits) == 1
    hits.clear()


@pytest.mark.parametrize(
    "query",
    [
        'ASK { FILTER(STRLEN("SERVICE <http://x>") > 1) }',
        "# SERVICE <http://x> { }\nASK {}",
        "PREFIX SERVICE: <u:> PREFIX load: <u:> ASK { FILTER NOT EXISTS { SERVICE:x load:y ?o } }",
        "ASK { FILTER NOT EXISTS { ?service <http://example.org/SERVICE#insert> '''it's SERVICE''' } }",
        r'ASK { FILTER("\u0053ERVICE \" SERVICE" != "INSERT DATA") }',
    ],
)
def test_the_word_alone_does_no_harm(server: Server, query: str) -> None:
    """Whoever searches for the text SERVICE is refused."""
    reply = server.ask(query)
    assert (reply.status, json.loads(reply.body)["boolean"]) == (200, True)


def test_a_visitor_who_hangs_up_frees_the_worker(server: Server) -> None:
    """Abandoned queries go on for hours and take the machine's time."""
    with socket.create_connection(("127.0.0.1", server.port)) as one:
        query = quote(HOSTILE["cartesian"])
        before = ticks(server.process.pid)
        one.sendall(f"GET /sparql?query={query} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        # Each process by itself: one that has ended in between takes its time with it.
        until(lambda: any(used > before.get(pid, 0) for pid, used in ticks(server.process.pid).items()), 2)
        time.sleep(0.5)
    time.sleep(0.5)
    assert busy(server.process.pid) == 0
    server.ask(HOSTILE["cartesian"])
    time.sleep(0.2)
    assert busy(server.process.pid) == 0


def test_a_heavy_query_that_is_left_alone_ends(server: Server) -> None:
    """A visitor who closes the window leaves work behind that nobody waits for."""
    query = urlencode({"query": HOSTILE["cartesian"]}).encode()
    head = f"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Type: {FORM}\r\nContent-Length: {len(query)}\r\n\r\n"
    start = time.monotonic()
    with socket.create_connection(("127.0.0.1", server.port)) as one:
        one.sendall(head.encode() + query)
        until(lambda: slow_ones(server) == 1, DEADLINE)
    until(lambda: slow_ones(server) == 0, 1)
    time.sleep(max(0.0, start + DEADLINE + 1 - time.monotonic()))
    assert busy(server.process.pid) == 0
    # As many as may be idle: none has stayed that does anything.
    until(lambda: len(workers_of(server.process.pid)) <= 2 * cores(), 5)


def slow_ones(server: Server) -> int:
    """How many workers are in the slow lane: those that run, and that anybody else's work comes before."""
    found = 0
    for pid in workers_of(server.process.pid):
        with suppress(OSError):
            fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
            found += fields[0] != "Z" and fields[16] == "19"
    return found


def busy(pid: int) -> float:
    """Seconds of processor time that the processes below this one use in half a second, beyond its own idling."""
    before = ticks(pid)
    time.sleep(0.5)
    return max(0.0, sum(max(0, now - before.get(one, now)) for one, now in ticks(pid).items()) / 100 - 0.05)


def ticks(pid: int) -> dict[int, int]:
    """The processor time of each process below this one."""
    if not Path("/proc/self/stat").exists():
        pytest.skip("only Linux tells the time of each process in /proc")
    parents, used = {}, {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:
            continue
        one = int(path.parent.name)
        parents[one], used[one] = int(fields[1]), int(fields[11]) + int(fields[12])
    below = {pid}
    while more := {one for one, parent in parents.items() if parent in below} - below:
        below |= more
    return {one: used[one] for one in below if one != pid}


def test_light_queries_do_not_wait_behind_heavy_ones(server: Server) -> None:
    """One visitor's heavy queries are everybody's standstill."""
    with ThreadPoolExecutor(4) as visitors:
        heavy = [visitors.submit(server.ask, HOSTILE["cartesian"]) for _ in range(4)]
        time.sleep(1.2)
        times = [server.ask("ASK { ?s ?p ?o }").seconds for _ in range(20)]
        assert max(times) < 0.5
        assert {one.result().status for one in heavy} == {503}


def test_a_full_queue_says_when_to_come_again(site: Path) -> None:
    """Requests pile up until the server has no memory left."""
    options = "--query-timeout=3", "--workers=1", "--slow-workers=1", "--max-waiting=1"
    with running(site, *options) as one, ThreadPoolExecutor(8) as many:
        replies = list(many.map(lambda _: one.ask(HOSTILE["cartesian"]), range(8)))
        assert {reply.status for reply in replies} == {429, 503}
        assert all(is_problem(reply) for reply in replies)
        assert one.ask("ASK {}").status == 200


def test_a_worker_that_is_killed_is_replaced(server: Server) -> None:
    """A worker killed by the system is missing for good."""
    found = workers_of(server.process.pid)
    assert found
    for pid in found:
        os.kill(pid, 9)
    time.sleep(0.3)
    assert server.ask("ASK {}").status == 200


def workers_of(pid: int) -> list[int]:
    """The workers: children of the template, which is the server's only child."""
    children: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(path.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[1])
        except OSError:
            continue
        children.setdefault(parent, []).append(int(path.parent.name))
    return [worker for template in children.get(pid, []) for worker in children.get(template, [])]


def test_a_new_build_is_taken_up(site: Path, tmp_path: Path) -> None:
    """The endpoint tells yesterday's figures until somebody restarts it."""
    copy = tmp_path / "public"
    shutil.copytree(site, copy)
    data = copy / "data" / "all.nq"
    with running(copy) as one:
        query = "ASK { <u:new> <u:p> 1 }"
        assert json.loads(one.ask(query).body)["boolean"] is False
        graph = data.read_text(encoding="utf-8").splitlines()[0].rsplit(" ", 2)[1]
        new = tmp_path / "new"
        new.write_text(f'<u:new> <u:p> "1"^^<http://www.w3.org/2001/XMLSchema#integer> {graph} .\n', encoding="utf-8")
        new.replace(data)
        until(lambda: json.loads(one.ask(query).body)["boolean"] is True, 10)


ROWS = ("application/sparql-results+json", "application/sparql-results+xml", "text/csv", "text/tab-separated-values")
TRIPLES = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/ld+json": ox.RdfFormat.JSON_LD,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
}


@pytest.mark.parametrize("media", ROWS)
def test_rows_and_truth_come_in_every_form(server: Server, media: str) -> None:
    """A tool that reads only one of the four standard forms cannot ask."""
    rows = server.ask("SELECT ?s { ?s a ?c } LIMIT 3", media)
    truth = server.ask("ASK { ?s ?p ?o }", media)
    assert rows.headers["content-type"].split(";")[0] == truth.headers["content-type"].split(";")[0] == media
    if media == "text/csv":
        assert rows.body.count(b"\r\n") == 4
    else:
        form = ox.QueryResultsFormat.from_media_type(media)
        found = ox.parse_query_results(rows.body, form)
        assert isinstance(found, ox.QuerySolutions)
        assert len(list(found)) == 3
    assert b"true" in truth.body


@pytest.mark.parametrize("media", TRIPLES)
def test_graphs_come_in_every_form(server: Server, media: str) -> None:
    """A tool that reads only one of the forms of RDF cannot ask."""
    for query in ("CONSTRUCT WHERE { ?s a ?o }", "DESCRIBE <https://w3id.org/pledge-ld/jp/012131>"):
        reply = server.ask(query, media)
        assert reply.headers["content-type"].split(";")[0] == media
        assert len(list(ox.parse(reply.body, TRIPLES[media]))) > 5


def test_what_cannot_be_had_is_refused_before_it_is_computed(server: Server) -> None:
    """A picture of a table is computed for ten seconds and then not sent, or sent as something else."""
    reply = server.ask(HOSTILE["cartesian"], "image/png")
    assert (reply.status, reply.seconds < 1, is_problem(reply)) == (406, True, True)
    reply = server.ask(r'SELECT ("\u000B" AS ?x) {}', "application/sparql-results+xml")
    assert (reply.status, is_problem(reply)) == (406, True)


def test_too_large_is_refused_and_not_cut(server: Server) -> None:
    """A cut answer that looks whole makes wrong figures."""
    for media in ROWS:
        assert server.ask(f"SELECT ?a {{ {TWO} }} LIMIT 10000", media).status == 200
        reply = server.ask(f"SELECT ?a {{ {TWO} }} LIMIT 10001", media)
        assert (reply.status, is_problem(reply)) == (413, True)
    long = server.ask("#" * (1 << 20) + "\nASK {}")
    assert (long.status, is_problem(long)) == (413, True)
    address = server.send("POST", "/sparql", b"x" * 20_000_000, content_type=DIRECT)
    assert (address.status, is_problem(address)) == (413, True)


def test_graphs_that_are_not_held_are_empty(server: Server) -> None:
    """A graph's name is taken for an address or a file to read."""
    for name in ("file:///etc/passwd", "http://example.org/none"):
        assert json.loads(server.ask(f"ASK FROM <{name}> {{ ?s ?p ?o }}").body)["boolean"] is False
        assert json.loads(server.ask("ASK { ?s ?p ?o }", **{"default-graph-uri": name}).body)["boolean"] is False
    assert server.ask("ASK {}", **{"default-graph-uri": "no iri"}).status == 400


def test_the_description_names_what_is_there(server: Server, site: Path) -> None:
    """A client cannot find out which graphs there are, or is promised what is refused."""
    for media, form in TRIPLES.items():
        reply = server.send("GET", "/sparql", accept=media)
        triples = [quad.triple for quad in ox.parse(reply.body, form)]
        assert not [one for one in triples if isinstance(one.subject, ox.BlankNode)]
        said = {(one.predicate.value.removeprefix(SD), one.object.value) for one in triples}
        assert ("supportedLanguage", f"{SD}SPARQL11Query") in said
        assert f"{SD}BasicFederatedQuery" not in {value for _, value in said}
        held = (site / "data" / "all.nq").read_text(encoding="utf-8").splitlines()
        assert {value for name, value in said if name == "name"} == {one.rsplit(" ", 2)[1][1:-1] for one in held}


def test_a_browser_gets_a_page_without_scripts(server: Server) -> None:
    """A person who opens the endpoint sees data for machines, or a page that is empty without scripts."""
    html = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    page = server.send("GET", "/sparql?start=text_search", accept=html, accept_language="en")
    assert b"<textarea" in page.body
    assert "ゼロカーボン".encode() in page.body
    assert b"<script" not in page.body
    query = quote("SELECT ?x { VALUES ?x { '<script>alert(1)</script>' <javascript:alert(1)> } }")
    answer = server.send("GET", f"/sparql?query={query}&lang=ja", accept=html)
    assert b"<script" not in answer.body
    assert b'href="javascript' not in answer.body
    assert b"format=csv" in answer.body
    assert b'lang="ja"' in answer.body
    assert b"&lt;http" in server.send("GET", f"/sparql?query={quote('CONSTRUCT WHERE {?s a ?o}')}", accept=html).body


def test_an_answer_that_varies_is_made_anew(server: Server) -> None:
    """Whoever asks for a random row, or for the time, gets what somebody else got an hour ago."""
    for function in ("UUID()", "struuid ()", "RAND()", "NOW()"):
        path = f"/sparql?query={quote(f'SELECT ({function} AS ?x) {{}}')}"
        assert server.send("GET", path).body != server.send("GET", path).body
    steady = f"/sparql?query={quote('SELECT (COUNT(*) AS ?now) { ?s ?p ?o }')}"
    assert server.send("GET", steady).body == server.send("GET", steady).body


def test_saved_queries_are_an_api(server: Server, site: Path) -> None:
    """A spreadsheet cannot fetch an answer with another word, or fetches it again though nothing has changed."""
    whole = server.send("GET", "/queries/text_search.csv")
    assert whole.body == (site / "queries" / "text_search.csv").read_bytes()
    path = f"/queries/text_search.csv?word={quote('子育て')}"
    one = server.send("GET", path)
    assert "子育て".encode() in one.body
    again = server.send("GET", path, if_none_match=one.headers["etag"])
    assert (again.status, again.body, again.headers["etag"]) == (304, b"", one.headers["etag"])
    rows = json.loads(server.send("GET", path.replace(".csv", ".json")).body)["results"]["bindings"]
    assert len(rows) == one.body.count(b"\n") - 1


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/queries/none.csv", 404),
        ("/queries/none.csv?a=1", 404),
        ("/queries/text_search.csv?wrod=a", 400),
        ("/queries/text_search.csv?word=a&word=b", 400),
        (f"/queries/text_search.json?word={quote('x' * 5 + chr(34) + ' } SERVICE <http://x> {')}", 200),
    ],
)
def test_a_wrong_parameter_is_named(server: Server, path: str, status: int) -> None:
    """A misspelt parameter is ignored and the default's answer taken for the right one."""
    reply = server.send("GET", path)
    assert reply.status == status
    assert status == 200 or is_problem(reply)


def test_every_saved_query_is_described(server: Server, site: Path) -> None:
    """A program that reads OpenAPI does not find a query or its parameters."""
    document = json.loads(server.send("GET", "/openapi.json").body)
    names = {path.stem for path in (site / "queries").glob("*.rq")}
    assert set(document["paths"]) == {f"/queries/{name}.{form}" for name in names for form in ("csv", "json")}
    word = document["paths"]["/queries/text_search.csv"]["get"]["parameters"][0]
    assert (word["name"], word["schema"]["default"]) == ("word", "ゼロカーボン")


PIECES = [
    *"{}()[]<>!|&/^*+?.,;@#=-\"'\\ \n", "<u:p>", "?s ", "?o", "SELECT ", "ASK", "*", "WHERE", "UNION",
    "OPTIONAL", "FILTER",
    "BIND(", " AS ", "VALUES", "GRAPH ", "FROM ", "SERVICE ", "'''", '"""', "a:b", ":", "1.5e3", "true", "COUNT(*)",
    "GROUP BY ", "ORDER BY ", "LIMIT 1", "REGEX(", "EXISTS", "{ ?s ?p ?o }", "CONSTRUCT ", "DESCRIBE ",
    "INSERT ", "\\u0041",
    "施策", "\u3000", "\x00", "@en", "^^", "<<(", ")>>", "\ufeff", "PREFIX a: <u:>", "SELECT * { ?s ?p ?o } ",
]  # fmt: skip
QUERIES = st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=30).map("".join)
FUZZ = settings(deadline=None, suppress_health_check=list(HealthCheck), database=None)


def fuzzed(server: Server, query: str) -> None:
    """Ask what no person would, and hold the answer to be well-formed."""
    reply = server.ask(query.encode("utf-8", "replace").decode())
    assert reply.status == 200 or is_problem(reply), (reply.status, reply.body[:200])
    assert reply.status in {200, 400, 403, 406, 413, 503}


@settings(FUZZ, max_examples=200)
@given(query=QUERIES)
def test_no_text_breaks_the_endpoint(server: Server, query: str) -> None:
    """Some text that nobody thought of is answered with a server's error, or with nothing."""
    fuzzed(server, query)


@pytest.mark.long
@settings(FUZZ, max_examples=20_000)
@given(query=QUERIES)
def test_no_text_of_very_many_breaks_the_endpoint(server: Server, query: str) -> None:
    """The same, with the patience that a rare text needs."""
    fuzzed(server, query)


class Exchange(NamedTuple):
    """A request of the protocol's tests and what must come back."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes | None
    statuses: frozenset[str]
    form: str
    boolean: str


def protocol() -> dict[str, list[Exchange]]:
    """Every test of the W3C's suite by name."""
    if not W3C:
        return {}
    graph = Graph().parse(Path(W3C) / "sparql11-protocol-manifest.ttl")
    found = {}
    for test in Collection(graph, next(graph.objects(None, MF.entries))):
        requests = graph.value(graph.value(test, MF.action), HT.requests)
        assert requests is not None
        found[str(test).rpartition("#")[2]] = [exchange(graph, one) for one in Collection(graph, requests)]
    return found


def exchange(graph: Graph, node: Node) -> Exchange:
    """One request of the suite."""
    headers = {}
    listed = graph.value(node, HT.headers)
    for one in Collection(graph, listed) if listed else ():
        headers[str(graph.value(one, HT.fieldName))] = str(graph.value(one, HT.fieldValue))
    content = graph.value(node, HT.body)
    body = None
    if content is not None:
        coding = str(graph.value(content, CNT.characterEncoding) or "utf-8")
        body = str(graph.value(content, CNT.chars)).encode(coding)
    response = graph.value(node, HT.resp)
    return Exchange(
        str(graph.value(node, HT.methodName)),
        str(graph.value(node, HT.absolutePath)),
        headers,
        body,
        frozenset(str(one)[-3] for one in graph.objects(response, MF.expectedStatus)),
        str(graph.value(response, MF.expectedFormat) or ""),
        str(graph.value(response, MF.expectedBoolean) or ""),
    )


PROTOCOL = protocol()


@pytest.fixture(scope="module")
def suite(site: Path) -> Iterator[Server]:
    """The endpoint with the graphs that the suite asks for."""
    if not W3C:
        pytest.skip("PLEDGE_LD_W3C does not name the folder of the W3C's SPARQL 1.1 Protocol tests")
    with running(site, "--load", str(Path(W3C) / "sparql11-protocol-data.nq")) as one:
        yield one


@pytest.mark.parametrize("name", PROTOCOL or ["none"])
def test_the_protocol_is_kept(suite: Server, name: str) -> None:
    """A client that speaks the protocol is misunderstood, or an update is let in."""
    is_update = "update" in name
    for one in PROTOCOL[name][: 1 if is_update else None]:
        headers = {key.replace("-", "_"): value for key, value in one.headers.items()}
        reply = suite.send(one.method, one.path, one.body, **headers)
        media = reply.headers.get("content-type", "").split(";")[0]
        if is_update or one.statuses == {"4"}:
            assert (reply.status // 100, media) == (4, PROBLEM), reply.body[:200]
            continue
        assert str(reply.status)[0] in one.statuses, reply.body[:200]
        assert not one.boolean or json.loads(reply.body)["boolean"] == (one.boolean == "true")
        assert {"boolean": media in ROWS, "tabular": media in ROWS, "RDF": media in TRIPLES}.get(one.form, True)


def test_the_suite_is_whole() -> None:
    """Tests that are not found pass."""
    if not W3C:
        pytest.skip("PLEDGE_LD_W3C does not name the folder of the W3C's SPARQL 1.1 Protocol tests")
    updates = [name for name in PROTOCOL if "update" in name]
    assert (len(PROTOCOL) - len(updates), len(updates)) == (20, 14)
