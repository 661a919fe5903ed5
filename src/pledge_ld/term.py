"""RDF terms as N-Triples text, and the one place that mints IRIs.

A term is the text that N-Triples writes for it (``<https://…>``, ``"施策"@ja``): every stage downstream (validation,
the store, the dumps) reads exactly that, so nothing is converted twice. docs/decisions/002 has the measurements.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

Term = str
Triple = tuple[Term, Term, Term]

BASE = "https://w3id.org/pledge-ld/"
NS = "https://w3id.org/pledge-ld/ns#"
SHAPES = "https://w3id.org/pledge-ld/shapes#"

PREFIXES: dict[str, str] = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "dqv": "http://www.w3.org/ns/dqv#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "geo": "http://www.opengis.net/ont/geosparql#",
    "oa": "http://www.w3.org/ns/oa#",
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "pledge": NS,
    "prov": "http://www.w3.org/ns/prov#",
    "qb": "http://purl.org/linked-data/cube#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "sd": "http://www.w3.org/ns/sparql-service-description#",
    "sdmx-attribute": "http://purl.org/linked-data/sdmx/2009/attribute#",
    "sh": "http://www.w3.org/ns/shacl#",
    "shape": SHAPES,
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "vann": "http://purl.org/vocab/vann/",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "vs": "http://www.w3.org/2003/06/sw-vocab-status/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
"""The prefixes of everything we publish, in the order of their names."""

_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r"})
_UNESCAPE = re.compile(r'\\(?:([tbnrf"\'\\])|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8}))')
_UNESCAPES = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f", '"': '"', "'": "'", "\\": "\\"}
_XSD = PREFIXES["xsd"]


def iri(text: str) -> Term:
    """The IRI as a term.

    >>> iri("https://example.org/a")
    '<https://example.org/a>'
    """
    return f"<{text}>"


@cache
def curie(name: str) -> Term:
    """The term that ``prefix:local`` stands for.

    >>> curie("skos:prefLabel")
    '<http://www.w3.org/2004/02/skos/core#prefLabel>'
    """
    prefix, _, local = name.partition(":")
    return f"<{PREFIXES[prefix]}{local}>"


class Namespace(dict[str, Term]):
    """The terms under a prefix, each made when first asked for. A build fails on one the ontology lacks.

    >>> Namespace("pledge")["stars"]
    '<https://w3id.org/pledge-ld/ns#stars>'
    """

    __slots__ = ("prefix",)

    def __init__(self, prefix: str) -> None:
        super().__init__()
        self.prefix = prefix

    def __missing__(self, local: str) -> Term:
        term = self[local] = curie(f"{self.prefix}:{local}")
        return term


PLEDGE = Namespace("pledge")
"""Our own vocabulary."""


def compact(term: Term) -> str:
    """``prefix:local`` for an IRI under a known prefix, else the bare IRI."""
    bare = term[1:-1]
    for prefix, namespace in PREFIXES.items():
        if bare.startswith(namespace):
            return f"{prefix}:{bare[len(namespace) :]}"
    return bare


def string(text: str) -> Term:
    r"""A plain string.

    >>> string('a "b"\n')
    '"a \\"b\\"\\n"'
    """
    return f'"{text.translate(_ESCAPES)}"'


def tagged(text: str, language: str) -> Term:
    """A string in a language.

    >>> tagged("施策", "ja")
    '"施策"@ja'
    """
    return f'"{text.translate(_ESCAPES)}"@{language}'


def integer(value: int) -> Term:
    """An xsd:integer."""
    return f'"{value}"^^<{_XSD}integer>'


def decimal(value: Decimal) -> Term:
    """An xsd:decimal in its canonical form, so that a store that rewrites lexical forms changes nothing.

    >>> from decimal import Decimal
    >>> decimal(Decimal("62.0")), decimal(Decimal("59.2"))
    ('"62"^^<http://www.w3.org/2001/XMLSchema#decimal>', '"59.2"^^<http://www.w3.org/2001/XMLSchema#decimal>')
    """
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return f'"{"0" if text == "-0" else text}"^^<{_XSD}decimal>'


def boolean(value: bool) -> Term:  # noqa: FBT001 - the value is the argument
    """An xsd:boolean."""
    return f'"{"true" if value else "false"}"^^<{_XSD}boolean>'


def day(value: date) -> Term:
    """An xsd:date."""
    return f'"{value.isoformat()}"^^<{_XSD}date>'


def month(value: str) -> Term:
    """An xsd:gYearMonth, from text like 2024-05."""
    return f'"{value}"^^<{_XSD}gYearMonth>'


def wkt(text: str) -> Term:
    """A shape in well-known text, longitude before latitude in degrees of WGS 84.

    >>> wkt("POINT(141.6 42.6)")
    '"POINT(141.6 42.6)"^^<http://www.opengis.net/ont/geosparql#wktLiteral>'
    """
    return f'"{text}"^^<{PREFIXES["geo"]}wktLiteral>'


def value_of(term: Term) -> str:
    r"""What the term holds: an IRI, or a literal's lexical form.

    >>> value_of('"a\\n\\u82EB"@ja'), value_of("<https://example.org/>")
    ('a\n苫', 'https://example.org/')
    """
    if term[0] == '"':
        return literal_of(term)[0]
    return term[1:-1] if term[0] == "<" else term


def _unescaped(found: re.Match[str]) -> str:
    return _UNESCAPES[found[1]] if found[1] else chr(int(found[2] or found[3], 16))


def literal_of(term: Term) -> tuple[str, str]:
    """A literal's value, and what follows it: ``@`` and a language, ``^^`` and a datatype in N-Triples, or "".

    >>> literal_of('"施策"@ja')
    ('施策', '@ja')
    """
    end = term.rindex('"')
    lexical = term[1:end]
    return _UNESCAPE.sub(_unescaped, lexical) if "\\" in lexical else lexical, term[end + 1 :]


def language_of(term: Term) -> str:
    """The literal's language tag, or ""."""
    tail = term[term.rindex('"') + 1 :] if term[0] == '"' else ""
    return tail[1:] if tail.startswith("@") else ""


def datatype_of(term: Term) -> str:
    """The literal's datatype IRI where it is written, or ""."""
    tail = term[term.rindex('"') + 1 :] if term[0] == '"' else ""
    return tail[3:-1] if tail.startswith("^^") else ""


class Minter:
    """Mints every IRI of one city, from ids that the reader has checked.

    What makes sense only inside another thing is a hash IRI of that thing's document.

    >>> mint = Minter("https://w3id.org/pledge-ld/", "jp", "012131")
    >>> mint.thing("2022", "measure/1-2-1")
    '<https://w3id.org/pledge-ld/jp/012131/2022/measure/1-2-1>'
    >>> mint.score("<https://example.org/m>", "2024-03-31", "inferred")
    '<https://example.org/m#score-2024-03-31-inferred>'
    """

    __slots__ = ("base", "code", "root")

    def __init__(self, base: str, country: str, code: str) -> None:
        self.base = base
        self.code = f"{country}-{code}"
        self.root = f"{base}{country}/{code}"

    def city(self) -> Term:
        """The municipality."""
        return f"<{self.root}>"

    def place(self) -> Term:
        """The municipality's area: the municipality itself is an organisation."""
        return f"<{self.root}#place>"

    def graph(self, folder: str) -> Term:
        """The named graph of the city's data, and its dumps."""
        return f"<{self.base}data/{folder}>"

    def department(self, id_: str) -> Term:
        """A department."""
        return f"<{self.root}/department/{id_}>"

    def person(self, id_: str) -> Term:
        """A mayor."""
        return f"<{self.root}/person/{id_}>"

    def scale(self, id_: str) -> Term:
        """A scale."""
        return f"<{self.root}/scale/{id_}>"

    def level(self, scale: str, level: str) -> Term:
        """A level of a scale."""
        return f"<{self.root}/scale/{scale}#{level}>"

    def mapping_set(self, name: str) -> Term:
        """A set of mappings of a scale's levels. Its name holds the city, so that no two cities' sets meet."""
        return f"<{self.base}mapping/{self.code}-{name}>"

    def thing(self, programme: str, path: str) -> Term:
        """The programme (``programme``) or a thing of it (``measure/1-2-1``)."""
        return f"<{self.root}/{programme}>" if path == "programme" else f"<{self.root}/{programme}/{path}>"

    def report(self, programme: str, as_of: str) -> Term:
        """An assessment, which is also the report's page."""
        return f"<{self.root}/{programme}/report/{as_of}>"

    def line(self, programme: str, as_of: str, number: int) -> Term:
        """A line of the report's text."""
        return f"<{self.root}/{programme}/report/{as_of}#L{number}>"

    @staticmethod
    def part(whole: Term, name: str) -> Term:
        """A hash IRI of ``whole``'s document."""
        return f"{whole[:-1]}#{name}>"

    @staticmethod
    def score(thing: Term, as_of: str, origin: str = "") -> Term:
        """The thing's score: printed (""), ``inferred``, or the name of the query that computed it."""
        return f"{thing[:-1]}#score-{as_of}-{origin}>" if origin else f"{thing[:-1]}#score-{as_of}>"

    @staticmethod
    def count(assessment: Term, level: str, policy: str = "") -> Term:
        """How many items stand at a level, of the whole programme or of a policy: printed or computed, never both.

        No id has an underscore, so no two counts get one name.

        >>> Minter.count("<https://example.org/r>", "a", "1")
        '<https://example.org/r#count-a_policy-1>'
        """
        of = f"_policy-{policy}" if policy else ""
        return f"{assessment[:-1]}#count-{level}{of}>"

    @staticmethod
    def evidence(thing: Term, as_of: str, document: str) -> Term:
        """A document behind the thing's score in one assessment."""
        return f"{thing[:-1]}#evidence-{as_of}-{document}>"

    @staticmethod
    def action(measure: Term, as_of: str, order: int) -> Term:
        """An action of a measure in one assessment."""
        return f"{measure[:-1]}#action-{as_of}-{order}>"

    def query(self, name: str) -> Term:
        """A saved query."""
        return f"<{self.base}queries/{name}>"


def document_of(term: Term) -> Term:
    """The document that describes an IRI: the IRI up to its hash.

    >>> document_of("<https://example.org/a#b>")
    '<https://example.org/a>'
    """
    bare, hash_, _ = term.partition("#")
    return f"{bare}>" if hash_ else term
