"""Rows from anywhere → cells that hold what the query's header promises, and facts that all rows agree on.

Rows may come from strangers: a term of another kind than due, or one that two rows give differently, is not known.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from pledge_ld.term import NS, PREFIXES, Term, datatype_of, value_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pledge_ld.query import Answer, Query

Cells = dict[str, str]
"""Column → value, as text; a column without one is absent."""

_XSD = PREFIXES["xsd"]
_WHOLE = {f"{_XSD}{one}" for one in ("integer", "int", "long", "short", "nonNegativeInteger", "positiveInteger")}
_IRI = re.compile(r"[a-z][a-z0-9+.-]*:[^\s<>\"{}|\\^`\x00-\x20]{1,2000}")
_NUMBER = {"integer": re.compile(r"\d{1,9}", re.ASCII), "decimal": re.compile(r"-?\d{1,9}(?:\.\d{1,9})?", re.ASCII)}
_PLAIN = {"", f"{_XSD}string", f"{PREFIXES['rdf']}langString"}


def cells(gathered: dict[str, Answer], queries: dict[str, Query], name: str) -> list[Cells]:
    """The distinct rows that a query gathered, in an order that does not depend on where they came from."""
    answer = gathered.get(name)
    if answer is None:
        return []
    types = dict(queries[name].returns)
    found = set()
    for row in answer.rows:
        pairs = zip(answer.names, row, strict=False)
        made = ((key, _typed(types[key], term)) for key, term in pairs if term and key in types)
        found.add(tuple(sorted((key, value) for key, value in made if value)))
    return [dict(one) for one in sorted(found)]


def _typed(type_: str, term: Term) -> str:
    """What the term holds, or "" where it is not of the type."""
    value = value_of(term)
    if type_ == "iri":
        return value if term[0] == "<" and _IRI.fullmatch(value) else ""
    if term[0] != '"':
        return ""
    datatype = datatype_of(term)
    if type_ == "string":
        return value if datatype in _PLAIN else ""
    if type_ == "date":
        return value if datatype == f"{_XSD}date" and _is_day(value) else ""
    if type_ in _NUMBER:
        fits = datatype in _WHOLE or (type_ == "decimal" and datatype == f"{_XSD}decimal")
        return value if fits and _NUMBER[type_].fullmatch(value) else ""
    return ""


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def agreed(rows: Iterable[Cells], column: str) -> tuple[str, bool]:
    """The one value that the rows give, or "" where there is none, and whether they disagree."""
    values = {row[column] for row in rows if column in row}
    return (values.pop(), False) if len(values) == 1 else ("", len(values) > 1)


def text(rows: Iterable[Cells], column: str) -> dict[str, str]:
    """A text in each language that has one; where the rows have several, the first in the order of their letters."""
    rows = list(rows)
    found = {}
    for language, name in (("ja", column), ("en", f"{column}_en")):
        values = sorted(row[name] for row in rows if name in row)
        if values:
            found[language] = values[0]
    return found


def local(iri: str) -> str:
    """The local name of a term of our vocabulary, or ""."""
    return iri.removeprefix(NS) if iri.startswith(NS) else ""


def grouped(rows: Iterable[Cells], column: str) -> dict[str, list[Cells]]:
    """The rows by what they say in a column, in the order of its values; those without it are left out."""
    found: dict[str, list[Cells]] = {}
    for row in rows:
        if column in row:
            found.setdefault(row[column], []).append(row)
    return dict(sorted(found.items()))
