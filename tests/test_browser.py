"""What visitors do, in a real Chromium on the site as our own server sends it: under its policy, asking nobody else."""

from __future__ import annotations

import csv
import io
import re
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from browser import Watched, kinds
from playwright.sync_api import expect
from servers import served

from pledge_ld.site import has_front, locales
from pledge_ld.term import BASE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page, Request

PROGRAMME = "jp/012131/2022"
LIST = f"{PROGRAMME}/measures.html"
JA, EN = (locales()[one] for one in ("ja", "en"))
MOST_BYTES = 100_000
PATIENCE = 20_000
bundled = pytest.mark.skipif(not has_front(), reason="site/front/ is not bundled: make site, with Node")


@pytest.fixture
def tab(browser: Browser, home: str) -> Iterator[Watched]:
    """A tab of a new visitor. Afterwards nothing has left the site, been refused by its policy, or failed."""
    with browser.new_context(locale="ja-JP", accept_downloads=True) as context:
        found = Watched(context, home)
        yield found
        found.blameless()


def shown(page: Page) -> list[str]:
    """The numbers of the measures that are shown, in their order."""
    found: list[str] = page.locator("#measures tbody tr:visible").evaluate_all(
        "rows => rows.map(r => r.dataset.number)"
    )
    return found


def answered(page: Page) -> str:
    """What the query page shows, once it has an answer."""
    expect(page.locator("#answer table, #answer pre")).to_be_visible(timeout=PATIENCE)
    return page.inner_text("#answer")


def ask(page: Page, query: str) -> None:
    """Types a query in the place of what stands there, as a visitor does, and runs it by the keyboard."""
    editor = page.get_by_role("textbox", name=re.compile(f"{JA['front_editor']}|{EN['front_editor']}"))
    editor.press("Control+a")
    page.keyboard.insert_text(query)
    page.keyboard.press("Control+Enter")


def test_a_leak_and_a_fault_are_noticed(browser: Browser, home: str) -> None:
    """A watch that sees nothing would praise everything."""
    with browser.new_context() as context:
        watched = Watched(context, home)
        page = watched.open("about.html")
        page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=\"http://elsewhere.invalid/x.png\">')")
        page.evaluate("document.body.insertAdjacentHTML('beforeend', '<p style=\"color:red\">x</p>')")
        page.wait_for_timeout(200)
        assert any("style" in one for one in watched.faults)
        assert any("img-src" in one for one in watched.faults) or watched.left


def test_three_clicks_lead_from_the_home_page_to_a_measure(tab: Watched) -> None:
    """A citizen who comes with a question about one measure finds its page."""
    page = tab.open("index.html")
    page.locator(f'main a[href*="{PROGRAMME}.html"]').first.click()
    page.locator(f'main a[href*="{LIST}"]').first.click()
    page.locator('main a[href*="/measure/"]').first.click()
    assert "/measure/" in page.url
    expect(page.locator("h1")).to_be_visible()


@bundled
@pytest.mark.parametrize(
    ("word", "least"), [("ゼロカーボン", 3), ("ｽﾎﾟｰﾂ", 3), ("すぽーつ", 3), ("子育て", 1), ("カーボ", 3), ("ＤＸ", 1)]
)
def test_parts_of_words_are_found_however_they_are_written(tab: Watched, word: str, least: int) -> None:
    """A reader types what the keyboard gives, in half-width kana too, and means the word."""
    page = tab.open(LIST)
    page.get_by_label(JA["front_search"]).fill(word)
    found = shown(page)
    assert least <= len(found) < 50
    expect(page.get_by_role("status")).to_contain_text(f"50件のうち{len(found)}件")


@bundled
def test_one_word_written_in_any_kana_finds_the_same(tab: Watched) -> None:
    """スポーツ is one word."""
    page, found = tab.open(LIST), []
    for word in ("ｽﾎﾟｰﾂ", "スポーツ", "すぽーつ"):
        page.get_by_label(JA["front_search"]).fill(word)
        found.append(shown(page))
    assert found[0] == found[1] == found[2]


@bundled
def test_the_list_is_as_its_address_says(tab: Watched) -> None:
    """A filtered list can be sent to somebody, and the back button undoes one step."""
    page = tab.open(LIST)
    everything = shown(page)
    assert len(everything) == 50
    page.get_by_label(JA["figure"], exact=True).select_option("8")
    eight = shown(page)
    assert 0 < len(eight) < 50
    page.get_by_label(JA["responsible"], exact=True).select_option(index=1)
    both, address = shown(page), page.url
    assert len(both) <= len(eight)
    page.go_back()
    assert shown(page) == eight
    page.go_back()
    assert shown(page) == everything
    page.goto(address)
    assert shown(page) == both
    page.get_by_role("button", name=JA["front_clear"]).click()
    assert shown(page) == everything


@bundled
@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_filtered_list_claims_no_more_on_paper_than_it_holds(tab: Watched, language: str) -> None:
    """The table says how many of how many it has, and why, to who prints it and to who comes to it by ear."""
    texts = locales()[language]
    page = tab.open(f"{'en/' if language == 'en' else ''}{LIST}")
    caption, lead = page.locator("#measures caption"), page.locator("p.lead")
    whole = caption.inner_text()
    page.emulate_media(media="print")
    expect(lead).to_be_visible()
    page.emulate_media(media="screen")
    page.get_by_label(texts["figure"], exact=True).select_option("8")
    n = len(shown(page))
    conditions = f"{texts['figure']}: {texts['stars_of_ten'].format(n=8)}"
    fields = {"list": texts["list_Measure"], "n": n, "total": 50}
    expect(caption).to_have_text(texts["front_part"].format(conditions=conditions, **fields))
    expect(page.get_by_role("table", name=caption.inner_text(), exact=True)).to_be_visible()
    page.emulate_media(media="print")
    expect(caption).to_be_visible()
    expect(lead).to_be_hidden()
    page.emulate_media(media="screen")
    word = "nothing-has-this-" * 9
    page.get_by_label(texts["front_search"]).fill(word)
    fields["n"] = 0
    conditions = f"{texts['front_search']}: {word} · {conditions}"
    expect(caption).to_have_text(texts["front_part"].format(conditions=conditions, **fields))
    page.set_viewport_size({"width": 320, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.get_by_role("button", name=texts["front_clear"]).click()
    expect(caption).to_have_text(whole)
    page.get_by_label(texts["front_search"]).fill("  ")
    expect(caption).to_have_text(whole)


@bundled
def test_a_filtered_list_is_the_same_in_the_other_language(tab: Watched) -> None:
    """A list sent to a reader of English; and an address from the time when it held names, in Japanese."""
    page = tab.open(LIST)
    for label in ("policy", "responsible", "band"):
        page.get_by_label(JA[label], exact=True).select_option(index=1)
    found = shown(page)
    assert 0 < len(found) < 50
    page.locator("li.language a", has_text="English").click()
    page.wait_for_url("**/en/**")
    assert shown(page) == found
    expect(page.get_by_label(EN["responsible"], exact=True)).not_to_have_value("")
    page = tab.open(f"{LIST}?status=進行中&department=危機管理室")
    assert 0 < len(shown(page)) < 50


@pytest.mark.parametrize("path", [f"{PROGRAMME}.html", f"{PROGRAMME}/pledge/3-3.html", f"{PROGRAMME}/pledge/1-1.html"])
@pytest.mark.parametrize("tree", ["", "en/"])
def test_no_figure_of_a_strip_is_cut_off_on_a_phone(tab: Watched, tree: str, path: str) -> None:
    """The longest is an interval without a figure: a print that could not be read."""
    tab.page.set_viewport_size({"width": 360, "height": 800})
    page = tab.open(f"{tree}{path}")
    cut = page.locator("figure.strip svg.plot .value").evaluate_all(
        """texts => texts.filter(text => {
            const [one, whole] = [text.getBoundingClientRect(), text.closest("figure").getBoundingClientRect()];
            return one.left < whole.left || one.right > whole.right + 1;
        }).map(text => text.textContent)"""
    )
    assert page.locator("figure.strip svg.plot .value").count()
    assert cut == []
    assert page.evaluate("document.documentElement.scrollWidth") == 360


@bundled
def test_each_column_sorts_both_ways(tab: Watched) -> None:
    """And says so to who cannot see the arrow; what has no figure comes last either way."""
    page = tab.open(LIST)
    for head in page.locator("#measures thead th").all():
        button = head.get_by_role("button")
        button.click()
        rising = shown(page)
        button.click()
        assert head.get_attribute("aria-sort") in {"ascending", "descending"}
        assert sorted(rising) == sorted(shown(page))
    page.goto(f"{tab.home}{LIST}?sort=-stars")
    stars = page.locator("#measures tbody tr").evaluate_all("rows => rows.map(row => row.dataset.stars)")
    figures = [int(one) for one in stars if one]
    assert figures == sorted(figures, reverse=True)
    assert stars[: len(figures)] == [str(one) for one in figures]


@bundled
def test_a_sign_drawn_beside_a_word_is_not_read_aloud(tab: Watched) -> None:
    """「番号 ↕」 is a head called 番号 to who hears it, sorted or not, and what is uncertain is so without a mark."""
    page = tab.open(f"{LIST}?sort=stars")
    heard = page.locator("#measures").aria_snapshot()
    assert f'columnheader "{JA["list_number"]}"' in heard
    assert JA["uncertain"] in heard
    heard += page.locator(".crumbs").aria_snapshot()
    heard += tab.open("compare.html").locator("main").aria_snapshot()
    heard += tab.open(f"{PROGRAMME}.html").locator("main").aria_snapshot()
    assert not re.findall(r"[↕▲▼✕✓›]|\? (?=不)", heard)


@bundled
@pytest.mark.parametrize("tree", ["", "en/"])
def test_the_stars_of_the_list_are_one_line_and_their_figure_another(tab: Watched, tree: str) -> None:
    """Where there is room; and the table makes nobody scroll for it."""
    page = tab.open(f"{tree}{LIST}")
    for width in (1440, 1100):
        page.set_viewport_size({"width": width, "height": 900})
        for part in (".stars", ".stars + .figure"):
            lines = page.locator(f"#measures {part}").evaluate_all("all => all.map(one => one.getClientRects().length)")
            assert set(lines) == {1}
        assert page.locator(".scroll").evaluate("one => one.scrollWidth <= one.clientWidth")


@bundled
def test_the_download_is_what_is_shown(tab: Watched) -> None:
    """Row for row and in the order of the page, with the mark by which Excel knows UTF-8."""
    page = tab.open(f"{LIST}?q=ゼロカーボン&sort=-stars")
    with page.expect_download() as waiting:
        page.get_by_role("button", name=JA["front_download"]).click()
    text = waiting.value.path().read_bytes()
    assert text.startswith("\ufeff".encode())
    head, *rows = csv.reader(io.StringIO(text.decode("utf-8-sig"), newline=""))
    assert [row[0] for row in rows] == shown(page)
    assert {len(row) for row in rows} == {len(head)}
    assert all("ゼロカーボン" in "".join(row) for row in rows)
    assert all(row[-1].startswith(f"{tab.home}{PROGRAMME}/measure/") for row in rows)


@bundled
def test_a_saved_query_runs_in_the_browser(tab: Watched) -> None:
    """One click on a query's page, and the visitor's own machine works out 59.2."""
    page = tab.open("queries/overall_mean_of_policies.html")
    page.get_by_role("link", name=JA["front_run_it"]).click()
    assert "59.2" in answered(page)
    assert page.url.endswith("sparql.html?name=overall_mean_of_policies")


@bundled
def test_cities_are_not_drawn_beside_each_other(tab: Watched) -> None:
    """Fails when a chart sets 59.2 against the figures of another city, which measure something else."""
    page = tab.open("sparql.html?name=overall_progress")
    assert "高松市" in answered(page)
    assert page.locator("figure.chart svg").count() == 0
    tab.open("sparql.html?name=policy_progress")
    answered(page)
    assert page.locator("figure.chart svg").count() == 1


@bundled
def test_the_head_of_a_column_of_numbers_stands_above_them(tab: Watched) -> None:
    """Its figures are at the right of the column, and so is its name."""
    page = tab.open("sparql.html?name=policy_progress")
    answered(page)
    table, end = page.locator("#answer table"), "one => getComputedStyle(one).textAlign"
    cells, heads = table.locator("tbody tr").first.locator("td"), table.locator("thead th")
    aligned = [one.evaluate(end) for one in heads.all()]
    assert aligned == [one.evaluate(end) for one in cells.all()]
    assert set(aligned) == {"start", "end"}


@bundled
def test_a_query_of_ones_own_is_answered_charted_and_saved(tab: Watched) -> None:
    """Typed, run by the keyboard, kept in the address."""
    page = tab.open("sparql.html")
    query = "SELECT ?s (COUNT(?x) AS ?n) { ?x a ?s } GROUP BY ?s ORDER BY DESC(?n) ?s LIMIT 5"
    ask(page, query)
    expect(page.locator("#answer tbody tr")).to_have_count(5, timeout=PATIENCE)
    expect(page.locator("#answer svg.bars rect")).to_have_count(5)
    with page.expect_download() as waiting:
        page.get_by_role("button", name=JA["front_csv"]).click()
    assert len(waiting.value.path().read_text(encoding="utf-8-sig").splitlines()) == 6
    page.reload()
    expect(page.locator("#answer tbody tr")).to_have_count(5, timeout=PATIENCE)


@bundled
@pytest.mark.parametrize(
    ("figures", "drawn"),
    [
        (["44.666666666666666666", "59.2", "7"], ["44.6667", "59.2", "7"]),
        (["-12.5", "0", "25"], ["-12.5", "0", "25"]),
        (["-0.000123456789", "-3", "-2.00000000001"], ["-0.0001235", "-3", "-2"]),
        (["123456789012.25", "99999999999999999999", "1"], ["123456789012.25", "1.000e+20", "1"]),
        (["0", "0", "0"], ["0", "0", "0"]),
    ],
)
def test_each_figure_of_a_chart_has_room_and_its_own_side(tab: Watched, figures: list[str], drawn: list[str]) -> None:
    """Fails where a figure is cut at the edge, or what is below zero looks like nothing; the table has it whole."""
    page = tab.open("sparql.html")
    rows = " ".join(f'("{"abc"[at]}" {figure})' for at, figure in enumerate(figures))
    ask(page, f"SELECT ?name ?figure {{ VALUES (?name ?figure) {{ {rows} }} }}")
    answered(page)
    assert sorted(page.locator("#answer svg .value").all_text_contents()) == sorted(drawn)
    assert sorted(page.locator("#answer td.num").all_inner_texts()) == sorted(figures)
    drawing = page.locator("#answer svg > *")
    boxes = drawing.evaluate_all("all => all.map(one => one.getBBox()).map(one => [one.x, one.width])")
    assert all(x >= 0 and x + width <= 480 for x, width in boxes)
    sides = page.locator("#answer svg").evaluate(
        """chart => [...chart.querySelectorAll(".value")].map(one => {
            const bar = one.parentNode.querySelector(`rect[y="${one.getAttribute("y") - 13}"]`).getBBox();
            const zero = chart.querySelector(".zero")?.getBBox().x ?? 0;
            return [one.textContent, bar.x - zero, bar.x + bar.width - zero];
        })"""
    )
    for figure, start, end in sides:
        assert (end if float(figure) < 0 else start) == pytest.approx(0, abs=0.01)
        assert (start if float(figure) < 0 else -end) < 0


@bundled
@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_slip_in_a_query_is_told(tab: Watched, language: str) -> None:
    """In the page's language, with what the parser says."""
    page = tab.open(f"{'en/' if language == 'en' else ''}sparql.html")
    ask(page, "SELECT ?s WHERE { ?s ?p }")
    text = answered(page)
    assert "1:2" in text
    expect(page.locator("#status")).to_have_text(locales()[language]["front_failed_query"])


@bundled
@pytest.mark.parametrize("language", ["ja", "en"])
def test_what_is_too_big_is_no_slip_and_the_next_query_is_answered(browser: Browser, home: str, language: str) -> None:
    """An engine without memory answers nothing more, so a new one does; the query itself was written well."""
    with browser.new_context() as context:
        watched = Watched(context, home)
        page = watched.open(f"{'en/' if language == 'en' else ''}sparql.html")
        ask(page, "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")
        expect(page.locator("#status")).to_have_text(locales()[language]["front_failed_memory"], timeout=3 * PATIENCE)
        expect(page.locator("#answer")).to_be_empty()
        ask(page, "ASK { ?s ?p ?o }")
        assert "true" in answered(page)
        # What the engine itself says of it, to whoever mends engines.
        assert all("capacity overflow" in one for one in watched.faults)
        watched.faults.clear()
        watched.blameless()


@bundled
def test_an_engine_that_does_not_start_is_not_taken_for_a_slip(browser: Browser, home: str) -> None:
    """As where a browser forbids WebAssembly, or half of it came."""
    with browser.new_context() as context:
        page = context.new_page()
        page.route("**/oxigraph.wasm", lambda one: one.fulfill(body=b"\0asm", content_type="application/wasm"))
        page.goto(f"{home}sparql.html?query=ASK%20{{}}")
        told = JA["front_failed_engine"].format(about="")
        expect(page.locator("#status")).to_contain_text(told, timeout=PATIENCE)


@bundled
@pytest.mark.parametrize("service", ["SERVICE <http://elsewhere.invalid/>", "?x ?y ?z service ?x"])
@pytest.mark.parametrize("language", ["ja", "en"])
def test_other_endpoints_are_not_asked_from_here(tab: Watched, service: str, language: str) -> None:
    """And that is no slip; a slip in a query that names one is."""
    page = tab.open(f"{'en/' if language == 'en' else ''}sparql.html")
    ask(page, f"SELECT * {{ {service} {{ ?s ?p ?o }} }}")
    expect(page.locator("#status")).to_have_text(locales()[language]["front_failed_service"], timeout=PATIENCE)
    ask(page, f"SELECT * {{ {service} {{ ?s ?p }} }}")
    expect(page.locator("#status")).to_have_text(locales()[language]["front_failed_query"], timeout=PATIENCE)


@bundled
def test_a_long_query_can_be_stopped(tab: Watched) -> None:
    """The worker ends at once, and the next query is answered by a new one."""
    page = tab.open("sparql.html")
    ask(page, "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?c < ?i) }")
    expect(page.locator("#status")).to_have_text(JA["front_step_run"], timeout=PATIENCE)
    page.get_by_role("button", name=JA["front_cancel"]).click()
    expect(page.locator("#status")).to_have_text(JA["front_cancelled"])
    ask(page, "ASK { ?s ?p ?o }")
    assert "true" in answered(page)


@bundled
def test_a_second_city_is_loaded_from_elsewhere_and_compared(
    browser: Browser, home: str, site: Path, tmp_path: Path
) -> None:
    """From the address that the visitor types, and from no other; a query then goes across both."""
    with served(site, tmp_path / "log") as other, browser.new_context() as context:
        elsewhere = f"http://127.0.0.1:{other.host.port}/"
        watched = Watched(context, home, [elsewhere])
        page = watched.open("sparql.html")
        for box in page.locator("input[name=dump]").all()[1:]:
            box.uncheck()
        page.get_by_label(JA["front_other"]).fill(f"{elsewhere}data/jp-452033-nobeoka.nt")
        page.get_by_role("button", name=JA["front_add"]).click()
        query = "PREFIX pledge: <https://w3id.org/pledge-ld/ns#> SELECT ?city (COUNT(?x) AS ?n) "
        query += "{ ?programme pledge:municipality ?city . ?x a pledge:Assessment ; pledge:programme ?programme } "
        ask(page, f"{query} GROUP BY ?city ORDER BY ?city")
        text = answered(page)
        assert "jp/012131" in text
        assert "jp/452033" in text
        assert "jp/372013" not in text
        watched.blameless()


@bundled
def test_a_link_asks_a_third_party_only_when_the_visitor_agrees(
    browser: Browser, home: str, site: Path, tmp_path: Path
) -> None:
    """Whoever sends a link cannot make a browser ask elsewhere; who was sent one sees that it asks for more."""
    with served(site, tmp_path / "log") as other, browser.new_context() as context:
        watched = Watched(context, home, [f"http://127.0.0.1:{other.host.port}/"])
        url = f"http://127.0.0.1:{other.host.port}/data/jp-452033-nobeoka.nt"
        asked: list[str] = []
        context.on("request", lambda one: asked.append(one.url))
        query = "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g"
        left_out = quote(f"{BASE}data/jp-452033-nobeoka")
        page = watched.open(f"sparql.html?query={quote(query)}&without={left_out}&add={url}")
        expect(page.locator("#status")).to_have_text(JA["front_linked"].format(urls=url))
        assert url not in asked
        page.get_by_role("button", name=JA["front_linked_run"]).click()
        expect(page.locator("#answer tbody tr")).to_have_count(5, timeout=PATIENCE)
        assert url in page.inner_text("#answer")
        watched.blameless()


@bundled
def test_back_takes_another_sites_dump_away_again(browser: Browser, home: str, site: Path, tmp_path: Path) -> None:
    """Fails where an answer is over more than its address names; forward needs no second consent of who gave it."""
    with served(site, tmp_path / "log") as other, browser.new_context() as context:
        watched = Watched(context, home, [f"http://127.0.0.1:{other.host.port}/"])
        url = f"http://127.0.0.1:{other.host.port}/data/jp-452033-nobeoka.nt"
        page = watched.open("sparql.html")
        ours = page.locator("input[name=dump]")
        for box in ours.all()[1:]:
            box.uncheck()
        graphs = "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g"
        rows = page.locator("#answer tbody tr")
        ask(page, graphs)
        expect(rows).to_have_count(1, timeout=PATIENCE)
        page.get_by_label(JA["front_other"]).fill(url)
        page.get_by_role("button", name=JA["front_add"]).click()
        ask(page, graphs)
        expect(rows).to_have_count(2, timeout=PATIENCE)
        page.go_back()
        expect(rows).to_have_count(1, timeout=PATIENCE)
        expect(page.locator("#added li")).to_have_count(0)
        page.go_forward()
        expect(rows).to_have_count(2, timeout=PATIENCE)
        expect(page.locator("#added li")).to_have_count(1)
        # A dump that is not loaded unasked, as where a country's are too large together.
        ours.nth(1).evaluate("one => { one.defaultChecked = false; }")
        ours.nth(1).check()
        ask(page, graphs)
        expect(rows).to_have_count(3, timeout=PATIENCE)
        page.go_back()
        expect(rows).to_have_count(2, timeout=PATIENCE)
        page.go_forward()
        expect(rows).to_have_count(3, timeout=PATIENCE)
        expect(ours.nth(1)).to_be_checked()
        watched.blameless()


@bundled
def test_back_and_forward_make_the_page_what_its_address_says(tab: Watched) -> None:
    """Question, choice and answer, through a saved query, one's own and none; an anchor takes nothing away."""
    page = tab.open("sparql.html")
    saved, text, answer = page.locator("#saved"), page.locator("#query"), page.locator("#answer")
    first = text.input_value()
    page.select_option("#saved", "policy_progress")
    expect(text).not_to_have_value(first)
    page.get_by_role("button", name=JA["sparql_ask"]).click()
    assert "policy/1" in answered(page)
    ask(page, "ASK {}")
    expect(answer).to_contain_text("true", timeout=PATIENCE)
    page.go_back()
    expect(answer).to_contain_text("policy/1", timeout=PATIENCE)
    expect(saved).to_have_value("policy_progress")
    page.go_forward()
    expect(answer).to_contain_text("true", timeout=PATIENCE)
    expect(text).to_have_value("ASK {}")
    expect(saved).to_have_value("")
    with page.expect_download() as waiting:
        page.get_by_role("button", name=JA["front_csv"]).click()
    assert waiting.value.suggested_filename == "answer.csv"
    # Two steps at once: what the first asked for comes too late to stand there.
    page.evaluate("history.back(); history.back();")
    page.wait_for_url("**/sparql.html")
    expect(text).to_have_value(first)
    expect(saved).to_have_value("")
    expect(answer).to_be_empty()
    expect(page.locator("#status")).to_be_empty()
    page.wait_for_load_state("networkidle")
    expect(text).to_have_value(first)
    editor = page.get_by_role("textbox", name=JA["front_editor"])
    editor.press("Control+a")
    page.keyboard.insert_text("ASK { # mine")
    page.locator("a.skip").focus()
    page.keyboard.press("Enter")
    expect(text).to_have_value("ASK { # mine")


@bundled
def test_every_saved_query_answers_in_the_browser_as_it_is_published(tab: Watched, site: Path) -> None:
    """Fails when the browser's engine works anything out otherwise than the one that made the site."""
    page = tab.open("sparql.html")
    differing = {}
    for path in sorted((site / "queries").glob("*.csv")):
        page.select_option("#saved", path.stem)
        expect(page.locator("#query")).to_have_value(path.with_suffix(".rq").read_text(encoding="utf-8"))
        page.get_by_role("button", name=JA["sparql_ask"]).click()
        answered(page)
        with page.expect_download() as waiting:
            page.get_by_role("button", name=JA["front_csv"]).click()
        assert waiting.value.suggested_filename == path.name
        ours, theirs = (
            {tuple(cell.removeprefix("'") for cell in row) for row in csv.reader(io.StringIO(text, newline=""))}
            for text in (path.read_text(encoding="utf-8-sig"), waiting.value.path().read_text(encoding="utf-8-sig"))
        )
        if ours != theirs:
            differing[path.stem] = sorted(theirs ^ ours)[:4]
    assert differing == {}


@bundled
def test_a_figure_is_asked_for_by_its_own_address(tab: Watched) -> None:
    """From a figure to its explanation, which opens, and on to the query about this figure and no other."""
    page = tab.open(f"{PROGRAMME}/measures.html")
    page.locator("#measures tbody tr", has_text="Ⅰ-2-1").locator("a.why").first.click()
    expect(page.locator("dl.behind:visible")).to_have_count(1)
    page.get_by_role("link", name=JA["explain_source"]).click()
    text = answered(page)
    assert "jp/012131/2022/measure/1-2-1" in text
    assert "policy/1" not in text
    assert "thing=" in page.url


@bundled
@pytest.mark.parametrize(
    ("query", "answer"),
    [
        ("SELECT (10 - 3 - 1 AS ?x) {}", JA["front_failed_leaning"]),
        ("SELECT ((10 - 3) - 1 AS ?x) {}", "6"),
        ("SELECT ?s FROM <https://w3id.org/pledge-ld/data/jp-452033-nobeoka> { ?s a ?t } LIMIT 1", "jp-452033"),
        ("SELECT ?s FROM <http://nowhere.invalid/> { ?s ?p ?o }", JA["rows"].format(n="0")),
        ("SELECT * { VALUES ?x { <<( <a:b> <a:c> 1 )>> } }", "<<( a:b a:c 1 )>>"),
        ("DESCRIBE <https://w3id.org/pledge-ld/jp/012131>", "苫小牧市"),
        ("CONSTRUCT { <a:b> <a:c> <a:silent> } { SERVICE SILENT <http://elsewhere.invalid/> {} }", "<a:silent>"),
    ],
)
def test_what_is_asked_is_what_is_answered(tab: Watched, query: str, answer: str) -> None:
    """Fails where the engine would answer another question than the one that stands there."""
    page = tab.open("sparql.html")
    ask(page, query)
    expect(page.locator("#workbench")).to_contain_text(answer, timeout=PATIENCE)


@bundled
def test_the_answer_is_that_of_the_last_question(tab: Watched) -> None:
    """Who asks again while a query runs does not get its answer, nor one that nothing stops."""
    page = tab.open("sparql.html")
    ask(page, "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?c < ?i) }")
    expect(page.locator("#status")).to_have_text(JA["front_step_run"], timeout=PATIENCE)
    ask(page, "SELECT (7 AS ?seven) {}")
    assert "seven" in answered(page)
    expect(page.get_by_role("button", name=JA["front_cancel"])).to_be_hidden()


@bundled
def test_an_old_filter_hides_nothing_unseen(tab: Watched) -> None:
    """A value that nothing has, from an old address or another language's, is no condition."""
    page = tab.open(f"{LIST}?policy=nonsense&stars=99&status=%00&note=xyz&sort=nonsense")
    assert len(shown(page)) == 50
    page = tab.open(f"{LIST}?stars=7&sort=-policy&policy=nonsense")
    some = shown(page)
    assert 0 < len(some) < 50
    page.locator('header a[hreflang="en"]').click()
    assert sorted(shown(page)) == sorted(some)


@bundled
@pytest.mark.parametrize("word", ["丘・錦", "プ&ビルド", "Ⅰ-2-1", "1-2-1", "行革", "不確か"])
def test_what_the_table_shows_is_found(tab: Watched, word: str) -> None:
    """Across signs too, and in what is no title."""
    page = tab.open(f"{LIST}?q={quote(word)}")
    assert 0 < len(shown(page)) < 50


@bundled
@pytest.mark.parametrize(
    ("typed", "number"),
    [("Ⅰ-1-1", "Ⅰ-1-1"), ("Ⅱ-1-1", "Ⅱ-1-1"), ("ⅲ－１－１", "Ⅲ-1-1"), ("I-1-1", "Ⅰ-1-1"), ("ii-1-1", "Ⅱ-1-1")],
)
def test_a_roman_number_finds_itself_alone(tab: Watched, typed: str, number: str) -> None:
    """Fails where Ⅰ is found in Ⅱ, as a part of it, however either is written."""
    assert shown(tab.open(f"{LIST}?q={quote(typed)}")) == [number]
    of_policy = shown(tab.open(f"{LIST}?q={quote(number[0])}"))
    assert of_policy
    assert {one[0] for one in of_policy} == {number[0]}


@bundled
def test_a_phone_sorts_too(tab: Watched) -> None:
    """Where the heads of the columns have no room, a list of them sorts."""
    page = tab.open(LIST)
    expect(page.get_by_label(JA["front_sort"])).to_be_hidden()
    page.set_viewport_size({"width": 390, "height": 800})
    before = shown(page)
    page.get_by_label(JA["front_sort"]).select_option("-number")
    assert shown(page) == before[::-1]


@bundled
def test_the_columns_have_heads_wherever_there_are_columns(tab: Watched) -> None:
    """On a sheet of paper and a small tablet too, between what a phone and a desk are wide."""
    page = tab.open(LIST)
    for width, medium in ((1440, "screen"), (700, "screen"), (700, "print"), (641, "screen")):
        page.emulate_media(media="print" if medium == "print" else "screen")
        page.set_viewport_size({"width": width, "height": 900})
        for head in page.locator("#measures thead th").all():
            expect(head.get_by_role("button")).to_be_visible()


def test_the_other_language_is_the_same_page(tab: Watched) -> None:
    """Who changes the language stays where they are, and comes back."""
    page = tab.open(f"{PROGRAMME}/measure/1-2-1.html")
    page.locator('header a[hreflang="en"]').click()
    assert page.url == f"{tab.home}en/{PROGRAMME}/measure/1-2-1.html"
    assert page.locator("html").get_attribute("lang") == "en"
    page.locator('header a[hreflang="ja"]').click()
    assert page.url == f"{tab.home}{PROGRAMME}/measure/1-2-1.html"


@bundled
def test_the_keyboard_is_enough(tab: Watched) -> None:
    """Past the head to the list, through its filters, and out of the editor again."""
    page = tab.open(LIST)
    page.keyboard.press("Tab")
    expect(page.locator("a.skip")).to_be_focused()
    page.keyboard.press("Enter")
    search = page.get_by_label(JA["front_search"])
    for _ in range(6):
        page.keyboard.press("Tab")
        if search.evaluate("one => one === document.activeElement"):
            break
    page.keyboard.insert_text("子育て")
    assert 0 < len(shown(page)) < 50
    page = tab.open("sparql.html")
    editor = page.get_by_role("textbox", name=JA["front_editor"])
    editor.focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name=JA["sparql_ask"])).to_be_focused()
    page.keyboard.press("Enter")
    answered(page)


def test_without_javascript_every_fact_is_there(browser: Browser, home: str) -> None:
    """Reduced, and whole: the list with its texts, a query's answer, and where to go instead."""
    with browser.new_context(java_script_enabled=False) as context:
        watched = Watched(context, home)
        page = watched.open(LIST)
        assert page.locator("#measures tbody tr").count() == 50
        assert "ゼロカーボン" in page.content()
        assert "59.2" in watched.open("queries/overall_mean_of_policies.html").content()
        page = watched.open("sparql.html")
        expect(page.get_by_role("link", name=JA["front_answers"])).to_be_visible()
        expect(page.locator("#workbench")).to_be_hidden()
        watched.blameless()


def _keep(sent: list[Request], one: Request) -> None:
    sent.append(one)


def test_a_first_view_is_small(browser: Browser, home: str, site: Path) -> None:
    """With everything that the page loads, as it is sent: 100 kB on a phone are half a second."""
    heavy = {}
    for path in kinds(site).values():
        if path == "sparql.html":
            continue
        with browser.new_context() as context:
            page = context.new_page()
            sent: list[Request] = []
            page.on("requestfinished", partial(_keep, sent))
            page.goto(f"{home}{path}")
            size = sum(one.sizes()["responseBodySize"] for one in sent)
            if size > MOST_BYTES:
                heavy[path] = size
    assert heavy == {}
