"""Which pictures a page shows, and in which order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pledge_ld.site.item import below
from pledge_ld.site.pictures.history import histories
from pledge_ld.site.pictures.levels import department_levels, levels
from pledge_ld.site.pictures.progress import measures, pledges, policies, term
from pledge_ld.site.pictures.responsible import responsible
from pledge_ld.site.rounds import distribution
from pledge_ld.term import PLEDGE

if TYPE_CHECKING:
    from pledge_ld.site.item import ItemView, Ref
    from pledge_ld.site.pictures.drawn import Picture
    from pledge_ld.site.views import Views


def _there(*found: Picture | None) -> list[Picture]:
    return [one for one in found if one]


def of_item(views: Views, item: ItemView) -> list[Picture]:
    """The pictures of a programme, a policy, a pledge or a measure."""
    answers = views.answers
    if not answers:
        return []
    scales = {one.path: one for one in views.refs(views.index.of_type(PLEDGE["Scale"]))}
    history = histories(answers, item, scales)
    if item.kind == "Measure":
        return history
    if item.kind == "Pledge":
        return [*_there(measures(answers, item.children)), *history]
    if item.kind == "Policy":
        return [*_there(pledges(answers, item.children), _counted(views, item)), *history]
    head = _there(policies(answers, item.children), term(answers, item))
    return [*head, *history, *_there(pledges(answers, below(item, "Pledge")), _counted(views, item))]


def of_city(views: Views) -> list[Picture]:
    """The pictures of a city: its latest programme, and who is responsible for what."""
    programmes = [one for one in views.programmes() if one.scores or one.children or _counted(views, one)]
    found = _there(responsible(views.answers)) if views.answers else []
    return [*of_summary(views, programmes[0], ""), *found] if programmes else found


def of_summary(views: Views, programme: ItemView, suffix: str) -> list[Picture]:
    """The two pictures that say most of a programme; ``suffix`` tells the cities of one page apart."""
    answers = views.answers
    if not answers:
        return []
    first = policies(answers, programme.children, f"picture-policies{suffix}") or _counted(views, programme, suffix)
    return _there(first, term(answers, programme, f"picture-term{suffix}"))


def of_department(views: Views, path: str, items: list[ItemView]) -> list[Picture]:
    """How the measures are graded that a department shares in."""
    if not views.answers:
        return []
    return _there(department_levels(views, views.answers, path, _level(items)))


def _level(items: list[ItemView]) -> Ref | None:
    return next((one.adopted.level for one in items if one.adopted and one.adopted.level), None)


def _counted(views: Views, item: ItemView, suffix: str = "") -> Picture | None:
    found = distribution(views, views.term(item.ref.path))
    if not found:
        return None
    whole = item.kind == "Programme"
    graded = views.index.value(views.term(found.report.path), PLEDGE["itemCount"]) if whole else ""
    return levels(views, found, graded, f"picture-levels{suffix}")
