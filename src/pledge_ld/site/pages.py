"""The pages of a city: which there are, and what each is given. A page a document."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pledge_ld.site.datasets import distributions, series_data
from pledge_ld.site.embed import embedded
from pledge_ld.site.item import below
from pledge_ld.site.listing import listed, listing
from pledge_ld.site.page import CityHead, Page
from pledge_ld.site.pictures import of_city, of_department, of_item
from pledge_ld.site.reuse import edition
from pledge_ld.site.rounds import distribution, method, tables
from pledge_ld.site.rounds import distributions as counted
from pledge_ld.site.views import Views, local, natural
from pledge_ld.term import PLEDGE, Term, curie, document_of, value_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pledge_ld.config import Config
    from pledge_ld.graph import Index
    from pledge_ld.site.home import Dump
    from pledge_ld.site.item import Ref, Text


_NUMBER = re.compile(r"-?[0-9.]+")
_ITEMS = {"Programme": "programme", "Policy": "item", "Pledge": "item", "Measure": "item"}


def city_pages(
    views: Views,
    config: Config,
    documents: Iterable[Term],
    *,
    dump: Dump | None = None,
    scripts: dict[Term, Text] | None = None,
) -> Iterator[Page]:
    """The pages of a city's documents, the two tables of each report, and the list of each programme.

    ``dump`` is what the pages of the city and of its graph offer; ``scripts`` are what a page tells search engines, by
    document and language.
    """
    index = views.index
    for document in documents:
        path, head = views.path(document), _head(views, document)
        kind = _kind(index, document)
        data: dict[str, Any] = {"city": head, "script": (scripts or {}).get(document)}
        title = views.text(document) or views.text(document, curie("dcterms:title"))
        own = _data(kind, document, views, config)
        if shown := embedded(views, document):
            own["embed"] = shown
        if kind in {"city", "graph"}:
            own["dump"] = dump
        if kind not in {"item", "programme"}:
            # A warning about a department or a scale is published as a note, which lives in its document.
            inside = index.by_document[document]
            own["hosted"] = [views.note(one) for one in inside if index.has_type(one, PLEDGE["DataNote"])]
        yield Page(path, kind, title, data | own, path, _aliases(path, index, config.base_iri))
        if kind == "report":
            yield from _tables(path, document, views, head)
        if kind == "programme":
            yield from listing(views, document, head)


def _head(views: Views, document: Term) -> CityHead:
    """The city's name, and whose report it is: its own or its programme's latest, or else the city's latest."""
    index = views.index
    inside = [one for one in index.of_type(PLEDGE["Assessment"]) if _same_programme(one, document)]
    found = [document] if document in inside else inside or index.of_type(PLEDGE["Assessment"])
    reports = sorted(found, key=lambda one: index.value(one, PLEDGE["asOf"]))
    rights = views.text(reports[-1], curie("dcterms:rights")) if reports else {}
    cited = edition(views, reports[-1]) if reports else None
    return CityHead(views.ref(index.of_type(PLEDGE["Municipality"])[0]), rights, cited)


def _same_programme(report: Term, document: Term) -> bool:
    """Whether the document is the report's programme, or lies below it."""
    programme = report.rpartition("/report/")[0]
    return document == f"{programme}>" or document.startswith(f"{programme}/")


def _aliases(path: str, index: Index, base: str) -> tuple[str, ...]:
    """A thing with documents below it is also the index of its folder."""
    inside = f"<{base}{path}/"
    return (f"{path}/index",) if any(one.startswith(inside) for one in index.by_document) else ()


_KINDS = {
    "Municipality": "city", "Department": "department", "Scale": "scale", "Assessment": "report", **_ITEMS,
    "DatasetSeries": "series", "MappingSet": "mapping",
}  # fmt: skip


def _kind(index: Index, document: Term) -> str:
    types = {local(value_of(one)) for one in index.objects(document, curie("rdf:type"))}
    for name, template in _KINDS.items():
        if name in types:
            return template
    return "person" if "Person" in types else "graph"


def _data(kind: str, document: Term, views: Views, config: Config) -> dict[str, Any]:
    if kind == "series":
        return series_data(views.index, document, config)
    if kind == "report":
        return _report(document, views) | {"distributions": distributions(views.index, document, config)}
    makers = {
        "city": _city,
        "department": _department,
        "person": _person,
        "scale": _scale,
        "mapping": _mapping,
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
        "mappings": views.refs(sorted(index.of_type(PLEDGE["MappingSet"]))),
        "people": views.refs(sorted(index.of_type(curie("foaf:Person")))),
        "reading": index.value(document, curie("skos:altLabel")),
        "code": index.value(document, curie("dcterms:identifier")),
        "region": views.text(document, curie("vcard:region")),
        "homepage": index.value(document, curie("foaf:homepage")),
        "elsewhere": [
            value_of(one)
            for name in ("dcterms:spatial", "skos:closeMatch")
            for one in index.objects(document, curie(name))
            if document_of(one) != document
        ],
        "extent": _extent(f"{document[:-1]}#place>", views),
        "lines": views.lines(document),
        "pictures": of_city(views),
    }


def _extent(place: Term, views: Views) -> dict[str, Any]:
    """The numbers of the place's box and centroid, as they are in the data, and what they stand on."""
    box, middle = (
        _NUMBER.findall(views.index.value(place, curie(name)) or "") for name in ("dcat:bbox", "dcat:centroid")
    )
    return {
        # The corners of the box, of which the first is the south-west one and the third the north-east one.
        "box": dict(zip(("west", "south", "east", "north"), (*box[:2], *box[4:6]), strict=True)) if box else None,
        "centroid": dict(zip(("longitude", "latitude"), middle, strict=True)) if middle else None,
        "lines": views.lines(place),
    }


def _item(document: Term, views: Views) -> dict[str, Any]:
    index, item = views.index, views.item(document)
    own = {one.id for one in item.notes if one.home == item.ref.path}
    hosted = [views.note(one) for one in index.by_document[document] if index.has_type(one, PLEDGE["DataNote"])]
    siblings = views.in_order(item.kind) if item.kind != "Programme" else []
    rounds = index.subjects(PLEDGE["programme"], document)
    place = siblings.index(document) if document in siblings else -1
    return {
        "item": item,
        "pictures": of_item(views, item),
        "notes": item.notes + [one for one in hosted if one.id not in own],
        "reports": [(views.ref(one), tables(views, one)) for one in sorted(rounds, key=natural)],
        "distribution": distribution(views, document),
        "how": method(views, max(rounds, key=natural)) if rounds else None,
        "previous": views.ref(siblings[place - 1]) if place > 0 else None,
        "next": views.ref(siblings[place + 1]) if 0 <= place < len(siblings) - 1 else None,
        "mayor": [views.ref(one) for one in index.objects(document, curie("dcterms:creator"))],
        "term_start": index.value(document, PLEDGE["termStart"]),
        "term_months": index.value(document, PLEDGE["termMonths"]),
        "ended_early": index.value(document, PLEDGE["endedEarly"]) == "true",
        "policies": item.children if item.kind == "Programme" else [],
        "listed": listed(item) if item.kind == "Programme" else "",
        "method_numbers": (
            index.value(document, PLEDGE["measuresPerPledge"]),
            index.value(document, PLEDGE["pledgesPerPolicy"]),
        ),
    }


def _department(document: Term, views: Views) -> dict[str, Any]:
    index = views.index
    linked = sorted(index.subjects(PLEDGE["responsibleDepartment"], document), key=natural)
    measures = [views.item(one) for one in linked if index.has_type(one, PLEDGE["Measure"])]
    return {
        "reading": index.value(document, curie("skos:altLabel")),
        "measures": measures,
        "pictures": of_department(views, views.path(document), measures),
        "pledges": [views.item(one) for one in linked if index.has_type(one, PLEDGE["Pledge"])],
        "valid": index.value(document, curie("dcterms:valid")),
        "before": views.refs(index.objects(document, curie("prov:wasDerivedFrom"))),
        "lines": views.lines(document),
    }


def _person(document: Term, views: Views) -> dict[str, Any]:
    made = views.index.subjects(curie("dcterms:creator"), document)
    return {"programmes": [views.item(one) for one in sorted(made, key=natural)], "lines": views.lines(document)}


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
                "origin": local(index.value(one, PLEDGE["origin"])),
            }
            for one in levels
        ],
        "mappings": _using(views, document, "MappingSet"),
        "reports": _using(views, document, "Assessment"),
        "lines": views.lines(document),
    }


def _using(views: Views, scale: Term, kind: str) -> list[Ref]:
    """What stands on the scale: its mappings to bands, or the reports that grade by it."""
    found = views.index.subjects(PLEDGE["scale"], scale)
    return views.refs(sorted((one for one in found if views.index.has_type(one, PLEDGE[kind])), key=natural))


def _mapping(document: Term, views: Views) -> dict[str, Any]:
    index = views.index
    scale = index.one(document, PLEDGE["scale"]) or ""
    author = index.one(document, curie("dcterms:creator")) or ""
    inside = index.subjects(PLEDGE["inMappingSet"], document)
    order = {one: index.one(one, PLEDGE["fromLevel"]) or "" for one in inside}
    return {
        "scale": views.ref(scale),
        "construct": local(index.value(scale, PLEDGE["construct"])),
        "author": views.text(author, curie("foaf:name")),
        "date": index.value(document, curie("dcterms:date")),
        "adopted": index.value(document, PLEDGE["adopted"]) == "true",
        "note": views.text(document, curie("skos:note")),
        "mappings": [
            {
                "id": value_of(one).partition("#")[2],
                "level": views.ref(order[one]),
                "band": local(index.value(one, PLEDGE["toBand"])),
                "match": local(index.value(one, PLEDGE["match"])),
                "note": views.text(one, curie("skos:note")),
            }
            for one in sorted(inside, key=lambda one: int(index.value(order[one], PLEDGE["order"]) or 0))
        ],
    }


def _report(document: Term, views: Views) -> dict[str, Any]:
    index = views.index
    inside = index.by_document[document]
    lines = sorted((one for one in inside if index.has_type(one, PLEDGE["SourceLine"])), key=natural)
    period = next((one for one in inside if one.endswith("#period>")), None)
    programme = index.one(document, PLEDGE["programme"]) or ""
    return {
        "source_lines": [
            (index.value(one, PLEDGE["sourceLine"]), index.value(one, PLEDGE["sourceText"])) for one in lines
        ],
        "counts": counted(views, document),
        "tables": tables(views, document),
        "method": method(views, document),
        "overall": next(
            (
                views.score(one)
                for one in index.subjects(PLEDGE["scoreOf"], programme)
                if index.one(one, PLEDGE["inAssessment"]) == document
                and index.one(one, PLEDGE["origin"]) == PLEDGE["Published"]
            ),
            None,
        ),
        "cubes": _cubes(inside, views),
        "period": (index.value(period, curie("dcat:startDate")), index.value(period, curie("dcat:endDate")))
        if period
        else None,
        "programme": views.ref(programme),
        "as_of": index.value(document, PLEDGE["asOf"]),
        "published": index.value(document, curie("dcterms:date")),
        "issued": index.value(document, curie("dcterms:issued")),
        "modified": index.value(document, curie("dcterms:modified")),
        "rights": views.text(document, curie("dcterms:rights")),
        "lines": views.lines(document),
        "notes": _report_notes(document, views),
    }


def _cubes(inside: list[Term], views: Views) -> list[tuple[str, Text, int, str]]:
    """The assessment's data cubes: anchor, name, number of observations, and structure."""
    index = views.index
    return [
        (
            value_of(one).partition("#")[2],
            views.text(one),
            len(index.subjects(curie("qb:dataSet"), one)),
            local(index.value(one, curie("qb:structure"))),
        )
        for one in sorted(inside)
        if index.has_type(one, curie("qb:DataSet"))
    ]


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


def _tables(path: str, document: Term, views: Views, head: CityHead) -> Iterator[Page]:
    """The report's own tables, made again from the triples alone."""
    index = views.index
    programme = views.item(index.one(document, PLEDGE["programme"]) or "")
    as_of = index.value(document, PLEDGE["asOf"])
    items = [programme, *(one for kind in ("Policy", "Pledge", "Measure") for one in below(programme, kind))]
    printed = {
        one.ref.path: score
        for one in items
        for score in one.scores
        if score.as_of == as_of and score.origin == "Published"
    }
    shown = {"city": head, "report": views.ref(document), "programme": programme, "as_of": as_of, "printed": printed}
    for name in tables(views, document):
        yield Page(f"{path}/{name}", name, views.text(document), shown)
