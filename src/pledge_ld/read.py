"""A city's folder → its records, or every problem of its files at once.

Only what a file's own text can tell is checked here (columns, kinds, duplicate ids); what the data must mean is the
shapes' work.
"""

from __future__ import annotations

import csv
import io
import re
import tomllib
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeVar

from pledge_ld.problem import Problem
from pledge_ld.record import (
    Action,
    Change,
    City,
    CityRecords,
    Department,
    Level,
    LineRef,
    Measure,
    Note,
    Person,
    Pledge,
    Policy,
    Programme,
    Record,
    Report,
    Round,
    Scale,
    Score,
    Term,
    cell,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

R = TypeVar("R", bound=Record)

MAX_ID = 64
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_RESERVED = frozenset({"con", "prn", "aux", "nul", "index"} | {f"{d}{n}" for d in ("com", "lpt") for n in range(1, 10)})
_THING = re.compile(
    r"(?:programme|(?:policy|pledge|measure)/([a-z0-9]+(?:-[a-z0-9]+)*))(?:#(?:score(?:-inferred)?|action-[1-9][0-9]*))?"
)
_LINE = re.compile(r"(?:(\d{4}-\d{2}-\d{2})#)?L([1-9][0-9]*)")
_SOURCE = re.compile(r"(?:[a-z0-9-]+/)?\d{4}-\d{2}-\d{2}#L[1-9][0-9]*")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_MONTH = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])")
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,9})?")
_URL = re.compile(r"https?://[^\s<>\"{}|\\^`\x00-\x20]+")
_CURIE = re.compile(r"[a-z]+:[A-Za-z]+")
_FILE = re.compile(r"source/[A-Za-z0-9][A-Za-z0-9._-]*")
_KANA = re.compile(r"[ぁ-ゖー・]+(?: [ぁ-ゖー・]+)*")
# What no text of a report needs and what could hurt a reader of a page, a terminal or a feed: markup, script
# addresses, control and bidirectional-override characters, and the mark of a broken decoding.
_BAD_TEXT = re.compile(
    r"<[A-Za-z/!?]|(?:java|vb)script\s*:|[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffd]",
    re.IGNORECASE,
)


def _match(pattern: re.Pattern[str]) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if not pattern.fullmatch(text):
            raise ValueError
        return text

    return parse


def _id(text: str) -> str:
    if not _ID.fullmatch(text) or len(text) > MAX_ID or text in _RESERVED:
        raise ValueError
    return text


def _verbatim(text: str) -> str:
    if _BAD_TEXT.search(text):
        raise ValueError
    return text


def _text(text: str) -> str:
    if _BAD_TEXT.search(text) or text != text.strip():
        raise ValueError
    return text


def _date(text: str) -> date:
    if not _DATE.fullmatch(text):
        raise ValueError
    return date.fromisoformat(text)


def _integer(text: str) -> int:
    return int(_match(_INTEGER)(text))


def _decimal(text: str) -> Decimal:
    return Decimal(_match(_DECIMAL)(text))


def _boolean(text: str) -> bool:
    return {"true": True, "false": False}[text]


def _thing(text: str) -> str:
    found = _THING.fullmatch(text)
    if not found:
        raise ValueError
    if found[1]:
        _id(found[1])
    return text


def _line(text: str) -> LineRef:
    found = _LINE.fullmatch(text)
    if not found:
        raise ValueError
    return LineRef(found[1] or "", int(found[2]))


def _source(text: str) -> str:
    if not _SOURCE.fullmatch(text) and not _URL.fullmatch(text):
        raise ValueError
    return text


def _several(parse: Callable[[str], Any]) -> Callable[[str], tuple[Any, ...]]:
    """A cell of several values, parted by semicolons."""

    def each(text: str) -> tuple[Any, ...]:
        values = tuple(parse(part) for part in text.split(";"))
        if len(set(values)) != len(values):
            raise ValueError
        return values

    return each


PARSERS: dict[str, tuple[Callable[[str], Any], str, str]] = {
    "id": (_id, "an id of a-z, 0-9 and single hyphens, at most 64 characters, no name Windows reserves", "a-z・0-9・単独のハイフンによる64字以内のID(Windowsの予約名は不可)"),
    "ids": (_several(_id), "ids parted by ; with none twice", "「;」で区切ったID(重複なし)"),
    "thing": (_thing, "programme, policy/ID, pledge/ID or measure/ID", "programme、policy/ID、pledge/ID、measure/ID のいずれか"),
    "things": (_several(_thing), "things parted by ; (measure/1-2-1, measure/1-2-1#score, measure/1-2-1#action-3)", "「;」で区切った対象(measure/1-2-1、measure/1-2-1#score、measure/1-2-1#action-3)"),
    "text": (_text, "plain text with no markup, script address or control character, and no space around it", "タグ・スクリプト・制御文字を含まず前後に空白のない文字列"),
    "verbatim": (_verbatim, "plain text with no markup, script address or control character", "タグ・スクリプト・制御文字を含まない文字列"),
    "kana": (_match(_KANA), "a reading in hiragana", "ひらがなの読み"),
    "integer": (_integer, "a whole number in ASCII digits", "半角数字の整数"),
    "decimal": (_decimal, "a number in ASCII digits", "半角数字の数値"),
    "date": (_date, "a date like 2024-03-31", "2024-03-31 のような日付"),
    "month": (_match(_MONTH), "a month like 2024-05", "2024-05 のような年月"),
    "boolean": (_boolean, "true or false", "true または false"),
    "url": (_match(_URL), "an http or https address", "http または https のアドレス"),
    "urls": (_several(_match(_URL)), "http or https addresses parted by ;", "「;」で区切った http または https のアドレス"),
    "lines": (_several(_line), "lines like L43 or 2024-03-31#L43, parted by ;", "「;」で区切った L43 または 2024-03-31#L43 のような行番号"),
    "sources": (_several(_source), "lines like 2024-03-31#L43 or http(s) addresses, parted by ;", "「;」で区切った行番号(2024-03-31#L43)またはアドレス"),
    "curie": (_match(_CURIE), "a property like pledge:stars", "pledge:stars のような性質の名前"),
    "file": (_match(_FILE), "a file name like source/report.txt", "source/report.txt のようなファイル名"),
}  # fmt: skip
"""Kind of cell → its parser, and what it expects in English and Japanese. docs/records.md is made from it."""


def _chooser(choices: tuple[str, ...]) -> Callable[[str], str]:
    allowed = frozenset(choices)

    def parse(text: str) -> str:
        if text not in allowed:
            raise ValueError
        return text

    return parse


class _Table:
    """How one kind of record is read: made once a class, then used for every file of it."""

    __slots__ = ("blank", "cells", "cls", "names")

    def __init__(self, cls: type[Record]) -> None:
        self.cls = cls
        self.names: tuple[str, ...] = tuple(one.name for one in cls.columns())
        self.cells: list[tuple[str, Callable[[str], Any], bool, Any, str, str, str]] = []
        for one in cls.columns():
            several = one.kind in {"ids", "things", "urls", "lines", "sources", "choices"}
            if one.kind in {"choice", "choices"}:
                parse: Callable[[str], Any] = _chooser(one.choices)
                parse = _several(parse) if several else parse
                en = ja = " | ".join(one.choices)
            else:
                parse, en, ja = PARSERS[one.kind]
            self.cells.append((one.name, parse, one.required, () if several else None, en, ja, one.kind))

    def record(self, path: str, line: int, cells: list[str], problems: list[Problem], where: str) -> Record | None:
        values: list[Any] = []
        good = True
        for text, (name, parse, required, blank, en, ja, kind) in zip(cells, self.cells, strict=True):
            if text == "" and not required:
                values.append(blank)
                continue
            try:
                values.append(parse(text))
            except (ValueError, KeyError):
                good = False
                problems.append(Problem(path, line, f"{where} '{name}'", en, text, f"cell-{kind}", ja))
        return self.cls(path, line, *values) if good else None


_TABLES: dict[type[Record], _Table] = {}


def _table(cls: type[Record]) -> _Table:
    if cls not in _TABLES:
        _TABLES[cls] = _Table(cls)
    return _TABLES[cls]


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
    table = _table(cls)
    records: list[R] = []
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = next(reader)
        missing = [name for name in table.names if name not in header]
        extra = [name for name in header if name not in table.names or header.count(name) > 1]
        if missing or extra:
            wanted = ",".join(table.names)
            for name in missing:
                problems.append(
                    Problem(
                        shown,
                        1,
                        f"column '{name}'",
                        f"the columns {wanted}",
                        "no such column",
                        "csv-columns",
                        f"「{name}」の列",
                    )
                )
            for name in sorted(set(extra)):
                problems.append(
                    Problem(
                        shown,
                        1,
                        f"column '{name}'",
                        f"only the columns {wanted}, each once",
                        f"'{name}'",
                        "csv-columns",
                        f"列 {wanted} だけ",
                    )
                )
            return ()
        order = [header.index(name) for name in table.names]
        straight = order == list(range(len(header)))
        line = reader.line_num + 1
        for row in reader:
            if len(row) == len(header):
                cells = row if straight else [row[index] for index in order]
                record = table.record(shown, line, cells, problems, "column")
                if record is not None:
                    records.append(record)  # type: ignore[arg-type]  # the table makes records of its own class
            elif row:
                problems.append(
                    Problem(
                        shown,
                        line,
                        "row",
                        f"{len(header)} cells",
                        f"{len(row)} cells",
                        "csv-row",
                        f"{len(header)}個のセル",
                    )
                )
            line = reader.line_num + 1
    except csv.Error as error:
        problems.append(
            Problem(shown, reader.line_num, "row", "CSV as in RFC 4180", str(error), "csv-row", "RFC 4180 のCSV")
        )
        return ()
    problems.extend(_duplicates(records, cls))
    return tuple(records)


def _duplicates(records: list[R], cls: type[R]) -> Iterator[Problem]:
    if not cls.key:
        return
    seen: dict[tuple[Any, ...], int] = {}
    for record in records:
        key = tuple(getattr(record, name) for name in cls.key)
        if key in seen:
            shown = ", ".join(str(part) for part in key)
            where = "column " + ", ".join(f"'{name}'" for name in cls.key)
            yield Problem(
                record.path,
                record.line,
                where,
                "each id once",
                f"{shown}, which line {seen[key]} has",
                "duplicate-id",
                "重複のないID",
            )
        seen.setdefault(key, record.line)


def read_toml(path: Path, shown: str, cls: type[R], problems: list[Problem]) -> R | None:
    """The file as one record of ``cls``: values are held to the same kinds as the cells of a CSV file."""
    text = read_text(path, shown, problems)
    if text is None:
        return None
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+)", str(error))
        line = int(found[1]) if found else 0
        problems.append(Problem(shown, line, "file", "TOML 1.0", str(error), "toml", "TOML 1.0 の書式"))
        return None
    table = _table(cls)
    before = len(problems)
    for name in data.keys() - set(table.names):
        problems.append(
            Problem(
                shown,
                _key_line(text, name),
                f"key '{name}'",
                f"one of {', '.join(table.names)}",
                f"'{name}'",
                "toml-keys",
                "決められた項目名",
            )
        )
    for name, _, required, *_ in table.cells:
        if required and name not in data:
            problems.append(Problem(shown, 1, f"key '{name}'", "this key", "no such key", "toml-keys", "この項目"))
    if len(problems) > before:
        return None
    found_problems: list[Problem] = []
    record = table.record(shown, 1, [cell(data.get(name, "")) for name in table.names], found_problems, "key")
    problems.extend(_placed(problem, text) for problem in found_problems)
    return record  # type: ignore[return-value]  # the table makes records of its own class


def _placed(problem: Problem, text: str) -> Problem:
    name = problem.where.split("'")[1]
    return Problem(
        problem.path,
        _key_line(text, name),
        problem.where,
        problem.expected,
        problem.got,
        problem.rule,
        problem.expected_ja,
    )


def _key_line(text: str, name: str) -> int:
    """The line on which a key stands: tomllib does not tell."""
    for number, line in enumerate(text.splitlines(), 1):
        if re.match(rf"\s*[\"']?{re.escape(name)}[\"']?\s*=", line):
            return number
    return 1


def read_city(folder: Path, shown: str, problems: list[Problem]) -> CityRecords | None:
    """A city's records, or None when something could not be read. ``shown`` is the folder's name in messages."""
    before = len(problems)
    match = re.fullmatch(r"([a-z]{2})-([a-z0-9]+)-([a-z0-9]+(?:-[a-z0-9]+)*)", folder.name)
    if not match:
        expected = "a folder named country-code-name, like jp-012131-tomakomai"
        problems.append(
            Problem(
                shown, 0, "folder", expected, folder.name, "folder-name", "jp-012131-tomakomai のような名前のフォルダ"
            )
        )
        return None
    _unknown_files(folder, shown, problems)
    city = read_toml(folder / "city.toml", f"{shown}/city.toml", City, problems)
    if city and (city.country, city.code) != (match[1], match[2]):
        expected = f"country '{match[1]}' and code '{match[2]}', as the folder is named"
        problems.append(
            Problem(
                city.path,
                1,
                "key 'code'",
                expected,
                f"'{city.country}', '{city.code}'",
                "folder-name",
                "フォルダ名と同じ国コードと団体コード",
            )
        )

    def table(name: str, cls: type[R]) -> tuple[R, ...]:
        return read_csv(folder / name, f"{shown}/{name}", cls, problems) if (folder / name).exists() else ()

    departments = table("departments.csv", Department)
    people = table("people.csv", Person)
    changes = table("changes.csv", Change)
    scales = []
    for path in sorted((folder / "scales").glob("*.toml")):
        scale = read_toml(path, f"{shown}/scales/{path.name}", Scale, problems)
        levels = read_csv(path.with_suffix(".csv"), f"{shown}/scales/{path.stem}.csv", Level, problems)
        _checked_id(path.stem, f"{shown}/scales/{path.name}", problems)
        if scale:
            scales.append((path.stem, scale, levels))
    terms = [
        term
        for path in sorted(folder.glob("*/programme.toml"))
        if (term := _read_term(path.parent, f"{shown}/{path.parent.name}", problems, folder, shown))
    ]
    if not terms and len(problems) == before:
        problems.append(
            Problem(
                shown,
                0,
                "folder",
                "at least one programme (2022/programme.toml)",
                "none",
                "file-missing",
                "少なくとも一つの公約プログラム(2022/programme.toml)",
            )
        )
    if len(problems) > before or city is None:
        return None
    return CityRecords(folder.name, city, departments, people, tuple(scales), changes, tuple(terms))


def _checked_id(text: str, shown: str, problems: list[Problem]) -> None:
    try:
        _id(text)
    except ValueError:
        _, en, ja = PARSERS["id"]
        problems.append(Problem(shown, 0, "name", en, text, "cell-id", ja))


_CITY_FILES = frozenset(
    {"city.toml", "departments.csv", "people.csv", "changes.csv", "corrections.csv", "translations.csv", "imported.csv"}
)
_TERM_FILES = frozenset({"programme.toml", "policies.csv", "pledges.csv", "measures.csv"})
_ROUND_FILES = {"reports": ".toml", "scores": ".csv", "actions": ".csv", "notes": ".csv"}


def _unknown_files(folder: Path, shown: str, problems: list[Problem]) -> None:
    """A CSV or TOML file that nothing reads is a spelling mistake, and what it holds would be lost in silence."""
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if path.suffix not in {".csv", ".toml"} or parts[0] == "source":
            continue
        known = (
            (len(parts) == 1 and parts[0] in _CITY_FILES)
            or (len(parts) == 2 and (parts[0] == "scales" or parts[1] in _TERM_FILES))  # noqa: PLR2004 - city/term/file
            or (len(parts) == 3 and _ROUND_FILES.get(parts[1]) == path.suffix)  # noqa: PLR2004 - city/term/kind/file
        )
        if not known:
            problems.append(
                Problem(
                    f"{shown}/{'/'.join(parts)}",
                    0,
                    "file",
                    "a file that docs/records.md names",
                    path.name,
                    "file-unknown",
                    "docs/records.md にあるファイル",
                )
            )


def _read_term(folder: Path, shown: str, problems: list[Problem], city_folder: Path, city_shown: str) -> Term | None:
    _checked_id(folder.name, shown, problems)
    programme = read_toml(folder / "programme.toml", f"{shown}/programme.toml", Programme, problems)

    def table(name: str, cls: type[R]) -> tuple[R, ...]:
        return read_csv(folder / name, f"{shown}/{name}", cls, problems) if (folder / name).exists() else ()

    rounds = []
    dates = sorted({path.stem for kind, suffix in _ROUND_FILES.items() for path in (folder / kind).glob(f"*{suffix}")})
    for stem in dates:
        try:
            as_of = _date(stem)
        except ValueError:
            _, en, ja = PARSERS["date"]
            problems.append(Problem(f"{shown}/*/{stem}.*", 0, "file name", en, stem, "cell-date", ja))
            continue
        report = read_toml(folder / "reports" / f"{stem}.toml", f"{shown}/reports/{stem}.toml", Report, problems)
        lines: tuple[str, ...] = ()
        if report and report.source:
            text = read_text(city_folder / report.source, f"{city_shown}/{report.source}", problems)
            lines = tuple(text.split("\n")) if text else ()
        scores = read_csv(folder / "scores" / f"{stem}.csv", f"{shown}/scores/{stem}.csv", Score, problems)
        actions, notes = table(f"actions/{stem}.csv", Action), table(f"notes/{stem}.csv", Note)
        if report:
            rounds.append(Round(as_of, report, actions, scores, notes, lines))
    policies, pledges, measures = (
        table("policies.csv", Policy),
        table("pledges.csv", Pledge),
        table("measures.csv", Measure),
    )
    return Term(folder.name, programme, policies, pledges, measures, tuple(rounds)) if programme else None


def read_data(data: Path, shown: str) -> tuple[tuple[CityRecords, ...], list[Problem]]:
    """Every city below ``data`` in the order of their folders' names, and every problem met on the way."""
    problems: list[Problem] = []
    folders = (
        sorted(path for path in data.iterdir() if path.is_dir() and not path.name.startswith("."))
        if data.is_dir()
        else []
    )
    if not folders:
        problems.append(
            Problem(
                shown, 0, "folder", "at least one city's folder", "none", "file-missing", "少なくとも一つの市のフォルダ"
            )
        )
    cities = [city for folder in folders if (city := read_city(folder, f"{shown}/{folder.name}", problems))]
    return tuple(cities), problems
