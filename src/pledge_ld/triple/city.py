"""A city's records → all its triples, and back: which record an IRI stands for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pledge_ld.record import LineRef
from pledge_ld.term import PLEDGE, Minter, Term, Triple, day
from pledge_ld.triple.round import (
    Context,
    action_triples,
    count_iri,
    count_triples,
    evidence_iri,
    evidence_triples,
    line_triples,
    note_iri,
    note_triples,
    report_triples,
    rights_triples,
    score_iri,
    scores_triples,
)
from pledge_ld.triple.thing import (
    city_triples,
    department_triples,
    item_triples,
    lines_of,
    mapping_triples,
    person_triples,
    programme_triples,
    scale_triples,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pledge_ld.record import (
        Action,
        CityRecords,
        Count,
        Measure,
        Note,
        Pledge,
        Policy,
        Record,
        Report,
        Round,
        Score,
    )
    from pledge_ld.record import Term as TermRecords


def round_context(term: TermRecords, round_: Round, records: CityRecords, mint: Minter) -> Context:
    """What the triples of one assessment need."""
    scale = round_.report.scale
    levels = {level.id: level for id_, _, steps in records.scales if id_ == scale for level in steps}
    programme = term.programme
    rounding = {
        "programme": programme.rounding_overall,
        "policy": programme.rounding_policy,
        "pledge": programme.rounding_pledge,
        "measure": programme.rounding_measure,
    }
    return Context(mint, term.id, round_.as_of.isoformat(), scale, levels, rounding)


def term_triples(term: TermRecords, records: CityRecords, mint: Minter) -> Iterator[Triple]:
    """A programme with everything below it."""
    yield from programme_triples(term.id, term.programme, mint)
    top = mint.thing(term.id, "programme")
    parents: dict[str, str] = {}
    for policy in term.policies:
        parents[f"policy/{policy.id}"] = "programme"
        yield from item_triples(policy, "policy", top, term.id, mint)
    for pledge in term.pledges:
        parents[f"pledge/{pledge.id}"] = whole = f"policy/{pledge.policy}" if pledge.policy else "programme"
        yield from item_triples(pledge, "pledge", mint.thing(term.id, whole), term.id, mint)
    for measure in term.measures:
        parents[f"measure/{measure.id}"] = whole = f"pledge/{measure.pledge}"
        yield from item_triples(measure, "measure", mint.thing(term.id, whole), term.id, mint)
    for round_ in term.rounds:
        context = round_context(term, round_, records, mint)
        days = sorted(
            {change.date for change in records.changes if (change.programme, change.as_of) == (term.id, round_.as_of)}
        )
        yield from report_triples(round_.report, term.programme, context, tuple(day(one) for one in days))
        yield from rights_triples(round_.report, records.city, context)
        for action in round_.actions:
            yield from action_triples(action, context)
        yield from scores_triples(round_, context, parents)
        yield from _counts_and_evidence(round_, records, context)
        for note in round_.notes:
            yield from note_triples(note, context)
        for number in sorted(cited_lines(term, round_, records)):
            if number <= len(round_.lines):
                yield from line_triples(number, round_.lines[number - 1], context)
    if term.rounds:
        yield from _responsible(term, term.rounds[-1], mint)


def _counts_and_evidence(round_: Round, records: CityRecords, context: Context) -> Iterator[Triple]:
    for count in round_.counts:
        yield from count_triples(count, context)
    documents = {one.id: one for one in records.documents}
    scored = {one.thing: one for one in round_.scores if one.origin == "published"}
    for evidence in round_.evidence:
        yield from evidence_triples(evidence, documents, scored, context)


def _responsible(term: TermRecords, latest: Round, mint: Minter) -> Iterator[Triple]:
    """Things to their departments, as of the latest assessment."""
    for score in latest.scores:
        if score.origin == "published" and score.thing.startswith(("measure/", "pledge/")):
            thing = mint.thing(term.id, score.thing)
            for department in score.departments:
                yield thing, PLEDGE["responsibleDepartment"], mint.department(department)


def cited_lines(term: TermRecords, round_: Round, records: CityRecords) -> set[int]:
    """The numbers of the report's lines that any record stands on."""
    as_of = round_.as_of.isoformat()
    own: tuple[Report | Action | Score | Count | Note, ...]
    own = (round_.report, *round_.actions, *round_.scores, *round_.counts, *round_.notes)
    shared: tuple[Policy | Pledge | Measure, ...] = (*term.policies, *term.pledges, *term.measures)
    numbers = {ref.line for record in own for ref in record.source_lines if isinstance(ref, LineRef)}
    cited = [ref for record in shared for ref in record.source_lines if isinstance(ref, LineRef)]
    numbers |= {ref.line for ref in cited if ref.as_of == as_of}
    places = {f"{as_of}#L", f"{term.id}/{as_of}#L"}
    sources = [*term.programme.sources, *(source for _, scale, _ in records.scales for source in scale.sources)]
    return numbers | {
        int(source.partition("#L")[2]) for source in sources if source.partition("#L")[0] + "#L" in places
    }


def city_graph(records: CityRecords, base: str) -> list[Triple]:
    """Every triple of one city, sorted, none twice: the one function that the stages downstream start from."""
    mint = Minter(base, records.city.country, records.city.code)
    triples = set(city_triples(records.city, records.folder, mint))
    printed = _department_lines(records, mint)
    for department in records.departments:
        triples.update(department_triples(department, printed.get(department.id, ()), mint))
    for person in records.people:
        triples.update(person_triples(person, mint))
    for id_, scale, levels in records.scales:
        triples.update(scale_triples(id_, scale, levels, mint))
    for id_, whole, mappings in records.mappings:
        triples.update(mapping_triples(id_, whole, mappings, mint))
    for term in records.terms:
        triples.update(term_triples(term, records, mint))
    return sorted(triples)


def _department_lines(records: CityRecords, mint: Minter) -> dict[str, list[Term]]:
    """Department → the lines that print it."""
    printed: dict[str, list[Term]] = {}
    for term in records.terms:
        for round_ in term.rounds:
            for score in round_.scores:
                for department in score.departments:
                    lines = lines_of(score.source_lines, term.id, round_.as_of.isoformat(), mint)
                    printed.setdefault(department, []).extend(lines)
    return printed


def places(records: CityRecords, base: str) -> dict[Term, Record]:
    """IRI → the record it was made from: where a problem found in the triples can be mended."""
    mint = Minter(base, records.city.country, records.city.code)
    found: dict[Term, Record] = {mint.city(): records.city, mint.place(): records.city}
    found.update((mint.department(one.id), one) for one in records.departments)
    found.update((mint.person(one.id), one) for one in records.people)
    for id_, scale, levels in records.scales:
        found[mint.scale(id_)] = scale
        found.update((mint.level(id_, level.id), level) for level in levels)
    for id_, whole, mappings in records.mappings:
        found[mint.mapping_set(id_)] = whole
        found.update((mint.part(mint.mapping_set(id_), one.level), one) for one in mappings)
    for term in records.terms:
        found[mint.thing(term.id, "programme")] = term.programme
        found.update((mint.thing(term.id, f"policy/{one.id}"), one) for one in term.policies)
        found.update((mint.thing(term.id, f"pledge/{one.id}"), one) for one in term.pledges)
        found.update((mint.thing(term.id, f"measure/{one.id}"), one) for one in term.measures)
        for round_ in term.rounds:
            context = round_context(term, round_, records, mint)
            found[mint.report(term.id, context.as_of)] = round_.report
            found.update((score_iri(one, context), one) for one in round_.scores)
            found.update((note_iri(one, context), one) for one in round_.notes)
            found.update((count_iri(one, context), one) for one in round_.counts)
            found.update((evidence_iri(one, context), one) for one in round_.evidence)
            for one in round_.actions:
                found[mint.action(mint.thing(term.id, f"measure/{one.measure}"), context.as_of, one.order)] = one
    return found
