"""Rows of the saved queries ``comparison_*`` → what each city's figures say, and which of them may be compared."""

from pledge_ld.compare.flat import as_rows, formatted
from pledge_ld.compare.labels import concept_labels, figure_words
from pledge_ld.compare.model import Bands, City, Comparison, Field, Pair, Reason, Round, Scale, months_begun, share
from pledge_ld.compare.statements import comparison_triples, pair_id
from pledge_ld.compare.whole import MOST, PREFIX, compared, federated

__all__ = [
    "MOST",
    "PREFIX",
    "Bands",
    "City",
    "Comparison",
    "Field",
    "Pair",
    "Reason",
    "Round",
    "Scale",
    "as_rows",
    "compared",
    "comparison_triples",
    "concept_labels",
    "federated",
    "figure_words",
    "formatted",
    "months_begun",
    "pair_id",
    "share",
]
