"""The folder with which a city begins: every file with its columns, and a comment on each key."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pledge_ld.importers.write import as_csv
from pledge_ld.problem import PledgeError, shorten
from pledge_ld.read import PARSERS
from pledge_ld.read.names import MAX_ID
from pledge_ld.record import (
    Action,
    BandMapping,
    Change,
    City,
    Count,
    Department,
    Document,
    Evidence,
    Level,
    MappingSet,
    Measure,
    Note,
    Person,
    Pledge,
    Policy,
    Programme,
    Report,
    Scale,
    Score,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pledge_ld.record import Column, Record

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_WEIGHTS = (6, 5, 4, 3, 2)


def checked_code(code: str) -> str:
    """The six-digit national code of a municipality of Japan.

    >>> checked_code("012131")
    '012131'

    :raises PledgeError: when it is not six digits of which the last checks the others
    """
    if not re.fullmatch(r"[0-9]{5,6}", code):
        raise PledgeError(f"code: expected the six digits of 全国地方公共団体コード, got {code}")
    remainder = 11 - sum(int(digit) * weight for digit, weight in zip(code, _WEIGHTS, strict=False)) % 11
    whole = code[:5] + str(remainder % 10)
    if code != whole:
        raise PledgeError(
            f"code: expected a last digit that checks the others, like {whole}, got {code} / 検査数字が違います"
        )
    return code


def files(code: str, slug: str, term: str) -> dict[str, bytes]:
    """File (below the data folder) → content, for a city of Japan that begins."""
    folder = f"jp-{checked_code(code)}-{slug}"
    if not _SLUG.fullmatch(slug) or len(folder) > MAX_ID:
        expected = f"a-z, 0-9 and hyphens, like tomakomai, at most {MAX_ID - len(folder) + len(slug)} characters"
        raise PledgeError(f"name: expected {expected}, got {shorten(slug)} / ローマ字の小文字で書いてください")
    try:
        PARSERS["programme"].parse(term)
    except ValueError as error:
        kind = PARSERS["programme"]
        raise PledgeError(f"--term: expected {kind.en}, got {shorten(term)} / {kind.ja}") from error
    known = {"country": "jp", "code": code}
    tables: tuple[tuple[str, type[Record]], ...] = (
        ("departments.csv", Department),
        ("people.csv", Person),
        ("documents.csv", Document),
        ("changes.csv", Change),
        ("scales/scale.csv", Level),
        ("mappings/scale.csv.example", BandMapping),
        (f"{term}/policies.csv", Policy),
        (f"{term}/pledges.csv", Pledge),
        (f"{term}/measures.csv", Measure),
        (f"{term}/actions/YYYY-MM-DD.csv.example", Action),
        (f"{term}/scores/YYYY-MM-DD.csv.example", Score),
        (f"{term}/counts/YYYY-MM-DD.csv.example", Count),
        (f"{term}/evidence/YYYY-MM-DD.csv.example", Evidence),
        (f"{term}/notes/YYYY-MM-DD.csv.example", Note),
    )
    forms: tuple[tuple[str, type[Record]], ...] = (
        ("city.toml", City),
        ("scales/scale.toml", Scale),
        ("mappings/scale.toml.example", MappingSet),
        (f"{term}/programme.toml", Programme),
        (f"{term}/reports/YYYY-MM-DD.toml.example", Report),
    )
    found = {f"{folder}/{name}": as_csv(cls, ()) for name, cls in tables}
    return found | {f"{folder}/{name}": _form(cls, known).encode() for name, cls in forms}


def _form(cls: type[Record], known: Mapping[str, str]) -> str:
    """A TOML file to fill in: what must be filled is empty, what may be left out is commented out."""
    lines = [f"# {(cls.__doc__ or '').splitlines()[0]}", ""]
    for column in cls.columns():
        lines += [f"# {column.ja} / {column.en}", f"# {_expected(column)}"]
        mark = "" if column.required else "# "
        value = "[]" if column.kind in {"box", "point"} else f'"{known.get(column.name, "")}"'
        lines += [f"{mark}{column.name} = {value}", ""]
    return "\n".join(lines)


def _expected(column: Column) -> str:
    if column.choices:
        return " | ".join(column.choices)
    kind = PARSERS[column.kind]
    return f"{kind.ja} / {kind.en}"


def write(data: Path, content: Mapping[str, bytes]) -> None:
    """Writes the files.

    :raises PledgeError: when the city's folder is there already
    """
    folder = data / next(iter(content)).partition("/")[0]
    if folder.exists():
        raise PledgeError(f"{folder} is there already / 既にあります")
    for name, text in content.items():
        path = data / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text)
