"""The screen: constraints in SPARQL asked of all nodes at once may hide nothing that an engine finds node by node."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from pledge_ld.graph import as_ntriples
from pledge_ld.query import store_of
from pledge_ld.validate import shapes_text, validate
from pledge_ld.validate.screen import may_screen, question, screen_of

EXAMPLES = sorted((Path(__file__).parent / "examples").glob("*/*.ttl"))
CLASS = "<urn:C>"


def ntriples(path: Path) -> str:
    """The example as N-Triples."""
    quads = ox.parse(path.read_bytes(), ox.RdfFormat.TURTLE, base_iri="https://example.org/")
    return as_ntriples(sorted({(str(one.subject), str(one.predicate), str(one.object)) for one in quads}))


@pytest.mark.parametrize(
    "select",
    [
        "SELECT $this WHERE { { SELECT $this WHERE { $this <urn:p> ?x } } }",
        "SELECT $this (COUNT(?x) AS ?n) WHERE { $this <urn:p> ?x }",
        "SELECT $this WHERE { $this <urn:p> ?x } GROUP BY ?x HAVING (COUNT(?x) > 1)",
        "SELECT $this WHERE { $this <urn:p> ?x FILTER NOT EXISTS { ?x <urn:q> $this } }",
        "SELECT $this WHERE { $this <urn:p> ?x MINUS { ?x <urn:q> ?y } }",
        "SELECT $this WHERE { $this $PATH ?x }",
        "SELECT $this WHERE { $this <urn:p> ?x } LIMIT 1",
        "SELECT ?value WHERE { ?value <urn:p> 'a string with $this in it' }",
    ],
)
def test_what_may_mean_something_else_for_all_nodes_is_left_to_the_engine(select: str) -> None:
    """A constraint screened wrongly lets through what it forbids."""
    assert question(select, CLASS) == ""


def test_words_in_strings_and_comments_are_not_code() -> None:
    """A message that says LIMIT would cost the screen for nothing, and a comment at the end must not swallow ours."""
    asked = question('SELECT $this WHERE { $this <urn:p> "MINUS LIMIT" } # SELECT', CLASS)
    assert asked.endswith("\nLIMIT 1")
    ox.Store().query(asked)


@pytest.mark.parametrize(
    "shapes",
    [
        "ex:S sh:targetClass ex:C ; sh:property ex:P . ex:P sh:path ex:p ; sh:property ex:Q .",
        "ex:S sh:targetSubjectsOf ex:p ; sh:property ex:Q .",
        "ex:S sh:targetClass ex:C ; sh:targetNode ex:n ; sh:property ex:Q .",
        "ex:S sh:targetClass ex:C ; sh:property ex:Q . ex:T sh:node ex:S ; sh:targetClass ex:D .",
        "ex:S sh:targetClass ex:C ; sh:not ex:Q .",
        "ex:S sh:property ex:Q .",
    ],
)
def test_a_constraint_with_other_focus_nodes_is_left_to_the_engine(shapes: str) -> None:
    """Asked over the instances of a class alone, it would miss the nodes that come by another way."""
    text = f"""
        @prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <urn:> .
        {shapes}
        ex:Q sh:path ex:p ; sh:sparql [ sh:select "SELECT $this WHERE {{ $this <urn:p> ?value }}" ] .
    """
    taken = screen_of(text)
    assert taken.questions == ()
    assert "sparql" in taken.shapes


def test_a_subclass_in_the_data_is_not_screened() -> None:
    """Instances of a subclass are focus nodes, and the questions do not see them."""
    assert not may_screen("<urn:D> <http://www.w3.org/2000/01/rdf-schema#subClassOf> <urn:C> .\n")


def test_our_own_constraints_are_screened() -> None:
    """A constraint that nobody noticed to be outside the screen makes every build slow again."""
    assert "sh:sparql" in shapes_text("data")
    assert "http://www.w3.org/ns/shacl#sparql" not in screen_of(shapes_text("data")).shapes


def test_each_question_is_one_that_the_store_takes() -> None:
    """A question that is no SPARQL stops a build whose data are in order."""
    assert screen_of(shapes_text("data")).passes(ox.Store())


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda one: one.name)
def test_the_screen_changes_no_result(path: Path) -> None:
    """What the engine finds node by node is found with the screen before it, with the same words."""
    pytest.importorskip("shacl")
    text = ntriples(path)
    screened = validate(text, "shacl", store_of([("<urn:graph>", text)]))
    assert screened == validate(text, "shacl")
