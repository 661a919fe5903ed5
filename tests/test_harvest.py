"""Harvesting other catalogues: real servers on the loopback, most of them hostile."""

from __future__ import annotations

import gzip
import resource
import shutil
import signal
import socket
import subprocess
import sys
import time
import zlib
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pyoxigraph as ox
import pytest
from hostile import Server, drip, endless, listening, redirect, reply
from servers import free_port, running

from pledge_ld import harvest, serve
from pledge_ld.graph import as_ntriples
from pledge_ld.harvest import connect
from pledge_ld.harvest.address import near, public, web_address
from pledge_ld.harvest.apart import apart
from pledge_ld.harvest.catalogue import listed
from pledge_ld.harvest.provenance import quads, slug, source_of
from pledge_ld.term import BASE
from pledge_ld.validate import default_engine, validate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conftest import Run
    from hostile import Say

EXAMPLE = Path(__file__).parent / "examples" / "valid" / "small-city.ttl"
TURTLE, NT = "text/turtle", "application/n-triples"
EVERY = "0.0.0.0"  # noqa: S104 - an address that must not be asked, not one to listen at
PREFIXES = "@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .\n"


def catalogue(*files: str, form: str = TURTLE, more: str = "") -> bytes:
    """A catalogue with a dataset of pledge data for each file."""
    text = PREFIXES
    for number, file in enumerate(files):
        text += (
            f"<#d{number}> a dcat:Dataset ; dct:conformsTo <{BASE}ns> ; dcat:distribution <#f{number}> .\n"
            f'<#f{number}> dcat:downloadURL <{file}> ; dcat:mediaType "{form}" .\n'
        )
    return (text + more).encode()


@pytest.fixture
def server() -> Iterator[Server]:
    """A server that has a good catalogue at /good and a good city at /city."""
    with listening() as one:
        one.answers["/city"] = reply(EXAMPLE.read_bytes(), ETag='"1"')
        one.answers["/good"] = reply(catalogue("/city"), ETag='"1"')
        yield one


class Harvest(NamedTuple):
    """The command, and the folder that it harvests into."""

    cli: Callable[..., Run]
    folder: Path

    def __call__(self, *arguments: str, private: bool = True) -> Run:
        """What the command says of these sources."""
        options = ["--allow-private"] if private else []
        return self.cli(self.folder, "harvest", *arguments, *options)

    @property
    def files(self) -> dict[str, bytes]:
        """What lies in the folder of sources, but for the lock."""
        found = (self.folder / "harvest").glob("*")
        return {one.name: one.read_bytes() for one in found if one.name != ".lock"}


@pytest.fixture
def command(cli: Callable[..., Run], tmp_path: Path) -> Harvest:
    """The command in an empty folder."""
    return Harvest(cli, tmp_path)


def children_peak() -> int:
    """The most memory, in MiB, that any ended child of this process has had."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024


# Bad input first.

BOMB = "".join(
    ['<?xml version="1.0"?>\n<!DOCTYPE r [\n<!ENTITY a0 "aaaaaaaaaa">\n']
    + [f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">\n' for n in range(1, 10)]
    + [
        ']>\n<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="urn:e:">',
        '<rdf:Description rdf:about="urn:x"><e:p>&a9;</e:p></rdf:Description></rdf:RDF>',
    ]
).encode()
EXTERNAL = (
    b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="urn:e:">'
    b'<rdf:Description rdf:about="urn:x"><e:p>&x;</e:p></rdf:Description></rdf:RDF>'
)
ZEROS = zlib.compressobj(9, wbits=31)
GZIP_BOMB = b"".join(ZEROS.compress(b" " * (1 << 20)) for _ in range(64)) + ZEROS.flush()
TRUNCATED = gzip.compress(EXAMPLE.read_bytes())[:-100]
CONTEXT = b'{"@context": "http://127.0.0.1:1/context.jsonld", "@id": "urn:x", "p": "q"}'
SLOW_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/turtle\r\nX-A: " + b"a" * 1000
CHUNKED = b"HTTP/1.1 200 OK\r\nContent-Type: application/n-triples\r\nTransfer-Encoding: chunked\r\n\r\n"
PLAIN = b"HTTP/1.1 200 OK\r\nContent-Type: application/n-triples\r\n\r\n"
MANY = catalogue(*(f"/city?{number}" for number in range(20_000)))

DOCUMENTS: dict[str, tuple[bytes | Say, str]] = {
    "entity bomb": (reply(BOMB, "application/rdf+xml"), "DOCTYPE"),
    "external entity": (reply(EXTERNAL, "application/rdf+xml"), "DOCTYPE"),
    "entity bomb in UTF-16": (
        reply(BOMB.decode().replace('"1.0"', '"1.0" encoding="utf-16"').encode("utf-16"), "application/rdf+xml"),
        "DOCTYPE",
    ),
    "gzip bomb": (reply(GZIP_BOMB, Content_Encoding="gzip"), "more than 32 MiB"),
    "gzip cut": (reply(TRUNCATED, Content_Encoding="gzip"), "end too early"),
    "gzip that is none": (reply(b"hello", Content_Encoding="gzip"), "damaged"),
    "packed unasked": (reply(b"hello", Content_Encoding="br"), "not asked for"),
    "endless": (endless(PLAIN, b"# more\n" * 9000), "more than 32 MiB"),
    "endless chunks": (endless(CHUNKED, b"2000\r\n" + b"#" * 0x2000 + b"\r\n"), "more than 32 MiB"),
    "announced too large": (reply(b"x", Content_Length=str(1 << 40)), "more than 32 MiB"),
    "one line of 100 MB": (endless(PLAIN, b'<urn:a> <urn:b> "' + b"x" * (1 << 20)), "more than 32 MiB"),
    "one value of 20 MB": (reply(b'<urn:a> <urn:b> "' + b"x" * (20 << 20) + b'" .'), "longer than can be read"),
    "longer than it says": (
        reply(catalogue("/city"), Content_Length=str(len(catalogue("/city")) - 30)),
        "not HTTP",
    ),
    "shorter than it says": (reply(catalogue("/city"), Content_Length="100000"), "before the whole answer"),
    "nothing at all": (b"", "before the whole answer"),
    "no HTTP": (b"220 mail.example ESMTP\r\n", "not HTTP"),
    "endless header": (endless(b"HTTP/1.1 200 OK\r\nX-A: ", b"a" * 65536), "not HTTP"),
    "a page": (reply(b"<!doctype html><title>Hello</title>", "text/html; charset=utf-8"), "a page for people"),
    "a page called Turtle": (reply(b"<!doctype html><title>Hello</title>"), "not text/turtle"),
    "a picture": (reply(b"\x89PNG", "image/png"), "expected RDF, got image/png"),
    "no type": (reply(b"hello", ""), "expected RDF, got no type"),
    "lists in lists": (reply(b"<urn:a> <urn:b> " + b"(" * 100_000), "not text/turtle"),
    "nodes in nodes": (reply(b"<urn:a> <urn:b> " + b"[ <urn:c> " * 100_000), "not text/turtle"),
    "statements in statements": (
        reply(b"<urn:a> <urn:b> " + b"<<( <urn:a> <urn:b> " * 100_000 + b"<urn:c>" + b" )>>" * 100_000 + b" ."),
        "memory, depth or time",
    ),
    "a statement as a value": (
        reply(b"<urn:a> <urn:b> <<( <urn:a> <urn:b> <urn:c> )>> ."),
        "a statement about a statement",
    ),
    "arrays in arrays": (reply(b"[" * 1_000_000, "application/ld+json"), "not application/ld+json"),
    "a context elsewhere": (reply(CONTEXT, "application/ld+json"), "context that lies elsewhere"),
    "cut in a statement": (reply(catalogue("/city")[:-30]), "not text/turtle"),
    "another charset": (reply("<urn:a> <urn:b> '公約' .".encode("cp932")), "not text/turtle"),
    "no pledge data": (reply(b"<urn:a> a <http://www.w3.org/ns/dcat#Dataset> ."), "none of its 1 datasets"),
    "an empty file": (reply(b""), "none of its 0 datasets"),
    "20,000 files": (reply(MANY), "more than 2000 files"),
    "script": (reply(catalogue("javascript:alert(1)")), "javascript:alert(1)"),
    "a file here": (reply(catalogue("file:///etc/passwd")), "file:///etc/passwd"),
    "ftp": (reply(catalogue("ftp://example.org/x.ttl")), "ftp://example.org/x.ttl"),
    "a password": (reply(catalogue("http://me:secret@127.0.0.1/x.ttl")), "has no file|no address that is followed"),
    "only a table": (reply(catalogue("/city.csv", form="text/csv")), "no file in a form that is read"),
    "not found": (reply(b"", status="404 Not Found"), "answers 404"),
    "forbidden": (reply(b"", status="401 Unauthorized", WWW_Authenticate="Basic"), "answers 401"),
    "304 unasked": (reply(b"", status="304 Not Modified"), "answers 304"),
    "a part of it": (reply(catalogue("/city"), status="206 Partial Content"), "answers 206"),
    "in a circle": (redirect("/bad"), "leads on more than 5 times"),
    "to a file here": (redirect("file:///etc/passwd"), "expected an http or https address"),
    "to a password": (redirect("http://me:secret@127.0.0.1/"), "name or password"),
    "to nowhere": (redirect("http://:80/"), "no whole address"),
    "to a cloud's keys": (redirect("http://169.254.169.254/latest/"), "never spoken to"),
    "to a link": (redirect("http://[fe80::1%25lo]/"), "never spoken to|no whole address|cannot be reached"),
    "to everything": (redirect("http://0.0.0.0:1/"), "never spoken to"),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_hostile_document_is_refused(name: str, server: Server, command: Harvest) -> None:
    """Fails when what a stranger serves takes the machine's time or memory, is kept, or is refused in riddles."""
    answer, expected = DOCUMENTS[name]
    server.answers["/bad"] = answer
    start = time.monotonic()
    run = command(server.url("/bad"), "--deadline", "20")
    assert time.monotonic() - start < 15
    assert run.code == 3, run
    first = run.err.splitlines()[0]
    assert first.startswith(server.url("/bad") + ": ")
    assert any(one in first for one in expected.split("|")), first
    assert "secret" not in run.err
    assert not run.out
    assert not command.files
    assert server.asked[0] == "/bad"
    assert "/context.jsonld" not in server.asked
    assert children_peak() < 1600


@pytest.mark.parametrize("name", ["entity bomb", "gzip bomb", "lists in lists", "statements in statements", "a page"])
def test_hostile_data_behind_a_good_catalogue_are_refused(name: str, server: Server, command: Harvest) -> None:
    """Fails when only the catalogue is read with care; the message names the file as well as the source."""
    server.answers["/bad"] = DOCUMENTS[name][0]
    server.answers["/catalogue"] = reply(catalogue("/bad"))
    run = command(server.url("/catalogue"), "--deadline", "20")
    assert (run.code, command.files) == (3, {})
    assert run.err.startswith(server.url("/catalogue"))
    if name != "statements in statements":
        assert f"{server.url('/bad')}: " in run.err or f"{server.url('/bad')}:" in run.err


SLOW: dict[str, Say] = {
    "headers": drip(SLOW_HEAD, 0.2),
    "body": drip(b"HTTP/1.1 200 OK\r\nContent-Type: text/turtle\r\n\r\n" + b"# slow\n" * 1000, 0.05),
    "nothing": drip(b"HT", 30),
}


@pytest.mark.parametrize("name", SLOW)
def test_a_slow_drip_is_cut_at_the_deadline(name: str, server: Server, command: Harvest) -> None:
    """Fails when the time is counted for each piece, as most libraries do, and not for the whole."""
    server.answers["/bad"] = SLOW[name]
    start = time.monotonic()
    run = command(server.url("/bad"), "--deadline", "1.5")
    assert 1.4 < time.monotonic() - start < 4
    assert run.code == 3
    assert "not done within 1.5 s" in run.err
    assert not command.files


def test_reading_is_cut_at_the_deadline(server: Server, command: Harvest) -> None:
    """Fails when a file that takes a parser minutes is waited for, or its process goes on."""
    deep = b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="urn:e:">'
    deep += b"<rdf:Description><e:p>" * 100_000
    server.answers["/bad"] = reply(deep, "application/rdf+xml")
    start = time.monotonic()
    run = command(server.url("/bad"), "--deadline", "2")
    assert time.monotonic() - start < 5
    assert (run.code, command.files) == (3, {})


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "2130706433", "127.1", "0x7f000001", "[::1]", "[::ffff:127.0.0.1]", EVERY, "[::]"],
)
def test_our_own_machine_is_not_spoken_to(host: str, server: Server, command: Harvest) -> None:
    """Fails when a catalogue is asked at an address of the machine itself, however it is written."""
    run = command(f"http://{host}:{server.port}/good", private=False)
    url = f"http://{host}:{server.port}/good"
    if host in {"2130706433", "127.1", "0x7f000001"}:
        # No address of version 4 as it should be written: refused before anything else, and with private ones too.
        assert run == command(url)
        assert (run.code, run.out, command.files) == (2, "", {})
        assert f"as the host of {url}, got {host}" in run.err
    else:
        assert run.code == 3
        assert run.err.startswith(f"{url}: ")
    assert server.asked == []


@pytest.mark.parametrize(
    "one",
    [
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "127.8.8.8",
        "169.254.169.254",
        "100.64.0.1",
        "100.100.100.200",
        EVERY,
        "224.0.0.1",
        "255.255.255.255",
        "240.0.0.1",
        "192.0.0.192",
        "198.18.0.1",
        "203.0.113.5",
        "168.63.129.16",
        "::1",
        "::",
        "::ffff:127.0.0.1",
        "::127.0.0.1",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "fd00:ec2::254",
        "fec0::1",
        "ff02::1",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "2002:7f00:1::",
        "2001:0:7f00:1::1",
        "2001:db8::1",
    ],
)
def test_addresses_that_are_not_public(one: str) -> None:
    """Fails when one of the ways to write an address that is not of the public net is taken for one that is."""
    assert not public(one)


def test_addresses_that_are_spoken_to() -> None:
    """Fails when nothing can be harvested any more; or metadata can, because private addresses may be spoken to."""
    assert all(public(one) for one in ("8.8.8.8", "2606:4700::1111", "64:ff9b::808:808", "::ffff:8.8.8.8"))
    assert all(near(one) for one in ("127.0.0.1", "10.1.2.3", "::1", "fd12::1", "192.168.0.9"))
    assert not any(near(one) for one in ("169.254.169.254", "fe80::1", "fd00:ec2::254", EVERY, "::", "224.0.0.1"))


def test_a_redirect_into_the_own_network_is_not_followed(
    server: Server, command: Harvest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails when only the first address is looked at. The name stands for a public one, and its server is ours."""
    told = _names(monkeypatch, server)
    server.answers["/bad"] = redirect(f"http://127.0.0.1:{server.port}/inner")
    run = command("http://public.example/bad", private=False)
    assert run.code == 3
    assert "127.0.0.1 is not an address of the public net" in run.err
    assert server.asked == ["/bad"]
    assert told == ["public.example"]


def test_data_at_an_address_of_the_own_network_are_not_fetched(
    server: Server, command: Harvest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails when what a catalogue names is trusted more than what a person typed."""
    _names(monkeypatch, server)
    server.answers["/bad"] = reply(catalogue(f"http://127.0.0.1:{server.port}/inner.ttl", "http://mixed.example/x.ttl"))
    run = command("http://public.example/bad", private=False)
    assert (run.code, server.asked, command.files) == (3, ["/bad"], {})


def test_a_name_with_one_private_address_is_refused(
    server: Server, command: Harvest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails when the public one among a name's addresses is enough."""
    _names(monkeypatch, server)
    run = command("http://mixed.example/bad", private=False)
    assert run.code == 3
    assert "mixed.example (10.0.0.1) is not an address of the public net" in run.err
    assert server.asked == []


def _names(monkeypatch: pytest.MonkeyPatch, server: Server) -> list[str]:
    """Gives two names addresses, and leads the public one's connection to our server: nothing else is replaced."""
    asked: list[str] = []
    known = {"public.example": ["8.8.8.8"], "mixed.example": ["8.8.8.8", "10.0.0.1"]}

    def getaddrinfo(host: str, port: int, *_: object) -> list[object]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in known[host]]

    class Rerouted(socket.socket):
        """A socket that reaches our server where it was to reach the public address."""

        def connect(self, address: object, /) -> None:
            assert address == ("8.8.8.8", 80)
            super().connect(("127.0.0.1", server.port))

    def socket_for(look: Callable[[str], None]) -> Callable[[Any], socket.socket]:
        make = connect.socket_for(look)

        def rerouted(info: Any) -> socket.socket:
            with make(info):
                return Rerouted(*info[:3])

        return rerouted

    monkeypatch.setattr("socket.getaddrinfo", getaddrinfo)
    monkeypatch.setattr("pledge_ld.harvest.fetch.socket_for", socket_for)
    return asked


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.org",
        "ftp://example.org/",
        "file:///etc/passwd",
        "http://a:b@example.org/",
        "http://",
        "http://x y/",
        "http://127.1:8799/catalog.ttl",
        "http://0/x",
        "http://2130706433/catalog.ttl",
        "http://0x7f000001/",
        "http://0177.0.0.1/",
        "http://010.0.0.1/",
        "http://1.2.3.4.5/",
        "http://256.1.1.1/",
        "http://127.1./",
        "http://127.1/",
        "http://127。1/",
        "http://example.0x1/",
    ],
)
def test_an_address_that_nobody_can_have_is_wrong_use(url: str, command: Harvest) -> None:
    """Fails when a slip of the pen is called a remote's failure."""
    run = command(url)
    assert (run.code, run.out, command.files) == (2, "", {})
    assert "HTTP as it should be" not in run.err
    assert "expected" in run.err or "leave them out" in run.err or "no whole address" in run.err


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("HTTP://EXAMPLE.org/A?B=C", "http://example.org/A?B=C"),
        ("https://example.org:443/", "https://example.org/"),
        ("http://example.org:80", "http://example.org/"),
        ("http://example.org?", "http://example.org/?"),
        ("http://[2001:DB8::1]:80/x", "http://[2001:db8::1]/x"),
        ("https://example.org:80/#top", "https://example.org:80/"),
        ("http://127.0.0.1:8799/c", "http://127.0.0.1:8799/c"),
        ("http://1.example.org/", "http://1.example.org/"),
    ],
)
def test_an_address_has_one_spelling(text: str, same: str) -> None:
    """Fails when what leads to the same place counts as two sources, or what may not as one."""
    assert web_address(text) == same
    assert web_address(same) == same


def test_a_source_in_two_spellings_is_one(server: Server, command: Harvest) -> None:
    """Fails when a source given by an address in capitals is kept a second time."""
    url = server.url("/good")
    assert command(url).code == 0
    run = command(url.replace("http:", "HTTP:"), url)
    assert (run.code, run.out.count("statements in"), len(command.files)) == (0, 1, 1)


def test_copies_among_the_records_are_refused(server: Server, command: Harvest) -> None:
    """Fails when the copies lie where a build looks for cities: every later build would fail for them."""
    (command.folder / "data").mkdir()
    run = command(server.url("/good"), "--into", "data/harvest")
    assert (run.code, run.out) == (2, "")
    assert "--into: expected a folder outside data" in run.err
    assert "記録のフォルダの外" in run.err
    assert list((command.folder / "data").iterdir()) == []
    # Beside the records, nothing is in the way of anybody.
    assert command(server.url("/good"), "--into", ".").code == 0


def test_nothing_to_harvest_is_wrong_use(command: Harvest) -> None:
    """Fails when no address and an empty folder pass for success."""
    run = command()
    assert run.code == 2
    assert "no source yet" in run.err


def test_a_server_that_is_down_is_named(command: Harvest) -> None:
    """Fails when who did not answer is not said."""
    url = f"http://127.0.0.1:{free_port()}/catalog.ttl"
    run = command(url)
    assert run.code == 3
    assert run.err.startswith(f"{url}: cannot be reached")


def test_a_busy_server_is_asked_again(server: Server, command: Harvest) -> None:
    """Fails when one 503 costs a source that has its data a second later."""
    busy, good = reply(b"", status="503 Busy", Retry_After="0"), server.answers["/good"]
    left = [busy, busy]

    async def say(writer: object, _headers: dict[str, str]) -> None:
        answer = left.pop() if left else good
        assert isinstance(answer, bytes)
        writer.write(answer)  # type: ignore[attr-defined]

    server.answers["/good"] = say
    assert command(server.url("/good")).code == 0
    assert server.asked == ["/good", "/good", "/good", "/city"]


def test_catalogues_that_name_each_other_come_to_an_end(server: Server, command: Harvest) -> None:
    """Fails when two catalogues that list one another, or a next page that is the first, are read for ever."""
    next_ = "<> <http://www.w3.org/ns/hydra/core#next> </{}> ; dcat:catalog </{}> .\n"
    server.answers["/one"] = reply(catalogue(more=next_.format("two", "one")))
    server.answers["/two"] = reply(catalogue("/city", more=next_.format("one", "two")))
    run = command(server.url("/one"))
    assert run.code == 0, run.err
    assert sorted(server.asked) == ["/city", "/one", "/two"]


def test_pages_without_end_are_refused(server: Server, command: Harvest) -> None:
    """Fails when a catalogue whose every page has a next one is read until the time is over."""
    for number in range(120):
        following = "".join(
            f"<> <http://www.w3.org/ns/hydra/core#next> </p{number * 4 + one}> .\n" for one in range(1, 5)
        )
        server.answers[f"/p{number}"] = reply(catalogue(more=following))
    run = command(server.url("/p0"))
    assert run.code == 3
    assert "more than 100 pages" in run.err


def test_a_file_that_the_catalogue_describes_otherwise_is_refused(server: Server, command: Harvest) -> None:
    """Fails when a file cut at the end of a line, which reads well, is taken for the whole."""
    more = f"""<#f0> <http://spdx.org/rdf/terms#checksum> <#c> .
    <#c> <http://spdx.org/rdf/terms#checksumValue> "{"0" * 64}" ."""
    server.answers["/lying"] = reply(catalogue("/city", more=more))
    run = command(server.url("/lying"))
    assert (run.code, command.files) == (3, {})
    assert "SHA-256" in run.err


def test_data_that_break_a_rule_are_not_taken(server: Server, command: Harvest) -> None:
    """Fails when our shapes are not asked, or the remote's are, or the exit code calls it a remote's failure."""
    text = EXAMPLE.read_text(encoding="utf-8").replace("pledge:stars 2 ;", "pledge:stars 77 ;")
    assert "pledge:stars 77" in text
    loose = "[] <http://www.w3.org/ns/shacl#shapesGraph> <http://127.0.0.1:1/shapes> .\n"
    server.answers["/city"] = reply((text + loose).encode())
    run = command(server.url("/good"))
    assert (run.code, command.files) == (1, {})
    assert "expected 0..10, got 77 [Score-stars]" in run.err
    assert server.asked == ["/good", "/city"]


def test_a_term_that_the_vocabulary_lacks_is_refused(server: Server, command: Harvest) -> None:
    """Fails when a misspelt property, of which SHACL says nothing, is taken."""
    server.answers["/city"] = reply(EXAMPLE.read_bytes() + b"<urn:x> pledge:starz 7 .\n")
    run = command(server.url("/good"))
    assert (run.code, command.files) == (1, {})
    assert "[ontology-term]" in run.err


def test_what_is_checked_apart_breaks_the_same_rules() -> None:
    """Fails when a fault is lost or made because a source is not checked in one piece; or everything is one piece."""
    broken = EXAMPLE.read_text(encoding="utf-8").replace("pledge:stars 2 ;", "pledge:stars 77 ;")
    triples = [
        (str(one.subject), str(one.predicate), str(one.object))
        for text in (broken, broken.replace("999999", "999998"))
        for one in ox.parse(text.encode(), ox.RdfFormat.TURTLE)
    ]
    engine = default_engine()
    lots = list(apart(dict.fromkeys(triples), enough=1))
    assert len(lots) > 1
    found = [one for lot in lots for one in validate(as_ntriples(lot), engine)]
    assert sorted(found) == validate(as_ntriples(dict.fromkeys(triples)), engine)
    assert len(found) >= 2


def test_data_without_any_pledges_are_refused(server: Server, command: Harvest) -> None:
    """Fails when data about something else conform because no shape looks at them."""
    server.answers["/city"] = reply(b"<urn:a> <urn:b> <urn:c> .")
    run = command(server.url("/good"))
    assert (run.code, command.files) == (3, {})
    assert "no assessment" in run.err


# What a failure leaves behind.


def one_source(command: Harvest) -> harvest.Source:
    """The one source in the folder."""
    (found,) = harvest.kept(command.folder / "harvest")
    return found.source


FAILURES: dict[str, bytes] = {
    "gone": reply(b"", status="404 Not Found"),
    "a page": reply(b"<!doctype html>", "text/html"),
    "cut": reply(catalogue("/city")[:-30]),
    "bomb": reply(BOMB, "application/rdf+xml"),
    "nothing listed": reply(b""),
}


@pytest.mark.parametrize("name", FAILURES)
def test_the_last_good_copy_is_kept_and_marked_old(name: str, server: Server, command: Harvest) -> None:
    """Fails when a source that fails takes its data along, or nobody can see that they are old and why."""
    assert command(server.url("/good")).code == 0
    before, (lines,) = one_source(command), command.files.values()
    good, server.answers["/good"] = server.answers["/good"], FAILURES[name]
    run = command(server.url("/good"))
    assert run.code == 3
    assert f"the copy of {before.retrieved} is kept, and marked old" in run.err
    after = one_source(command)
    assert after.old
    assert after.old.english
    assert after.old.japanese
    assert after.retrieved == before.retrieved
    ending = f"{before.graph} .".encode()
    (now,) = command.files.values()
    kept = [[line for line in text.splitlines() if line.endswith(ending)] for text in (lines, now)]
    assert kept[0] == kept[1]
    # Again: the day since when it is old does not move. And well again: it is not old any more.
    command(server.url("/good"))
    assert one_source(command).old == after.old
    server.answers["/good"] = good
    assert command(server.url("/good")).code == 0
    assert one_source(command).old is None


def test_one_that_fails_costs_the_others_nothing(server: Server, command: Harvest) -> None:
    """Fails when a bad source stops the good ones, or the exit code forgets it."""
    server.answers["/bad"] = reply(b"", status="404 Not Found")
    run = command(server.url("/bad"), server.url("/good"))
    assert run.code == 3
    assert server.url("/good") in run.out
    assert one_source(command).url == server.url("/good")


def test_all_files_of_a_source_or_none(server: Server, command: Harvest) -> None:
    """Fails when the files before the one that is missing are kept."""
    server.answers["/two"] = reply(catalogue("/city", "/missing"))
    run = command(server.url("/two"))
    assert (run.code, command.files) == (3, {})
    assert f"{server.url('/missing')}: the server answers 404" in run.err


def test_two_harvests_at_once_exclude_each_other(server: Server, command: Harvest, tmp_path: Path) -> None:
    """Fails when two harvests write into one folder."""
    server.answers["/slow"] = drip(b"HTTP/1.1 200 OK\r\n" + b"X" * 100, 0.2)
    options = [server.url("/slow"), "--allow-private", "--deadline", "10"]
    arguments = [sys.executable, "-m", "pledge_ld", "harvest", *options]
    with subprocess.Popen(arguments, cwd=tmp_path, stderr=subprocess.DEVNULL) as other:
        until(lambda: server.asked == ["/slow"])
        run = command(server.url("/good"))
        other.kill()
    assert run.code == 2
    assert "another harvest" in run.err
    assert command(server.url("/good")).code == 0


def until(true: Callable[[], bool], seconds: float = 20) -> None:
    """Waits until it is true."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def test_a_harvest_that_is_killed_leaves_whole_copies(server: Server, command: Harvest, tmp_path: Path) -> None:
    """Fails when kill -9, whenever it comes, leaves half a file, or one that the next harvest does not sweep away."""
    assert command(server.url("/good")).code == 0
    source = one_source(command)
    arguments = [sys.executable, "-m", "pledge_ld", "harvest", server.url("/good"), "--allow-private"]
    for number in range(4):
        text = EXAMPLE.read_text(encoding="utf-8") + f"<urn:x> <urn:number> {number} .\n"
        server.answers["/city"] = reply(text.encode())
        with subprocess.Popen(arguments, cwd=tmp_path, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as one:
            time.sleep(0.7 + number * 0.25)
            one.send_signal(signal.SIGKILL)
        now = one_source(command)
        data = [line for line in next(iter(command.files.values())).splitlines() if now.graph.encode() in line]
        stored = [line for line in data if line.endswith(f"{now.graph} .".encode())]
        assert len(stored) == now.statements
        assert now.graph == source.graph
    left = tmp_path / "harvest" / ".being-written-x.nq"
    left.write_text("half", encoding="utf-8")
    assert command(server.url("/good")).code == 0
    assert not left.exists()


KILLED_WHILE_WRITING = """
import os, shutil, signal
def half(data, file, _size):
    file.write(data.read(1000))
    file.flush()
    os.kill(os.getpid(), signal.SIGKILL)
shutil.copyfileobj = half
from pledge_ld.cli import main
main()
"""


def test_a_harvest_that_is_killed_while_it_writes_leaves_the_old_copy(server: Server, command: Harvest) -> None:
    """Fails when a file is written in the place where the old one lies."""
    assert command(server.url("/good")).code == 0
    (name,), before = command.files, command.files
    server.answers["/city"] = reply(EXAMPLE.read_bytes() + b"<urn:x> <urn:y> 1 .\n")
    arguments = [sys.executable, "-c", KILLED_WHILE_WRITING, "harvest", server.url("/good"), "--allow-private"]
    done = subprocess.run(arguments, cwd=command.folder, check=False, timeout=60)
    assert done.returncode == -signal.SIGKILL
    assert command.files[name] == before[name]
    assert len(command.files) == 2
    assert command(server.url("/good")).code == 0
    assert list(command.files) == [name]


def test_a_copy_that_was_damaged_is_taken_anew(server: Server, command: Harvest) -> None:
    """Fails when a file that was cut stays cut because its server says that nothing changed."""
    _conditional(server)
    assert command(server.url("/good")).code == 0
    (path,) = (command.folder / "harvest").glob("*.nq")
    whole = path.read_bytes()
    path.write_bytes(whole[: whole.rindex(b"\n", 0, -2) + 1])
    run = command(server.url("/good"))
    assert "taken" in run.out
    assert path.read_bytes().count(b"\n") == whole.count(b"\n")


# And the good case.


DAMAGE: dict[str, tuple[Callable[[bytes], bytes], str, bool]] = {
    "nothing left": (lambda _: b"", "a beginning that is not as a harvest writes it", False),
    "garbage": (lambda _: b"\x00\xff garbage", "no N-Quads", False),
    "of somebody else": (
        lambda _: b"<urn:a> <urn:b> <urn:c> <urn:g> .\n",
        "a beginning that is not as a harvest writes it",
        False,
    ),
    "cut in its first line": (lambda whole: whole[:40], "no N-Quads", False),
    "cut in its head": (lambda whole: whole[: whole.index(b"generatedAtTime")], "a beginning that is not as", True),
    "cut in its data": (lambda whole: whole[: whole.rindex(b"\n", 0, -2) + 1], "374 of 375 statements", True),
    "cut in a line": (lambda whole: whole[:-30], "374 of 375 statements", True),
    "with more behind": (lambda whole: whole + b"more\n", "1 lines that no harvest wrote", True),
}
"""What becomes of a file, what is said of it, and whether it still tells whose it is."""


@pytest.mark.parametrize("name", DAMAGE)
def test_a_damaged_copy_is_named_not_passed_over(name: str, server: Server, command: Harvest) -> None:
    """Fails when a copy that cannot be read is passed over in silence where all are taken anew."""
    damage, said, known = DAMAGE[name]
    server.answers["/other"] = reply(catalogue("/city"))
    assert command(server.url("/good"), server.url("/other")).code == 0
    path = harvest_path(command, server.url("/good"))
    whole = path.read_bytes()
    path.write_bytes(damage(whole))
    run = command()
    assert f"harvest/{path.name}: {'warning: ' if known else ''}file: expected a whole copy of a source" in run.err
    assert said in run.err
    assert "取り直すか" in run.err
    assert f"{server.url('/other')}: unchanged" in run.out
    if known:
        assert (run.code, path.read_bytes().count(b"\n")) == (0, whole.count(b"\n"))
        assert f"pledge-ld harvest {server.url('/good')}" in run.err
        assert command().err == ""
    else:
        assert (run.code, path.read_bytes()) == (1, damage(whole))
        # What it says to do mends it.
        assert command(server.url("/good")).code == 0
        assert (command().code, command().err) == (0, "")


def test_a_damaged_copy_whose_source_is_down_is_a_failure_elsewhere(server: Server, command: Harvest) -> None:
    """Fails when a warning about a file here makes a server that is down look like data that break a rule."""
    assert command(server.url("/good")).code == 0
    path = harvest_path(command, server.url("/good"))
    path.write_bytes(path.read_bytes()[:-30])
    server.answers["/good"] = FAILURES["gone"]
    run = command()
    assert run.code == 3
    assert "374 of 375 statements" in run.err
    assert "404" in run.err


@pytest.mark.parametrize("name", DAMAGE)
def test_a_damaged_copy_is_not_served_and_the_others_are(
    name: str, server: Server, command: Harvest, site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails when a server keeps silent about a copy that it left out, or does not start for it."""
    server.answers["/other"] = reply(catalogue("/city"))
    assert command(server.url("/good"), server.url("/other")).code == 0
    path = harvest_path(command, server.url("/good"))
    path.write_bytes(DAMAGE[name][0](path.read_bytes()))
    given: dict[str, Any] = {}
    monkeypatch.setattr(serve, "run", lambda *_, **options: given.update(options))
    run = command.cli(command.folder, "serve", str(site), "--harvested", "harvest")
    assert run.code == 0
    assert f"harvest/{path.name}: warning: file: expected a whole copy" in run.err
    assert given["loads"] == (harvest_path(command, server.url("/other")).relative_to(command.folder),)
    store = ox.Store()
    assert [one.url for one in harvest.load_into(store, command.folder / "harvest")] == [server.url("/other")]


def harvest_path(command: Harvest, url: str) -> Path:
    """The file of a source."""
    return command.folder / "harvest" / f"{slug(url)}.nq"


def _conditional(server: Server) -> None:
    """Make the server answer 304 to who has its files."""

    def answer(path: str) -> Say:
        whole = server.answers[path]
        assert isinstance(whole, bytes)

        async def say(writer: object, headers: dict[str, str]) -> None:
            same = headers.get("if-none-match") == '"1"'
            writer.write(reply(b"", "", status="304 Not Modified", ETag='"1"') if same else whole)  # type: ignore[attr-defined]

        return say

    for path in ("/good", "/city"):
        server.answers[path] = answer(path)


def test_what_has_not_changed_is_not_parsed(server: Server, command: Harvest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fails when a harvest of what is here already costs more than asking."""
    _conditional(server)
    assert command(server.url("/good")).code == 0
    before = command.files

    def never(*_: object) -> None:
        pytest.fail("a process to read was started")

    monkeypatch.setattr("pledge_ld.harvest.child.data", never)
    monkeypatch.setattr("pledge_ld.harvest.child.catalogues", never)
    run = command()
    assert (run.code, command.files) == (0, before)
    assert f"{server.url('/good')}: unchanged" in run.out
    assert [one.get("if-none-match") for one in server.headers] == [None, None, '"1"', '"1"']


def test_without_validators_the_digest_tells(server: Server, command: Harvest) -> None:
    """Fails when a server without ETag and Last-Modified has its data checked and written again each time."""
    server.answers["/city"] = reply(EXAMPLE.read_bytes())
    server.answers["/good"] = reply(catalogue("/city"))
    assert command(server.url("/good")).code == 0
    (path,) = (command.folder / "harvest").glob("*.nq")
    inode = path.stat().st_ino
    run = command(server.url("/good"))
    assert "unchanged" in run.out
    assert path.stat().st_ino == inode


def test_a_file_that_moved_is_found_again(server: Server, command: Harvest) -> None:
    """Fails when the files of the last harvest must still be there, and the new catalogue is not asked."""
    assert command(server.url("/good")).code == 0
    server.answers["/moved"] = reply(EXAMPLE.read_bytes() + b"<urn:x> <urn:y> 1 .\n")
    del server.answers["/city"]
    server.answers["/good"] = reply(catalogue("/moved"))
    before = one_source(command).statements
    assert command(server.url("/good")).code == 0
    assert one_source(command).statements == before + 1


def test_claims_about_our_things_stay_in_their_graph(server: Server, command: Harvest, site: Path) -> None:
    """Fails when a stranger's word about our city or vocabulary gets into our graph, or is not told."""
    shutil.copytree(Path(__file__).parents[1] / "data", command.folder / "data")
    claim = f'<{BASE}jp/012131/2022/measure/1-2-1> <http://www.w3.org/2004/02/skos/core#note> "a lie" .\n'
    named = f"<{BASE}data/jp-012131-tomakomai> {{ {claim} }}\n"
    trig = EXAMPLE.read_text(encoding="utf-8") + named
    server.answers["/city"] = reply(trig.encode(), "application/trig")
    run = command(server.url("/good"))
    assert run.code == 0
    assert "[harvest-own-iri]" in run.err
    assert "got 1 statements about our own things" in run.err
    store = ox.Store()
    store.bulk_load((site / "data" / "all.nq").read_bytes(), ox.RdfFormat.N_QUADS)
    own = len(store)
    (source,) = harvest.load_into(store, command.folder / "harvest")
    lies = list(store.quads_for_pattern(None, None, ox.Literal("a lie"), None))
    assert [str(one.graph_name) for one in lies] == [source.graph]
    graphs = {str(one) for one in store.named_graphs()}
    ours = {one for one in graphs if one.startswith(f"<{BASE}data/")}
    assert graphs - ours == {source.graph, harvest.provenance_graph(BASE)}
    held = [quad for one in ours for quad in store.quads_for_pattern(None, None, None, ox.NamedNode(one[1:-1]))]
    assert len(held) == own


def test_blank_nodes_of_two_files_stay_two(server: Server, command: Harvest) -> None:
    """Fails when the blank nodes of two files, or of two sources in one store, are taken for one another."""
    extra = b'_:x <urn:p> "%d" .\n'
    server.answers["/one"] = reply(EXAMPLE.read_bytes() + extra % 1)
    server.answers["/two"] = reply(extra % 2)
    server.answers["/both"] = reply(catalogue("/one", "/two"))
    assert command(server.url("/both")).code == 0
    store = ox.Store()
    harvest.load_into(store, command.folder / "harvest")
    subjects = {one.subject for one in store.quads_for_pattern(None, ox.NamedNode("urn:p"), None, None)}
    assert len(subjects) == 2
    assert all(isinstance(one, ox.NamedNode) for one in subjects)


def test_the_best_file_of_a_dataset_is_taken() -> None:
    """Fails when a table or an endpoint is taken for data, or a format costly to read for a cheap one."""
    label = "<http://www.w3.org/2000/01/rdf-schema#label>"
    files = f"""
    <#d> a dcat:Dataset ; dct:conformsTo <{BASE}ns> ; dcat:distribution <#1>, <#2>, <#3>, <#4>, <#5> .
    <#1> dcat:accessURL </sparql> ; dct:format <http://publications.europa.eu/resource/authority/file-type/SPARQLQ> .
    <#2> dcat:downloadURL </a.csv> ; dcat:mediaType <https://www.iana.org/assignments/media-types/text/csv> .
    <#3> dcat:downloadURL </a.ttl> ; dct:format <urn:ttl> . <urn:ttl> {label} "TTL" .
    <#4> dcat:accessURL "http://example.org/a" ; dcat:mediaType "application/n-triples" .
    <#5> dcat:downloadURL </a.zip> ; dct:format "ZIP" .
    <#other> a dcat:Dataset ; dcat:distribution <#6> . <#6> dcat:downloadURL </b.nt> .
    """
    triples = [
        (str(one.subject), str(one.predicate), str(one.object))
        for one in ox.parse((PREFIXES + files).encode(), ox.RdfFormat.TURTLE, base_iri="http://example.org/c")
    ]
    found = listed(triples, "http://example.org/c")
    assert (found.datasets, [(one.url, one.form) for one in found.wanted]) == (2, [("http://example.org/a", "nt")])


def test_provenance_is_read_back_as_it_was_written() -> None:
    """Fails when what is said of a source is not what the next harvest begins with."""
    parts = (
        harvest.Part("https://a.example/c", "catalogue", "0" * 64, 'W/"x\\"', "Mon, 1"),
        harvest.Part("https://a.example/d", "data", "1" * 64),
    )
    old = harvest.Old("2026-11-25T00:00:00Z", 'not "there"\n', "ありません")
    url = "https://a.example/c?x=1"
    for source in (
        harvest.Source(url, harvest.graph_of(url, BASE), "2026-11-24T00:00:00Z", 3, "2" * 64, parts),
        harvest.Source(url, harvest.graph_of(url, BASE), "2026-11-24T00:00:00Z", 0, "2" * 64, parts, old),
    ):
        parsed = ox.parse(quads(source, BASE).encode(), ox.RdfFormat.N_QUADS)
        assert source_of((str(one.subject), str(one.predicate), str(one.object)) for one in parsed) == source


class City(NamedTuple):
    """A city of another operator: its site, built, and the address at which it is served."""

    url: str
    code: str


@contextmanager
def other_city(cli: Callable[..., Run], root: Path, folder: Path, code: str, name: str) -> Iterator[City]:
    """Another city with records of its own, built and served by the commands."""
    city = folder / "data" / f"jp-{code}-{name}"
    shutil.copytree(root / "data" / "jp-012131-tomakomai", city)
    shutil.copy(root / "pledge_ld.toml", folder)
    text = (city / "city.toml").read_text(encoding="utf-8").replace('"012131"', f'"{code}"')
    (city / "city.toml").write_text(text.replace("苫小牧市", f"例市({name})"), encoding="utf-8")
    port = free_port()
    url = f"http://127.0.0.1:{port}/"
    run = cli(folder, "build", "--site-url", url, "--base-iri", f"https://{name}.example/")
    assert run.code == 0, run.err
    command = [sys.executable, "-m", "pledge_ld", "serve", str(folder / "site" / "public"), "--port", str(port)]
    with running(command, port, folder / "log"):
        yield City(url, code)


def test_two_cities_are_harvested_served_and_harvested_again(
    cli: Callable[..., Run], root: Path, site: Path, tmp_path: Path
) -> None:
    """Fails when the whole does not work: two servers, their data by GRAPH from a third, and 304 the next time."""
    with ExitStack() as stack:
        cities = []
        for code, name in (("012025", "hakodate"), ("012041", "asahikawa")):
            folder = tmp_path / name
            folder.mkdir()
            cities.append(stack.enter_context(other_city(cli, root, folder, code, name)))
        here = Harvest(cli, tmp_path)
        run = here(*(f"{one.url}catalog.ttl" for one in cities))
        assert run.code == 0, run.err
        before = here.files
        run = here(*(f"{one.url}catalog.ttl" for one in cities))
        assert (run.code, run.out.count("unchanged"), here.files) == (0, 2, before)
        logs = [tmp_path / name / "log" for name in ("hakodate", "asahikawa")]
        until(lambda: all(one.read_text(encoding="utf-8").count('"status": 304') == 2 for one in logs))
        # By its name alone, too: the server leads from the thing to its description.
        run = here(f"{cities[0].url}catalog")
        assert run.code == 0, run.err
    store = ox.Store()
    sources = harvest.load_into(store, tmp_path / "harvest")
    assert [one.statements for one in sources] == [sources[0].statements] * 3
    _asked_by_graph(site, tmp_path, sources)


def _asked_by_graph(site: Path, folder: Path, sources: list[harvest.Source]) -> None:
    """Ask our own server for what it was given by --load and --harvested."""
    port = free_port()
    first, *others = harvest.harvested_files(folder / "harvest")
    (folder / "others").mkdir()
    for one in others:
        one.rename(folder / "others" / one.name)
    command = [sys.executable, "-m", "pledge_ld", "serve", str(site), "--port", str(port)]
    command += ["--load", str(first), "--harvested", str(folder / "others")]
    with running(command, port, folder / "log"):
        prefix = "PREFIX pledge: <https://w3id.org/pledge-ld/ns#> PREFIX prov: <http://www.w3.org/ns/prov#> "

        def ask(query: str) -> list[str]:
            address = f"http://127.0.0.1:{port}/sparql?{urlencode({'query': prefix + query})}"
            with urlopen(Request(address, headers={"Accept": "text/csv"})) as answer:
                return str(answer.read().decode()).split()[1:]

        assert ask("SELECT (COUNT(*) AS ?n) { ?m a pledge:Measure }") == ["50"]
        assert ask("SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?m a pledge:Measure } }") == [str(50 * (1 + len(sources)))]
        count, graph = "SELECT (COUNT(*) AS ?n) ", sources[0].graph
        assert ask(f"SELECT (COUNT(*) AS ?n) {{ GRAPH {graph} {{ ?m a pledge:Measure }} }}") == ["50"]
        assert ask(count + f"FROM {graph} {{ ?m a pledge:Measure }}") == ["50"]
        where = f"GRAPH {harvest.provenance_graph(BASE)} {{ {graph} prov:wasDerivedFrom ?url }}"
        assert sources[0].url in ask(f"SELECT ?url {{ {where} }}")
