"""The tables: rows as the graph says, files that every reader reads alike, and nothing that a spreadsheet runs."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
import zipfile
from collections import Counter
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from csvw_rdf import convert
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from rdflib import RDFS, Graph, URIRef

from pledge_ld.graph import Index, as_ntriples
from pledge_ld.table import TABLES, Table, as_csv, bundle, neutral, rows, table_files, workbook
from pledge_ld.term import NS, PLEDGE, PREFIXES, Triple, boolean, curie, day, iri, string, tagged

if TYPE_CHECKING:
    from pathlib import Path

    from pledge_ld.publish import CityData

FOLDER = "jp-012131-tomakomai"
DAY = date(2024, 5, 1)
BY_NAME = {table.name: table for table in TABLES}
names = pytest.mark.parametrize("name", BY_NAME)
HOSTILE = ("=1+1", "+81", "-1", "@SUM(A1)", "\tx", "\rx", "=cmd|'/C calc'!A0", "-")
HARMLESS = ("", "★=1", " =1", "'=1", "1-2", "x@y", "\n=", "苫小牧", "#N/A", "TRUE", "1e5", "012131")


@pytest.fixture(scope="module")
def index(built: CityData) -> Index:
    """Tomakomai's graph."""
    assert built.index is not None
    return built.index


@pytest.fixture(scope="module")
def published(index: Index, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tables' files in a folder, as a site has them."""
    return written(index, tmp_path_factory.mktemp("tables"))


@pytest.fixture(scope="module")
def graph(index: Index) -> Graph:
    """Tomakomai's graph as an independent reader sees it."""
    return Graph().parse(data=as_ntriples(index.triples), format="nt")


def written(index: Index, folder: Path) -> Path:
    """The folder that holds all files of all tables."""
    target = folder / "data" / FOLDER
    target.mkdir(parents=True)
    for table in TABLES:
        for path, content in table_files(table, rows(table, index), index, FOLDER):
            (folder / path).write_bytes(content)
    return target


def cells(content: bytes) -> list[list[str]]:
    """A CSV's rows with its header, read strictly."""
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))


def hostile_graph(index: Index) -> Index:
    """The city's graph, where labels of departments are what a spreadsheet would run, or looks like it."""
    label = curie("skos:prefLabel")
    departments = index.of_type(PLEDGE["Department"])[: len(HOSTILE) + len(HARMLESS)]
    given_labels = dict(zip(departments, HOSTILE + HARMLESS, strict=True))
    triples = [one for one in index.triples if one[0] not in given_labels or one[1] != label]
    return Index(triples + [(one, label, tagged(text, "ja")) for one, text in given_labels.items()])


# The rows


def test_there_is_a_row_for_each_thing_the_report_has(index: Index) -> None:
    """5 policies, 25 pledges, 50 measures, 130 actions, 50 departments; as many scores and notes as in the graph."""
    found = {table.name: len(rows(table, index)) for table in TABLES}
    scores, notes = len(index.of_type(PLEDGE["ProgressScore"])), len(index.of_type(PLEDGE["DataNote"]))
    assert found == {
        "policies": 5, "pledges": 25, "measures": 50, "actions": 130, "departments": 50,
        "scores": scores, "everything": scores, "notes": notes, "counts": len(index.of_type(PLEDGE["LevelCount"])),
    }  # fmt: skip
    assert scores >= 81
    assert notes > 0


def test_everything_gives_the_report_s_own_figures(index: Index) -> None:
    """The overall figure, a policy's and a measure's, picked as one picks them from a tidy table."""
    found = everything(index)
    adopted = [one for one in found if one["adopted"] == "true"]
    assert Counter(one["kind"] for one in adopted) == {"Programme": 1, "Policy": 5, "Pledge": 25, "Measure": 50}
    assert [one["percent"] for one in adopted if one["kind"] == "Programme"] == ["59.2"]
    assert [one["percent"] for one in adopted if one["kind"] == "Policy" and one["policy_id"] == "1"] == ["62"]
    measure = next(one for one in adopted if one["measure_id"] == "5-3-1")
    assert (measure["origin"], measure["stars"], measure["level_ja"]) == ("Inferred", "4", "★4")
    assert (measure["pledge_number"], measure["policy_number"]) == ("Ⅴ-3", "Ⅴ")
    assert measure["departments_ja"].count("|") == 2
    assert {one["municipality_code"] for one in found} == {"012131"}


def everything(index: Index) -> list[dict[str, str]]:
    """The tidy table, each row by its columns' names."""
    header = [one.name for one in BY_NAME["everything"].columns]
    return [dict(zip(header, row, strict=True)) for row in rows(BY_NAME["everything"], index)]


@names
def test_every_key_is_there_once_and_in_order(name: str, index: Index) -> None:
    """A key that stands twice joins wrongly; 1-2 stands before 1-10."""
    keys = [row[0] for row in rows(BY_NAME[name], index)]
    assert len(set(keys)) == len(keys)
    expected = [one[1:-1] for one in index.of_type(PLEDGE[BY_NAME[name].kind])]
    assert sorted(keys) == sorted(expected)
    padded = ["".join(part.zfill(9) if part.isdigit() else part for part in split(key)) for key in keys]
    assert padded == sorted(padded)


def split(text: str) -> list[str]:
    """The text in runs of digits and of anything else."""
    runs: list[str] = []
    for one in text:
        if runs and runs[-1][-1].isdigit() == one.isdigit():
            runs[-1] += one
        else:
            runs.append(one)
    return runs


@names
def test_no_statement_of_a_row_s_thing_is_lost_or_altered(name: str, index: Index) -> None:
    """What the graph says of the row's thing by a column's property stands in the cell, letter by letter."""
    table = BY_NAME[name]
    for row in rows(table, index):
        for column, cell in zip(table.columns, row, strict=True):
            if column.about or column.form == "instance":
                continue
            terms = index.objects(iri(row[0]), column.states)
            if column.form == "literal":
                terms = [one for one in terms if one.rpartition('"')[2].removeprefix("@").startswith(column.lang)]
                terms = [one for one in terms if one.rpartition('"')[2].startswith("@") == bool(column.lang)]
            parts = cell.split(column.separator) if column.separator and cell else [cell] if cell else []
            assert len(parts) == len(terms), (row[0], column.name)
            if column.form != "term":
                assert sorted(parts) == sorted(plain(one) for one in terms)
            else:
                assert [f"<{NS}{one}>" for one in parts] == terms


def plain(term: str) -> str:
    """A term's value, for the terms of this city: none has an escape that JSON has not."""
    return term[1:-1] if term[0] == "<" else str(json.loads(term[: term.rindex('"') + 1].replace("\t", "\\t")))


def test_a_column_speaks_of_another_of_its_table() -> None:
    """A column about one that is not there, or is text, could not be read; a name that stands twice is lost."""
    for table in TABLES:
        by_name = {one.name: one for one in table.columns}
        assert len(by_name) == len(table.columns), table.name
        for column in table.columns:
            assert not column.about or by_name[column.about].form in {"iri", "instance"}, column.name
            assert column.name.isascii()
            assert column.name == column.name.lower()
            assert set(column.title) == set(column.description) == {"ja", "en"}
            assert all((*column.title.values(), *column.description.values()))


def test_every_column_s_property_is_a_term_that_exists(root: Path) -> None:
    """One of the ontology where it is ours, else one of a vocabulary that we know by its prefix."""
    ontology = Graph().parse(root / "ontology" / "pledge.ttl")
    for column in (column for table in TABLES for column in table.columns):
        if column.property_url.startswith(NS):
            assert (URIRef(column.property_url), RDFS.label, None) in ontology, column.name
        else:
            assert any(column.property_url.startswith(namespace) for namespace in PREFIXES.values()), column.name


def test_a_city_that_lacks_a_level_has_empty_cells(index: Index) -> None:
    """Pledges straight under the programme: no policy, and no row is lost."""
    policy = f"<{NS}Policy>"
    without = Index(one for one in index.triples if one[2] != policy)
    assert rows(BY_NAME["policies"], without) == []
    found = everything(without)
    assert len(found) == len(everything(index))
    assert {one["policy"] for one in found} == {one["policy_ja"] for one in found} == {""}
    assert {one["pledge_id"] for one in found if one["kind"] == "Measure"} != {""}


def test_a_bar_in_a_department_s_name_does_not_part_it(index: Index) -> None:
    """The names of departments are parted by a bar: one inside a name is written wide."""
    department = next(
        one for one in index.of_type(PLEDGE["Department"]) if index.subjects(PLEDGE["responsibleDepartment"], one)
    )
    label = curie("skos:prefLabel")
    triples = [one for one in index.triples if one[:2] != (department, label)]
    changed = Index([*triples, (department, label, tagged("a|b", "ja"))])
    table = BY_NAME["measures"]
    place = [one.name for one in table.columns].index("departments_ja")
    at = [one.name for one in table.columns].index("departments")
    assert any("a｜b" in row[place].split("|") for row in rows(table, changed))
    assert all(len(row[place].split("|")) == len(row[at].split(" ")) for row in rows(table, changed))


# The files


@names
def test_the_csv_is_rfc_4180_in_utf_8_with_its_mark(name: str, index: Index, published: Path) -> None:
    """A byte order mark, CR LF after every record, names in the header, and the rows letter by letter."""
    content = (published / f"{name}.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.endswith(b"\r\n")
    table = BY_NAME[name]
    header, *body = cells(content)
    assert header == [one.name for one in table.columns]
    assert [tuple(one) for one in body] == rows(table, index)


@given(st.lists(st.tuples(*[st.text(st.characters(exclude_categories=["Cs"]))] * 7), max_size=5))
@settings(deadline=None)
def test_any_text_comes_back_from_the_csv(content: list[tuple[str, ...]]) -> None:
    """Quotes, commas, bare carriage returns, marks and wide characters."""
    table = BY_NAME["policies"]
    width = len(table.columns)
    padded = [(*row, *[""] * (width - 7), "x")[-width:] for row in content]
    _, *body = cells(as_csv(table, padded))
    assert [tuple(one) for one in body] == padded


def test_the_spreadsheet_s_csv_neutralises_what_is_hostile_and_nothing_else(index: Index, tmp_path: Path) -> None:
    """An apostrophe before = + - @, tab and carriage return; every other cell as in the exact file."""
    folder = written(hostile_graph(index), tmp_path)
    changed = 0
    for name in BY_NAME:
        exact = cells((folder / f"{name}.csv").read_bytes())
        safe = cells((folder / f"{name}-excel.csv").read_bytes())
        for row, safe_row in zip(exact, safe, strict=True):
            for cell, safe_cell in zip(row, safe_row, strict=True):
                begins = cell[:1] in {"=", "+", "-", "@", "\t", "\r"} and cell != ""
                assert safe_cell == (f"'{cell}" if begins else cell)
                changed += begins
    assert changed >= len(HOSTILE)
    exact = cells((folder / "departments.csv").read_bytes())
    assert {row[2] for row in exact} >= {*HOSTILE, *HARMLESS}


@pytest.mark.parametrize("cell", HOSTILE)
def test_a_formula_is_neutral(cell: str) -> None:
    """A spreadsheet shows what stands behind an apostrophe and does not run it."""
    assert neutral(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", HARMLESS)
def test_other_text_is_left_alone(cell: str) -> None:
    """An apostrophe where none is needed is a fault in the data."""
    assert neutral(cell) == cell


def test_our_own_cells_need_no_apostrophe(published: Path) -> None:
    """Today's report has no hostile cell: both files are the same, so that a difference means something."""
    for name in BY_NAME:
        assert (published / f"{name}.csv").read_bytes() == (published / f"{name}-excel.csv").read_bytes()


# The metadata


@names
def test_csvwvalidate_accepts_the_table(name: str, published: Path) -> None:
    """The validator finds the metadata beside the CSV, and the CSV from the metadata."""
    for file in (f"{name}.csv", f"{name}.csv-metadata.json"):
        run = csvwvalidate(published / file)
        assert (run.returncode, run.stdout.strip().endswith("OK")) == (0, True), run.stdout + run.stderr


@pytest.mark.parametrize(
    ("old", "new"),
    [(b",2024-03-31,", b",31 March,"), (b",true,", b",yes,"), (b",Published,", b",,")],
    ids=["date", "boolean", "required"],
)
def test_csvwvalidate_refuses_a_table_that_breaks_its_metadata(
    old: bytes, new: bytes, published: Path, tmp_path: Path
) -> None:
    """Metadata that accept anything would prove nothing."""
    for file in ("scores.csv", "scores.csv-metadata.json"):
        content = (published / file).read_bytes()
        (tmp_path / file).write_bytes(content.replace(old, new, 1) if file.endswith(".csv") else content)
    assert csvwvalidate(tmp_path / "scores.csv-metadata.json").returncode == 1


def csvwvalidate(path: Path) -> subprocess.CompletedProcess[str]:
    """What the validator says of a file."""
    program = "import sys; from csvw.__main__ import csvwvalidate; csvwvalidate()"
    return subprocess.run(
        [sys.executable, "-c", program, "-v", str(path)], capture_output=True, text=True, check=False, timeout=60
    )


@names
def test_what_a_csvw_processor_makes_of_a_table_is_in_our_graph(name: str, published: Path, graph: Graph) -> None:
    """By the standard's minimal mode: no statement that we do not make ourselves, and one at least for each row."""
    converted = convert(published / f"{name}.csv-metadata.json")
    assert set(converted) - set(graph) == set()
    table = BY_NAME[name]
    subjects = {str(one) for one in converted.subjects()}
    keys = {row[0] for row in cells((published / f"{name}.csv").read_bytes())[1:]}
    assert keys <= subjects
    stated = {str(one) for one in converted.predicates()}
    cells_filled = filled(table, published)
    assert stated == {one.property_url for one in table.columns if not one.separator and one.name in cells_filled}


def filled(table: Table, published: Path) -> set[str]:
    """The columns in which any cell holds something."""
    header, *body = cells((published / f"{table.name}.csv").read_bytes())
    return {name for name, column in zip(header, zip(*body, strict=True), strict=True) if any(column)}


def test_a_wrong_cell_is_a_statement_we_do_not_make(published: Path, graph: Graph, tmp_path: Path) -> None:
    """One star more, and the converted table is no longer in the graph: the comparison can fail."""
    for file in ("scores.csv", "scores.csv-metadata.json"):
        (tmp_path / file).write_bytes((published / file).read_bytes())
    header, *body = cells((tmp_path / "scores.csv").read_bytes())
    row = next(one for one in body if one[header.index("stars")] == "5")
    row[header.index("stars")] = "6"
    (tmp_path / "scores.csv").write_bytes(as_csv(BY_NAME["scores"], [tuple(one) for one in body]))
    assert len(set(convert(tmp_path / "scores.csv-metadata.json")) - set(graph)) == 1


def test_texts_that_csv_and_csvw_could_bend_convert_exactly(index: Index, tmp_path: Path) -> None:
    """Spaces at the ends, line breaks, quotes and escapes in the names of departments."""
    bent = Index(nasty(index))
    folder = written(bent, tmp_path)
    reference = Graph().parse(data=as_ntriples(bent.triples), format="nt")
    for name in BY_NAME:
        assert set(convert(folder / f"{name}.csv-metadata.json")) - set(reference) == set()


def nasty(index: Index) -> list[Triple]:
    """The city's triples, with labels that quote, break lines and have spaces around."""
    label = curie("skos:prefLabel")
    texts = (
        'a "b", c',
        " spaces ",
        "one\ntwo",
        "one\r\ntwo",
        "back\\slash",
        "{+score}",
        "\u3000wide\u3000",
        "'",
        '"',
        ",",
    )
    named = dict(zip(index.of_type(PLEDGE["Department"]), texts, strict=False))
    kept = [one for one in index.triples if one[0] not in named or one[1] != label]
    return [*kept, *((one, label, tagged(text, "ja")) for one, text in named.items())]


@names
def test_the_metadata_say_whose_the_data_are(name: str, published: Path) -> None:
    """Licence, source, the processing note, and every word in both languages."""
    metadata = json.loads((published / f"{name}.csv-metadata.json").read_bytes())
    assert metadata["url"] == f"{name}.csv"
    assert metadata["dc:license"] == [{"@id": "https://creativecommons.org/licenses/by/4.0/"}]
    assert [one["@id"].rpartition("/")[2] for one in metadata["dc:source"]] == ["2024-03-31"]
    for key in ("dc:title", "dc:description", "dc:rights"):
        assert [one["@language"] for one in metadata[key]] == ["en", "ja"], key
    assert any("加工" in one["@value"] for one in metadata["dc:rights"])
    schema = metadata["tableSchema"]
    assert schema["aboutUrl"] == f"{{+{schema['primaryKey']}}}"
    for column in schema["columns"]:
        assert set(column["titles"]) == {"und", "ja", "en"}


def test_pandas_loads_everything_in_one_line(index: Index, published: Path) -> None:
    """The line that the page shows: codes stay text, flags are flags, days are days."""
    pandas = pytest.importorskip("pandas", reason="pandas is not installed: pip install pandas")
    frame = pandas.read_csv(published / "everything.csv", dtype={"municipality_code": str}, parse_dates=["as_of"])
    assert len(frame) == len(index.of_type(PLEDGE["ProgressScore"]))
    assert next(iter(frame.columns)) == "score"
    assert set(frame["municipality_code"]) == {"012131"}
    adopted = frame[frame["adopted"]]
    assert adopted.groupby("kind").size().to_dict() == {"Measure": 50, "Pledge": 25, "Policy": 5, "Programme": 1}
    assert set(frame["as_of"].dt.date) == {date(2024, 3, 31)}


@names
def test_pandas_reads_every_letter(name: str, index: Index, published: Path) -> None:
    """As text and with nothing taken for a missing value, the frame holds the rows as they are."""
    pandas = pytest.importorskip("pandas", reason="pandas is not installed: pip install pandas")
    frame = pandas.read_csv(published / f"{name}.csv", dtype=str, keep_default_na=False)
    assert [tuple(one) for one in frame.itertuples(index=False)] == rows(BY_NAME[name], index)


# The workbook and the archive


def made(index: Index, title: str = "T") -> bytes:
    """The workbook of a graph."""
    return workbook([(table, rows(table, index)) for table in TABLES], index, title, DAY)


def opened(content: bytes) -> Any:
    """The workbook as its own library reads it."""
    return load_workbook(io.BytesIO(content))


def typed(cell: str, datatype: str) -> Any:
    """What a cell of the CSV is in a spreadsheet."""
    if not cell:
        return None
    match datatype:
        case "integer":
            return int(cell)
        case "decimal":
            return Decimal(cell)
        case "boolean":
            return cell == "true"
        case "date":
            return datetime.fromisoformat(cell)
    return cell


def test_the_workbook_holds_the_same_values(index: Index) -> None:
    """A sheet a table after the first, the header frozen, figures as numbers, days as days, the rest as text."""
    book = opened(made(index, "Tomakomai"))
    assert book.sheetnames == ["about", *BY_NAME]
    for name, table in BY_NAME.items():
        sheet = book[name]
        assert sheet.freeze_panes == "A2"
        header, *body = [tuple(one.value for one in row) for row in sheet.iter_rows()]
        assert header == tuple(one.name for one in table.columns)
        expected = [
            tuple(
                typed(cell, "string" if column.separator else column.datatype)
                for cell, column in zip(row, table.columns, strict=True)
            )
            for row in rows(table, index)
        ]
        assert [tuple(exact(one) for one in row) for row in body] == expected


def exact(value: Any) -> Any:
    """A number as it is written: a spreadsheet's library reads a float."""
    return Decimal(str(value)) if isinstance(value, float) else value


def test_the_workbook_says_what_each_column_is(index: Index) -> None:
    """The first sheet has the source and the licence, then a line for every table and column."""
    lines = [tuple(one.value for one in row) for row in opened(made(index))["about"].iter_rows()]
    assert any("加工" in (one[4] or "") for one in lines)
    assert any(one[4] == "https://creativecommons.org/licenses/by/4.0/" for one in lines)
    described = {(one[0], one[1]) for one in lines if one[0] and one[1]}
    assert described == {("table", "column")} | {(table.name, one.name) for table in TABLES for one in table.columns}


def test_no_cell_of_the_workbook_is_a_formula(index: Index) -> None:
    """Text that begins like a formula, or reads like an error or a number, is text."""
    book = opened(made(hostile_graph(index)))
    found = {cell.value: cell.data_type for row in book["departments"].iter_rows() for cell in row}
    for text in (*HOSTILE, *HARMLESS):
        if text and not text.startswith("\r"):
            assert found[text] == "s", text
    types = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert types <= {"s", "n", "b", "d"}


def test_the_workbook_takes_what_its_format_cannot_hold(index: Index) -> None:
    """A control character is written by its code; a text longer than a cell ends in an ellipsis, and is no error."""
    department = index.of_type(PLEDGE["Department"])[0]
    for text, expected in (("a\x0bb", "a_x000B_b"), ("x" * 40000, "x" * 32766 + "…"), ("_x000B_", "_x005F_x000B_")):
        label = (department, curie("skos:altLabel"), tagged(text, "ja-Hira"))
        changed = Index([one for one in index.triples if one[:2] != label[:2]] + [label])
        with zipfile.ZipFile(io.BytesIO(made(changed))) as archive:
            assert f"<t>{expected}</t>" in archive.read("xl/sharedStrings.xml").decode()


def test_an_empty_city_makes_empty_tables(tmp_path: Path) -> None:
    """A city that is only begun has headers, and a workbook that opens."""
    empty = Index([])
    folder = written(empty, tmp_path)
    assert all(len(cells(one.read_bytes())) == 1 for one in folder.glob("*.csv"))
    assert opened(made(empty)).sheetnames[0] == "about"


PROGRAM = """
import hashlib, sys
from datetime import date
from pledge_ld.graph import Index
from pledge_ld.table import TABLES, bundle, rows, table_files, workbook
triples = [tuple(line[:-3].split(" ", 2)) for line in open(sys.argv[1], encoding="utf-8", newline="\\n")]
index = Index(triples)
files = [one for table in TABLES for one in table_files(table, rows(table, index), index, "city")]
contents = [(table, rows(table, index)) for table in TABLES]
files.append(("data/city.xlsx", workbook(contents, index, "T", date(2024, 5, 1))))
print(hashlib.sha256(bundle(files, date(2024, 5, 1))).hexdigest(), hashlib.sha256(files[-1][1]).hexdigest())
"""


def test_when_and_where_it_is_made_leaves_no_mark(index: Index, tmp_path: Path) -> None:
    """Two processes with other hash seeds and time zones write the same .xlsx and .zip, byte by byte."""
    triples = tmp_path / "city.nt"
    triples.write_text(as_ntriples(index.triples), encoding="utf-8", newline="\n")
    answers = set()
    for seed, zone in (("0", "UTC"), ("1", "Asia/Tokyo"), ("2", "America/St_Johns")):
        run = subprocess.run(
            [sys.executable, "-c", PROGRAM, str(triples)],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone},
        )
        answers.add(run.stdout)
    assert len(answers) == 1


def test_a_second_later_makes_the_same_workbook(index: Index) -> None:
    """No time of saving: the properties have the day given, the archive's entries the first day its format knows."""
    content = made(index, "苫小牧市")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {one.date_time for one in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    properties = opened(content).properties
    assert (properties.title, properties.created, properties.modified) == ("苫小牧市", *[datetime(2024, 5, 1)] * 2)  # noqa: DTZ001 - as the format has it


def test_the_archive_holds_every_file_once_in_order() -> None:
    """Names sorted, the content whole, plain files that any system unpacks."""
    files = [("b/ü.csv", b"2"), ("a.ttl", b"1" * 1000)]
    with zipfile.ZipFile(io.BytesIO(bundle(files, DAY))) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["a.ttl", "b/ü.csv"]
        assert [archive.read(one) for one in archive.namelist()] == [b"1" * 1000, b"2"]
        assert {one.external_attr >> 16 for one in archive.infolist()} == {0o100644}


def test_a_thing_that_is_part_of_itself_ends_the_walk() -> None:
    """A circle in the graph is another check's to report: the tables must still end."""
    base = "https://example.org/"
    score, thing = iri(f"{base}x#score"), iri(f"{base}x")
    circle = Index(
        [
            (score, curie("rdf:type"), PLEDGE["ProgressScore"]),
            (score, PLEDGE["scoreOf"], thing),
            (score, PLEDGE["adopted"], boolean(value=True)),
            (score, PLEDGE["asOf"], day(DAY)),
            (score, PLEDGE["printedValue"], string("x")),
            (thing, curie("dcterms:isPartOf"), thing),
        ]
    )
    assert everything(circle)[0]["policy"] == ""
