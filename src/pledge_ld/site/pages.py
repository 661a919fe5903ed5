"""Which pages there are, and what each is given. A page a document, and the few that belong to the whole site."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pledge_ld.site.views import Text, Views, below, local, natural
from pledge_ld.term import PLEDGE, Term, curie, value_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pledge_ld.graph import Index
    from pledge_ld.query import Answer, Query
    from pledge_ld.site.views import ItemView, Ref


@dataclass(frozen=True, slots=True)
class Page:
    """A page in all languages: where it stands, its template, its title, and what the template shows.

    ``document`` is the path of its Turtle and JSON-LD where it has them; ``aliases`` are further places for the
    same page (a folder's index).
    """

    path: str
    template: str
    title: Text
    data: dict[str, Any]
    document: str = ""
    aliases: tuple[str, ...] = field(default=())


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
    rights: Text


def city_summary(views: Views) -> CitySummary | None:
    """The city's summary, or None where nothing is assessed yet."""
    index = views.index
    assessed = [one for one in views.programmes() if index.subjects(PLEDGE["programme"], views.term(one.ref.path))]
    if not assessed:
        return None
    programme = assessed[0]
    node = views.term(programme.ref.path)
    report = max(index.subjects(PLEDGE["programme"], node), key=natural)
    as_of = index.value(report, PLEDGE["asOf"])
    graded = local(index.value(report, PLEDGE["gradedClass"]))
    items = below(programme, graded)
    plain = [
        one.percent for one in programme.computed if one.method and one.method.path.endswith("/overall_mean_of_pledges")
    ]
    start, length = index.value(node, PLEDGE["termStart"]), index.value(node, PLEDGE["termMonths"])
    return CitySummary(
        ref=views.ref(index.of_type(PLEDGE["Municipality"])[0]),
        programme=programme,
        report=views.ref(report),
        as_of=as_of,
        overall_mean_of_pledges=plain[0] if plain else "",
        graded=len(items),
        uncertain=sum(one.uncertain for one in items),
        unit=views.text(report, PLEDGE["unitLabel"]),
        months=_months(start, as_of, length),
        rights=views.text(report, curie("dcterms:rights")),
    )


def _months(start: str, as_of: str, length: str) -> tuple[int, int] | None:
    """Months of the term begun by the date, and its length."""
    if not start or not as_of or not length:
        return None
    begun = (int(as_of[:4]) - int(start[:4])) * 12 + int(as_of[5:7]) - int(start[5:7]) + 1
    return min(max(begun, 0), int(length)), int(length)


_ITEMS = {"Programme": "programme", "Policy": "item", "Pledge": "item", "Measure": "item"}


def city_pages(index: Index, base: str, folder: str) -> Iterator[Page]:
    """The pages of one city, one a document of its graph, and the two tables of each report."""
    views = Views(index, base)
    summary = city_summary(views)
    for document in sorted(index.by_document, key=natural):
        if not value_of(document).startswith(base):
            continue
        path = views.path(document)
        kind = _kind(index, document)
        data = {"document": document, "views": views, "city": summary, "folder": folder}
        title = views.text(document) or views.text(document, curie("dcterms:title"))
        yield Page(path, kind, title, data | _data(kind, document, views), path, _aliases(path, index, base))
        if kind == "report":
            yield from _tables(path, document, views, data)


def _aliases(path: str, index: Index, base: str) -> tuple[str, ...]:
    """A thing with documents below it is also the index of its folder."""
    inside = f"<{base}{path}/"
    return (f"{path}/index",) if any(one.startswith(inside) for one in index.by_document) else ()


_KINDS = {
    "Municipality": "city", "Department": "department", "Scale": "scale", "Assessment": "report", **_ITEMS,
}  # fmt: skip


def _kind(index: Index, document: Term) -> str:
    types = {local(value_of(one)) for one in index.objects(document, curie("rdf:type"))}
    for name, template in _KINDS.items():
        if name in types:
            return template
    return "person" if "Person" in types else "graph"


def _data(kind: str, document: Term, views: Views) -> dict[str, Any]:
    makers = {
        "city": _city,
        "department": _department,
        "scale": _scale,
        "report": _report,
        "item": _item,
        "programme": _item,
    }
    return makers[kind](document, views) if kind in makers else {"lines": views.lines(document)}


def _city(document: Term, views: Views) -> dict[str, Any]:
    index = views.index
    return {
        "programmes": views.programmes(),
        "departments": views.refs(views.by_reading(index.subjects(curie("org:unitOf"), document))),
        "scales": views.refs(sorted(index.of_type(PLEDGE["Scale"]))),
        "people": views.refs(sorted(index.of_type(curie("foaf:Person")))),
        "reading": index.value(document, curie("skos:altLabel")),
        "code": index.value(document, curie("dcterms:identifier")),
        "region": views.text(document, curie("vcard:region")),
        "homepage": index.value(document, curie("foaf:homepage")),
        "elsewhere": [
            value_of(one)
            for name in ("dcterms:spatial", "skos:closeMatch")
            for one in index.objects(document, curie(name))
        ],
        "lines": views.lines(document),
    }


def _item(document: Term, views: Views) -> dict[str, Any]:
    index, item = views.index, views.item(document)
    own = {one.id for one in item.notes if one.home == item.ref.path}
    hosted = [views.note(one) for one in index.by_document[document] if index.has_type(one, PLEDGE["DataNote"])]
    siblings = [one for one in index.of_type(PLEDGE[item.kind]) if item.kind != "Programme"]
    siblings.sort(key=natural)
    place = siblings.index(document) if document in siblings else -1
    return {
        "item": item,
        "notes": item.notes + [one for one in hosted if one.id not in own],
        "reports": views.refs(sorted(index.subjects(PLEDGE["programme"], document), key=natural)),
        "previous": views.ref(siblings[place - 1]) if place > 0 else None,
        "next": views.ref(siblings[place + 1]) if 0 <= place < len(siblings) - 1 else None,
        "mayor": [views.ref(one) for one in index.objects(document, curie("dcterms:creator"))],
        "term_start": index.value(document, PLEDGE["termStart"]),
        "term_months": index.value(document, PLEDGE["termMonths"]),
        "ended_early": index.value(document, PLEDGE["endedEarly"]) == "true",
        "policies": item.children if item.kind == "Programme" else [],
        "measures": below(item, "Measure"),
        "method_numbers": (
            index.value(document, PLEDGE["measuresPerPledge"]),
            index.value(document, PLEDGE["pledgesPerPolicy"]),
        ),
    }


def _department(document: Term, views: Views) -> dict[str, Any]:
    index = views.index
    linked = sorted(index.subjects(PLEDGE["responsibleDepartment"], document), key=natural)
    return {
        "reading": index.value(document, curie("skos:altLabel")),
        "measures": [views.item(one) for one in linked if index.has_type(one, PLEDGE["Measure"])],
        "pledges": [views.item(one) for one in linked if index.has_type(one, PLEDGE["Pledge"])],
        "valid": index.value(document, curie("dcterms:valid")),
        "before": views.refs(index.objects(document, curie("prov:wasDerivedFrom"))),
        "lines": views.lines(document),
    }


def _scale(document: Term, views: Views) -> dict[str, Any]:
    index = views.index
    levels = sorted(
        index.subjects(curie("skos:inScheme"), document), key=lambda one: int(index.value(one, PLEDGE["order"]) or 0)
    )
    return {
        "definition": views.text(document, curie("skos:definition")),
        "construct": local(index.value(document, PLEDGE["construct"])),
        "levels": [
            {
                "id": value_of(one).partition("#")[2],
                "text": views.text(one),
                "definition": views.text(one, curie("skos:definition")),
                "low": index.value(one, PLEDGE["percentAtLeast"]),
                "high": index.value(one, PLEDGE["percentBelow"]),
            }
            for one in levels
        ],
        "lines": views.lines(document),
    }


def _report(document: Term, views: Views) -> dict[str, Any]:
    index = views.index
    inside = index.by_document[document]
    lines = sorted((one for one in inside if index.has_type(one, PLEDGE["SourceLine"])), key=natural)
    counts = sorted((one for one in inside if index.has_type(one, PLEDGE["LevelCount"])), key=natural)
    period = next((one for one in inside if one.endswith("#period>")), None)
    programme = index.one(document, PLEDGE["programme"]) or ""
    return {
        "source_lines": [
            (index.value(one, PLEDGE["sourceLine"]), index.value(one, PLEDGE["sourceText"])) for one in lines
        ],
        "counts": [
            (
                value_of(one).partition("#")[2],
                views.refs(index.objects(one, PLEDGE["countOf"])),
                views.refs(index.objects(one, PLEDGE["level"])),
                index.value(one, PLEDGE["count"]),
            )
            for one in counts
        ],
        "period": (index.value(period, curie("dcat:startDate")), index.value(period, curie("dcat:endDate")))
        if period
        else None,
        "programme": views.ref(programme),
        "as_of": index.value(document, PLEDGE["asOf"]),
        "published": index.value(document, curie("dcterms:date")),
        "issued": index.value(document, curie("dcterms:issued")),
        "modified": index.value(document, curie("dcterms:modified")),
        "scale": views.refs(index.objects(document, PLEDGE["scale"])),
        "assessors": [local(value_of(one)) for one in index.objects(document, PLEDGE["assessor"])],
        "graded": local(index.value(document, PLEDGE["gradedClass"])),
        "item_count": index.value(document, PLEDGE["itemCount"]),
        "unit": views.text(document, PLEDGE["unitLabel"]),
        "calculations": [local(value_of(one)) for one in index.objects(document, PLEDGE["calculation"])],
        "rights": views.text(document, curie("dcterms:rights")),
        "lines": views.lines(document),
        "notes": _report_notes(document, views),
    }


def _report_notes(document: Term, views: Views) -> list[Any]:
    """Every note that stands on a line of this report, doubts first."""
    index = views.index
    own = f"{document[:-1]}#"
    notes = [
        one
        for one in index.of_type(PLEDGE["DataNote"])
        if any(line.startswith(own) for line in index.objects(one, curie("dcterms:source")))
    ]
    found = [views.note(one) for one in notes]
    return sorted(
        found, key=lambda one: (not one.uncertain, natural(one.lines[0].fragment if one.lines else ""), natural(one.id))
    )


def _tables(path: str, document: Term, views: Views, data: dict[str, Any]) -> Iterator[Page]:
    """The report's own tables, made again from the triples alone."""
    index = views.index
    programme = views.item(index.one(document, PLEDGE["programme"]) or "")
    as_of = index.value(document, PLEDGE["asOf"])
    for name in ("summary", "detail"):
        shown = {"report": views.ref(document), "programme": programme, "as_of": as_of, "at": _scores_at(as_of)}
        yield Page(f"{path}/{name}", name, views.text(document), data | shown)


def _scores_at(as_of: str) -> Any:
    """A function from an item to its printed score at the date."""

    def at(item: ItemView) -> Any:
        return next((one for one in item.scores if one.as_of == as_of and one.origin == "Published"), None)

    return at


def common_pages(
    cities: list[CitySummary], folders: list[tuple[str, Text]], answers: list[tuple[Query, Answer]], base: str
) -> Iterator[Page]:
    """The pages of the whole site: home, the queries with their answers, method, downloads, and what is not there.

    ``folders`` are the cities' dumps with their titles.
    """
    yield Page("index", "home", {"ja": "市長公約データ", "en": "Mayors' pledges as data"}, {"cities": cities})
    yield Page("about", "about", {"ja": "方法と品質", "en": "Method and quality"}, {"cities": cities})
    yield Page("data/index", "downloads", {"ja": "データ", "en": "Data"}, {"folders": folders})
    yield Page("404", "missing", {"ja": "ページがありません", "en": "No such page"}, {})
    listed = [one for one, _ in answers]
    yield Page("queries/index", "queries", {"ja": "問い合わせ", "en": "Queries"}, {"queries": listed})
    for query, answer in answers:
        rows = [[_cell(term, base) for term in row] for row in answer.rows]
        data = {"query": query, "names": answer.names, "rows": rows}
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
