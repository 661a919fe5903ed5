"""What a build puts below data/, judged by those who take it home: a validator, pandas, R, a search engine.

How each file is made is the business of the tests of tables and of the catalogue; here stands what a site really holds.
"""

from __future__ import annotations

import contextlib
import csv
import html
import json
import re
import subprocess
import sys
import warnings
import zipfile
from typing import TYPE_CHECKING, Any

import extruct
import pytest
from csvw import CSVW
from judges import program
from openpyxl import load_workbook

from pledge_ld.table import TABLES

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = "jp-012131-tomakomai"
REPORT = "jp/012131/2022/report/2024-03-31"
METADATA = ".csv-metadata.json"
EXCEL = "-excel.csv"


def tables(site: Path) -> list[Path]:
    """Every exact CSV of every city. An answer of a query is no table: it lies with its question."""
    return sorted(one for one in (site / "data").rglob("*.csv") if not one.name.endswith(EXCEL))


def faults(path: Path) -> list[str]:
    """What csvwvalidate finds, asked as a function: a process for each file would mostly wait for its imports."""
    try:
        with warnings.catch_warnings():
            # It tells of faults by warnings and keeps them; the tests' own rule makes errors of warnings.
            warnings.simplefilter("default")
            judged = CSVW(str(path), validate=True)
            return [] if judged.is_valid else [str(one.message) for one in judged.warnings] or ["FAIL"]
    except ValueError as error:
        return [str(error)]


# Tables


def test_the_validator_refuses_a_broken_table(site: Path, tmp_path: Path) -> None:
    """Started as a function it must judge like the command: a row too short, a cell of another type."""
    text = (site / "data" / FOLDER / "scores.csv").read_bytes()
    (tmp_path / f"scores{METADATA}").write_bytes((site / "data" / FOLDER / f"scores{METADATA}").read_bytes())
    for broken in (text + b"x\r\n", text.replace(b",2024-03-31,", b",soon,", 1)):
        assert broken != text
        (tmp_path / "scores.csv").write_bytes(broken)
        assert faults(tmp_path / f"scores{METADATA}")


def test_every_table_is_there_and_has_metadata(site: Path) -> None:
    """A table without metadata is a guess at types; metadata without a table are a dead link."""
    folder = site / "data" / FOLDER
    assert [one for one in tables(site) if one.parent == folder] == sorted(folder / f"{one.name}.csv" for one in TABLES)
    for path in tables(site):
        described = path.with_name(path.stem + METADATA)
        assert json.loads(described.read_bytes())["url"] == path.name
        assert path.with_name(path.stem + EXCEL).is_file()
    assert len(list((site / "data").rglob(f"*{METADATA}"))) == len(tables(site))
    assert len(list((site / "data").rglob(f"*{EXCEL}"))) == len(tables(site))


def test_the_validator_accepts_every_table(site: Path) -> None:
    """A table that breaks its own metadata misleads whoever trusts them."""
    found = sorted(site.rglob(f"*{METADATA}"))
    assert found
    assert {one: faults(one) for one in found} == {one: [] for one in found}


# One line into pandas, and one into R


def shown(site: Path, call: str) -> str:
    """The line with that call, the same on the city's page of downloads in both languages, as a person copies it."""
    lines = set()
    for tree in ("", "en/"):
        text = (site / f"{tree}data/{FOLDER}.html").read_text(encoding="utf-8")
        lines |= {html.unescape(one) for one in re.findall(r"<code>([^<]*)</code>", text) if call in one}
    assert len(lines) == 1, lines
    # Where the site has an address of its own the line has it too; no test goes there.
    return re.sub(r'"[^"]*everything\.csv"', '"everything.csv"', lines.pop())


def expected(site: Path) -> list[str]:
    """What a loaded table should say of itself: rows, columns, the first column, the code, those that count."""
    with (site / "data" / FOLDER / "everything.csv").open(encoding="utf-8-sig", newline="") as file:
        header, *body = csv.reader(file, strict=True)
    count = sum(one[header.index("adopted")] == "true" for one in body)
    return [str(len(body)), str(len(header)), "score", "012131", str(count), "苫小牧市"]


def test_pandas_loads_everything_by_the_line_that_the_page_shows(site: Path) -> None:
    """A line that does not work is worse than none: codes keep their zero, flags are flags, days are days."""
    line = shown(site, "pandas.read_csv(")
    program_ = f"""
import pandas
{line}
assert str(frame["as_of"].dt.date.iloc[0]) == "2024-03-31"
print(*frame.shape, frame.columns[0], *set(frame["municipality_code"]), frame["adopted"].sum(), sep="\\n")
print(*set(frame["municipality_ja"]))
"""
    assert printed([sys.executable, "-X", "utf8", "-c", program_], site) == expected(site)


def test_r_loads_everything_by_the_line_that_the_page_shows(site: Path) -> None:
    """The same in R: no mark in the first column's name, and every letter of the Japanese."""
    line = shown(site, "read.csv(")
    program_ = f"""
{line}
lines <- c(dim(frame), names(frame)[1], unique(frame$municipality_code), sum(frame$adopted == "true"))
writeLines(c(lines, unique(frame$municipality_ja)))
"""
    assert printed([program("Rscript"), "--vanilla", "-e", program_], site) == expected(site)


def printed(command: list[str], site: Path) -> list[str]:
    """The lines that a program prints, started where the table lies."""
    environment = {"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"}
    run = subprocess.run(
        command, cwd=site / "data" / FOLDER, env=environment, capture_output=True, encoding="utf-8", check=False
    )
    assert (run.returncode, run.stderr) == (0, "")
    return run.stdout.splitlines()


# The archive and the workbook


def test_the_archive_unpacks_to_the_city_s_files(site: Path, tmp_path: Path) -> None:
    """Every download but itself, byte for byte, and one text that says what and whose it all is."""
    data = site / "data"
    with zipfile.ZipFile(data / f"{FOLDER}.zip") as archive:
        assert archive.testzip() is None
        archive.extractall(tmp_path)
    ours = [one for one in data.glob(f"{FOLDER}.*") if one.suffix not in {".html", ".zip"}]
    ours += [one for one in (data / FOLDER).rglob("*") if one.is_file()]
    ours = [one for one in ours if one.suffix not in {".br", ".gz"}]
    unpacked = {one.relative_to(tmp_path).as_posix() for one in tmp_path.rglob("*") if one.is_file()}
    readme = f"{FOLDER}/README.txt"
    assert unpacked == {readme} | {one.relative_to(data).as_posix() for one in ours}
    for one in ours:
        assert (tmp_path / one.relative_to(data)).read_bytes() == one.read_bytes(), one
    said = (tmp_path / readme).read_text(encoding="utf-8")
    for part in ("苫小牧市", "加工", "creativecommons.org/licenses/by/4.0", "unofficial"):
        assert part in said, part


def test_the_workbook_has_a_sheet_for_every_table(site: Path) -> None:
    """Whoever takes the workbook instead of the CSV files gets as many rows."""
    book = load_workbook(site / "data" / f"{FOLDER}.xlsx", read_only=True)
    with contextlib.closing(book):
        assert book.sheetnames[1:] == [one.name for one in TABLES]
        for table in TABLES:
            with (site / "data" / FOLDER / f"{table.name}.csv").open(encoding="utf-8-sig", newline="") as file:
                records = sum(1 for _ in csv.reader(file, strict=True))
            assert sum(1 for _ in book[table.name].iter_rows()) == records, table.name


# What search engines find


@pytest.mark.parametrize("tree", ["", "en/"], ids=["ja", "en"])
@pytest.mark.parametrize("path", ["jp/012131", REPORT])
def test_extruct_finds_the_dataset(path: str, tree: str, site: Path) -> None:
    """A search for data sets shows what this library finds: one Dataset, in the page's language, with its downloads."""
    page = site / f"{tree}{path}.html"
    extracted: Any = extruct.extract(page.read_text(encoding="utf-8"), syntaxes=["json-ld"])["json-ld"]
    assert [(one["@context"], one["@type"]) for one in extracted] == [("https://schema.org/", "Dataset")]
    found = extracted[0]
    assert 50 <= len(found["description"]) <= 5000
    assert re.search(r"[ぁ-ん]", found["description"]) is None if tree else re.search(r"[ぁ-ん]", found["description"])
    assert found["license"].startswith("https://creativecommons.org/licenses/by/4.0")
    assert found["url"].endswith(f"{tree}{path}.html") or path != REPORT
    for one in found["distribution"] if path == REPORT else []:
        assert (site / "data" / one["contentUrl"].partition("/data/")[2]).is_file(), one["contentUrl"]
