"""The ontology, held to what FOOPS! and OOPS! ask of a vocabulary and can be asked without a network.

Annotations, header, domains and ranges, schemes and foreign terms are held by test_conventions.py. Each check here is a
function from a graph to what is wrong in it, so that it can be shown to find a copy that was damaged for it.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
from rdflib import DCTERMS, FOAF, OWL, QB, RDF, RDFS, SKOS, VANN, XSD, Graph, Literal, URIRef
from rdflib.collection import Collection

from pledge_ld.graph import Index
from pledge_ld.site import ontology_page
from pledge_ld.term import BASE, NS, PREFIXES, datatype_of, language_of, value_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from rdflib.term import Node

    from pledge_ld.publish import CityData
    from pledge_ld.site.terms import Branch

ROOT = Path(__file__).resolve().parents[1]
FILES = sorted((ROOT / "ontology").glob("*.ttl"))
ONTOLOGY = URIRef(NS[:-1])
STATUS = URIRef("http://purl.org/ontology/bibo/status")
TERM_STATUS = URIRef("http://www.w3.org/2003/06/sw-vocab-status/ns#term_status")
BUILT_IN = (str(RDF), str(RDFS), str(OWL), str(XSD))
PROPERTY_TYPES = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
UPPER, LOWER = re.compile(r"(?:[A-Z][a-z]*)+"), re.compile(r"[a-z]+(?:[A-Z][a-z]*)*")
HEADER = "\n".join(f"PREFIX {prefix}: <{namespace}>" for prefix, namespace in PREFIXES.items())
ABOUT = f"{HEADER}\nPREFIX bibo: <http://purl.org/ontology/bibo/>\n"


@cache
def ontology() -> Graph:
    """All files as one graph. Nobody may change it."""
    found = Graph()
    for path in FILES:
        found.parse(path)
    return found


def ours(graph: Graph, *types: Node) -> list[URIRef]:
    """Our own terms, of these types where any are given."""
    found = {one for type_ in types for one in graph.subjects(RDF.type, type_)} if types else set(graph.subjects())
    return sorted(one for one in found if isinstance(one, URIRef) and one.startswith(NS))


def local(node: Node) -> str:
    """A term's own name."""
    return str(node).rpartition("#")[2]


def labels(graph: Graph, term: Node) -> list[Literal]:
    """What a term is called."""
    found = (*graph.objects(term, RDFS.label), *graph.objects(term, SKOS.prefLabel))
    return [one for one in found if isinstance(one, Literal)]


# What is checked: each gives what is wrong, in no words where nothing is


def cycles(graph: Graph) -> list[str]:
    """Classes or properties that are above themselves (OOPS! P06)."""
    return [
        local(one)
        for one in ours(graph)
        for way in (RDFS.subClassOf, RDFS.subPropertyOf)
        if any(one in graph.transitive_objects(above, way) for above in graph.objects(one, way))
    ]


def overlapping(graph: Graph) -> list[str]:
    """Classes that nothing keeps apart from the others (P10). One with classes of ours below it is theirs to share."""
    apart: set[Node] = set()
    for one in graph.subjects(RDF.type, OWL.AllDisjointClasses):
        for members in graph.objects(one, OWL.members):
            apart |= set(Collection(graph, members))
    classes = [
        one for one in ours(graph, OWL.Class) if not set(graph.subjects(RDFS.subClassOf, one)) & set(ours(graph))
    ]
    return [local(one) for one in classes if one not in apart]


def untyped(graph: Graph) -> list[str]:
    """What is used as a class or property, and nobody says that it is one (P34, P35)."""
    classes, properties = (RDFS.domain, RDFS.range, RDFS.subClassOf, RDF.type), (RDFS.subPropertyOf,)
    found = {one for way in classes for one in graph.objects(None, way) if (one, RDF.type, OWL.Class) not in graph}
    used = {*graph.predicates(), *(one for way in properties for one in graph.objects(None, way))}
    found |= {one for one in used if not {*graph.objects(one, RDF.type)} & {*PROPERTY_TYPES}}
    return sorted(str(one) for one in found if not str(one).startswith(BUILT_IN))


def unconnected(graph: Graph) -> list[str]:
    """Classes, schemes, concepts and components that no statement ties to the rest (P04)."""
    ties = (RDFS.domain, RDFS.range, RDFS.subClassOf, RDFS.subPropertyOf, SKOS.inScheme, QB.component, QB.codeList)
    tied: set[Node] = set()
    for subject, predicate, object_ in graph:
        if predicate in {*ties, QB.structure, DCTERMS.creator}:
            tied |= {subject, object_}
    return [local(one) for one in ours(graph) if one not in tied and one not in ours(graph, *PROPERTY_TYPES)]


def inverses(graph: Graph) -> list[str]:
    """Inverses, which this vocabulary does not have: each link is stated one way, from the part to the whole and from
    the figure to its thing, and followed back by a query. So none can be missing or wrong (P05, P13, P25, P26).
    """  # noqa: D205 - the reason is the first thing to know
    kinds = (OWL.inverseOf, OWL.equivalentProperty)
    found = [local(one) for way in kinds for one in graph.subjects(way, None)]
    return found + [local(one) for one in ours(graph, OWL.SymmetricProperty, OWL.TransitiveProperty)]


def misnamed(graph: Graph) -> list[str]:
    """Names that say another kind of thing than they stand for, or look like a file (P22, P36)."""
    properties = ours(graph, *PROPERTY_TYPES)
    return [local(one) for one in ours(graph) if not (LOWER if one in properties else UPPER).fullmatch(local(one))]


def same_label(graph: Graph) -> list[str]:
    """Labels that two terms share (P32)."""
    seen: dict[tuple[str, str | None], set[str]] = {}
    for term in ours(graph):
        for label in labels(graph, term):
            seen.setdefault((str(label).lower(), label.language), set()).add(local(term))
    return [f"{text}: {', '.join(sorted(terms))}" for (text, _), terms in seen.items() if len(terms) > 1]


def merged(graph: Graph) -> list[str]:
    """Classes and properties that are two in one by their label (P07)."""
    two = re.compile(r" and | or |/|または|および|・")
    terms = ours(graph, OWL.Class, *PROPERTY_TYPES)
    return [f"{local(one)}: {label}" for one in terms for label in labels(graph, one) if two.search(label)]


def empty_words(graph: Graph) -> list[str]:
    """Definitions that say no more than the label, and labels as long as a definition (P20, P24)."""
    found = []
    for term in ours(graph):
        names = {str(label).lower().rstrip("。.") for label in labels(graph, term)}
        texts = [str(one).lower().rstrip("。.") for one in graph.objects(term, SKOS.definition)]
        found += [local(term) for one in texts if one in names]
        found += [local(term) for one in names if len(one) > 40]
    return found


def header(graph: Graph) -> list[str]:
    """What FOOPS! asks of the header beyond what test_conventions.py holds (OM2, OM3, OM4, OM5, VOC1)."""
    one = {way: graph.value(ONTOLOGY, way) for way in set(graph.predicates(ONTOLOGY))}
    citations = [one for one in graph.objects(ONTOLOGY, DCTERMS.bibliographicCitation) if isinstance(one, Literal)]
    version, issued, logo = one.get(OWL.versionIRI), one.get(DCTERMS.issued), str(one.get(FOAF.logo))
    made_by = {way: list(graph.objects(ONTOLOGY, way)) for way in (DCTERMS.creator, DCTERMS.publisher)}
    known = ("title", "description", "abstract", "creator", "publisher", "created", "issued", "modified", "license")
    wanted = {
        "creator and publisher are IRIs with a name": all(
            agents and all(isinstance(agent, URIRef) and graph.value(agent, FOAF.name) for agent in agents)
            for agents in made_by.values()
        ),
        "issued on a day": isinstance(issued, Literal) and issued.datatype == XSD.date,
        "cited in both languages, by its version": sorted(str(text.language) for text in citations) == ["en", "ja"]
        and all(str(version) in text for text in citations),
        "a status of BIBO's": str(graph.value(ONTOLOGY, STATUS)).startswith(f"{STATUS}/"),
        "a logo that we publish": logo.startswith(f"{BASE}static/")
        and (ROOT / "site" / "static" / logo.rpartition("/")[2]).is_file(),
        "what it was made from": bool(list(graph.objects(ONTOLOGY, DCTERMS.source))),
        "a version that is not the ontology": version not in {None, ONTOLOGY},
        "a licence that is an IRI": isinstance(one.get(DCTERMS.license), URIRef),
        "namespace and ontology are one": str(one.get(VANN.preferredNamespaceUri)) == f"{ONTOLOGY}#",
        "terms of Dublin Core": {DCTERMS[name] for name in known} <= one.keys(),
    }
    return [name for name, holds in wanted.items() if not holds]


def deprecated_badly(graph: Graph) -> list[str]:
    """Deprecated terms that lead nowhere: each names what replaces it, and is archaic."""
    return [
        local(one)
        for one in ours(graph)
        if (one, OWL.deprecated, Literal(lexical_or_value=True)) in graph
        and (
            graph.value(one, DCTERMS.isReplacedBy) not in ours(graph) or str(graph.value(one, TERM_STATUS)) != "archaic"
        )
    ]


def no_reuse(graph: Graph) -> list[str]:
    """Classes of ours that are tied to no known vocabulary, neither above nor beside them (VOC2)."""
    ties = (RDFS.subClassOf, RDFS.seeAlso)
    above = {one: {other for way in ties for other in graph.objects(one, way)} for one in ours(graph, OWL.Class)}
    below = {one: set(graph.subjects(RDFS.subClassOf, one)) for one in above}
    alone = [one for one, found in above.items() if not any(not str(other).startswith(NS) for other in found)]
    return [local(one) for one in alone if not below[one]]


def cubes_badly(graph: Graph) -> list[str]:
    """Components with no single property, attachment or order, and properties that do not say their part in a cube."""
    found = []
    roles = {QB.dimension: QB.DimensionProperty, QB.measure: QB.MeasureProperty, QB.attribute: QB.AttributeProperty}
    for part in ours(graph, QB.ComponentSpecification):
        said = [(way, one) for way in roles for one in graph.objects(part, way)]
        typed = all((one, RDF.type, roles[way]) in graph for way, one in said)
        if len(said) != 1 or not typed or len(list(graph.objects(part, QB.order))) != 1:
            found.append(local(part))
    for structure in ours(graph, QB.DataStructureDefinition):
        parts = list(graph.objects(structure, QB.component))
        orders = [graph.value(part, QB.order) for part in parts]
        if len(set(orders)) != len(parts) or any(part not in ours(graph) for part in parts):
            found.append(local(structure))
    return found


CHECKS: dict[Callable[[Graph], list[str]], tuple[str, ...]] = {
    cycles: (
        "INSERT DATA { pledge:Commitment rdfs:subClassOf pledge:Measure }",
        "INSERT DATA { pledge:evidence rdfs:subPropertyOf pledge:evidence }",
    ),
    overlapping: (
        "INSERT DATA { pledge:Promise a owl:Class }",
        "DELETE WHERE { ?list owl:members ?any }",
    ),
    untyped: (
        "DELETE WHERE { prov:Plan a ?type }",
        "INSERT DATA { pledge:stars rdfs:subPropertyOf dcterms:extent }",
        "INSERT DATA { pledge:stars dcterms:extent 1 }",
        "INSERT DATA { pledge:Promise a skos:Collection }",
    ),
    unconnected: (
        "INSERT DATA { pledge:Promise a owl:Class }",
        "DELETE WHERE { pledge:Floor skos:inScheme ?any }",
        "DELETE WHERE { ?any qb:component pledge:UnitComponent }",
    ),
    inverses: (
        "INSERT DATA { pledge:hasScore owl:inverseOf pledge:scoreOf }",
        "INSERT DATA { pledge:scoreOf a owl:SymmetricProperty }",
    ),
    misnamed: (
        "INSERT DATA { pledge:promise a owl:Class }",
        "INSERT DATA { pledge:HasPart a owl:ObjectProperty }",
        'INSERT DATA { <https://w3id.org/pledge-ld/ns#Promise.ttl> rdfs:label "promise"@en }',
        "INSERT DATA { pledge:star_count a owl:DatatypeProperty }",
        "INSERT DATA { <https://w3id.org/pledge-ld/ns#公約> a owl:Class }",
    ),
    same_label: ('INSERT DATA { pledge:Policy rdfs:label "Pledge"@en }',),
    merged: (
        'INSERT DATA { pledge:Policy rdfs:label "policy and pledge"@en }',
        'INSERT DATA { pledge:Policy rdfs:label "政策または公約"@ja }',
    ),
    empty_words: (
        'INSERT DATA { pledge:Policy skos:definition "Policy."@en }',
        'INSERT DATA { pledge:Policy rdfs:label "a heading under which a municipality groups its pledges"@en }',
    ),
    header: (
        f'DELETE WHERE {{ <{ONTOLOGY}> dcterms:creator ?any }} ; INSERT DATA {{ <{ONTOLOGY}> dcterms:creator "us" }}',
        f"DELETE WHERE {{ <{ONTOLOGY}> dcterms:publisher ?any }}",
        "DELETE WHERE { ?any foaf:name ?name }",
        f"DELETE WHERE {{ <{ONTOLOGY}> dcterms:issued ?any }}",
        f"DELETE WHERE {{ <{ONTOLOGY}> dcterms:bibliographicCitation ?any }}",
        f"DELETE WHERE {{ <{ONTOLOGY}> bibo:status ?any }}",
        f"DELETE WHERE {{ <{ONTOLOGY}> foaf:logo ?any }}",
        f"DELETE WHERE {{ <{ONTOLOGY}> dcterms:source ?any }}",
        f"DELETE WHERE {{ <{ONTOLOGY}> owl:versionIRI ?any }}",
        f"DELETE WHERE {{ <{ONTOLOGY}> dcterms:license ?any }} ; INSERT DATA {{ <{ONTOLOGY}> dcterms:license 'CC' }}",
        f"DELETE WHERE {{ <{ONTOLOGY}> vann:preferredNamespaceUri ?any }}",
        f"DELETE WHERE {{ <{ONTOLOGY}> dcterms:abstract ?any }}",
    ),
    deprecated_badly: (
        "INSERT DATA { pledge:page owl:deprecated true }",
        "INSERT DATA { pledge:page owl:deprecated true ; dcterms:isReplacedBy pledge:sourceLine }",
    ),
    no_reuse: (
        "DELETE WHERE { pledge:Action rdfs:subClassOf ?any }",
        "DELETE WHERE { pledge:LevelCount rdfs:seeAlso ?any }",
    ),
    cubes_badly: (
        "DELETE DATA { pledge:percent a qb:MeasureProperty }",
        "INSERT DATA { pledge:UnitComponent qb:attribute pledge:rounding }",
        "DELETE WHERE { pledge:StarsComponent qb:order ?any }",
        "INSERT DATA { pledge:StarsStructure qb:component pledge:PercentComponent }",
    ),
}
"""Each check with the damages that it must find."""
DAMAGES = [(check, damage) for check, damages in CHECKS.items() for damage in damages]


@pytest.mark.parametrize("check", CHECKS, ids=lambda one: one.__name__)
def test_the_ontology_is_sound(check: Callable[[Graph], list[str]]) -> None:
    """A pitfall that is known by name stands in the vocabulary."""
    assert check(ontology()) == []


@pytest.mark.parametrize(("check", "damage"), DAMAGES, ids=[f"{one.__name__}-{text[:60]}" for one, text in DAMAGES])
def test_a_damaged_ontology_is_found_out(check: Callable[[Graph], list[str]], damage: str) -> None:
    """A check that finds nothing in a copy damaged for it holds nothing."""
    graph = Graph()
    for triple in ontology():
        graph.add(triple)
    graph.update(ABOUT + damage)
    assert check(graph) != []


@pytest.mark.parametrize("path", FILES, ids=lambda one: one.name)
def test_a_file_has_one_meaning_for_a_prefix(path: Path) -> None:
    """Every file uses the same prefixes for the same namespaces, and no base that depends on where it lies (P39)."""
    text = path.read_text(encoding="utf-8")
    declared = dict(re.findall(r"^@prefix ([a-z-]+): <([^>]+)> \.$", text, re.MULTILINE))
    assert "@base" not in text
    assert declared["pledge"] == NS
    assert {prefix: PREFIXES[prefix] for prefix in declared if prefix in PREFIXES} == {
        prefix: namespace for prefix, namespace in declared.items() if prefix in PREFIXES
    }
    body = re.sub(r'"[^"]*"|<[^>]*>', "", "\n".join(one for one in text.splitlines() if not one.startswith(("#", "@"))))
    assert set(re.findall(r"(?<![\w-])([a-z-]+):", body)) == set(declared)


def test_the_namespace_is_open_and_permanent() -> None:
    """The address of the terms is an https one that can be pointed elsewhere, and names no file (HTTP1, PURL1, P36)."""
    assert NS.startswith("https://w3id.org/")
    assert NS.endswith("#")
    assert not re.search(r"\.[a-z]{2,4}#?$", NS)


# The data, as the ontology would have them


@cache
def above(class_: URIRef) -> frozenset[Node]:
    """A class with all that it is a subclass of."""
    return frozenset(one for one in ontology().transitive_objects(class_, RDFS.subClassOf) if one is not None)


def of(index: Index, node: str) -> set[Node]:
    """The classes that a node is of, by what the data or the ontology say of it; empty where it is not described."""
    types = [URIRef(value_of(one)) for one in index.objects(node, f"<{RDF.type}>")]
    types += [one for one in ontology().objects(URIRef(value_of(node)), RDF.type) if isinstance(one, URIRef)]
    found: set[Node] = {one for type_ in types for one in above(type_)}
    return found | {RDF.Property} if found & {*PROPERTY_TYPES} else found


def test_the_data_keep_to_domains_and_ranges(built: CityData) -> None:
    """A reasoner would conclude that a measure is a score, or a date a number, from one triple that does not."""
    index = built.index
    assert index is not None
    said, wrong, checked = ontology(), [], 0
    for subject, predicate, object_ in index.triples:
        way = URIRef(value_of(predicate))
        if not way.startswith(NS):
            continue
        domain, range_ = said.value(way, RDFS.domain), said.value(way, RDFS.range)
        checked += 1
        if domain and domain not in of(index, subject):
            wrong.append((subject, predicate, "domain"))
        if object_[0] == '"':
            datatype = str(RDF.langString) if language_of(object_) else datatype_of(object_) or str(XSD.string)
            if range_ and datatype != str(range_):
                wrong.append((subject, predicate, object_))
        elif range_ and (types := of(index, object_)) and range_ not in types:
            wrong.append((subject, predicate, object_))
    assert checked > 1000
    assert wrong == []


def test_nothing_is_two_things_that_exclude_each_other(built: CityData) -> None:
    """Declared disjoint, two classes of one node make the data contradict themselves."""
    assert built.index is not None
    own = set(ours(ontology(), OWL.Class))
    for node in built.index.by_subject:
        types = {URIRef(value_of(one)) for one in built.index.objects(node, f"<{RDF.type}>")}
        assert len(types & own) <= 1, node


# The page of the ontology, and its addresses (URI1, VER2, DOC1, RDF1, CN1 less the server's part)


@pytest.mark.parametrize("tree", ["", "en/"])
@pytest.mark.parametrize("page", ["ns", "ns/0.1.0"])
def test_every_term_has_its_place_on_the_page(site: Path, tree: str, page: str) -> None:
    """Whoever follows a term's IRI lands on the term, in both languages, and at the version that was cited."""
    text = (site / f"{tree}{page}.html").read_text(encoding="utf-8")
    sections = re.findall(r'<section class="term" id="([^"]+)">', text)
    assert sorted(sections) == sorted(local(one) for one in ours(ontology()))
    contents = text.partition("<nav aria-labelledby")[2].partition("</nav>")[0]
    assert sorted(re.findall(r'href="#([^"]+)"', contents)) == sorted(sections)


@pytest.mark.parametrize("name", ["ns.ttl", "ns/0.1.0.ttl"])
def test_the_published_ontology_is_this_one(site: Path, name: str) -> None:
    """The file that a tool loads has every term, and the version says whose version it is."""
    graph = Graph().parse(site / name)
    assert set(ours(graph)) == set(ours(ontology()))
    version = ontology().value(ONTOLOGY, OWL.versionIRI)
    assert ((version, DCTERMS.isVersionOf, ONTOLOGY) in graph) is (name != "ns.ttl")


@pytest.mark.parametrize(("tree", "language"), [("", "ja"), ("en/", "en")])
def test_a_term_is_shown_with_what_is_said_of_it(site: Path, tree: str, language: str) -> None:
    """A reader finds domain, range, note and example in the page's language, and not in the other."""
    text = (site / f"{tree}ns.html").read_text(encoding="utf-8")
    section = text.partition('id="countOf">')[2].partition("</section>")[0]
    assert re.findall(r"ns\.html#([A-Za-z]+)", section) == ["LevelCount", "Commitment"]
    plain = re.sub(r"<[^>]+>", "", section)
    for predicate in (SKOS.definition, SKOS.scopeNote, SKOS.example):
        texts = {str(one.language): str(one) for one in ontology().objects(URIRef(f"{NS}countOf"), predicate)}  # type: ignore[attr-defined]
        assert texts.pop(language) in plain
        assert not any(one in plain for one in texts.values())
    structure = text.partition('id="PercentStructure">')[2].partition("</section>")[0]
    assert len(re.findall(r"ns\.html#[A-Za-z]+Component", structure)) == 7


def triples(*graphs: Graph) -> Index:
    """The graphs as the site reads them."""
    text = "".join(one.serialize(format="nt") for one in graphs)
    quads = ox.parse(text.encode(), ox.RdfFormat.N_TRIPLES)
    return Index((str(one.subject), str(one.predicate), str(one.object)) for one in quads)


def names(branches: Iterable[Branch]) -> list[str]:
    """The classes of a tree, the wide before the narrow."""
    return [name for one in branches for name in (one.value.text[""], *names(one.below))]


def test_the_classes_are_shown_as_a_tree() -> None:
    """Each class stands below those it is a subclass of, and none is left out."""
    branches = ontology_page(triples(ontology())).data["branches"]
    shown = names(branches)
    assert {one for one in shown if one.startswith("pledge:")} == {
        f"pledge:{local(one)}" for one in ours(ontology(), OWL.Class)
    }
    commitment = next(one for one in branches if one.value.text[""] == "pledge:Commitment")
    assert names(commitment.below) == ["pledge:Measure", "pledge:Pledge", "pledge:Policy", "pledge:Programme"]
    assert {one.value.text[""] for one in branches} >= {"prov:Plan", "skos:Concept", "pledge:LevelCount"}


def test_a_deprecated_term_is_marked_as_such() -> None:
    """Who finds a term that is no longer to be used must see it."""
    extra = Graph()
    extra.add((URIRef(f"{NS}page"), OWL.deprecated, Literal(lexical_or_value=True)))
    groups = dict(ontology_page(triples(ontology(), extra)).data["groups"])
    assert [one.id for one in groups["properties"] if one.deprecated] == ["page"]


def test_a_circle_of_classes_does_not_hang_the_page() -> None:
    """A fault in the ontology is the checks' to report; the page must still end."""
    extra = Graph()
    extra.add((URIRef(f"{NS}Evidence"), RDFS.subClassOf, URIRef(f"{NS}Evidence")))
    assert "pledge:Measure" in names(ontology_page(triples(ontology(), extra)).data["branches"])
