"""The saved queries with their answers, for machines."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from pledge_ld import query
from pledge_ld.config import SAID_IN
from pledge_ld.publish.artefact import Artefact, key_of
from pledge_ld.publish.documents import Writers, document_files
from pledge_ld.term import Triple, curie, iri, string, tagged

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pledge_ld.publish.artefact import File


def query_artefact(one: query.Query, answer: query.Answer, write: Writers) -> Artefact:
    """A saved query and its answer: the query's text, the rows as CSV and JSON, and what it is as a document."""
    says = _statements(one, write)
    key = key_of([one.text, answer.names, answer.rows])
    return Artefact(f"query {one.name}", key, partial(_answer, one, answer, says, write), says)


def _statements(one: query.Query, write: Writers) -> list[Triple]:
    node = iri(f"{write.base}queries/{one.name}")
    triples = [
        (node, curie("rdf:type"), curie("prov:Plan")),
        (node, curie("rdf:type"), curie("sh:SPARQLSelectExecutable")),
        (node, curie("sh:select"), string(one.text)),
    ]
    for language in SAID_IN:
        triples.append((node, curie("dcterms:title"), tagged(one.title[language], language)))
        triples.append((node, curie("dcterms:description"), tagged(one.question[language], language)))
    return sorted(triples)


def _answer(one: query.Query, answer: query.Answer, says: list[Triple], write: Writers) -> Iterator[File]:
    path = f"queries/{one.name}"
    yield f"{path}.rq", one.text.encode()
    yield f"{path}.csv", query.as_csv(answer.names, answer.rows).encode()
    yield f"{path}.json", query.as_json(answer.names, answer.rows)
    yield from document_files(path, says, iri(f"{write.base}{path}"), write)
