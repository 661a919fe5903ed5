"""What others' IRIs are. DCAT-AP wants the class of everything that is pointed at stated in the file itself.

No rdfs:label here but on formats and media types: a portal shows a label in place of the IRI, which is wanted there
and would lose the IRI of a licence, a language or a theme.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pledge_ld.catalog.distribution import texts
from pledge_ld.catalog.vocabulary import (
    ALGORITHM,
    ALGORITHM_CLASS,
    ATTRIBUTION,
    AVAILABILITIES,
    AVAILABILITY,
    CSV_MODEL,
    DCAT,
    DCT,
    ENGLISH,
    FILE_TYPES,
    FOAF,
    FREQUENCIES,
    GOVERNMENT,
    JAPANESE,
    MEDIA_TYPES,
    NON_GOVERNMENT,
    PUBLIC,
    RDF_TYPE,
    RDFS,
    SKOS,
    SPARQL,
    THEMES,
)
from pledge_ld.term import NS, Term, Triple, iri, string, value_of
from pledge_ld.triple.vocabulary import LICENCE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pledge_ld.catalog.download import Text

IMT = DCT["IMT"]
"""The class by which CKAN knows a format that has a label; it reads the first class only."""

_CLASSES: dict[Term, Term] = {
    ALGORITHM: ALGORITHM_CLASS,
    AVAILABILITY: SKOS["Concept"],
    DCAT["landingPage"]: FOAF["Document"],
    DCAT["mediaType"]: DCT["MediaType"],
    DCAT["theme"]: SKOS["Concept"],
    DCAT["themeTaxonomy"]: SKOS["ConceptScheme"],
    DCT["accessRights"]: DCT["RightsStatement"],
    DCT["accrualPeriodicity"]: DCT["Frequency"],
    DCT["conformsTo"]: DCT["Standard"],
    DCT["format"]: DCT["MediaTypeOrExtent"],
    DCT["language"]: DCT["LinguisticSystem"],
    DCT["license"]: DCT["LicenseDocument"],
    DCT["type"]: SKOS["Concept"],
    FOAF["homepage"]: FOAF["Document"],
    FOAF["page"]: FOAF["Document"],
}
"""Property → the class that DCAT-AP asks of what it points at."""

_NAMES: dict[Term, Text] = {
    ATTRIBUTION: {"ja": "表示", "en": "Attribution"},
    ENGLISH: {"ja": "英語", "en": "English"},
    GOVERNMENT: {"ja": "行政・公共部門", "en": "Government and public sector"},
    JAPANESE: {"ja": "日本語", "en": "Japanese"},
    NON_GOVERNMENT: {"ja": "行政でない者", "en": "Non-governmental organisation"},
    PUBLIC: {"ja": "公開", "en": "public"},
    **{node: {"ja": ja, "en": en} for node, (ja, en, _) in FREQUENCIES.items()},
    **{node: {"ja": ja, "en": en} for node, ja, en in AVAILABILITIES.values()},
}
_TITLES: dict[Term, Text] = {
    CSV_MODEL: {"ja": "表形式データのモデル(W3C)", "en": "Model for Tabular Data and Metadata on the Web"},
    SPARQL: {"ja": "SPARQL 1.1 プロトコル", "en": "SPARQL 1.1 Protocol"},
    THEMES: {"ja": "データの分野(EU)", "en": "Data theme (EU)"},
    iri(NS.removesuffix("#")): {"ja": "pledge-ld の語彙", "en": "The pledge-ld ontology"},
}
_FORMATS = {node: word for word, node in FILE_TYPES.items()}


def external_triples(triples: Iterable[Triple]) -> list[Triple]:
    """The class, and where it helps the name, of every IRI that the triples point at and do not describe."""
    found: set[Triple] = set()
    for _, predicate, object_ in triples:
        if predicate in _CLASSES and object_[0] == "<":
            found.add((object_, RDF_TYPE, _CLASSES[predicate]))
            found.update(_more(object_))
    # The licence's own kind is pointed at from here, and so belongs to the same block.
    for _, predicate, object_ in list(found):
        if predicate == DCT["type"]:
            found.add((object_, RDF_TYPE, SKOS["Concept"]))
            found.update(_more(object_))
    return sorted(found)


def _more(node: Term) -> Iterator[Triple]:
    yield from texts(node, SKOS["prefLabel"], _NAMES.get(node, {}))
    yield from texts(node, DCT["title"], _TITLES.get(node, {}))
    if node == GOVERNMENT:
        yield node, SKOS["inScheme"], THEMES
    elif node == LICENCE:
        # The one title, without a language, by which CKAN finds the licence in its own register.
        yield node, DCT["title"], string("Creative Commons Attribution")
        yield node, DCT["type"], ATTRIBUTION
    elif node in _FORMATS:
        yield node, RDF_TYPE, IMT
        yield node, RDFS["label"], string(_FORMATS[node])
    elif value_of(node).startswith(MEDIA_TYPES):
        yield node, RDFS["label"], string(value_of(node).removeprefix(MEDIA_TYPES))
