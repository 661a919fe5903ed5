"""The habits of the ontology, the shapes and their examples: what no single stage would notice, a reader would."""

from __future__ import annotations

import ast
import importlib
import json
import pkgutil
import re
import runpy
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import pyshacl
import pytest
from rdflib import DCTERMS, OWL, PROV, QB, RDF, RDFS, SH, SKOS, VANN, XSD, Graph, Literal, URIRef

import pledge_ld
from pledge_ld import record, validate
from pledge_ld.graph import as_ntriples
from pledge_ld.term import BASE, NS, PREFIXES, SHAPES, Namespace, iri
from pledge_ld.triple import vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

    from rdflib.term import Node

    from pledge_ld.publish import CityData

ROOT = Path(__file__).resolve().parents[1]
EXAMPLES = ROOT / "tests" / "examples"
VALID = sorted((EXAMPLES / "valid").glob("*.ttl"))
INVALID = sorted((EXAMPLES / "invalid").glob("*.ttl"))
BOTH = ["en", "ja"]
ONTOLOGY = URIRef(NS[:-1])
STATUS = URIRef("http://www.w3.org/2003/06/sw-vocab-status/ns#term_status")
USE = re.compile(r"\bpledge:([A-Za-z][A-Za-z0-9_]*)")
ALIGNED = {
    "Municipality": "org:FormalOrganization",
    "Programme": "prov:Plan",
    "Policy": "skos:Concept",
    "Pledge": "prov:Plan",
    "Measure": "prov:Plan",
    "Action": "prov:Activity",
    "Department": "org:OrganizationalUnit",
    "Assessment": "prov:Entity",
    "Scale": "skos:ConceptScheme",
    "Level": "skos:Concept",
    "ProgressScore": "prov:Entity",
    "Comparison": "prov:Entity",
    "MappingSet": "prov:Entity",
    "DataNote": "oa:Annotation",
    "Evidence": "prov:Entity",
    "SourceLine": "oa:SpecificResource",
}
UNALIGNED = {"LevelCount", "BandMapping"}
ABOVE = {"Commitment"}
"""Gives what may be graded one range; data state the class below it, so it has no instances and no shape."""


@cache
def graph(folder: str) -> Graph:
    """All Turtle of a folder as one graph."""
    found = Graph()
    for path in sorted((ROOT / folder).glob("*.ttl")):
        found.parse(path)
    return found


@cache
def terms() -> tuple[URIRef, ...]:
    """Every term the ontology declares."""
    return tuple(sorted({one for one in graph("ontology").subjects() if str(one).startswith(NS)}))  # type: ignore[misc]


@cache
def shapes() -> tuple[URIRef, ...]:
    """Every shape that has a name."""
    return tuple(sorted({one for one in graph("shapes").subjects() if str(one).startswith(SHAPES)}))  # type: ignore[misc]


@cache
def ntriples(path: Path) -> str:
    """An example as the engines read it."""
    quads = ox.parse(path.read_bytes(), ox.RdfFormat.TURTLE)
    return as_ntriples(sorted({(str(one.subject), str(one.predicate), str(one.object)) for one in quads}))


def local(node: Node | str) -> str:
    """The name of a term or a shape in its own namespace."""
    return str(node).rpartition("#")[2]


def expanded(name: str) -> URIRef:
    """The IRI of a prefixed name."""
    prefix, _, rest = name.partition(":")
    return URIRef(PREFIXES[prefix] + rest)


def languages(node: Node, predicate: URIRef) -> list[str]:
    """The languages in which the node says something, each as often as it does."""
    return sorted(
        str(one.language) for one in graph("ontology").objects(node, predicate) if isinstance(one, Literal) and str(one)
    )


def properties() -> list[URIRef]:
    """Every property the ontology declares."""
    return [one for one in terms() if set(graph("ontology").objects(one, RDF.type)) & PROPERTY_TYPES]


PROPERTY_TYPES = {OWL.ObjectProperty, OWL.DatatypeProperty}
ROLES = {QB.DimensionProperty, QB.MeasureProperty, QB.AttributeProperty, QB.CodedProperty, PROV.Plan}
"""What a term is besides its kind: its part in a cube, or, of a method, a plan."""


# The ontology


def test_the_ontology_declares_what_the_design_names() -> None:
    """A class or concept that is lost on the way would take its data out of reach."""
    declared = {local(one) for one in terms()}
    assert ALIGNED.keys() | UNALIGNED <= declared
    assert {local(one) for one in graph("ontology").subjects(RDF.type, OWL.Class) if str(one).startswith(NS)} == (
        ALIGNED.keys() | UNALIGNED | ABOVE
    )


@pytest.mark.parametrize("term", terms(), ids=local)
def test_a_term_is_told_in_both_languages(term: URIRef) -> None:
    """A reader of either language finds what a term is called, what it means, and one example of it."""
    said = graph("ontology")
    label = SKOS.prefLabel if (term, RDF.type, SKOS.Concept) in said else RDFS.label
    for predicate in (label, SKOS.definition, SKOS.example):
        assert languages(term, predicate) == BOTH, predicate
    assert [str(one) for one in said.objects(term, STATUS)] in (["testing"], ["stable"], ["archaic"])
    assert list(said.objects(term, RDFS.isDefinedBy)) == [ONTOLOGY]
    kinds = {one for one in said.objects(term, RDF.type) if one not in ROLES}
    assert len(kinds) == 1


@pytest.mark.parametrize("term", properties(), ids=local)
def test_a_property_has_domain_and_range_or_says_why_not(term: URIRef) -> None:
    """A property open at one end says so in both languages, so that it does not look forgotten."""
    said = graph("ontology")
    domains, ranges = list(said.objects(term, RDFS.domain)), list(said.objects(term, RDFS.range))
    assert len(domains) <= 1
    assert len(ranges) <= 1
    if not domains or not ranges:
        assert languages(term, SKOS.scopeNote) == BOTH
    classes = {one for one in terms() if (one, RDF.type, OWL.Class) in said}
    for one in domains:
        assert one in classes
    for one in ranges:
        if (term, RDF.type, OWL.DatatypeProperty) in said:
            assert one == RDF.langString or str(one).startswith(str(XSD))
        else:
            assert one in classes or not str(one).startswith((NS, str(XSD)))


@pytest.mark.parametrize(("name", "aligned"), ALIGNED.items())
def test_a_class_is_aligned(name: str, aligned: str, built: CityData) -> None:
    """The ontology says what a class is in others' words, and the data say it too, for whoever does not infer."""
    assert (URIRef(NS + name), RDFS.subClassOf, expanded(aligned)) in graph("ontology")
    assert built.index is not None
    instances = built.index.of_type(iri(NS + name))
    # Tomakomai names no evidence, and a comparison is in no city's graph: tests/test_compare.py looks at those.
    assert instances or name in {"Evidence", "Comparison"}
    assert [one for one in instances if not built.index.has_type(one, iri(str(expanded(aligned))))] == []


def test_the_header_names_licence_maker_date_version_and_namespace() -> None:
    """Who made it, when, under which licence and which version: what a catalogue of vocabularies asks for."""
    said = graph("ontology")
    assert list(said.subjects(RDF.type, OWL.Ontology)) == [ONTOLOGY]
    assert languages(ONTOLOGY, DCTERMS.title) == BOTH
    assert languages(ONTOLOGY, DCTERMS.description) == BOTH
    assert str(said.value(ONTOLOGY, DCTERMS.license)).startswith("https://creativecommons.org/")
    assert said.value(ONTOLOGY, DCTERMS.creator)
    created, modified = said.value(ONTOLOGY, DCTERMS.created), said.value(ONTOLOGY, DCTERMS.modified)
    assert isinstance(created, Literal)
    assert created.datatype == XSD.date
    assert isinstance(modified, Literal)
    assert str(modified) >= str(created)
    version = str(said.value(ONTOLOGY, OWL.versionInfo))
    assert said.value(ONTOLOGY, OWL.versionIRI) == URIRef(f"{NS[:-1]}/{version}")
    assert str(said.value(ONTOLOGY, VANN.preferredNamespacePrefix)) == "pledge"
    assert str(said.value(ONTOLOGY, VANN.preferredNamespaceUri)) == NS


def test_no_foreign_term_is_redefined() -> None:
    """What belongs to others is typed for OWL tools and pointed home, never given our meaning."""
    said = graph("ontology")
    foreign = {one for one in said.subjects() if isinstance(one, URIRef) and one not in terms() and one != ONTOLOGY}
    found = [
        (one, predicate)
        for one in foreign
        for predicate in said.predicates(one)
        if predicate not in {RDF.type, RDFS.isDefinedBy}
    ]
    assert found == []
    assert [one for one in foreign if str(said.value(one, RDFS.isDefinedBy)).startswith(BASE)] == []


def test_schemes_and_concepts_point_at_each_other() -> None:
    """A concept that its scheme does not list is lost to a reader who comes through the scheme."""
    said = graph("ontology")
    schemes = {one for one in terms() if (one, RDF.type, SKOS.ConceptScheme) in said}
    concepts = {one for one in terms() if (one, RDF.type, SKOS.Concept) in said}
    assert schemes
    listed = {(one, concept) for one in schemes for concept in said.objects(one, SKOS.hasTopConcept)}
    assert listed == {(scheme, one) for one in concepts for scheme in said.objects(one, SKOS.inScheme)}
    assert listed == {(scheme, one) for one in concepts for scheme in said.objects(one, SKOS.topConceptOf)}
    assert {concept for _, concept in listed} == concepts
    for scheme in schemes:
        notations = [str(said.value(one, SKOS.notation)) for one in said.objects(scheme, SKOS.hasTopConcept)]
        assert len(set(notations)) == len(notations)
        assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", one) for one in notations), notations


def concepts_of(scheme: str) -> dict[str, str]:
    """The notations of a scheme's concepts with their names."""
    said = graph("ontology")
    found = said.objects(URIRef(NS + scheme), SKOS.hasTopConcept)
    return {str(said.value(one, SKOS.notation)): local(one) for one in found}


@pytest.mark.parametrize(
    ("words", "scheme"),
    [
        (record.CONSTRUCTS, "Constructs"),
        (record.ASSESSORS, "Assessors"),
        (record.ROUNDINGS, "Roundings"),
        (record.CALCULATIONS, "Calculations"),
        (record.NOTE_KINDS, "NoteKinds"),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_the_words_of_the_records_are_the_notations_of_the_concepts(words: tuple[str, ...], scheme: str) -> None:
    """A word that a record may hold and the ontology does not know could not be published, and the other way round."""
    assert sorted(words) == sorted(concepts_of(scheme))


@pytest.mark.parametrize(
    ("kind", "scheme"),
    [
        ("construct", "Constructs"),
        ("assessor", "Assessors"),
        ("rounding", "Roundings"),
        ("calculation", "Calculations"),
        ("note", "NoteKinds"),
    ],
)
def test_a_word_becomes_the_concept_of_its_notation(kind: str, scheme: str) -> None:
    """The word floor is pledge:Floor because the ontology says so, not because a table in the program does."""
    expected = concepts_of(scheme)
    assert expected
    assert {one: vocabulary.concept(kind, one) for one in expected} == {
        notation: iri(NS + name) for notation, name in expected.items()
    }


def test_the_origins_and_the_graded_classes_are_the_ontologys() -> None:
    """A record is published or inferred; what is computed is never typed in by hand."""
    origins = concepts_of("Origins")
    assert {one: vocabulary.ORIGIN[one] for one in origins} == {one: iri(NS + name) for one, name in origins.items()}
    assert set(record.ORIGINS) == origins.keys() - {"computed"}
    said = graph("ontology")
    for one in record.CLASSES:
        assert (URIRef(vocabulary.concept("class", one)[1:-1]), RDF.type, OWL.Class) in said


# Every use of a term


def texts() -> Iterator[Path]:
    """Every file in which a term of ours may be written."""
    for folder, pattern in (
        ("ontology", "*.*"),
        ("shapes", "*.ttl"),
        ("queries", "*.rq"),
        ("tests/examples", "**/*.*"),
        ("src", "**/*.py"),
        ("site/templates", "*.html"),
    ):
        yield from sorted(one for one in (ROOT / folder).glob(pattern) if one.suffix != ".pyc")


def test_every_term_that_is_written_is_declared() -> None:
    """A misspelt pledge:Stars conforms to every shape and is still wrong."""
    declared = {local(one) for one in terms()}
    used = {(path.name, name) for path in texts() for name in USE.findall(path.read_text(encoding="utf-8"))}
    assert len(used) > 500
    assert sorted((path, name) for path, name in used if name not in declared) == []


def modules() -> Iterator[ModuleType]:
    """Every module of the program."""
    for one in pkgutil.walk_packages(pledge_ld.__path__, "pledge_ld."):
        if not one.name.endswith("__main__"):
            yield importlib.import_module(one.name)


def strings_in(value: Any) -> Iterator[str]:
    """The texts in a constant of a module, however it is nested.

    Not those of a namespace: what it holds is what was asked of it so far, by whichever test ran before.
    """
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict) and not isinstance(value, Namespace):
        yield from strings_in([*value.keys(), *value.values()])
    elif isinstance(value, (list, tuple, set, frozenset)):
        for one in value:
            yield from strings_in(one)


def names_in(tree: ast.AST, namespaces: set[str]) -> Iterator[str]:
    """What is asked of a namespace in the code: ``NAMESPACE["stars"]``, or a name that runs over words written there.

    >>> sorted(names_in(ast.parse('P["a"], [P[x] for x in ("b", "c")], Q["d"], P[y]'), {"P"}))
    ['a', 'b', 'c']
    """
    for node in ast.walk(tree):
        loops = [node] if isinstance(node, ast.For) else getattr(node, "generators", [])
        runs = {ast.unparse(one.target): one.iter.elts for one in loops if isinstance(one.iter, ast.Tuple | ast.List)}
        for each in ast.walk(node) if runs else [node]:
            if isinstance(each, ast.Subscript) and isinstance(each.value, ast.Name) and each.value.id in namespaces:
                words = runs.get(each.slice.id, []) if isinstance(each.slice, ast.Name) else [each.slice]
                yield from (str(one.value) for one in words if isinstance(one, ast.Constant))


def test_every_term_that_the_program_makes_from_parts_is_declared() -> None:
    """Terms put together at run time, such as those of a loop over names, escape a search of the text."""
    declared = {iri(str(one)) for one in terms()}
    found: set[tuple[str, str]] = set()
    for module in modules():
        values = [value for name, value in vars(module).items() if not name.startswith("__")]
        found |= {(module.__name__, one) for one in strings_in(values) if one.startswith(f"<{NS}")}
        # A namespace makes any term that it is asked for. Terms of others are theirs to declare.
        ours = {name for name, one in vars(module).items() if isinstance(one, Namespace) and one.prefix == "pledge"}
        tree = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))
        found |= {(module.__name__, iri(NS + one)) for one in names_in(tree, ours)}
    assert len(found) > 150
    assert sorted(one for one in found if one[1] not in declared) == []


def test_every_term_that_is_published_is_declared(built: CityData) -> None:
    """The same of the data themselves, computed nodes included."""
    assert built.index is not None
    assert validate.unknown_terms(built.index.triples) == {}


def test_every_object_of_the_ontology_and_the_shapes_is_declared() -> None:
    """The ontology itself may name only terms that it has."""
    known = {*terms(), ONTOLOGY}
    for folder in ("ontology", "shapes"):
        used = {one for triple in graph(folder) for one in triple if isinstance(one, URIRef) and one.startswith(NS)}
        assert sorted(used - known) == [], folder


# The JSON-LD context


@cache
def context() -> dict[str, Any]:
    """The context that every published JSON-LD embeds."""
    found: dict[str, Any] = json.loads((ROOT / "ontology" / "context.jsonld").read_text(encoding="utf-8"))["@context"]
    return found


def resolved(name: str) -> str:
    """The IRI that a name stands for by the context's own prefixes."""
    prefix, _, rest = name.partition(":")
    return context()[prefix] + rest if prefix in context() else name


def coercion(term: URIRef) -> dict[str, str]:
    """What the context must say of a property, by its range."""
    said = graph("ontology")
    entry = {"@id": f"pledge:{local(term)}"}
    range_ = said.value(term, RDFS.range)
    if (term, RDF.type, OWL.ObjectProperty) in said:
        return entry | {"@type": "@id"}
    if range_ == RDF.langString:
        return entry | {"@container": "@language"}
    return entry if range_ == XSD.string else entry | {"@type": f"xsd:{local(str(range_))}"}


def test_the_context_knows_every_class() -> None:
    """A class the context lacks would stand in the JSON as a long IRI."""
    classes = {local(one) for one in terms() if (one, RDF.type, OWL.Class) in graph("ontology")}
    assert {one: context().get(one) for one in classes} == {one: f"pledge:{one}" for one in classes}


@pytest.mark.parametrize("term", properties(), ids=local)
def test_the_context_knows_every_property_by_its_range(term: URIRef) -> None:
    """With the wrong coercion a date is read as a string, or an IRI as text."""
    assert context().get(local(term)) == coercion(term)


def test_the_context_is_unambiguous() -> None:
    """Two keys for one IRI, or a prefix that means something else than in the Turtle, would change what is said."""
    prefixes = {key: value for key, value in context().items() if isinstance(value, str) and value[-1] in "#/"}
    assert prefixes == {key: PREFIXES[key] for key in prefixes}
    iris = [
        resolved(value["@id"] if isinstance(value, dict) else value)
        for key, value in context().items()
        if key not in prefixes and not (isinstance(value, str) and value.startswith("@"))
    ]
    assert len(set(iris)) == len(iris)
    assert [one for one in iris if not one.startswith("http")] == []
    assert (context()["id"], context()["type"]) == ("@id", "@type")


# The shapes


def test_every_shape_is_named() -> None:
    """A message without a name cannot be looked up in docs/rules.md, nor silenced, nor tested."""
    said = graph("shapes")
    for type_ in (SH.NodeShape, SH.PropertyShape):
        found = set(said.subjects(RDF.type, type_))
        assert found
        assert [one for one in found if not isinstance(one, URIRef) or not one.startswith(SHAPES)] == []
    assert [one for one in said.objects(None, SH.property) if one not in shapes()] == []
    kinds = {SH.NodeShape, SH.PropertyShape}
    assert [one for one in shapes() if len(set(said.objects(one, RDF.type)) & kinds) != 1] == []
    assert [one for one in shapes() if not re.fullmatch(r"[A-Z][A-Za-z]*(?:-[A-Za-z]+)*", local(one))] == []


@pytest.mark.parametrize("shape", shapes(), ids=local)
def test_a_shape_speaks_both_languages_and_says_how_grave_it_is(shape: URIRef) -> None:
    """The officer reads Japanese and the developer English; whether it blocks publishing is never left to a default."""
    said = graph("shapes")
    messages = [one for one in said.objects(shape, SH.message) if isinstance(one, Literal)]
    assert sorted(str(one.language) for one in messages) == BOTH
    assert all(str(one).strip() for one in messages)
    assert list(said.objects(shape, SH.severity)) in ([SH.Violation], [SH.Warning], [SH.Info])


def test_every_property_shape_is_used() -> None:
    """A shape that no node shape lists is never checked."""
    said = graph("shapes")
    listed = set(said.objects(None, SH.property))
    found = set(said.subjects(RDF.type, SH.PropertyShape))
    assert [local(one) for one in found if one not in listed and not list(said.objects(one, SH.targetClass))] == []
    nodes = set(said.subjects(RDF.type, SH.NodeShape))
    assert [local(one) for one in nodes if not list(said.objects(one, SH.targetClass))] == []


def test_every_class_has_a_shape() -> None:
    """A class that no shape targets is published unchecked."""
    targets = {local(one) for one in graph("shapes").objects(None, SH.targetClass) if str(one).startswith(NS)}
    assert targets == ALIGNED.keys() | UNALIGNED


def test_the_shapes_are_shapes() -> None:
    """The shapes hold to SHACL's own shapes: an engine may ignore what is written wrong without a word."""
    _, _, text = pyshacl.validate(Graph(), shacl_graph=graph("shapes"), meta_shacl=True)
    assert "Conforms: True" in text


def test_the_examples_are_there() -> None:
    """The two folders are the test list: empty, everything below would pass."""
    assert VALID
    assert INVALID


def test_every_shape_has_a_counterexample() -> None:
    """A rule that nothing ever broke may not work at all."""
    shown = {one.name.split(".")[0] for one in INVALID}
    assert sorted(shown - {local(one) for one in shapes()}) == [], "counterexamples of no shape"
    assert sorted({local(one) for one in shapes()} - shown) == [], "shapes without a counterexample"


def fired(path: Path) -> set[str]:
    """The shapes that a file breaks, those of the catalogue and warnings included."""
    text, engine = ntriples(path), validate.default_engine()
    results = [*validate.validate(text, engine), *validate.run(text, "catalog", engine)]
    return {local(one.shape[1:-1]) for one in results}


@pytest.mark.parametrize("path", INVALID, ids=lambda one: one.stem)
def test_a_counterexample_breaks_the_shape_of_its_name_alone(path: Path) -> None:
    """The file's name is the assertion: <ShapeName>.<why>.ttl."""
    assert fired(path) == {path.name.split(".")[0]}


@pytest.mark.parametrize("path", VALID, ids=lambda one: one.stem)
def test_a_valid_example_breaks_nothing(path: Path) -> None:
    """A rule that a right data set breaks is worse than none."""
    assert fired(path) == set()


def test_the_counterexamples_are_those_of_their_table() -> None:
    """Each differs from the valid example by one fault, and by nothing that crept in by hand."""
    written: dict[str, str] = runpy.run_path(str(EXAMPLES / "counterexamples.py"))["counterexamples"]()
    assert {one.name: one.read_text(encoding="utf-8") for one in INVALID} == written


def test_every_rule_is_explained() -> None:
    """A message ends in the rule's name; docs/rules.md says when it happens and how to mend it."""
    text = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
    sections = re.findall(r"^#+ (\S+)$", text, re.MULTILINE)
    assert len(set(sections)) == len(sections)
    assert sorted({local(one) for one in shapes()} - set(sections)) == []


def test_the_rules_of_the_program_are_the_shapes() -> None:
    """Blank nodes that happen to carry a message are no rules: their names differ from run to run."""
    assert validate.rules() == sorted(local(one) for one in shapes())
