"""The list of everything that a programme's report grades one by one, on one page: what a reader filters and sorts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pledge_ld.site.item import below
from pledge_ld.site.page import Page
from pledge_ld.site.views import TRUE, Views, local
from pledge_ld.term import PLEDGE, Term

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pledge_ld.site.item import ItemView, Ref
    from pledge_ld.site.page import CityHead

NAME = "measures"
"""The page's name below its programme."""


@dataclass(frozen=True, slots=True)
class Row:
    """One measure (a pledge where the programme has no measures), and what it is found by."""

    item: ItemView
    policy: Ref | None
    pledge: Ref | None
    band: str
    """The common band that the adopted mapping puts its level in, or ""."""


def listed(programme: ItemView) -> str:
    """What the list is of: measures, or pledges where there are none; "" where the programme has neither."""
    return next((one for one in ("Measure", "Pledge") if below(programme, one)), "")


def listing(views: Views, programme: Term, head: CityHead) -> Iterator[Page]:
    """The page, where the programme has measures or pledges."""
    item = views.item(programme)
    kind = listed(item)
    if not kind:
        return
    rows = [_row(views, one) for one in below(item, kind)]
    path = f"{item.ref.path}/{NAME}"
    data = {"city": head, "programme": item, "kind": kind, "rows": rows, "script": None}
    yield Page(path, "measures", item.ref.text, data)


def _row(views: Views, item: ItemView) -> Row:
    # The parents are the programme, the policy and the pledge, as far as the city has them.
    parents = [*item.parents[1:], None, None]
    return Row(item, parents[0], parents[1], _band(views, item))


def _band(views: Views, item: ItemView) -> str:
    index, score = views.index, item.adopted
    if score is None or score.level is None:
        return ""
    level = views.term(f"{score.level.path}#{score.level.fragment}")
    for mapping in index.subjects(PLEDGE["fromLevel"], level):
        whole = index.one(mapping, PLEDGE["inMappingSet"])
        if whole and index.one(whole, PLEDGE["adopted"]) == TRUE:
            return local(index.value(mapping, PLEDGE["toBand"]))
    return ""
