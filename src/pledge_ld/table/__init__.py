"""The graph → tables: exact CSV with CSVW metadata, CSV for spreadsheets, one workbook, and one .zip of it all.

A column states what it says of which subject once; the rows, the metadata and the workbook all follow from that.
"""

from pledge_ld.table.bundle import bundle
from pledge_ld.table.column import Column, Table
from pledge_ld.table.definitions import TABLES
from pledge_ld.table.files import as_csv, as_metadata, neutral, table_files
from pledge_ld.table.rows import rows
from pledge_ld.table.workbook import workbook

__all__ = ["TABLES", "Column", "Table", "as_csv", "as_metadata", "bundle", "neutral", "rows", "table_files", "workbook"]
