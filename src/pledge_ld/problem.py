"""What is wrong, said to the person who can mend it: file, line, column, expected, got, rule."""

from __future__ import annotations

import errno
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_GOT = 80
"""Characters of a wrong value that a message shows."""


_ROOM = (
    "free some space or some inodes (df, df -i), then try again",
    "空き容量かinodeを増やして、もう一度実行してください",
)
_RIGHTS = (
    "change its permissions, and those of the folder that it lies in, or choose another place",
    "その場所と、それを置くフォルダの権限を直すか、別の場所を指定してください",
)
_ADVICE = {
    errno.ENOSPC: _ROOM,
    errno.EDQUOT: _ROOM,
    errno.EROFS: ("nothing can be written there: choose another place", "読み取り専用です。別の場所を指定してください"),
    errno.EACCES: _RIGHTS,
    errno.EPERM: _RIGHTS,
    errno.EBUSY: (
        "something holds it, as a mounted disk does: choose a folder below it",
        "マウントなどで使われています。その下のフォルダを指定してください",
    ),
    errno.ENOTDIR: ("a file stands where a folder should be", "フォルダがあるべき所にファイルがあります"),
    errno.EFBIG: ("no file may be so large there", "その大きさのファイルは書けません"),
    errno.ENAMETOOLONG: ("choose a shorter name", "短い名前にしてください"),
    errno.ENOENT: ("check the path", "場所を確かめてください"),
}
"""What to do about an error of the system."""


def refused(error: OSError) -> str:
    """What the system refused, where, and what to do, in both languages.

    >>> print(refused(OSError(errno.EROFS, "Read-only file system", "site")))
    site: Read-only file system: nothing can be written there: choose another place
        読み取り専用です。別の場所を指定してください
    """
    said = [str(one) for one in (error.filename, error.strerror or error) if one]
    english, japanese = _ADVICE.get(error.errno or 0, ("", ""))
    line = ": ".join(printable(one) for one in (*said, english) if one)
    return f"{line}\n    {japanese}" if japanese else line


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
