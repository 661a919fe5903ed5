"""What a portal harvests: the catalogue in three forms, data.json, VoID, the site map, and schema.org in a page."""

from __future__ import annotations

import dataclasses
import html
import json
import os
import re
import subprocess
import xml.etree.ElementTree as ET
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import pyshacl
import pytest
import rdflib
from rdflib.namespace import DCTERMS, FOAF, OWL, RDF, RDFS, SH, SKOS, VOID

from pledge_ld import catalog, read, validate
from pledge_ld.catalog.sitemap import sitemaps
from pledge_ld.config import Config, product
from pledge_ld.graph import Context, Index, Shortener, as_jsonld, as_ntriples, as_turtle
from pledge_ld.term import BASE, PLEDGE, curie, iri, string, tagged, value_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pledge_ld.publish import CityData
    from pledge_ld.term import Triple

SITE = "https://pledges.example.org/data/"
ENDPOINT = "https://pledges.example.org/sparql"
REPORT = f"<{BASE}jp/012131/2022/report/2024-03-31>"
CITY = f"<{BASE}jp/012131>"
PLACE = f"<{BASE}jp/012131#place>"
CONFIG = Config(
    "公約データの会",
    "The pledge data club",
    "https://club.example.org/",
    "mailto:a@example.org",
    site_url=SITE,
    availability="stable",
)
WKT = "^^<http://www.opengis.net/ont/geosparql#wktLiteral>"
EXTENT = [
    (PLACE, curie("dcat:bbox"), f"{string('POLYGON((141 42, 142 42, 142 43, 141 43, 141 42))')}{WKT}"),
    (PLACE, curie("dcat:centroid"), f"{string('POINT(141.5 42.5)')}{WKT}"),
]
"""An extent that stands in for one that records may lack: the official shapes recommend one."""
FORMS = {"ttl": "turtle", "rdf": "xml", "jsonld": "json-ld"}
DCAT = rdflib.Namespace("http://www.w3.org/ns/dcat#")
"""rdflib's own stops at DCAT 2."""
SPDX, SHAPE = "http://spdx.org/rdf/terms#", "https://w3id.org/pledge-ld/shapes#"


def graph_of(triples: list[Triple]) -> rdflib.Graph:
    """The triples as rdflib reads them."""
    return rdflib.Graph().parse(data=as_ntriples(triples), format="nt")


def assembled(built: CityData, data: Path, index: Index | None = None) -> catalog.CatalogCity:
    """The city as a build hands it to the catalogue, with its three dumps as downloads."""
    index = index or built.index
    assert index is not None
    path = f"data/{built.folder}"
    context = Context((product("ontology") / "context.jsonld").read_bytes())
    title = {"ja": "全データ", "en": "All data"}
    files = [
        ("ttl", "text/turtle", "TTL", as_turtle(index.triples, built.graph, Shortener(BASE)).encode()),
        ("nt", "application/n-triples", "NT", as_ntriples(index.triples).encode()),
        ("jsonld", "application/ld+json", "JSON-LD", as_jsonld(index.triples, built.graph, context)),
    ]
    downloads = [
        catalog.download(f"{path}.{key}", content, title=title, media_type=media, format=name, key=key)
        for key, media, name, content in files
    ]
    table = catalog.download(
        f"{path}/scores.csv",
        b"\xef\xbb\xbfid\r\n",
        title={"ja": "評価", "en": "Scores"},
        media_type="text/csv",
        format="CSV",
        key="csv-scores",
    )
    records = next(one for one in read.read_data(data, "data")[0] if one.folder == built.folder)
    return catalog.CatalogCity(built.folder, built.graph, index, (*downloads, table), records.changes)


@pytest.fixture(scope="module")
def city(built: CityData, data: Path) -> catalog.CatalogCity:
    """Tomakomai for the catalogue."""
    return assembled(built, data)


@pytest.fixture(scope="module")
def placed(built: CityData, data: Path) -> catalog.CatalogCity:
    """Tomakomai with an extent, whether its records have one or not."""
    assert built.index is not None
    known = [one for one in built.index.triples if one[1] not in {one[1] for one in EXTENT}]
    return assembled(built, data, Index([*known, *EXTENT]))


def pages(city: catalog.CatalogCity) -> list[str]:
    """The paths of the city's pages, of the site's, and of the one that is shown where there is none."""
    own = [value_of(one).removeprefix(BASE) for one in city.index.by_document if one.startswith(f"<{BASE}")]
    return [*own, "index", "about", "404"]


@pytest.fixture(scope="module")
def files(city: catalog.CatalogCity) -> dict[str, bytes]:
    """Path → content of everything the catalogue writes."""
    return dict(catalog.catalog_files([city], CONFIG, pages(city)))


@pytest.fixture(scope="module")
def graph(files: dict[str, bytes]) -> rdflib.Graph:
    """The catalogue as rdflib reads its Turtle."""
    return rdflib.Graph().parse(data=files["catalog.ttl"], format="turtle")


def dataset() -> rdflib.URIRef:
    """The one dataset."""
    return rdflib.URIRef(value_of(REPORT))


# The three forms


def test_the_three_forms_say_the_same(files: dict[str, bytes], city: catalog.CatalogCity) -> None:
    """A portal that reads RDF/XML must not get less than one that reads Turtle."""
    expected = set(graph_of(catalog.catalog_triples([city], CONFIG)))
    assert len(expected) > 200
    for ending, form in FORMS.items():
        assert set(rdflib.Graph().parse(data=files[f"catalog.{ending}"], format=form)) == expected, ending
    formats = {"ttl": ox.RdfFormat.TURTLE, "rdf": ox.RdfFormat.RDF_XML, "jsonld": ox.RdfFormat.JSON_LD}
    read = {
        ending: {str(quad.triple) for quad in ox.parse(files[f"catalog.{ending}"], one)}
        for ending, one in formats.items()
    }
    assert read["ttl"] == read["rdf"] == read["jsonld"]
    assert len(read["ttl"]) == len(expected)


def test_no_blank_nodes(graph: rdflib.Graph, files: dict[str, bytes]) -> None:
    """A portal stores a blank node under a random name, and takes it for another one at its next harvest."""
    described = rdflib.Graph().parse(data=files[".well-known/void"], format="turtle")
    for one in (graph, described):
        assert [term for triple in one for term in triple if isinstance(term, rdflib.BNode)] == []


def test_two_builds_are_equal(city: catalog.CatalogCity, files: dict[str, bytes]) -> None:
    """Nothing comes from a clock or from the order of a set: neither the files nor the script in a page."""
    assert list(catalog.catalog_files([city], CONFIG, reversed(pages(city)))) == list(files.items())
    assert catalog.schema_org(city, CONFIG, REPORT) == catalog.schema_org(city, CONFIG, REPORT)


def test_every_date_is_of_the_records(files: dict[str, bytes], built: CityData, city: catalog.CatalogCity) -> None:
    """Whatever looks like a date stands in the city's data, which have theirs from changes.csv and the report."""
    assert built.index is not None
    known = set(re.findall(r"\d{4}-\d{2}-\d{2}", as_ntriples(built.index.triples)))
    text = b"".join(files.values()).decode() + catalog.schema_org(city, CONFIG, REPORT)
    assert set(re.findall(r"\d{4}-\d{2}-\d{2}", text)) - known == set()
    changed = {one.date.isoformat() for one in city.changes}
    assert set(re.findall(r"<lastmod>(.*?)</lastmod>", files["sitemap.xml"].decode())) <= changed


def test_the_catalogue_is_in_no_dump(city: catalog.CatalogCity) -> None:
    """A dump that described itself would change with every description, its checksum with it."""
    own = set(catalog.dataset_triples(city, CONFIG)) - set(city.index.triples)
    assert own
    types = {one for _, predicate, one in city.index.triples if predicate == curie("rdf:type")}
    assert types & {curie(f"dcat:{name}") for name in ("Dataset", "DatasetSeries", "Distribution", "Catalog")} == set()
    assert [one for one in city.downloads if one.path.startswith(("catalog", ".well-known"))] == []


# What the dataset says


def test_each_language_is_complete(graph: rdflib.Graph) -> None:
    """A portal keeps one language. Whichever it is, nothing may be missing."""
    found = 0
    for predicate in (DCTERMS.title, DCTERMS.description, SKOS.prefLabel, FOAF.name):
        for subject in set(graph.subjects(predicate)):
            languages = sorted(
                str(one.language) for one in graph.objects(subject, predicate) if isinstance(one, rdflib.Literal)
            )
            licence = (subject, RDF.type, DCTERMS.LicenseDocument) in graph
            assert languages == (["None"] if licence else ["en", "ja"]), (subject, predicate)
            found += 1
    assert found > 20
    keywords = {str(one.language) for one in graph.objects(dataset(), DCAT.keyword) if isinstance(one, rdflib.Literal)}
    assert keywords == {"en", "ja"}


def test_the_japanese_title_has_a_unique_part_in_latin_script(graph: rdflib.Graph) -> None:
    """CKAN's address of a dataset is what is left of its title in Latin letters and digits."""
    titles = {
        one.language: str(one) for one in graph.objects(dataset(), DCTERMS.title) if isinstance(one, rdflib.Literal)
    }
    for language in ("ja", "en"):
        slug = re.sub(r"[^a-z0-9]+", "-", titles[language].lower())
        for part in ("tomakomai-city", "2022", "2024-03-31", "012131"):
            assert part in slug[:100], (language, part)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("水", ""),
        ("子ども・子育て", "子ども 子育て"),
        ("教育（学校）", "教育 学校"),
        ("a、b", "a b"),
        ("a,b", "a b"),
        ("text/turtle", "text turtle"),
        ("第8次総合計画", "第8次総合計画"),
        ("x" * 120, "x" * 100),
        ("・", ""),
    ],
)
def test_a_keyword_is_a_tag(text: str, expected: str) -> None:
    """One tag that CKAN refuses loses the whole dataset."""
    assert catalog.keyword(text) == expected


def test_the_operator_publishes_and_never_the_city(graph: rdflib.Graph) -> None:
    """The city did not make these data, and must not be asked about them."""
    publisher, contact = rdflib.URIRef(f"{BASE}catalog#publisher"), rdflib.URIRef(f"{BASE}catalog#contact")
    assert set(graph.objects(None, DCTERMS.publisher)) == {publisher}
    assert {str(one) for one in graph.objects(publisher, FOAF.name)} == {CONFIG.name_ja, CONFIG.name_en}
    assert set(graph.objects(None, DCAT.contactPoint)) == {contact}


def test_the_version_notes_are_the_latest_change(graph: rdflib.Graph, city: catalog.CatalogCity) -> None:
    """A reader of the portal learns what changed, in the words of changes.csv."""
    latest = max(city.changes, key=lambda one: one.date)
    notes = set(graph.objects(dataset(), rdflib.URIRef("http://www.w3.org/ns/adms#versionNotes")))
    assert notes == {rdflib.Literal(latest.change_ja, "ja"), rdflib.Literal(latest.change_en, "en")}
    assert graph.value(dataset(), DCAT.version) == rdflib.Literal(latest.date.isoformat())


def test_every_download_is_a_distribution_with_its_size_and_checksum(
    graph: rdflib.Graph, city: catalog.CatalogCity
) -> None:
    """A download that came broken is known by its checksum; one that the catalogue forgets is never found."""
    assert {str(one) for one in graph.objects(dataset(), DCAT.distribution)} == {
        f"{value_of(REPORT)}#dist-{one.key}" for one in city.downloads
    }
    for one in city.downloads:
        node = rdflib.URIRef(f"{value_of(REPORT)}#dist-{one.key}")
        for predicate in (DCAT.accessURL, DCAT.downloadURL):
            assert list(graph.objects(node, predicate)) == [rdflib.URIRef(SITE + one.path)]
        assert str(graph.value(node, DCAT.byteSize)) == str(one.size)
        checksum = graph.value(node, rdflib.URIRef(f"{SPDX}checksum"))
        assert str(graph.value(checksum, rdflib.URIRef(f"{SPDX}checksumValue"))) == one.sha256
        assert str(graph.value(graph.value(node, DCTERMS["format"]), RDFS.label)) == one.format
        assert str(graph.value(graph.value(node, DCAT.mediaType), RDFS.label)) == one.media_type


def test_the_first_class_of_a_format_is_the_one_ckan_reads(files: dict[str, bytes]) -> None:
    """CKAN looks at the first class alone; where that is another one it shows an address instead of TTL."""
    for ending, form in FORMS.items():
        said = rdflib.Graph().parse(data=files[f"catalog.{ending}"], format=form)
        formats = set(said.objects(None, DCTERMS["format"]))
        assert formats
        assert {next(said.objects(one, RDF.type)) for one in formats} == {DCTERMS.IMT}, ending


def test_the_place_has_its_extent_where_the_records_give_it(placed: catalog.CatalogCity) -> None:
    """An invented box would put the city where it is not; a known one must reach the portal."""
    said = catalog.dataset_triples(placed, CONFIG)
    for _, predicate, value in EXTENT:
        assert [one for one in said if one[0] == PLACE and one[1] == predicate] == [(PLACE, predicate, value)]


def test_the_source_and_the_processing_are_told_in_both_languages(
    graph: rdflib.Graph, city: catalog.CatalogCity
) -> None:
    """CKAN keeps one text of provenance: it must say in either language whose report it is and that we processed it."""
    node = graph.value(dataset(), DCTERMS.provenance)
    texts = list(graph.objects(node, RDFS.label))
    assert len(texts) == 1
    for language in ("ja", "en"):
        rights = city.index.in_language(REPORT, curie("dcterms:rights"), language)
        assert rights
        assert rights in str(texts[0])
        assert rdflib.Literal(rights, language) in set(graph.objects(node, DCTERMS.description))


def later(city: catalog.CatalogCity) -> Iterator[Triple]:
    """The same assessment once more, a year later."""
    other = REPORT.replace("2024-03-31", "2025-03-31")
    for subject, predicate, value in city.index.triples:
        if subject == REPORT:
            yield other, predicate, value.replace("2024-03-31", "2025-03-31")


def test_a_series_links_its_datasets_in_order(city: catalog.CatalogCity) -> None:
    """Next year's dataset joins the series, points to the one before, and has an address of its own."""
    index = Index([*city.index.triples, *later(city)])
    graph = graph_of(catalog.dataset_triples(dataclasses.replace(city, index=index), CONFIG))
    first, last = dataset(), rdflib.URIRef(value_of(REPORT).replace("2024-03-31", "2025-03-31"))
    series = rdflib.URIRef(f"{BASE}jp/012131/series")
    assert set(graph.subjects(DCAT.inSeries, series)) == {first, last}
    assert list(graph.subject_objects(DCAT.prev)) == [(last, first)]
    assert (graph.value(series, DCAT["first"]), graph.value(series, DCAT.last)) == (first, last)
    titles = {
        re.sub(r"[^a-z0-9]+", "-", str(one).lower())
        for node in (first, last)
        for one in graph.objects(node, DCTERMS.title)
    }
    assert len(titles) == 4
    assert dataset() not in set(graph.objects(None, DCAT.dataset))


def test_a_city_with_nothing_assessed_has_no_dataset(city: catalog.CatalogCity) -> None:
    """A dataset without a title makes a portal throw away the whole harvest."""
    empty = dataclasses.replace(city, index=Index(one for one in city.index.triples if one[0] == CITY))
    assert catalog.dataset_triples(empty, CONFIG) == []
    assert catalog.schema_org(empty, CONFIG) == ""


# CKAN, by its own parser


@cache
def harvester() -> list[str]:
    """The command that runs the real harvester's parser, in its own virtual environment because of its licence."""
    script, python = os.environ.get("PLEDGE_LD_CKAN_PARSE"), os.environ.get("PLEDGE_LD_CKAN_PYTHON")
    if not script or not python:
        pytest.skip("set PLEDGE_LD_CKAN_PARSE to ckan_parse.py and PLEDGE_LD_CKAN_PYTHON to the python of its venv")
    return [python, script]


@pytest.mark.parametrize("endpoint", [None, ENDPOINT], ids=["files", "endpoint"])
@pytest.mark.parametrize("ending", FORMS)
def test_ckan_takes_the_catalogue_in_whole(
    ending: str, endpoint: str | None, placed: catalog.CatalogCity, tmp_path: Path
) -> None:
    """Whatever its language, a portal neither rejects nor mangles nor loses anything that it knows how to read."""
    command = harvester()
    made = dict(catalog.catalog_files([placed], dataclasses.replace(CONFIG, endpoint=endpoint), []))
    path = tmp_path / f"catalog.{ending}"
    path.write_bytes(made[path.name])
    for locale in ("ja", "en"):
        run = subprocess.run(
            [*command, str(path), "--locale", locale, "--json"], capture_output=True, text=True, check=False
        )
        assert run.returncode == 0, run.stdout + run.stderr
        lost = re.search(r"lost=(\{.*\})", run.stdout)
        assert lost is not None
        assert lost[1] == "{'Dataset': ['http://www.w3.org/ns/dcat#inSeries'], 'Distribution': []}"
        for kept in ("spatial_bbox", "spatial_centroid", "provenance", "version_notes", "documentation"):
            assert f'"{kept}"' in run.stdout, kept


# DCAT-AP, by its own shapes


@cache
def official() -> rdflib.Graph:
    """The four files of DCAT-AP's shapes together, without what they would fetch."""
    folder = os.environ.get("PLEDGE_LD_DCAT_AP")
    if not folder:
        pytest.skip("set PLEDGE_LD_DCAT_AP to the folder of DCAT-AP's shapes")
    shapes = rdflib.Graph()
    for name in ("shapes", "range", "shapes_recommended", "deprecateduris"):
        shapes.parse(Path(folder) / f"{name}.ttl")
    shapes.remove((None, OWL.imports, None))
    return shapes


def results(data: rdflib.Graph, shapes: rdflib.Graph) -> set[tuple[str, str]]:
    """What is wrong, warnings included: the node, and the property."""
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes)
    assert isinstance(report, rdflib.Graph)
    return {
        (str(report.value(one, SH.focusNode)), str(report.value(one, SH.resultPath)))
        for one in report.subjects(RDF.type, SH.ValidationResult)
    }


@pytest.mark.parametrize("endpoint", [None, ENDPOINT], ids=["files", "endpoint"])
def test_dcat_ap_has_nothing_to_say(endpoint: str | None, placed: catalog.CatalogCity) -> None:
    """Neither a violation nor a warning, of what is mandatory, of ranges, of what is recommended or deprecated."""
    said = graph_of(catalog.catalog_triples([placed], dataclasses.replace(CONFIG, endpoint=endpoint)))
    assert results(said, official()) == set()


def test_dcat_ap_misses_nothing_but_what_the_records_lack(city: catalog.CatalogCity) -> None:
    """As published: a bounding box and a centroid where the records have them, and nothing else is missing."""
    lacking = {(value_of(PLACE), value_of(one)) for _, one, _ in EXTENT if not city.index.objects(PLACE, one)}
    assert results(graph_of(catalog.catalog_triples([city], CONFIG)), official()) == lacking


# Our own shapes for the catalogue


@cache
def own() -> rdflib.Graph:
    """Our rules for the catalogue, with the prefixes of their queries."""
    return rdflib.Graph().parse(data=validate.shapes_text("catalog"), format="turtle")


def test_the_catalogue_holds_to_our_own_shapes(placed: catalog.CatalogCity) -> None:
    """What the build refuses to publish."""
    assert (
        results(graph_of(catalog.catalog_triples([placed], dataclasses.replace(CONFIG, endpoint=ENDPOINT))), own())
        == set()
    )


def required() -> set[tuple[rdflib.URIRef, rdflib.URIRef]]:
    """Class and property of everything that DCAT-AP makes mandatory or recommends."""
    found = set()
    shapes = official()
    for shape, type_ in shapes.subject_objects(SH.targetClass):
        for one in shapes.objects(shape, SH.property):
            path, least = shapes.value(one, SH.path), shapes.value(one, SH.minCount)
            if (
                least is not None
                and int(str(least)) > 0
                and isinstance(path, rdflib.URIRef)
                and isinstance(type_, rdflib.URIRef)
            ):
                found.add((type_, path))
    return found


def test_our_shapes_ask_for_all_that_dcat_ap_asks_for(placed: catalog.CatalogCity) -> None:
    """Each mandatory or recommended term taken away in turn: where DCAT-AP speaks, our shapes must speak too."""
    said = graph_of(catalog.catalog_triples([placed], dataclasses.replace(CONFIG, endpoint=ENDPOINT)))
    missed, tried = [], 0
    for type_, path in sorted(required()):
        gone = [one for node in said.subjects(RDF.type, type_) for one in said.triples((node, path, None))]
        # The classes of code lists belong to others and are stated by us; no operator can get them wrong.
        if not gone or type_ in {SKOS.Concept, SKOS.ConceptScheme}:
            continue
        tried += 1
        broken = rdflib.Graph()
        for one in set(said) - set(gone):
            broken.add(one)
        if str(path) not in {found for _, found in results(broken, own())}:
            missed.append((str(type_), str(path)))
    assert tried > 35
    assert missed == []


@pytest.mark.parametrize(
    ("subject", "predicate", "value", "shape"),
    [
        (REPORT, "dcat:keyword", tagged("公約:防災", "ja"), "Dataset-keyword"),
        (REPORT, "dcat:keyword", tagged("水", "ja"), "Dataset-keyword"),
        (REPORT, "dcterms:title", tagged("苫小牧市の公約", "ja"), "Dataset-slug"),
        (f"{REPORT[:-1]}#dist-ttl>", "dcterms:format", "<https://example.org/format>", "Distribution-format"),
        (f"{REPORT[:-1]}#dist-ttl>", "dcterms:license", string("CC BY"), "Distribution-license"),
        ("<https://creativecommons.org/licenses/by/4.0/>", "dcterms:title", tagged("表示", "ja"), "Licence-title"),
        (REPORT, "dcterms:publisher", CITY, "Dataset-publisher"),
    ],
)
def test_what_ckan_refuses_our_shapes_refuse(
    subject: str, predicate: str, value: str, shape: str, placed: catalog.CatalogCity
) -> None:
    """CKAN's rules are no part of DCAT-AP: a tag it refuses, a title with no address, a format it cannot show."""
    triples = [one for one in catalog.catalog_triples([placed], CONFIG) if one[:2] != (subject, curie(predicate))]
    _, report, _ = pyshacl.validate(graph_of([*triples, (subject, curie(predicate), value)]), shacl_graph=own())
    assert isinstance(report, rdflib.Graph)
    assert f"{SHAPE}{shape}" in {str(one) for one in report.objects(None, SH.sourceShape)}


def test_two_titles_of_one_address_are_refused(placed: catalog.CatalogCity) -> None:
    """Two cities' datasets of one year would fight for one address on the portal."""
    other = f"<{BASE}jp/999999/2022/report/2024-03-31>"
    triples = catalog.catalog_triples([placed], CONFIG)
    triples += [(other, predicate, value) for subject, predicate, value in triples if subject == REPORT]
    assert results(graph_of(triples), own()) == {(value_of(one), str(DCTERMS.title)) for one in (REPORT, other)}


# data.json


def test_data_json_has_its_required_fields(files: dict[str, bytes], city: catalog.CatalogCity) -> None:
    """A harvester of DCAT-US drops an entry that lacks one of them."""
    found = json.loads(files["data.json"])
    assert found["conformsTo"] == "https://project-open-data.cio.gov/v1.1/schema"
    assert len(found["dataset"]) == 1
    for one in found["dataset"]:
        for field in ("title", "description", "keyword", "modified", "identifier"):
            assert one[field], field
        assert one["accessLevel"] == "public"
        assert one["publisher"]["name"] == CONFIG.name_ja
        assert one["contactPoint"]["fn"]
        assert one["contactPoint"]["hasEmail"] == CONFIG.contact
        assert re.fullmatch(r"\d{4}-\d{2}-\d{2}/\d{4}-\d{2}-\d{2}", one["temporal"])
        assert one["license"].startswith("https://creativecommons.org/")
        assert {(file["downloadURL"], file["mediaType"], file["format"]) for file in one["distribution"]} == {
            (SITE + file.path, file.media_type, file.format) for file in city.downloads
        }


def test_a_contact_may_be_a_page(city: catalog.CatalogCity) -> None:
    """An operator without a public address of mail gives a form; it must not be written as mail."""
    config = dataclasses.replace(CONFIG, contact="https://club.example.org/form")
    made = dict(catalog.catalog_files([city], config, []))
    assert b"hasEmail" not in made["data.json"] + made["catalog.ttl"]
    assert json.loads(made["data.json"])["dataset"][0]["contactPoint"]["hasURL"] == config.contact


# VoID


def test_void_counts_what_is_published(files: dict[str, bytes], city: catalog.CatalogCity) -> None:
    """Counted again from the published N-Triples by another reader."""
    said = rdflib.Graph().parse(data=files[".well-known/void"], format="turtle")
    dump = graph_of(city.index.triples)
    node = rdflib.URIRef(value_of(city.graph))
    counted = {
        VOID.triples: len(dump),
        VOID.distinctSubjects: len(set(dump.subjects())),
        VOID.distinctObjects: len(set(dump.objects())),
        VOID.properties: len(set(dump.predicates())),
        VOID.classes: len(set(dump.objects(None, RDF.type))),
    }
    assert {one: int(str(said.value(node, one))) for one in counted} == counted
    whole = rdflib.URIRef(f"{BASE}.well-known/void#all")
    assert list(said.objects(whole, VOID.subset)) == [node]
    assert int(str(said.value(whole, VOID.triples))) == len(dump)
    assert str(said.value(whole, VOID.uriSpace)) == BASE
    dumps = {str(one) for one in said.objects(node, VOID.dataDump)}
    assert dumps == {f"{SITE}data/{city.folder}.{ending}" for ending in ("ttl", "nt", "jsonld")}


def test_void_names_every_vocabulary(files: dict[str, bytes], city: catalog.CatalogCity) -> None:
    """A client that looks for data in a vocabulary it knows goes by this list."""
    said = rdflib.Graph().parse(data=files[".well-known/void"], format="turtle")
    listed = {str(one) for one in said.objects(rdflib.URIRef(value_of(city.graph)), VOID.vocabulary)}
    used = {value_of(one) for _, one, _ in city.index.triples}
    used |= {value_of(one) for _, predicate, one in city.index.triples if predicate == curie("rdf:type")}
    assert [one for one in used if not one.startswith(tuple(listed))] == []
    assert [one for one in listed if not any(name.startswith(one) for name in used)] == []


# Site map and robots


def test_the_site_map_lists_every_page_in_both_languages(files: dict[str, bytes], city: catalog.CatalogCity) -> None:
    """Well formed, each address a page's, each page in both languages with links to its other, the missing page not."""
    spaces = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}
    root = ET.fromstring(files["sitemap.xml"])  # noqa: S314 - our own file
    expected = {f"{SITE}{tree}{path}.html" for path in pages(city) if path != "404" for tree in ("", "en/")}
    found = [str(one.text) for one in root.findall("s:url/s:loc", spaces)]
    assert len(found) == len(expected)
    assert set(found) == expected
    for one in root.findall("s:url", spaces):
        links = {link.get("hreflang"): link.get("href") for link in one.findall("x:link", spaces)}
        assert links.keys() == {"ja", "en", "x-default"}
        assert {links["ja"], links["en"]} <= expected
        assert one.findtext("s:loc", namespaces=spaces) in links.values()
        assert one.findtext("s:lastmod", namespaces=spaces)


def test_a_large_site_map_is_split(city: catalog.CatalogCity) -> None:
    """A site map of more than fifty thousand addresses is refused whole."""
    made = dict(sitemaps([city], CONFIG, ["a&b", "b", "c"], longest=4))
    assert sorted(made) == ["sitemap-1.xml", "sitemap-2.xml", "sitemap.xml"]
    for content in made.values():
        ET.fromstring(content)  # noqa: S314 - our own file
    assert made["sitemap.xml"].count(b"<sitemap>") == 2
    assert sum(content.count(b"<url>") for content in made.values()) == 6
    assert f"{SITE}sitemap-2.xml" in made["sitemap.xml"].decode()


def test_robots_are_told_of_the_site_map(files: dict[str, bytes]) -> None:
    """The one address that robots.txt needs is a full one."""
    assert f"Sitemap: {SITE}sitemap.xml" in files["robots.txt"].decode().splitlines()


# schema.org in a page


def script(text: str) -> str:
    """A page with the text in its script, as the templates write it."""
    head = f'<title>x</title><script type="application/ld+json">{text}</script>'
    return f'<!DOCTYPE html><html lang="ja"><head>{head}</head><body></body></html>'


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("report", [REPORT, None], ids=["report", "series"])
def test_a_search_engine_finds_the_dataset(language: str, report: str | None, city: catalog.CatalogCity) -> None:
    """Read from the page by the library that search engines' checkers use."""
    extruct = pytest.importorskip("extruct", reason="extruct is not installed: pip install extruct")
    page = script(catalog.schema_org(city, CONFIG, report, language=language))
    found: Any = extruct.extract(page, syntaxes=["json-ld"])["json-ld"]
    assert [one["@type"] for one in found] == ["Dataset"]
    assert 50 <= len(found[0]["description"]) <= 5000


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_script_says_what_the_catalogue_says(language: str, graph: rdflib.Graph, city: catalog.CatalogCity) -> None:
    """What a search engine shows and what a portal shows must not differ."""
    found = json.loads(catalog.schema_org(city, CONFIG, REPORT, language=language))
    assert found["@id"] == str(dataset())
    for key, predicate in (("name", DCTERMS.title), ("description", DCTERMS.description)):
        assert rdflib.Literal(found[key], language) in set(graph.objects(dataset(), predicate))
    assert 50 <= len(found["description"]) <= 5000
    assert {(one["contentUrl"], one["encodingFormat"], one["sha256"]) for one in found["distribution"]} == {
        (SITE + one.path, one.media_type, one.sha256) for one in city.downloads
    }
    assert found["isAccessibleForFree"] is True
    whole = json.loads(catalog.schema_org(city, CONFIG, language=language))
    assert [one["@id"] for one in whole["hasPart"]] == [str(dataset())]


def test_a_record_cannot_break_out_of_the_script(city: catalog.CatalogCity) -> None:
    """A title that closes the element would put a stranger's code into our page."""
    evil = "</script><script>alert(1)</script><!-- & \u2028"
    label = curie("skos:prefLabel")
    triples = [one for one in city.index.triples if one[:2] != (REPORT, label)]
    hurt = dataclasses.replace(city, index=Index([*triples, (REPORT, label, tagged(evil, "ja"))]))
    text = catalog.schema_org(hurt, CONFIG, REPORT)
    assert evil in json.loads(text)["name"]
    assert re.search("[<>&\u2028]", text) is None
    assert html.unescape(text) == text


def test_every_class_that_dcat_ap_wants_is_stated(graph: rdflib.Graph) -> None:
    """Nothing is pointed at, but files, pages of the city and our own terms, without its class standing in the file."""
    free = {DCAT.accessURL, DCAT.downloadURL, SKOS.exactMatch, SKOS.closeMatch, RDF.type, FOAF.mbox}
    free |= {rdflib.URIRef("http://www.w3.org/2006/vcard/ns#hasEmail"), SKOS.inScheme}
    pointed = {one for _, predicate, one in graph if predicate not in free and isinstance(one, rdflib.URIRef)}
    assert [one for one in pointed if (one, RDF.type, None) not in graph] == []


def test_iris_stand_under_the_base_and_files_under_the_site(graph: rdflib.Graph) -> None:
    """Moving the files must not rename the data; whoever follows a download must find it where it lies."""
    assert {str(one) for one in graph.subjects(RDF.type, DCAT.Distribution)} == {
        one for one in map(str, graph.subjects(RDF.type, DCAT.Distribution)) if one.startswith(BASE)
    }
    addresses = {
        str(one) for predicate in (DCAT.downloadURL, DCAT.landingPage) for one in graph.objects(None, predicate)
    }
    assert all(one.startswith(SITE) for one in addresses)
    assert iri(f"{BASE}catalog") in {one for one, _, _ in catalog.catalog_triples([], CONFIG)}
    assert PLEDGE["Assessment"] not in {f"<{one}>" for one in graph.objects(None, RDF.type)}
