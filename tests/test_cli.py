"""The commands as a user meets them: help with an example, exit codes that say whose turn it is, never a traceback."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import socket
import socketserver
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import pytest
import rdflib
from rdflib import SH

from pledge_ld import __version__
from pledge_ld.cli import command

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conftest import Run

    Cli = Callable[..., Run]

ROOT = Path(__file__).resolve().parents[1]
EXAMPLES = ROOT / "tests" / "examples"
VALID = EXAMPLES / "valid" / "small-city.ttl"
CITY = "data/jp-012131-tomakomai"
COMMANDS = ("build", "validate", "query", "import", "new")
QUERIES = sorted(one.stem for one in (ROOT / "queries").glob("*.rq"))
FINE, DATA_PROBLEMS, WRONG_USE, REMOTE_FAILED = 0, 1, 2, 3
LOCAL = "http://127.0.0.1:9/catalog.ttl"


def one_line_of(text: str, *parts: str) -> None:
    """Some line of a message holds all of the parts; nowhere is there a traceback or a warning of Python's."""
    assert any(all(part in line for part in parts) for line in text.splitlines()), text
    assert "Traceback" not in text
    assert "Warning:" not in text


def spawned(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command as a process of its own, with Python's warnings as a user has them."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return subprocess.run(
        [str(Path(sys.executable).with_name("pledge-ld")), *arguments],
        cwd=folder, env=environment, check=False, capture_output=True, text=True,
    )  # fmt: skip


# Help, version, wrong use


def test_version(root: Path, cli: Cli) -> None:
    """The version of the program is that of the package."""
    assert cli(root, "--version") == (FINE, f"pledge-ld, version {__version__}\n", "")


@pytest.mark.parametrize("option", ["--help", "-h"])
@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_shows_an_example(command: str, option: str, root: Path, cli: Cli) -> None:
    """Help ends in a line to copy, and says in Japanese too what the command does."""
    run = cli(root, command, option)
    assert run.code == FINE
    assert f"Example: pledge-ld {command} " in run.out
    assert any("ぁ" <= one <= "ん" for one in run.out)


def test_help_lists_the_commands_and_the_exit_codes(root: Path, cli: Cli) -> None:
    """What there is, and what a script may rely on."""
    run = cli(root, "--help")
    assert run.code == FINE
    assert [one for one in COMMANDS if f"\n  {one} " not in run.out] == []
    said = " ".join(run.out.split())
    for one in ("0 fine", "1 problems in the data", "2 wrong use or configuration", "3 an endpoint failed"):
        assert one in said


def test_the_package_is_a_program_too(root: Path) -> None:
    """``python -m pledge_ld`` serves where the script is not on the PATH."""
    run = subprocess.run([sys.executable, "-m", "pledge_ld", "--version"], cwd=root, check=True, capture_output=True)
    assert run.stdout.decode() == f"pledge-ld, version {__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["publish"], "No such command 'publish'"),
        (["build", "--fast"], "No such option"),
        (["build", "--engine", "jena"], "Invalid value for '--engine'"),
        (["build", "--base-iri", "example.org"], "base_iri: expected an address"),
        (["build", "--base-iri", "https://example.org/no-slash"], "base_iri: expected an address"),
        (["build", "--site-url", "javascript:alert(1)"], "site_url: expected an address"),
        (["query"], "Missing argument 'NAME'"),
        (["query", "no_such_query"], "no query 'no_such_query'"),
        (["query", "../queries/policy_progress"], "no query"),
        (["query", "nowhere.rq"], "nowhere.rq"),
        (["query", "policy_progress", "--param", "word=x"], "no parameter 'word'"),
        (["query", "text_search", "--param", "word"], "expected name=value"),
        (["query", "figure_source", "--param", "thing=not an iri"], "expected iri"),
        (["query", "text_search", "--format", "turtle"], "--format: turtle is for"),
        (["query", "text_search", "--format", "xml"], "Invalid value for '--format'"),
        (["query", "text_search", "--endpoint", "ftp://example.org/"], "expected an http or https address"),
        (["validate", "nowhere"], "nowhere: no such file or folder"),
        (["validate", "pyproject.toml"], "pyproject.toml: expected a file that ends in"),
        (["import", "excel", "x.txt", "--out", "never"], "expected tomakomai-report"),
        (["import", "tomakomai-report", "x.txt"], "Missing option '--out'"),
    ],
    ids=lambda one: " ".join(one) if isinstance(one, list) else "",
)
def test_wrong_use_is_one_message_and_exit_2(arguments: list[str], said: str, root: Path, cli: Cli) -> None:
    """A slip in the call is told from a fault in the data, and nothing is printed where results go."""
    run = cli(root, *arguments)
    assert run.code == WRONG_USE, run.err
    assert run.out == ""
    one_line_of(run.err, said)
    assert not (root / "never").exists()


@pytest.mark.parametrize("address", ["x", "a b", '<>"', "https://example.org", "urn:x/", ""])
@pytest.mark.parametrize("call", [("build",), ("compare", "苫小牧"), ("query", "policy_progress"), ("harvest", LOCAL)])
def test_every_command_refuses_the_base_iri_that_build_refuses(
    call: tuple[str, ...], address: str, root: Path, tmp_path: Path, cli: Cli
) -> None:
    """Fails when only one command looks: the others ended in a traceback, or wrote what nobody could read again."""
    shutil.copy(root / "pledge_ld.toml", tmp_path)
    run = cli(tmp_path, *call, "--data", str(root / "data"), "--base-iri", address)
    assert (run.code, run.out) == (WRONG_USE, ""), run.err
    one_line_of(run.err, "base_iri: expected an address like", "that ends in a slash", "「/」で終わる")
    assert [one.name for one in tmp_path.iterdir()] == ["pledge_ld.toml"]


def test_every_command_with_a_base_iri_is_held_to_it() -> None:
    """Fails when a command gets the option and the test above does not know it."""
    having = {name for name, one in command.commands.items() if any(each.name == "base_iri" for each in one.params)}
    assert having == {"build", "compare", "query", "harvest"}


NUMBERS = [
    (name, option)
    for name, one in command.commands.items()
    for option in one.params
    if isinstance(option.type, (click.FloatRange, click.types.FloatParamType))
]


@pytest.mark.parametrize("value", ["nan", "NaN", "-nan"])
@pytest.mark.parametrize(("name", "option"), NUMBERS, ids=[f"{name} {one.opts[0]}" for name, one in NUMBERS])
def test_what_is_not_a_number_is_in_no_bounds(
    name: str, option: click.Parameter, value: str, tmp_path: Path, cli: Cli
) -> None:
    """Fails when nan passes for a number of seconds or MiB, as it is neither below nor above any bound."""
    run = cli(tmp_path, name, f"{option.opts[0]}={value}")
    assert (run.code, run.out) == (WRONG_USE, "")
    one_line_of(run.err, option.opts[0], value, "is not a number", "数値ではありません")


PATHS = [
    (name, param)
    for name, one in command.commands.items()
    for param in one.params
    if isinstance(param.type, click.Path)
]


@pytest.mark.parametrize(("name", "param"), PATHS, ids=[f"{name} {one.opts[0]}" for name, one in PATHS])
def test_nothing_is_no_path(name: str, param: click.Parameter, tmp_path: Path, cli: Cli) -> None:
    """Fails when an unset variable of a script makes a command read or fill the current folder."""
    others = {"import": ("tomakomai-report",), "query": ("policy_progress",), "new": ("012025", "hakodate")}
    given = ("",) if isinstance(param, click.Argument) else (param.opts[0], "")
    run = cli(tmp_path, name, *others.get(name, ()), *given)
    assert (run.code, run.out, list(tmp_path.iterdir())) == (WRONG_USE, "", [])
    one_line_of(
        run.err,
        param.opts[0].upper() if isinstance(param, click.Argument) else param.opts[0],
        "expected a path ('.' is the current folder), got nothing",
        "今のフォルダは「.」",
    )


@pytest.mark.parametrize(
    "arguments",
    [
        ("nowhere.rq",),
        ("policy_progress", "--param", "word=x"),
        ("text_search", "--param", "word"),
        ("figure_source", "--param", "thing=not an iri"),
        ("text_search", "--format", "turtle"),
        ("text_search", "--endpoint", "ftp://example.org/"),
    ],
    ids=" ".join,
)
def test_wrong_use_of_a_query_is_said_in_both_languages(arguments: tuple[str, ...], root: Path, cli: Cli) -> None:
    """Fails when who asks in Japanese has to read English to see what to change."""
    run = cli(root, "query", *arguments)
    assert run.code == WRONG_USE
    assert any("ぁ" <= one <= "ん" for one in run.err), run.err


# Queries


@pytest.fixture(scope="module")
def local(root: Path, cli: Cli) -> dict[str, str]:
    """Every saved query with its answer over the records here."""
    found = {}
    for name in QUERIES:
        run = cli(root, "query", name, "--format", "json")
        assert run.code == FINE, run.err
        found[name] = run.out
    return found


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def oxigraph(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real endpoint of another program, loaded with the dump of all cities."""
    folder = tmp_path_factory.mktemp("oxigraph")
    program = str(Path(sys.executable).with_name("oxigraph"))
    load = [program, "load", "--location", str(folder), "--file", str(site / "data" / "all.nq")]
    subprocess.run(load, check=True, capture_output=True)
    port = free_port()
    serve = [program, "serve-read-only", "--location", str(folder), "--bind", f"127.0.0.1:{port}"]
    server = subprocess.Popen([*serve, "--union-default-graph"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(200):
            with socket.socket() as one:
                if one.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}/query"
    finally:
        server.terminate()
        server.wait()


def test_there_is_a_query_to_ask() -> None:
    """Without any, the tests below would pass."""
    assert len(QUERIES) > 10


@pytest.mark.parametrize("name", QUERIES)
def test_an_endpoint_gives_the_same_rows_as_the_records_here(
    name: str, local: dict[str, str], oxigraph: str, root: Path, cli: Cli
) -> None:
    """The dump on a server of another make answers each saved query term by term as this program does."""
    run = cli(root, "query", name, "--endpoint", oxigraph, "--format", "json")
    assert run.code == FINE, run.err
    there, here = (ordered(json.loads(one)) for one in (run.out, local[name]))
    assert there["results"]["bindings"]
    assert there == here


def ordered(answer: Any) -> Any:
    """The answer with the words of ``derived_from`` sorted: SPARQL lets GROUP_CONCAT join them in any order."""
    for row in answer["results"]["bindings"]:
        if "derived_from" in row:
            row["derived_from"]["value"] = " ".join(sorted(row["derived_from"]["value"].split()))
    return answer


@pytest.mark.parametrize("name", QUERIES)
def test_the_site_shows_the_same_rows(name: str, local: dict[str, str], site: Path) -> None:
    """What is published as a query's answer is what the command answers."""
    assert (site / "queries" / f"{name}.json").read_text(encoding="utf-8") == local[name]


def test_csv_and_json_hold_the_same_values(local: dict[str, str], root: Path, cli: Cli) -> None:
    """The two forms for programs differ in form only."""
    run = cli(root, "query", "policy_progress", "--format", "csv")
    content = json.loads(local["policy_progress"])
    rows = list(csv.reader(io.StringIO(run.out)))
    assert rows[0] == content["head"]["vars"]
    values = [[row.get(one, {}).get("value", "") for one in rows[0]] for row in content["results"]["bindings"]]
    assert rows[1:] == values
    assert len(values) == 5


def test_a_parameter_changes_the_answer_and_nothing_else(root: Path, cli: Cli) -> None:
    """A value is a term, never a piece of the query: one that would close the string finds nothing."""
    found = cli(root, "query", "text_search", "--param", "word=ゼロカーボン", "--format", "csv")
    assert found.code == FINE
    assert len(found.out.splitlines()) > 5
    for hostile in ('x" } . ?s ?p ?o . { FILTER("a"="a', "}\nSELECT * { ?s ?p ?o", "\\", "\\u0022", "$1\\1"):
        run = cli(root, "query", "text_search", "--param", f"word={hostile}", "--format", "csv")
        assert (run.code, len(run.out.splitlines())) == (FINE, 1), run.err


def test_a_parameter_reaches_an_endpoint_too(oxigraph: str, root: Path, cli: Cli) -> None:
    """Bound here, answered there."""
    arguments = ["query", "figure_source", "--param", "thing=https://w3id.org/pledge-ld/jp/012131/2022/pledge/1-2"]
    here, there = (cli(root, *arguments, "--format", "csv", *more) for more in ([], ["--endpoint", oxigraph]))
    assert here == there
    assert "66" in here.out


def test_a_table_is_for_a_terminal(root: Path, cli: Cli) -> None:
    """The default form: a header, a line a row, columns that stand under each other."""
    run = cli(root, "query", "policy_progress")
    assert run.code == FINE
    assert len(run.out.splitlines()) == 6
    assert run.out.startswith("as_of ")
    assert run.err == ""


def written(folder: Path, text: str) -> str:
    """A query of the user's own."""
    (folder / "own.rq").write_text(text, encoding="utf-8")
    return "own.rq"


def test_a_query_of_ones_own(workspace: Path, oxigraph: str, cli: Cli) -> None:
    """SELECT and ASK, here and there."""
    for text, expected in (
        ("SELECT (COUNT(*) AS ?n) { ?s a <https://w3id.org/pledge-ld/ns#Measure> }", "n\r\n50\r\n"),
        ("ASK { ?s ?p ?o }", "boolean\r\ntrue\r\n"),
    ):
        name = written(workspace, text)
        assert cli(workspace, "query", name, "--format", "csv") == (FINE, expected, "")
        assert cli(workspace, "query", name, "--format", "csv", "--endpoint", oxigraph) == (FINE, expected, "")


def test_a_construct_answers_with_turtle(workspace: Path, oxigraph: str, cli: Cli) -> None:
    """The answer is a graph, here and on an endpoint the same."""
    name = written(
        workspace,
        "PREFIX pledge: <https://w3id.org/pledge-ld/ns#>\n"
        "CONSTRUCT { ?s pledge:stars ?n } WHERE { ?s pledge:stars ?n }",
    )
    graphs = []
    for more in ([], ["--endpoint", oxigraph]):
        run = cli(workspace, "query", name, "--format", "turtle", *more)
        assert run.code == FINE, run.err
        graphs.append(set(rdflib.Graph().parse(data=run.out, format="turtle")))
    assert len(graphs[0]) == 49
    assert graphs[0] == graphs[1]


@pytest.mark.parametrize("text", ["SELEKT ?s { ?s ?p ?o }", "SELECT ?s { ?s ?p }", "", "INSERT DATA { <a:a> <a:a> 1 }"])
def test_what_is_no_query_is_wrong_use(text: str, workspace: Path, cli: Cli) -> None:
    """An update is none either: the command only reads."""
    run = cli(workspace, "query", written(workspace, text))
    assert run.code == WRONG_USE
    assert run.out == ""
    one_line_of(run.err, "not a SPARQL query")


def test_what_is_no_query_to_an_endpoint_is_told(workspace: Path, oxigraph: str) -> None:
    """The endpoint's own complaint or ours, in one line."""
    run = spawned(workspace, "query", written(workspace, "SELEKT ?s { ?s ?p ?o }"), "--endpoint", oxigraph)
    assert run.returncode in {WRONG_USE, REMOTE_FAILED}
    assert run.stdout == ""
    one_line_of(run.stderr, "pledge-ld: ")


def test_a_file_that_is_not_utf_8_is_wrong_use(workspace: Path, cli: Cli) -> None:
    """A query saved by an old editor."""
    (workspace / "own.rq").write_bytes("# 検索\nASK {}".encode("cp932"))
    run = cli(workspace, "query", "own.rq")
    assert run.code == WRONG_USE
    one_line_of(run.err, "own.rq", "UTF-8")


def test_a_query_without_records_is_no_empty_answer(tmp_path: Path, cli: Cli) -> None:
    """Where there is no city, nobody is told that nothing was found."""
    run = cli(tmp_path, "query", "policy_progress", "--data", "nowhere")
    assert run.code == WRONG_USE
    assert run.out == ""
    one_line_of(run.err, "nowhere")


def test_a_query_over_bad_records_names_the_row(workspace: Path, cli: Cli) -> None:
    """No answer from data that a build would refuse."""
    path = workspace / CITY / "2022" / "measures.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("1-1-1,1-1,", "1-1-1,9-9,", 1), encoding="utf-8")
    run = cli(workspace, "query", "policy_progress")
    assert run.code == DATA_PROBLEMS
    assert run.out == ""
    one_line_of(run.err, "measures.csv:")


# Endpoints that fail


@contextmanager
def endpoint(reply: bytes, *, wait: float = 0) -> Iterator[str]:
    """A server on the loopback that answers every request with these bytes, after a while."""
    stop = threading.Event()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            while self.rfile.readline().strip():
                pass
            stop.wait(wait)
            self.wfile.write(reply)

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        block_on_close = False

        def handle_error(self, request: Any, client_address: Any) -> None:
            """A client that gave up is what some tests want."""

    with Server(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/sparql"
        finally:
            stop.set()
            server.shutdown()
            thread.join()


def http(status: str, kind: str, body: bytes, length: int | None = None) -> bytes:
    """An HTTP answer; its length may be a lie."""
    size = len(body) if length is None else length
    return (
        f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {size}\r\nConnection: close\r\n\r\n".encode()
        + body
    )


JSON = "application/sparql-results+json"
HTML = b"<!DOCTYPE html><title>Welcome</title><p>Please log in"
EMPTY = b'{"head": {"vars": ["s"]}, "results": {"bindings": []}}'
BROKEN = {
    "an HTML page": http("200 OK", "text/html", HTML),
    "an HTML page that claims to be JSON": http("200 OK", JSON, HTML),
    "JSON of another kind": http("200 OK", JSON, b'{"message": "hello"}'),
    "a list": http("200 OK", JSON, b"[]"),
    "rows that are none": http("200 OK", JSON, b'{"head": {"vars": ["s"]}, "results": {"bindings": [7]}}'),
    "a value without a type": http(
        "200 OK", JSON, b'{"head":{"vars":["s"]},"results":{"bindings":[{"s":{"value":"a"}}]}}'
    ),
    "a broken encoding": http("200 OK", JSON, b'{"head": {"vars": ["\xff"]}}'),
    "half an answer": http("200 OK", JSON, EMPTY[:20], length=len(EMPTY)),
    "nothing": b"",
    "no HTTP": b"220 mail.example.org ESMTP\r\n",
    "a bad query": http("400 Bad Request", "text/plain", b"parse error"),
    "a login": http("401 Unauthorized", "text/html", HTML),
    "a page that is not there": http("404 Not Found", "text/html", HTML),
    "a failure": http("500 Internal Server Error", "text/plain", b"java.lang.NullPointerException\n\tat x"),
    "too busy": http("503 Service Unavailable", "text/html", HTML),
    "XML": http("200 OK", "application/sparql-results+xml", b'<?xml version="1.0"?><sparql/>'),
    "CSV": http("200 OK", "text/csv", b"s\r\n"),
}


@pytest.mark.parametrize("reply", BROKEN.values(), ids=BROKEN.keys())
@pytest.mark.filterwarnings("ignore::RuntimeWarning:SPARQLWrapper.*")
def test_an_endpoint_that_answers_something_else_is_exit_3(reply: bytes, root: Path, cli: Cli) -> None:
    """The message names the endpoint, in one line; nothing is printed where results go."""
    with endpoint(reply) as address:
        run = cli(root, "query", "policy_progress", "--endpoint", address)
    assert run.code == REMOTE_FAILED
    assert run.out == ""
    one_line_of(run.err, "endpoint: expected an answer", address, "[endpoint]")


def test_a_page_of_html_prints_no_warning_of_pythons(root: Path) -> None:
    """A library's warning, with the path of its source, is nothing a user can act on."""
    with endpoint(BROKEN["an HTML page"]) as address:
        run = spawned(root, "query", "policy_progress", "--endpoint", address)
    assert run.returncode == REMOTE_FAILED
    assert run.stdout == ""
    one_line_of(run.stderr, "endpoint: expected an answer", address)


def test_an_empty_answer_is_an_answer(root: Path, cli: Cli) -> None:
    """No rows is not a failure."""
    with endpoint(http("200 OK", JSON, EMPTY)) as address:
        assert cli(root, "query", "policy_progress", "--endpoint", address, "--format", "csv") == (FINE, "s\r\n", "")


def test_an_endpoint_that_is_down_is_exit_3(root: Path, cli: Cli) -> None:
    """Nobody listens there."""
    address = f"http://127.0.0.1:{free_port()}/sparql"
    run = cli(root, "query", "policy_progress", "--endpoint", address)
    assert run.code == REMOTE_FAILED
    assert run.out == ""
    one_line_of(run.err, "endpoint: expected an answer", address)


@pytest.mark.parametrize(
    "address", ["http://", "http://[::1", "http://127.0.0.1:port/", "http://127.0.0.1:1/a b", "https:///x"]
)
def test_an_address_that_is_none_fails_politely(address: str, root: Path, cli: Cli) -> None:
    """Whoever's fault, it is one message."""
    run = cli(root, "query", "policy_progress", "--endpoint", address)
    assert run.code in {WRONG_USE, REMOTE_FAILED}
    assert run.out == ""
    assert "Traceback" not in run.err


def test_a_slow_endpoint_is_exit_3(root: Path, cli: Cli) -> None:
    """The message says how long was waited."""
    with endpoint(http("200 OK", JSON, EMPTY), wait=30) as address:
        run = cli(root, "query", "policy_progress", "--endpoint", address, "--timeout", "1")
    assert run.code == REMOTE_FAILED
    assert run.out == ""
    one_line_of(run.err, "endpoint: expected an answer in 1 s", address)


# Validation


def reported(text: str) -> rdflib.Graph:
    """The validation report as another program reads it."""
    return rdflib.Graph().parse(data=text, format="turtle")


def conforms(graph: rdflib.Graph) -> bool:
    """What the report says of the whole."""
    (found,) = graph.objects(None, SH.conforms)
    value: bool = found.toPython()  # type: ignore[attr-defined]  # a literal
    return value


@pytest.mark.parametrize("path", ["data", CITY], ids=["all cities", "one city"])
@pytest.mark.parametrize("engine", ["shacl", pytest.param("pyshacl", marks=pytest.mark.long)])
def test_the_records_conform(path: str, engine: str, root: Path, cli: Cli) -> None:
    """The city's gaps are warnings, and do not fail."""
    run = cli(root, "validate", path, "--engine", engine)
    assert run.code == FINE
    assert "conforms / 適合" in run.err
    assert run.out.count("warning: ") == 10
    assert run.out.count("[Measure-") == 10


def test_the_records_are_found_without_a_path(root: Path, cli: Cli) -> None:
    """``pledge-ld validate`` alone means data/."""
    assert cli(root, "validate") == cli(root, "validate", "data")


@pytest.fixture(scope="module")
def forms(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A right and a wrong data set in each format."""
    folder = tmp_path_factory.mktemp("forms")
    wrong = EXAMPLES / "invalid" / "Score-stars.eleven-stars.ttl"
    found = {}
    for name, path in (("right", VALID), ("wrong", wrong)):
        graph = rdflib.Graph().parse(path)
        for suffix, form in (("ttl", "turtle"), ("nt", "nt"), ("jsonld", "json-ld"), ("rdf", "xml")):
            found[f"{name}.{suffix}"] = folder / f"{name}.{suffix}"
            graph.serialize(found[f"{name}.{suffix}"], format=form, encoding="utf-8")
    return found


@pytest.mark.parametrize("suffix", ["ttl", "nt", "jsonld", "rdf"])
def test_a_file_is_checked_in_any_form(suffix: str, forms: dict[str, Path], root: Path, cli: Cli) -> None:
    """What is wrong with it does not depend on how it is written."""
    assert cli(root, "validate", str(forms[f"right.{suffix}"])).code == FINE
    wrong = forms[f"wrong.{suffix}"]
    run = cli(root, "validate", str(wrong))
    assert run.code == DATA_PROBLEMS
    assert run.out.count("[") == 1
    one_line_of(run.out, str(wrong), "pledge:stars", "expected 0..10, got 11", "[Score-stars]")


def test_the_published_dumps_conform(site: Path, root: Path, cli: Cli) -> None:
    """What a reader downloads passes the check that a build passed."""
    for path in sorted((site / "data").glob("*.*")):
        if path.suffix in {".ttl", ".nt", ".nq", ".jsonld"}:
            assert cli(root, "validate", str(path)).code == FINE, path


MALFORMED = {
    "broken.ttl": b"@prefix pledge: <https://w3id.org/pledge-ld/ns#> .\n<a> pledge:stars ; .\n<b",
    "broken.nt": b"<a> <b> <c> .\n",
    "broken.jsonld": b'{"@context": {',
    "broken.rdf": b"<rdf:RDF",
    "broken.nq": b"\xff\xfe",
    "remote.jsonld": b'{"@context": "http://127.0.0.1:1/context.jsonld", "@id": "http://example.org/a", "name": "a"}',
}


@pytest.mark.parametrize("name", MALFORMED)
def test_a_file_that_cannot_be_read_is_a_problem_of_the_data(name: str, tmp_path: Path, cli: Cli) -> None:
    """Its line, what was expected, and exit code 1. A remote context counts as unreadable: nothing is fetched."""
    (tmp_path / name).write_bytes(MALFORMED[name])
    run = cli(tmp_path, "validate", name)
    assert run.code == DATA_PROBLEMS
    one_line_of(run.out, name, "expected", "[rdf-syntax]")


@pytest.mark.parametrize("name", [*MALFORMED, "missing"])
def test_a_report_never_says_that_unread_data_conform(name: str, tmp_path: Path, cli: Cli) -> None:
    """A program that looks at sh:conforms alone must not take a broken file for a good one."""
    if name in MALFORMED:
        (tmp_path / name).write_bytes(MALFORMED[name])
    run = cli(tmp_path, "validate", name, "--format", "turtle")
    assert run.code != FINE
    assert "conforms true" not in run.out


def test_a_report_never_says_that_bad_records_conform(workspace: Path, cli: Cli) -> None:
    """The same of a row that the reader refuses before any shape sees it."""
    path = workspace / CITY / "2022" / "scores" / "2024-03-31.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",published,", ",guessed,", 1), encoding="utf-8")
    run = cli(workspace, "validate", "--format", "turtle")
    assert run.code == DATA_PROBLEMS
    assert "conforms true" not in run.out


def test_a_term_that_the_ontology_lacks_is_a_problem(tmp_path: Path, cli: Cli) -> None:
    """pledge:Stars conforms to every shape."""
    text = VALID.read_text(encoding="utf-8") + "\n<https://example.org/a> pledge:Stars 7 .\n"
    (tmp_path / "misspelt.ttl").write_text(text, encoding="utf-8")
    run = cli(tmp_path, "validate", "misspelt.ttl")
    assert run.code == DATA_PROBLEMS
    one_line_of(run.out, "misspelt.ttl", "pledge:Stars", "[ontology-term]")
    report = cli(tmp_path, "validate", "misspelt.ttl", "--format", "turtle")
    assert report.code == DATA_PROBLEMS
    assert "conforms true" not in report.out


@pytest.mark.parametrize("path", [VALID, *sorted((EXAMPLES / "invalid").glob("*.ttl"))], ids=lambda one: one.stem)
def test_the_turtle_report_is_turtle(path: Path, root: Path, cli: Cli) -> None:
    """Every result names its focus, shape, component, severity and messages; any kind of path is written as SHACL's."""
    run = cli(root, "validate", str(path), "--format", "turtle")
    graph = reported(run.out)
    results = set(graph.objects(None, SH.result))
    blocking = [one for one in results if (one, SH.resultSeverity, SH.Violation) in graph]
    assert run.code == (DATA_PROBLEMS if blocking else FINE)
    assert conforms(graph) == (not blocking)
    assert bool(results) == (path != VALID)
    for one in results:
        for predicate in (SH.focusNode, SH.resultSeverity, SH.sourceShape, SH.sourceConstraintComponent):
            assert len(list(graph.objects(one, predicate))) == 1, predicate
        assert len(list(graph.objects(one, SH.resultMessage))) >= 2
        shape = path.name.split(".")[0]
        assert str(graph.value(one, SH.sourceShape)).endswith(f"#{shape}")


@pytest.mark.parametrize("engine", ["shacl", "pyshacl"])
@pytest.mark.parametrize(
    ("name", "got"),
    [
        ("Assessment-itemCount.two-numbers-of-items", "more than one"),
        ("Measure-identifier.two-identifiers", "more than one"),
        ("Distribution-downloadURL.two-files", "more than one"),
        ("Assessment-title.two-titles-in-japanese", "more than one in a language"),
        ("Assessment-programme.no-programme", "nothing"),
    ],
)
def test_what_is_there_twice_is_not_called_nothing(name: str, got: str, engine: str, root: Path, cli: Cli) -> None:
    """Fails when "expected at most one" ends in "got nothing", because SHACL names no value for it."""
    path = EXAMPLES / "invalid" / f"{name}.ttl"
    run = cli(root, "validate", str(path), "--engine", engine)
    assert run.code == DATA_PROBLEMS
    one_line_of(run.out, f"got {got} [{name.partition('.')[0]}]")


def test_the_json_report_is_json(forms: dict[str, Path], root: Path, cli: Cli) -> None:
    """A list of problems with fields for a program, in both languages for its users."""
    run = cli(root, "validate", str(forms["wrong.ttl"]), "--format", "json")
    assert run.code == DATA_PROBLEMS
    (problem,) = json.loads(run.out)
    assert problem["path"] == str(forms["wrong.ttl"])
    assert (problem["rule"], problem["expected"], problem["got"]) == ("Score-stars", "0..10", "11")
    assert problem["expected_ja"]
    assert problem["warning"] is False
    assert json.loads(cli(root, "validate", str(forms["right.ttl"]), "--format", "json").out) == []
    assert len(json.loads(cli(root, "validate", "data", "--format", "json").out)) == 10


def test_several_paths_are_checked_at_once(forms: dict[str, Path], root: Path, cli: Cli) -> None:
    """Every problem of every path, sorted; one wrong file among right ones fails."""
    run = cli(root, "validate", str(forms["right.ttl"]), str(forms["wrong.nt"]), "data", str(forms["wrong.ttl"]))
    assert run.code == DATA_PROBLEMS
    lines = [one for one in run.out.splitlines() if not one.startswith(" ")]
    assert len(lines) == 12
    assert lines == sorted(lines, key=lambda one: one.split(":")[0])


def test_a_folder_without_a_city_does_not_conform(tmp_path: Path, cli: Cli) -> None:
    """An empty folder, or the wrong one, must not pass for checked."""
    (tmp_path / "data").mkdir()
    run = cli(tmp_path, "validate", "data")
    assert run.code in {DATA_PROBLEMS, WRONG_USE}
    assert "conforms / 適合" not in run.err.replace("does not conform", "")


def test_a_problem_is_shown_on_its_row(workspace: Path, cli: Cli) -> None:
    """File, line and column of what was typed, in both languages, and the rule."""
    path = workspace / CITY / "2022" / "scores" / "2024-03-31.csv"
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))
    column = rows[0].index("stars")
    number = next(place for place, row in enumerate(rows) if row[column] == "7")
    rows[number][column] = "11"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
    run = cli(workspace, "validate", "data")
    assert run.code == DATA_PROBLEMS
    shown = f"{CITY}/2022/scores/2024-03-31.csv:{number + 1}: column 'stars': expected 0..10, got 11 [Score-stars]"
    assert shown in run.out.splitlines()
    assert "実際: 11" in run.out


# Results and messages


def test_results_and_messages_go_separate_ways(root: Path) -> None:
    """A pipe gets rows and nothing else."""
    run = spawned(root, "query", "policy_progress", "--format", "csv")
    assert run.returncode == FINE
    assert run.stderr == ""
    assert len(run.stdout.splitlines()) == 6


def test_a_reader_that_stops_reading_is_no_failure(root: Path) -> None:
    """``pledge-ld query … | head -1`` ends without a word."""
    command = [str(Path(sys.executable).with_name("pledge-ld")), "query", "department_actions", "--format", "csv"]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(1)
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == FINE


def test_a_terminal_without_japanese_is_no_failure(root: Path) -> None:
    """A Windows console or a C locale cannot show every character; the command still works and fails as it should."""
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "LC_ALL": "C"}
    for arguments, code in (
        (["query", "policy_progress"], FINE),
        (["--help"], FINE),
        (["query", "nothing"], WRONG_USE),
    ):
        command = [sys.executable, "-m", "pledge_ld", *arguments]
        run = subprocess.run(command, cwd=root, env=environment, check=False, capture_output=True)
        assert run.returncode == code
        assert b"Traceback" not in run.stderr


def test_an_import_that_fails_writes_nothing(tmp_path: Path, root: Path, cli: Cli) -> None:
    """A source that is not there, or is another report, is told; the folder stays as it is."""
    shutil.copytree(root / CITY, tmp_path / "city")
    before = {one: one.read_bytes() for one in (tmp_path / "city").rglob("*") if one.is_file()}
    (tmp_path / "other.txt").write_text("令和5年度 予算書\n", encoding="utf-8")
    for source in ("nowhere.txt", "other.txt"):
        run = cli(tmp_path, "import", "tomakomai-report", source, "--out", "city")
        assert run.code in {DATA_PROBLEMS, WRONG_USE}
        assert run.out == ""
        one_line_of(run.err, source)
    assert {one: one.read_bytes() for one in (tmp_path / "city").rglob("*") if one.is_file()} == before


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("[publisher]", 'siteurl = "https://x.example.org/"\n[publisher]'),
        ("[publisher]", '[publisher]\nsite_url = "https://x.example.org/"'),
        ("[publisher]", "site_url = 0\n[publisher]"),
        ("[publisher]", 'endpoint = "https://{}|^`"\n[publisher]'),
        ("https://w3id.org/pledge-ld/", "http://[::1"),
        ("mailto:pledge-ld@example.org", "mailto:a@b?subject=x|y{"),
    ],
)
def test_a_configuration_that_cannot_be_used_is_refused(
    old: str, new: str, workspace: Path, cli: Callable[..., Run]
) -> None:
    """A key that nobody reads, or an address that no RDF format takes: never a traceback, never ignored."""
    path = workspace / "pledge_ld.toml"
    text = path.read_text(encoding="utf-8")
    place = text.rindex(old)
    path.write_text(text[:place] + new + text[place + len(old) :], encoding="utf-8")
    run = cli(workspace, "build", "--out", "site")
    assert run.code == 2, run.err
    assert "pledge_ld.toml" in run.err or "site_url" in run.err
    assert not (workspace / "site").exists()
