"""A built site in the stores of others: graphs whole or not at all, nobody learns who we are, the rows are the same."""

from __future__ import annotations

import base64
import subprocess
import sys
from collections import Counter
from typing import TYPE_CHECKING
from urllib.request import Request

import pyoxigraph as ox
import pytest
from endpoints import bad, http, in_time
from stores import Store, oxigraph, virtuoso

from pledge_ld.problem import PledgeError
from pledge_ld.query import load, run
from pledge_ld.store import Limits, ask_endpoint, graphs_of, upload
from pledge_ld.store.upload import Credentials
from pledge_ld.store.wire import WireError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from conftest import Run

    Cli = Callable[..., Run]

QUERIES = load()
USER = {"PLEDGE_LD_STORE_USER": "us", "PLEDGE_LD_STORE_PASSWORD": "secret-one"}
TOKEN = {"PLEDGE_LD_STORE_TOKEN": "secret-two"}
QUICK = Limits(seconds=2)
BASIC = http("401 Unauthorized", "text/plain", b"who?", 'WWW-Authenticate: Basic realm="x"')
FINE = http("204 No Content", "text/plain", b"")


@pytest.fixture(scope="module")
def whole(site: Path) -> ox.Store:
    """The built site's quads in our own engine."""
    store = ox.Store()
    store.bulk_load(path=str(site / "data" / "all.nq"), format=ox.RdfFormat.N_QUADS)
    return store


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A site of two small graphs."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "all.nq").write_text(
        '<u:a> <u:p> "a <u:x> ." <u:one> .\n<u:b> <u:p> <u:c> <u:one> .\n<u:a> <u:p> "\\u82eb"@ja <u:two> .\n',
        encoding="utf-8",
    )
    return tmp_path


# What is refused before anything is sent


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "expected either --graph-store or --update"),
        (("--graph-store", "http://127.0.0.1:1/", "--update", "http://127.0.0.1:1/"), "expected either"),
        (("--graph-store", "file:///etc/passwd"), "--graph-store: expected an http or https address"),
        (("--graph-store", "foo"), "--graph-store: expected an http or https address, got foo"),
        (("--update", "foo"), "--update: expected an http or https address, got foo"),
        (("--graph-store", "http://us:secret-one@127.0.0.1/"), "--graph-store: expected no user name in the address"),
    ],
)
def test_wrong_addresses(arguments: tuple[str, ...], said: str, small: Path, cli: Cli) -> None:
    """Fails when a wrong call reaches anything, or its message repeats a password."""
    found = cli(small, "upload", str(small), *arguments)
    assert (found.code, found.out) == (2, "")
    assert said in found.err
    assert "secret" not in found.err


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"PLEDGE_LD_STORE_USER": "us"}, "PASSWORD"),
        ({"PLEDGE_LD_STORE_PASSWORD": "secret-one"}, "PASSWORD"),
        ({**USER, **TOKEN}, "or PLEDGE_LD_STORE_TOKEN"),
    ],
)
def test_half_of_the_credentials(environment: dict[str, str], said: str, small: Path) -> None:
    """Fails when a forgotten variable sends us there as nobody, or its message says a secret."""
    with bad(FINE) as store, pytest.raises(PledgeError, match=said) as error:
        upload(small, graph_store=store.address, environment=environment)
    assert store.asked == []
    assert "secret" not in str(error.value)


def test_a_token_goes_over_tls_or_stays_here(small: Path) -> None:
    """Fails when a token is sent where anybody on the way can read it."""
    with pytest.raises(PledgeError, match="expected an https address"):
        upload(small, graph_store="http://store.example/", environment=TOKEN)


@pytest.mark.parametrize(
    "text", ["no quads\n", "<u:a> <u:b> <u:c> .\n", "<a> <b> <c> <g> .\n<a> <b> <c> <h> .\n<a> <b> <d> <g> .\n"]
)
def test_a_site_that_is_none(text: str, small: Path) -> None:
    """Fails when a graph that comes in two parts is put twice, so that half of it is left."""
    (small / "data" / "all.nq").write_text(text, encoding="utf-8")
    with bad(FINE) as store, pytest.raises(PledgeError, match="expected "):
        list(graphs_of(small))
    assert store.asked == []
    with pytest.raises(PledgeError, match="pledge-ld build makes one"):
        list(graphs_of(small / "nowhere"))


# Stores that fail


def test_a_graph_that_is_refused_is_named_and_the_others_are_put(small: Path, cli: Cli) -> None:
    """Fails when one refusal stops all, or is not heard of."""
    with bad(http("400 Bad Request", "text/plain", b"line 1"), FINE) as store:
        found = cli(small, "upload", str(small), "--graph-store", store.address)
    assert (found.code, found.out) == (3, "u:two: 1 triples\n")
    assert "expected to take the graph u:one" in found.err
    assert "HTTP 400 Bad Request: line 1" in found.err
    assert [one.split()[0] for one in store.asked] == ["PUT", "PUT"]
    assert store.asked[0].split()[1].endswith("/sparql?graph=u%3Aone")


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "307 Temporary Redirect", "308 Moved"])
@pytest.mark.parametrize("environment", [USER, TOKEN], ids=["password", "token"])
def test_credentials_are_not_sent_elsewhere(status: str, environment: dict[str, str], small: Path) -> None:
    """Fails when a store that redirects us learns who we are for another host, or the data goes there."""
    with bad(FINE) as elsewhere:
        moved = http(status, "text/plain", b"", f"Location: {elsewhere.address}")
        with bad(BASIC, moved) if environment is USER else bad(moved) as store:
            found = upload(small, graph_store=store.address, limits=QUICK, environment=environment)
    assert elsewhere.asked == []
    assert found.graphs == ()
    assert all("a redirect to" in one.got for one in found.problems)


@pytest.mark.parametrize("environment", [USER, TOKEN], ids=["password", "token"])
def test_a_store_that_tells_our_secrets(environment: dict[str, str], small: Path) -> None:
    """Fails when a message shows what a store sends back of what it was sent."""
    plain = base64.b64encode(b"us:secret-one")
    echo = http("403 Forbidden", "text/plain", b"not you: secret-one secret-two " + plain)
    with bad(echo) as store:
        (first, _) = upload(small, graph_store=store.address, limits=QUICK, environment=environment).problems
    assert next(iter(environment.values())) not in first.got or environment is USER
    assert "***" in first.got
    assert (plain.decode() in first.got) == (environment is TOKEN)


def test_a_password_is_not_given_away_on_the_way() -> None:
    """Fails when Basic is answered over plain http to another machine, or a digest is not."""
    digest = 'Digest realm="x", nonce="y", qop="auth", algorithm=MD5'
    request = Request("http://store.example/x?graph=g", b"", method="PUT")
    who = Credentials("http://store.example/x", USER)
    with pytest.raises(WireError, match="over plain http"):
        who._sign(request, ('Basic realm="x"',))  # noqa: SLF001 - there is no other machine in a test
    assert not request.has_header("Authorization")
    who._sign(request, ('Basic realm="x"', digest))  # noqa: SLF001 - nor one that offers two ways
    assert (request.get_header("Authorization") or "").startswith('Digest username="us", realm="x", nonce="y"')


def test_a_slow_store_ends_at_the_deadline(small: Path) -> None:
    """Fails when a store that takes everything and says nothing holds the command."""
    with bad(FINE, wait=60) as store, in_time(QUICK.seconds + 1):
        found = upload(small, graph_store=store.address, limits=QUICK, environment={})
    assert (found.graphs, len(found.problems)) == ((), 2)


# Real stores


@pytest.fixture(scope="module", params=["oxigraph", "virtuoso"])
def filled(request: pytest.FixtureRequest, site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store of others, with the built site put into it by the command."""
    start = {"oxigraph": oxigraph, "virtuoso": virtuoso}[request.param]
    with start(tmp_path_factory.mktemp(request.param)) as store:
        for _ in range(2):
            # Twice: the second time takes the place of the first.
            found = upload(site, graph_store=store.graphs, environment=store.environment)
            assert found.problems == ()
        yield store


def test_each_graph_is_there_as_a_whole(filled: Store, site: Path) -> None:
    """Fails when a store holds less of a city, or more, than was published."""
    for name, triples, size in graphs_of(site):
        answer = ask_endpoint(filled.query, f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{name}> {{ ?s ?p ?o }} }}")
        # Two triples may be one in a store where 30.0 and 30 are one value.
        assert answer.rows[0][0] == f'"{size}"^^<http://www.w3.org/2001/XMLSchema#integer>', triples[:0]


@pytest.mark.parametrize("name", sorted(QUERIES))
def test_every_saved_query_gives_the_same_rows(name: str, filled: Store, whole: ox.Store) -> None:
    """Fails when a question is answered otherwise by another engine."""
    theirs, ours = ask_endpoint(filled.query, QUERIES[name].text), run(whole, QUERIES[name].text)
    assert theirs.names == ours.names
    assert Counter(theirs.rows) - Counter(ours.rows) == Counter()
    assert Counter(ours.rows) - Counter(theirs.rows) == Counter()


def test_nobody_writes_without_the_password(filled: Store, small: Path) -> None:
    """Fails when our test of the password proves nothing, since anybody may write."""
    if not filled.user:
        pytest.skip("Oxigraph's server has no users: it belongs behind a proxy that has")
    for environment in ({}, {"PLEDGE_LD_STORE_USER": filled.user, "PLEDGE_LD_STORE_PASSWORD": "wrong-one"}):
        found = upload(small, graph_store=filled.graphs, limits=Limits(seconds=20), environment=environment)
        assert (found.graphs, len(found.problems)) == ((), 2)
        assert "wrong-one" not in str(found.problems)


def test_by_update_the_same_is_there(site: Path, tmp_path: Path, cli: Cli, whole: ox.Store) -> None:
    """Fails when a store that has SPARQL Update only gets less, or keeps what is no longer published."""
    with oxigraph(tmp_path) as store:
        (tmp_path / "data").mkdir()
        old = f"<u:gone> <u:p> <u:o> <{next(graphs_of(site)).name}> .\n"
        (tmp_path / "data" / "all.nq").write_text(old, encoding="utf-8")
        for one in (tmp_path, site):
            found = cli(tmp_path, "upload", str(one), "--update", store.update)
            assert found.code == 0, found.err
        answer = ask_endpoint(store.query, "SELECT ?g ?s ?p ?o { GRAPH ?g { ?s ?p ?o } }")
    assert len(answer.rows) == len(whole)
    assert not [row for row in answer.rows if row[1] == "<u:gone>"]


def test_the_command_shows_no_secret_to_the_machine(small: Path) -> None:
    """Fails when the password has to be an argument, which every process here can read."""
    done = subprocess.run(
        [sys.executable, "-m", "pledge_ld", "upload", "--help"], capture_output=True, check=True, encoding="utf-8"
    )
    assert small.is_dir()
    assert "PLEDGE_LD_STORE_PASSWORD" in done.stdout
    assert "--password" not in done.stdout
