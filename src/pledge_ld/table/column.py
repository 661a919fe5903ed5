"""What a column is. One description serves the rows, the CSVW metadata and the workbook, so none can disagree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pledge_ld.term import NS, PLEDGE, curie, value_of

if TYPE_CHECKING:
    from pledge_ld.term import Term

Text = dict[str, str]
"""A text by language: ``{"ja": …, "en": …}``."""

Form = Literal["literal", "iri", "term", "instance"]
TYPE = curie("rdf:type")
IRIS, WORDS = " ", "|"
"""What parts the values of one cell: an IRI never has a space, and in a name "|" is written "｜"."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: the statement that each of its cells makes.

    ``states`` is its property; its subject is the IRI in the column ``about`` of the same row, or where that is empty,
    the row's own. A cell holds a literal, an ``iri``, the local name of a ``term`` of our vocabulary, or an
    ``instance``: the subject itself, or what it is part of, that is of the class ``kind``. A column with a
    ``separator`` holds many values.
    """

    name: str
    title: Text
    description: Text
    states: Term
    form: Form = "literal"
    datatype: str = "string"
    about: str = ""
    kind: str = ""
    lang: str = ""
    separator: str = ""
    required: bool = False

    @property
    def property_url(self) -> str:
        """The property's IRI."""
        return value_of(self.states)

    @property
    def subject(self) -> str:
        """The column whose IRI the cell's statement is about, or "" for the row's own: an instance is about itself."""
        return self.name if self.form == "instance" and self.about else self.about

    @property
    def value_url(self) -> str:
        """The URI template of what the cell points to, or "" for a literal.

        CSVW can make only one IRI of a cell, so many in one cell stay text.
        """
        if self.separator:
            return ""
        return {
            "literal": "",
            "iri": f"{{+{self.name}}}",
            "term": f"{NS}{{{self.name}}}",
            "instance": value_of(PLEDGE[self.kind]),
        }[self.form]


@dataclass(frozen=True, slots=True)
class Table:
    """A table: one row for each instance of the class ``kind``. The first column is the row's IRI, and its key."""

    name: str
    title: Text
    description: Text
    kind: str
    columns: tuple[Column, ...]

    @property
    def key(self) -> Column:
        """The column that holds the row's own IRI."""
        return self.columns[0]


def key(kind: str, ja: str, en: str) -> Column:
    """The first column: the IRI of what the row is about."""
    description = {"ja": f"{ja}のIRI。行を一意に示す。", "en": f"The IRI of the {en}: one row each."}
    return instance(kind, ja, en, description, required=True)


def instance(
    kind: str, ja: str, en: str, description: Text, *, about: str = "", name: str = "", required: bool = False
) -> Column:
    """An IRI with its class: the subject itself, or the whole of that class which it is part of."""
    return Column(
        name or en.replace(" ", "_"),
        {"ja": ja, "en": en[0].upper() + en[1:]},
        description,
        TYPE,
        "instance",
        "anyURI",
        about=about,
        kind=kind,
        required=required,
    )


def link(
    name: str,
    ja: str,
    en: str,
    property_: str,
    description: Text,
    *,
    about: str = "",
    required: bool = False,
    many: bool = False,
) -> Column:
    """An IRI that the subject points to, or ``many`` parted by spaces."""
    return Column(
        name,
        {"ja": ja, "en": en},
        description,
        curie(property_),
        "iri",
        "anyURI",
        about=about,
        separator=IRIS if many else "",
        required=required,
    )


def word(
    name: str, ja: str, en: str, property_: str, description: Text, *, about: str = "", required: bool = False
) -> Column:
    """A term of our vocabulary by its local name."""
    return Column(
        name, {"ja": ja, "en": en}, description, curie(property_), "term", "string", about=about, required=required
    )


def value(
    name: str,
    ja: str,
    en: str,
    property_: str,
    description: Text,
    *,
    datatype: str = "string",
    about: str = "",
    required: bool = False,
) -> Column:
    """A figure, a day or a plain text."""
    return Column(
        name, {"ja": ja, "en": en}, description, curie(property_), datatype=datatype, about=about, required=required
    )


def texts(
    name: str,
    ja: str,
    en: str,
    property_: str,
    description: Text,
    *,
    about: str = "",
    required: bool = False,
    many: bool = False,
) -> tuple[Column, Column]:
    """A text in Japanese and, beside it, in English; ``required`` asks for the Japanese."""
    return tuple(  # type: ignore[return-value]  # two languages make two columns
        Column(
            f"{name}_{language}",
            {"ja": f"{ja}（{'日本語' if language == 'ja' else '英語'}）", "en": f"{en} ({language_name})"},
            description,
            curie(property_),
            about=about,
            lang=language,
            separator=WORDS if many else "",
            required=required and language == "ja",
        )
        for language, language_name in (("ja", "Japanese"), ("en", "English"))
    )


def numbers(name: str, ja: str, en: str, property_: str, description: Text, *, about: str) -> Column:
    """The numbers that many subjects have, parted by spaces."""
    return Column(
        name, {"ja": ja, "en": en}, description, curie(property_), datatype="integer", about=about, separator=IRIS
    )
