"""The plain way: rdflib's Graph.add and serialize, pyshacl, rdflib's SPARQL, one Jinja2 template a document.

What a competent script of an afternoon does, on the same records, shapes and queries. Nothing is slowed down on
purpose: terms are made once, graphs are kept, the template is compiled once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import jinja2
import pyshacl
import rdflib
from rdflib.namespace import SKOS
from rdflib.term import Literal, URIRef

from pledge_ld.term import Triple, datatype_of, document_of, language_of, value_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Node = URIRef | Literal

TEMPLATE = jinja2.Template(
    """<!DOCTYPE html>
<html lang="ja">
<head><meta charset="utf-8"><title>{{ title }}</title></head>
<body>
<h1>{{ title }}</h1>
{% for subject, statements in subjects %}
<section id="{{ subject }}">
<h2>{{ subject }}</h2>
<dl>
{% for predicate, object in statements %}
<dt>{{ predicate }}</dt><dd>{{ object }}</dd>
{% endfor %}
</dl>
</section>
{% endfor %}
</body>
</html>
""",
    autoescape=True,
)


def raw(triples: Iterable[Triple]) -> list[tuple[tuple[str, str, str], ...]]:
    """Each term as its value, language and datatype: what a script has in hand before it makes rdflib's terms."""
    return [
        tuple((value_of(term), language_of(term), "<" if term[0] == "<" else datatype_of(term)) for term in triple)
        for triple in triples
    ]


def _term(value: str, language: str, kind: str) -> Node:
    if kind == "<":
        return URIRef(value)
    return Literal(value, lang=language or None, datatype=URIRef(kind) if kind else None)


def graph_of(rows: Iterable[tuple[tuple[str, str, str], ...]]) -> rdflib.Graph:
    """The rows as a graph, triple by triple."""
    graph = rdflib.Graph()
    for subject, predicate, object_ in rows:
        graph.add((_term(*subject), _term(*predicate), _term(*object_)))
    return graph


def validated(graph: rdflib.Graph, shapes: rdflib.Graph) -> bool:
    """Whether the graph conforms, warnings aside."""
    conforms, _, _ = pyshacl.validate(graph, shacl_graph=shapes, allow_warnings=True)
    return bool(conforms)


def rolled_up(graph: rdflib.Graph, queries: Mapping[str, str]) -> int:
    """Runs the rollups and adds their scores; how many rows they gave."""
    count = 0
    for name, text in queries.items():
        for binding in graph.query(text).bindings:
            fields = {str(name): value for name, value in binding.items()}
            thing = fields["thing"]
            node = URIRef(f"{thing}#score-{name}-{count}")
            for key, value in fields.items():
                graph.add((node, URIRef(f"https://w3id.org/pledge-ld/ns#{key}"), value))
            count += 1
    return count


def dumps(graph: rdflib.Graph) -> int:
    """The three dumps; their characters."""
    return sum(len(graph.serialize(format=form)) for form in ("nt", "turtle", "json-ld"))


def documents(triples: Iterable[Triple]) -> int:
    """One HTML page, one Turtle and one JSON-LD file for each document; how many documents."""
    by_document: dict[str, rdflib.Graph] = {}
    for triple, row in zip(triples, raw(triples), strict=True):
        graph = by_document.setdefault(document_of(triple[0]), rdflib.Graph())
        subject, predicate, object_ = row
        graph.add((_term(*subject), _term(*predicate), _term(*object_)))
    for document, graph in by_document.items():
        node = URIRef(document[1:-1])
        title = next((one for one in graph.objects(node, SKOS.prefLabel)), node)
        subjects = [
            (one, sorted(graph.predicate_objects(one), key=str)) for one in sorted(set(graph.subjects()), key=str)
        ]
        TEMPLATE.render(title=title, subjects=subjects)
        graph.serialize(format="turtle")
        graph.serialize(format="json-ld")
    return len(by_document)
