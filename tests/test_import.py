"""The import of the real report: what it must find, what it must refuse, and that it loses no character."""

from __future__ import annotations

import csv
import hashlib
import re
import shutil
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

import pytest
from bs4 import BeautifulSoup

from pledge_ld import importers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from conftest import Run

    from pledge_ld.importers import Imported

CITY = "jp-012131-tomakomai"
KIND = "tomakomai-report"
SOURCE = "source/tomakomai-2024-05.txt"
POLICIES, PLEDGES, MEASURES = "2022/policies.csv", "2022/pledges.csv", "2022/measures.csv"
ACTIONS, SCORES, NOTES = (f"2022/{name}/2024-03-31.csv" for name in ("actions", "scores", "notes"))
GENERATED = (ACTIONS, MEASURES, NOTES, PLEDGES, POLICIES, "2022/reports/2024-03-31.toml", SCORES, SOURCE)
READ_ONLY = ("corrections.csv", "departments.csv", "translations.csv")

Row = dict[str, str]


def rows(folder: Path, file: str) -> list[Row]:
    """The rows of a table, read without our own reader."""
    with (folder / file).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def listed(cell: str) -> list[str]:
    """A cell of several values."""
    return [one for one in cell.split(";") if one]


def state(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Every file below the folder, with its bytes and the time it was written."""
    files = sorted(one for one in folder.rglob("*") if one.is_file())
    return {one.relative_to(folder).as_posix(): (one.read_bytes(), one.stat().st_mtime_ns) for one in files}


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below the folder, with its bytes."""
    return {name: content for name, (content, _) in state(folder).items()}


@pytest.fixture(scope="module")
def report(data: Path) -> Path:
    """The report's text."""
    return data / CITY / SOURCE


@pytest.fixture(scope="module")
def imported(data: Path, report: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A city's folder that holds only what a person writes, after one import."""
    folder = tmp_path_factory.mktemp("import") / CITY
    shutil.copytree(data / CITY, folder)
    for name in (*GENERATED, "imported.csv"):
        (folder / name).unlink()
    result = importers.run(KIND, report, folder, force=False)
    assert result.written, "\n".join(str(one) for one in result.problems)
    return folder


@pytest.fixture
def city(data: Path, tmp_path: Path) -> Path:
    """A copy of the city's folder that a test may break."""
    return shutil.copytree(data / CITY, tmp_path / CITY)


class TestCounts:
    """What the report holds, by an audit made by hand."""

    def test_every_kind_of_thing_is_found(self, imported: Path) -> None:
        """Fails when a policy, pledge, measure or action is lost, doubled or invented."""
        found = {name: len(rows(imported, name)) for name in (POLICIES, PLEDGES, MEASURES, ACTIONS)}
        assert found == {POLICIES: 5, PLEDGES: 25, MEASURES: 50, ACTIONS: 130}

    def test_ids_numbers_and_parents_follow_from_the_place(self, imported: Path) -> None:
        """Fails when a thing hangs on another parent than the one it is printed under."""
        roman = "ⅠⅡⅢⅣⅤ"
        policies = [str(policy) for policy in range(1, 6)]
        pledges = [f"{policy}-{pledge}" for policy in policies for pledge in range(1, 6)]
        measures = [f"{pledge}-{measure}" for pledge in pledges for measure in (1, 2)]

        def number(id_: str) -> str:
            return roman[int(id_[0]) - 1] + id_[1:]

        assert [(one["id"], one["number"]) for one in rows(imported, POLICIES)] == [
            (id_, number(id_)) for id_ in policies
        ]
        assert [(one["id"], one["policy"], one["number"]) for one in rows(imported, PLEDGES)] == [
            (id_, id_[0], number(id_)) for id_ in pledges
        ]
        assert [(one["id"], one["pledge"], one["number"]) for one in rows(imported, MEASURES)] == [
            (id_, id_[:3], number(id_)) for id_ in measures
        ]

    def test_actions_by_policy(self, imported: Path) -> None:
        """Fails when an action is given to another policy, is cut off, or is read twice."""
        actions = rows(imported, ACTIONS)
        assert Counter(one["measure"][0] for one in actions) == {"1": 29, "2": 22, "3": 26, "4": 23, "5": 30}
        assert [one["text_ja"] for one in actions if not one["text_ja"].endswith("。")] == []
        assert len({one["text_ja"] for one in actions}) == 130
        for measure in {one["measure"] for one in actions}:
            orders = [int(one["order"]) for one in actions if one["measure"] == measure]
            assert orders == list(range(1, len(orders) + 1)), measure

    def test_two_measures_have_no_action_and_a_note_says_so(self, imported: Path) -> None:
        """Fails when Ⅱ-5's missing actions are passed over in silence."""
        without = {one["id"] for one in rows(imported, MEASURES)} - {one["measure"] for one in rows(imported, ACTIONS)}
        assert without == {"2-5-1", "2-5-2"}
        said = {
            one["targets"] for one in rows(imported, NOTES) if one["kind"] == "missing" and one["uncertain"] == "true"
        }
        assert said == {"measure/2-5-1", "measure/2-5-2"}

    def test_department_mentions(self, imported: Path) -> None:
        """Fails when a mention is lost, or an uncertain one is linked to a measure as if it were certain."""
        mentions = [
            (one["thing"], department) for one in rows(imported, SCORES) for department in listed(one["departments"])
        ]
        certain = [one for one in mentions if one[0].startswith("measure/")]
        doubtful = [one for one in mentions if one[0].startswith("pledge/")]
        assert (len(mentions), len(certain), len(doubtful)) == (128, 118, 10)
        assert len({thing for thing, _ in certain}) == 42
        assert Counter(thing for thing, _ in doubtful) == {
            "pledge/3-1": 2,
            "pledge/3-2": 1,
            "pledge/3-3": 3,
            "pledge/3-4": 4,
        }

    def test_the_ten_doubtful_mentions_are_flagged_by_name(self, imported: Path) -> None:
        """Fails when a doubtful department is adopted without a note that is uncertain and names it."""
        names = {one["id"]: one["name_ja"] for one in rows(imported, "departments.csv")}
        notes = {
            target: one
            for one in rows(imported, NOTES)
            if one["property"] == "pledge:responsibleDepartment" and one["uncertain"] == "true"
            for target in listed(one["targets"])
        }
        doubtful = [one for one in rows(imported, SCORES) if one["thing"].startswith("pledge/") and one["departments"]]
        for one in doubtful:
            assert notes[one["thing"]]["printed"] == "・".join(names[id_] for id_ in listed(one["departments"]))
        flagged = {target for target in notes if target.startswith("measure/")}
        bare = {
            one["thing"]
            for one in rows(imported, SCORES)
            if one["thing"].startswith("measure/") and one["origin"] == "published" and not one["departments"]
        }
        assert bare <= flagged

    def test_departments_are_fifty_and_names_stay_whole(self, imported: Path) -> None:
        """Fails when a name is split at its own ・, or near-names are taken for one another."""
        names = {one["id"]: one["name_ja"] for one in rows(imported, "departments.csv")}
        used = {names[id_] for one in rows(imported, SCORES) for id_ in listed(one["departments"])}
        assert len(names) == len(used) == 50
        whole = {"高丘・錦多峰浄水場", "港湾・企業振興課", "工業・雇用振興課", "協働・男女平等参画室"}
        assert {one for one in used if "・" in one} == whole
        assert {"総務課", "総務企画課", "総務経営課", "消防本部総務課", "施設課", "施設管理課"} <= used

    def test_most_mentioned_departments(self, imported: Path) -> None:
        """Fails when mentions move from one department to another and the sum stays right."""
        names = {one["id"]: one["name_ja"] for one in rows(imported, "departments.csv")}
        found = Counter(names[id_] for one in rows(imported, SCORES) for id_ in listed(one["departments"]))
        assert found.most_common(2) == [("未来創造戦略室", 10), ("政策推進課", 8)]
        assert {name for name, count in found.items() if count == 6} == {"総合福祉課", "観光振興課", "指導室"}

    def test_star_strings(self, imported: Path) -> None:
        """Fails when a star is misread, an unreadable string is read, or one is invented for the missing one."""
        printed = [
            one
            for one in rows(imported, SCORES)
            if one["origin"] == "published" and one["thing"].startswith("measure/")
        ]
        assert len(printed) == 49
        assert {f"measure/{one['id']}" for one in rows(imported, MEASURES)} - {one["thing"] for one in printed} == {
            "measure/3-3-2"
        }
        readable = Counter(int(one["stars"]) for one in printed if one["stars"])
        assert readable == {8: 3, 7: 13, 6: 9, 5: 13, 4: 6, 2: 1}
        kept = {one["thing"]: one["printed"] for one in printed if one["printed"]}
        assert kept == {
            "measure/5-3-1": "★★★★★☆ ☆☆☆☆☆",
            "measure/5-3-2": "★★★★★☆ ☆☆☆☆☆",
            "measure/5-4-1": "★★★★★★ ★☆☆☆☆",
            "measure/5-4-2": "★★★★★★ ★☆☆☆☆",
        }
        assert not [one for one in printed if one["printed"] and (one["stars"] or one["percent"] or one["level"])]

    def test_inferred_scores(self, imported: Path) -> None:
        """Fails when an inference becomes a figure of its own: stars for Ⅲ-3-2, or others than 4, 4, 6, 6."""
        found = {
            one["thing"]: (one["stars"], one["percent_at_least"], one["percent_below"])
            for one in rows(imported, SCORES)
            if one["origin"] == "inferred"
        }
        assert found == {
            "measure/3-3-2": ("", "50", "70"),
            "measure/5-3-1": ("4", "", ""),
            "measure/5-3-2": ("4", "", ""),
            "measure/5-4-1": ("6", "", ""),
            "measure/5-4-2": ("6", "", ""),
        }

    def test_percents_stand_on_both_tables(self, imported: Path, report: Path) -> None:
        """Fails when a percent is not the one that stands at the end of its lines, or lacks one of its two lines."""
        text = report.read_text(encoding="utf-8").split("\n")
        percents = [one for one in rows(imported, SCORES) if one["percent"]]
        assert len(percents) == 31
        for one in percents:
            lines = [int(line.removeprefix("L")) for line in listed(one["source_lines"])]
            if one["thing"] == "programme":
                assert (one["percent"], lines) == ("59.2", [79])
                continue
            assert len(lines) == 2, one["thing"]
            assert lines[0] < 80, one["thing"]
            assert lines[1] > 98, one["thing"]
            for line in lines:
                words = BeautifulSoup(text[line - 1].replace("\t", " "), "html.parser").get_text(" ").split()
                assert one["percent"] in words, (one["thing"], line)

    def test_the_report_itself(self, imported: Path) -> None:
        """Fails when the report's dates, scale, assessor or text are not those it prints."""
        text = (imported / "2022/reports/2024-03-31.toml").read_text(encoding="utf-8")
        for line in (
            'published = "2024-05"',
            "period_start = 2022-07-01",
            "period_end = 2024-03-31",
            "item_count = 50",
            f'source = "{SOURCE}"',
        ):
            assert line in text.splitlines()


class TestCorrections:
    """The wrong characters: all found, all mended, each said."""

    def test_the_citys_name_is_right_everywhere(self, imported: Path, report: Path) -> None:
        """Fails when one of the 22 places with 苦 for 苫 is left, or one is mended that no note tells of."""
        assert report.read_text(encoding="utf-8").count("苦") == 22
        for file, column in (
            (POLICIES, "title_ja"),
            (PLEDGES, "title_ja"),
            (MEASURES, "title_ja"),
            (ACTIONS, "text_ja"),
        ):
            assert [one[column] for one in rows(imported, file) if "苦" in one[column]] == []
        notes = [one for one in rows(imported, NOTES) if "苦" in one["printed"]]
        assert len(notes) == 22
        for one in notes:
            assert one["printed"].count("苦") == 1
            assert one["adopted"] == one["printed"].replace("苦", "苫")
            assert one["kind"] == "misreading"

    def test_each_repair_is_a_note_on_the_text_it_mended(self, imported: Path, report: Path) -> None:
        """Fails when a note names a line that does not print it, or a target that does not hold what was adopted."""
        lines = report.read_text(encoding="utf-8").split("\n")
        texts = {f"measure/{one['measure']}#action-{one['order']}": one["text_ja"] for one in rows(imported, ACTIONS)}
        for kind, file in (("policy", POLICIES), ("pledge", PLEDGES), ("measure", MEASURES)):
            texts |= {f"{kind}/{one['id']}": one["title_ja"] for one in rows(imported, file)}
        repairs = [one for one in rows(imported, NOTES) if one["property"] == "skos:prefLabel"]
        written = [one for one in rows(imported, "corrections.csv") if not one["targets"]]
        assert [one["id"] for one in repairs] == [one["id"] for one in written]
        for one in repairs:
            line = int(one["source_lines"].removeprefix("L"))
            assert lines[line - 1].count(one["printed"]) == 1, one["id"]
            for target in listed(one["targets"]):
                assert one["adopted"] in texts[target], one["id"]

    def test_titles_that_the_tables_print_differently_are_told(self, imported: Path) -> None:
        """Fails when a difference between the two tables is settled without a note."""
        told = {
            target for one in rows(imported, NOTES) if one["kind"] == "conflict" for target in listed(one["targets"])
        }
        assert told == {
            *("policy/1", "policy/2", "policy/4", "policy/5"),
            *("pledge/1-1", "pledge/1-2", "pledge/3-3", "pledge/3-4"),
        }


class TestReproduction:
    """What the import writes is what lies in the repository, and only a forced import overwrites a person's work."""

    def test_an_import_changes_nothing(self, city: Path, report: Path) -> None:
        """Fails when the records in the repository are not what the import makes of the report."""
        before = state(city)
        assert importers.run(KIND, report, city, force=False).written
        assert state(city) == before

    def test_deleted_files_come_back_byte_for_byte(self, data: Path, imported: Path) -> None:
        """Fails when an import from nothing differs in any file, the list of what was imported included."""
        assert contents(imported) == contents(data / CITY)

    def test_the_list_of_imports_tells_the_hashes(self, imported: Path) -> None:
        """Fails when a generated file is not in imported.csv, or with the hash of something else."""
        listed_ = {one["file"]: one["sha256"] for one in rows(imported, "imported.csv")}
        assert listed_ == {name: hashlib.sha256((imported / name).read_bytes()).hexdigest() for name in GENERATED}

    @pytest.mark.parametrize("name", GENERATED)
    def test_an_edited_output_is_refused(self, city: Path, report: Path, name: str) -> None:
        """Fails when an edit is overwritten unasked, or other files are written beside the refused one."""
        (city / name).write_bytes((city / name).read_bytes() + b"\n")
        (city / (other := PLEDGES if name != PLEDGES else POLICIES)).unlink()
        before = state(city)
        result = importers.run(KIND, report, city, force=False)
        assert [(one.path, one.rule) for one in result.problems] == [(f"{city}/{name}", "import-edited")]
        assert not result.written
        assert state(city) == before
        assert other not in before

    @pytest.mark.parametrize("name", GENERATED)
    def test_force_overwrites_an_edit(self, city: Path, data: Path, report: Path, name: str) -> None:
        """Fails when --force does not give back exactly what the report says."""
        (city / name).write_bytes((city / name).read_bytes() + b"\n")
        assert importers.run(KIND, report, city, force=True).written
        assert contents(city) == contents(data / CITY)

    def test_what_an_older_import_left_is_no_edit(self, city: Path, data: Path, report: Path) -> None:
        """Fails when a file that no person touched since an import has to be forced."""
        old = b"id,number,title_ja,title_en,source_lines\n"
        listed_ = (city / "imported.csv").read_text(encoding="utf-8")
        before, now = hashlib.sha256((city / POLICIES).read_bytes()), hashlib.sha256(old)
        (city / "imported.csv").write_text(listed_.replace(before.hexdigest(), now.hexdigest()), encoding="utf-8")
        (city / POLICIES).write_bytes(old)
        assert importers.run(KIND, report, city, force=False).written
        assert contents(city) == contents(data / CITY)

    def test_what_a_person_writes_is_never_written(self, city: Path, report: Path) -> None:
        """Fails when an import, even a forced one that writes everything, touches a file that it only reads."""
        before = state(city)
        for name in (*GENERATED, "imported.csv"):
            (city / name).unlink()
        assert importers.run(KIND, report, city, force=True).written
        after = state(city)
        written_by_hand = before.keys() - {*GENERATED, "imported.csv"}
        assert set(READ_ONLY) < written_by_hand
        assert {name: after[name] for name in written_by_hand} == {name: before[name] for name in written_by_hand}
        assert after.keys() == before.keys()

    def test_the_command(self, city: Path, report: Path, cli: Callable[..., Run]) -> None:
        """Fails when the command does not say what it wrote, or exits otherwise than the contract says."""
        run = cli(city.parent, "import", KIND, str(report), "--out", CITY)
        assert run.code == 0, run.err
        assert f"{CITY}/{ACTIONS}: 130 rows\n" in run.out
        (city / MEASURES).write_text("", encoding="utf-8")
        run = cli(city.parent, "import", KIND, str(report), "--out", CITY)
        assert (run.code, run.out) == (1, "")
        assert run.err.startswith(f"{CITY}/{MEASURES}: file: expected ")
        assert "[import-edited]" in run.err
        assert cli(city.parent, "import", KIND, str(report), "--out", CITY, "--force").code == 0
        run = cli(city.parent, "import", "no-such-report", str(report), "--out", CITY)
        assert run.code == 2
        assert KIND in run.err

    def test_a_source_that_is_not_there(self, city: Path, cli: Callable[..., Run]) -> None:
        """Fails when a wrong path is a traceback, or changes the folder."""
        before = state(city)
        run = cli(city.parent, "import", KIND, "no-such-file.txt", "--out", CITY)
        assert run.code == 1
        assert run.err.startswith("no-such-file.txt: file: expected this file, got no such file [file-missing]")
        assert state(city) == before


class Damage(NamedTuple):
    """One thing wrong with the report: the line it is on, the rule that says so, and what is done to the lines."""

    line: int
    rule: str
    do: Callable[[list[str]], None]


def _put(line: int, old: str, new: str) -> Callable[[list[str]], None]:
    """Replaces text on a line; the text must be there, else the test would test nothing."""

    def do(lines: list[str]) -> None:
        assert old in lines[line - 1], lines[line - 1]
        lines[line - 1] = lines[line - 1].replace(old, new, 1)

    return do


def _append(line: int, text: str) -> Callable[[list[str]], None]:
    def do(lines: list[str]) -> None:
        lines[line - 1] += text

    return do


def _swap(one: int, other: int) -> Callable[[list[str]], None]:
    def do(lines: list[str]) -> None:
        lines[one - 1], lines[other - 1] = lines[other - 1], lines[one - 1]

    return do


def _prose(lines: list[str]) -> None:
    assert not lines[108].strip()
    lines[108] = "取組は順調に進んでいます。"


def _no_year_end(lines: list[str]) -> None:
    for index in range(40):
        lines[index] = lines[index].replace("令和5年度末", "年度末")


STARS = "<p>★★★★★ ★★☆☆☆</p>"
DAMAGES = {
    "unknown table header": Damage(101, "report-layout", _put(101, "取組事業内容", "取組事業内容と成果")),
    "unknown header of the summary": Damage(57, "report-layout", _put(56, "進捗状況", "達成状況")),
    "a cell too many for a pledge": Damage(103, "report-layout", _append(103, "\t")),
    "a cell too many for a measure": Damage(105, "report-layout", _append(105, "\t<p>追記</p>")),
    "a cell too many in the summary": Damage(44, "report-layout", _append(44, "\t73")),
    "a cell too few": Damage(105, "report-layout", _put(105, f"\t{STARS}", "")),
    "unknown department": Damage(105, "report-department", _put(105, "・財政課", "・財政係")),
    "a department cut at its own middle dot": Damage(
        117, "report-department", _put(117, "<li>・高丘・錦多峰浄水場</li>", "<li>・高丘</li> <li>・錦多峰浄水場</li>")
    ),
    "a star string too many": Damage(105, "report-figure", _put(105, STARS, STARS * 2)),
    "half a star string too many": Damage(105, "report-figure", _put(105, STARS, f"{STARS}<p>★★★★★</p>")),
    "a star string of nine": Damage(105, "report-damage", _put(105, "★★☆☆☆", "★★☆☆")),
    "a star after a blank one": Damage(105, "report-damage", _put(105, "★★☆☆☆", "★☆★☆☆")),
    "no star string": Damage(105, "report-damage", _put(105, STARS, "")),
    "a pledge's percent that differs": Damage(103, "report-figure", _put(103, "73", "74")),
    "a policy's percent that differs": Damage(132, "report-figure", _put(132, "56", "55")),
    "no percent": Damage(103, "report-figure", _put(103, "<b>73</b>", "")),
    "a pledge's title that differs": Damage(113, "report-title", _put(113, "利便性向上", "利便性の向上")),
    "a policy's title that differs": Damage(162, "report-title", _put(162, "お年寄りや", "お年寄りと")),
    "a legend that differs": Damage(91, "report-title", _put(91, "お年寄りや", "お年寄りと")),
    "pledges out of order in the summary": Damage(46, "report-order", _swap(46, 47)),
    "pledges out of order in the detail": Damage(113, "report-order", _put(113, "3\t", "4\t")),
    "policies out of order": Damage(132, "report-order", _put(132, "政策Ⅱ", "政策Ⅲ")),
    "two measures in a row": Damage(
        107, "report-layout", _put(107, "構築します</p>", "構築します</p> <p>● 体制を見直します</p>")
    ),
    "two measures in a paragraph": Damage(
        107, "report-layout", _put(107, "構築します</p>", "構築します ● 体制を見直します</p>")
    ),
    "two measures in a list": Damage(107, "report-layout", _put(107, "<li>・高度の", "<li>● 高度の")),
    "prose between the rows": Damage(109, "report-layout", _prose),
    "a row that is neither": Damage(103, "report-layout", _put(103, "1\t", "その他\t")),
    "no as-of line": Damage(0, "report-missing", _no_year_end),
    "no period": Damage(0, "report-missing", _put(5, "月から", "月以降")),
    "another period": Damage(0, "report-figure", _put(5, "令和6年3月まで", "令和6年2月まで")),
    "no month of publishing": Damage(0, "report-missing", _put(7, "令和6年5月", "発行")),
    "no overall figure": Damage(0, "report-missing", _put(79, "全 体\t59.2", "")),
    "an overall figure that is none": Damage(79, "report-figure", _put(79, "59.2", "59.2点")),
    "an action lost": Damage(146, "report-damage", lambda lines: _only_title(lines, 146)),
}
UNCLOSED = {
    "an open list item": (104, "追加しました。</li>", "追加しました。"),
    "an open list item before another": (104, "導入しました。</li>", "導入しました。"),
    "an open list item of a department": (104, "・行政監理室</li>", "・行政監理室"),
    "an open list": (163, "</ul>", ""),
    "an open paragraph": (104, "策定します</p>", "策定します"),
    "an open bold": (103, "行います</b>", "行います"),
    "a tag that is not finished": (104, "<li>・現行", "<li ・現行"),
    "a comment that never ends": (104, "<li>・現行", "<!-- <li>・現行"),
    "an end without a beginning": (104, "<li>・現行", "・現行"),
}


def _only_title(lines: list[str], line: int) -> None:
    cut = re.sub(r"<ul[^>]*> <li>・さらなる.*?</ul>", "", lines[line - 1], count=1)
    assert cut != lines[line - 1]
    lines[line - 1] = cut


class TestDamage:
    """A report that is not as we know it is refused on its line, and nothing is written."""

    @staticmethod
    def refused(city: Path, content: bytes) -> Imported:
        """The import of the content, which must leave the folder as it was."""
        source = city.parent / "new" / "tomakomai-2024-05.txt"
        source.parent.mkdir()
        source.write_bytes(content)
        for name in (PLEDGES, SCORES):
            (city / name).unlink()
        before = state(city)
        result = importers.run(KIND, source, city, force=True)
        assert not result.written, "a damaged report was imported"
        assert result.problems
        assert state(city) == before
        return result

    @pytest.mark.parametrize("name", DAMAGES)
    def test_a_damaged_report(self, city: Path, report: Path, name: str) -> None:
        """Fails when the damage is taken for data, is blamed on a line after it, or leaves a file behind."""
        damage = DAMAGES[name]
        lines = report.read_text(encoding="utf-8").split("\n")
        damage.do(lines)
        result = self.refused(city, "\n".join(lines).encode())
        own = [one for one in result.problems if one.path.endswith("new/tomakomai-2024-05.txt")]
        own = [one for one in own if one.line or not damage.line]
        assert (own[0].line, own[0].rule) == (damage.line, damage.rule), "\n".join(str(one) for one in own)

    @pytest.mark.parametrize("name", UNCLOSED)
    def test_broken_html(self, city: Path, report: Path, name: str) -> None:
        """Fails when markup that is not closed is guessed at: what it swallows or moves would be lost in silence."""
        line, old, new = UNCLOSED[name]
        lines = report.read_text(encoding="utf-8").split("\n")
        _put(line, old, new)(lines)
        result = self.refused(city, "\n".join(lines).encode())
        assert [one.line for one in result.problems if one.path.endswith("new/tomakomai-2024-05.txt")][:1] == [line]

    def test_a_report_in_cp932(self, city: Path, report: Path) -> None:
        """Fails when another encoding is guessed, or the message does not name it."""
        result = self.refused(city, report.read_text(encoding="utf-8").encode("cp932"))
        assert [(one.line, one.rule) for one in result.problems] == [(3, "file-encoding")]
        assert "CP932" in result.problems[0].got

    @pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf", " \t\u3000".encode()])
    def test_an_empty_report(self, city: Path, content: bytes) -> None:
        """Fails when an empty file empties the records."""
        result = self.refused(city, content)
        assert [(one.line, one.rule) for one in result.problems] == [(1, "file-empty")]

    def test_a_text_that_is_no_report(self, city: Path) -> None:
        """Fails when any text at all becomes a report without pledges."""
        result = self.refused(city, "議事録\n\n1 開会\n".encode())
        assert {"report-missing"} <= {one.rule for one in result.problems}

    @pytest.mark.parametrize("length", [97, 170, 200, 230])
    def test_a_report_cut_off(self, city: Path, report: Path, length: int) -> None:
        """Fails when a report that ends in the middle of its tables gives fewer pledges or measures, and no problem."""
        lines = report.read_text(encoding="utf-8").split("\n")[:length]
        corrections = [one for one in rows(city, "corrections.csv") if int(one["source_line"]) <= length]
        with (city / "corrections.csv").open("w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, corrections[0].keys())
            writer.writeheader()
            writer.writerows(corrections)
        self.refused(city, "\n".join(lines).encode())

    @pytest.mark.parametrize("line", [103, 106, 155, 229])
    def test_a_pledge_that_one_table_lacks(self, city: Path, report: Path, line: int) -> None:
        """Fails when a pledge's row is lost and its measures go to the pledge before it."""
        lines = report.read_text(encoding="utf-8").split("\n")
        lines[line - 1] = ""
        own = self.refused(city, "\n".join(lines).encode()).problems
        assert [one for one in own if one.path.endswith("new/tomakomai-2024-05.txt")]


class TestCorrectionsFile:
    """A correction that does not fit the report is a problem on its own row."""

    @staticmethod
    def written(city: Path, row: str) -> int:
        """Adds a row; its line."""
        path = city / "corrections.csv"
        text = path.read_text(encoding="utf-8")
        path.write_text(f"{text}{row},false,理由,why\n", encoding="utf-8")
        return text.count("\n") + 1

    @pytest.mark.parametrize(
        ("row", "where"),
        [
            ("x1,999,misreading,,skos:prefLabel,苦小牧,苫小牧", "column 'source_line'"),
            ("x1,0,misreading,,skos:prefLabel,苦小牧,苫小牧", "column 'source_line'"),
            ("x1,104,misreading,,skos:prefLabel,苦小牧港,苫小牧港", "column 'printed'"),
            ("x1,104,misreading,,skos:prefLabel,しました。,した。", "column 'printed'"),
            ("x1,104,misreading,,skos:prefLabel,,苫小牧", "column 'printed'"),
            ("x1,104,misreading,,skos:prefLabel,AIチャットボット,", "column 'printed'"),
            ("x1,9,misreading,,skos:prefLabel,苫小牧市,苫小牧町", "column 'printed'"),
            ("x1,104,missing,measure/9-9-9,dcterms:isPartOf,,", "column 'targets'"),
            ("x1,104,inferred,measure/1-1-1,pledge:stars,,多い", "column 'adopted'"),
        ],
    )
    def test_a_correction_that_does_not_fit(self, city: Path, report: Path, row: str, where: str) -> None:
        """Fails when a repair that finds nothing, or too much, or nothing to hang on, is passed over."""
        line = self.written(city, row)
        before = state(city)
        result = importers.run(KIND, report, city, force=True)
        assert {(one.path, one.line) for one in result.problems} == {(f"{city}/corrections.csv", line)}
        assert where in {one.where for one in result.problems}
        assert not result.written
        assert state(city) == before

    def test_a_correction_that_no_longer_matches(self, city: Path, report: Path) -> None:
        """Fails when the report was mended at the source and the stale repair goes unnoticed."""
        number, one = next(
            (number, one) for number, one in enumerate(rows(city, "corrections.csv"), 2) if one["id"] == "l105-1"
        )
        lines = report.read_text(encoding="utf-8").split("\n")
        _put(105, one["printed"], one["adopted"])(lines)
        result = TestDamage.refused(city, "\n".join(lines).encode())
        assert {(one.path, one.line, one.rule) for one in result.problems} == {
            (f"{city}/corrections.csv", number, "correction")
        }

    def test_one_fault_one_message(self, city: Path, report: Path) -> None:
        """Fails when a stale correction is told twice."""
        self.written(city, "x1,104,misreading,,skos:prefLabel,苦小牧港,苫小牧港")
        result = importers.run(KIND, report, city, force=False)
        assert len(result.problems) == 1, "\n".join(str(one) for one in result.problems)


def _tokens(fragment: str) -> Iterator[str]:
    for token in fragment.split():
        if bare := token.lstrip("●・"):
            yield bare


@pytest.fixture(scope="module")
def printed(report: Path, imported: Path) -> dict[int, list[str]]:
    """Line → its words in reading order, markup, bullets and spaces gone, after the corrections were made."""
    lines = report.read_text(encoding="utf-8").split("\n")
    for one in rows(imported, "corrections.csv"):
        if not one["targets"]:
            _put(int(one["source_line"]), one["printed"], one["adopted"])(lines)
    found = {}
    for number, line in enumerate(lines, 1):
        cells = line.split("\t")
        first = re.sub(r"\s", "", "".join(cells))
        is_header = first.startswith(("基本政策", "公約内容", "施策内容", "取組事業内容", "施策区分", "令和5年度末(%)"))
        if number <= 40 or 80 < number < 99 or not first or is_header:
            continue
        fragments = [text for cell in cells for text in BeautifulSoup(cell, "html.parser").find_all(string=True)]
        found[number] = [token for fragment in fragments for token in _tokens(fragment)]
    return found


class TestNoCharacterLost:
    """Every character of the report's tables is in a record of its line, and none is there that is not printed."""

    @staticmethod
    def on(line: int, row: Row) -> bool:
        """Whether the record stands on the line."""
        return f"L{line}" in {one.rpartition("#")[2] for one in listed(row["source_lines"])}

    def test_the_rows_are_those_of_the_report(self, printed: dict[int, list[str]]) -> None:
        """Fails when the test itself loses rows: 31 of the summary, 5 + 25 + 50 of the detail less the merged ones."""
        assert len([line for line in printed if line < 99]) == 31
        assert len([line for line in printed if line >= 99]) == 5 + 25 + 50 - 10

    def test_the_summary(self, printed: dict[int, list[str]], imported: Path) -> None:
        """Fails when a character of the summary's titles or figures is in no record, or in the wrong one."""
        scores = {one["thing"]: one["percent"] for one in rows(imported, SCORES)}
        for line, words in printed.items():
            if line >= 80:
                continue
            held = [
                one["title_ja"].replace(" ", "") + scores[f"{kind}/{one['id']}"]
                for kind, file in (("policy", POLICIES), ("pledge", PLEDGES))
                for one in rows(imported, file)
                if self.on(line, one)
            ] or ["体" + scores["programme"]]
            assert "".join(words[1:]) == "".join(held), line

    def test_the_detail(self, printed: dict[int, list[str]], imported: Path) -> None:
        """Fails when a character of a title, an action, a department, a percent or a star is lost, added or moved."""
        names = {one["id"]: one["name_ja"] for one in rows(imported, "departments.csv")}
        tables = {name: rows(imported, name) for name in (POLICIES, PLEDGES, MEASURES, ACTIONS, SCORES)}
        for line, words in printed.items():
            if line < 99:
                continue
            here = {name: [one for one in table if self.on(line, one)] for name, table in tables.items()}
            left = [word for word in words if not re.fullmatch(r"[★☆]+", word) and word not in names.values()]
            held = [f"政策{one['number']}{one['title_ja']}" for one in here[POLICIES]]
            held += [one["id"][-1] + one["title_ja"] for one in here[PLEDGES]]
            for measure in here[MEASURES]:
                held.append(measure["title_ja"])
                held += [one["text_ja"] for one in here[ACTIONS] if one["measure"] == measure["id"]]
            published = [one for one in here[SCORES] if one["origin"] == "published"]
            held += [one["percent"] for one in published]
            assert "".join(left) == "".join("".join(held).split()), line
            departments = [word for word in words if word in names.values()]
            assert departments == [names[id_] for one in published for id_ in listed(one["departments"])], line
            stars = "".join(word for word in words if re.fullmatch(r"[★☆]+", word))
            rows_of_stars = [
                one["printed"].replace(" ", "") or "★" * int(one["stars"]) + "☆" * (10 - int(one["stars"]))
                for one in published
                if one["thing"].startswith("measure/")
            ]
            assert stars == "".join(rows_of_stars), line
            assert len(here[POLICIES]) + len(here[PLEDGES]) + len(here[MEASURES]) > 0, line

    def test_every_record_stands_on_a_printed_row(self, printed: dict[int, list[str]], imported: Path) -> None:
        """Fails when a record names a line that is no row of a table (the chart's legend apart)."""
        legend = {87, 89, 91, 93, 95}
        for name in (POLICIES, PLEDGES, MEASURES, ACTIONS, SCORES):
            for one in rows(imported, name):
                lines = {int(ref.rpartition("#")[2].removeprefix("L")) for ref in listed(one["source_lines"])}
                assert lines <= printed.keys() | (legend if name == POLICIES else set()), one
