"""The comparison of all cities: its page, its table, and its verdicts as documents."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from pledge_ld.compare import compared, comparison_triples, federated, formatted
from pledge_ld.publish.artefact import Artefact, key_of
from pledge_ld.publish.documents import Writers, document_files, page_artefact
from pledge_ld.site import compare_page
from pledge_ld.term import iri

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pledge_ld.publish.artefact import File
    from pledge_ld.query import Answer, Query

PATH = "compare"


def comparison_artefacts(
    queries: dict[str, Query], answers: Iterable[tuple[Query, Answer]], write: Writers
) -> Iterator[Artefact]:
    """What the site says of its cities side by side, from the answers that it publishes anyway."""
    by_name = {one.name: answer for one, answer in answers}
    gathered = {name: by_name[name] for name in federated(queries)}
    comparison = compared(gathered, queries, every=True)
    yield page_artefact(compare_page(comparison, queries["comparison_reasons"], write.base), write)
    table = formatted(comparison, "csv", write.base).encode()
    yield Artefact(f"{PATH}.csv", key_of(table.decode()), partial(_table, table))
    triples = comparison_triples(comparison, write.base)
    if triples:
        make = partial(document_files, PATH, triples, iri(f"{write.base}{PATH}"), write)
        yield Artefact(PATH, key_of(triples), make, triples)


def _table(content: bytes) -> Iterator[File]:
    yield f"{PATH}.csv", content
