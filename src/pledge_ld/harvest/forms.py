"""The forms of RDF that are read, by what servers, catalogues and names of files call them."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import NamedTuple
from urllib.parse import urlsplit

import pyoxigraph as ox


class Form(NamedTuple):
    """A form of RDF: the parser's, its media type, and what else it is called in catalogues."""

    parser: ox.RdfFormat
    media_type: str
    endings: tuple[str, ...]
    words: tuple[str, ...]


FORMS: dict[str, Form] = {
    "nt": Form(
        ox.RdfFormat.N_TRIPLES,
        "application/n-triples",
        ("nt",),
        ("nt", "ntriples", "rdfntriples", "rdfnt", "texntriples"),
    ),
    "turtle": Form(ox.RdfFormat.TURTLE, "text/turtle", ("ttl",), ("ttl", "turtle", "rdfturtle", "applicationxturtle")),
    "nq": Form(ox.RdfFormat.N_QUADS, "application/n-quads", ("nq",), ("nq", "nquads", "rdfnquads")),
    "trig": Form(ox.RdfFormat.TRIG, "application/trig", ("trig",), ("trig", "rdftrig")),
    "jsonld": Form(ox.RdfFormat.JSON_LD, "application/ld+json", ("jsonld",), ("jsonld", "rdfjsonld")),
    "rdfxml": Form(ox.RdfFormat.RDF_XML, "application/rdf+xml", ("rdf", "owl"), ("rdf", "rdfxml", "xmlrdf")),
}
"""By our names, the one that costs least to read first: a line a statement, nothing nested, any piece read alone."""
ACCEPT = "text/turtle, application/n-triples;q=0.9, application/ld+json;q=0.8, application/rdf+xml;q=0.7, */*;q=0.1"
"""Turtle first: every server of RDF has it. What is nothing of these is refused by its type."""

_UNSAID = frozenset({"", "text/plain", "application/octet-stream", "binary/octet-stream", "application/x-download"})
"""What servers say that do not know a file's type."""
_LOOSE = {"application/json": "jsonld", "application/xml": "rdfxml", "text/xml": "rdfxml", "text/n3": "turtle",
          "application/x-turtle": "turtle", "text/rdf+n3": "turtle", "text/x-nquads": "nq"}  # fmt: skip
_BY_TYPE = {form.media_type: name for name, form in FORMS.items()} | _LOOSE


def plain(media_type: str) -> str:
    """The type without its parameters, in small letters.

    >>> plain("Text/Turtle; charset=utf-8")
    'text/turtle'
    """
    return media_type.partition(";")[0].strip().lower()


def by_name(url: str) -> str:
    """Our name of the form that the ending of an address tells, or ""."""
    ending = PurePosixPath(urlsplit(url).path).suffix[1:].lower()
    return next((name for name, form in FORMS.items() if ending in form.endings), "")


def by_word(text: str) -> str:
    """Our name of the form that a catalogue calls so, by a type, a code of a list or a portal's word, or "".

    >>> by_word("https://www.iana.org/assignments/media-types/text/turtle"), by_word("JSON-LD"), by_word("CSV")
    ('turtle', 'jsonld', '')
    >>> by_word("http://publications.europa.eu/resource/authority/file-type/RDF_N_TRIPLES")
    'nt'
    """
    whole = plain(text)
    for type_, name in _BY_TYPE.items():
        if whole == type_ or whole.endswith(f"media-types/{type_}"):
            return name if type_ not in {"application/json", "application/xml", "text/xml"} else ""
    word = re.sub(r"[^a-z0-9]", "", re.split(r"[/#]", whole)[-1])
    return next((name for name, form in FORMS.items() if word in form.words), "")


def decided(media_type: str, declared: str, url: str) -> str:
    """Our name of the form that a file is read in, or "" where its type is none of ours.

    What the server says counts; where it says nothing, what the catalogue says, and then the ending of the address.

    >>> decided("text/turtle", "nt", "https://example.org/x"), decided("text/html", "nt", "https://example.org/x.nt")
    ('turtle', '')
    >>> decided("text/plain", "", "https://example.org/x.nt")
    'nt'
    """
    type_ = plain(media_type)
    if type_ in _UNSAID:
        return declared or by_name(url)
    return _BY_TYPE.get(type_, "")
