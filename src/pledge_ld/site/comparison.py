"""The page that lays cities side by side, with the rule behind every pair."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pledge_ld.compare import MOST, concept_labels, figure_words, pair_id
from pledge_ld.site.page import Page
from pledge_ld.site.pictures import Picture
from pledge_ld.site.pictures import pair as pair_picture

if TYPE_CHECKING:
    from pledge_ld.compare import Comparison, Pair, Round
    from pledge_ld.query import Query
    from pledge_ld.site.item import Text

RULES = "comparison_reasons"
"""The saved query that holds the rules."""


@dataclass(frozen=True, slots=True)
class ReasonView:
    """Why a pair may be compared or not: the concept, its name, the two figures in words, and the limit."""

    concept: str
    label: Text
    one: tuple[tuple[str, Text], ...]
    other: tuple[tuple[str, Text], ...]
    threshold: str


@dataclass(frozen=True, slots=True)
class PairView:
    """Two rounds with the names of their cities, and the verdict."""

    id: str
    one: Round
    other: Round
    one_city: Text
    other_city: Text
    allowed: bool
    reasons: tuple[ReasonView, ...]
    pictures: tuple[Picture, ...]


def compare_page(comparison: Comparison, rules: Query, base: str) -> Page:
    """The page of the comparison; ``rules`` is the query that decided."""

    def view(pair: Pair) -> PairView:
        reasons = tuple(
            ReasonView(
                one.concept,
                concept_labels().get(one.concept, {"en": one.concept}),
                figure_words(one.one_figure, pair),
                figure_words(one.other_figure, pair),
                one.threshold,
            )
            for one in pair.reasons
        )
        names = comparison.name_of(pair.one), comparison.name_of(pair.other)
        id_ = pair_id(pair, base)
        rounds = tuple(zip((pair.one, pair.other), names, strict=True))
        drawn = pair_picture(rounds, f"picture-{id_}", base) if pair.allowed else None
        pictures = (drawn,) if drawn else ()
        return PairView(id_, pair.one, pair.other, *names, pair.allowed, reasons, pictures)

    data = {
        "cities": comparison.cities,
        "between": [view(one) for one in comparison.between()],
        "again": [view(one) for one in comparison.again()],
        "limits": comparison.limits,
        "left_out": comparison.left_out,
        "rules": {"name": rules.name, "text": rules.text},
        "base": base,
        "most": MOST,
    }
    title = {"ja": "市町村を並べて見る", "en": "Cities side by side"}
    return Page("compare", "compare", title, data, "compare" if comparison.pairs else "")
