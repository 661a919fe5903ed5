"""All tables of a city → one .xlsx, a sheet a table. Text stays text: no cell is ever a formula."""

from __future__ import annotations

import io
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING

from pledge_ld.term import PLEDGE, curie, value_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from pledge_ld.graph import Index
    from pledge_ld.table.column import Column, Table
    from pledge_ld.table.rows import Row

LONGEST = 32767
"""As many characters as a spreadsheet's cell holds; what is longer ends in "…", and stands whole in the CSV."""
_WIDTHS = {"string": 28.0, "anyURI": 16.0}
_WIDTH = 12.0
_ABOUT = "about"
_ABOUT_COLUMNS = ("table", "column", "title_ja", "title_en", "description_ja", "description_en", "datatype", "property")


def workbook(contents: Iterable[tuple[Table, list[Row]]], index: Index, title: str, day: date) -> bytes:
    """The workbook: a sheet on where the data come from and what each column means, then a sheet a table.

    ``title`` and ``day`` stand in its properties; nothing in it tells when or where it was made.
    """
    import xlsxwriter  # noqa: PLC0415 - not every command needs it, and it takes a moment to load

    contents = tuple(contents)
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    book.set_properties({"title": title, "author": "pledge-ld", "created": datetime.combine(day, time())})
    days = book.add_format({"num_format": "yyyy-mm-dd"})
    about = _about([table for table, _ in contents], index)
    _sheet(book, days, _ABOUT, dict.fromkeys(_ABOUT_COLUMNS, "string"), about)
    for table, content in contents:
        _sheet(book, days, table.name, {one.name: _datatype(one) for one in table.columns}, content)
    book.close()
    return file.getvalue()


def _datatype(column: Column) -> str:
    return "string" if column.separator else column.datatype


def _about(tables: Iterable[Table], index: Index) -> list[Row]:
    """Source and licence first, then the words of every table and column."""
    blank = ("",) * (len(_ABOUT_COLUMNS) - 6)
    content: list[Row] = []
    for report in index.of_type(PLEDGE["Assessment"]):
        said = [index.in_language(report, curie("dcterms:rights"), language) for language in ("ja", "en")]
        content.append(("", value_of(report), "出典", "Source", *said, *blank))
        licences = [value_of(one) for one in index.objects(report, curie("dcterms:license"))]
        content += [("", value_of(report), "ライセンス", "Licence", one, one, *blank) for one in licences]
    for table in tables:
        words = (table.title["ja"], table.title["en"], table.description["ja"], table.description["en"])
        content.append((table.name, "", *words, *blank))
        for one in table.columns:
            words = (one.title["ja"], one.title["en"], one.description["ja"], one.description["en"])
            content.append((table.name, one.name, *words, one.datatype, one.property_url))
    return content


def _sheet(book: Workbook, days: Format, name: str, columns: dict[str, str], content: list[Row]) -> None:
    """A sheet; ``columns`` are the names in the header and what their cells hold."""
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    writers = [_writer(sheet, days, place, datatype) for place, datatype in enumerate(columns.values())]
    sheet.autofilter(0, 0, max(len(content), 1), len(writers) - 1)
    for place, text in enumerate(columns):
        sheet.write_string(0, place, text)
    for number, row in enumerate(content, 1):
        for write, cell in zip(writers, row, strict=True):
            if cell:
                write(number, cell)


def _writer(sheet: Worksheet, days: Format, place: int, datatype: str) -> Callable[[int, str], object]:
    """What writes a cell of the column: a figure as what a spreadsheet counts with, everything else as text."""
    sheet.set_column(place, place, _WIDTHS.get(datatype, _WIDTH))
    match datatype:
        case "integer":
            return lambda row, cell: sheet.write_number(row, place, int(cell))
        case "decimal":
            return lambda row, cell: sheet.write_number(row, place, Decimal(cell))
        case "boolean":
            return lambda row, cell: sheet.write_boolean(row, place, cell == "true")
        case "date":
            return lambda row, cell: sheet.write_datetime(row, place, _moment(cell), days)
    return lambda row, cell: sheet.write_string(row, place, _cut(cell))


def _moment(cell: str) -> datetime:
    return datetime.combine(date.fromisoformat(cell), time())


def _cut(value: str) -> str:
    """A text that fits, as spreadsheets count: in units of UTF-16."""
    if 2 * len(value) <= LONGEST:
        return value
    units = value.encode("utf-16-le")
    return value if len(units) <= 2 * LONGEST else units[: 2 * (LONGEST - 1)].decode("utf-16-le", "ignore") + "…"
