"""A comparison → its verdicts as statements: each pair under an IRI of its own, with the rule that decided."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import TYPE_CHECKING

from pledge_ld.compare.labels import concept_labels, read_figure
from pledge_ld.compare.rules import NAME
from pledge_ld.term import PLEDGE, boolean, curie, iri, tagged

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pledge_ld.compare.model import Comparison, Pair
    from pledge_ld.term import Triple

_ROUND = re.compile(r"([a-z]{2})/([0-9]+)/([a-z0-9-]+)/report/([0-9-]+)")


def comparison_triples(comparison: Comparison, base: str) -> list[Triple]:
    """Every pair with its verdict and its reasons; no node is blank."""
    return sorted({triple for pair in comparison.pairs for triple in _statements(pair, base)})


def pair_id(pair: Pair, base: str) -> str:
    """The pair's name on the page: of the two rounds where they are ours, else a digest of their IRIs."""
    parts = [_ROUND.fullmatch(one.iri.removeprefix(base)) for one in (pair.one, pair.other)]
    if all(parts):
        return "_".join("-".join(part.groups()) for part in parts if part)
    return sha256(f"{pair.one.iri} {pair.other.iri}".encode()).hexdigest()[:16]


def _statements(pair: Pair, base: str) -> Iterator[Triple]:
    node = iri(f"{base}compare#{pair_id(pair, base)}")
    yield node, curie("rdf:type"), PLEDGE["Comparison"]
    yield node, curie("rdf:type"), curie("prov:Entity")
    yield node, PLEDGE["compares"], iri(pair.one.iri)
    yield node, PLEDGE["compares"], iri(pair.other.iri)
    yield node, PLEDGE["allowed"], boolean(pair.allowed)
    yield node, PLEDGE["method"], iri(f"{base}queries/{NAME}")
    for reason in pair.reasons:
        yield node, PLEDGE["reason"], PLEDGE[reason.concept]
    for language, colon, stop in (("ja", "：", "。"), ("en", ": ", ". ")):
        said = []
        for reason in pair.reasons:
            name = concept_labels().get(reason.concept, {}).get(language, reason.concept)
            both = (read_figure(one, pair, language) for one in (reason.one_figure, reason.other_figure))
            figures = " / ".join(one or "?" for one in both)
            limit = f" ({reason.threshold})" if reason.threshold else ""
            said.append(f"{name}{colon}{figures}{limit}" if reason.one_figure or reason.other_figure else name)
        yield node, curie("rdfs:comment"), tagged(stop.join(said), language)
