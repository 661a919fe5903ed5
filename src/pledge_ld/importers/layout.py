"""A report's text → rows of cells → blocks of text, by the page layouts we know.

The text is a PDF turned into lines: tables are tab-separated cells that hold HTML, and every page repeats its table's
header, which is how a page's layout is told.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from bs4 import BeautifulSoup
from bs4.element import NavigableString, PageElement, Tag


class Block(NamedTuple):
    """A paragraph or list item: how deep in lists it stands, and its text."""

    level: int
    text: str


class Layout(NamedTuple):
    """A page's columns, by role: ``number``, ``body``, ``actions`` or ``right`` (departments, percent, stars)."""

    name: str
    roles: tuple[str, ...]


NUMBERED = Layout("numbered", ("number", "body", "right", "right"))
PLAIN = Layout("plain", ("body", "right", "right"))
SPLIT = Layout("split", ("body", "actions", "right", "right"))
FUSED = Layout("fused", ("number", "body", "right"))

_ACTIONS = "取組事業内容"
# Every header block seen in a report, without spaces and trailing empty cells; the actions' row also names the
# period, which changes each year.
LAYOUTS: dict[tuple[tuple[str, ...], ...], Layout] = {
    (("基本政策", "", "担当部署", "進捗状況(数値：%)"), ("公約内容", "施策内容"), ("", _ACTIONS)): NUMBERED,
    (("基本政策", "", "担当部署", "進捗状況(数値：%)"), ("公約内容", "施策内容")): NUMBERED,
    (("基本政策", "", "担当部署", "進捗状況(数値：%)"), ("公約内容", "施策内容"), (_ACTIONS,)): SPLIT,
    (("基本政策", "", "進捗状況(数値：%)"), ("公約内容", "担当部署"), ("施策内容",), (_ACTIONS,)): PLAIN,
    (("基本政策", "", "進捗状況(数値：%)"), ("公約内容", "担当部署"), ("", "施策内容" + _ACTIONS)): FUSED,
}
SUMMARY_HEADER = (("施策区分", "進捗状況"), ("", "令和年度末(%)"))
_HEADER_WORDS = ("基本政策", "公約内容", "施策内容", "施策区分", _ACTIONS)


def header_row(line: str) -> tuple[str, ...] | None:
    r"""The cells of a table header's line, without spaces, years and periods; None for any other line.

    >>> header_row("公約内容\t施策内容\t\t")
    ('公約内容', '施策内容')
    """
    cells = [re.sub(r"\s", "", cell) for cell in line.split("\t")]
    cells = [
        re.sub(r"\(令和.*\)$", "", cell) if _ACTIONS in cell else re.sub(r"^令和\d+年", "令和年", cell)
        for cell in cells
    ]
    while cells and not cells[-1]:
        cells.pop()
    filled = next((cell for cell in cells if cell), "")
    is_header = (
        len(line.split("\t")) > 1
        and (filled.startswith(_HEADER_WORDS) or filled == "令和年度末(%)")
        and "<" not in line
    )
    return tuple(cells) if is_header else None


def blocks(html: str) -> tuple[Block, ...]:
    """The blocks of a cell in reading order; inline tags vanish, their text stays.

    >>> blocks("<b>3</b> 題<ul><li>● 施策<ul><li>・取組。</li></ul></li></ul>")
    (Block(level=0, text='3 題'), Block(level=1, text='● 施策'), Block(level=2, text='・取組。'))
    """
    if "<" not in html and "&" not in html:
        text = html.strip()
        return (Block(0, text),) if text else ()
    found: list[Block] = []
    _walk(BeautifulSoup(html, "html.parser"), 0, found)
    return tuple(found)


def _walk(node: Tag, level: int, found: list[Block]) -> None:
    inline: list[str] = []

    def flush() -> None:
        text = "".join(inline).strip()
        inline.clear()
        if text:
            found.append(Block(level, text))

    def each(child: PageElement) -> None:
        if isinstance(child, NavigableString):
            inline.append(str(child))
        elif isinstance(child, Tag) and child.name in {"ul", "ol", "li", "p", "div", "body", "html"}:
            flush()
            _walk(child, level + 1 if child.name == "li" else level, found)
        elif isinstance(child, Tag):
            for grandchild in child.children:
                each(grandchild)

    for child in node.children:
        each(child)
    flush()


def plain(html: str) -> str:
    """A cell's text on one line."""
    return " ".join(block.text for block in blocks(html))


_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)((?: [a-z-]+=\"[^\"<>]*\")*) ?(/?)>")
_VOID = frozenset({"br", "hr", "img"})


def broken(html: str) -> str:
    """The first piece of markup that is not closed, not opened or no tag at all; "" where all is well.

    A parser would mend it in silence, and what it swallows or moves would be lost.

    >>> broken("<p>a</p>"), broken("<ul><li>a</ul>"), broken("<!-- a")
    ('', '</ul>', '<!-- a')
    """
    rest = _TAG.sub("", html)
    if "<" in rest:
        return rest[rest.index("<") :][:20]
    open_: list[str] = []
    for found in _TAG.finditer(html):
        end, name, _, self_closing = found.groups()
        if end:
            if not open_ or open_.pop() != name:
                return found[0]
        elif not self_closing and name not in _VOID:
            open_.append(name)
    return f"<{open_[-1]}>" if open_ else ""


_ROMAN = {
    "I": 1,
    "II": 2,
    "III": 3,
    "IV": 4,
    "V": 5,
    "VI": 6,
    "VII": 7,
    "VIII": 8,
    "IX": 9,
    "X": 10,
    "XI": 11,
    "XII": 12,
}


def roman(text: str) -> int | None:
    """The number of a Roman numeral, ASCII or single-character.

    >>> roman("Ⅳ"), roman("II"), roman("IIX")
    (4, 2, None)
    """
    return _ROMAN.get(unicodedata.normalize("NFKC", text))


def numeral(number: int) -> str:
    """The single-character Roman numeral, as the report's section headings print it.

    >>> numeral(3)
    'Ⅲ'
    """
    return chr(0x2160 + number - 1)
