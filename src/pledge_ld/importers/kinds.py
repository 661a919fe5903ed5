"""Kinds of source, by the name the command line knows, and an import from beginning to end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pledge_ld.importers import assemble, write
from pledge_ld.importers.corrections import Correction, Translation
from pledge_ld.importers.tomakomai import Parser
from pledge_ld.problem import PledgeError, Problem
from pledge_ld.read import read_csv, read_text
from pledge_ld.record import Action, Department, Measure, Note, Pledge, Policy, Score

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pledge_ld.record import Record


def tomakomai_report(source: Path, folder: Path, shown: str, problems: list[Problem]) -> dict[str, bytes]:
    """File (below the city's folder) → content, read from the report's text; empty when there are problems."""
    departments = read_csv(folder / "departments.csv", f"{shown}/departments.csv", Department, problems)
    corrections = read_csv(folder / "corrections.csv", f"{shown}/corrections.csv", Correction, problems)
    translations = read_csv(folder / "translations.csv", f"{shown}/translations.csv", Translation, problems)
    text = read_text(source, str(source), problems)
    if problems or text is None:
        return {}
    parser = Parser(str(source), {one.name_ja: one.id for one in departments}, corrections, problems)
    report = parser.parse(text.split("\n"))
    problems.extend(assemble.stated_wrongly(corrections, report))
    if problems or report.as_of is None:
        return {}
    english = {one.ja: one.en for one in translations}
    name = f"source/{source.name}"
    tables = assemble.records(report, corrections, english, name)
    programme = _programme(folder, shown, problems)
    if programme is None:
        return {}
    files = {f"{programme}/{file}": _content(file, rows) for file, rows in tables.items()}
    return {**files, name: text.encode()}


def _programme(folder: Path, shown: str, problems: list[Problem]) -> str | None:
    """The programme's folder: the one that has a programme.toml."""
    found = sorted(path.parent.name for path in folder.glob("*/programme.toml"))
    if len(found) != 1:
        expected = "one programme.toml in a folder of its own (2022/programme.toml; docs/records.md)"
        problems.append(
            Problem(
                shown,
                0,
                "folder",
                expected,
                ", ".join(found) or "none",
                "import-programme",
                "一つの programme.toml(2022/programme.toml)",
            )
        )
        return None
    return found[0]


_CLASSES: dict[str, type[Record]] = {
    "policies": Policy,
    "pledges": Pledge,
    "measures": Measure,
    "actions": Action,
    "scores": Score,
    "notes": Note,
}


def _content(file: str, rows: tuple[Record, ...]) -> bytes:
    if file.endswith(".toml"):
        return write.as_toml(rows[0])
    return write.as_csv(_CLASSES[file.partition("/")[0].removesuffix(".csv")], rows)


KINDS: dict[str, Callable[[Path, Path, str, list[Problem]], dict[str, bytes]]] = {"tomakomai-report": tomakomai_report}
"""Kind of source → its reader."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did: the files with what they hold, or the problems for which nothing was written."""

    problems: tuple[Problem, ...]
    written: bool
    files: tuple[tuple[str, str], ...] = ()


def run(kind: str, source: Path, folder: Path, *, force: bool) -> Imported:
    """Reads the source and writes all of its files below the city's folder, or none.

    :raises PledgeError: when there is no such kind of source
    """
    if kind not in KINDS:
        raise PledgeError(f"import: expected {' or '.join(KINDS)}, got {kind} / 対応していない種類です")
    problems: list[Problem] = []
    files = KINDS[kind](source, folder, str(folder), problems)
    if not force and not problems:
        problems.extend(write.edited(folder, str(folder), files))
    if problems:
        return Imported(tuple(sorted(problems)), written=False)
    write.write(folder, files)
    return Imported((), written=True, files=tuple((name, _said(name, content)) for name, content in files.items()))


def _said(name: str, content: bytes) -> str:
    return f"{len(content.splitlines()) - 1} rows" if name.endswith(".csv") else f"{len(content)} bytes"
