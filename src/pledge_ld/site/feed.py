"""What changed in the data, as an Atom feed: from changes.csv alone, so that a new look of the pages is no news."""

from __future__ import annotations

from html import escape
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from pledge_ld.catalog import site_of
from pledge_ld.config import SAID_IN
from pledge_ld.site.views import LABEL, NOTATION, TRUE, Views, natural
from pledge_ld.term import PLEDGE, Term, curie, value_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pledge_ld.catalog import CatalogCity
    from pledge_ld.config import Config
    from pledge_ld.graph import Index
    from pledge_ld.record import Change

NAME = "feed.atom"
_MIDNIGHT = "T00:00:00Z"
_NEVER = "1970-01-01"
_IN_SCHEME = curie("skos:inScheme")


class Difference(NamedTuple):
    """A figure that two assessments of one programme give differently: of what (and at which level), before, after."""

    thing: Term
    level: Term
    before: str
    after: str


class _Entry(NamedTuple):
    id: str
    day: str
    path: str
    title: str
    content: str


def feed(cities: Iterable[CatalogCity], config: Config, strings: dict[str, str], tree: str) -> bytes:
    """The feed in the language of the strings; ``tree`` is where its pages lie. The newest entry is the first."""
    found = [entry for city in cities for entry in _entries(city, config, strings)]
    found.sort(key=lambda one: (one.day, one.id), reverse=True)
    site, language = f"{site_of(config)}{tree}", strings["lang"]
    operator = config.name_ja if language == "ja" else config.name_en
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{language}">',
        f"<id>{escape(config.base_iri)}{tree}{NAME}</id>",
        f"<title>{escape(strings['feed_title'])}</title>",
        f"<subtitle>{escape(strings['feed_subtitle'])}</subtitle>",
        f"<updated>{max((one.day for one in found), default=_NEVER)}{_MIDNIGHT}</updated>",
        f"<author><name>{escape(operator)}</name><uri>{escape(config.homepage)}</uri></author>",
        f"<rights>{escape(strings['licence'])}</rights>",
        f'<link rel="self" type="application/atom+xml" href="{escape(site)}{NAME}"/>',
        f'<link rel="alternate" type="text/html" hreflang="{language}" href="{escape(site)}index.html"/>',
        *(_xml(one, site, language) for one in found),
        "</feed>\n",
    ]
    return "\n".join(lines).encode()


def _xml(one: _Entry, site: str, language: str) -> str:
    return (
        f"<entry>\n<id>{escape(one.id)}</id>\n<title>{escape(one.title)}</title>\n"
        f"<published>{one.day}{_MIDNIGHT}</published>\n<updated>{one.day}{_MIDNIGHT}</updated>\n"
        f'<link rel="alternate" type="text/html" hreflang="{language}" href="{escape(site + one.path)}.html"/>\n'
        f'<content type="html">{escape(one.content)}</content>\n</entry>'
    )


def _entries(city: CatalogCity, config: Config, strings: dict[str, str]) -> Iterator[_Entry]:
    index, language = city.index, strings["lang"]
    views = Views(index, config.base_iri)
    rounds = _rounds(index)
    [municipality, *_] = index.of_type(PLEDGE["Municipality"])
    told: dict[tuple[str, str], int] = {}
    begun: set[Term] = set()
    for change in sorted(city.changes, key=lambda one: one.date):
        report = f"{municipality[:-1]}/{change.programme}/report/{change.as_of.isoformat()}>"
        node = f"{municipality[:-1]}/{change.programme}/{change.thing}>" if change.thing else report
        node = f"{municipality[:-1]}/{change.programme}>" if change.thing == "programme" else node
        day, path = change.date.isoformat(), views.path(node)
        told[day, path] = told.get((day, path), 0) + 1
        said = _said(change, language)
        first = report not in begun
        begun.add(report)
        news = list(differences(index, rounds[report], report, language)) if first and report in rounds else []
        name = _html_name(index, node, language)
        host = urlsplit(config.base_iri)
        yield _Entry(
            f"tag:{host.hostname},{day}:{host.path}{path}#{told[day, path]}",
            day,
            path,
            f"{_name(index, municipality, language)}: {said}",
            _content(index, name, said, news, strings),
        )


def _content(index: Index, name: str, said: str, news: list[Difference], strings: dict[str, str]) -> str:
    parts = [f"<p>{name}</p>", f"<p>{escape(said)}</p>"]
    if news:
        rows = "".join(
            f"<li>{_html_name(index, one.thing, strings['lang'])}"
            f"{' · ' + _html_name(index, one.level, strings['lang']) if one.level else ''}: "
            f"{escape(one.before or strings['no_figure'])} → {escape(one.after or strings['no_figure'])}</li>"
            for one in news
        )
        parts.append(f"<p>{escape(strings['feed_figures'])}</p><ul>{rows}</ul>")
    return "".join(parts)


def _said(change: Change, language: str) -> str:
    return change.change_ja if language == "ja" else change.change_en


def _name(index: Index, node: Term, language: str) -> str:
    number, label = index.value(node, NOTATION), _label(index, node, language)[0]
    # A level is often called what it is noted by: A of a, ★7 of 7. A title that has its number in it is a title.
    if index.one(node, _IN_SCHEME) and _letters(number) in _letters(label):
        return label
    return f"{number} {label}".strip()


def _letters(text: str) -> str:
    """A text by its letters and digits alone, large and small ones the same."""
    return "".join(one for one in text.casefold() if one.isalnum())


def _html_name(index: Index, node: Term, language: str) -> str:
    """The name as HTML, marked where it is in another language than the feed."""
    name = escape(_name(index, node, language))
    code = _label(index, node, language)[1]
    return name if code in {"", language} else f'<span lang="{code}">{name}</span>'


def _label(index: Index, node: Term, language: str) -> tuple[str, str]:
    """The label in the first language that it has, and which that is; "" for both where it has none."""
    spoken = (language, *reversed(SAID_IN))
    return next(((found, one) for one in spoken if (found := index.in_language(node, LABEL, one))), ("", ""))


def _rounds(index: Index) -> dict[Term, Term]:
    """Each assessment that follows another one of the same programme → the one before."""
    by_programme: dict[Term, list[Term]] = {}
    for node in sorted(index.of_type(PLEDGE["Assessment"]), key=lambda one: index.value(one, PLEDGE["asOf"])):
        by_programme.setdefault(index.one(node, PLEDGE["programme"]) or "", []).append(node)
    return {after: before for found in by_programme.values() for before, after in pairwise(found)}


def differences(index: Index, before: Term, after: Term, language: str = "ja") -> Iterator[Difference]:
    """The figures that count, and the counts at levels, that are not the same in two assessments."""
    old, new = _figures(index, before, language), _figures(index, after, language)
    for key in sorted(old.keys() | new.keys(), key=lambda one: (natural(one[0]), natural(one[1]))):
        if old.get(key) != new.get(key):
            yield Difference(*key, old.get(key, ""), new.get(key, ""))


def _figures(index: Index, report: Term, language: str) -> dict[tuple[Term, Term], str]:
    found = {}
    for node in index.subjects(PLEDGE["inAssessment"], report):
        if index.one(node, PLEDGE["adopted"]) == TRUE:
            found[index.one(node, PLEDGE["scoreOf"]) or "", ""] = _figure(index, node, language)
        elif index.has_type(node, PLEDGE["LevelCount"]):
            key = (index.one(node, PLEDGE["countOf"]) or "", index.one(node, PLEDGE["level"]) or "")
            found[key] = index.value(node, PLEDGE["count"])
    return found


def _figure(index: Index, score: Term, language: str) -> str:
    if percent := index.value(score, PLEDGE["percent"]):
        return f"{percent}%"
    if stars := index.value(score, PLEDGE["stars"]):
        return f"{stars}/10"
    if level := index.one(score, PLEDGE["level"]):
        return _name(index, level, language) or value_of(level)
    low, high = index.value(score, PLEDGE["percentAtLeast"]), index.value(score, PLEDGE["percentBelow"])
    return f"{low}–{high}%" if low or high else ""
