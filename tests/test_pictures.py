"""The pictures: as many marks as rows, as long as the figures say, each with its words, its table and its CSV."""

from __future__ import annotations

import csv
import re
from html.parser import HTMLParser
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, ClassVar
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pledge_ld.config import load as load_config
from pledge_ld.query import load
from pledge_ld.site import LANGUAGES, Page, Renderer
from pledge_ld.site.item import ItemView, Ref
from pledge_ld.site.pictures import ASKED, Drawn, Heat, Picture, lines_of, place
from pledge_ld.site.pictures.drawn import LINES, WIDTH, end_of
from pledge_ld.site.pictures.history import histories
from pledge_ld.site.pictures.progress import latest
from pledge_ld.site.pictures.responsible import SHADES, shade

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Run

SVG = re.compile(r'<svg role="img".*?</svg>(?=\n<p)', re.DOTALL)
HOSTILE = '</text></svg><script>alert("1")</script>&amp;'
SHOWN = re.compile(r'<figure class="picture (\w+)" id="([^"]+)">(.*?)</figure>', re.DOTALL)


@pytest.fixture(scope="module")
def renderer(root: Path) -> Renderer:
    """The templates as a build has them."""
    return Renderer(load_config(root / "data"))


def drawn(renderer: Renderer, picture: Picture, language: str = "ja") -> str:
    """The figure of a picture alone."""
    template = renderer.environment.from_string('{% include "pictures/all.html" %}')
    page = Page("jp/1", "", {"ja": "x"}, {})
    context: dict[str, Any] = {
        "page": page, "lang": language, "t": renderer.strings[language], "root": "../", "tree": "../",
        "label": lambda text: text.get(language, text.get("ja", "")), "marked": str, "quoting": str,
        "tongue": lambda _: "", "why": lambda row: row.id,
    }  # fmt: skip
    return template.render(context, pictures=[picture])


def bars(figures: list[str], text: str = "まち") -> Picture:
    """A picture of policies with these percents."""
    most = end_of(figures)
    rows = tuple(
        Drawn(f"jp/1/policy/{number}", str(number), {"ja": text, "en": text}, one, place(one, most))
        for number, one in enumerate(figures, 1)
    )
    return Picture("p", "bars", "policies", "policy_progress", "2024-03-31", most, rows, {})


def strip(figures: list[str]) -> Picture:
    """A picture of pledges, each with an interval of ten percent from its figure."""
    rows = tuple(
        Drawn("jp/1/pledge/1", "1", {"ja": "公"}, one, place(one, 100), one, "", place(one, 100), 100.0)
        for one in figures
    )
    return Picture("p", "strip", "pledges", "pledge_progress", "2024-03-31", 100, rows, {})


def counts(numbers: list[int]) -> Picture:
    """A picture of levels."""
    most = float(max([1, *numbers]))
    rows = tuple(Drawn("", "", {"ja": "段"}, str(one), place(str(one), most), origin="Computed") for one in numbers)
    return Picture(
        "p", "levels", "levels_Computed", "level_counts", "2024-03-31", most, rows, {"total": "9"}, {"ja": "件"}
    )


def marks(figure: str, tag: str, css: str) -> list[ET.Element]:
    """What a class draws, of an SVG that is read as XML."""
    found = SVG.search(figure)
    assert found
    tree = ET.fromstring(found[0])  # noqa: S314 - our own
    return [one for one in tree.iter(tag) if one.get("class") == css]


def share(text: str | None) -> float:
    """A length in percent."""
    assert text
    return float(text.removesuffix("%"))


class TestLengths:
    """What is drawn is as long as the figure is great."""

    @settings(deadline=None, max_examples=40)
    @given(st.lists(st.decimals(0, 180, places=1).map(str), min_size=1, max_size=12))
    def test_bars_are_proportional(self, renderer: Renderer, figures: list[str]) -> None:
        """Fails where a bar is missing, or longer than its figure."""
        found = marks(drawn(renderer, bars(figures)), "rect", "Published")
        assert len(found) == len(figures)
        for one, figure in zip(found, figures, strict=True):
            assert share(one.get("width")) == pytest.approx(float(figure) * 100 / end_of(figures), abs=0.01)

    @settings(deadline=None, max_examples=40)
    @given(st.lists(st.integers(0, 10_000), min_size=1, max_size=12))
    def test_counts_are_proportional(self, renderer: Renderer, numbers: list[int]) -> None:
        """Fails where two equal counts have bars of different length, or a greater one a shorter."""
        lengths = [share(one.get("width")) for one in marks(drawn(renderer, counts(numbers)), "rect", "Computed")]
        assert len(lengths) == len(numbers)
        assert min(lengths) >= 0
        for one, number in zip(lengths, numbers, strict=True):
            assert one == pytest.approx(number * max(lengths) / max([1, *numbers]), abs=0.02)

    @pytest.mark.parametrize("size", [1, 2, 200])
    def test_every_item_is_drawn(self, renderer: Renderer, size: int) -> None:
        """Fails where a long strip is cut off, or one item is none."""
        figure = drawn(renderer, strip([str(one % 101) for one in range(size)]))
        assert len(marks(figure, "circle", "Published")) == size
        assert len(marks(figure, "rect", "Computed")) == size
        assert figure.count('<th scope="row">') == size
        height = re.search(r'height="(\d+)"', figure)
        assert height
        assert int(height[1]) > size * 20

    def test_no_item_is_no_picture(self, renderer: Renderer) -> None:
        """Fails where an empty figure is left on a page."""
        template = renderer.environment.from_string('{% include "pictures/all.html" %}')
        assert template.render(pictures=[]).strip() == ""

    @settings(deadline=None, max_examples=40)
    @given(st.decimals(-10, 500, places=2).map(str), st.floats(1, 500))
    def test_nothing_leaves_the_picture(self, figure: str, most: float) -> None:
        """Fails where a size is negative or passes the axis."""
        at = place(figure, most)
        assert at is not None
        assert 0 <= at <= 100

    @settings(deadline=None, max_examples=40)
    @given(st.integers(0, 50), st.integers(1, 50))
    def test_shades(self, count: int, most: int) -> None:
        """Fails where some has the shade of none."""
        assert 0 <= shade(min(count, most), most) <= SHADES
        assert (shade(count, most) == 0) == (count == 0)


class TestWords:
    """What a picture says in words."""

    @pytest.mark.parametrize("picture", [bars(["54"], HOSTILE), bars([])], ids=["hostile", "none"])
    def test_labels_are_escaped(self, renderer: Renderer, picture: Picture) -> None:
        """Fails where a label ends the picture or begins a script."""
        figure = drawn(renderer, picture)
        assert "<script" not in figure
        assert not [one for one in figure.split("<svg")[1:] if "style=" in one]

    @settings(deadline=None, max_examples=40)
    @given(st.text(st.characters(categories=("L", "N", "P", "Zs")), max_size=200))
    def test_lines_fit(self, text: str) -> None:
        """Fails where a line is wider than a telephone, or letters get lost without an ellipsis."""
        found = lines_of(text)
        assert 1 <= len(found) <= LINES
        if not found[-1].endswith("…"):
            assert "".join("".join(found).split()) == "".join(text.split())

    def test_a_word_is_not_broken(self) -> None:
        """Fails where English is broken inside a word."""
        assert lines_of("Advance administrative reform and build a town", 20) == (
            "Advance",
            "administrative reform…",
        ) or (lines_of("Advance administrative reform and build a town", 24)[0] == "Advance administrative")
        assert WIDTH > 2

    def test_a_golden(self, renderer: Renderer) -> None:
        """Fails where the markup of a small picture changes: look at it, and write it anew only if it is meant."""
        found = SVG.search(drawn(renderer, bars(["62"], "行革を進める")))
        assert found
        assert [one for one in found[0].splitlines() if one and "<line" not in one] == [
            '<svg role="img" aria-labelledby="p-t p-d" width="100%" height="72">',
            '<title id="p-t">基本政策ごとの進捗状況 (評価時点 2024-03-31)</title>',
            '<desc id="p-d">報告書に印刷された%です。縦の線は、公約の%から計算し直した値です。 1: 62%</desc>',
            '<text class="label" x="0" y="13">1 行革を進める</text>',
            '<rect class="track" x="0" y="20" width="100%" height="22"/>',
            '<rect class="Published" x="0" y="20" width="62.0%" height="22"/>',
            '<text class="in" x="62.0%" dx="-8" y="36">62%</text>',
            "</svg>",
        ]

    def test_departments(self, renderer: Renderer) -> None:
        """Fails where the map of departments says another number than the query."""
        rows = (Heat("jp/1/department/a", {"ja": HOSTILE}, ((3, 5), (0, 0))),)
        head = [("jp/1/policy/1", "Ⅰ", {"ja": "甲"}), ("jp/1/policy/2", "", {"ja": "乙"})]
        said = {"departments": "1", "most": "3"}
        figure = drawn(renderer, Picture("d", "heat", "departments", "department_policies", "", 3, (head, rows), said))
        assert '<td class="h5">3</td><td class="h0">·</td>' in figure
        assert "<script" not in figure


class TestGrades:
    """A grade stands for an interval: who says so is said, in words and by what is drawn."""

    SCALE: ClassVar = "data/jp-012131-tomakomai/scales/ten-step.csv"

    @pytest.fixture(params=["inferred", "published"])
    def site(self, request: pytest.FixtureRequest, workspace: Path, cli: Callable[..., Run]) -> tuple[Path, str]:
        """Tomakomai as it is, its intervals inferred from its stars, or with a scale that prints them."""
        path = workspace / self.SCALE
        origin = str(request.param)
        path.write_text(path.read_text(encoding="utf-8").replace(",inferred", f",{origin}"), encoding="utf-8")
        run = cli(workspace, "build", "--out", "site", "--compress", "none")
        assert run.code == 0, run.err
        return workspace / "site", origin

    def test_the_origin_of_an_interval_is_its_scale(self, site: tuple[Path, str]) -> None:
        """Fails where an interval that nobody printed is said or drawn as printed, or a printed one as inferred."""
        root, origin = site
        said = {"inferred": "as inferred by us", "published": "as printed"}[origin]
        drawn_as = {"inferred": "Inferred", "published": "Published"}[origin]
        measure = (root / "en/jp/012131/2022/measure/1-1-1.html").read_text(encoding="utf-8")
        assert f'<desc id="line-d">Printed: 7 of 10; at least 70, below 80 percent, {said}</desc>' in measure
        assert f'<td data-label="Means">at least 70, below 80 percent, {said}' in measure
        assert f'<rect class="{drawn_as}" x="70.0%" y="1" width="10.0%" height="18"/>' in measure
        pledge = (root / "en/jp/012131/2022/pledge/1-1.html").read_text(encoding="utf-8")
        [strip] = [inside for _, id_, inside in SHOWN.findall(pledge) if id_ == "picture-measures"]
        assert set(re.findall(r'<rect class="(\w+)"', strip)) == {drawn_as}
        assert f"★7 (at least 70, below 80 percent, {said})" in strip
        legend = strip.partition('<p class="legend">')[2]
        assert "★ = Printed" in legend
        assert f'<span class="key {drawn_as}">Interval that the grade stands for' in legend
        assert legend.count('class="key') == 1
        # Where there are no stars the interval itself is the figure: on the picture it has no room for words.
        damaged = (root / "en/jp/012131/2022/pledge/3-3.html").read_text(encoding="utf-8")
        assert re.search(r'<text class="value end"[^>]*>50–70% \?</text>', damaged)

    @pytest.mark.parametrize("origin", ["Inferred", "Published"])
    def test_the_highest_grade_is_seen(self, renderer: Renderer, origin: str) -> None:
        """Fails where ten stars, at least 100 percent with no upper end, are drawn as nothing."""
        row = Drawn(
            "jp/1/measure/1", "1", {"ja": "施"}, "10", None, "100", "", 100.0, 100.0, interval_shown=origin,
            interval_origin=origin,
        )  # fmt: skip
        picture = Picture("p", "strip", "measures", "measure_progress", "2024-03-31", 100, (row,), {})
        [mark] = marks(drawn(renderer, picture), "rect", origin)
        assert mark.get("x") == "100.0%"
        assert float(str(mark.get("width"))) > 0
        score = SimpleNamespace(
            percent="", stars=10, low="100", high="", origin="Published", interval_origin=origin, interval_shown=origin
        )
        item = SimpleNamespace(adopted=score, printed=None)
        template = renderer.environment.from_string('{% include "pictures/line.html" %}')
        line = template.render(item=item, t=renderer.strings["ja"], marked=str)
        mark = [one for one in ET.fromstring(line) if one.tag == "rect"][-1]  # noqa: S314 - our own
        assert mark.get("class") == origin
        assert mark.get("x") == "100.0%"
        assert float(str(mark.get("width"))) > 0


class TestHistory:
    """Two dates are a history, if they are on one scale."""

    ITEM: ClassVar = ItemView(Ref("jp/1/2022", "", "", {"ja": "公約"}), "Programme", "2022", [], [], [])
    SCALES: ClassVar = {one: Ref(one, "", "", {"ja": one}) for one in ("old", "new")}

    def rows(self, *figures: tuple[str, str, str]) -> dict[str, list[dict[str, str]]]:
        """Answers to the query of histories."""
        return {
            "score_history": [
                {
                    "thing": "jp/1/2022",
                    "scale": scale,
                    "as_of": day,
                    "assessment": day,
                    "figure": percent,
                    "unit": "percent",
                }
                for scale, day, percent in figures
            ]
        }

    def test_two_dates(self, renderer: Renderer) -> None:
        """Fails where two dates are not joined, or stand elsewhere than they lie in time."""
        answers = self.rows(("old", "2022-03-31", "20"), ("old", "2023-03-31", "40"), ("old", "2025-03-31", "80"))
        (found,) = histories(answers, self.ITEM, self.SCALES)
        assert [one.mark for one in found.rows] == [0.0, 33.3, 100.0]
        figure = drawn(renderer, found)
        assert len(marks(figure, "line", "joined")) == 2
        assert len(marks(figure, "circle", "Published")) == 3

    def test_two_scales_are_never_joined(self) -> None:
        """Fails where a figure on one scale is joined with one on another."""
        assert (
            histories(self.rows(("old", "2022-03-31", "20"), ("new", "2023-03-31", "40")), self.ITEM, self.SCALES) == []
        )
        answers = self.rows(*((scale, f"{year}-03-31", "20") for scale in ("old", "new") for year in (2022, 2023)))
        assert [one.about for one in histories(answers, self.ITEM, self.SCALES)] == [{"ja": "new"}, {"ja": "old"}]

    def test_another_programme_is_another_history(self) -> None:
        """Fails where the figures of two programmes stand in one picture."""
        answers = self.rows(("old", "2022-03-31", "20"), ("old", "2023-03-31", "40"))
        answers["score_history"][1]["thing"] = "jp/1/2026"
        assert histories(answers, self.ITEM, self.SCALES) == []


class TestPairs:
    """What the page of comparisons draws."""

    def test_only_allowed_pairs_are_drawn(self, site: Path) -> None:
        """Fails where two figures stand in one picture that the rules keep apart, or an allowed pair is not drawn."""
        page = (site / "compare.html").read_text(encoding="utf-8")
        for item in page.split('<li id="')[1:]:
            allowed = 'class="pair allowed"' in item
            for _, _, inside in SHOWN.findall(item):
                assert allowed, item[:100]
                assert len(re.findall(r'<rect class="(?:Published|Computed)"', inside)) == 2
        assert page.count('class="pair allowed"') == len(SHOWN.findall(page)) > 0


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


class TestPages:
    """The pictures on the pages of all cities."""

    def test_every_picture_is_complete(self, site: Path) -> None:
        """Fails where a picture has no title, description, table, CSV or query, in one of the languages."""
        kinds = set()
        for path in sorted(site.rglob("*.html")):
            for kind, id_, inside in SHOWN.findall(path.read_text(encoding="utf-8")):
                kinds.add(kind)
                assert "<figcaption>" in inside, path
                if '<p class="none">' in inside and kind == "term":
                    continue
                assert "<table" in inside, path
                assert re.search(r'href="[./]*queries/\w+\.csv"', inside), path
                assert re.search(r'href="[./]*(?:en/)?queries/\w+\.html"', inside), path
                if kind == "heat":
                    assert "<caption>" in inside
                    continue
                assert f'<svg role="img" aria-labelledby="{id_}-t {id_}-d"' in inside, path
                assert re.search(rf'<title id="{id_}-t">[^<]+</title>', inside), path
                assert re.search(rf'<desc id="{id_}-d">[^<]+</desc>', inside), path
                assert "<details><summary>" in inside, path
        assert kinds == {"bars", "strip", "term", "levels", "heat", "history"}

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_the_answer_is_what_is_drawn(self, site: Path, language: str) -> None:
        """Fails where a picture shows another figure than the CSV to which it links."""
        tree = site if language == LANGUAGES[0] else site / language
        with (site / "queries/policy_progress.csv").open(encoding="utf-8", newline="") as file:
            rows = latest([one for one in csv.DictReader(file) if "/jp/012131/" in one["policy"]])
        page = (tree / "jp/012131/2022.html").read_text(encoding="utf-8")
        found = next(inside for kind, _, inside in SHOWN.findall(page) if kind == "bars")
        assert re.findall(r'<text class="in"[^>]*>([^<]+)<', found) == [f"{one['printed']}%" for one in rows]

    def test_every_figure_explains_itself(self, site: Path) -> None:
        """Fails where a figure that has a node of its own is in a table without the way to its explanation."""
        page = (site / "jp/012131/2022.html").read_text(encoding="utf-8")
        for kind, _, inside in SHOWN.findall(page):
            rows = re.findall(r'<td class="num">(.+?)</td>', inside)
            assert kind == "term" or any('class="why"' in one for one in rows)
            assert kind in {"term", "levels"} or all('class="why"' in one for one in rows if "<" in one)

    def test_ids_are_unique(self, site: Path) -> None:
        """Fails where two pictures of a page share an anchor, so that one describes the other."""
        for path in sorted(site.glob("**/*.html")):
            text = path.read_text(encoding="utf-8")
            if '<figure class="picture' in text:
                reader = _Text()
                reader.feed(text)
                ids = [attrs["id"] for _, attrs in reader.tags if "id" in attrs]
                assert len(ids) == len(set(ids)), path
                assert not [tag for tag, attrs in reader.tags if "style" in attrs], path

    def test_classes_have_their_rules(self, site: Path) -> None:
        """Fails where a figure is written without a rule for its colour: nobody would see it in the dark."""
        rules = (site / "static/pictures.css").read_text(encoding="utf-8")
        for name in ("in", "label", "tick", "Published", "Computed", "Inferred", "unknown", "track", "joined"):
            assert re.search(rf"\.picture \.{name}\b", rules), name

    def test_what_is_asked_is_saved(self) -> None:
        """Fails where a picture asks for a query that was renamed."""
        assert set(ASKED) <= load().keys()
