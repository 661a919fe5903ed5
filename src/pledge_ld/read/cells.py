"""The kinds of cell: how each is read, and what it expects in words. docs/records.md is made from this module."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from pledge_ld.record import LineRef

if TYPE_CHECKING:
    from collections.abc import Callable

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


class Kind(NamedTuple):
    """A kind of cell: its parser, which raises ValueError, what it expects in both languages, and if it is a list."""

    parse: Callable[[str], Any]
    en: str
    ja: str
    several: bool = False


PARSERS: dict[str, Kind] = {
    "id": Kind(
        _id,
        f"an id of a-z, 0-9 and single hyphens, at most {MAX_ID} characters, no name that Windows reserves",
        f"a-z・0-9・単独のハイフンによる{MAX_ID}字以内のID(Windowsの予約名は不可)",
    ),
    "ids": Kind(_several(_id), "ids parted by ; with none twice", "「;」で区切ったID(重複なし)", several=True),
    "thing": Kind(
        _thing,
        "programme, policy/ID, pledge/ID or measure/ID",
        "programme、policy/ID、pledge/ID、measure/ID のいずれか",
    ),
    "things": Kind(
        _several(_thing),
        "things parted by ; (measure/1-2-1, measure/1-2-1#score, measure/1-2-1#action-3)",
        "「;」で区切った対象(measure/1-2-1、measure/1-2-1#score、measure/1-2-1#action-3)",
        several=True,
    ),
    "text": Kind(
        _text,
        "plain text with no markup, script address or control character, and no space around it",
        "タグ・スクリプト・制御文字を含まず前後に空白のない文字列",
    ),
    "verbatim": Kind(
        _verbatim,
        "plain text with no markup, script address or control character",
        "タグ・スクリプト・制御文字を含まない文字列",
    ),
    "kana": Kind(_match(_KANA), "a reading in hiragana", "ひらがなの読み"),
    "integer": Kind(_integer, "a whole number in ASCII digits", "半角数字の整数"),
    "decimal": Kind(_decimal, "a number in ASCII digits", "半角数字の数値"),
    "date": Kind(_date, "a date like 2024-03-31", "2024-03-31 のような日付"),
    "month": Kind(_match(_MONTH), "a month like 2024-05", "2024-05 のような年月"),
    "boolean": Kind(_boolean, "true or false", "true または false"),
    "url": Kind(_match(_URL), "an http or https address", "http または https のアドレス"),
    "urls": Kind(
        _several(_match(_URL)),
        "http or https addresses parted by ;",
        "「;」で区切った http または https のアドレス",
        several=True,
    ),
    "lines": Kind(
        _several(_line),
        "lines like L43 or 2024-03-31#L43, parted by ;",
        "「;」で区切った L43 または 2024-03-31#L43 のような行番号",
        several=True,
    ),
    "sources": Kind(
        _several(_source),
        "lines like 2024-03-31#L43 or http(s) addresses, parted by ;",
        "「;」で区切った行番号(2024-03-31#L43)またはアドレス",
        several=True,
    ),
    "curie": Kind(_match(_CURIE), "a property like pledge:stars", "pledge:stars のような性質の名前"),
    "file": Kind(_match(_FILE), "a file name like source/report.txt", "source/report.txt のようなファイル名"),
}
"""Kind of cell → how it is read."""


def choice(choices: tuple[str, ...], *, several: bool) -> Kind:
    """The kind of a cell that holds one, or several, of these words."""
    allowed = frozenset(choices)

    def parse(text: str) -> str:
        if text not in allowed:
            raise ValueError
        return text

    words = " | ".join(choices)
    return Kind(_several(parse) if several else parse, words, words, several)
