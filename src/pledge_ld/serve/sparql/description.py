"""The SPARQL 1.1 Service Description of this endpoint."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pyoxigraph as ox

from pledge_ld.serve.sparql.template import GRAPH_FORMS
from pledge_ld.term import PREFIXES

if TYPE_CHECKING:
    from pledge_ld.serve.sparql.workers import Held

_SD, _FORMATS = PREFIXES["sd"], "http://www.w3.org/ns/formats/"
_RESULTS = ("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV")
_GRAPHS = ("Turtle", "N-Triples", "JSON-LD", "RDF_XML")
_TYPE = ox.NamedNode(f"{PREFIXES['rdf']}type")


def description(held: Held, endpoint: str, form: str) -> bytes:
    """What the endpoint can do and which graphs it holds. Nodes are hash IRIs of the endpoint: none is blank."""
    service = ox.NamedNode(endpoint)
    dataset, default = ox.NamedNode(f"{endpoint}#dataset"), ox.NamedNode(f"{endpoint}#default-graph")
    triples = [
        ox.Triple(service, _TYPE, _sd("Service")),
        ox.Triple(service, _sd("endpoint"), service),
        ox.Triple(service, _sd("supportedLanguage"), _sd("SPARQL10Query")),
        ox.Triple(service, _sd("supportedLanguage"), _sd("SPARQL11Query")),
        ox.Triple(service, _sd("feature"), _sd("EmptyGraphs")),
        *(ox.Triple(service, _sd("resultFormat"), ox.NamedNode(_FORMATS + one)) for one in (*_RESULTS, *_GRAPHS)),
        ox.Triple(service, _sd("defaultDataset"), dataset),
        ox.Triple(dataset, _TYPE, _sd("Dataset")),
        ox.Triple(dataset, _sd("defaultGraph"), default),
        ox.Triple(default, _TYPE, _sd("Graph")),
    ]
    for number, name in enumerate(held.graphs, start=1):
        graph = ox.NamedNode(f"{endpoint}#graph-{number}")
        triples += [
            ox.Triple(dataset, _sd("namedGraph"), graph),
            ox.Triple(graph, _TYPE, _sd("NamedGraph")),
            ox.Triple(graph, _sd("name"), ox.NamedNode(name)),
        ]
    content = io.BytesIO()
    ox.serialize(triples, content, format=GRAPH_FORMS[form], prefixes={"sd": _SD})
    return content.getvalue()


def _sd(name: str) -> ox.NamedNode:
    return ox.NamedNode(_SD + name)
