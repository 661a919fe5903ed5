"""What the program ships, published with the data: the ontology, its context, the shapes, and the styles."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import orjson
import pyoxigraph as ox

from pledge_ld.config import product
from pledge_ld.graph import Index, as_jsonld
from pledge_ld.publish.artefact import FIXED, Artefact
from pledge_ld.publish.documents import Writers, page_files
from pledge_ld.site import Page, ontology_page, shapes_page
from pledge_ld.term import NS, SHAPES, Term, Triple, curie
from pledge_ld.validate import shapes_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pledge_ld.publish.artefact import File

PAGES = ("ns", "shapes")
"""The pages of the vocabulary that a site map lists; each version's page says the same again."""


def vocabulary_artefact(write: Writers) -> Artefact:
    """The ontology, its context and the shapes."""
    return Artefact("vocabulary", FIXED, partial(_vocabulary, write))


def _vocabulary(write: Writers) -> Iterator[File]:
    """The Turtle is the sources' own, with its comments."""
    ontology = "\n".join(one.read_text(encoding="utf-8") for one in _ontology_files())
    shapes = shapes_text("all").replace(SHAPES[:-1], f"{write.base}shapes")
    for name, text, page in (
        ("ns", ontology, ontology_page),
        ("shapes", shapes, lambda index: shapes_page(index, f"{write.base}shapes#")),
    ):
        index = Index(_triples(text))
        first = f"<{NS[:-1]}>" if name == "ns" else f"<{write.base}shapes>"
        yield f"{name}.ttl", text.encode()
        yield f"{name}.jsonld", as_jsonld(index.triples, first, write.context)
        yield from page_files(page(index), write)
        if name == "ns":
            yield from _version(index, text, first, write)
    yield (
        "context.jsonld",
        orjson.dumps({"@context": write.context.text}, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE),
    )


def _version(index: Index, text: str, first: Term, write: Writers) -> Iterator[File]:
    """The ontology's version under its own IRI."""
    version = index.one(first, curie("owl:versionIRI")) or ""
    path = version.removeprefix(f"<{NS.removesuffix('ns#')}").removesuffix(">")
    statement = (version, curie("dcterms:isVersionOf"), first)
    yield f"{path}.ttl", f"{text}\n{' '.join(statement)} .\n".encode()
    yield f"{path}.jsonld", as_jsonld([*index.triples, statement], first, write.context)
    page = ontology_page(index)
    yield from page_files(Page(path, page.template, page.title, page.data, path), write)


def _ontology_files() -> list[Path]:
    return sorted(product("ontology").glob("*.ttl"), key=lambda one: (one.stem != "pledge", one.stem))


def _triples(turtle: str) -> list[Triple]:
    """Turtle with blank nodes → triples whose blank nodes have the same names in every build."""
    dataset = ox.Dataset(ox.parse(turtle.encode(), ox.RdfFormat.TURTLE))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return [(str(one.subject), str(one.predicate), str(one.object)) for one in dataset]


def static_artefact() -> Artefact:
    """Styles and pictures, and the mark by which GitHub Pages takes the folder as it is."""
    return Artefact("static", FIXED, _static)


def _static() -> Iterator[File]:
    folder = product("site/static")
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield f"static/{path.relative_to(folder).as_posix()}", path.read_bytes()
    yield ".nojekyll", b""
