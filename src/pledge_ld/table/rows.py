"""A table → its rows, read from the graph alone: a cell holds what the column says of its subject."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pledge_ld.table.column import WORDS
from pledge_ld.term import NS, PLEDGE, Term, curie, language_of, value_of

if TYPE_CHECKING:
    from pledge_ld.graph import Index
    from pledge_ld.table.column import Column, Table

Row = tuple[str, ...]
Said = dict[tuple["Term", str], list["Term"]]
"""What a column says of a subject, once it has been looked up: a pledge's name stands in many rows."""

_IS_PART_OF = curie("dcterms:isPartOf")
_DIGITS = re.compile(r"([0-9]+)")


def rows(table: Table, index: Index) -> list[Row]:
    """The table's rows in the order of their keys, numbers in them counted (2 before 10). "" is an empty cell."""
    columns = _in_order(table)
    keys = sorted(index.of_type(PLEDGE[table.kind]), key=_natural)
    said: Said = {}
    return [_row(key, table, columns, index, said) for key in keys]


def _in_order(table: Table) -> list[Column]:
    """The columns, each after the one that it speaks about."""
    by_name = {one.name: one for one in table.columns}

    def depth(column: Column) -> int:
        return 1 + depth(by_name[column.about]) if column.about else 0

    return sorted(table.columns, key=depth)


def _row(key: Term, table: Table, columns: list[Column], index: Index, said: Said) -> Row:
    found: dict[str, list[Term]] = {"": [key]}
    for column in columns:
        terms: list[Term] = []
        # Names of many things keep the order of the things.
        for subject in found[column.about]:
            known = said.get((subject, column.name))
            if known is None:
                known = said[subject, column.name] = _terms(subject, column, index)
            terms += known
        found[column.name] = terms
    return tuple([_cell(found[column.name], column) for column in table.columns])


def _terms(subject: Term, column: Column, index: Index) -> list[Term]:
    if column.form == "instance":
        return _whole(subject, column.kind, index)
    terms = index.objects(subject, column.states)
    if column.form == "term":
        terms = [one for one in terms if one.startswith(f"<{NS}")]
    elif column.form == "literal":
        terms = [one for one in terms if one[0] == '"' and language_of(one) == column.lang]
    return sorted(terms, key=_natural) if column.separator else terms[:1]


def _whole(subject: Term, kind: str, index: Index) -> list[Term]:
    """The subject, or the nearest thing it is part of, that is of the class."""
    seen = set()
    part: Term | None = subject
    while part is not None and part not in seen:
        if index.has_type(part, PLEDGE[kind]):
            return [part]
        seen.add(part)
        part = index.one(part, _IS_PART_OF)
    return []


def _cell(terms: list[Term], column: Column) -> str:
    if not terms:
        return ""
    values = [value_of(one) for one in terms]
    if column.form == "term":
        return values[0].removeprefix(NS)
    if column.separator == WORDS:
        return WORDS.join(one.replace(WORDS, "｜") for one in values)
    return column.separator.join(values)


def _natural(text: str) -> list[tuple[int, str]]:
    """A key by which 1-2 stands before 1-10, and a thing before what its IRI goes on to name."""
    parts = _DIGITS.split(text.rstrip(">"))
    return [(int(part), "") if place % 2 else (0, part) for place, part in enumerate(parts)]
