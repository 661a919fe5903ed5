"""The records a person edits: one dataclass a table, each column with its kind, meaning and property.

A folder a city, as docs/records.md shows; that page is made from this module. Every record knows the file and line
it was read from, so that a problem found far down the pipeline still lands on the row that can be mended.
"""

from pledge_ld.record.column import Box, Column, LineRef, Point, Record, cell, column, optional
from pledge_ld.record.round import TABLES, Action, CityRecords, Note, Report, Round, Score, Term
from pledge_ld.record.thing import (
    ASSESSORS,
    CALCULATIONS,
    CLASSES,
    CONSTRUCTS,
    NOTE_KINDS,
    ORIGINS,
    ROUNDINGS,
    Change,
    City,
    Department,
    Level,
    Measure,
    Person,
    Pledge,
    Policy,
    Programme,
    Scale,
)

__all__ = [
    "ASSESSORS",
    "CALCULATIONS",
    "CLASSES",
    "CONSTRUCTS",
    "NOTE_KINDS",
    "ORIGINS",
    "ROUNDINGS",
    "TABLES",
    "Action",
    "Box",
    "Change",
    "City",
    "CityRecords",
    "Column",
    "Department",
    "Level",
    "LineRef",
    "Measure",
    "Note",
    "Person",
    "Pledge",
    "Point",
    "Policy",
    "Programme",
    "Record",
    "Report",
    "Round",
    "Scale",
    "Score",
    "Term",
    "cell",
    "column",
    "optional",
]
