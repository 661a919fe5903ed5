"""The pages of the whole site, and what they say of each city."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pledge_ld.compare import months_begun
from pledge_ld.site.item import below
from pledge_ld.site.listing import listed
from pledge_ld.site.page import Page
from pledge_ld.site.pictures import Picture, of_summary
from pledge_ld.site.rounds import method, tables
from pledge_ld.site.views import IDENTIFIER, Views, local, natural
from pledge_ld.term import PLEDGE, Term, value_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pledge_ld.catalog import Download
    from pledge_ld.query import Answer, Query
    from pledge_ld.site.item import ItemView, Ref, Text
    from pledge_ld.site.rounds import Method

_ROWS = 200
"""Rows of an answer that its page shows: a phone has to draw them. The answers as files have all."""


@dataclass(frozen=True, slots=True)
class Dump:
    """A city's downloads: its folder's name, their title, and the files."""

    folder: str
    title: Text
    files: tuple[Download, ...]


@dataclass(frozen=True, slots=True)
class CitySummary:
    """What the home page says of a city: its programme as of the latest assessment."""

    ref: Ref
    programme: ItemView
    report: Ref
    as_of: str
    overall_mean_of_pledges: str
    graded: int
    uncertain: int
    unit: Text
    months: tuple[int, int] | None
    cut_off: bool
    """Whether the overall figure is a mean of percents that were cut off themselves."""
    tables: list[str]
    methods: list[Method]
    """How each programme's latest report came about, the latest programme first."""
    pictures: list[Picture]

    @property
    def listed(self) -> str:
        """What the programme's list is of, or ""."""
        return listed(self.programme)

    @property
    def figures(self) -> bool:
        """Whether the policies have figures of their own."""
        return any(one.printed or one.adopted for one in self.programme.children)


def city_summary(views: Views) -> CitySummary | None:
    """The city's summary, or None where nothing is assessed yet."""
    index = views.index
    assessed = [one for one in views.programmes() if index.subjects(PLEDGE["programme"], views.term(one.ref.path))]
    if not assessed:
        return None
    programme = assessed[0]
    node = views.term(programme.ref.path)
    latest = [max(index.subjects(PLEDGE["programme"], views.term(one.ref.path)), key=natural) for one in assessed]
    report, methods = latest[0], [method(views, one) for one in latest]
    as_of = index.value(report, PLEDGE["asOf"])
    graded = local(index.value(report, PLEDGE["gradedClass"]))
    items = below(programme, graded)
    plain = [
        one.percent for one in programme.computed if one.method and one.method.path.endswith("/overall_mean_of_pledges")
    ]
    city = index.of_type(PLEDGE["Municipality"])[0]
    start, length = index.value(node, PLEDGE["termStart"]), index.value(node, PLEDGE["termMonths"])
    return CitySummary(
        ref=views.ref(city),
        programme=programme,
        report=views.ref(report),
        as_of=as_of,
        overall_mean_of_pledges=plain[0] if plain else "",
        graded=len(items),
        uncertain=sum(one.uncertain for one in items),
        unit=views.text(report, PLEDGE["unitLabel"]),
        months=months_begun(start, as_of, int(length)) if start and length else None,
        cut_off="MeanOfPolicies" in methods[0].calculations and ("Policy", "Floor") in methods[0].roundings,
        tables=tables(views, report),
        methods=methods,
        pictures=of_summary(views, programme, f"-{index.value(city, IDENTIFIER)}"),
    )


def downloads_page(dumps: list[Dump]) -> Page:
    """The page of all downloads."""
    return Page("data/index", "downloads", {"ja": "データ", "en": "Data"}, {"dumps": dumps})


def common_pages(cities: list[CitySummary], answers: list[tuple[Query, Answer]], base: str) -> Iterator[Page]:
    """The pages of the whole site: home, the queries with their answers, method, and what is not there."""
    yield Page("index", "home", {"ja": "市長公約データ", "en": "Mayors' pledges as data"}, {"cities": cities})
    yield Page(
        "about",
        "about",
        {"ja": "方法と品質", "en": "Method and quality"},
        {"cities": cities},
    )
    yield Page("404", "missing", {"ja": "ページがありません", "en": "No such page"}, {})
    listed = [one for one, _ in answers]
    yield Page("queries/index", "queries", {"ja": "問い合わせ", "en": "Queries"}, {"queries": listed})
    for query, answer in answers:
        rows = [[_cell(term, base) for term in row] for row in answer.rows[:_ROWS]]
        data = {"query": query, "names": answer.names, "rows": rows, "total": len(answer.rows)}
        yield Page(f"queries/{query.name}", "query", query.title, data, f"queries/{query.name}")


def _cell(term: Term | None, base: str) -> tuple[str, str]:
    """A cell of an answer: its text, and the path of the page where it is an IRI of ours."""
    if term is None:
        return "", ""
    value = value_of(term)
    if term[0] == "<" and value.startswith(base):
        path = value.removeprefix(base)
        return path, path
    return value, ""
