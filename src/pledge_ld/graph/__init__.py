"""Triples → an index of documents, and the files that say the same in N-Triples, Turtle and JSON-LD."""

from pledge_ld.graph.index import Index
from pledge_ld.graph.jsonld import Context, as_jsonld, jsonld_of
from pledge_ld.graph.nodes import grouped
from pledge_ld.graph.turtle import Shortener, as_nquads, as_ntriples, as_turtle, turtle_of

__all__ = [
    "Context",
    "Index",
    "Shortener",
    "as_jsonld",
    "as_nquads",
    "as_ntriples",
    "as_turtle",
    "grouped",
    "jsonld_of",
    "turtle_of",
]
