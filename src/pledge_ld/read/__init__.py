"""Files a person edits → records, or problems on the very line and column."""

from pledge_ld.read.cells import PARSERS, Kind
from pledge_ld.read.folder import city_folders, read_city, read_data, same_city
from pledge_ld.read.table import read_csv, read_text, read_toml

__all__ = [
    "PARSERS",
    "Kind",
    "city_folders",
    "read_city",
    "read_csv",
    "read_data",
    "read_text",
    "read_toml",
    "same_city",
]
