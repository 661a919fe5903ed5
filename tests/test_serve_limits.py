"""What an operator allows one visitor, over real HTTP: what is over it is said well, and nobody else waits for it."""

from __future__ import annotations

import http.client
import json
import re
import shutil
import socket
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, urlencode

import pytest
from click.testing import CliRunner
from openapi_spec_validator import validate
from servers import Server, send, served, until

from pledge_ld.cli import command
from pledge_ld.hosting import HEADERS
from pledge_ld.serve import Limits, QueryLimits, limits_of
from pledge_ld.serve.sparql.workers import Held

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from conftest import Run

PROBLEM = "application/problem+json"
FORM = "application/x-www-form-urlencoded"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
ALL = "SELECT * { ?s ?p ?o }"


class Reply(NamedTuple):
    """What came back, and after how long."""

    status: int
    headers: dict[str, str]
    body: bytes
    seconds: float


@pytest.fixture(scope="module")
def server(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server in a folder of its host, with limits that are easy to reach."""
    limits = ("--max-rows=50", "--max-query=0.01", "--max-answer=0.05", "--query-memory=64", "--query-timeout=3",
              "--answer-cache=0", "--stall-timeout=1", "--head-timeout=2")  # fmt: skip
    with served(site, tmp_path_factory.mktemp("limits") / "log", "--root-path=/pledges", *limits) as one:
        yield one


def asked(server: Server, path: str, method: str = "GET", body: bytes | None = None, **headers: str) -> Reply:
    """The reply to one request on a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", server.host.port, timeout=20)
    start = time.monotonic()
    try:
        connection.request(method, path, body, {key.replace("_", "-"): one for key, one in headers.items()})
        found = connection.getresponse()
        content = found.read()
    finally:
        connection.close()
    named = {key.lower(): value for key, value in found.getheaders()}
    return Reply(found.status, named, content, time.monotonic() - start)


def queried(server: Server, query: str, path: str = "/pledges/sparql", **headers: str) -> Reply:
    """The reply to a query by POST."""
    return asked(server, path, "POST", urlencode({"query": query}).encode(), content_type=FORM, **headers)


def parsed(raw: bytes) -> Reply:
    """One whole answer as it came over the socket, and nothing behind it."""
    head, _, body = raw.partition(b"\r\n\r\n")
    first, *lines = head.decode("ascii").split("\r\n")
    headers = dict(line.lower().split(": ", 1) for line in lines)
    assert int(headers["content-length"]) == len(body)
    return Reply(int(first.split()[1]), headers, body, 0)


def is_problem(reply: Reply, status: int) -> None:
    """Holds the reply to be a whole problem in both languages."""
    content = json.loads(reply.body)
    assert (reply.status, content["status"], reply.headers["content-type"]) == (status, status, PROBLEM)
    for key in ("title", "detail"):
        english, _, japanese = content[key].partition(" / ")
        assert english.isascii()
        assert re.search(r"[ぁ-ヿ一-鿿]", japanese)


# What is refused before there is a request.


def test_what_is_no_request_is_answered_with_a_problem(site: Path, tmp_path: Path) -> None:
    """Fails when a client that is refused at the door is not told why, or cannot tell where the answer ends."""
    with served(site, tmp_path / "log", "--head-timeout=1") as one:
        texts = {
            400: b"GET\r\n\r\n",
            408: b"GET /sparql HTTP/1.1\r\nHost: a\r\nX",
            431: b"GET /sparql?query=" + b"a" * 66_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
        }
        for status, text in texts.items():
            reply = parsed(send(one.host, text))
            is_problem(reply, status)
            assert reply.headers["connection"] == "close"
            assert {name.lower() for name in HEADERS} <= reply.headers.keys()
        assert send(one.host, b"") == b"", "an idle connection has asked nothing"


def test_one_too_many_is_told_to_come_again(site: Path, tmp_path: Path) -> None:
    """Fails when a full server does not say so, or lets in another number than it was told."""
    with served(site, tmp_path / "log", "--max-connections=3") as one:
        for others, status in ((2, 200), (3, 503)):
            with ExitStack() as stack:
                for _ in range(others):
                    stack.enter_context(socket.create_connection(("127.0.0.1", one.host.port)))
                time.sleep(0.3)
                raw = send(one.host, b"GET /about.html HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                assert raw.startswith(f"HTTP/1.1 {status} ".encode()), others
                if status == 503:
                    reply = parsed(raw)
                    is_problem(reply, 503)
                    assert int(reply.headers["retry-after"]) > 0
                    assert reply.headers["connection"] == "close"
                    assert asked(one, "/about.html", "HEAD").body == b""
            time.sleep(0.3)


def test_a_refusal_never_stands_in_another_answer(server: Server) -> None:
    """Fails when what is said of the second request is read as a piece of the first one's file."""
    size = (server.host.files / "data/all.nq").stat().st_size
    for bad in (b"GET /" + b"a" * 100_000, b"NO\x00HTTP\r\n\r\n"):
        with socket.socket() as one:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            one.settimeout(10)
            one.connect(("127.0.0.1", server.host.port))
            one.sendall(b"GET /pledges/data/all.nq HTTP/1.1\r\nHost: a\r\n\r\n")
            found = one.recv(1000)
            one.sendall(bad)
            try:
                while piece := one.recv(65_536):
                    found += piece
            except ConnectionError:
                pass
        body = found.partition(b"\r\n\r\n")[2][:size]
        assert b"HTTP/1.1" not in body
        assert b"problem" not in body


def test_a_query_that_is_announced_and_not_sent_is_not_waited_for(server: Server) -> None:
    """Fails when a route that reads a body waits for ever, or reports the visitor's silence as its own mistake."""
    head = f"POST /pledges/sparql HTTP/1.1\r\nHost: a\r\nContent-Type: {FORM}\r\nContent-Length: 1000\r\n\r\n"
    for part in (b"", b"query=ASK"):
        start = time.monotonic()
        reply = parsed(send(server.host, head.encode() + part))
        is_problem(reply, 408)
        assert reply.headers["connection"] == "close"
        assert time.monotonic() - start < 4
    with socket.create_connection(("127.0.0.1", server.host.port)) as one:
        one.sendall(head.encode())
    time.sleep(0.3)
    assert not [line for line in server.lines() if "traceback" in line]


def test_visitors_who_wait_and_visitors_who_dawdle_stop_nobody(site: Path, tmp_path: Path) -> None:
    """Fails when 200 idle connections and 200 slow ones, at a page and at the endpoint, keep another waiting."""
    heads = (
        b"",
        b"GET /about.html HTTP/1.1\r\nHost: a\r\n",
        f"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Type: {FORM}\r\nContent-Length: 9000\r\n\r\nquery=ASK".encode(),
        b"GET /sparql?query=ASK",
    )
    with served(site, tmp_path / "log") as one, ExitStack() as stack:
        crowd = [stack.enter_context(socket.create_connection(("127.0.0.1", one.host.port))) for _ in range(400)]
        for number, each in enumerate(crowd[200:]):
            each.sendall(heads[number % 3 + 1])
        end, slowest = time.monotonic() + 3, 0.0
        while time.monotonic() < end:
            for each in crowd[200:]:
                each.sendall(b"a")
            page, answer = asked(one, "/about.html"), queried(one, "ASK {}", "/sparql")
            assert (page.status, answer.status) == (200, 200)
            slowest = max(slowest, page.seconds, answer.seconds)
        assert slowest < 1


# The limits of a query.


def test_the_command_has_the_limits_own_defaults() -> None:
    """Fails when the server started by the command allows something else than the one made in Python."""
    options = {one.name: one.default for one in command.commands["serve"].params if one.name}
    assert limits_of(options) == (Limits(), QueryLimits())


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ("--query-timeout=nan", "not a number"),
        ("--query-timeout=inf", "not in the range"),
        ("--query-timeout=0", "not in the range"),
        ("--head-timeout=nan", "not a number"),
        ("--light-timeout=11", "--query-timeout 10"),
        ("--max-answer=600", "--query-memory 512"),
        ("--max-answer=9999", "not in the range"),
        ("--max-query=0", "not in the range"),
        ("--max-rows=0", "not in the range"),
        ("--query-memory=1", "not in the range"),
        ("--workers=0", "not in the range"),
        ("--slow-workers=many", "not a valid integer"),
        ("--max-waiting=-1", "not in the range"),
        ("--answer-cache=-1", "not in the range"),
    ],
)
def test_a_limit_that_limits_nothing_is_refused(cli: Callable[..., Run], site: Path, option: str, said: str) -> None:
    """Fails when a slip of the pen starts a server without a bound, or one that answers nothing."""
    run = cli(site, "serve", str(site), option)
    assert run.code == 2
    assert said in run.err
    assert "Traceback" not in run.err


def test_each_limit_holds_and_is_named(server: Server) -> None:
    """Fails when an operator's number is not the one that counts, or a visitor is not told it."""
    doubled = "".join(f"BIND(CONCAT(?x{one}, ?x{one}) AS ?x{one + 1})" for one in range(40))
    for query, status, said in (
        (f"{ALL} LIMIT 51", 413, "50 rows"),
        ("CONSTRUCT WHERE { ?s ?p ?o }", 413, "50 triples"),
        (f"# {'a' * 10_500}\nASK {{}}", 413, "0.01 MiB"),
        (f'SELECT ?x {{ BIND("{"a" * 9000}" AS ?x) ?s ?p ?o }} LIMIT 9', 413, "0.05 MiB"),
        (f'SELECT (STRLEN(?x40) AS ?n) {{ BIND("a" AS ?x0) {doubled} }}', 503, "memory"),
        ("SELECT (COUNT(*) AS ?n) { ?a ?b ?c. ?d ?e ?f. ?g ?h ?i }", 503, "3 s"),
    ):
        reply = queried(server, query)
        is_problem(reply, status)
        assert said in json.loads(reply.body)["detail"], query[:100]
        assert reply.seconds < 3.5
    assert queried(server, f"{ALL} LIMIT 50").status == 200
    for language, said in (("en", "3 seconds and give 50 rows"), ("ja", "3秒、50行まで")):
        page = asked(server, f"/pledges/sparql?lang={language}", accept=BROWSER)
        assert said in page.body.decode()


# The endpoint in its folder, its page, its description, its log.


def test_a_folder_below_the_host_holds_for_queries_too(server: Server) -> None:
    """Fails when behind a proxy the endpoint is elsewhere, or its page links out of its folder."""
    word = quote("子育て")
    for prefix in ("/pledges", ""):
        assert queried(server, "ASK {}", f"{prefix}/sparql").status == 200
        assert asked(server, f"{prefix}/sparql?query={quote('ASK {}')}").status == 200
        answer = asked(server, f"{prefix}/queries/text_search.csv?word={word}")
        assert (answer.status, "子育て" in answer.body.decode()) == (200, True)
        assert asked(server, f"{prefix}/queries/text_search.csv?wrod={word}").status == 400
        assert asked(server, f"{prefix}/openapi.json").status == 200
    described = asked(server, "/pledges/sparql", accept="text/turtle").body
    assert f"<http://127.0.0.1:{server.host.port}/pledges/sparql>".encode() in described
    page = asked(server, "/pledges/sparql", accept=BROWSER).body.decode()
    for link in re.findall(r'(?:href|action)="([^"?#]+)', page):
        assert asked(server, f"/pledges/{link}").status == 200, link


def test_the_description_of_the_api_is_one(server: Server) -> None:
    """Fails when a generator of clients cannot read what describes the saved queries."""
    document = json.loads(asked(server, "/pledges/openapi.json").body)
    validate(document)
    assert len(document["paths"]) == 2 * len(list((server.host.files / "queries").glob("*.rq")))


def test_the_query_page_may_send_its_form_and_nothing_else(server: Server) -> None:
    """Fails when the browser stops the form, or lets a text from the data run or load something."""
    for path in ("/pledges/sparql", f"/pledges/sparql?query={quote('ASK {}')}"):
        reply = asked(server, path, accept=BROWSER)
        rules = dict(one.strip().split(" ", 1) for one in reply.headers["content-security-policy"].split(";"))
        assert rules["form-action"] == "'self'"
        assert {rules[one] for one in ("default-src", "base-uri", "frame-ancestors")} == {"'none'"}
        assert "wasm-unsafe-eval" not in str(rules)
        assert not {"unsafe-inline", "unsafe-eval", "*"} & set(re.split(r"[ ';]", str(rules)))
        assert not re.search(rb"<script|<style|\sstyle=|\son[a-z]+=", reply.body)
    other = asked(server, "/pledges/about.html").headers["content-security-policy"]
    assert "form-action 'none'" in other


def test_the_page_keeps_the_query_in_the_other_language(server: Server) -> None:
    """Fails when a visitor who changes the language has to type the query again."""
    page = asked(server, f"/pledges/sparql?query={quote('ASK { <u:a> ?p ?o }')}&lang=ja", accept=BROWSER).body.decode()
    assert 'href="?query=ASK+%7B+%3Cu%3Aa%3E+%3Fp+%3Fo+%7D&amp;lang=en"' in page


def test_a_query_that_is_posted_is_logged_only_where_it_is_asked_for(site: Path, tmp_path: Path) -> None:
    """Fails when an operator who wants queries sees none, or one who does not has them in the log."""
    query = "ASK { FILTER('who wants to know' = 'this') }"
    asked_for = ("--log-queries",)
    for options, shown in (((), False), (asked_for, True), ((*asked_for, "--root-path", "/pledges"), True)):
        with served(site, tmp_path / "log", *options) as one:
            queried(one, query, "/sparql")
            asked(one, "/sparql", "POST", query.encode(), content_type="application/sparql-query")
            until(lambda one=one: len([line for line in one.lines() if "status" in line]) == 2)  # type: ignore[misc]  # the lambda is called at once
        found = [line for line in one.lines() if "status" in line]
        assert [line.get("query") for line in found] == [query if shown else None] * 2
        assert ("wants to know" in one.log.read_text(encoding="utf-8")) == shown


def test_relative_names_begin_where_the_datas_do(site: Path, tmp_path: Path) -> None:
    """Fails when a query's <jp/012131> means ours only while the data are at the default address."""
    copy = tmp_path / "public"
    shutil.copytree(site, copy)
    text = (copy / "data/all.nq").read_bytes().replace(b"https://w3id.org/pledge-ld/", b"https://data.example/a/")
    (copy / "data/all.nq").write_bytes(text)
    other = tmp_path / "other.nq"
    other.write_text("<u:s> <u:p> <u:o> <https://aaa.example/data/other> .\n", encoding="utf-8")
    with served(copy, tmp_path / "log", "--load", str(other)) as one:
        for query, truth in (("<jp/012131> ?p ?o", True), ("<u:s> ?p ?o", False), ("GRAPH ?g { <u:s> ?p ?o }", True)):
            assert json.loads(queried(one, f"ASK {{ {query} }}", "/sparql").body)["boolean"] is truth, query
    assert Held("", [], [], 0).base == "https://w3id.org/pledge-ld/"


def test_the_help_needs_no_server() -> None:
    """Fails when the options cannot be read, or show this machine's number of cores as everybody's."""
    said = CliRunner().invoke(command, ["serve", "--help"]).output
    assert "cores, at most 4" in " ".join(said.split())
