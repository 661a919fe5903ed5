"""Warnings → notes: what a rule misses is published with the data, not only printed on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pledge_ld.term import SHAPES, Term, Triple, boolean, curie, document_of, string, tagged, value_of
from pledge_ld.validate.report import problems

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pledge_ld.graph import Index
    from pledge_ld.record import Record
    from pledge_ld.validate.engine import Result

_STATED = frozenset(curie(f"pledge:{name}") for name in ("Missing", "Displaced", "InferredFigure"))
"""Kinds of note that already say what a warning would say."""
_A, _TYPE, _PROPERTY, _TARGET = (
    curie("rdf:type"),
    curie("dcterms:type"),
    curie("pledge:onProperty"),
    curie("oa:hasTarget"),
)
_COMMENT, _SOURCE = curie("rdfs:comment"), curie("dcterms:source")


def warning_notes(results: Iterable[Result], index: Index, places: Mapping[Term, Record]) -> list[Triple]:
    """A note for each warning that no note of the report already explains."""
    triples: set[Triple] = set()
    for result in results:
        if not _is_stated(result, index):
            problem = problems([result], places, "")[0]
            triples.update(_note(result, problem.expected_ja, problem.expected, index))
    return sorted(triples)


def _is_stated(result: Result, index: Index) -> bool:
    path = result.path.lstrip("^")
    about = index.subjects(_TARGET, result.focus)
    return any(index.one(note, _PROPERTY) == path and index.one(note, _TYPE) in _STATED for note in about)


def _note(result: Result, ja: str, en: str, index: Index) -> Iterator[Triple]:
    rule = value_of(result.shape).removeprefix(SHAPES)
    # A thing that has no document of its own shares the notes of one with others like it.
    part = value_of(result.focus).partition("#")[2]
    note = f"{document_of(result.focus)[:-1]}#note-{rule}{f'-{part}' if part else ''}>"
    # A figure that is there, but not what others of the report make it, is no gap.
    printed = value_of(result.value) if result.value.startswith('"') else ""
    yield note, _A, curie("pledge:DataNote")
    yield note, _A, curie("oa:Annotation")
    yield note, curie("oa:motivatedBy"), curie("dqv:qualityAssessment")
    yield note, _TYPE, curie("pledge:Conflict" if printed else "pledge:Missing")
    yield note, _TARGET, result.focus
    yield note, _PROPERTY, result.path.lstrip("^")
    # A title without our translation is no doubt about what the city says.
    yield note, curie("pledge:uncertain"), boolean(not rule.endswith("-en"))
    if printed:
        yield note, curie("pledge:printedValue"), string(printed)
        yield note, _COMMENT, tagged(f"公表された{printed}と、ほかの記載が食い違う。期待: {ja}。", "ja")
        yield note, _COMMENT, tagged(f"{printed} is printed, which does not agree with the rest. Expected: {en}.", "en")
    else:
        yield note, _COMMENT, tagged(f"示されていないもの: {ja}。", "ja")
        yield note, _COMMENT, tagged(f"Not given: {en}.", "en")
    for source in index.objects(result.focus, _SOURCE):
        yield note, _SOURCE, source
