"""A figure to put on another site: what a small frame shows of a thing, and a badge as SVG."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from pledge_ld.config import SAID_IN
from pledge_ld.site.page import Page
from pledge_ld.site.rounds import distribution
from pledge_ld.term import PLEDGE, Term

if TYPE_CHECKING:
    from pledge_ld.site.item import Ref, ScoreView, Text
    from pledge_ld.site.page import CityHead
    from pledge_ld.site.rounds import Distribution
    from pledge_ld.site.views import Views

_KINDS = ("Municipality", "Programme", "Policy", "Pledge")
_WIDE = {"W", "F", "A"}
_EM, _HEIGHT, _PAD = 13, 28, 9
_LATIN = 0.62
"""The share of an em that a Latin letter or a digit takes in the usual fonts, the wider ones among them."""
_LONGEST = 18
"""Letters of a level's name that a badge shows."""


@dataclass(frozen=True, slots=True)
class EmbedView:
    """What is shown of a thing: its figure of the latest assessment, or how many items stand at each level."""

    of: Ref
    kind: str
    score: ScoreView | None
    distribution: Distribution | None
    as_of: str
    uncertain: bool
    """Whether the figure is, as its page says."""


def embedded(views: Views, document: Term) -> EmbedView | None:
    """What can be embedded of a city, programme, policy or pledge; None of anything else, and where nothing is known.

    Of a city it is the figure of its latest programme that has one.
    """
    index = views.index
    kind = next((one for one in _KINDS if index.has_type(document, PLEDGE[one])), "")
    if not kind:
        return None
    items = views.programmes() if kind == "Municipality" else [views.item(document)]
    for item in items:
        score = item.adopted or item.printed
        shown = score if score and (score.percent or score.stars is not None or score.level or score.low) else None
        counted = None if shown else distribution(views, views.term(item.ref.path))
        if shown or counted:
            as_of = shown.as_of if shown else counted.as_of if counted else ""
            return EmbedView(views.ref(document), kind, shown, counted, as_of, item.doubtful(shown))
    return None


def embed_page(one: EmbedView, head: CityHead) -> Page:
    """The page of the frame."""
    return Page(f"embed/{one.of.path}", "embed", one.of.text, {"city": head, "one": one})


def badge(one: EmbedView, head: CityHead, strings: dict[str, str]) -> str:
    """The badge: what it is about, its figure and its day, as text that a screen reader reads as one sentence."""
    language = strings["lang"]
    left, right = _about(one, head, strings), f"{_figure(one, strings)} · {one.as_of}"
    first, second = width(left) + 2 * _PAD, width(right) + 2 * _PAD
    whole = first + second
    texts = "".join(
        f'<text x="{x}" y="18.5" fill="{fill}" textLength="{width(text)}" lengthAdjust="spacingAndGlyphs"'
        f"{weight}>{escape(text)}</text>"
        for x, text, fill, weight in (
            (_PAD, left, "#1a1a1c", ""),
            (first + _PAD, right, "#ffffff", ' font-weight="700"'),
        )
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{whole}" height="{_HEIGHT}" viewBox="0 0 {whole} {_HEIGHT}" '
        f'role="img" aria-labelledby="name" lang="{language}" font-size="{_EM}" '
        "font-family=\"system-ui, 'Hiragino Sans', 'Noto Sans JP', 'Yu Gothic UI', Meiryo, sans-serif\">"
        f'<title id="name">{escape(badge_says(one, head, strings))}</title>'
        f'<rect width="{whole}" height="{_HEIGHT}" rx="4" fill="#00118f"/>'
        f'<path d="M4 0.5H{first}V{_HEIGHT - 0.5}H4A3.5 3.5 0 0 1 0.5 {_HEIGHT - 4}V4A3.5 3.5 0 0 1 4 0.5Z" '
        'fill="#f1f1f4" stroke="#00118f"/>'
        f"{texts}</svg>\n"
    )


def badge_says(one: EmbedView, head: CityHead, strings: dict[str, str]) -> str:
    """What a badge says, for those who do not see it: its own name, and the text beside it in a page that shows it."""
    about, title = _about(one, head, strings), _in(one.of.text, strings["lang"])
    thing = about if title == about else f"{about} {title}"
    return strings["embed_says"].format(thing=thing, figure=_figure(one, strings), as_of=one.as_of)


def _about(one: EmbedView, head: CityHead, strings: dict[str, str]) -> str:
    city = _in(head.ref.text, strings["lang"])
    return city if one.kind == "Municipality" else f"{city} {strings['class_' + one.kind]} {one.of.number}".strip()


def _figure(one: EmbedView, strings: dict[str, str]) -> str:
    return figure_text(one, strings) + (f" ({strings['uncertain']})" if one.uncertain else "")


def figure_text(one: EmbedView, strings: dict[str, str]) -> str:
    """The figure in a few letters."""
    score = one.score
    if score is None:
        top = one.distribution.counts[0] if one.distribution else None
        if top is None or one.distribution is None:
            return strings["no_figure"]
        return f"{_short(_in(top.level.text, strings['lang']))} {top.count}/{one.distribution.total}"
    if score.percent:
        return f"{score.percent}%"
    if score.stars is not None:
        return f"{score.stars}/10"
    if score.level:
        return _short(_in(score.level.text, strings["lang"]))
    return f"{score.low}–{score.high}%"


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _in(text: Text, language: str) -> str:
    spoken = (language, *reversed(SAID_IN))
    return next((text[one] for one in spoken if text.get(one)), next(iter(text.values()), ""))


def width(text: str) -> int:
    """How wide a text is drawn: letters of Japanese are an em wide, Latin ones about three fifths.

    >>> width("公約"), width("66%")
    (26, 25)
    """
    ems = sum(1 if unicodedata.east_asian_width(one) in _WIDE else _LATIN for one in text)
    return -(-round(ems * _EM * 10) // 10)
