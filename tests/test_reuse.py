"""Citing, reporting, embedding and following: what a reader takes away from a page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from lxml import etree, html
from servers import served

from pledge_ld.hosting import EMBED_POLICY, HEADERS, POLICY, policy_of
from pledge_ld.site import has_front
from pledge_ld.site.reuse import error_report
from pledge_ld.term import BASE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Run

CITY = "jp/012131"
REPORT = f"{CITY}/2022/report/2024-03-31"
THINGS = (
    CITY,
    f"{CITY}/2022",
    f"{CITY}/2022/policy/1",
    f"{CITY}/2022/pledge/1-2",
    f"{CITY}/2022/measure/1-2-1",
    f"{CITY}/department/gyosei-kanri-shitsu",
    REPORT,
)
TREES = ("", "en/")


def page(site: Path, path: str) -> html.HtmlElement:
    """A page of the site."""
    return html.fromstring((site / path).read_bytes(), parser=html.HTMLParser(encoding="utf-8"))


# Cite


@pytest.mark.parametrize("tree", TREES)
@pytest.mark.parametrize("thing", THINGS)
def test_every_thing_says_how_to_cite_it(site_of_one: Path, thing: str, tree: str) -> None:
    """By its IRI, with the dated edition and the licence; it can be copied without a script."""
    found = page(site_of_one, f"{tree}{thing}.html")
    [permalink] = found.xpath("//section[@class='reuse']//input[@readonly]/@value")
    assert permalink == BASE + thing
    text, entry = (one.text_content() for one in found.xpath("//*[@id='cite']/pre"))
    for part in (BASE + thing, BASE + REPORT, "2024-03-31", "2026-11-25", "CC BY 4.0", "2026"):
        assert part in text
    assert BASE + thing in entry


def test_a_bibtex_entry_is_one(site_of_one: Path) -> None:
    """Its braces are balanced, each field stands once, and the key is of the letters that every style takes."""
    for path in site_of_one.glob("en/jp/**/*.html"):
        for one in page(site_of_one, str(path.relative_to(site_of_one))).xpath("//*[@id='cite']/pre[2]"):
            entry = one.text_content()
            plain = re.sub(r"\\[{}]", "", entry)
            assert plain.count("{") == plain.count("}")
            assert re.match(r"@misc\{[a-z0-9-]+,\n", entry)
            fields = re.findall(r"^  ([a-z]+) +=", entry, re.MULTILINE)
            assert fields == ["author", "title", "year", "version", "howpublished", "note", "url"]


# Report an error


@pytest.mark.parametrize("tree", TREES)
@pytest.mark.parametrize("thing", THINGS)
def test_an_error_is_reported_with_the_iri(site_of_one: Path, thing: str, tree: str) -> None:
    """The mail is begun: what it is about, the IRI, and what to tell."""
    addresses = page(site_of_one, f"{tree}{thing}.html").xpath("//section[@class='reuse']//a/@href")
    [mail] = [one for one in addresses if one.startswith("mailto:")]
    parts = urlsplit(mail)
    fields = parse_qs(parts.query, strict_parsing=True)
    assert parts.path == "pledge-ld@example.org"
    assert fields.keys() == {"subject", "body"}
    assert BASE + thing in fields["body"][0].split("\r\n")
    assert re.fullmatch(r"[!-~]+", mail)


def test_an_operator_on_github_gets_an_issue(workspace: Path, cli: Callable[..., Run]) -> None:
    """The form of a new issue, with the same words."""
    config = workspace / "pledge_ld.toml"
    text = config.read_text(encoding="utf-8")
    contact = 'contact = "https://github.com/example/pledges/issues"'
    config.write_text(text.replace('contact = "mailto:pledge-ld@example.org"', contact), encoding="utf-8")
    assert cli(workspace, "build", "--out", "public").code == 0
    [address] = page(workspace / "public", f"{THINGS[3]}.html").xpath("//section[@class='reuse']/p/a/@href")
    assert address.startswith("https://github.com/example/pledges/issues/new?")
    assert BASE + THINGS[3] in parse_qs(urlsplit(address).query)["body"][0]


@pytest.mark.parametrize("text", ["a&b", "a=b#c?d", "100%", "改行\n次", "\"<>'"])
def test_no_text_breaks_out_of_an_address(text: str) -> None:
    """Whatever a title holds stays in its field."""
    for contact in ("mailto:a@example.org", "https://github.com/a/b"):
        found = parse_qs(urlsplit(error_report(contact, "subject", text)).query, strict_parsing=True)
        assert [*found.values()] == [["subject"], [text.replace("\n", "\r\n")]]


# Every figure explains itself

BEHIND = "//table[contains(@class, 'scores')]//details[@class='behind']"
FIGURES = "//*[@class='figure' or @class='figure small' or @class='stars' or @class='percent' or @class='level']"


@pytest.mark.parametrize("tree", TREES)
def test_each_score_says_what_stands_behind_it(site_of_one: Path, tree: str) -> None:
    """When, by whom, on which words of the report; what it was made from, and the query that gives it."""
    printed, computed = page(site_of_one, f"{tree}{CITY}/2022/policy/1.html").xpath(BEHIND)
    for one in (printed, computed):
        assert "2024-03-31" in one.text_content()
    assert [one.text_content()[:3] for one in printed.xpath(".//q[@lang='ja']")] == ["I 行", "政策Ⅰ"]
    assert any(one.endswith("report/2024-03-31.html#L43") for one in printed.xpath(".//a/@href"))
    thing = quote(f"{BASE}{CITY}/2022/policy/1")
    asked = f"sparql.html?name=figure_source&thing={thing}" if has_front() else "queries/figure_source.html"
    assert any(one.endswith(asked) for one in printed.xpath(".//a/@href"))
    assert printed.xpath("./dl/@id") == ["score-2024-03-31"]
    derived = [one for one in computed.xpath(".//a/@href") if "/pledge/1-" in one]
    assert len(derived) == 5
    assert any(one.endswith("queries/policy_mean_of_pledges.html") for one in computed.xpath(".//a/@href"))


def test_a_corrected_figure_says_why(site_of_one: Path) -> None:
    """Where the print cannot be read, the note stands beside what was concluded."""
    found = page(site_of_one, f"{CITY}/2022/measure/5-3-1.html").xpath(BEHIND)
    assert len(found) == 2
    for one in found:
        assert one.xpath(".//span[@class='uncertain']")


@pytest.mark.parametrize("tree", TREES)
def test_beside_every_figure_in_a_list_is_the_way_to_its_explanation(site: Path, tree: str) -> None:
    """On every page that shows figures of other things; where the link leads, the build has looked."""
    listing = [f"{REPORT}/summary", f"{REPORT}/detail", f"{CITY}/2022", f"{CITY}/2022/policy/1", "index"]
    for path in listing:
        for one in page(site, f"{tree}{path}.html").xpath(FIGURES):
            if not one.xpath("ancestor::table[contains(@class, 'scores')] | ancestor::small"):
                around = one.xpath("ancestor::*[self::li or self::tr or self::p or self::h2][1]")[0]
                unprinted = one.text_content() in {"印刷なし", "not printed"}
                assert unprinted or around.xpath(".//a[@class='why']"), (path, around.text_content())


# Embed

SHOWN = (CITY, f"{CITY}/2022", f"{CITY}/2022/policy/1", f"{CITY}/2022/pledge/1-2")
SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("tree", TREES)
@pytest.mark.parametrize("thing", SHOWN)
def test_a_page_offers_its_frame_and_its_badge(site_of_one: Path, thing: str, tree: str) -> None:
    """The code is there to copy, with whole addresses, and what it shows is on the site."""
    found = page(site_of_one, f"{tree}{thing}.html")
    frame, picture = (html.fragment_fromstring(one.text_content()) for one in found.xpath("//*[@id='embed']/pre"))
    address = frame.get("src")
    assert (frame.tag, address) == ("iframe", f"{BASE}{tree}embed/{thing}.html")
    assert frame.get("title")
    assert picture.get("href") == f"{BASE}{tree}{thing}.html"
    assert picture.find("img").get("src") == f"{BASE}{tree}badge/{thing}.svg"
    badge = etree.fromstring((site_of_one / f"{tree}badge/{thing}.svg").read_bytes())
    assert picture.find("img").get("alt") == badge.findtext(f"{SVG}title")
    for one in (address, picture.find("img").get("src")):
        assert (site_of_one / one.removeprefix(BASE)).is_file()


def test_a_title_does_not_end_what_is_pasted(workspace: Path, cli: Callable[..., Run]) -> None:
    """A quotation mark or an ampersand of a title stands in the pasted code as it stands in the title."""
    city = workspace / "data/jp-012131-tomakomai"
    (city / "imported.csv").unlink()
    table = city / "2022/pledges.csv"
    text = table.read_text(encoding="utf-8")
    title = 'Work towards "flexible" R&D'
    quoted = title.replace('"', '""')
    table.write_text(re.sub(r"(?m)^(1-2,.*?),[^,]*(,[^,]*)$", rf'\1,"{quoted}"\2', text), encoding="utf-8")
    run = cli(workspace, "build", "--out", "site", "--compress", "none")
    assert run.code == 0, run.err
    found = page(workspace / "site", f"en/{CITY}/2022/pledge/1-2.html")
    frame, picture = (html.fragment_fromstring(one.text_content()) for one in found.xpath("//*[@id='embed']/pre"))
    assert frame.get("title") == f"Ⅰ-2 {title}"
    assert title in picture.find("img").get("alt")


@pytest.mark.parametrize("tree", TREES)
def test_a_frame_says_figure_day_and_source(site_of_one: Path, tree: str) -> None:
    """A figure on its own would be torn from what it means."""
    found = page(site_of_one, f"{tree}embed/{SHOWN[3]}.html")
    text = found.text_content()
    for part in ("66", "2024-03-31", "2024-05"):
        assert part in text
    assert any(one.endswith(f"/{tree}{SHOWN[3]}.html") for one in found.xpath("//h1/a/@href"))
    assert not found.xpath("//script")


@pytest.mark.parametrize("tree", TREES)
def test_a_badge_is_read_aloud_as_one_sentence(site_of_one: Path, tree: str) -> None:
    """Its name says thing, figure and day; every text fits the picture and stays inside its half."""
    for path in (site_of_one / f"{tree}badge").rglob("*.svg"):
        root = etree.fromstring(path.read_bytes())
        title = root.find(f"{SVG}title")
        assert root.get("role") == "img"
        assert root.get("aria-labelledby") == title.get("id")
        assert re.search(r"\d.*2024-03-31", title.text), path
        words = title.text.partition(":")[0].split()
        assert words[: len(words) // 2] != words[len(words) // 2 :], path
        ends = [float(one.get("x")) + float(one.get("textLength")) for one in root.findall(f"{SVG}text")]
        starts = [float(one.get("x")) for one in root.findall(f"{SVG}text")]
        assert ends[0] < starts[1]
        assert ends[1] < float(root.get("width"))


def test_every_city_has_a_frame_whatever_it_prints(site: Path) -> None:
    """A city that prints counts alone shows them."""
    cities = sorted(one.stem for one in site.glob("jp/*.html"))
    assert len(cities) == 5
    for code in cities:
        found = page(site, f"embed/jp/{code}.html")
        assert found.xpath("//p[@class='headline'] | //ul[@class='levels']/li"), code


def test_frames_and_badges_are_no_pages_of_the_site(site_of_one: Path) -> None:
    """A search engine is led to the page itself."""
    assert b"/embed/" not in (site_of_one / "sitemap.xml").read_bytes()
    found = page(site_of_one, f"embed/{SHOWN[3]}.html")
    assert found.xpath("//meta[@name='robots']/@content") == ["noindex"]


@pytest.mark.parametrize(
    ("path", "ancestors"),
    [
        (f"embed/{CITY}.html", "*"),
        (f"en/embed/{CITY}.html", "*"),
        (f"{CITY}.html", "'none'"),
        ("embed.html", "'none'"),
        (f"badge/{CITY}.svg", "'none'"),
    ],
)
def test_only_frames_may_be_framed(path: str, ancestors: str) -> None:
    """Fails when a page can be shown inside another site's, or a frame cannot."""
    policy = policy_of(path) or HEADERS[POLICY]
    rules = dict(one.strip().split(" ", 1) for one in policy.split(";"))
    assert rules["frame-ancestors"] == ancestors
    assert rules["default-src"] == "'none'"


def test_the_server_lets_a_frame_be_framed(site_of_one: Path, tmp_path: Path) -> None:
    """The same, as our own server sends it."""
    with served(site_of_one, tmp_path / "log") as server:
        sent = [server.host.ask(one).headers.get_all(POLICY) for one in (f"embed/{CITY}.html", f"{CITY}.html")]
    assert sent == [[EMBED_POLICY], [HEADERS[POLICY]]]


# Easy words

TRANSLATED = "Translations of the city's texts are unofficial."


def test_every_chinese_letter_of_the_easy_words_has_its_reading(site_of_one: Path) -> None:
    """Home and method: short sentences, and ruby in which no letter is left without its reading."""
    for name in ("index", "about"):
        [words] = page(site_of_one, f"{name}.html").xpath("//details[@class='plain-words']")
        assert words.get("lang") == "ja"
        for one in words.xpath(".//p"):
            bare = "".join(one.xpath(".//text()[not(ancestor::ruby)]"))
            assert re.findall(r"[一-鿿々]", bare) == []
            assert all(re.fullmatch(r"[ぁ-ゖー]+", reading) for reading in one.xpath(".//rt/text()"))
            plain = "".join(one.xpath(".//text()[not(ancestor::rt or ancestor::rp)]"))
            assert "[" not in plain
            assert all(len(sentence) <= 50 for sentence in plain.split("。")), plain


def test_a_translation_says_that_it_is_ours(site_of_one: Path) -> None:
    """On every English page, and beside the title that is translated."""
    for path in ("index", f"{CITY}/2022/pledge/1-2", f"{CITY}"):
        assert TRANSLATED in page(site_of_one, f"en/{path}.html").xpath("string(//footer)")
    title = page(site_of_one, f"en/{CITY}/2022/pledge/1-2.html").xpath("//p[@class='original']")[0]
    assert TRANSLATED in title.text_content()
