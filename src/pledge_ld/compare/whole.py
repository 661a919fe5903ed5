"""What was gathered of all cities → the comparison of those that were asked for."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from pledge_ld.compare.cells import Cells, agreed, cells, grouped, local, text
from pledge_ld.compare.labels import concept_labels
from pledge_ld.compare.layers import bands, counts_of, distribution, fields, scale_of
from pledge_ld.compare.model import City, Comparison, Round, Scale, months_begun
from pledge_ld.compare.rules import NAME, pairs
from pledge_ld.problem import PledgeError, printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pledge_ld.query import Answer, Query

PREFIX = "comparison_"
"""How the names of the saved queries of a comparison begin."""
MOST = 30
"""Cities that are compared at once: pairs grow with the square of them, and nobody reads a thousand side by side."""
_CONSTRUCTS = ("DegreeOfCompletion", "DeliveryStatus", "ScheduleAdherence", "TargetAttainment", "ExpertPoints")
_ENDING = re.compile(r"[市町村区]$|[- ](?:city|town|village|ward|shi|cho|machi|son|mura|ku)$")


def federated(queries: Mapping[str, Query]) -> list[str]:
    """The queries whose rows a comparison is made from: those to ask every source."""
    return [one.name for one in queries.values() if one.scope == "federated" and one.name.startswith(PREFIX)]


def compared(
    gathered: dict[str, Answer],
    queries: dict[str, Query],
    cities: Sequence[str] = (),
    limits: Mapping[str, str] | None = None,
    *,
    every: bool = False,
) -> Comparison:
    """The comparison of the cities that ``cities`` name by code or by name; of all without any.

    ``gathered`` are the answers by the names of their queries; rows may repeat, come in any order, and be wrong.
    ``limits`` are values of the rules' parameters, in the place of their defaults. With ``every``, more cities than can
    be compared are shown each on its own, without pairs.

    :raises PledgeError: for a name that no city has, or more cities than can be compared
    """
    asked = _Gathered(gathered, queries)
    found = _chosen(asked.cities(), cities)
    if len(found) > MOST and not every:
        raise PledgeError(
            f"compare: expected at most {MOST} cities, got {len(found)}: name those to compare"
            f" / 比べられるのは{MOST}市町村までです。名前を指定してください"
        )
    rules = queries[NAME]
    given = dict(limits or {})
    latest = [one for city in found for one in city.latest]
    earlier = [one for city in found for one in city.earlier]
    made = tuple(pairs(latest, earlier, asked.terms, rules, given)) if len(found) <= MOST else ()
    values = {one.name: given.get(one.name, one.default) for one in rules.params}
    return Comparison(tuple(found), made, values, tuple(asked.left_out))


class _Gathered:
    """The rows by what they speak of."""

    def __init__(self, gathered: dict[str, Answer], queries: dict[str, Query]) -> None:
        def rows(name: str) -> list[Cells]:
            return cells(gathered, queries, PREFIX + name)

        assessments = rows("assessments")
        self.by_round = grouped(assessments, "assessment")
        self.by_city = grouped(assessments, "city")
        self.by_programme = grouped(assessments, "programme")
        self.by_scale = grouped(assessments, "scale")
        self.levels = grouped(rows("levels"), "scale")
        self.bands = grouped(rows("bands"), "scale")
        self.counts = grouped(rows("counts"), "assessment")
        self.fields = grouped(rows("fields"), "assessment")
        self.particulars = grouped(rows("particulars"), "assessment")
        self.terms = dict(self._terms())
        self.left_out: list[str] = []
        self._scales: dict[str, Scale] = {}

    def _terms(self) -> Iterator[tuple[str, tuple[str, str]]]:
        for programme, rows in self.by_programme.items():
            start, months = agreed(rows, "term_start")[0], agreed(rows, "term_months")[0]
            if start and months and int(months):
                yield programme, (start, months)

    def cities(self) -> list[City]:
        """The cities in the order of their codes. A round without a city, a programme and a day is left out."""
        rounds: dict[str, list[Round]] = {}
        for iri, rows in self.by_round.items():
            city, programme, as_of = (agreed(rows, one)[0] for one in ("city", "programme", "as_of"))
            if city and programme and as_of and not agreed(self.by_programme[programme], "city")[1]:
                rounds.setdefault(city, []).append(self._round(iri, rows, city, programme, as_of))
            else:
                self.left_out.append(iri)
        made = [self._city(iri, several) for iri, several in rounds.items()]
        return sorted(made, key=lambda one: (one.code, one.iri))

    def _city(self, iri: str, rounds: list[Round]) -> City:
        rounds.sort(key=lambda one: (one.programme, one.as_of, one.iri))
        last = {one.programme: one for one in rounds}
        says = self.by_city[iri]
        name = text(says, "name") or {"ja": iri}
        earlier = tuple(one for one in rounds if last[one.programme] is not one)
        return City(iri, agreed(says, "code")[0], name, tuple(last.values()), earlier)

    def _round(self, iri: str, rows: list[Cells], city: str, programme: str, as_of: str) -> Round:
        doubts = [one for one in ("items", "scale", "percent") if agreed(rows, one)[1]]
        doubts += [one for one in ("term_start", "term_months") if agreed(self.by_programme[programme], one)[1]]
        name, said = agreed(rows, "scale")[0], agreed(rows, "items")[0]
        scale = self._scale(name) if name else None
        if name and agreed(self.by_scale[name], "construct")[1]:
            doubts.append("construct")
        items = int(said) if said else None
        counted = grouped(self.counts.get(iri, ()), "thing")
        whole = counted.get(programme, [])
        counts = counts_of(whole, scale)
        if counts and items is not None and sum(counts.values()) > items:
            counts = None
            doubts.append("count")
        mapping = bands(self.bands.get(name, []), counts, items)
        origin = local(agreed(whole, "origin")[0])
        own, by = fields(self.fields.get(iri, []), counted, scale, mapping)
        start, length = self.terms.get(programme, ("", ""))
        return Round(
            iri,
            text(rows, "title"),
            as_of,
            city,
            programme,
            text(rows, "programme_title"),
            text(rows, "unit"),
            items,
            months_begun(start, as_of, int(length)) if start else None,
            scale,
            self._assessors(iri),
            self._particular(iri, "calculation"),
            self._roundings(iri),
            agreed(rows, "percent")[0],
            tuple(doubts),
            mapping,
            distribution(counts, scale, items, origin) if counts and scale else None,
            own,
            by,
        )

    def _scale(self, iri: str) -> Scale:
        if iri not in self._scales:
            says = self.by_scale[iri]
            construct = local(agreed(says, "construct")[0])
            known = construct if construct in _CONSTRUCTS else ""
            self._scales[iri] = scale_of(iri, known, says, self.levels.get(iri, []))
        return self._scales[iri]

    def _particular(self, iri: str, name: str) -> tuple[str, ...]:
        rows = (one for one in self.particulars.get(iri, ()) if local(one.get("property", "")) == name)
        return tuple(sorted({known for one in rows if (known := local(one.get("value", ""))) in concept_labels()}))

    def _assessors(self, iri: str) -> tuple[str, ...]:
        """The kinds of assessor; none where one of them is of a kind that we do not know."""
        rows = [one for one in self.particulars.get(iri, ()) if local(one.get("property", "")) == "assessor"]
        known = self._particular(iri, "assessor")
        return known if len({one.get("value", "") for one in rows}) == len(known) else ()

    def _roundings(self, iri: str) -> tuple[tuple[str, str], ...]:
        rows = (one for one in self.particulars.get(iri, ()) if local(one.get("property", "")) == "rounding")
        found = {(local(one.get("graded", "")), local(one.get("value", ""))) for one in rows}
        return tuple(sorted(one for one in found if one[1] in concept_labels()))


def _chosen(cities: list[City], names: Iterable[str]) -> list[City]:
    """The cities that go by the names.

    :raises PledgeError: for a name that none has
    """
    names = list(names)
    by_name: dict[str, set[str]] = {}
    for city in cities:
        for one in (city.iri, city.code, *city.name.values()):
            for form in {_plain(one), _ENDING.sub("", _plain(one))} - {""}:
                by_name.setdefault(form, set()).add(city.iri)
    unknown = [one for one in names if _plain(one) not in by_name]
    if unknown:
        there = ", ".join(f"{one.code} {one.name.get('ja', '')} ({one.name.get('en', '')})" for one in cities[:MOST])
        more = "" if len(cities) <= MOST else f", … ({len(cities)})"
        raise PledgeError(
            f"compare: no city '{printable(unknown[0])}'; there are / 次の市町村があります: {printable(there)}{more}"
        )
    wanted = {iri for one in names for iri in by_name[_plain(one)]}
    return [one for one in cities if not names or one.iri in wanted]


def _plain(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold().strip()
