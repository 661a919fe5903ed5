"""What a picture says in one language: the names and figures of its rows, and the whole for those who do not see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pledge_ld.site.item import Text
    from pledge_ld.site.pictures.drawn import Drawn, Picture

READ_OUT = 12
"""How many rows a description reads out; the others stand in the table."""


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a picture in one language, those of its rows in their order."""

    title: str
    lead: str
    unit: str
    names: list[str]
    figures: list[str]
    intervals: list[str]
    desc: str
    longest: int
    """How many letters the longest name has."""


def words_of(picture: Picture, strings: dict[str, str], language: str) -> Words:
    """The words of a picture."""
    lead = strings[f"pic_{picture.name}_lead"].format(**picture.said) if picture.rows else ""
    title, unit = strings[f"pic_{picture.name}"], _unit(picture, strings, language)
    if picture.kind == "heat":
        return Words(title, lead, unit, [], [], [], "", 0)
    names = [_name(one, number, picture, strings, language) for number, one in enumerate(picture.rows)]
    figures = [_figure(one, picture, strings) for one in picture.rows]
    intervals = [_interval(one, strings) for one in picture.rows]
    parts = [
        _read_out(*each, strings) for each in zip(names[:READ_OUT], figures, intervals, picture.rows, strict=False)
    ]
    more = len(picture.rows) - READ_OUT
    rest = f" {strings['pic_more'].format(n=more)}" if more > 0 else ""
    desc = f"{lead} {strings['semicolon'].join(parts)}{rest}"
    return Words(title, lead, unit, names, figures, intervals, desc, max(map(len, names), default=0))


def in_language(text: Text, language: str) -> str:
    """The text in the language, or as it is."""
    return text.get(language) or text.get("ja") or next(iter(text.values()), "")


def _name(row: Drawn, number: int, picture: Picture, strings: dict[str, str], language: str) -> str:
    if picture.kind == "term":
        return strings["pic_term_printed" if number else "pic_term_elapsed"]
    if row.number and picture.kind != "levels":
        return row.number
    return in_language(row.text, language) or strings["pic_unknown"]


def _unit(picture: Picture, strings: dict[str, str], language: str) -> str:
    if picture.kind == "levels":
        return in_language(picture.about, language) if picture.about else strings["class_Measure"]
    return "★" if picture.name in {"measures", "history_stars"} else "%"


def _figure(row: Drawn, picture: Picture, strings: dict[str, str]) -> str:
    if row.figure:
        before = "★" if picture.name in {"measures", "history_stars"} else ""
        return f"{before}{row.figure}{'' if before or picture.kind == 'levels' else '%'}"
    if row.print:
        return strings["pic_unread"].format(print=row.print)
    # On the picture there is room for the interval alone; whose it is says the legend.
    return _reach(row, strings) or strings["not_printed"]


def _interval(row: Drawn, strings: dict[str, str]) -> str:
    reach = _reach(row, strings)
    return strings[f"interval_{row.interval_origin}"].format(interval=reach) if reach and row.interval_origin else reach


def _reach(row: Drawn, strings: dict[str, str]) -> str:
    if not row.at_least and not row.below:
        return ""
    key = "interval" if row.at_least and row.below else "at_least" if row.at_least else "below"
    return strings[key].format(low=row.at_least, high=row.below)


def _read_out(name: str, figure: str, interval: str, row: Drawn, strings: dict[str, str]) -> str:
    beside = [interval] if interval and row.figure else []
    figure = interval if interval and not row.figure and not row.print else figure
    if row.recomputed:
        beside.append(f"{strings['pic_recomputed']} {row.recomputed}%")
    return f"{name}: {figure}" + "".join(f" ({one})" for one in beside)
