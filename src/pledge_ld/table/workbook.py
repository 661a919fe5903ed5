"""All tables of a city → one .xlsx, a sheet a table. Text stays text: no cell is ever a formula."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pledge_ld.table.bundle import packed
from pledge_ld.term import PLEDGE, curie, value_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from openpyxl import Workbook
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

    from pledge_ld.graph import Index
    from pledge_ld.table.column import Column, Table
    from pledge_ld.table.rows import Row

LONGEST = 32767
"""As many characters as a spreadsheet's cell holds; what is longer ends in "…", and stands whole in the CSV."""
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_FIGURES: dict[str, Callable[[str], int | Decimal | bool | date]] = {
    "integer": int,
    "decimal": Decimal,
    "boolean": "true".__eq__,
    "date": date.fromisoformat,
}
_CORE = "docProps/core.xml"
_WIDTHS = {"string": 28.0, "anyURI": 16.0}
_ABOUT = "about"
_ABOUT_COLUMNS = ("table", "column", "title_ja", "title_en", "description_ja", "description_en", "datatype", "property")


def workbook(contents: Iterable[tuple[Table, list[Row]]], index: Index, title: str, day: date) -> bytes:
    """The workbook: a sheet on where the data come from and what each column means, then a sheet a table.

    ``title`` and ``day`` stand in its properties; nothing in it tells when or where it was made.
    """
    # Not every command needs it, and it takes a tenth of a second to load.
    from openpyxl import Workbook  # noqa: PLC0415

    contents = tuple(contents)
    book = Workbook(write_only=True)
    about = _about([table for table, _ in contents], index)
    _sheet(book, _ABOUT, _ABOUT_COLUMNS, ("string",) * len(_ABOUT_COLUMNS), about)
    for table, content in contents:
        names = [one.name for one in table.columns]
        _sheet(book, table.name, names, [_datatype(one) for one in table.columns], content)
    return _saved(book, title, day)


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


def _sheet(book: Workbook, name: str, header: Iterable[str], datatypes: Iterable[str], content: list[Row]) -> None:
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415 - as above
    from openpyxl.utils import get_column_letter  # noqa: PLC0415 - as above

    sheet: WriteOnlyWorksheet = book.create_sheet(name)
    datatypes = tuple(datatypes)
    sheet.freeze_panes = "A2"
    for place, datatype in enumerate(datatypes, 1):
        sheet.column_dimensions[get_column_letter(place)].width = _WIDTHS.get(datatype, 12.0)
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(datatypes))}{len(content) + 1}"

    def text(value: str) -> Any:
        cell = WriteOnlyCell(sheet)
        cell._value, cell.data_type = _fitting(value), "s"  # noqa: SLF001 - the setter takes "=…" for a formula
        return cell

    sheet.append([text(one) for one in header])
    for row in content:
        cells = zip(row, datatypes, strict=True)
        sheet.append(
            [
                _figure(value, datatype) if datatype in _FIGURES else text(value) if value else None
                for value, datatype in cells
            ]
        )


def _figure(value: str, datatype: str) -> int | Decimal | bool | date | None:
    """What a spreadsheet counts with, exactly."""
    return _FIGURES[datatype](value) if value else None


def _fitting(value: str) -> str:
    """The text as the format can hold it: an unprintable character by its code, no more characters than fit."""
    value = _UNPRINTABLE.sub(lambda found: f"_x{ord(found[0]):04X}_", value)
    return value if 2 * len(value) <= LONGEST else _cut(value)


def _cut(value: str) -> str:
    """A text that may be too long, as spreadsheets count: in units of UTF-16."""
    units = value.encode("utf-16-le")
    return value if len(units) <= 2 * LONGEST else units[: 2 * (LONGEST - 1)].decode("utf-16-le", "ignore") + "…"


def _saved(book: Workbook, title: str, day: date) -> bytes:
    """The workbook's bytes: the library writes the time of saving into them, which is put right here."""
    from openpyxl.xml.functions import tostring  # noqa: PLC0415 - as above

    content = io.BytesIO()
    book.save(content)
    properties = book.properties
    properties.creator, properties.title = "pledge-ld", title
    properties.created = properties.modified = datetime(day.year, day.month, day.day, tzinfo=UTC).replace(tzinfo=None)
    with zipfile.ZipFile(content) as archive:
        files = [(one, archive.read(one)) for one in archive.namelist()]
    core = tostring(properties.to_tree())
    return packed([(name, core if name == _CORE else data) for name, data in files], day)
