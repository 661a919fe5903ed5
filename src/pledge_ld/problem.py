"""What is wrong, said to the person who can mend it: file, line, column, expected, got, rule."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_GOT = 80
"""Characters of a wrong value that a message shows."""


class PledgeError(Exception):
    """A wrong call or configuration: nothing that a change of the data would mend."""

    remote = False
    """True where something elsewhere failed, and the call itself was right."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing wrong in the data.

    ``where`` is the column, key or property; ``expected`` completes the sentence "expected …", ``expected_ja``
    stands alone in Japanese; ``rule`` is the shape or rule that docs/rules.md explains.
    """

    path: str
    line: int
    where: str
    expected: str
    got: str
    rule: str
    expected_ja: str = ""
    warning: bool = False

    def __str__(self) -> str:
        """The two lines a terminal shows: the English one is the contract's, the Japanese one follows.

        >>> print(Problem("data/x.csv", 12, "column 'stars'", "0..10", "11", "Score-stars", "0から10までの整数"))
        data/x.csv:12: column 'stars': expected 0..10, got 11 [Score-stars]
            期待: 0から10までの整数、実際: 11
        """
        path, where = printable(self.path), printable(self.where)
        place = f"{path}:{self.line}" if self.line else path
        kind = "warning: " if self.warning else ""
        got = shorten(self.got)
        line = f"{place}: {kind}{where}: expected {self.expected}, got {got} [{self.rule}]"
        return f"{line}\n    期待: {self.expected_ja}、実際: {got if self.got else '空'}" if self.expected_ja else line


def printable(text: str) -> str:
    """The text, with what a terminal would obey made visible."""
    return text if text.isprintable() else repr(text)


def shorten(value: str) -> str:
    r"""The value as one printable line.

    >>> shorten("a\nb\x1b")
    "'a\\nb\\x1b'"
    """
    if value == "":
        return "nothing"
    text = printable(value)
    return text if len(text) <= MAX_GOT else text[: MAX_GOT - 1] + "…"


def as_text(problems: Iterable[Problem]) -> str:
    """All problems, sorted, a paragraph each."""
    return "\n".join(str(problem) for problem in sorted(problems))


def as_json(problems: Iterable[Problem]) -> str:
    """All problems, sorted, as a JSON array of objects with the fields of `Problem`."""
    return json.dumps([asdict(problem) for problem in sorted(problems)], ensure_ascii=False, indent=2)
