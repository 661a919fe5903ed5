"""The reviewable file of corrections: what is printed, where, what we adopt, why. The only place a text is repaired.

A row without targets is a repair of the text: ``printed`` stands exactly once on its line and is read as ``adopted``.
A row with targets is a statement about them (a figure we infer, a list whose owner cannot be told, a missing text):
the importer refuses such damage unless a row states it. Every row becomes a note.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from pledge_ld.problem import Problem
from pledge_ld.record import NOTE_KINDS, Record, column, optional

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Correction(Record):
    """corrections.csv: one row a repair or statement; read by the import, never written."""

    file: ClassVar[str] = "corrections.csv"

    id: str = column("id", "", "id of the note it becomes", "ノートになるときのID")
    source_line: int = column("integer", "", "line of the report's text", "報告書のテキストの行番号")
    kind: str = column("choice", "", "what happened", "種類", choices=NOTE_KINDS)
    targets: tuple[str, ...] = optional(
        "things", "", "what it is about; empty for a repair of the text", "対象(文字の修正では空)"
    )
    property: str = column("curie", "", "property it is about", "対象の性質")
    printed: str | None = optional("verbatim", "", "what is printed", "印刷された表記")
    adopted: str | None = optional("verbatim", "", "what we adopt", "採用する値")
    uncertain: bool = column("boolean", "", "true where doubt remains", "疑いが残る場合は true")
    comment_ja: str = column("text", "", "why", "理由")
    comment_en: str = column("text", "", "why, in English", "理由(英語)")


@dataclass(frozen=True, slots=True)
class Translation(Record):
    """translations.csv: our unofficial English of a title, by its Japanese text."""

    file: ClassVar[str] = "translations.csv"
    key: ClassVar[tuple[str, ...]] = ("ja",)

    ja: str = column("text", "", "title as adopted", "名称(採用した表記)")
    en: str = column("text", "", "our unofficial English", "英訳(非公式)")


# One character of the supplementary private use area a correction: it rides inside the repaired text through the
# parser, so that each repair is known to have landed in this title or that action, and is then taken out.
_MARK = 0xF0000
_MARKS = re.compile("[\U000f0000-\U000ffffd]")


def mark(line: str, number: int, corrections: Iterable[tuple[int, Correction]], problems: list[Problem]) -> str:
    """The line with its repairs made, each marked with the index it comes with."""
    for index, one in corrections:
        printed, adopted = one.printed or "", one.adopted or ""
        count = line.count(printed) if printed else 0
        if count != 1 or not adopted:
            expected = f"text that stands once on line {number} of the report, and its replacement"
            problems.append(
                Problem(
                    one.path,
                    one.line,
                    "column 'printed'",
                    expected,
                    f"{printed!r}, {count} times",
                    "correction",
                    f"報告書の{number}行目に一度だけある文字列と、その修正",
                )
            )
            continue
        line = line.replace(printed, adopted[0] + chr(_MARK + index) + adopted[1:])
    return line


def unmark(text: str) -> tuple[str, tuple[int, ...]]:
    """The text without marks, and the indices of the corrections that it carried."""
    return _MARKS.sub("", text), tuple(ord(found) - _MARK for found in _MARKS.findall(text))
