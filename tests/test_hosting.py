"""The site on real servers (Apache, nginx, our own), started here on loopback, and what other hosts are told."""

from __future__ import annotations

import gzip
import re
import shutil
import subprocess
import tempfile
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

import brotli
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from negotiation import BROKEN, CITY, MEASURE, TABLE, best_form, english, expected, wanted
from servers import BARE, Answer, Host, apache, nginx, pledge_ld

from pledge_ld.config import Config
from pledge_ld.hosting import CODINGS, FORMS, HEADERS, OPEN_POLICY, POLICY, TYPES, hosting_files, weight
from pledge_ld.site import Page, Renderer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conftest import Run

CONFIG = Config("会", "Club", "https://club.example.org/", "mailto:a@example.org")
THINGS = (MEASURE, CITY, "jp/012131/2022", "ns", "ns/0.1.0", "shapes", "data/jp-012131-tomakomai")
SITE = "http://localhost/pledges/"
"""Where the site says that it lies; nothing listens there."""
ADDED = {
    "catalog.html": "<!DOCTYPE html><title>目録</title>", "en/catalog.html": "<!DOCTYPE html><title>Catalogue</title>",
    "catalog.ttl": "", "catalog.jsonld": "{}", "catalog.rdf": "<a/>", ".well-known/void": "", "feed.atom": "<a/>",
    "data/t/scores.csv": "id\r\n", "data/t/scores.csv-metadata.json": "{}", "data/t.zip": "", "data/t.xlsx": "",
    "sitemap.xml": "<a/>", "robots.txt": "", ".pledge-ld/previous/index.html": "old",
}  # fmt: skip
"""Files that stand for what other stages write, so that these tests hold with and without them."""


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    """A folder that a server's own user can read, which pytest's are not."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.fixture(scope="module")
def trees(place: Path, root: Path, site: Path, cli: Callable[..., Run]) -> dict[str, Path]:
    """The site for a host's root, which says nothing of where it lies, and for a folder: prefix → document root."""
    shutil.copytree(site, place / "root")
    run = cli(root, "build", "--out", str(place / "folder" / "pledges"), "--site-url", SITE)
    assert run.code == 0, run.err
    found = {"/": place / "root", "/pledges/": place / "folder"}
    for prefix, tree in found.items():
        files = tree / prefix.strip("/")
        for path, text in ADDED.items():
            if not (files / path).exists():
                (files / path).parent.mkdir(parents=True, exist_ok=True)
                (files / path).write_text(text, encoding="utf-8")
        subprocess.run(["chmod", "-R", "a+rX", str(tree)], check=True)
    return found


@pytest.fixture(scope="module")
def hosts(place: Path, trees: dict[str, Path], request: pytest.FixtureRequest) -> Iterator[list[Host]]:
    """The site at the root and in a folder of one server."""
    folder = place / str(request.param)
    folder.mkdir(exist_ok=True)
    places = [(prefix, root, root / prefix.strip("/")) for prefix, root in trees.items()]
    if request.param == "apache":
        server = apache(folder, [root for _, root, _ in places])
    elif request.param == "pledge-ld":
        server = pledge_ld(folder, [(prefix, files) for prefix, _, files in places])
    else:
        server = nginx(folder, [(root, files / "hosting" / "nginx.conf") for _, root, files in places])
    with server as ports:
        yield [Host(port, prefix, files) for port, (prefix, _, files) in zip(ports, places, strict=True)]


both = pytest.mark.parametrize("hosts", ["apache", "nginx"], indirect=True)
each = pytest.mark.parametrize("hosts", ["apache", "nginx", "pledge-ld"], indirect=True)


# Bad input first.

ODD_PATHS = [
    "nothing", "jp/012131/nothing", "jp/012131/2022/measure/9-9-9", "about/x", "about.html/x", "jp", f"{MEASURE}/",
    f"{MEASURE}.html/", "about.ttl", "index.html.html", "%2e%2e/%2e%2e/etc/passwd", "..%2f..%2fetc/passwd", "a%00b",
    "%", "%zz", "a%0d%0aX-Evil:%201", "?", "x?y=%", "nothing%2F2022", "ns%23Policy", "%E8%8B%AB", "a" * 3000,
    "jp/012131/2022/measure/1-2-1%20", "-", "con", "a\\b", "|", "$1", "%{ENV:PATH}", "x;y", "~root", "en/en/index",
]  # fmt: skip


@each
@pytest.mark.parametrize("path", ODD_PATHS, ids=lambda one: one[:40] or "empty")
def test_an_odd_path_is_no_fault_of_the_server(hosts: list[Host], path: str) -> None:
    """Fails when a path that nobody meant gives a 500, a header of the visitor's making, or another folder's file."""
    for host in hosts:
        answer = host.ask(path, Accept="text/html")
        assert answer.status in ({200} if path == "?" else {400, 403, 404, 414}), answer
        assert "X-Evil" not in answer.headers
        assert b"root:" not in answer.body


@each
def test_odd_headers_are_no_fault_of_the_server(hosts: list[Host]) -> None:
    """Fails when a long or broken header makes the server give up with a 500."""
    headers = ["text/html," * 700, "," * 7000, '"' * 7000, '"a' * 3500, "a;" * 3500, "text/turtle" + ";a=b" * 1700,
               'x;y="' + "\\a" * 3400 + '"', ";q=" * 2300, "text/html;q=0." + "1" * 7000, "q" * 7000,
               "*/*;q=0.5," * 640,               "a/b;c=d;e, " * 630,
               "text/html;q=0.3" + " " * 7000 + ",text/turtle", "é/ü;q=日本"]  # fmt: skip
    for host in hosts:
        for value in headers:
            one, other = host.ask(MEASURE, Accept=value), host.ask(MEASURE, Accept_Language=value)
            assert (one.status, one.location) == expected(host, MEASURE, value, None), value[:40]
            assert (other.status, other.location) == expected(host, MEASURE, None, value), value[:40]
        assert 400 <= host.ask(MEASURE, Accept="text/html," * 10_000).status < 500


@each
def test_what_builds_remember_is_not_served(hosts: list[Host]) -> None:
    """Fails when a visitor can read the previous site, the build's memory or another host's settings."""
    hidden = [".pledge-ld", ".pledge-ld/", ".pledge-ld/build.json", ".pledge-ld/previous/index.html", "%2epledge-ld/",
              "./.pledge-ld/build.json", "//.pledge-ld/build.json", "en/../.pledge-ld/build.json", "_headers",
              "_redirects", ".nojekyll", ".git/config"]  # fmt: skip
    for host in hosts:
        assert (host.files / ".pledge-ld" / "build.json").is_file()
        for path in hidden:
            assert host.ask(path).status == 404, path
        assert host.ask(".htaccess").status in {403, 404}


@each
def test_other_methods_change_nothing(hosts: list[Host]) -> None:
    """Fails when a POST or DELETE is answered as if it had done something."""
    for host in hosts:
        for path in (MEASURE, f"{MEASURE}.ttl", "", "nothing"):
            for method in ("POST", "PUT", "DELETE"):
                assert host.ask(path, method).status == 405, (path, method)


@each
def test_what_is_not_there(hosts: list[Host]) -> None:
    """Fails when an unknown path is not a 404 with the site's own page in the visitor's language."""
    for host in hosts:
        for path in ("nothing", "jp/012131/2022/measure/9-9-9", "jp/012131/nothing.html", "jp"):
            for language, page in (("ja", "404.html"), ("en-US", "en/404.html"), (None, "404.html")):
                answer = host.ask(path, Accept_Language=language)
                assert answer.status == 404
                assert answer.body == (host.files / page).read_bytes()
                assert answer.headers["Content-Type"] == TYPES[".html"]
                # Ours has the page as JSON too.
                assert answer.varies[-1] == "Accept-Language"
        assert host.ask("en/nothing", Accept_Language="ja").body == (host.files / "en/404.html").read_bytes()


class Links(HTMLParser):
    """The addresses that a page's links and stylesheets name."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keeps every href."""
        del tag
        self.found += [value for name, value in attrs if name == "href" and value]


@each
def test_the_404_page_finds_its_way_from_any_depth(hosts: list[Host]) -> None:
    """Fails when the page shown for a deep path has no style, or links that lead nowhere, where site_url is known."""
    for host, deep in zip(hosts, ("a", "jp/012131/a/b/c"), strict=True):
        for language in ("ja", "en"):
            asked = f"http://localhost{host.prefix}{'en/' if language == 'en' else ''}{deep}"
            page = Links()
            page.feed(host.ask(urlsplit(asked).path.removeprefix(host.prefix), Accept_Language=language).body.decode())
            here = [urljoin(asked, one) for one in page.found if not one.startswith(("#", "mailto:", "https://"))]
            assert len(here) >= 7
            for one in here:
                assert host.ask_at(urlsplit(one).path).status == 200, one


def test_the_404_page_of_a_whole_host() -> None:
    """Fails when a site at the root of its host links from its 404 page as if it did not know."""
    config = Config("会", "Club", "https://c.example/", "mailto:a@b", site_url="https://d.example/")
    page = Page("404", "missing", {"ja": "ページがありません", "en": "No such page"}, {})
    for language, home in (("ja", "/"), ("en", "/en/")):
        text = Renderer(config).render(page, language)
        assert 'href="/static/site.css"' in text
        assert f'href="{home}index.html"' in text
        assert 'href="static/site.css"' in Renderer(CONFIG).render(page, "ja")


@each
def test_not_acceptable_says_what_there_is(hosts: list[Host]) -> None:
    """Fails when a visitor whose form there is not is told nothing, or told of what there is not."""
    for host in hosts:
        for path, forms in ((MEASURE, ("html", "ttl", "jsonld")), ("about", ("html",)), ("catalog", tuple(FORMS))):
            answer = host.ask(path, Accept="image/png")
            assert answer.status == 406
            assert "形式はありません" in answer.body.decode()
            page = Links()
            page.feed(answer.body.decode())
            names = [f"{path}.{form}" for form in forms]
            assert page.found == [f"{host.prefix}{one}" for one in [names[0], f"en/{path}.html", *names[1:]]]
            assert answer.headers["Content-Type"].startswith("text/html")
            assert answer.varies == ["Accept", "Accept-Language"]
            assert host.ask(path, "HEAD", Accept="image/png").body == b""


# What is asked for as it should be.


def test_the_table_is_right() -> None:
    """Fails when the table or the oracle is wrong: they must agree before any server is asked."""
    assert len(TABLE) >= 60
    for path, accept, language, to in TABLE:
        form = best_form(accept, [one for one in FORMS if one != "rdf" or path == "catalog"])
        if path == "about" or path.startswith("en/"):
            form = best_form(accept, ["html"])
        tree = "en/" if form == "html" and english(language) and not path.startswith("en/") else ""
        assert f"{tree}{form or ''}" == to, (path, accept, language)


@each
def test_a_thing_answers_with_the_best_form(hosts: list[Host]) -> None:
    """Fails when a client that names what it reads is sent something else."""
    for host in hosts:
        for path, accept, language, to in TABLE:
            answer = host.ask(path, Accept=accept, Accept_Language=language)
            assert (answer.status, answer.location) == wanted(host, path, to), (path, accept, language)
            assert (answer.status, answer.location) == expected(host, path, accept, language)
            assert answer.varies == ["Accept", "Accept-Language"]
            if answer.status == 303:
                assert host.ask_at(answer.location).status == 200
                assert f'<{host.prefix}{path}.html>; rel="alternate"; type="text/html"' in answer.all("Link")


@both
def test_what_cannot_be_read_is_passed_over(hosts: list[Host]) -> None:
    """Fails when a weight that is none makes a range count."""
    for host in hosts:
        for path, accept, language, to in BROKEN:
            answer = host.ask(path, Accept=accept, Accept_Language=language)
            assert (answer.status, answer.location) == wanted(host, path, to), accept


ranges = st.sampled_from([*FORMS.values(), "text/*", "application/*", "*/*", "text/plain", "image/png", "Text/HTML"])
tags = st.sampled_from(["ja", "en", "*", "ja-JP", "en-US", "en-GB", "fr", "JA", "eng", "x-en"])
qs = st.sampled_from(["", "", ";q=1", ";q=0", ";q=1.000", ";q=0.0", "; q=0.5", ";q=.5", ";q=1.5", ";q=", ";Q=0.25",
                      ";q=00", ";q=0.5x", ";q", ' ;a="b,c;q=1" ;q=0.3', ";a=b;q=0.7;c", ';a="', ";q=-1", ";;q=0.4 ",
                      ";q =1", ";level=1"]) | st.floats(0, 1).map("; q={:.3f}".format)  # fmt: skip


def headers_of(names: st.SearchStrategy[str]) -> st.SearchStrategy[str | None]:
    """Headers of such ranges: mostly as they should be, sometimes broken."""
    return st.none() | st.lists(st.tuples(names, qs).map("".join), max_size=7).map(", ".join)


@both
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=st.sampled_from([*THINGS, "catalog", "about"]), accept=headers_of(ranges), language=headers_of(tags))
def test_any_header_is_read_as_the_rfc_says(
    hosts: list[Host], path: str, accept: str | None, language: str | None
) -> None:
    """Fails when a weight, a wildcard or a tie is weighed otherwise than RFC 9110 and our order of forms say."""
    for host in hosts:
        answer = host.ask(path, Accept=accept, Accept_Language=language)
        assert (answer.status, answer.location) == expected(host, path, accept, language)


@each
def test_a_thing_is_not_the_folder_of_its_name(hosts: list[Host]) -> None:
    """Fails when a server's habit of adding a slash to a folder's name takes an IRI away."""
    for host in hosts:
        for path in (CITY, "jp/012131/2022", "ns"):
            assert (host.files / path).is_dir()
            assert host.ask(path, Accept="text/turtle").location == f"{host.prefix}{path}.ttl"


@each
def test_a_folder_is_its_index(hosts: list[Host]) -> None:
    """Fails when a folder's address is a 404, or shows Japanese to somebody who asked for English."""
    for host in hosts:
        for path in ("", "jp/012131/2022/", "jp/012131/", "data/", "queries/"):
            answer = host.ask(path, Accept_Language="ja")
            assert (answer.status, answer.body) == (200, (host.files / path / "index.html").read_bytes()), path
            assert answer.headers["Content-Type"] == TYPES[".html"]
            assert answer.varies == ["Accept-Language"]
            answer = host.ask(path, Accept_Language="en")
            assert (answer.status, answer.location) == (303, f"{host.prefix}en/{path}index.html")
            assert answer.varies == ["Accept-Language"]
            assert host.ask(f"en/{path}", Accept_Language="ja").status == 200
        for path in ("data", "queries", "en"):
            answer = host.ask(path)
            assert (answer.status, answer.location) == (301, f"{host.prefix}{path}/")
        assert host.prefix == "/" or urlsplit(host.ask_at(host.prefix[:-1]).location).path == host.prefix


@each
def test_a_query_string_comes_along(hosts: list[Host]) -> None:
    """Fails when a redirect drops it: somebody counts visits with it."""
    for host in hosts:
        answer = host.ask(f"{MEASURE}?utm=a%20b", Accept="text/turtle")
        assert answer.location == f"{host.prefix}{MEASURE}.ttl?utm=a%20b"
        assert host.ask(f"{MEASURE}.ttl?x=1").status == 200


@each
def test_slashes_that_are_doubled_do_not_lead_away(hosts: list[Host]) -> None:
    """Fails when //jp/012131 becomes a link to a host named jp."""
    for host in hosts:
        answer = host.ask_at(f"/{host.prefix}{MEASURE}", Accept="text/turtle")
        assert answer.status in {303, 404}
        assert not answer.location.startswith("//")


def ending(path: str) -> str:
    """A file's ending as `TYPES` knows it, or nothing."""
    return next((one for one in TYPES if path.endswith(one)), "")


@each
def test_every_file_has_its_type(hosts: list[Host]) -> None:
    """Fails when a file of the site has no type of its own: a harvester takes it for something else, or refuses it."""
    for host in hosts:
        files = [one.relative_to(host.files).as_posix() for one in host.files.rglob("*") if one.is_file()]
        shown = [one for one in files if not one.startswith((".pledge-ld/", "_", ".htaccess", ".nojekyll"))]
        shown = [one for one in shown if not one.endswith(tuple(CODINGS.values()))]
        by_ending = {ending(one): one for one in shown if one != ".well-known/void"}
        assert "" not in by_ending, by_ending[""]
        assert {".html", ".ttl", ".jsonld", ".csv", ".csv-metadata.json", ".rq", ".json", ".nq"} <= by_ending.keys()
        for one, path in {**by_ending, ".ttl": ".well-known/void"}.items():
            answer = host.ask(path)
            types = {TYPES[one]}
            if path.startswith("queries/") and one == ".json":
                # Our own server knows the answer to a question when it sees one; an ending alone does not tell.
                types.add("application/sparql-results+json")
            assert answer.status == 200, path
            assert answer.headers["Content-Type"] in types, path
            assert answer.body == (host.files / path).read_bytes()
            assert answer.varies in ([""], []), path


@each
def test_every_answer_carries_the_headers(hosts: list[Host]) -> None:
    """Fails when a kind of answer lacks what keeps visitors safe, or what lets other sites' pages read it."""
    for host in hosts:
        for path, accept, status in (
            (f"{MEASURE}.html", None, 200), (f"{MEASURE}.ttl", None, 200), ("", None, 200),
            ("data/t/scores.csv-metadata.json", None, 200),
            (MEASURE, "text/turtle", 303), (MEASURE, "image/png", 406), ("nothing", None, 404),
            ("data", None, 301), (".pledge-ld/build.json", None, 404), (".well-known/void", None, 200),
        ):  # fmt: skip
            answer = host.ask(path, Accept=accept, Origin="https://elsewhere.example")
            assert answer.status == status
            for name, value in HEADERS.items():
                assert answer.headers.get_all(name) == [value], (path, name)
            assert "Access-Control-Allow-Credentials" not in answer.headers


@each
def test_a_browser_may_ask_before_it_fetches(hosts: list[Host]) -> None:
    """Fails when a page elsewhere cannot send Accept or a conditional request across origins."""
    for host in hosts:
        for path in (MEASURE, f"{MEASURE}.ttl", "data/t/scores.csv-metadata.json", "", ".well-known/void"):
            answer = host.ask(path, "OPTIONS", Origin="https://a.example", Access_Control_Request_Method="GET")
            assert (answer.status, answer.body) == (204, b""), path
            assert answer.headers["Access-Control-Allow-Origin"] == "*"
            assert "GET" in answer.headers["Access-Control-Allow-Methods"]
            assert "Accept" in answer.headers["Access-Control-Allow-Headers"]
        assert "Access-Control-Allow-Methods" not in host.ask(f"{MEASURE}.ttl").headers


@each
def test_a_copy_that_is_still_good_is_not_sent_again(hosts: list[Host]) -> None:
    """Fails when a harvester has to fetch every night what has not changed."""
    for host in hosts:
        for path in (f"{MEASURE}.ttl", f"{MEASURE}.html", "data/jp-012131-tomakomai.nt"):
            answer = host.ask(path)
            assert answer.headers["Cache-Control"] == "max-age=300"
            again = host.ask(path, If_None_Match=answer.headers["ETag"])
            assert (again.status, again.body) == (304, b"")
            assert host.ask(path, If_Modified_Since=answer.headers["Last-Modified"]).status == 304
            assert host.ask(path, If_None_Match='"other"').status == 200
        assert host.ask(MEASURE, If_None_Match="*", Accept="text/turtle").status == 303


@each
def test_head_is_get_without_the_body(hosts: list[Host]) -> None:
    """Fails when a link checker sees something else than a visitor."""
    for host in hosts:
        for path in (MEASURE, f"{MEASURE}.ttl", "", "nothing", "jp/012131/2022/", "about.html"):
            one, other = host.ask(path, "HEAD"), host.ask(path)
            assert (one.status, one.location, one.body) == (other.status, other.location, b"")
            for name in ("Content-Type", "ETag", "Vary", "Link"):
                assert one.all(name) == other.all(name), (path, name)
            assert one.all("Content-Length") in {"", other.all("Content-Length")}


@each
def test_forms_name_each_other(hosts: list[Host]) -> None:
    """Fails when a client that has one form, or a table, cannot find the others, or the table's description."""
    for host in hosts:
        link = host.ask(f"{MEASURE}.ttl").all("Link")
        assert f'<{host.prefix}{MEASURE}.html>; rel="alternate"; type="text/html"' in link
        assert f"{MEASURE}.ttl" not in link
        link = host.ask("data/t/scores.csv").all("Link")
        address = f"<{host.prefix}data/t/scores.csv-metadata.json>"
        assert link == f'{address}; rel="describedby"; type="application/csvm+json"'
        assert "Link" not in host.ask("queries/policy_progress.csv").headers


# Apache where something is missing, and w3id.


@pytest.fixture(scope="module")
def old_apache(place: Path, trees: dict[str, Path]) -> Iterator[list[Host]]:
    """An Apache that cannot send a relative redirect, as before 2.4.58."""
    hosts = []
    for prefix, root in trees.items():
        shutil.copytree(root, place / "old" / root.name)
        files = place / "old" / root.name / prefix.strip("/")
        text = (files / ".htaccess").read_text(encoding="utf-8")
        assert text.count("<IfDirective RedirectRelative>") == 2
        (files / ".htaccess").write_text(text.replace("RedirectRelative>", "RedirectUnheardOf>"), encoding="utf-8")
        hosts.append((prefix, place / "old" / root.name, files))
    with apache(place / "old", [root for _, root, _ in hosts]) as ports:
        yield [Host(port, prefix, files) for port, (prefix, _, files) in zip(ports, hosts, strict=True)]


def test_an_older_apache_redirects_by_the_name_it_was_called(old_apache: list[Host]) -> None:
    """Fails when an Apache before 2.4.58 does not negotiate, or names another host than the visitor did."""
    for host in old_apache:
        for path, accept, language, to in TABLE:
            answer = host.ask(path, Accept=accept, Accept_Language=language, Host=f"data.example.org:{host.port}")
            status, location = wanted(host, path, to)
            assert (answer.status, answer.location) == (
                status,
                location and f"http://data.example.org:{host.port}{location}",
            )
        answer = host.ask("data", Host=f"data.example.org:{host.port}")
        assert (answer.status, answer.location) == (301, f"http://data.example.org:{host.port}{host.prefix}data/")
        assert host.ask("jp/012131/", Accept_Language="ja").status == 200


def test_an_apache_that_can_do_little_still_serves_the_files(place: Path, trees: dict[str, Path]) -> None:
    """Fails when .htaccess stops a host without mod_rewrite and mod_headers, or shows what is hidden."""
    folder = place / "bare"
    shutil.copytree(trees["/"], folder / "root")
    with apache(folder, [folder / "root"], BARE, options="None") as ports:
        host = Host(ports[0], "/", folder / "root")
        assert host.ask(f"{MEASURE}.ttl").headers["Content-Type"] == TYPES[".ttl"]
        assert host.ask("").status == 200
        assert host.ask("nothing").body == (host.files / "404.html").read_bytes()
        assert host.ask(".pledge-ld/build.json").status == 404


@pytest.fixture(scope="module")
def w3id(place: Path, trees: dict[str, Path]) -> Iterator[Host]:
    """The rules for w3id in a folder of an Apache, leading to the site in its folder."""
    folder = place / "w3id"
    (folder / "root" / "pledge-ld").mkdir(parents=True)
    rules = trees["/pledges/"] / "pledges" / "hosting" / "w3id.htaccess"
    shutil.copy(rules, folder / "root" / "pledge-ld" / ".htaccess")
    subprocess.run(["chmod", "-R", "a+rX", str(folder)], check=True)
    with apache(folder, [folder / "root"]) as ports:
        yield Host(ports[0], "/pledge-ld/", trees["/pledges/"] / "pledges")


def test_w3id_leaves_what_it_does_not_know_to_the_site(w3id: Host) -> None:
    """Fails when an odd path is redirected off the site, or gives a 500."""
    for path in ODD_PATHS:
        answer = w3id.ask(path, Accept="text/html")
        assert answer.status in {302, 303, 400, 403, 404, 414}, path
        assert answer.location.startswith(SITE) or not answer.location
        assert "X-Evil" not in answer.headers
    for path, accept in (("ns", "image/png"), ("<script>", "image/png")):
        assert b"<script" not in w3id.ask(path, Accept=accept).body


def test_w3id_leads_to_the_best_form(w3id: Host) -> None:
    """Fails when an IRI does not resolve on a host that cannot choose by itself."""
    for path, accept, language, to in TABLE:
        if path == "about" or (path.startswith("en/") and not to):
            continue  # w3id cannot know that there is but a page
        answer = w3id.ask(path, Accept=accept, Accept_Language=language)
        status, location = wanted(w3id, path, to)
        assert (answer.status, answer.location) == (status, location.replace("/pledge-ld/", SITE, 1)), (path, accept)
        assert answer.varies == ["Accept", "Accept-Language"]
        assert answer.headers.get_all("Access-Control-Allow-Origin") == ["*"]
        if answer.status == 303:
            assert (w3id.files / answer.location.removeprefix(SITE)).is_file()


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=st.sampled_from([*THINGS, "catalog"]), accept=headers_of(ranges), language=headers_of(tags))
def test_w3id_reads_any_header_as_the_rfc_says(w3id: Host, path: str, accept: str | None, language: str | None) -> None:
    """Fails when w3id and the site would choose differently."""
    answer = w3id.ask(path, Accept=accept, Accept_Language=language)
    status, location = expected(w3id, path, accept, language)
    assert (answer.status, answer.location) == (status, location.replace("/pledge-ld/", SITE, 1))


def test_w3id_leads_to_every_file_and_folder(w3id: Host) -> None:
    """Fails when a document's address below the base does not lead to the document."""
    for path in ("", "jp/012131/", "context.jsonld", ".well-known/void", f"{MEASURE}.ttl", "data/t/scores.csv",
                 "data/t/scores.csv-metadata.json", "sitemap.xml", "data/t.zip", "ns/0.1.0.ttl"):  # fmt: skip
        answer = w3id.ask(path, Accept="text/turtle")
        assert (answer.status, answer.location) == (302, f"{SITE}{path}")


# Netlify and Cloudflare Pages: read as their manuals say.


def rules(text: str) -> dict[str, dict[str, str]]:
    """Path → header → value of a _headers file."""
    found: dict[str, dict[str, str]] = {}
    for line in text.splitlines():
        if line.startswith("/"):
            assert line not in found
            found[line] = {}
        elif line.strip() and not line.startswith("#"):
            assert line.startswith("  ")
            name, _, value = line.strip().partition(": ")
            assert value
            found[list(found)[-1]][name] = value
    return found


def test_headers_for_hosts_without_rules(site: Path) -> None:
    """Fails when _headers leaves the hosts' limits, or a file of the site without its type."""
    text = (site / "_headers").read_text(encoding="utf-8")
    found = rules(text)
    assert len(found) <= 100
    assert max(len(line) for line in text.splitlines()) <= 2000
    # A rule for some pages alone would be joined with this one, and the stricter of two policies holds.
    assert found["/*"] == {**HEADERS, POLICY: OPEN_POLICY}
    known = {".html", ".json"}
    for path in [one.relative_to(site).as_posix() for one in site.rglob("*") if one.is_file()] + list(ADDED):
        if path.startswith((".", "_")) or ending(path) in known or path.endswith(tuple(CODINGS.values())):
            continue
        set_by = [one for one in found if one != "/*" and re.fullmatch(re.escape(one).replace(r"\*", ".*"), f"/{path}")]
        assert [found[one]["Content-Type"] for one in set_by] == [TYPES[ending(path)]], path


def test_redirects_for_hosts_without_rules(site: Path) -> None:
    """Fails when _redirects leaves the hosts' limits, leads to what is not there, or shows what builds remember."""
    lines = (site / "_redirects").read_text(encoding="utf-8").splitlines()
    found = [line.split() for line in lines if line and not line.startswith("#")]
    assert len(found) <= 100
    assert max(map(len, lines)) <= 1000
    for source, target, status, *conditions in found:
        assert source.startswith("/")
        assert (site / target.strip("/")).exists()
        assert re.fullmatch(r"(?:302|404)!?", status)
        assert all(re.fullmatch(r"Language=en", one) for one in conditions)
    cloudflare = [one for one in found if len(one) == 3 and one[2] == "302"]
    assert cloudflare == [["/.pledge-ld/*", "/", "302"]]


# The files themselves.


def test_where_a_site_lies_is_written_into_its_files() -> None:
    """Fails when nginx is given another folder than site_url names, or w3id rules would lead in a circle."""
    plain = dict(hosting_files(CONFIG))
    assert set(plain) == {".htaccess", "_headers", "_redirects", "hosting/nginx.conf"}
    assert b"location / {" in plain["hosting/nginx.conf"]
    same = Config(
        "会", "Club", "https://c.example/", "mailto:a@b", base_iri="https://d.example/", site_url="https://d.example/"
    )
    assert set(dict(hosting_files(same))) == set(plain)
    moved = Config("会", "Club", "https://c.example/", "mailto:a@b", site_url="https://d.example/a.b/")
    files = dict(hosting_files(moved))
    assert b"location /a.b/ {" in files["hosting/nginx.conf"]
    assert b"https://d.example/a.b/" in files["hosting/w3id.htaccess"]
    assert files[".htaccess"] == plain[".htaccess"], "Apache finds out where it lies"


def test_weights_are_read_without_a_server() -> None:
    """Fails when the pattern stops to compile where branches are numbered alike, which Python's own do not."""
    assert weight("a/b", r"a/\*").startswith("^(?|")
    assert max(len(one) for one in dict(hosting_files(CONFIG))[".htaccess"].splitlines()) < 2000


class Tags(HTMLParser):
    """What a page has that Content-Security-Policy blocks."""

    def __init__(self) -> None:
        super().__init__()
        self.blocked: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keeps what is written into the page instead of a file of the site, and what would be sent or framed."""
        given = dict(attrs)
        data = given.get("type") in {"application/ld+json", "application/json"}
        own = "/front/" in (given.get("src") or "") and "//" not in (given.get("src") or "")
        if tag in {"style", "base", "form", "iframe", "object", "embed"} or (tag == "script" and not data and not own):
            self.blocked.append(tag)
        self.blocked += [name for name, _ in attrs if name == "style" or name.startswith("on")]


def test_pages_need_nothing_that_the_policy_forbids(site: Path) -> None:
    """Fails when a page has a style, a script or a form that Content-Security-Policy blocks."""
    for page in site.rglob("*.html"):
        if ".pledge-ld" not in page.parts:
            tags = Tags()
            tags.feed(page.read_text(encoding="utf-8"))
            assert tags.blocked == [], page


def unpacked(answer: Answer) -> bytes:
    """The file that was sent, however it was compressed."""
    unpack: dict[str, Callable[[bytes], bytes]] = {"br": brotli.decompress, "gzip": gzip.decompress, "": bytes}
    return unpack[answer.all("Content-Encoding")](answer.body)


TAKEN = [
    ("gzip", {"gzip"}), ("br, gzip", {"br", "gzip"}), ("gzip;q=0.5, identity;q=0.1", {"gzip"}), (None, {""}),
    ("identity", {""}), ("gzip;q=0", {""}), ("gzip;q=0.000, br;q=0", {""}), ("zstd", {""}), ("", {""}), ("xgzip", {""}),
]  # fmt: skip


@both
@pytest.mark.parametrize(("taken", "sent"), TAKEN, ids=lambda one: str(one) if isinstance(one, str) else "")
def test_a_file_comes_compressed_to_who_takes_it(hosts: list[Host], taken: str | None, sent: set[str]) -> None:
    """Fails when what the build has compressed is not sent, is sent as an archive, or to who cannot read it."""
    for host in hosts:
        for path in (f"{MEASURE}.ttl", "about.html", "", "ns.ttl", "data/all.nq", "data/jp-012131-tomakomai.jsonld",
                     "catalog.rdf", ".well-known/void", "static/site.css"):  # fmt: skip
            answer = host.ask(path, Accept_Encoding=taken, Accept_Language="ja")
            file = path or "index.html"
            if not (host.files / f"{file}.gz").exists():
                continue
            plain = host.ask(path, Accept_Language="ja")
            assert answer.status == 200, path
            assert answer.all("Content-Encoding") in sent, path
            assert unpacked(answer) == (host.files / file).read_bytes(), path
            assert "Accept-Encoding" in answer.all("Vary")
            for name in ("Content-Type", "Link", "Cache-Control", "Access-Control-Allow-Origin"):
                assert answer.all(name) == plain.all(name), (path, name)
            assert answer.varies == plain.varies
            assert (answer.headers["ETag"] == plain.headers["ETag"]) == (not answer.all("Content-Encoding"))
            again = host.ask(path, Accept_Encoding=taken, Accept_Language="ja", If_None_Match=answer.headers["ETag"])
            assert again.status == 304


@both
def test_what_is_sent_in_the_place_of_another_has_no_address(hosts: list[Host]) -> None:
    """Fails when a visitor can ask for a coding of a file as if it were a file of its own."""
    for host in hosts:
        for path in ("ns.ttl.gz", "ns.ttl.br", "index.html.gz", "nothing.gz"):
            assert host.ask(path, Accept_Encoding="gzip, br").status == 404


@both
def test_a_table_s_metadata_comes_compressed_too(hosts: list[Host]) -> None:
    """Fails when a type that goes by a longer ending is lost with the coding."""
    for host in hosts:
        found = sorted(host.files.glob("data/**/*.csv-metadata.json.gz"))
        path = found[0].relative_to(host.files).as_posix().removesuffix(".gz")
        answer = host.ask(path, Accept_Encoding="gzip")
        assert (answer.all("Content-Encoding"), answer.headers["Content-Type"]) == ("gzip", "application/csvm+json")
        assert unpacked(answer) == (host.files / path).read_bytes()
