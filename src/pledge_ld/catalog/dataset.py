"""One city's assessments as datasets of a series: what a portal's harvester reads, each language complete in itself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from pledge_ld.catalog.distribution import distribution_triples, service_triples, texts
from pledge_ld.catalog.place import contact_of, municipality_of, place_of, place_triples, publisher_of, site_of
from pledge_ld.catalog.vocabulary import (
    DCAT,
    DCT,
    ENGLISH,
    FOAF,
    GOVERNMENT,
    JAPANESE,
    PUBLIC,
    RDF_TYPE,
    RDFS,
    SKOS,
    VERSION_NOTES,
)
from pledge_ld.term import NS, PLEDGE, Term, Triple, iri, string, tagged, value_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pledge_ld.catalog.download import Download, Text
    from pledge_ld.config import Config
    from pledge_ld.graph import Index
    from pledge_ld.record import Change

_KEYWORDS: dict[str, tuple[str, ...]] = {
    "ja": ("市長公約", "マニフェスト", "公約の進捗", "行政評価", "オープンデータ"),
    "en": ("mayoral pledges", "manifesto", "progress of pledges", "public administration", "open data"),
}
# CKAN's tags: letters and digits of any script, spaces, and three marks; 2 to 100 characters.
_NO_TAG = re.compile(r"[^\w .-]+")
_SHORTEST, _LONGEST = 2, 100


@dataclass(frozen=True, slots=True)
class CatalogCity:
    """One city for the catalogue: its published triples, the files that hold them, and what changed in them when."""

    folder: str
    graph: Term
    index: Index
    downloads: tuple[Download, ...]
    changes: tuple[Change, ...] = ()


class Round(NamedTuple):
    """One assessment with what its description in the catalogue is made of."""

    node: Term
    as_of: str
    programme: str
    text: dict[str, dict[str, str]]


def series_of(index: Index) -> Term:
    """The series of a city's datasets."""
    return f"{municipality_of(index)[:-1]}/series>"


def documents_of(index: Index) -> set[Term]:
    """The documents in which the statements of the catalogue on a city's data stand."""
    return {municipality_of(index), series_of(index), *index.of_type(PLEDGE["Assessment"])}


def keyword(text: str) -> str:
    """The text as a keyword that CKAN accepts as a tag, or "" where none is left. One bad tag loses the dataset.

    >>> keyword("公約:防災"), keyword("子ども・子育て"), keyword("水")
    ('公約 防災', '子ども 子育て', '')
    """
    tag = " ".join(_NO_TAG.sub(" ", text).split())[:_LONGEST].strip()
    return tag if len(tag) >= _SHORTEST else ""


def rounds_of(index: Index) -> list[Round]:
    """The city's assessments, oldest first."""
    found = [_round(index, node) for node in index.of_type(PLEDGE["Assessment"])]
    return sorted(found, key=lambda one: (one.as_of, one.node))


def _round(index: Index, node: Term) -> Round:
    city, programme = municipality_of(index), index.one(node, PLEDGE["programme"]) or ""
    text = {}
    for language in ("ja", "en"):
        text[language] = {
            name: index.in_language(subject, predicate, language) or index.in_language(subject, predicate, "ja")
            for name, subject, predicate in (
                ("city", city, SKOS["prefLabel"]),
                ("report", node, SKOS["prefLabel"]),
                ("programme", programme, SKOS["prefLabel"]),
                ("unit", node, PLEDGE["unitLabel"]),
                ("rights", node, DCT["rights"]),
            )
        } | {"count": index.value(node, PLEDGE["itemCount"]), "code": index.value(city, DCT["identifier"])}
    return Round(node, index.value(node, PLEDGE["asOf"]), index.value(programme, DCT["identifier"]), text)


def title(one: Round) -> Text:
    """The dataset's title. A portal makes its address from the Latin letters and digits of it alone.

    So the Japanese title too holds city, programme, day and code in Latin script: cities of one name in romaji differ
    by their codes. In English they stand first, because the address is cut at a hundred characters.
    """
    ja, en = one.text["ja"], one.text["en"]
    unique = f"{en['city']} mayoral pledges {one.programme}, {one.as_of} ({en['code']})"
    return {"ja": f"{ja['city']} {ja['report']} {unique}", "en": f"{unique}: {en['report']}"}


_HELD = (
    ("Policy", "基本政策", "policies"),
    ("Pledge", "公約", "pledges"),
    ("Measure", "施策", "measures"),
    ("Department", "担当部署", "the departments responsible"),
    ("Action", "取組事業内容", "what was done"),
    ("ProgressScore", "進捗の評価", "the grades and figures of progress"),
    ("LevelCount", "段階ごとの件数", "how many items stand at each level"),
    ("Evidence", "根拠資料", "the documents named as grounds"),
    ("SourceLine", "根拠である報告書の行", "the line of the report behind each figure"),
    ("DataNote", "読み取りの注記", "notes on what is uncertain"),
)
"""What a city's data may hold: class, and its words in both languages."""


def _holding(index: Index) -> Text:
    """What the city's data hold, as a list in words: what a city lacks is not promised."""
    held = [(ja, en) for kind, ja, en in _HELD if index.of_type(PLEDGE[kind])]
    return {"ja": "、".join(ja for ja, _ in held), "en": ", ".join(en for _, en in held)}


def _description(one: Round, index: Index) -> Text:
    ja, en, held = one.text["ja"], one.text["en"], _holding(index)
    graded = {
        "ja": f"評価の対象は{ja['count']}{ja['unit']}。" if ja["count"] else "",
        "en": f"Items graded ({en['unit']}): {en['count']}. " if en["count"] else "",
    }
    return {
        "ja": f"{ja['city']}の「{ja['programme']}」の{one.as_of}時点の取組状況を、機械で読める形にしたデータです。"
        f"{graded['ja']}データは次のものを含みます: {held['ja']}。{ja['rights']}",
        "en": f"How far “{en['programme']}” of {en['city']} had come by {one.as_of}, as machine-readable data. "
        f"{graded['en']}The data hold {held['en']}. {en['rights']}",
    }


def _common(node: Term, index: Index, config: Config) -> Iterator[Triple]:
    """What a dataset and its series say alike."""
    yield node, DCT["publisher"], publisher_of(config)
    yield node, DCAT["contactPoint"], contact_of(config)
    yield node, DCT["spatial"], place_of(index)
    yield node, DCAT["theme"], GOVERNMENT
    for language in (JAPANESE, ENGLISH):
        yield node, DCT["language"], language
    city, region = municipality_of(index), "<http://www.w3.org/2006/vcard/ns#region>"
    for language, words in _KEYWORDS.items():
        names = [index.in_language(city, predicate, language) for predicate in (SKOS["prefLabel"], region)]
        for word in (*words, *names):
            if tag := keyword(word):
                yield node, DCAT["keyword"], tagged(tag, language)


def _dataset(one: Round, city: CatalogCity, config: Config) -> Iterator[Triple]:
    node, index = one.node, city.index
    yield node, RDF_TYPE, DCAT["Dataset"]
    yield from texts(node, DCT["title"], title(one))
    yield from texts(node, DCT["description"], _description(one, index))
    yield from _common(node, index, config)
    for often in index.objects(node, DCT["accrualPeriodicity"]):
        yield node, DCT["accrualPeriodicity"], often
    yield node, DCT["identifier"], string(value_of(node))
    yield node, DCAT["inSeries"], series_of(index)
    page = site_of(config) + value_of(node).removeprefix(config.base_iri) + ".html"
    yield node, DCAT["landingPage"], iri(page)
    yield node, FOAF["page"], iri(f"{site_of(config)}about.html")
    yield node, DCT["accessRights"], PUBLIC
    for standard in (iri(NS.removesuffix("#")), f"<{config.base_iri}shapes>"):
        yield node, DCT["conformsTo"], standard
    for period in index.objects(node, DCT["temporal"]):
        yield node, DCT["temporal"], period
        yield from _copied(index, period)
    yield from _provenance(one)
    dates = list(_dates(one, index))
    yield from dates
    yield from _version(one, city)
    for file in city.downloads:
        yield from distribution_triples(node, file, dates, config)


def _copied(index: Index, node: Term) -> Iterator[Triple]:
    for predicate, objects in index.by_subject.get(node, {}).items():
        for object_ in objects:
            yield node, predicate, object_


def _dates(one: Round, index: Index) -> Iterator[Triple]:
    for predicate in (DCT["issued"], DCT["modified"]):
        for date in index.objects(one.node, predicate):
            yield one.node, predicate, date


def _provenance(one: Round) -> Iterator[Triple]:
    """Where it comes from and that it is processed. Portals keep one label: so one label says it in both languages."""
    node = f"{one.node[:-1]}#provenance>"
    rights = {language: text["rights"] for language, text in one.text.items()}
    yield one.node, DCT["provenance"], node
    yield node, RDF_TYPE, DCT["ProvenanceStatement"]
    yield node, RDFS["label"], string(" / ".join(rights.values()))
    yield from texts(node, DCT["description"], rights)


def _version(one: Round, city: CatalogCity) -> Iterator[Triple]:
    """The version is the day of the last published change; what changed that day are its notes."""
    modified = city.index.value(one.node, DCT["modified"])
    if not modified:
        return
    yield one.node, DCAT["version"], string(modified)
    own = [
        change for change in city.changes if (change.programme, change.as_of.isoformat()) == (one.programme, one.as_of)
    ]
    latest = [change for change in own if change.date.isoformat() == modified]
    if latest:
        yield one.node, VERSION_NOTES, tagged(" ".join(change.change_ja for change in latest), "ja")
        yield one.node, VERSION_NOTES, tagged(" ".join(change.change_en for change in latest), "en")


def _series(rounds: list[Round], city: CatalogCity, config: Config) -> Iterator[Triple]:
    node, index = series_of(city.index), city.index
    names, held = {language: text["city"] for language, text in rounds[-1].text.items()}, _holding(index)
    code = rounds[-1].text["en"]["code"]
    yield node, RDF_TYPE, DCAT["DatasetSeries"]
    yield from texts(
        node,
        DCT["title"],
        {
            "ja": f"{names['ja']} 市長公約の取組状況 {names['en']} mayoral pledges ({code})",
            "en": f"{names['en']} mayoral pledges ({code})",
        },
    )
    yield from texts(
        node,
        DCT["description"],
        {
            "ja": f"{names['ja']}の首長の公約について公表された報告を、評価時点ごとに一つのデータセットにしました。"
            f"データは次のものを含みます: {held['ja']}。非公式のデータです。",
            "en": f"The published reports on the pledges of the mayor of {names['en']}, one dataset for each day they "
            f"describe. The data hold {held['en']}. Unofficial.",
        },
    )
    yield from _common(node, index, config)
    # How often the reports come, where it is said: of the series, as of the latest of them.
    for often in index.objects(rounds[-1].node, DCT["accrualPeriodicity"]):
        yield node, DCT["accrualPeriodicity"], often
    yield node, DCT["identifier"], string(value_of(node))
    yield node, DCAT["first"], rounds[0].node
    yield node, DCAT["last"], rounds[-1].node
    for earlier, later in pairwise(rounds):
        yield later.node, DCAT["prev"], earlier.node
    for predicate, choose in ((DCT["issued"], min), (DCT["modified"], max)):
        days = [day for one in rounds for day in index.objects(one.node, predicate)]
        if days:
            yield node, predicate, choose(days)


def dataset_triples(city: CatalogCity, config: Config) -> list[Triple]:
    """The city's datasets, their distributions, their series and the place, sorted, none twice.

    The same statements stand in the catalogue and in the documents of the assessments, the series and the city; in no
    dump. A city that nothing is assessed for yet has none.
    """
    rounds = rounds_of(city.index)
    if not rounds:
        return []
    triples = {*place_triples(city.index), *_series(rounds, city, config)}
    for one in rounds:
        triples.update(_dataset(one, city, config))
    if config.endpoint:
        triples.update(service_triples([one.node for one in rounds], config.endpoint, config))
    return sorted(triples)
