"""Several endpoints asked at once: one deadline whatever they do, who failed is named, the rows are one store's."""

from __future__ import annotations

import csv
import io
import itertools
import json
import shutil
import subprocess
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
from endpoints import JSON, bad, http, in_time
from servers import free_port, pledge_ld

from pledge_ld.graph import as_ntriples
from pledge_ld.problem import PledgeError
from pledge_ld.publish import city_data
from pledge_ld.query import Answer, as_csv, load, run, store_of
from pledge_ld.read import read_data
from pledge_ld.store import EndpointError, Limits, Reply, ask_all, ask_endpoint, ask_many, put_together
from pledge_ld.term import BASE, boolean, iri, string
from pledge_ld.validate import default_engine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conftest import Run

    Cli = Callable[..., Run]

QUERIES = load()
FEDERATED = sorted(name for name, one in QUERIES.items() if one.scope == "federated")
NS = "https://w3id.org/pledge-ld/ns#"
OWN = f"# scope: federated\nSELECT ?p WHERE {{ ?p a <{NS}Policy> }} ORDER BY ?p\n"
QUICK = Limits(seconds=1.5)
EMPTY = b'{"head": {"vars": ["p"]}, "results": {"bindings": []}}'
TOOLS = Path(__file__).parent / "tools"
COMUNICA = TOOLS / "comunica.js"
INSTALLED = (TOOLS / "node_modules/@comunica").exists()
NODE = shutil.which("node")


def rows_of(*values: str) -> bytes:
    """An answer with these IRIs as its rows."""
    bindings = [{"p": {"type": "uri", "value": one}} for one in values]
    return json.dumps({"head": {"vars": ["p"]}, "results": {"bindings": bindings}}).encode()


@pytest.fixture(scope="module")
def twin(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one city more, which has the same figures as Tomakomai: what cannot tell them apart fails."""
    folder = tmp_path_factory.mktemp("twin")
    city = folder / "data" / "jp-019999-twin"
    shutil.copytree(root / "data" / "jp-012131-tomakomai", city)
    shutil.copy(root / "pledge_ld.toml", folder)
    text = (city / "city.toml").read_text(encoding="utf-8")
    text = text.replace('"012131"', '"019999"').replace("Tomakomai City", "Twin City").replace("苫小牧市", "双子市")
    (city / "city.toml").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def both(root: Path, twin: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the cities of the repository and the twin."""
    folder = tmp_path_factory.mktemp("both")
    shutil.copytree(root / "data", folder / "data")
    shutil.copytree(twin / "data", folder / "data", dirs_exist_ok=True)
    shutil.copy(root / "pledge_ld.toml", folder)
    return folder


@pytest.fixture(scope="module")
def cities(data: Path, twin: Path) -> dict[str, tuple[str, str]]:
    """The graph and the N-Triples of each city of the repository, and of the twin."""
    found = {}
    for folder in (data, twin / "data"):
        records, problems = read_data(folder, "data")
        assert not problems, "\n".join(map(str, problems))
        for one in records:
            city = city_data(one, BASE, QUERIES.values(), default_engine())
            assert city.index is not None, "\n".join(map(str, city.problems))
            found[city.folder] = (city.graph, as_ntriples(city.index.triples))
    assert len(found) >= 2
    return found


@pytest.fixture(scope="module")
def union(cities: dict[str, tuple[str, str]]) -> ox.Store:
    """All of them in one store."""
    return store_of(cities.values())


@pytest.fixture(scope="module")
def parts(cities: dict[str, tuple[str, str]]) -> dict[str, ox.Store]:
    """Each of them in a store of its own."""
    return {name: store_of([one]) for name, one in cities.items()}


def from_parts(parts: dict[str, ox.Store], text: str) -> Answer:
    """The answers of each store put together, as if each were an endpoint."""
    replies = [Reply(f"http://{name}.example/", run(one, text)) for name, one in parts.items()]
    return put_together(replies, text, replies[0].answer.names)


# Which queries may be put together


@pytest.mark.parametrize("name", FEDERATED)
def test_a_federated_query_gives_the_rows_of_one_store(name: str, union: ox.Store, parts: dict[str, ox.Store]) -> None:
    """Fails when a query that says so cannot be asked city by city: its rows, or their order, are others."""
    text = QUERIES[name].text
    together, whole = from_parts(parts, text), run(union, text)
    assert whole.rows
    assert together.rows == whole.rows
    assert max(Counter(whole.rows).values()) == 1, "a row that is there twice says not of which thing it is"


@pytest.mark.parametrize("name", FEDERATED)
def test_a_city_on_two_endpoints_counts_once(name: str, union: ox.Store, parts: dict[str, ox.Store]) -> None:
    """Fails when a mirror doubles the rows."""
    text = QUERIES[name].text
    assert from_parts({**parts, **{f"mirror-{one}": part for one, part in parts.items()}}, text) == run(union, text)


@pytest.mark.parametrize("name", FEDERATED)
def test_a_federated_query_orders_by_what_it_returns(name: str) -> None:
    """Fails when the rows of several endpoints cannot be put in order, or are cut before they are put together."""
    text = QUERIES[name].text
    tail = text.rpartition("ORDER BY")[2]
    assert "LIMIT" not in tail
    names = [one for one, _ in QUERIES[name].returns]
    assert {one.strip("?()") for one in tail.replace("DESC", "").replace("ASC", "").split()} <= set(names)


MEAN = f"""# scope: federated
SELECT (AVG(?percent) AS ?mean) WHERE {{ ?s <{NS}adopted> true ; <{NS}stars> ?percent }} ORDER BY ?mean
"""
COUNT = f"# scope: federated\nSELECT (COUNT(?p) AS ?n) WHERE {{ ?p a <{NS}Pledge> }}"
SIDE_BY_SIDE = (
    f"# scope: federated\nSELECT ?a ?b WHERE {{ ?a a <{NS}Programme> . ?b a <{NS}Programme> }} ORDER BY ?a ?b"
)


@pytest.mark.parametrize("text", [COUNT, SIDE_BY_SIDE, MEAN.replace("AVG", "SUM")], ids=["count", "pairs", "sum"])
def test_what_is_over_all_cities_is_not_its_parts(text: str, union: ox.Store, parts: dict[str, ox.Store]) -> None:
    """Fails when the proof above cannot tell: these claim to be federated and are not."""
    assert from_parts(parts, text).rows != run(union, text).rows


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (OWN.replace("federated", "local"), "says '# scope: local'"),
        (OWN.replace("federated", "pairs"), "says '# scope: pairs'"),
        (OWN.removeprefix("# scope: federated\n"), "does not say"),
        (OWN + "LIMIT 3", "LIMIT"),
        (OWN.replace(" ORDER BY ?p", "") + " offset 3", "OFFSET"),
        ("# scope: federated\nSELEKT", "not a SPARQL query"),
        ("# scope: federated\nASK { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", "SERVICE: name every endpoint"),
        ("# scope: federated\nSELECT * { ?s ?p ", "not a SPARQL query"),
    ],
)
def test_what_may_not_be_put_together_is_refused(text: str, said: str, tmp_path: Path, cli: Cli) -> None:
    """Fails when a mean of means is shown as the mean, or nobody is told why it is not."""
    (tmp_path / "own.rq").write_text(text, encoding="utf-8")
    with bad(http("200 OK", JSON, rows_of("u:a"))) as one, bad(http("200 OK", JSON, rows_of("u:b"))) as other:
        found = cli(tmp_path, "query", "own.rq", "--endpoint", one.address, "--endpoint", other.address)
    assert (found.code, found.out) == (2, "")
    assert said in found.err
    assert not one.asked + other.asked


# Endpoints that fail


HTML = b"<!DOCTYPE html><title>Welcome</title>"
FINE = http("200 OK", JSON, rows_of("u:good"))
MANY = [f"u:{one}" for one in range(60)]
WRONG = {
    "a page": (http("200 OK", "text/html", HTML), "HTML"),
    "a page as JSON": (http("200 OK", JSON, HTML), "no JSON"),
    "half of JSON": (http("200 OK", JSON, EMPTY[:20]), "no JSON"),
    "a broken connection": (http("200 OK", JSON, EMPTY[:20], length=99), "breaks off"),
    "another shape": (http("200 OK", JSON, b'{"head": {}, "results": {}}'), "no result of a query"),
    "deep JSON": (http("200 OK", JSON, b"[" * 5000), "no JSON"),
    "other columns": (http("200 OK", JSON, rows_of("u:a").replace(b'"p"', b'"q"')), "the columns q and not p"),
    "a row beside the head": (http("200 OK", JSON, rows_of("u:a").replace(b'"p": {', b'"q": {')), "none of its head"),
    "an IRI that leaves its brackets": (http("200 OK", JSON, rows_of("u:a> <u:b")), "no RDF term"),
    "a lone surrogate": (http("200 OK", JSON, rows_of("u:x").replace(b"u:x", b"u:\\ud800")), "no JSON"),
    "a number as a value": (http("200 OK", JSON, rows_of("u:x").replace(b'"u:x"', b"7")), "no RDF term"),
    "a failure": (http("500 Internal Server Error", "text/plain", b"java.lang.Error\n\tat x"), "HTTP 500"),
    "a login": (http("401 Unauthorized", "text/html", HTML), "HTTP 401"),
    "a part, by its status": (http("206 Partial Content", JSON, rows_of("u:a")), "HTTP 206: a part"),
    "a part, by time": (http("200 OK", JSON, rows_of("u:a"), "X-SQL-State: S1TAT"), "a part of the answer: S1TAT"),
    "a part, by rows": (http("200 OK", JSON, rows_of("u:a", "u:b"), "X-SPARQL-MaxRows: 2"), "2 rows: cut there"),
    "too many bytes": (http("200 OK", JSON, rows_of("u:" + "a" * 9000)), "more than 8,000 bytes"),
    "too many rows": (http("200 OK", JSON, rows_of(*MANY)), "60 rows"),
    "bytes without end": (http("200 OK", JSON, b" " * 100_000, length=10**12), "more than 8,000 bytes"),
    "headers without end": (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200, "got more than 100 headers"),
    "no HTTP": (b"220 mail.example.org ESMTP\r\n", "220 mail"),
    "a status for a terminal": (b"HTTP/1.1 500 \x1b[2J\r\nContent-Length: 0\r\n\r\n", "HTTP 500"),
}


@pytest.mark.parametrize("name", WRONG)
def test_who_answers_wrongly_is_named_and_the_others_rows_are_there(name: str, tmp_path: Path, cli: Cli) -> None:
    """Fails when one bad answer spoils all, gets in, or is left out in silence."""
    reply, said = WRONG[name]
    with bad(reply) as wrong, bad(FINE) as good:
        found = ask_all([wrong.address, good.address], OWN, Limits(seconds=5, bytes=8000, rows=50, attempts=1))
    assert found.answer == Answer(("p",), [("<u:good>",)])
    assert found.rows == ((good.address, 1),)
    (problem,) = found.problems
    assert problem.path == wrong.address
    assert said in problem.got
    assert str(problem).replace("\n", "").isprintable()
    assert cli(tmp_path, "query", "x", "--endpoint", "http://[::1").code == 2


@pytest.mark.parametrize("name", ["before the head", "in the head", "in the body", "before each byte"])
def test_a_slow_drip_ends_at_the_deadline(name: str) -> None:
    """Fails when a byte now and then keeps a command for ever: a timeout for each read does not end."""
    reply = http("200 OK", JSON, b" " * 500)
    made = {
        "before the head": bad(reply, wait=60),
        "in the head": bad(b"HTTP/1.1 200 OK\r\nX-Long: " + b"a" * 5000, drip=0.05),
        "in the body": bad(reply, drip=0.01),
        "before each byte": bad(reply, drip=1),
    }[name]
    with (
        made as slow,
        in_time(QUICK.seconds + 1),
        pytest.raises(EndpointError, match=r"expected an answer in 1.5 s .*, got (?:nothing|[0-9]+ bytes and no end)"),
    ):
        ask_endpoint(slow.address, OWN, QUICK)
    assert len(slow.asked) == 1


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary Redirect", "308 Moved"])
@pytest.mark.parametrize("long", [False, True], ids=["GET", "POST"])
def test_a_redirect_is_not_followed(status: str, *, long: bool) -> None:
    """Fails when an endpoint can send us to an address inside our network."""
    with bad(FINE) as inside:
        moved = http(status, "text/plain", b"", f"Location: {inside.address}")
        with bad(moved) as outside, pytest.raises(EndpointError, match=r"a redirect to http://127\.0\.0\.1"):
            ask_endpoint(outside.address, OWN + "#" * 3000 * long, QUICK)
    assert inside.asked == []
    assert outside.asked[0].startswith("POST" if long else "GET")


def test_who_is_busy_is_asked_again() -> None:
    """Fails when an endpoint that says when to come back is given up, or is asked at once."""
    busy = http("503 Service Unavailable", "text/html", HTML, "Retry-After: 1")
    with bad(busy, b"", FINE) as one, in_time(8):
        assert ask_endpoint(one.address, OWN, Limits(seconds=8)).rows == [("<u:good>",)]
    assert len(one.asked) == 3


def test_who_is_busy_for_long_is_not_waited_for() -> None:
    """Fails when Retry-After beats the deadline, or hides what was wrong."""
    busy = http("503 Service Unavailable", "text/html", HTML, "Retry-After: 3600")
    with bad(busy) as one, in_time(1), pytest.raises(EndpointError, match="HTTP 503 Service Unavailable"):
        ask_endpoint(one.address, OWN, QUICK)
    assert len(one.asked) == 1


def test_what_asking_again_would_not_mend_is_asked_once() -> None:
    """Fails when an endpoint that refuses a query is asked it again and again."""
    refusal = http("400 Bad Request", "text/plain", b"line 1: what")
    with bad(refusal) as one, pytest.raises(EndpointError, match="HTTP 400 Bad Request: line 1: what"):
        ask_endpoint(one.address, OWN, QUICK)
    assert len(one.asked) == 1


def test_half_of_what_is_asked_is_nothing() -> None:
    """Fails when an endpoint that answers one of two questions counts as one that knows nothing of the other."""
    texts = {"one": OWN, "two": OWN.replace("Policy", "Pledge")}
    with bad(FINE, http("500 Oops", "text/plain", b"")) as half, bad(FINE) as good:
        found = ask_many([half.address, good.address], texts, Limits(seconds=5))
    assert found.answered == ((good.address, 2),)
    assert [one.path for one in found.problems] == [half.address]
    assert {name: one.rows for name, one in found.answers.items()} == {"one": [("<u:good>",)], "two": [("<u:good>",)]}


def test_many_questions_have_one_deadline() -> None:
    """Fails when the time is counted anew for each question."""
    with bad(FINE, wait=0.6) as slow, in_time(QUICK.seconds + 1):
        found = ask_many([slow.address], {str(one): OWN for one in range(9)}, QUICK)
    assert (found.answered, len(found.problems)) == ((), 1)
    assert [one.rows for one in found.answers.values()] == [[]] * 9


def test_no_more_than_can_be_asked_at_once() -> None:
    """Fails when a list of a thousand addresses makes a thousand threads."""
    with pytest.raises(PledgeError, match="expected at most 64, got 65"):
        ask_all([f"http://127.0.0.1:1/{one}" for one in range(65)], OWN)


@pytest.mark.parametrize(
    "text",
    [
        "# what is asked\n# SELECT\nASK { ?s ?p 'SELECT' }",
        'PREFIX select: <http://select.example/select#>\nask{ ?s select:select ?select FILTER(?o = """\\"SELECT""") }',
        "BASE <http://a.example/#SELECT> ASK { <#b> ?p 'it\\'s # SELECT' }",
    ],
)
def test_what_a_query_asks_for_is_read_from_the_query(text: str) -> None:
    """Fails when a word in a comment, an address or a string decides which answer is waited for."""
    with bad(http("200 OK", JSON, b'{"head": {}, "boolean": true}')) as one:
        assert ask_endpoint(one.address, text, QUICK).holds is True


def test_an_update_is_not_sent() -> None:
    """Fails when the command that asks can be made to change what it asks."""
    with bad(FINE) as one, pytest.raises(PledgeError, match="not a SPARQL query"):
        ask_endpoint(one.address, "INSERT DATA { <u:a> <u:b> 'SELECT' }", QUICK)
    assert one.asked == []


# What is put together


def answered(*rows: tuple[str | None, ...]) -> list[Reply]:
    """Each row as the only one of an endpoint."""
    return [Reply(f"http://{number}.example/", Answer(("p", "q"), [row])) for number, row in enumerate(rows)]


TWO = "# scope: federated\nPREFIX x: <u:>\nSELECT ?p ?q { ?p x:q ?q } ORDER BY {}\n"


def test_rows_are_ordered_as_the_engine_orders_them() -> None:
    """Fails when numbers are ordered as text, or nothing and blank nodes stop everything."""
    ten, nine, point = (f'"{one}"^^<http://www.w3.org/2001/XMLSchema#decimal>' for one in ("10", "9", "9.5"))
    replies = answered(("<u:a>", ten), ("<u:b>", nine), ("_:x", point), ("<u:c>", None))
    text = "# scope: federated\nSELECT ?p ?q { ?p <u:q> ?q } ORDER BY DESC(?q) ?p"
    assert [row[1] for row in put_together(replies, text, ("p", "q")).rows] == [ten, point, nine, None]


def test_blank_nodes_of_two_endpoints_are_two() -> None:
    """Fails when two endpoints that both speak of b0 are taken to speak of the same thing."""
    rows = put_together(answered(("_:b0", None), ("_:b0", None)), OWN, ("p", "q")).rows
    assert len(rows) == 2
    assert all((row[0] or "").startswith("_:e") for row in rows)


def test_columns_in_another_order_are_put_right() -> None:
    """Fails when values come under another column's name."""
    reply = Reply("http://a.example/", Answer(("q", "p"), [(string("q"), iri("u:p"))]))
    assert put_together([reply], OWN, ("p", "q")).rows == [(iri("u:p"), string("q"))]


def test_hostile_values_stay_values() -> None:
    """Fails when a value gets out of its quotation marks while the rows are put in order."""
    nasty = string('x"} SELECT * { ?s ?p ?o } #\n\\" (UNDEF')
    replies = answered(("<u:b>", nasty), ("<u:a>", nasty))
    text = "# scope: federated\nSELECT ?p ?q { ?p <u:q> ?q } ORDER BY ?p"
    assert put_together(replies, text, ("p", "q")).rows == [("<u:a>", nasty), ("<u:b>", nasty)]


def test_equal_values_are_one_value() -> None:
    """Fails when engines that write 30.0 or 1 for what others write 30 or true give a row twice."""

    def written(value: str, kind: str) -> bytes:
        cell = {"type": "typed-literal", "value": value, "datatype": f"http://www.w3.org/2001/XMLSchema#{kind}"}
        content = {"head": {"vars": ["p"]}, "results": {"bindings": [{"p": cell}]}}
        return http("200 OK", JSON, json.dumps(content).encode())

    for one, other, kind in (("30.0", "30", "decimal"), ("1", "true", "boolean"), ("007", "7", "integer")):
        with bad(written(one, kind)) as here, bad(written(other, kind)) as there:
            assert len(ask_all([here.address, there.address], OWN, QUICK).answer.rows) == 1
    with bad(written("1", "integer")) as here, bad(written("1", "decimal")) as there:
        assert len(ask_all([here.address, there.address], OWN, QUICK).answer.rows) == 2


def test_yes_from_one_is_yes() -> None:
    """Fails when an ASK over several endpoints asks the first only."""
    replies = [Reply(f"http://{one}/", Answer(("boolean",), [(boolean(one),)], holds=one)) for one in (False, True)]
    assert put_together(replies, OWN, None).holds is True
    assert put_together(replies[:1], OWN, None).holds is False


# Real servers


@pytest.fixture(scope="module")
def live(site: Path, twin: Path, tmp_path_factory: pytest.TempPathFactory, cli: Cli, data: Path) -> Iterator[list[str]]:
    """Two servers of our own: one with the repository's cities, one with the twin."""
    other = twin / "public"
    built = cli(twin, "build", "--out", str(other))
    assert built.code == 0, built.err
    assert data.is_dir()
    # Comunica leaves an answer lying while it joins another one to it, and takes a connection that is closed for idling
    # for a broken answer.
    patient = ("--stall-timeout", "3600", "--query-timeout", "3600", "--keep-alive", "3600")
    with pledge_ld(tmp_path_factory.mktemp("live"), [("/", site), ("/", other)], *patient) as ports:
        yield [f"http://127.0.0.1:{port}/sparql" for port in ports]


@pytest.mark.parametrize("name", FEDERATED)
def test_two_servers_give_the_rows_of_one_store(
    name: str, live: list[str], union: ox.Store, cli: Cli, root: Path
) -> None:
    """Fails when the rows over HTTP are others than those of all cities in one store, or in another order."""
    endpoints = itertools.chain(*(("--endpoint", one) for one in live))
    found = cli(root, "query", name, *endpoints, "--format", "csv")
    assert (found.code, found.err) == (0, "")
    whole = run(union, QUERIES[name].text)
    assert found.out == as_csv(whole.names, whole.rows)


def test_slow_down_and_html_are_named_by_the_deadline(live: list[str], union: ox.Store, root: Path, cli: Cli) -> None:
    """Fails when one that hangs, one that is gone or one that is no endpoint delays or hides the two that answer."""
    down = f"http://127.0.0.1:{free_port()}/sparql"
    with bad(FINE, wait=60) as slow, bad(http("200 OK", "text/html", HTML)) as page, in_time(5):
        wanted = [*live, slow.address, down, page.address]
        endpoints = list(itertools.chain(*(("--endpoint", one) for one in wanted)))
        found = cli(root, "query", "policy_progress", *endpoints, "--timeout", "4", "--format", "json")
    assert found.code == 3
    content = json.loads(found.out)
    whole = run(union, QUERIES["policy_progress"].text)
    assert len(content["results"]["bindings"]) == len(whole.rows)
    assert {one["endpoint"]: one["got"].split(" (")[0] for one in content["unanswered"]} == {
        slow.address: "nothing",
        down: "Connection refused",
        page.address: "a page of HTML",
    }
    assert [one["endpoint"] for one in content["endpoints"]] == live
    for one in (slow.address, down, page.address):
        assert f"{one}: endpoint: expected an answer in 4 s" in found.err
    assert "2 of 5 endpoints answered" in found.err


@pytest.mark.parametrize("form", ["table", "csv", "json", "turtle"])
def test_a_comparison_over_servers_is_that_of_one_folder(
    form: str, live: list[str], both: Path, root: Path, cli: Cli
) -> None:
    """Fails when cities that lie in two places are compared otherwise than in one, or not at all."""
    endpoints = list(itertools.chain(*(("--endpoint", one) for one in live)))
    found = cli(root, "compare", *endpoints, "--format", form)
    whole = cli(both, "compare", "--format", form)
    assert (found.code, found.err, whole.code) == (0, "", 0), found.err + whole.err
    if form != "json":
        assert found.out == whole.out
        return
    content = json.loads(found.out)
    assert [one["endpoint"] for one in content.pop("endpoints")] == live
    assert content.pop("unanswered") == []
    assert content == json.loads(whole.out)


def test_a_comparison_names_who_is_slow_down_or_a_page(live: list[str], root: Path, cli: Cli) -> None:
    """Fails when three bad endpoints delay a comparison past its deadline, stop it, or are left out in silence."""
    down = f"http://127.0.0.1:{free_port()}/sparql"
    with bad(FINE, wait=60) as slow, bad(http("200 OK", "text/html", HTML)) as page, in_time(12):
        wanted = [*live, slow.address, down, page.address]
        endpoints = list(itertools.chain(*(("--endpoint", one) for one in wanted)))
        found = cli(root, "compare", *endpoints, "--timeout", "9", "--format", "json")
    assert found.code == 3
    content = json.loads(found.out)
    assert {one["code"] for one in content["cities"]} >= {"012131", "019999"}
    assert content["pairs"]
    assert {one["endpoint"] for one in content["unanswered"]} == {slow.address, down, page.address}
    for one in (slow.address, down, page.address):
        assert f"{one}: endpoint: expected an answer in 9 s" in found.err
    assert "2 of 5 endpoints answered" in found.err


def test_a_city_that_may_lie_where_nobody_answers_is_no_wrong_use(live: list[str], root: Path, cli: Cli) -> None:
    """Fails when "no city" is all that is said while an endpoint that may hold it does not answer."""
    down = f"http://127.0.0.1:{free_port()}/sparql"
    found = cli(root, "compare", "札幌市", "--endpoint", live[0], "--endpoint", down, "--timeout", "9")
    assert (found.code, found.out) == (3, "")
    for said in ("no city '札幌市'", f"{down}: endpoint: expected an answer in 9 s", "1 of 2 endpoints answered"):
        assert said in found.err
    # Where all have answered, the name is wrong, or the city nowhere.
    found = cli(root, "compare", "札幌市", "--endpoint", live[0], "--endpoint", live[1])
    assert (found.code, found.out) == (2, "")
    assert "no city '札幌市'" in found.err


def test_who_says_other_things_of_a_city_is_named() -> None:
    """Fails when a stranger's figures of our city get into a comparison, and nobody is told of them."""
    texts = {"one": "# scope: federated\nSELECT ?p ?q WHERE { ?p ?x ?q } ORDER BY ?p ?q\n"}

    def said(*pairs: tuple[str, str]) -> bytes:
        bindings = [{"p": {"type": "uri", "value": one}, "q": {"type": "uri", "value": two}} for one, two in pairs]
        content = {"head": {"vars": ["p", "q"]}, "results": {"bindings": bindings}}
        return http("200 OK", JSON, json.dumps(content).encode())

    ours = said(("u:city", "u:1"), ("u:city", "u:2"))
    with bad(ours) as one, bad(ours) as mirror, bad(said(("u:city", "u:1"), ("u:other", "u:9"))) as stranger:
        found = ask_many([one.address, mirror.address, stranger.address], texts)
    assert (len(found.answered), found.problems) == (3, ())
    (warning,) = found.warnings
    assert (warning.path, warning.warning) == (stranger.address, True)
    assert f"the same of u:city as {one.address} says" in warning.expected


def test_nobody_answers(root: Path, cli: Cli) -> None:
    """Fails when no answer looks like an answer without rows."""
    ports = [free_port(), free_port()]
    endpoints = itertools.chain(*(("--endpoint", f"http://127.0.0.1:{port}/") for port in ports))
    found = cli(root, "query", "policy_progress", *endpoints, "--timeout", "1")
    assert (found.code, found.out) == (3, "")
    assert "0 of 2 endpoints answered" in found.err


def test_who_gave_a_row(live: list[str], root: Path, cli: Cli) -> None:
    """Fails when a reader cannot see which endpoint says what."""
    endpoints = itertools.chain(*(("--endpoint", one) for one in live))
    found = cli(root, "query", "overall_progress", *endpoints, "--provenance", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(found.out)))
    assert {row["endpoint"] for row in rows} == set(live)
    assert [row["endpoint"] for row in rows if row["city"] == "双子市"] == [live[1]]


def test_graphs_are_put_together(live: list[str], union: ox.Store, tmp_path: Path, cli: Cli) -> None:
    """Fails when a CONSTRUCT over two endpoints is not the graph of both."""
    text = f"# scope: federated\nCONSTRUCT {{ ?s <{NS}stars> ?n }} WHERE {{ ?s <{NS}stars> ?n }}"
    (tmp_path / "own.rq").write_text(text, encoding="utf-8")
    endpoints = itertools.chain(*(("--endpoint", one) for one in live))
    found = cli(tmp_path, "query", "own.rq", *endpoints, "--format", "turtle")
    assert found.code == 0, found.err
    parsed = {one.triple for one in ox.parse(found.out.encode(), ox.RdfFormat.TURTLE)}
    assert parsed == set(union.query(text, use_default_graph_as_union=True))  # type: ignore[arg-type]


def test_a_graph_that_would_end_the_parser_is_refused() -> None:
    """Fails when triples in triples, fifty thousand deep, end this process."""
    body = b"<u:a> <u:b> " + b"<<( " * 50_000
    text = "# scope: federated\nCONSTRUCT WHERE { ?s ?p ?o }"
    with bad(http("200 OK", "text/turtle", body)) as one, pytest.raises(EndpointError, match="inside triples"):
        ask_endpoint(one.address, text, QUICK)


@pytest.mark.long
@pytest.mark.skipif(not (NODE and INSTALLED), reason="no Comunica here: tests/tools/install.sh")
@pytest.mark.parametrize("name", FEDERATED)
def test_an_independent_client_gives_the_same_rows(name: str, live: list[str], union: ox.Store, tmp_path: Path) -> None:
    """Fails when Comunica, which joins the endpoints triple by triple, comes to other rows than we do."""
    path = tmp_path / "query.rq"
    path.write_text(QUERIES[name].text, encoding="utf-8")
    command = [str(NODE), str(COMUNICA), str(path), *live]
    done = subprocess.run(command, capture_output=True, timeout=1800, check=False)
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    with bad(http("200 OK", JSON, done.stdout)) as theirs:
        found = ask_endpoint(theirs.address, QUERIES[name].text)
    whole = run(union, QUERIES[name].text)
    places = [found.names.index(one) for one in whole.names]
    assert Counter(tuple(row[one] for one in places) for row in found.rows) == Counter(whole.rows)
