"""Bad records through the command line: one fault, one message on the row that was typed, and the old site stays."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from rdflib import Dataset, URIRef
from rdflib.namespace import SKOS

from pledge_ld.publish import STATE
from pledge_ld.read import PARSERS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Run

CITY = "data/jp-012131-tomakomai"
CITY_TOML, PROGRAMME, REPORT = "city.toml", "2022/programme.toml", "2022/reports/2024-03-31.toml"
POLICIES, PLEDGES, MEASURES = "2022/policies.csv", "2022/pledges.csv", "2022/measures.csv"
ACTIONS, SCORES, NOTES = (f"2022/{name}/2024-03-31.csv" for name in ("actions", "scores", "notes"))


class Bad(NamedTuple):
    """One fault: what is done to the city's folder, and how the message begins and which rule ends it."""

    do: Callable[[Path], None]
    starts: str
    rule: str


def put(file: str, old: str, new: str) -> Callable[[Path], None]:
    """Replaces text that must stand in the file."""

    def do(city: Path) -> None:
        text = (city / file).read_bytes().decode()
        assert old in text, f"{file} has no {old!r}"
        (city / file).write_bytes(text.replace(old, new, 1).encode("utf-8", "surrogatepass"))

    return do


def content(file: str, raw: bytes) -> Callable[[Path], None]:
    """Writes the file anew."""

    def do(city: Path) -> None:
        (city / file).parent.mkdir(parents=True, exist_ok=True)
        (city / file).write_bytes(raw)

    return do


def cell(file: str, id_: str, column: str, value: str) -> Callable[[Path], None]:
    """Sets one cell of the row whose first cell is the id."""

    def do(city: Path) -> None:
        table = read(city / file)
        place = table[0].index(column)
        row = next(one for one in table if one[0] == id_)
        row[place] = value
        write(city / file, table)

    return do


def all_of(*edits: Callable[[Path], None]) -> Callable[[Path], None]:
    """Several edits that together are one fault."""

    def do(city: Path) -> None:
        for one in edits:
            one(city)

    return do


def read(path: Path) -> list[list[str]]:
    """A table's rows, the header first."""
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))


def write(path: Path, table: list[list[str]]) -> None:
    """Writes a table as our files are written."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(table)
    path.write_bytes(text.getvalue().encode())


def without_column(file: str, column: str) -> Callable[[Path], None]:
    """Takes a column out of a table."""

    def do(city: Path) -> None:
        table = read(city / file)
        place = table[0].index(column)
        write(city / file, [row[:place] + row[place + 1 :] for row in table])

    return do


def repeated(file: str, line: int) -> Callable[[Path], None]:
    """Repeats a row at the end of the table."""

    def do(city: Path) -> None:
        table = read(city / file)
        write(city / file, [*table, table[line - 1]])

    return do


def renamed(file: str, new: str) -> Callable[[Path], None]:
    """Renames a file."""

    def do(city: Path) -> None:
        (city / file).rename(city / new)

    return do


def in_cp932(file: str) -> Callable[[Path], None]:
    """Saves a file as Excel does on a Japanese machine, leaving out what CP932 cannot write."""

    def do(city: Path) -> None:
        (city / file).write_bytes((city / file).read_text(encoding="utf-8").encode("cp932", "ignore"))

    return do


def at(file: str, line: int, where: str) -> str:
    """How a message about a place begins."""
    return f"{CITY}/{file}{f':{line}' if line else ''}: {where}: expected "


BAD = {
    "a missing column": Bad(without_column(SCORES, "stars"), at(SCORES, 1, "column 'stars'"), "csv-columns"),
    "a column too many": Bad(put(SCORES, "thing,", "thing,thing,"), at(SCORES, 1, "column 'thing'"), "csv-columns"),
    "a star of 11": Bad(
        cell(SCORES, "measure/1-1-1", "stars", "11"), at(SCORES, 5, "column 'stars'") + "0..10, got 11", "Score-stars"
    ),
    "a star of minus one": Bad(
        cell(SCORES, "measure/1-1-1", "stars", "-1"), at(SCORES, 5, "column 'stars'"), "Score-stars"
    ),
    "a star that is no number": Bad(
        cell(SCORES, "measure/1-1-1", "stars", "７"), at(SCORES, 5, "column 'stars'"), "cell-integer"
    ),
    "a percent above 100": Bad(
        cell(SCORES, "programme", "percent", "159.2"), at(SCORES, 2, "column 'percent'"), "Score-percent-max"
    ),
    "an id twice: policy": Bad(repeated(POLICIES, 2), at(POLICIES, 7, "column 'id'"), "duplicate-id"),
    "an id twice: measure": Bad(repeated(MEASURES, 2), at(MEASURES, 52, "column 'id'"), "duplicate-id"),
    "an id twice: action": Bad(repeated(ACTIONS, 2), at(ACTIONS, 132, "column 'measure', 'order'"), "duplicate-id"),
    "an id twice: score": Bad(repeated(SCORES, 2), at(SCORES, 87, "column 'thing', 'origin'"), "duplicate-id"),
    "an id twice: department": Bad(
        repeated("departments.csv", 2), at("departments.csv", 52, "column 'id'"), "duplicate-id"
    ),
    "an id twice: note": Bad(repeated(NOTES, 2), at(NOTES, 51, "column 'id'"), "duplicate-id"),
    "a measure of no pledge": Bad(
        cell(MEASURES, "1-1-1", "pledge", "9-9"), at(MEASURES, 2, "column 'pledge'"), "Measure-pledge"
    ),
    "a measure without a pledge": Bad(
        cell(MEASURES, "1-1-1", "pledge", ""), at(MEASURES, 2, "column 'pledge'"), "cell-id"
    ),
    "a pledge of no policy": Bad(
        cell(PLEDGES, "1-1", "policy", "9"), at(PLEDGES, 2, "column 'policy'"), "Pledge-policy"
    ),
    "an action of no measure": Bad(
        cell(ACTIONS, "1-1-1", "measure", "9-9-9"), at(ACTIONS, 2, "column 'measure'"), "Action-measure"
    ),
    "a score of nothing": Bad(
        cell(SCORES, "measure/1-1-1", "thing", "measure/9-9-9"), at(SCORES, 5, "column 'thing'"), "Score-scoreOf"
    ),
    "a note about nothing": Bad(
        cell(NOTES, "l43-1", "targets", "policy/9"), at(NOTES, 3, "column 'targets'"), "Note-target"
    ),
    "no date in a file name": Bad(
        renamed(ACTIONS, "2022/actions/2024-02-30.csv"), at("2022/actions/2024-02-30.csv", 0, "file name"), "cell-date"
    ),
    "no date in changes.csv": Bad(
        put("changes.csv", "\n2", "\n2024-13-01,2022,2024-03-31,初版,First\n2"),
        at("changes.csv", 2, "column 'date'"),
        "cell-date",
    ),
    "a date in words": Bad(
        put(PROGRAMME, "2022-07-09\n", '"令和4年7月9日"\n'), at(PROGRAMME, 7, "key 'term_start'"), "cell-date"
    ),
    "no date in TOML": Bad(put(PROGRAMME, "2022-07-09\n", "2022-02-30\n"), at(PROGRAMME, 7, "file"), "toml"),
    "a month that is none": Bad(put(REPORT, '"2024-05"', '"2024-13"'), at(REPORT, 3, "key 'published'"), "cell-month"),
    "an empty table": Bad(content(MEASURES, b""), at(MEASURES, 1, "file"), "file-empty"),
    "a table of blank lines": Bad(content(MEASURES, b"\n\n"), at(MEASURES, 1, "file"), "file-empty"),
    "an empty TOML file": Bad(content(CITY_TOML, b""), at(CITY_TOML, 1, "file"), "file-empty"),
    "a table in CP932": Bad(in_cp932(POLICIES), at(POLICIES, 2, "file"), "file-encoding"),
    "a TOML file in CP932": Bad(in_cp932(CITY_TOML), at(CITY_TOML, 3, "file"), "file-encoding"),
    "a path in an id": Bad(cell(MEASURES, "1-1-1", "id", "../../x"), at(MEASURES, 2, "column 'id'"), "cell-id"),
    "a path in a parent": Bad(
        cell(MEASURES, "1-1-1", "pledge", "../1-1"), at(MEASURES, 2, "column 'pledge'"), "cell-id"
    ),
    "a path in a thing": Bad(
        cell(SCORES, "measure/1-1-1", "thing", "measure/../1"), at(SCORES, 5, "column 'thing'"), "cell-item"
    ),
    "a path in the name of a scale": Bad(
        put(REPORT, '"ten-step"', '"../ten-step"'), at(REPORT, 6, "key 'scale'"), "cell-id"
    ),
    "a path out of source/": Bad(
        put(REPORT, '"source/tomakomai-2024-05.txt"', '"source/../city.toml"'),
        at(REPORT, 14, "key 'source'"),
        "cell-file",
    ),
    "an id in capitals": Bad(cell(POLICIES, "1", "id", "A"), at(POLICIES, 2, "column 'id'"), "cell-id"),
    "an id that Windows reserves": Bad(cell(POLICIES, "1", "id", "con"), at(POLICIES, 2, "column 'id'"), "cell-id"),
    "an id that is too long": Bad(cell(POLICIES, "1", "id", "a" * 65), at(POLICIES, 2, "column 'id'"), "cell-id"),
    "a script's end in a title": Bad(
        cell(PLEDGES, "1-1", "title_ja", "題</script><b>"), at(PLEDGES, 2, "column 'title_ja'"), "cell-text"
    ),
    "an image in a title": Bad(
        cell(PLEDGES, "1-1", "title_ja", "題<img src=x onerror=alert(1)>"),
        at(PLEDGES, 2, "column 'title_ja'"),
        "cell-text",
    ),
    "a script address in a title": Bad(
        cell(PLEDGES, "1-1", "title_en", "javascript:alert(1)"), at(PLEDGES, 2, "column 'title_en'"), "cell-text"
    ),
    "a script address in capitals": Bad(
        cell(PLEDGES, "1-1", "title_en", "JavaScript :alert(1)"), at(PLEDGES, 2, "column 'title_en'"), "cell-text"
    ),
    "a script address as a homepage": Bad(
        put(CITY_TOML, 'homepage = "https:', 'homepage = "javascript:'), at(CITY_TOML, 8, "key 'homepage'"), "cell-url"
    ),
    "a letter that turns the text around": Bad(
        cell(PLEDGES, "1-1", "title_ja", "題\u202e名"), at(PLEDGES, 2, "column 'title_ja'"), "cell-text"
    ),
    "a title of a space": Bad(
        cell(PLEDGES, "1-1", "title_ja", "\u3000"), at(PLEDGES, 2, "column 'title_ja'"), "cell-text"
    ),
    "no title": Bad(cell(PLEDGES, "1-1", "title_ja", ""), at(PLEDGES, 2, "column 'title_ja'"), "cell-text"),
    "an unknown table": Bad(content("2022/measure.csv", b"id\n1\n"), at("2022/measure.csv", 0, "file"), "file-unknown"),
    "an unknown folder": Bad(
        content("2022/score/2024-03-31.csv", b"id\n1\n"), at("2022/score/2024-03-31.csv", 0, "file"), "file-unknown"
    ),
    "broken TOML": Bad(put(PROGRAMME, "term_months = 48", "term_months = "), at(PROGRAMME, 8, "file"), "toml"),
    "a key twice": Bad(
        put(PROGRAMME, "term_months = 48", "term_months = 48\nterm_months = 48"), at(PROGRAMME, 9, "file"), "toml"
    ),
    "an unknown key": Bad(
        put(PROGRAMME, "term_months =", "term_month ="), at(PROGRAMME, 8, "key 'term_month'"), "toml-keys"
    ),
    "a missing key": Bad(put(CITY_TOML, "name_en =", "# name_en ="), at(CITY_TOML, 1, "key 'name_en'"), "toml-keys"),
    "a key of the wrong type": Bad(
        put(PROGRAMME, "term_months = 48", "term_months = [48, 12]"),
        at(PROGRAMME, 8, "key 'term_months'"),
        "cell-integer",
    ),
    "a table where a value stands": Bad(
        put(CITY_TOML, 'reading = "とまこまいし"', 'reading = {kana = "とまこまいし"}'),
        at(CITY_TOML, 5, "key 'reading'"),
        "cell-kana",
    ),
    "an extent of three numbers": Bad(
        put(CITY_TOML, "bbox = [141.3390, ", "bbox = ["), at(CITY_TOML, 16, "key 'bbox'"), "cell-box"
    ),
    "an extent with latitude first": Bad(
        put(
            CITY_TOML, "bbox = [141.3390, 42.5748, 141.8300, 42.7878]", "bbox = [42.5748, 141.3390, 42.7878, 141.8300]"
        ),
        at(CITY_TOML, 16, "key 'bbox'"),
        "cell-box",
    ),
    "an extent with west in the east": Bad(
        put(CITY_TOML, "[141.3390, 42.5748, 141.8300,", "[141.8300, 42.5748, 141.3390,"),
        at(CITY_TOML, 16, "key 'bbox'"),
        "cell-box",
    ),
    "an extent that looks exact": Bad(
        put(CITY_TOML, "[141.3390,", "[141.3390502,"), at(CITY_TOML, 16, "key 'bbox'"), "cell-box"
    ),
    "an extent of no number": Bad(put(CITY_TOML, "[141.3390,", "[nan,"), at(CITY_TOML, 16, "key 'bbox'"), "cell-box"),
    "a middle outside the extent": Bad(
        put(CITY_TOML, "[141.580, 42.682]", "[141.580, 42.882]"), at(CITY_TOML, 17, "key 'centroid'"), "extent"
    ),
    "a middle with latitude first": Bad(
        put(CITY_TOML, "[141.580, 42.682]", "[42.682, 141.580]"), at(CITY_TOML, 17, "key 'centroid'"), "cell-point"
    ),
    "an extent that stands on nothing": Bad(
        put(CITY_TOML, "extent_source =", "# extent_source ="), at(CITY_TOML, 16, "key 'bbox'"), "extent"
    ),
    "a score of a score": Bad(
        cell(SCORES, "measure/1-1-1", "thing", "measure/1-1-1#score"), at(SCORES, 5, "column 'thing'"), "cell-item"
    ),
    "a property of an unknown prefix": Bad(
        cell(NOTES, "l43-1", "property", "nobody:stars"), at(NOTES, 3, "column 'property'"), "cell-curie"
    ),
    "an address that is none": Bad(
        put(CITY_TOML, 'homepage = "https://www', 'homepage = "https://[www'),
        at(CITY_TOML, 8, "key 'homepage'"),
        "cell-url",
    ),
    "another city's code": Bad(put(CITY_TOML, '"012131"', '"012041"'), at(CITY_TOML, 2, "key 'code'"), "folder-name"),
    "a row with too few cells": Bad(put(POLICIES, "1,Ⅰ,", "1,"), at(POLICIES, 2, "row"), "csv-row"),
    "a row with too many cells": Bad(put(POLICIES, "1,Ⅰ,", "1,Ⅰ,Ⅰ,"), at(POLICIES, 2, "row"), "csv-row"),
    "a NUL byte in a cell": Bad(put(POLICIES, "Ⅰ,行革", "Ⅰ,行\0革"), at(POLICIES, 2, "column 'title_ja'"), "cell-text"),
    "a NUL byte in TOML": Bad(put(CITY_TOML, "苫小牧市", "苫\0小牧市"), at(CITY_TOML, 3, "file"), "toml"),
    "a lone quote before a cell": Bad(put(POLICIES, "Ⅰ,行革", 'Ⅰ,"行革'), at(POLICIES, 2, "row"), "csv-row"),
    "a lone quote in the last row": Bad(put(POLICIES, "Ⅴ,心の", 'Ⅴ,"心の'), at(POLICIES, 6, "row"), "csv-row"),
    "text after a quoted cell": Bad(put(POLICIES, "Ⅰ,行革", 'Ⅰ,"行"革'), at(POLICIES, 2, "row"), "csv-row"),
    "a percent that its measures do not allow": Bad(
        cell(SCORES, "pledge/2-3", "percent", "49"), at(SCORES, 26, "column 'percent'"), "Pledge-percent-inside"
    ),
    "a policy's percent that is not the mean": Bad(
        all_of(cell(SCORES, "policy/1", "percent", "61"), cell(SCORES, "programme", "percent", "59")),
        at(SCORES, 3, "column 'percent'"),
        "Policy-percent-mean",
    ),
    "an overall percent that is not the mean": Bad(
        cell(SCORES, "programme", "percent", "59.64"), at(SCORES, 2, "column 'percent'"), "Programme-percent-mean"
    ),
    "a department that does not exist": Bad(
        cell(SCORES, "measure/1-1-2", "departments", "seisaku-suishin-ka;zaisei-ka;no-such-ka"),
        at(SCORES, 6, "column 'departments'"),
        "Score-department",
    ),
    "a mayor who does not exist": Bad(
        put(PROGRAMME, '"iwakura-hirofumi"', '"nobody"'), at(PROGRAMME, 3, "key 'mayor'"), "Programme-creator"
    ),
    "a scale that does not exist": Bad(
        put(REPORT, '"ten-step"', '"five-step"'), at(REPORT, 6, "key 'scale'"), "Assessment-scale"
    ),
    "a line beyond the report": Bad(
        cell(POLICIES, "1", "source_lines", "2024-03-31#L43;2024-03-31#L999"),
        at(POLICIES, 2, "column 'source_lines'"),
        "Policy-source",
    ),
    "three measures of a pledge": Bad(
        put(MEASURES, "\n1-2-1,", "\n1-1-3,1-1,Ⅰ-1-3,第三の施策,A third measure,2024-03-31#L105\n1-2-1,"),
        "",
        "Pledge-measures",
    ),
    "a thing with two figures that count": Bad(
        put(SCORES, "measure/5-3-1,inferred,,4", "measure/5-3-1,inferred,,4,,,,,,L222\nmeasure/5-3-1,published,,4"),
        "",
        "duplicate-id",
    ),
}


def problems(text: str) -> list[str]:
    """The lines of problems in what a command printed, warnings apart."""
    return [one for one in text.splitlines() if re.search(r" \[[A-Za-z][\w-]*\]$", one) and ": warning: " not in one]


def snapshot(folder: Path) -> dict[str, bytes]:
    """Every file below the folder, but for what builds remember of their inputs."""
    return {
        one.relative_to(folder).as_posix(): one.read_bytes()
        for one in folder.rglob("*")
        if one.is_file() and STATE not in one.parts
    }


class TestBadRecords:
    """Each fault alone."""

    @pytest.mark.parametrize("name", BAD)
    def test_one_fault_one_message(self, name: str, workspace: Path, site: Path, cli: Callable[..., Run]) -> None:
        """Fails when a fault is let through, told twice, told of another row, or costs the site that was there.

        Or when the check before a build says something else than the build.
        """
        bad = BAD[name]
        shutil.copytree(site, workspace / "public")
        bad.do(workspace / CITY)
        run = cli(workspace, "build", "--data", "data", "--out", "public")
        found = problems(run.err)
        assert run.code == 1, run.err
        assert run.out == ""
        assert len(found) == 1, "\n".join(found)
        assert found[0].startswith(bad.starts), found[0]
        assert bad.rule in found[0].rpartition(" ")[2], found[0]
        assert "Traceback" not in run.err
        assert run.err.replace("\n", "").isprintable()
        assert snapshot(workspace / "public") == snapshot(site)
        assert {one.name for one in workspace.iterdir()} == {"data", "pledge_ld.toml", "public"}
        checked = cli(workspace, "validate", "data")
        assert (checked.code, problems(checked.out)) == (1, found)

    def test_validate_as_json(self, workspace: Path, cli: Callable[..., Run]) -> None:
        """Fails when a program that reads the check finds other fields, or fewer problems, than a person."""
        BAD["a star of 11"].do(workspace / CITY)
        run = cli(workspace, "validate", "data", "--format", "json")
        assert run.code == 1
        (found,) = (one for one in json.loads(run.out) if not one["warning"])
        expected = {"path": f"{CITY}/{SCORES}", "line": 5, "where": "column 'stars'", "expected": "0..10", "got": "11"}
        assert {name: found[name] for name in expected} == expected
        assert found["rule"] == "Score-stars"

    def test_the_message_of_the_contract(self, workspace: Path, cli: Callable[..., Run]) -> None:
        """Fails when the message that the design promises differs in any character."""
        cell(SCORES, "measure/1-1-1", "stars", "11")(workspace / CITY)
        run = cli(workspace, "build", "--data", "data", "--out", "public")
        (found,) = problems(run.err)
        place = "data/jp-012131-tomakomai/2022/scores/2024-03-31.csv:5"
        assert found == f"{place}: column 'stars': expected 0..10, got 11 [Score-stars]"

    @pytest.mark.parametrize(
        "header",
        ["id,number,titel_ja,title_en,source_lines", "id;number;title_ja", "\0" * 64, "\x1b[31mid\x1b]0;x\x07,id"],
    )
    def test_a_header_that_is_none(self, header: str, workspace: Path, site: Path, cli: Callable[..., Run]) -> None:
        """Fails when a header's own characters reach the terminal raw, or a wrong header is taken for another."""
        shutil.copytree(site, workspace / "public")
        content(POLICIES, f"{header}\n1\n".encode())(workspace / CITY)
        run = cli(workspace, "build", "--data", "data", "--out", "public")
        assert run.code == 1
        assert {one.rpartition(" ")[2] for one in problems(run.err)} == {"[csv-columns]"}
        assert snapshot(workspace / "public") == snapshot(site)
        assert run.err.replace("\n", "").isprintable()

    def test_every_fault_of_every_file_at_once(self, workspace: Path, cli: Callable[..., Run]) -> None:
        """Fails when the first wrong file hides the others, or they are told in no order."""
        for name in ("an empty table", "a table in CP932", "broken TOML", "an unknown table", "a title of a space"):
            BAD[name].do(workspace / CITY)
        found = problems(cli(workspace, "validate", "data").out)
        assert [re.search(r"\[(.+)\]$", one)[1] for one in found] == [  # type: ignore[index]
            *("file-unknown", "file-empty", "cell-text", "file-encoding", "toml")
        ]

    def test_two_faults_of_a_row_are_two_messages(self, workspace: Path, cli: Callable[..., Run]) -> None:
        """Fails when the second wrong cell of a row has to wait for the next run."""
        cell(SCORES, "measure/1-1-1", "stars", "many")(workspace / CITY)
        cell(SCORES, "measure/1-1-1", "origin", "guessed")(workspace / CITY)
        found = problems(cli(workspace, "validate", "data").out)
        assert [one.partition(": expected")[0] for one in found] == [
            f"{CITY}/{SCORES}:5: column 'origin'",
            f"{CITY}/{SCORES}:5: column 'stars'",
        ]

    def test_a_row_of_several_lines_is_told_by_its_first(self, workspace: Path, cli: Callable[..., Run]) -> None:
        """Fails when a quoted line break shifts the numbers of the rows after it."""
        put(NOTES, "端数処理は書かれていない。", "端数処理は\n書かれていない。")(workspace / CITY)
        table = (workspace / CITY / NOTES).read_text(encoding="utf-8")
        assert "端数処理は\n" in table
        write(workspace / CITY / NOTES, read_quoted(table))
        cell(NOTES, "l43-2", "uncertain", "perhaps")(workspace / CITY)
        (found,) = problems(cli(workspace, "validate", "data").out)
        assert found.startswith(at(NOTES, 5, "column 'uncertain'"))

    @pytest.mark.parametrize(
        ("column", "fits", "more"),
        [
            ("stars", "9" * 18, "9" * 19),
            ("percent", f"{'9' * 18}.{'9' * 9}", "33.3333333333"),
            ("percent", "0", f"{'9' * 19}.5"),
        ],
    )
    def test_a_number_that_is_too_long_is_told_how_long_it_may_be(
        self, column: str, fits: str, more: str, workspace: Path, cli: Callable[..., Run]
    ) -> None:
        """Fails when a number in plain ASCII digits is answered with "expected a number in ASCII digits"."""
        kind = {"stars": "integer", "percent": "decimal"}[column]
        assert str(PARSERS[kind].parse(fits)) == fits
        cell(SCORES, "measure/1-1-1", column, more)(workspace / CITY)
        said = next(one for one in problems(cli(workspace, "validate", "data").out) if f"column '{column}'" in one)
        assert f"[cell-{kind}]" in said
        most = "at most 18 of them" if kind == "integer" else "at most 18 before the point and 9 after it"
        assert most in said
        assert f"got {more}" in said

    @pytest.mark.parametrize("name", ["no folder", "an empty folder", "a folder with no city"])
    def test_no_city(self, name: str, workspace: Path, cli: Callable[..., Run]) -> None:
        """Fails when nothing at all is published as a site."""
        shutil.rmtree(workspace / "data")
        if name != "no folder":
            (workspace / "data").mkdir()
        if name == "a folder with no city":
            (workspace / "data/jp-000000-x").mkdir()
        run = cli(workspace, "build", "--data", "data", "--out", "public")
        # A folder that is not there is a wrong path, not bad data.
        assert run.code == (2 if name == "no folder" else 1)
        assert len(problems(run.err)) == (name != "no folder"), run.err
        assert not (workspace / "public").exists()

    def test_one_city_in_two_folders(self, workspace: Path, cli: Callable[..., Run]) -> None:
        """Fails when everything a city says is published twice, and every query over it counts double."""
        shutil.copytree(workspace / CITY, workspace / "data/jp-012131-copy")
        run = cli(workspace, "build", "--data", "data", "--out", "public")
        assert run.code == 1
        (found,) = problems(run.err)
        assert found.startswith(f"{CITY}/city.toml:2: key 'code': expected each municipality in one folder")

    def test_a_folder_that_is_misnamed(self, workspace: Path, cli: Callable[..., Run]) -> None:
        """Fails when a city is published under a name that its code does not have."""
        (workspace / CITY).rename(workspace / "data/Tomakomai")
        run = cli(workspace, "build", "--data", "data", "--out", "public")
        assert run.code == 1
        assert [one.rpartition(" ")[2] for one in problems(run.err)] == ["[folder-name]"]


def read_quoted(text: str) -> list[list[str]]:
    """Rows of a text into which a bare line break was put: the two halves belong together."""
    first, second, *rest = text.splitlines()[1:]
    header = text.splitlines()[0]
    joined = next(csv.reader(io.StringIO(f"{first}\x01{second}")))
    return [header.split(","), [one.replace("\x01", "\n") for one in joined], *csv.reader(rest)]


class TestGoodRecords:
    """What a spreadsheet does to a file without changing what it says."""

    @staticmethod
    def bom(path: Path) -> None:
        """Excel's mark at the beginning."""
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())

    @staticmethod
    def crlf(path: Path) -> None:
        """Windows' line ends."""
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))

    @staticmethod
    def reordered(path: Path) -> None:
        """Columns moved about."""
        if path.suffix == ".csv":
            write(path, [row[::-1] for row in read(path)])

    @staticmethod
    def quoted(path: Path) -> None:
        """Every cell in quotes."""
        if path.suffix == ".csv":
            text = io.StringIO(newline="")
            csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(read(path))
            path.write_bytes(text.getvalue().encode())

    @staticmethod
    def blank_lines(path: Path) -> None:
        """Blank lines at the end."""
        path.write_bytes(path.read_bytes() + b"\n\n")

    @pytest.mark.parametrize("name", ["bom", "crlf", "reordered", "quoted", "blank_lines"])
    def test_the_same_site(self, name: str, workspace: Path, site_of_one: Path, cli: Callable[..., Run]) -> None:
        """Fails when a byte-order mark, line ends, the order of columns or quotes change what is published."""
        for path in (workspace / CITY).rglob("*"):
            if path.suffix in {".csv", ".toml"}:
                getattr(self, name)(path)
        run = cli(workspace, "build", "--data", "data", "--out", "public")
        assert run.code == 0, run.err
        ours, theirs = snapshot(workspace / "public"), snapshot(site_of_one)
        assert ours.keys() == theirs.keys()
        assert [path for path, raw in ours.items() if raw != theirs[path]] == []

    def test_a_folder_behind_a_link_is_a_folder(
        self, workspace: Path, site_of_one: Path, cli: Callable[..., Run]
    ) -> None:
        """Fails when a programme that lies elsewhere is lost in silence, or what is wrong in it is not told."""
        programme = workspace / CITY / "2022"
        programme.rename(workspace / "elsewhere")
        programme.symlink_to(workspace / "elsewhere")
        (workspace / "elsewhere/reports/again").symlink_to(workspace / CITY)
        assert cli(workspace, "build", "--out", "site", "--compress", "none").code == 0
        page = "jp/012131/2022/measure/1-2-1.html"
        assert (workspace / "site" / page).read_bytes() == (site_of_one / page).read_bytes()
        (workspace / "elsewhere/measure.csv").write_text("id\n", encoding="utf-8")
        assert "2022/measure.csv: file: expected a file that docs/records.md names" in cli(workspace, "validate").out

    def test_an_extent_in_one_text(self, workspace: Path, site_of_one: Path, cli: Callable[..., Run]) -> None:
        """Fails when a list in one text, as every list may be written, says something else than an array."""
        put(CITY_TOML, "[141.3390, 42.5748, 141.8300, 42.7878]", '"141.339;42.5748;141.83;42.7878"')(workspace / CITY)
        assert cli(workspace, "build", "--data", "data", "--out", "public").code == 0
        assert snapshot(workspace / "public") == snapshot(site_of_one)

    def test_a_city_without_an_extent_is_a_place_all_the_same(self, workspace: Path, cli: Callable[..., Run]) -> None:
        """Fails when the catalogue's IRI of the place leads nowhere, or an extent is made up."""
        path = workspace / CITY / CITY_TOML
        kept = path.read_text(encoding="utf-8").splitlines(keepends=True)
        path.write_text(
            "".join(one for one in kept if not one.startswith(("bbox", "centroid", "extent"))), encoding="utf-8"
        )
        run = cli(workspace, "build", "--data", "data", "--out", "public")
        assert run.code == 0, run.err
        for tree in ("", "en/"):
            page = (workspace / "public" / f"{tree}jp/012131.html").read_text(encoding="utf-8")
            assert 'id="place"' in page
            assert "°" not in page
        turtle = (workspace / "public/jp/012131.ttl").read_text(encoding="utf-8")
        assert "<jp/012131#place>\n    a dcterms:Location" in turtle
        assert "dcat:bbox" not in turtle


TITLE = "jp/012131/2022/pledge/1-1"
# Code points weighted towards what breaks formats; surrogates cannot stand in a file in UTF-8 at all.
TEXTS = st.text(
    st.characters(exclude_categories=["Cs"]) | st.sampled_from("\"'\\<>&{}|^`,;\n\r\t\0\u2028\u0085苫・"), max_size=40
)


class TestAnyText:
    """Whatever a person types into a title is refused, or published as typed."""

    @settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(text=TEXTS)
    @example(text='"')
    @example(text="'''")
    @example(text="\\u0041")
    @example(text="a\nb")
    @example(text="a\r\nb")
    @example(text="-->{{ 7 * 7 }}")
    @example(text="]]> &amp; &lt;b>")
    @example(text="=1+1")
    @example(text="@en")
    @example(text="\U0001f600\U000e0001")
    @example(text="\ufffe")
    @example(text="e\u0301")
    def test_a_title_is_refused_or_survives(
        self, text: str, data: Path, workspace: Path, cli: Callable[..., Run]
    ) -> None:
        """Fails when a text is changed on its way through CSV, N-Triples, Turtle and JSON-LD, or crashes the build."""
        shutil.rmtree(workspace / "public", ignore_errors=True)
        shutil.copy(data.parent / CITY / PLEDGES, workspace / CITY / PLEDGES)
        cell(PLEDGES, "1-1", "title_ja", text)(workspace / CITY)
        run = cli(workspace, "build", "--data", "data", "--out", "public")
        if run.code == 1:
            (found,) = problems(run.err)
            assert found.startswith(f"{CITY}/{PLEDGES}:2: column 'title_ja': expected "), found
            assert not (workspace / "public").exists()
            return
        assert run.code == 0, run.err
        public = workspace / "public"
        node = f"https://w3id.org/pledge-ld/{TITLE}"
        expected = ox.Literal(text, language="ja")
        label = ox.NamedNode(str(SKOS.prefLabel))
        for path, form in (
            ("data/jp-012131-tomakomai.nt", ox.RdfFormat.N_TRIPLES),
            ("data/jp-012131-tomakomai.ttl", ox.RdfFormat.TURTLE),
            (f"{TITLE}.ttl", ox.RdfFormat.TURTLE),
            (f"{TITLE}.jsonld", ox.RdfFormat.JSON_LD),
            ("data/jp-012131-tomakomai.jsonld", ox.RdfFormat.JSON_LD),
        ):
            dataset = ox.Dataset(ox.parse((public / path).read_bytes(), form))
            titles = [one.object for one in dataset.quads_for_subject(ox.NamedNode(node)) if one.predicate == label]
            assert expected in titles, path
            assert len(titles) == 2, path
        other = Dataset(default_union=True).parse(public / f"{TITLE}.ttl", format="turtle")
        assert text in {str(one) for one in other.objects(URIRef(node), SKOS.prefLabel)}
