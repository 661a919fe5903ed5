"""Records → the files of a city's folder: byte for byte the same for the same records, all of them or none.

What an import wrote is remembered in imported.csv by its hash, so that a file a person has edited since is never
overwritten in silence.
"""

from __future__ import annotations

import csv
import hashlib
import io
import os
import tempfile
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import tomli_w

from pledge_ld.problem import Problem
from pledge_ld.record import LineRef, cell

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pledge_ld.record import Record

MANIFEST = "imported.csv"


def as_csv(cls: type[Record], rows: Iterable[Record]) -> bytes:
    """The rows as CSV: UTF-8, line feeds, the columns of the class."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    rows = list(rows)
    # Files that were written before a column was there do not change for it while it says nothing.
    names = [
        one.name for one in cls.columns() if not one.later or any(getattr(row, one.name) is not None for row in rows)
    ]
    writer.writerow(names)
    for row in rows:
        writer.writerow([cell(getattr(row, name)) for name in names])
    return text.getvalue().encode()


def as_toml(record: Record) -> bytes:
    """The record as TOML, empty values left out."""
    data = {column.name: getattr(record, column.name) for column in record.columns()}
    return tomli_w.dumps({name: _toml(value) for name, value in data.items() if value not in (None, ())}).encode()


def _toml(value: Any) -> Any:
    if isinstance(value, tuple) and not isinstance(value, LineRef):
        return [_toml(one) for one in value]
    return value if isinstance(value, (bool, int, str, date)) else str(value)


def sha256(content: bytes) -> str:
    """The content's SHA-256, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def edited(folder: Path, shown: str, files: Mapping[str, bytes]) -> list[Problem]:
    """A problem for each file that exists, differs from what would be written, and is not as an import left it."""
    remembered = _manifest(folder)
    problems = []
    for name, content in files.items():
        path = folder / name
        if path.exists() and (now := path.read_bytes()) != content and remembered.get(name) != sha256(now):
            expected = "the file as the last import wrote it (keep the edit elsewhere, or use --force to lose it)"
            problems.append(
                Problem(
                    f"{shown}/{name}",
                    0,
                    "file",
                    expected,
                    "an edited file",
                    "import-edited",
                    "前回の取り込みのままのファイル(--force で上書き)",
                )
            )
    return problems


def _manifest(folder: Path) -> dict[str, str]:
    path = folder / MANIFEST
    if not path.exists():
        return {}
    rows = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"), newline=""))
    return {row["file"]: row["sha256"] for row in rows if row.get("file") and row.get("sha256")}


def write(folder: Path, files: Mapping[str, bytes]) -> None:
    """Writes all files and the manifest, each by replacing the old one whole."""
    remembered = _manifest(folder) | {name: sha256(content) for name, content in files.items()}
    manifest = "".join(f"{name},{digest}\n" for name, digest in sorted(remembered.items()))
    for name, content in (*files.items(), (MANIFEST, f"file,sha256\n{manifest}".encode())):
        path = folder / name
        if path.exists() and path.read_bytes() == content:
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
        with os.fdopen(handle, "wb") as out:
            out.write(content)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
