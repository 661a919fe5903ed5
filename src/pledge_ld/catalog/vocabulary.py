"""The terms of the catalogue, and the code lists it points at."""

from __future__ import annotations

from pledge_ld.term import Namespace, Term, string

DCAT, DCT, FOAF, SKOS, VCARD, RDFS = (
    Namespace(prefix) for prefix in ("dcat", "dcterms", "foaf", "skos", "vcard", "rdfs")
)
RDF_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
VERSION_NOTES = "<http://www.w3.org/ns/adms#versionNotes>"
AVAILABILITY = "<http://data.europa.eu/r5r/availability>"
_SPDX = "http://spdx.org/rdf/terms#"
CHECKSUM, CHECKSUM_CLASS, ALGORITHM, ALGORITHM_CLASS, CHECKSUM_VALUE, SHA256 = (
    f"<{_SPDX}{name}>"
    for name in (
        "checksum",
        "Checksum",
        "algorithm",
        "ChecksumAlgorithm",
        "checksumValue",
        "checksumAlgorithm_sha256",
    )
)
_EU = "http://publications.europa.eu/resource/authority/"
JAPANESE, ENGLISH = f"<{_EU}language/JPN>", f"<{_EU}language/ENG>"
PUBLIC = f"<{_EU}access-right/PUBLIC>"
GOVERNMENT, THEMES = f"<{_EU}data-theme/GOVE>", f"<{_EU}data-theme>"
FREQUENCIES: dict[Term, tuple[str, str, str]] = {
    f"<{_EU}frequency/{code}>": said
    for code, said in {
        "ANNUAL": ("年1回", "annual", "R/P1Y"),
        "ANNUAL_2": ("年2回", "twice a year", "R/P6M"),
        "BIENNIAL": ("2年に1回", "every two years", "R/P2Y"),
        "QUARTERLY": ("四半期に1回", "quarterly", "R/P3M"),
        "MONTHLY": ("月1回", "monthly", "R/P1M"),
        "UPDATE_CONT": ("随時", "continuously", "R/PT1S"),
        "IRREG": ("不定期", "irregular", "irregular"),
        "NEVER": ("更新しない", "never again", ""),
    }.items()
}
"""How often something is published: in Japanese, in English, and as data.json writes it ("" where it has no word)."""
AVAILABILITIES: dict[str, tuple[Term, str, str]] = {
    word: (f"<{_EU}planned-availability/{word.upper()}>", ja, en)
    for word, ja, en in (
        ("available", "数年間は提供される", "available"),
        ("experimental", "試験的に提供される", "experimental"),
        ("stable", "長く提供される", "stable"),
        ("temporary", "一時的に提供される", "temporary"),
    )
}
"""How long the operator means to offer the files, by the word of pledge_ld.toml."""
ATTRIBUTION = "<http://purl.org/adms/licencetype/Attribution>"
NON_GOVERNMENT = "<http://purl.org/adms/publishertype/NonGovernmentalOrganisation>"
CSV_MODEL = "<https://www.w3.org/TR/tabular-data-model/>"
SPARQL = "<https://www.w3.org/TR/sparql11-protocol/>"
MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"

FILE_TYPES: dict[str, Term] = {
    word: f"<{_EU}file-type/{code}>"
    for word, code in {
        "CSV": "CSV",
        "HTML": "HTML",
        "JSON": "JSON",
        "JSON-LD": "JSON_LD",
        "NQ": "RDF_N_QUADS",
        "NT": "RDF_N_TRIPLES",
        "SPARQL": "SPARQLQ",
        "TTL": "RDF_TURTLE",
        "XLSX": "XLSX",
        "ZIP": "ZIP",
    }.items()
}
"""The word that a portal shows for a format → the format in the European list, which DCAT-AP asks for."""

RDF_FORMATS = frozenset({"TTL", "NT", "NQ", "JSON-LD"})


def typed_string(text: str, datatype: str) -> Term:
    """A literal of a datatype of XML Schema.

    >>> typed_string("12", "nonNegativeInteger")
    '"12"^^<http://www.w3.org/2001/XMLSchema#nonNegativeInteger>'
    """
    return f"{string(text)}^^<http://www.w3.org/2001/XMLSchema#{datatype}>"
