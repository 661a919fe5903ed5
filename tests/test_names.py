"""Names at the edge: what could meet another on a file system, in a URL or with a name of ours is refused."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pledge_ld.importers import starter
from pledge_ld.problem import PledgeError
from pledge_ld.publish import STATE
from pledge_ld.query import load
from pledge_ld.read import PARSERS, read_data
from pledge_ld.read.names import (
    BESIDE_PROGRAMMES,
    MAX_CODE,
    MAX_ID,
    MAX_PATH,
    PAGE,
    ROOT,
    WINDOWS,
    folded,
    is_portable,
)
from pledge_ld.record import TABLES
from pledge_ld.site import LANGUAGES
from pledge_ld.term import BASE, Minter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from conftest import Run

    Cli = Callable[..., Run]

CITY = "data/jp-012131-tomakomai"
NAMES = {"id": "", "ids": "a;", "level": "", "thing": "measure/", "item": "pledge/", "things": "policy/"}
"""The kinds of cell that hold ids, and what stands before the id."""

HOSTILE = {
    "a capital": "A",
    "a capital that lower case makes ASCII": "\u212a",
    "a letter that capitals make ASCII": "\u0131",
    "composed": "caf\u00e9",
    "decomposed": "cafe\u0301",
    "a ligature": "\ufb01",
    "a wide letter": "\uff41",
    "a wide digit": "\uff11",
    "Japanese": "施策",
    "a letter that turns the text around": "a\u202eb",
    "nothing that can be seen": "a\u200bb",
    "a device of Windows": "con",
    "a numbered device of Windows": "com0",
    "the page of a folder": "index",
    "a folder that a server hides": "bin",
    "too long": "a" * (MAX_ID + 1),
    "longer than a file system takes": "a" * 256,
    "a hyphen in front": "-a",
    "a hyphen at the end": "a-",
    "two hyphens": "a--b",
    "an underscore": "a_b",
    "an ending": "a.ttl",
    "a dot at the end": "a.",
    "the folder above": "..",
    "a path": "a/b",
    "a path of Windows": "a\\b",
    "a fragment": "a#b",
    "a query": "a?b",
    "an escape": "a%41",
    "a space": "a b",
    "a space at the end": "a ",
    "a line's end": "a\n",
    "nothing": "",
}


def parsed(kind: str, text: str) -> bool:
    """Whether a cell of the kind may hold the text."""
    try:
        PARSERS[kind].parse(text)
    except ValueError:
        return False
    return True


class TestRefused:
    """Every hostile name in every kind of record."""

    @pytest.mark.parametrize("name", HOSTILE)
    @pytest.mark.parametrize("kind", NAMES)
    def test_a_hostile_id(self, kind: str, name: str) -> None:
        """Fails when such an id becomes an address that another id, a file system or a server takes for its own."""
        assert parsed(kind, f"{NAMES[kind]}b")
        # "a#b" is no thing either: what may follow a thing is a score or an action.
        assert not parsed(kind, NAMES[kind] + HOSTILE[name])

    @pytest.mark.parametrize("name", HOSTILE)
    @pytest.mark.parametrize("kind", ["programme", "country", "code", "date", "month", "file", "lines", "sources"])
    def test_a_hostile_name_elsewhere(self, kind: str, name: str) -> None:
        """Fails when a folder, a date or a line brings such a name into a path or an address."""
        whole = {
            "date": "2024-03-{}",
            "month": "2024-{}",
            "file": "source/{}",
            "lines": "2024-03-{}#L1",
            "sources": "2022/2024-03-{}#L1",
        }.get(kind, "{}")
        fine = {"a capital", "an underscore", "two hyphens", "an ending", "a hyphen at the end"}
        # What a record points at in source/ becomes no address: capitals and endings are its own.
        fine |= {"the page of a folder", "a folder that a server hides", "too long"}
        accepted = parsed(kind, whole.format(HOSTILE[name]))
        assert accepted == (kind == "file" and name in fine)

    @pytest.mark.parametrize(
        ("kind", "text"),
        [
            *(("programme", one) for one in sorted(BESIDE_PROGRAMMES | {"source", "scales"})),
            *(("country", one) for one in sorted(ROOT)),
            *(("level", one) for one in sorted(PAGE)),
            ("country", "jpn"),
            ("code", "a" * (MAX_CODE + 1)),
            ("code", "a-b"),
            ("file", "source/AUX.txt"),
            ("file", "sources/a.txt"),
            ("item", "measure/1#score"),
            ("item", "measure/1#action-1"),
            ("thing", "measure/1#note-1"),
            ("month", "２０２４-05"),
            ("lines", "２０２４-03-31#L4"),
            ("lines", "2024-02-30#L4"),
            ("lines", "L1234567890"),
            ("sources", "con/2024-03-31#L4"),
            ("sources", "2022/2024-02-30#L4"),
            ("curie", "nobody:stars"),
            ("url", "https://[example"),
            ("url", "https://example.org/%zz"),
            ("url", "https://example.org/\u202e"),
        ],
    )
    def test_a_name_of_ours(self, kind: str, text: str) -> None:
        """Fails when a record takes a place of the site's own, or what is no address ends a build in a traceback."""
        assert not parsed(kind, text)

    def test_every_column_that_holds_a_name_has_such_a_kind(self) -> None:
        """Fails when a new column becomes part of an address and no test here knows its kind."""
        named = (
            "id",
            "country",
            "code",
            "thing",
            "measure",
            "pledge",
            "policy",
            "level",
            "scale",
            "mayor",
            "programme",
        )
        kinds = {one.kind for table in TABLES for one in table.columns() if one.name in named or "id" in one.kind}
        assert kinds <= NAMES.keys() | {"country", "code"}

    @pytest.mark.parametrize("name", ["department", "Series", "2022.1", "con", "２０２２", "a" * 65])
    def test_a_programmes_folder(self, name: str, workspace: Path, cli: Cli) -> None:
        """Fails when a folder's name is published as a programme's address without being looked at."""
        (workspace / CITY / "2022").rename(workspace / CITY / name)
        run = cli(workspace, "validate", "data")
        assert run.code == 1
        assert f"{CITY}/{name}: folder name: expected an id of a-z" in run.out
        assert "[cell-programme]" in run.out
        assert "期待: a-z・0-9" in run.out

    @pytest.mark.parametrize("names", [("Report.txt", "report.txt"), ("cafe\u0301.txt", "caf\u00e9.txt")])
    def test_two_files_that_some_systems_take_for_one(self, names: tuple[str, str], workspace: Path, cli: Cli) -> None:
        """Fails when a copy of the records on another system loses one of two files in silence."""
        for one in names:
            (workspace / CITY / "source" / one).write_text("x", encoding="utf-8")
        run = cli(workspace, "validate", "data")
        assert run.code == 1
        (found,) = (one for one in run.out.splitlines() if "[file-name]" in one)
        assert f"{CITY}/source/{max(names)}: file name: expected names that differ by more" in found
        assert min(names) in found

    @pytest.mark.parametrize("name", ["aux.pdf", "a:b.pdf", "a.", "a\u200bb.pdf"])
    def test_a_file_that_some_systems_cannot_hold(self, name: str, workspace: Path, cli: Cli) -> None:
        """Fails when records are accepted that nobody can check out on Windows."""
        (workspace / CITY / "source" / name).write_text("x", encoding="utf-8")
        run = cli(workspace, "validate", "data")
        assert run.code == 1
        assert "file name: expected a name that every system can hold" in run.out
        assert run.out.replace("\n", "").isprintable()

    def test_a_citys_folder_that_is_too_long(self, workspace: Path, cli: Cli) -> None:
        """Fails when the dumps, which have the folder's name, cannot be copied everywhere."""
        (workspace / CITY).rename(workspace / f"{CITY}-{'x' * MAX_ID}")
        run = cli(workspace, "validate", "data")
        assert run.code == 1
        assert "[folder-name]" in run.out

    @pytest.mark.parametrize("name", ["index", "inferred", "Mean", "a-b", "a__b", "con", "a" * 65, "平均"])
    def test_a_querys_name(self, name: str, tmp_path: Path) -> None:
        """Fails when a query's page takes the list's place, or its scores the address of the inferred ones."""
        (tmp_path / f"{name}.rq").write_text("", encoding="utf-8")
        with pytest.raises(PledgeError, match=r"\[query-name\]"):
            load(folder=tmp_path)

    @pytest.mark.parametrize("term", ["../../etc", "", "A", "department", "con", "a" * 65, "source"])
    def test_a_new_citys_term(self, term: str, workspace: Path, cli: Cli) -> None:
        """Fails when ``pledge-ld new`` makes what the next command refuses, or writes outside its folder."""
        before = sorted(workspace.rglob("*"))
        run = cli(workspace, "new", "012025", "hakodate", "--term", term)
        assert run.code == 2
        assert "--term: expected an id" in run.err
        assert sorted(workspace.rglob("*")) == before

    @pytest.mark.parametrize("name", ["Hakodate", "函館", "a" * 55, "../x", ""])
    def test_a_new_citys_name(self, name: str, workspace: Path, cli: Cli) -> None:
        """Fails when ``pledge-ld new`` makes a folder that the reader refuses."""
        run = cli(workspace, "new", "012025", name)
        assert run.code == 2
        assert "name: expected a-z" in run.err

    def test_a_new_citys_longest_name(self) -> None:
        """Fails when ``pledge-ld new`` is stricter than the reader."""
        assert starter.files("012025", "a" * 54, "a" * MAX_ID)


# What is accepted never meets anything


ALPHABET = st.sampled_from("aAbz019--__..//#%\u212a\u0131\u00e9\u0301\ufb01\uff11 \n")
anything = st.text(ALPHABET, min_size=1, max_size=8) | st.text(min_size=1, max_size=4)
MINT = Minter(BASE, "jp", "012131")


@given(st.lists(anything, min_size=2, max_size=6, unique=True))
@example(["con", "CON", "cOn"])
@example(["k", "\u212a", "K"])
@example(["e\u0301", "\u00e9"])
def test_accepted_names_stay_apart_on_every_file_system(names: list[str]) -> None:
    """Two ids that a file system takes for one would be one file for two things."""
    accepted = [one for one in names if parsed("id", one)]
    assert len({folded(one) for one in accepted}) == len(accepted)
    for one in accepted:
        assert one == unicodedata.normalize("NFC", one) == unicodedata.normalize("NFD", one) == folded(one)
        assert is_portable(one)
        assert MINT.thing("2022", f"measure/{one}") == f"<{BASE}jp/012131/2022/measure/{one}>"


@given(st.text(max_size=6), st.text(max_size=6))
@example("Ǆ", "ǆ")
@example("ẞ", "ss")
def test_folded_names_are_those_that_no_system_mixes_up(one: str, other: str) -> None:
    """What is the same in any case and any normal form must be the same when folded."""
    forms = {unicodedata.normalize(form, text) for form in ("NFC", "NFD") for text in (one, one.casefold())}
    assert {folded(text) for text in forms} == {folded(one)}
    if one.casefold() == other.casefold():
        assert folded(one) == folded(other)


# A whole city of such names

LONG = "a" * MAX_ID
PROGRAMMES = (LONG, "report", "policy", "data")
CODE = "9" * MAX_CODE
FOLDER = f"jp-{CODE}-{'x' * (MAX_ID - 4 - MAX_CODE)}"
OURS = ("policy", "pledge", "measure", "report", "programme", "summary", "detail", "place", "period", "provenance")
IDS = (LONG, "1", "1-1", "l1", "score-2024-03-31", "note-1", "count-1", "data", "all", "queries", "en", "static", *OURS)
"""Ids that are accepted: the longest, and every name of ours that only looks as if it were in the way."""


def table(columns: str, rows: Iterable[str]) -> str:
    """A CSV file."""
    return "\n".join([columns, *rows]) + "\n"


def edge_city(data: Path) -> None:
    """Writes a city all of whose names are at the edge: each id above as every kind of record."""
    city = data / FOLDER
    sources = 'sources = ["https://example.org/"]\n'
    title = 'title_ja = "例"\ntitle_en = "Example"\n'
    line = "2024-03-31#L1"
    programme = "".join(f'rounding_{one} = "none"\n' for one in ("measure", "pledge", "policy", "overall"))
    report = (
        f'{title}published = "2024-05"\nscale = "{LONG}"\nassessors = ["city"]\ngraded = "measure"\nunit_ja = "施策"\n'
        f'unit_en = "measures"\nitem_count = {len(IDS)}\nsource = "source/R.txt"\nsource_lines = ["L1"]\n'
    )
    level = "id,order,label_ja,label_en,definition_ja,definition_en,percent_at_least,percent_below"
    item = "number,title_ja,title_en,source_lines"
    score = "thing,origin,percent,stars,level,percent_at_least,percent_below,printed,departments,source_lines"
    files = {
        "city.toml": (
            f'country = "jp"\ncode = "{CODE}"\nname_ja = "例市"\nname_en = "Example City"\nreading = "れいし"\n'
            f'region_ja = "例県"\nregion_en = "Example"\n{sources}'
        ),
        "departments.csv": table(
            "id,name_ja,reading,name_en,valid,derived_from", [f"{one},例課{one},れいか,Division {one},," for one in IDS]
        ),
        "people.csv": table(
            "id,name_ja,reading,name_en,sources", [f"{one},例,れい,Rei {one},https://example.org/" for one in IDS]
        ),
        "source/R.txt": "例\n",
        "changes.csv": table(
            "date,programme,as_of,change_ja,change_en",
            [f"2024-06-01,{one},2024-03-31,公表,Published" for one in PROGRAMMES],
        ),
    }
    for one in (LONG, "scale"):
        text = f'{title}construct = "delivery-status"\ndefinition_ja = "例"\ndefinition_en = "x"\n{sources}'
        steps = [f"{id_},{n},例{id_},x {id_},例,x,," for n, id_ in enumerate(IDS, 1)]
        files |= {f"scales/{one}.toml": text, f"scales/{one}.csv": table(level, steps)}
    for id_ in PROGRAMMES:
        files |= {
            f"{id_}/programme.toml": f'{title}unofficial_languages = ["en"]\n{programme}{sources}',
            f"{id_}/policies.csv": table(f"id,{item}", [f"{one},{one},例,x,{line}" for one in IDS]),
            f"{id_}/pledges.csv": table(f"id,policy,{item}", [f"{one},{one},{one},例,x,{line}" for one in IDS]),
            f"{id_}/measures.csv": table(f"id,pledge,{item}", [f"{one},{one},{one},例,x,{line}" for one in IDS]),
            f"{id_}/reports/2024-03-31.toml": report,
            f"{id_}/actions/2024-03-31.csv": table(
                "measure,order,text_ja,source_lines", [f"{one},1,例,L1" for one in IDS]
            ),
            f"{id_}/scores/2024-03-31.csv": table(
                score, [f"measure/{one},published,,,{one},,,,{one},L1" for one in IDS]
            ),
            f"{id_}/notes/2024-03-31.csv": table(
                "id,kind,targets,property,printed,adopted,adopted_thing,uncertain,comment_ja,comment_en,source_lines",
                [f"{one},conflict,measure/{one}#score,pledge:level,a,b,,true,例,x,L1" for one in IDS],
            ),
        }
    for name, text in files.items():
        (city / name).parent.mkdir(parents=True, exist_ok=True)
        (city / name).write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def edge(root: Path, tmp_path_factory: pytest.TempPathFactory, cli: Cli) -> Path:
    """The site of that city, and of Tomakomai beside it."""
    folder = tmp_path_factory.mktemp("edge")
    (folder / "pledge_ld.toml").write_bytes((root / "pledge_ld.toml").read_bytes())
    (folder / "data").mkdir()
    (folder / "data" / "jp-012131-tomakomai").symlink_to(root / CITY)
    edge_city(folder / "data")
    run = cli(folder, "build", "--out", "site")
    assert run.code == 0, run.err
    return folder / "site"


def paths(site: Path) -> list[str]:
    """Every path of a site."""
    found = (one.relative_to(site).as_posix() for one in site.rglob("*") if one.is_file())
    return sorted(one for one in found if not one.startswith(STATE))


def test_the_paths_of_a_site_stay_apart_everywhere(edge: Path) -> None:
    """One file for two pages where case or normal form do not count; a name that a system keeps; a path too long."""
    found = paths(edge)
    assert len(found) > 1500
    assert len({folded(one) for one in found}) == len(found)
    assert [one for one in found if not re.fullmatch(r"[A-Za-z0-9._/-]+", one)] == []
    assert [one for one in found for part in one.split("/") if not is_portable(part) or len(part) > 255] == []
    longest = max(found, key=len)
    assert len(longest) <= MAX_PATH, longest
    assert len(longest) > MAX_PATH - 40, "the limit says more than it must"


def test_no_two_cities_ids_or_pages_meet(edge: Path) -> None:
    """A city, a programme, a department and a page of ours all have files of their own."""
    below = f"jp/{CODE}"
    expected = {f"{below}/{kind}/{one}" for kind in ("department", "person") for one in IDS}
    expected |= {f"{below}/scale/{one}" for one in (LONG, "scale")}
    for programme in (LONG, "report", "policy", "data"):
        expected |= {f"{below}/{programme}", f"{below}/{programme}/report/2024-03-31"}
        expected |= {f"{below}/{programme}/{kind}/{one}" for kind in ("policy", "pledge", "measure") for one in IDS}
    found = set(paths(edge))
    wanted = {f"{one}.{ending}" for one in expected for ending in ("html", "ttl", "jsonld")}
    assert wanted | {f"en/{one}" for one in wanted if one.endswith(".html")} <= found


class Ids(HTMLParser):
    """The ids of a page."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - the parser's own
        """Keeps the id."""
        self.ids += [value for name, value in attrs if name == "id" and value]


def test_the_anchors_of_a_page_stay_apart(edge: Path) -> None:
    """An address with a fragment leads to the first of two anchors of that name: to a heading, not to the score."""
    twice = {}
    pages = [*edge.glob(f"jp/{CODE}/**/*.html"), *edge.glob(f"en/jp/{CODE}/**/*.html")]
    assert len(pages) > 500
    for page in pages:
        counts = Counter(Ids(page).ids)
        if found := [one for one, times in counts.items() if times > 1]:
            twice[page.relative_to(edge).as_posix()] = found
    assert twice == {}


# The lists of names are what is really there


def test_the_names_that_are_kept_are_those_in_use(edge: Path, root: Path) -> None:
    """A new folder beside the countries, the programmes or the levels must be refused as a record's name too."""
    roots = {one.partition("/")[0].partition(".")[0] for one in paths(edge)}
    assert {one for one in roots if re.fullmatch("[a-z]{2}", one)} - {"jp"} == ROOT
    assert set(LANGUAGES[1:]) <= ROOT
    beside = {one.split("/")[2] for one in paths(edge) if one.startswith("jp/012131/") and one.count("/") > 2}
    assert beside - {"2022"} <= BESIDE_PROGRAMMES
    base = (root / "site/templates/base.html").read_text(encoding="utf-8")
    scale = (root / "site/templates/scale.html").read_text(encoding="utf-8")
    assert set(re.findall(r'id="([a-z-]+)"', base + scale)) == PAGE


def test_every_device_of_windows_is_refused() -> None:
    """With any ending, in any case, as an id or as a file."""
    assert len(WINDOWS) == 24
    for one in WINDOWS:
        assert not parsed("id", one)
        assert not is_portable(f"{one.upper()}.tar.gz")


def test_the_data_of_this_repository_keep_the_rule(data: Path) -> None:
    """The first city is the example that others follow."""
    assert read_data(data, "data")[1] == []
