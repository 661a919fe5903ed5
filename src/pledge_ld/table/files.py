"""A table and its rows → the exact CSV, the CSV that no spreadsheet runs, and the CSVW metadata."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

import orjson

from pledge_ld.term import PLEDGE, curie, language_of, value_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pledge_ld.graph import Index
    from pledge_ld.table.column import Column, Table, Text
    from pledge_ld.table.rows import Row

BOM = "\ufeff"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet may run when a cell begins with it, as OWASP lists it under CSV injection."""
_DIALECT = {
    "encoding": "utf-8",
    "header": True,
    "delimiter": ",",
    "quoteChar": '"',
    "doubleQuote": True,
    "skipBlankRows": False,
    "skipInitialSpace": False,
    "trim": False,
}


def table_files(table: Table, content: list[Row], index: Index, folder: str) -> Iterator[tuple[str, bytes]]:
    """The three files of one table, below ``data/``: the exact CSV, its metadata, and the CSV for spreadsheets."""
    path = f"data/{folder}/{table.name}"
    yield f"{path}.csv", as_csv(table, content)
    yield f"{path}.csv-metadata.json", as_metadata(table, index)
    yield f"{path}-excel.csv", as_csv(table, [tuple(neutral(cell) for cell in row) for row in content])


def as_csv(table: Table, content: Iterable[Row]) -> bytes:
    """RFC 4180 in UTF-8; the mark in front tells spreadsheets so."""
    text = io.StringIO(newline="")
    text.write(BOM)
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([column.name for column in table.columns])
    writer.writerows(content)
    return text.getvalue().encode()


def neutral(cell: str) -> str:
    """The cell with an apostrophe in front where a spreadsheet would take it for a formula.

    >>> neutral("=1+1"), neutral("★1"), neutral("")
    ("'=1+1", '★1', '')
    """
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def as_metadata(table: Table, index: Index) -> bytes:
    """The table's CSVW metadata, by which a standard processor turns its rows back into statements of our graph."""
    reports = index.of_type(PLEDGE["Assessment"])
    rights = sorted({one for report in reports for one in index.objects(report, curie("dcterms:rights"))})
    licences = sorted({value_of(one) for report in reports for one in index.objects(report, curie("dcterms:license"))})
    metadata: dict[str, Any] = {
        "@context": "http://www.w3.org/ns/csvw",
        "url": f"{table.name}.csv",
        "dc:title": _values(table.title),
        "dc:description": _values(table.description),
        "dc:license": [{"@id": one} for one in licences],
        "dc:source": [{"@id": value_of(one)} for one in reports],
        "dc:rights": [{"@value": value_of(one), "@language": language_of(one)} for one in rights],
        "dialect": _DIALECT,
        "tableSchema": {
            "aboutUrl": f"{{+{table.key.name}}}",
            "primaryKey": table.key.name,
            "columns": [_column(one) for one in table.columns],
        },
    }
    return orjson.dumps(metadata, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _values(text: Text) -> list[dict[str, str]]:
    return [{"@value": value, "@language": language} for language, value in sorted(text.items())]


def _column(column: Column) -> dict[str, Any]:
    described: dict[str, Any] = {
        "name": column.name,
        # A header is compared with the titles, so the name itself is one of them, in no language.
        "titles": {"und": column.name, "ja": column.title["ja"], "en": column.title["en"]},
        "dc:description": _values(column.description),
        "datatype": column.datatype,
        "required": column.required,
        "propertyUrl": column.property_url,
    }
    if column.lang:
        described["lang"] = column.lang
    if column.separator:
        # CSVW makes one IRI of a cell, never several: such a cell is for readers of the table and states nothing.
        described |= {"separator": column.separator, "suppressOutput": True}
        return described
    if column.subject:
        described["aboutUrl"] = f"{{+{column.subject}}}"
    if column.value_url:
        described["valueUrl"] = column.value_url
    return described
