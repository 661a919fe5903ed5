"""Our own server over real HTTP, started by the command line: what test_hosting.py does not ask of every server."""

from __future__ import annotations

import gzip
import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING

import brotli
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from negotiation import BROWSER, CITY, MEASURE, RDFLIB, expected
from servers import NGINX, Answer, Host, Server, free_port, running, send, served, until

from pledge_ld.hosting import FORMS, HEADERS, TYPES
from pledge_ld.serve import files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from conftest import Run

DUMP = "data/jp-012131-tomakomai.nt"
SECRET = b"not for visitors"


@pytest.fixture(scope="module")
def server(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of the built site that nobody changes, when it has compressed its files."""
    with served(site, tmp_path_factory.mktemp("serve") / "log") as one:
        until(lambda: one.host.ask("shapes.jsonld", Accept_Encoding="br").all("Content-Encoding") == "br")
        until(lambda: one.host.ask("data/all.nq", Accept_Encoding="gzip").all("Content-Encoding") == "gzip")
        yield one


@pytest.fixture
def copy(site: Path, tmp_path: Path) -> Path:
    """A copy of the site that a test may change."""
    shutil.copytree(site, tmp_path / "public")
    return tmp_path / "public"


# Bad input first.


def test_a_folder_that_no_build_made_is_refused(cli: Callable[..., Run], tmp_path: Path) -> None:
    """Fails when somebody's home can be put on the net by a wrong argument, or the message does not help."""
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    for folder in (tmp_path, tmp_path / "nothing", tmp_path / "notes.txt"):
        run = cli(tmp_path, "serve", str(folder))
        assert run.code == 2
        assert "run pledge-ld build" in run.err


def test_wrong_options_are_refused(cli: Callable[..., Run], site: Path) -> None:
    """Fails when a server starts that could not tell its own paths, or has no port."""
    for options, said in (
        (("--root-path", "pledges"), "expected a path like /pledges"),
        (("--root-path", "/a b"), "expected a path like /pledges"),
        (("--root-path", "/jp"), "choose another name"),
        (("--port", "70000"), "70000"),
        (("--max-connections", "0"), "0"),
    ):
        run = cli(site, "serve", str(site), *options)
        assert run.code == 2, options
        assert said in run.err


def test_a_port_that_is_taken_is_said(server: Server, site: Path, cli: Callable[..., Run]) -> None:
    """Fails when a second server on one port ends with a traceback."""
    was = {one: signal.getsignal(one) for one in (signal.SIGTERM, signal.SIGINT)}
    try:
        run = cli(site, "serve", str(site), "--port", str(server.host.port))
    finally:
        for one, handler in was.items():
            signal.signal(one, handler)
    assert run.code == 2
    assert f"127.0.0.1:{server.host.port}" in run.err


TRAVERSALS = [
    "../secret", "..%2fsecret", "%2e%2e/secret", "%2e%2e%2fsecret", "..%252fsecret", "jp/../../secret", "..\\secret",
    "..%5csecret", "....//secret", "//secret", "/etc/passwd", "%2fetc%2fpasswd", "secret%00.html", "about.html%00",
    "link.ttl", "folder/secret.ttl", "hard/", ".pledge-ld/build.json", "%2epledge-ld/build.json",
    "jp/../.pledge-ld/build.json", ".htaccess", "_headers", "_redirects", ".nojekyll", "jp/.hidden.ttl",
    "%c0%ae%c0%ae/secret",
    "about.html/", "about.html/../about.html", "a.php", "jp%2f012131.ttl%2f", "%ff%fe", "\u3000".encode().hex(),
]  # fmt: skip


def test_nothing_but_the_site_is_served(copy: Path, tmp_path: Path) -> None:
    """Fails when a path, a link or a name leads to what lies outside, or to what is hidden."""
    for name in ("secret", "secret.ttl"):
        (tmp_path / name).write_bytes(SECRET)
    (copy / "link.ttl").symlink_to(tmp_path / "secret.ttl")
    (copy / "folder").symlink_to(tmp_path)
    for name in ("jp/.hidden.ttl", "a.php"):
        (copy / name).write_bytes(SECRET)
    os.mkfifo(copy / "pipe.ttl")
    with served(copy, tmp_path / "log") as one:
        for path in [*TRAVERSALS, "pipe.ttl"]:
            answer = one.host.ask_at(f"/{path}")
            assert answer.status == 404, path
            assert SECRET not in answer.body
            assert b"root:" not in answer.body
        # A file that becomes a link only after the site was read.
        (copy / "about.html").unlink()
        (copy / "about.html").symlink_to(tmp_path / "secret")
        assert one.host.ask("about.html").status == 404


def test_what_is_no_http_ends_no_server(server: Server) -> None:
    """Fails when noise, a head without end or a torn request is answered other than 4xx, or stops the server."""
    for text in (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" * 9, b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n",
                 b"GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n", b"GET / HTTP/1.1\r\na\x00b: c\r\n\r\n"):  # fmt: skip
        assert send(server.host, text).startswith(b"HTTP/1.1 400 ")
    for head in (b"GET /" + b"a" * 100_000, b"GET / HTTP/1.1\r\nX: " + b"a" * 300_000,
                 b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 30_000 + b"\r\n"):  # fmt: skip
        with suppress(ConnectionError):  # it may be closed while we still talk
            assert send(server.host, head).startswith(b"HTTP/1.1 431 ")
    assert server.host.ask("about.html", Accept="a/b," * 2100).status == 431
    assert server.host.ask("about.html").status == 200


def test_other_methods_are_told_which_there_are(server: Server) -> None:
    """Fails when a 405 does not say what is allowed."""
    for path in (MEASURE, f"{MEASURE}.ttl", "nothing", "health"):
        for method in ("POST", "DELETE", "TRACE", "PATCH"):
            answer = server.host.ask(path, method)
            assert answer.status == 405, (path, method)
            assert "GET" in answer.headers["Allow"]


def test_a_refusal_speaks_the_visitors_language(server: Server) -> None:
    """Fails when a person gets JSON, a program HTML it did not ask for, or either the other's language."""
    for language, said in (("ja", "ご希望の形式はありません"), ("en", "Not available in a form you accept")):
        answer = server.host.ask(MEASURE, Accept="image/png", Accept_Language=language)
        assert answer.status == 406
        assert said in answer.body.decode()
        assert f'lang="{language}"' in answer.body.decode()
        for accept in ("application/json", "application/problem+json, */*;q=0"):
            answer = server.host.ask(MEASURE, Accept=accept, Accept_Language=language)
            assert answer.headers["Content-Type"] == "application/problem+json"
            content = json.loads(answer.body)
            assert (content["status"], content["title"]) == (406, said)
            assert {"href": f"/{MEASURE}.ttl", "title": "Turtle", "type": "text/turtle"} in content["variants"]
    answer = server.host.ask("nothing", Accept="application/json")
    assert (answer.status, json.loads(answer.body)["status"]) == (404, 404)


# Slow and idle connections.


def test_idle_and_slow_connections_do_not_stop_others(site: Path, tmp_path: Path) -> None:
    """Fails when 200 visitors who do nothing, or almost nothing, make another wait, or are kept for ever."""
    with served(site, tmp_path / "log", "--head-timeout", "4") as one, ExitStack() as stack:
        idle = [
            stack.enter_context(socket.create_connection(("127.0.0.1", one.host.port), timeout=20)) for _ in range(200)
        ]
        for number, each in enumerate(idle[50:], 50):
            each.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n" if number < 150 else b"POST / HTTP/1.1\r\n")
        slowest, begun = 0.0, time.monotonic()
        while time.monotonic() < begun + 2:
            at = time.monotonic()
            assert one.host.ask("about.html").status == 200
            slowest = max(slowest, time.monotonic() - at)
            for each in idle[100:]:
                each.sendall(b"X")
        assert slowest < 0.5
        assert idle[0].recv(100) == b""
        assert idle[60].recv(100).startswith(b"HTTP/1.1 408 ")
        assert idle[-1].recv(100).startswith(b"HTTP/1.1 408 ")
        assert time.monotonic() - begun < 8
        assert one.host.ask("about.html").status == 200


def test_who_takes_no_answer_is_let_go(site: Path, tmp_path: Path) -> None:
    """Fails when a visitor who asks for dumps and reads nothing holds a file and memory for ever."""
    with served(site, tmp_path / "log", "--stall-timeout", "1") as one, ExitStack() as stack:
        before = one.open_files()
        for _ in range(20):
            each = stack.enter_context(socket.socket())
            each.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            each.connect(("127.0.0.1", one.host.port))
            each.sendall(b"GET /data/all.nq HTTP/1.1\r\nHost: a\r\n\r\n" * 4)
        until(lambda: one.open_files() > before + 10)
        assert one.host.ask("about.html").status == 200
        until(lambda: one.open_files() <= before + 3, 8)
        assert not [line for line in one.lines() if "traceback" in line]


def test_more_than_the_bound_are_refused_at_once(site: Path, tmp_path: Path) -> None:
    """Fails when the bound of connections is not kept, or is kept when they are gone."""
    with served(site, tmp_path / "log", "--max-connections", "5") as one:
        with ExitStack() as stack:
            for _ in range(5):
                stack.enter_context(socket.create_connection(("127.0.0.1", one.host.port)))
            time.sleep(0.2)
            assert one.host.ask("about.html").status == 503
        until(lambda: one.host.ask("about.html").status == 200)


# What is asked for as it should be.

weights = st.floats(0, 1).map(";q={:.3f}".format) | st.sampled_from(
    ["", ";q=1", ";q=0", ";q=0.5", "; q=1.", " ;Q=0.25"]
)


def header(names: list[str]) -> st.SearchStrategy[str | None]:
    """A header of well-formed ranges, none named twice: what RFC 9110 leaves no doubt about."""
    some = st.lists(st.sampled_from(names), unique=True, max_size=6)
    built = some.flatmap(lambda one: st.tuples(*(weights.map(one[at].__add__) for at in range(len(one)))))
    return st.none() | built.map(", ".join)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    path=st.sampled_from([MEASURE, CITY, "ns", "catalog", "about", "data/jp-012131-tomakomai"]),
    accept=header([*FORMS.values(), "text/*", "application/*", "*/*", "image/png", "Text/HTML;level=1"]),
    language=header(["ja", "en-GB", "*", "fr", "zh-Hant"]),
)
def test_a_header_is_read_as_the_rfc_says(server: Server, path: str, accept: str | None, language: str | None) -> None:
    """Fails when a weight, a wildcard or a tie is weighed otherwise than RFC 9110 and our order of forms say."""
    if accept and "text/html" in accept and "Text/HTML" in accept:
        return
    answer = server.host.ask(path, Accept=accept, Accept_Language=language)
    assert (answer.status, answer.location) == expected(server.host, path, accept, language)


KINDS = [
    (f"{MEASURE}.html", ".html"), (f"en/{MEASURE}.html", ".html"), (f"{MEASURE}.ttl", ".ttl"), (DUMP, ".nt"),
    (f"{MEASURE}.jsonld", ".jsonld"), ("catalog.rdf", ".rdf"), ("data/all.nq", ".nq"), (".well-known/void", ".ttl"),
    ("queries/policy_progress.csv", ".csv"), ("static/site.css", ".css"), ("sitemap.xml", ".xml"), ("", ".html"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "ending"), KINDS, ids=[one or "home" for one, _ in KINDS])
@pytest.mark.parametrize("accept", [None, BROWSER, RDFLIB, "image/png", "text/turtle;q=0", "*/*;q=0"])
def test_a_document_is_what_it_is_whatever_is_accepted(
    server: Server, path: str, ending: str, accept: str | None
) -> None:
    """Fails when a link to a file leads to another file, or to none, by a header."""
    answer = server.host.ask(path, Accept=accept)
    assert (answer.status, answer.headers["Content-Type"]) == (200, TYPES[ending])
    assert answer.body == (server.host.files / (path or "index.html")).read_bytes()
    for name, value in HEADERS.items():
        assert answer.headers.get_all(name) == [value]


def test_pages_in_two_languages_name_each_other(server: Server) -> None:
    """Fails when a program that has a page in one language cannot find the other, or the data."""
    link = server.host.ask(f"en/{MEASURE}.html").all("Link")
    assert f'</{MEASURE}.html>; rel="alternate"; type="text/html"' in link
    assert f'</{MEASURE}.ttl>; rel="alternate"; type="text/turtle"' in link
    link = server.host.ask(f"{MEASURE}.html").all("Link")
    assert f'</en/{MEASURE}.html>; rel="alternate"; type="text/html"' in link
    link = server.host.ask(f"{MEASURE}.ttl").all("Link")
    assert f'</en/{MEASURE}.html>; rel="alternate"; type="text/html"; hreflang="en"' in link
    assert server.host.ask("en/about.html").all("Link") == '</about.html>; rel="alternate"; type="text/html"'


# Conditions, codings and ranges.


def test_files_come_compressed_to_who_takes_it(server: Server) -> None:
    """Fails when a coding is sent that is not acceptable, does not unpack to the file, or has the file's own ETag."""
    unpack = {"br": brotli.decompress, "gzip": gzip.decompress, "": bytes}
    for path in (f"{MEASURE}.html", f"{MEASURE}.ttl", DUMP, "shapes.jsonld", ""):
        content = (server.host.files / (path or "index.html")).read_bytes()
        tags = set()
        for accepted, coding in (
            (None, ""), ("", ""), ("gzip", "gzip"), ("br", "br"), ("gzip, deflate, br, zstd", "br"), ("identity", ""),
            ("gzip;q=1.0, br;q=0.5", "gzip"), ("br;q=0, gzip", "gzip"), ("*", "br"), ("*;q=0", ""), ("zstd", ""),
            ("br;q=0, *", "gzip"), ("GZIP", "gzip"),
        ):  # fmt: skip
            answer = server.host.ask(path, Accept_Encoding=accepted)
            assert (answer.status, answer.all("Content-Encoding")) == (200, coding), (path, accepted)
            assert unpack[coding](answer.body) == content
            assert "Accept-Encoding" in answer.all("Vary")
            tags.add(answer.headers["ETag"])
        assert len(tags) == 3
    for path in ("data/jp-012131-tomakomai.xlsx", "data/jp-012131-tomakomai.zip"):
        answer = server.host.ask(path, Accept_Encoding="br, gzip")
        assert ("Content-Encoding" in answer.headers, answer.all("Vary")) == (False, "")


def test_a_copy_is_asked_for_by_its_tag(server: Server) -> None:
    """Fails when a good copy is sent again, or a bad one is called good."""
    for coding in (None, "br", "gzip"):
        answer = server.host.ask(DUMP, Accept_Encoding=coding)
        tag, modified = answer.headers["ETag"], answer.headers["Last-Modified"]
        assert not tag.startswith("W/")
        for sent, status in (
            ({"If_None_Match": tag}, 304), ({"If_None_Match": f"W/{tag}"}, 304), ({"If_None_Match": "*"}, 304),
            ({"If_None_Match": f'"a", {tag}'}, 304), ({"If_None_Match": '"a"'}, 200), ({"If_None_Match": "x"}, 200),
            ({"If_Modified_Since": modified}, 304), ({"If_Modified_Since": "Thu, 01 Jan 1970 00:00:00 GMT"}, 200),
            ({"If_None_Match": '"a"', "If_Modified_Since": modified}, 200), ({"If_Modified_Since": "yesterday"}, 200),
            ({"If_Match": tag}, 200), ({"If_Match": '"a"'}, 412),
        ):  # fmt: skip
            again = server.host.ask(DUMP, Accept_Encoding=coding, **sent)
            assert again.status == status, (coding, sent)
            if status == 304:
                assert again.body == b""
                assert (again.headers["ETag"], again.all("Vary")) == (tag, answer.all("Vary"))
                assert "Content-Length" not in again.headers


def test_a_download_can_be_resumed(server: Server) -> None:
    """Fails when a piece is not the piece asked for, or a changed file is glued to the old one's beginning."""
    content = (server.host.files / DUMP).read_bytes()
    size, tag = len(content), server.host.ask(DUMP).headers["ETag"]
    for value, first, last in (
        ("bytes=0-0", 0, 0), ("bytes=100-199", 100, 199), (f"bytes={size - 5}-", size - 5, size - 1),
        ("bytes=-7", size - 7, size - 1), (f"bytes=5-{size * 2}", 5, size - 1), (f"bytes=-{size * 2}", 0, size - 1),
    ):  # fmt: skip
        answer = server.host.ask(DUMP, Range=value, Accept_Encoding="br")
        assert (answer.status, answer.body) == (206, content[first : last + 1]), value
        assert answer.headers["Content-Range"] == f"bytes {first}-{last}/{size}"
        assert "Content-Encoding" not in answer.headers
        assert server.host.ask(DUMP, "HEAD", Range=value).status == 206
    assert server.host.ask(DUMP, Range="bytes=0-9", If_Range=tag).status == 206
    assert server.host.ask(DUMP, Range="bytes=0-9", If_Range='"old"').body == content
    for value in (f"bytes={size}-", "bytes=99999999999-"):
        answer = server.host.ask(DUMP, Range=value)
        assert (answer.status, answer.headers["Content-Range"]) == (416, f"bytes */{size}")
    for value in (
        "items=0-1",
        "bytes=",
        "bytes=b-a",
        "bytes=9-3",
        "bytes=" + "0-1," * 200 + "0-1",
        "bytes=1" + "0" * 5000,
    ):
        assert server.host.ask(DUMP, Range=value).body == content, value
    parts = server.host.ask(DUMP, Range="bytes=0-4,10-14")
    assert parts.status == 206
    assert parts.headers["Content-Type"].startswith("multipart/byteranges")
    assert content[10:15] in parts.body


def test_head_says_what_get_would(server: Server) -> None:
    """Fails when a link checker is told another length, tag or status than a visitor."""
    for path in (DUMP, f"{MEASURE}.ttl", MEASURE, "nothing", "", "health", "data/all.nq"):
        for coding in (None, "br"):
            head, get = (
                server.host.ask(path, "HEAD", Accept_Encoding=coding),
                server.host.ask(path, Accept_Encoding=coding),
            )
            assert (head.status, head.body) == (get.status, b"")
            for name in ("Content-Length", "Content-Type", "Content-Encoding", "ETag", "Vary", "Link", "Last-Modified"):
                assert head.all(name) == get.all(name), (path, name)


# A new build.


def swap(copy: Path, tmp_path: Path, edit: Callable[[Path], None]) -> None:
    """Puts another edition in the place of the one served, as a build does."""
    new = tmp_path / "new"
    shutil.copytree(copy, new)
    edit(new)
    build = new / ".pledge-ld/build.json"
    build.write_bytes(build.read_bytes() + b" ")
    copy.rename(tmp_path / f"old{time.monotonic_ns()}")
    new.rename(copy)


def test_a_new_build_is_taken_up(copy: Path, tmp_path: Path) -> None:
    """Fails when a visitor is shown the old site after a build, or a copy of it is still called good."""

    def edit(new: Path) -> None:
        (new / f"{MEASURE}.ttl").write_text("# new\n" * 100, encoding="utf-8")
        (new / "added.ttl").write_text("# added\n", encoding="utf-8")
        (new / "about.html").unlink()

    with served(copy, tmp_path / "log") as one:
        before, health = one.host.ask(f"{MEASURE}.ttl"), json.loads(one.host.ask("health").body)
        until(lambda: one.host.ask(f"{MEASURE}.ttl", Accept_Encoding="br").all("Content-Encoding") == "br")
        assert one.host.ask("added.ttl").status == 404
        swap(copy, tmp_path, edit)
        answer = one.host.ask(f"{MEASURE}.ttl", If_None_Match=before.headers["ETag"])
        assert (answer.status, answer.body) == (200, b"# new\n" * 100)
        assert one.host.ask("added").location == "/added.ttl"
        assert one.host.ask("about.html").status == 404
        until(lambda: brotli_of(one.host.ask(f"{MEASURE}.ttl", Accept_Encoding="br")) == b"# new\n" * 100)
        assert json.loads(one.host.ask("health").body)["edition"] != health["edition"]
        assert b"pledge_ld_editions_taken_up 2.0" in one.host.ask("metrics").body


def brotli_of(answer: Answer) -> bytes:
    """What was compressed, or nothing where it was not."""
    return bytes(brotli.decompress(answer.body)) if answer.all("Content-Encoding") == "br" else b""


def test_builds_under_load_cut_no_answer(copy: Path, tmp_path: Path) -> None:
    """Fails when a file that a build replaces while it is sent comes with the wrong length, or as a 404."""
    sizes = iter(range(1, 100))

    def edit(new: Path) -> None:
        (new / DUMP).unlink()
        (new / DUMP).write_bytes(b"<urn:a> <urn:b> <urn:c> .\n" * 40_000 * (1 + next(sizes) % 3))

    with served(copy, tmp_path / "log") as one:
        for _ in range(8):
            connection = http.client.HTTPConnection("127.0.0.1", one.host.port, timeout=20)
            connection.request("GET", f"/{DUMP}")
            answer = connection.getresponse()
            begun = answer.read(1000)
            swap(copy, tmp_path, edit)
            rest = answer.read()
            assert answer.status == 200
            assert len(begun) + len(rest) == int(answer.headers["Content-Length"])
            connection.close()
        assert not [line for line in one.lines() if "traceback" in line or line.get("cut")]


def test_a_site_that_is_away_for_a_moment_is_still_served(copy: Path, tmp_path: Path) -> None:
    """Fails when the moment between two renames, where folders cannot be exchanged in one, is a 500."""
    with served(copy, tmp_path / "log") as one:
        copy.rename(tmp_path / "away")
        assert one.host.ask("about.html").status == 200
        (tmp_path / "away").rename(copy)
        assert one.host.ask("about.html").status == 200


def test_a_file_edited_by_hand_is_not_sent_as_what_was_built(copy: Path) -> None:
    """Fails when an ETag names what the build wrote while the file holds something else."""
    built = files.read_edition(copy).files["about.html"].tag
    text = (copy / "about.html").read_bytes()
    (copy / "about.html").write_bytes(text.replace(b"<", b" ", 1))
    assert files.read_edition(copy).files["about.html"].tag != built


def test_files_copied_into_the_folder_are_taken_up(copy: Path, tmp_path: Path) -> None:
    """Fails when a site that is copied to its host file by file is served by halves, or with another file's ETag."""
    with served(copy, tmp_path / "log") as one:
        until(lambda: bool(brotli_of(one.host.ask("about.html", Accept_Encoding="br"))))
        before = one.host.ask("about.html")
        for text in ("<p>one", "<p>two, longer" * 9):
            (tmp_path / "part").write_text(text, encoding="utf-8")
            (tmp_path / "part").replace(copy / "about.html")
            until(lambda text=text: one.host.ask("about.html").body == text.encode(), 5)  # type: ignore[misc]  # the lambda is called at once
            assert one.host.ask("about.html").headers["ETag"] != before.headers["ETag"]


def test_a_build_whose_memory_is_broken_is_served(copy: Path) -> None:
    """Fails when a torn build.json takes the site from the net."""
    (copy / ".pledge-ld/build.json").write_bytes(b'{"files": [')
    edition = files.read_edition(copy)
    assert edition.digest == ""
    assert edition.files["about.html"].tag


def test_files_that_a_build_compressed_are_taken(copy: Path, tmp_path: Path) -> None:
    """Fails when what lies compressed beside a file is not used, or is used where no build wrote it."""
    build = copy / ".pledge-ld/build.json"
    content = json.loads(build.read_bytes())
    for path in ("about.html", "ns.ttl"):
        (copy / f"{path}.br").write_bytes(brotli.compress((copy / path).read_bytes(), quality=11))
    del content["files"]["about.html.br"]
    content["files"]["ns.ttl.br"] = ["0" * 64, (copy / "ns.ttl.br").stat().st_size]
    build.write_bytes(json.dumps(content).encode())
    with served(copy, tmp_path / "log") as one:
        answer = one.host.ask("ns.ttl", Accept_Encoding="br")
        assert answer.body == (copy / "ns.ttl.br").read_bytes()
        assert one.host.ask("ns.ttl.br").status == 404
        until(lambda: bool(brotli_of(one.host.ask("about.html", Accept_Encoding="br"))))
        assert one.host.ask("about.html", Accept_Encoding="br").body != (copy / "about.html.br").read_bytes()


# Operation.


def test_health_and_figures(server: Server) -> None:
    """Fails when an operator cannot tell which edition is served, how much it holds, or how it is asked."""
    content = json.loads(server.host.ask("health").body)
    lines = (server.host.files / "data/all.nq").read_bytes().count(b"\n")
    assert (content["ok"], content["triples"]) == (True, lines)
    assert len(content["edition"]) == 64
    for number in range(30):
        server.host.ask(f"nothing{number}")
        server.host.ask("about.html", "PROPFIND")
    figures = server.host.ask("metrics")
    assert figures.headers["Content-Type"].startswith("text/plain")
    text = figures.body.decode()
    assert 'pledge_ld_answers_total{method="GET",route="site",status="404"}' in text
    assert f"pledge_ld_triples {float(lines)}" in text
    assert "process_resident_memory_bytes" in text
    assert "nothing1" not in text
    assert 'method="other",route="site",status="405"' in text
    assert "PROPFIND" not in text


def test_the_log_says_what_was_answered_and_no_more(site: Path, tmp_path: Path) -> None:
    """Fails when a line can be forged, or tells what somebody searched for, unless that is asked for."""
    for options, shown in (((), False), (("--log-queries",), True)):
        with served(site, tmp_path / "log", *options) as one:
            one.host.ask("about.html?query=SELECT%20secret")
            one.host.ask('a%0a{"status":200}')
            until(lambda: len([line for line in one.lines() if "status" in line]) == 2)
        found = [line for line in one.lines() if "status" in line]
        assert [(line["method"], line["status"]) for line in found] == [("GET", 200), ("GET", 404)]
        assert found[1]["path"] == '/a\n{"status":200}'
        assert ("secret" in one.log.read_text(encoding="utf-8")) == shown


def test_it_stops_when_told_and_ends_what_is_begun(site: Path, tmp_path: Path) -> None:
    """Fails when SIGTERM cuts a download, is obeyed late, or is reported as a failure."""
    for number in (signal.SIGTERM, signal.SIGINT):
        with served(site, tmp_path / "log") as one:
            connection = http.client.HTTPConnection("127.0.0.1", one.host.port, timeout=20)
            connection.sock = socket.socket()
            connection.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.sock.connect(("127.0.0.1", one.host.port))
            connection.request("GET", "/data/all.nq")
            answer = connection.getresponse()
            begun = answer.read(100)
            one.process.send_signal(number)
            time.sleep(0.3)
            with pytest.raises(OSError, match=r".*"):
                socket.create_connection(("127.0.0.1", one.host.port), timeout=1).close()
            assert begun + answer.read() == (site / "data/all.nq").read_bytes()
            connection.close()
            assert one.process.wait(5) == 0
            assert "Traceback" not in one.log.read_text(encoding="utf-8")


def test_a_proxy_may_take_the_folder_off_or_leave_it(site: Path, tmp_path: Path) -> None:
    """Fails when links and redirects lead out of the folder that the site has on its host."""
    with served(site, tmp_path / "log", "--root-path", "/pledges/", prefix="/pledges/") as one:
        for path in (f"/pledges/{MEASURE}", f"/{MEASURE}"):
            answer = one.host.ask_at(path, Accept="text/turtle")
            assert (answer.status, answer.location) == (303, f"/pledges/{MEASURE}.ttl")
        assert f"</pledges/{MEASURE}.html>" in one.host.ask(f"{MEASURE}.ttl").all("Link")
        assert one.host.ask("health").status == one.host.ask_at("/health").status == 200
        assert one.host.ask_at("/pledges").status == 301
        assert one.host.ask_at("/pledgesx").status == 404


def test_the_documented_unit_is_one(root: Path, tmp_path: Path) -> None:
    """Fails when systemd does not know a setting in docs/serving.md, or its server could make no worker."""
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("no systemd-analyze here (Debian: systemd)")
    found = re.findall(r"^```ini\n(.*?)^```", (root / "docs/serving.md").read_text("utf-8"), re.MULTILINE | re.DOTALL)
    unit = next(one for one in found if "[Service]" in one)
    assert "RestrictNamespaces" not in unit
    assert "AF_UNIX" in unit
    program = "/opt/pledge-ld/.venv/bin/pledge-ld"
    assert f"ExecStart={program} serve /srv/pledges/public" in unit
    path = tmp_path / "pledge-ld.service"
    path.write_text(unit.replace(program, sys.executable), encoding="utf-8")
    run = subprocess.run([analyze, "verify", "--man=no", str(path)], capture_output=True, text=True, check=False)
    said = [line for line in run.stderr.splitlines() if "pledge-ld.service" in line]
    assert (run.returncode, said) == (0, []), run.stderr


def test_the_documented_nginx_stands_in_front(server: Server, root: Path, tmp_path: Path) -> None:
    """Fails when the settings in docs/serving.md do not start, lose a header or a code, or show the figures to all."""
    if NGINX is None:
        pytest.skip("no nginx here (Debian: nginx-light)")
    found = re.search(r"^```nginx\n(.*?)^```", (root / "docs/serving.md").read_text("utf-8"), re.MULTILINE | re.DOTALL)
    assert found
    port = free_port()
    block = found[1].replace("listen 80;", f"listen 127.0.0.1:{port};")
    block = block.replace("127.0.0.1:8000", f"127.0.0.1:{server.host.port}").replace("allow 127.0.0.1;", "")
    assert "access_log /var/log/nginx/pledges.log" in block
    block = block.replace("/var/log/nginx", str(tmp_path))
    paths = "".join(
        f"{one}_temp_path {tmp_path}/{one};" for one in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    conf = tmp_path / "nginx.conf"
    head = f"daemon off; pid {tmp_path}/pid; error_log stderr warn; events {{}} {'user root;' * (os.geteuid() == 0)}"
    conf.write_text(f"{head} http {{ access_log off; {paths}\n{block}\n}}", encoding="utf-8")
    with running([NGINX, "-p", str(tmp_path), "-c", str(conf)], port, tmp_path / "out"):
        front = Host(port, "/", server.host.files)
        for path, accept, code in ((MEASURE, "text/turtle", 303), (MEASURE, "image/png", 406), ("nothing", None, 404),
                                   (f"{MEASURE}.ttl", None, 200), (DUMP, None, 200)):  # fmt: skip
            one, other = front.ask(path, Accept=accept), server.host.ask(path, Accept=accept)
            assert (one.status, one.location, one.body) == (code, other.location, other.body), path
            for name in ("ETag", "Vary", "Link", *HEADERS):
                assert one.all(name) == other.all(name), (path, name)
        assert front.ask(DUMP, Range="bytes=0-3").status == 206
        assert front.ask("metrics").status == 403
        path = "sparql?query=ASK%20%7B%20FILTER(%27secret%27%20%3D%20%27a%27)%20%7D"
        assert front.ask(path).status == 200
        until(lambda: "/sparql" in (tmp_path / "pledges.log").read_text(encoding="utf-8"))
        assert "secret" not in (tmp_path / "pledges.log").read_text(encoding="utf-8")
        front.ask("seen", X_Forwarded_For="203.0.113.9")
    until(lambda: any(line.get("path") == "/seen" for line in server.lines()))
    assert [line["client"] for line in server.lines() if line.get("path") == "/seen"] == ["127.0.0.1"]


def test_a_body_that_does_not_come_is_not_waited_for(site: Path, tmp_path: Path) -> None:
    """Fails when what is refused at once is held open for a body that was announced."""
    with served(site, tmp_path / "log", "--head-timeout", "1") as one:
        text = b"POST /about.html HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nx"
        assert send(one.host, text, 8).startswith(b"HTTP/1.1 405 ")
