"""The kinds of cell: how each is read, and what it expects in words. docs/records.md is made from this module."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

import pyoxigraph as ox

from pledge_ld.read.names import (
    BESIDE_PROGRAMMES,
    MAX_CODE,
    MAX_FILE,
    MAX_ID,
    PAGE,
    RECORD_FOLDERS,
    ROOT,
    is_code,
    is_country,
    is_id,
    is_source,
)
from pledge_ld.record import Box, LineRef, Point, Source
from pledge_ld.term import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Callable

_THING = re.compile(
    r"(?:programme|(?:policy|pledge|measure)/([a-z0-9]+(?:-[a-z0-9]+)*))(?:#(?:score(?:-inferred)?|action-[1-9][0-9]{0,8}))?"
)
_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_LINE = re.compile(rf"(?:({_DAY})#)?L([1-9][0-9]{{0,8}})")
_SOURCE = re.compile(rf"(?:([a-z0-9-]+)/)?({_DAY})#L[1-9][0-9]{{0,8}}")
_DATE = re.compile(_DAY)
_MONTH = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])")
MAX_LONGITUDE, MAX_LATITUDE = 180, 90
_DEGREES = re.compile(r"-?(?:0|[1-9][0-9]{0,2})(?:\.[0-9]{1,6})?")
MAX_DIGITS, MAX_DECIMALS = 18, 9
"""Digits that a number may have before its point, as a 64-bit integer of any reader holds them, and after it."""
_INTEGER = re.compile(rf"-?(?:0|[1-9][0-9]{{0,{MAX_DIGITS - 1}}})")
_DECIMAL = re.compile(rf"-?(?:0|[1-9][0-9]{{0,{MAX_DIGITS - 1}}})(?:\.[0-9]{{1,{MAX_DECIMALS}}})?")
_URL = re.compile(r"https?://[^\s<>\"{}|\\^`\x00-\x20]+")
_CURIE = re.compile(r"[a-z]+:[A-Za-z]+")
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


def _held(test: Callable[[str], bool]) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if not test(text):
            raise ValueError
        return text

    return parse


def _file(text: str) -> str:
    folder, _, name = text.partition("/")
    if folder != "source" or not is_source(name):
        raise ValueError
    return text


def _url(text: str) -> str:
    """An address that every reader of RDF takes: what one refuses would stop a build far from this cell."""
    if _BAD_TEXT.search(text):
        raise ValueError
    return ox.NamedNode(_match(_URL)(text)).value


def _curie(text: str) -> str:
    if _match(_CURIE)(text).partition(":")[0] not in PREFIXES:
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


def _degrees(text: str, count: int) -> list[Decimal]:
    """So many numbers of at most six decimals, which is a tenth of a metre: more would only look exact."""
    parts = text.split(";")
    if len(parts) != count or not all(_DEGREES.fullmatch(one) for one in parts):
        raise ValueError
    return [Decimal(one) for one in parts]


def _point(text: str) -> Point:
    point = Point(*_degrees(text, 2))
    if abs(point.longitude) > MAX_LONGITUDE or abs(point.latitude) > MAX_LATITUDE:
        raise ValueError
    return point


def _box(text: str) -> Box:
    box = Box(*_degrees(text, 4))
    if not (-MAX_LONGITUDE <= box.west < box.east <= MAX_LONGITUDE):
        raise ValueError
    if not (-MAX_LATITUDE <= box.south < box.north <= MAX_LATITUDE):
        raise ValueError
    return box


def _boolean(text: str) -> bool:
    return {"true": True, "false": False}[text]


def _thing(text: str) -> str:
    found = _THING.fullmatch(text)
    if not found or (found[1] and not is_id(found[1])):
        raise ValueError
    return text


def _item(text: str) -> str:
    if "#" in text:
        raise ValueError
    return _thing(text)


def _line(text: str) -> Source:
    found = _LINE.fullmatch(text)
    if not found:
        return _url(text)
    return LineRef(_date(found[1]).isoformat() if found[1] else "", int(found[2]))


def _source(text: str) -> str:
    found = _SOURCE.fullmatch(text)
    if not found:
        return _url(text)
    _date(found[2])
    if found[1] and not is_id(found[1]):
        raise ValueError
    return text


def _several(parse: Callable[[str], Any]) -> Callable[[str], tuple[Any, ...]]:
    """A cell of several values, parted by semicolons."""

    def each(text: str) -> tuple[Any, ...]:
        if ";" not in text:
            return (parse(text),)
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


def _words(names: frozenset[str]) -> str:
    return ", ".join(sorted(names))


_ID_EN = (
    f"an id of a-z, 0-9 and single hyphens, at most {MAX_ID} characters, no name that Windows or web servers reserve"
)
_ID_JA = f"a-z・0-9・単独のハイフンによる{MAX_ID}字以内のID(Windowsやサーバーの予約名は不可)"

PARSERS: dict[str, Kind] = {
    "id": Kind(_held(is_id), _ID_EN, _ID_JA),
    "programme": Kind(
        _held(lambda text: is_id(text, BESIDE_PROGRAMMES | RECORD_FOLDERS)),
        f"{_ID_EN}, and not {_words(BESIDE_PROGRAMMES | RECORD_FOLDERS)}",
        f"{_ID_JA}。{_words(BESIDE_PROGRAMMES | RECORD_FOLDERS)} も不可",
    ),
    "level": Kind(
        _held(lambda text: is_id(text, PAGE)), f"{_ID_EN}, and not {_words(PAGE)}", f"{_ID_JA}。{_words(PAGE)} も不可"
    ),
    "country": Kind(
        _held(is_country),
        f"two letters a-z, and not {_words(ROOT)}",
        f"a-zの2文字({_words(ROOT)} は不可)",
    ),
    "code": Kind(
        _held(is_code),
        f"a code of a-z and 0-9, at most {MAX_CODE} characters, no name that Windows or web servers reserve",
        f"a-z・0-9による{MAX_CODE}字以内のコード(Windowsやサーバーの予約名は不可)",
    ),
    "ids": Kind(_several(_held(is_id)), "ids parted by ; with none twice", "「;」で区切ったID(重複なし)", several=True),
    "thing": Kind(
        _thing,
        "programme, policy/ID, pledge/ID or measure/ID",
        "programme、policy/ID、pledge/ID、measure/ID のいずれか",
    ),
    "item": Kind(
        _item,
        "programme, policy/ID, pledge/ID or measure/ID, with nothing after it",
        "programme、policy/ID、pledge/ID、measure/ID のいずれか(後に何も付けない)",
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
    "integer": Kind(
        _integer,
        f"a whole number in ASCII digits, at most {MAX_DIGITS} of them, with no needless zero in front",
        f"半角数字で{MAX_DIGITS}桁までの整数(先頭に余分な0を付けない)",
    ),
    "decimal": Kind(
        _decimal,
        f"a number in ASCII digits, at most {MAX_DIGITS} before the point and {MAX_DECIMALS} after it, "
        "with no needless zero in front",
        f"半角数字で整数部{MAX_DIGITS}桁・小数部{MAX_DECIMALS}桁までの数値(先頭に余分な0を付けない)",
    ),
    "box": Kind(
        _box,
        "[west, south, east, north] in degrees of WGS 84, at most 6 decimals, west below east and south below north",
        "[西端, 南端, 東端, 北端] の経緯度。世界測地系、小数6桁まで、西端<東端、南端<北端",
    ),
    "point": Kind(
        _point,
        "[longitude, latitude] in degrees of WGS 84, at most 6 decimals",
        "[経度, 緯度] の度数。世界測地系、小数6桁まで",
    ),
    "date": Kind(_date, "a date like 2024-03-31", "2024-03-31 のような日付"),
    "month": Kind(_match(_MONTH), "a month like 2024-05", "2024-05 のような年月"),
    "boolean": Kind(_boolean, "true or false", "true または false"),
    "url": Kind(_url, "an http or https address", "http または https のアドレス"),
    "urls": Kind(
        _several(_url),
        "http or https addresses parted by ;",
        "「;」で区切った http または https のアドレス",
        several=True,
    ),
    "lines": Kind(
        _several(_line),
        "lines like L43 or 2024-03-31#L43, or http(s) addresses, parted by ;",
        "「;」で区切った行番号(L43、2024-03-31#L43)またはアドレス",
        several=True,
    ),
    "sources": Kind(
        _several(_source),
        "lines like 2024-03-31#L43 or http(s) addresses, parted by ;",
        "「;」で区切った行番号(2024-03-31#L43)またはアドレス",
        several=True,
    ),
    "curie": Kind(
        _curie,
        "a property like pledge:stars, with a prefix that we declare",
        "pledge:stars のような性質の名前(定義済みの接頭辞)",
    ),
    "file": Kind(
        _file,
        f"a file name like source/report.txt, at most {MAX_FILE} characters, none that Windows reserves",
        f"source/report.txt のような{MAX_FILE}字以内のファイル名(Windowsの予約名は不可)",
    ),
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
