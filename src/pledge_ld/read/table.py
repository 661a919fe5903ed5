"""A CSV or TOML file → records of one class, or every problem of the file."""

from __future__ import annotations

import csv
import io
import re
import tomllib
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from pledge_ld.problem import Problem
from pledge_ld.read.cells import PARSERS, Kind, choice
from pledge_ld.record import Record, cell

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

R = TypeVar("R", bound=Record)
_KEY = re.compile(r"""\s*["']?(.+?)["']?\s*=""")


class _Column(NamedTuple):
    """A column: its name, how a cell of it is read, what an empty one holds where it may be empty, and its kind."""

    name: str
    parse: Callable[[str], Any]
    required: bool
    empty: Any
    kind: Kind
    kind_name: str


@cache
def _columns(cls: Any) -> tuple[_Column, ...]:
    """The columns of a class of records: made once a class."""
    found = []
    for one in cls.columns():
        is_choice = one.kind in {"choice", "choices"}
        kind = choice(one.choices, several=one.kind == "choices") if is_choice else PARSERS[one.kind]
        found.append(_Column(one.name, kind.parse, one.required, () if kind.several else None, kind, one.kind))
    return tuple(found)


def _kinds(cls: type[Record]) -> tuple[_Column, ...]:
    # A dataclass's type hashes by identity; mypy takes its instances' hash for its own.
    key: Any = cls
    return _columns(key)


def _record(cls: type[R], place: tuple[str, int, str], cells: list[str], problems: list[Problem]) -> R | None:
    path, line, where = place
    values: list[Any] = []
    good = True
    for text, (name, parse, required, empty, kind, kind_name) in zip(cells, _kinds(cls), strict=True):
        if text == "" and not required:
            values.append(empty)
            continue
        try:
            if text == "":
                raise ValueError  # noqa: TRY301 - an empty text is plain text, but not what a required cell holds
            values.append(parse(text))
        except (ValueError, KeyError):
            good = False
            problems.append(Problem(path, line, f"{where} '{name}'", kind.en, text, f"cell-{kind_name}", kind.ja))
    return cls(path, line, *values) if good else None


def read_text(path: Path, shown: str, problems: list[Problem]) -> str | None:
    """The file's text, or None and a problem when it is missing, empty or not UTF-8."""
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        problems.append(Problem(shown, 0, "file", "this file", "no such file", "file-missing", "このファイル"))
        return None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        got = "bytes that are not UTF-8" + (" (CP932?)" if _is_cp932(raw) else "")
        expected = "text in UTF-8 (in Excel: save as 'CSV UTF-8')"
        problems.append(
            Problem(shown, line, "file", expected, got, "file-encoding", "UTF-8の文字(Excelでは「CSV UTF-8」で保存)")
        )
        return None
    if not text.strip():
        problems.append(Problem(shown, 1, "file", "a header and rows", "an empty file", "file-empty", "見出しと行"))
        return None
    return text


def _is_cp932(raw: bytes) -> bool:
    try:
        raw.decode("cp932")
    except UnicodeDecodeError:
        return False
    return True


def read_csv(path: Path, shown: str, cls: type[R], problems: list[Problem]) -> tuple[R, ...]:
    """The rows of a CSV file as records of ``cls``. What is wrong is added to ``problems``; such rows are left out."""
    text = read_text(path, shown, problems)
    if text is None:
        return ()
    names = [one.name for one in _kinds(cls)]
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    records: list[R] = []
    line, where = 1, "column"
    try:
        header = next(reader)
        if wrong := list(_header_problems(header, cls, shown)):
            problems.extend(wrong)
            return ()
        order = None if header == names else [header.index(name) if name in header else None for name in names]
        line = reader.line_num + 1
        for row in reader:
            if len(row) == len(header):
                cells = row if order is None else ["" if index is None else row[index] for index in order]
                record = _record(cls, (shown, line, where), cells, problems)
                if record is not None:
                    records.append(record)
            elif row:
                expected, got = f"{len(header)} cells", f"{len(row)} cells"
                problems.append(Problem(shown, line, "row", expected, got, "csv-row", f"{len(header)}個のセル"))
            line = reader.line_num + 1
    except csv.Error as error:
        problems.append(Problem(shown, line, "row", "CSV as in RFC 4180", str(error), "csv-row", "RFC 4180 のCSV"))
        return ()
    problems.extend(_duplicates(records, cls))
    return tuple(records)


def _header_problems(header: list[str], cls: type[Record], shown: str) -> Iterator[Problem]:
    """What is wrong with the first line. Only a column that was added later may be absent."""
    names = [one.name for one in cls.columns()]
    wanted = ",".join(names)
    for name in (one.name for one in cls.columns() if not one.later):
        if name not in header:
            expected, ja = f"the columns {wanted}", f"「{name}」の列"
            yield Problem(shown, 1, f"column '{name}'", expected, "no such column", "csv-columns", ja)
    for name in sorted({one for one in header if one not in names or header.count(one) > 1}):
        expected, ja = f"only the columns {wanted}, each once", f"列 {wanted} だけ"
        yield Problem(shown, 1, f"column '{name}'", expected, f"'{name}'", "csv-columns", ja)


def _duplicates(records: list[R], cls: type[R]) -> Iterator[Problem]:
    if not cls.key:
        return
    seen: dict[tuple[Any, ...], int] = {}
    where = "column " + ", ".join(f"'{name}'" for name in cls.key)
    for record in records:
        key = tuple(getattr(record, name) for name in cls.key)
        if key in seen:
            got = f"{', '.join(cell(part) for part in key)}, which line {seen[key]} has"
            yield Problem(record.path, record.line, where, "each id once", got, "duplicate-id", "重複のないID")
        seen.setdefault(key, record.line)


def read_toml(path: Path, shown: str, cls: type[R], problems: list[Problem]) -> R | None:
    """The file as one record of ``cls``: values are held to the same kinds as the cells of a CSV file."""
    text = read_text(path, shown, problems)
    if text is None:
        return None
    try:
        # A number as it is typed: a float would change its last digits.
        data = tomllib.loads(text, parse_float=str)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+)", str(error))
        line = int(found[1]) if found else 0
        problems.append(Problem(shown, line, "file", "TOML 1.0", str(error), "toml", "TOML 1.0 の書式"))
        return None
    if wrong := list(_key_problems(data, text, cls, shown)):
        problems.extend(wrong)
        return None
    cells = [cell(data.get(one.name, "")) for one in _kinds(cls)]
    bad: list[Problem] = []
    record = _record(cls, (shown, 1, "key"), cells, bad)
    lines = _key_lines(text)
    problems.extend(replace(one, line=lines.get(one.where.split("'")[1], 1)) for one in bad)
    return replace(record, key_lines=tuple((name, lines.get(name, 1)) for name in data)) if record else None


def _key_problems(data: dict[str, Any], text: str, cls: type[Record], shown: str) -> Iterator[Problem]:
    names = [one.name for one in _kinds(cls)]
    for name in sorted(data.keys() - set(names)):
        expected, line = f"one of {', '.join(names)}", _key_lines(text).get(name, 1)
        yield Problem(shown, line, f"key '{name}'", expected, f"'{name}'", "toml-keys", "決められた項目名")
    for one in _kinds(cls):
        if one.required and one.name not in data:
            yield Problem(shown, 1, f"key '{one.name}'", "this key", "no such key", "toml-keys", "この項目")


def _key_lines(text: str) -> dict[str, int]:
    """The line on which each key first stands: tomllib does not tell."""
    lines: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if found := _KEY.match(line):
            lines.setdefault(found[1], number)
    return lines
