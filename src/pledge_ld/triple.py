"""Records → triples: pure functions, one a kind of record. Nothing here reads a file, a clock or a setting.

Each yields `Triple`s of N-Triples terms (`pledge_ld.term`). Every node carries where it came from: the line of the
report it stands on, or the pages its facts were read from.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pledge_ld.term import Minter, Term, Triple, boolean, curie, day, decimal, integer, iri, month, string, tagged

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pledge_ld.record import Action, City, CityRecords, Department, Level, LineRef, Measure, Note, Person, Pledge, Policy, Programme, Report, Round, Scale, Score, Term as TermRecords  # noqa: E501

A = curie("rdf:type")
LABEL, ALT_LABEL, NOTATION, DEFINITION = (curie(f"skos:{name}") for name in ("prefLabel", "altLabel", "notation", "definition"))
IDENTIFIER, IS_PART_OF, SOURCE, TITLE = (curie(f"dcterms:{name}") for name in ("identifier", "isPartOf", "source", "title"))
DERIVED_FROM = curie("prov:wasDerivedFrom")
ORIGIN = {"published": curie("pledge:Published"), "inferred": curie("pledge:Inferred"), "computed": curie("pledge:Computed")}
_P = {name: curie(f"pledge:{name}") for name in (
    "municipality", "programme", "scale", "assessor", "gradedClass", "calculation", "responsibleDepartment", "scoreOf",
    "inAssessment", "origin", "level", "rounding", "construct", "onProperty", "adoptedThing", "asOf", "adopted", "percent",
    "percentAtLeast", "percentBelow", "stars", "order", "itemCount", "unitLabel", "measuresPerPledge", "pledgesPerPolicy",
    "printedValue", "adoptedValue", "uncertain", "termStart", "termMonths", "endedEarly", "sourceLine", "sourceText",
    "unofficialLanguage",
)}  # fmt: skip
_CONCEPT = {
    "construct": {
        "degree-of-completion": "DegreeOfCompletion",
        "delivery-status": "DeliveryStatus",
        "schedule-adherence": "ScheduleAdherence",
        "target-attainment": "TargetAttainment",
        "expert-points": "ExpertPoints",
    },
    "assessor": {
        "department": "DepartmentAssessor",
        "planning-section": "PlanningSectionAssessor",
        "mayor": "MayorAssessor",
        "city": "CityAssessor",
        "external": "ExternalAssessor",
        "third-party": "ThirdPartyAssessor",
    },
    "rounding": {"floor": "Floor", "half-up": "HalfUp", "none": "NoRounding", "unknown": "UnknownRounding"},
    "calculation": {
        "mean-of-measures": "MeanOfMeasures",
        "mean-of-pledges": "MeanOfPledges",
        "mean-of-policies": "MeanOfPolicies",
    },
    "note": {
        "misreading": "Misreading",
        "conflict": "Conflict",
        "missing": "Missing",
        "displaced": "Displaced",
        "inferred": "InferredFigure",
    },
    "class": {"policy": "Policy", "pledge": "Pledge", "measure": "Measure"},
}
LICENCE = "<https://creativecommons.org/licenses/by/4.0/>"


def concept(kind: str, notation: str) -> Term:
    """The concept that a record's word stands for.

    >>> concept("rounding", "floor")
    '<https://w3id.org/pledge-ld/ns#Floor>'
    """
    return curie(f"pledge:{_CONCEPT[kind][notation]}")


class Context(NamedTuple):
    """What the triples of one assessment need beside the record: the minter, the ids, and the scales' intervals."""

    mint: Minter
    programme: str
    as_of: str
    scale: str
    levels: dict[str, Level]
    rounding: dict[str, str]


def _typed(node: Term, *types: str) -> Iterator[Triple]:
    for one in types:
        yield node, A, curie(one)


def _named(node: Term, ja: str, en: str | None) -> Iterator[Triple]:
    yield node, LABEL, tagged(ja, "ja")
    if en:
        yield node, LABEL, tagged(en, "en")


def city_triples(city: City, folder: str, mint: Minter) -> Iterator[Triple]:
    """The municipality, and the graph that holds its data."""
    node = mint.city()
    yield from _typed(node, "pledge:Municipality", "org:FormalOrganization")
    yield from _named(node, city.name_ja, city.name_en)
    yield node, ALT_LABEL, tagged(city.reading, "ja-Hira")
    yield node, IDENTIFIER, string(city.code)
    yield node, curie("vcard:region"), tagged(city.region_ja, "ja")
    yield node, curie("vcard:region"), tagged(city.region_en, "en")
    for property_, address in (("foaf:homepage", city.homepage), ("dcterms:spatial", city.area), ("skos:closeMatch", city.close_match)):
        if address:
            yield node, curie(property_), iri(address)
    for page in city.sources:
        yield node, SOURCE, iri(page)
    graph = mint.graph(folder)
    yield graph, A, curie("sd:Graph")
    yield graph, TITLE, tagged(f"{city.name_ja}の市長公約データ", "ja")
    yield graph, TITLE, tagged(f"{city.name_en}: the mayor's pledges as data", "en")
    yield graph, curie("foaf:primaryTopic"), node


def department_triples(department: Department, lines: Iterable[Term], mint: Minter) -> Iterator[Triple]:
    """A department; ``lines`` are those that print its name."""
    node = mint.department(department.id)
    yield from _typed(node, "pledge:Department", "org:OrganizationalUnit")
    yield from _named(node, department.name_ja, department.name_en)
    yield node, ALT_LABEL, tagged(department.reading, "ja-Hira")
    yield node, IDENTIFIER, string(department.id)
    yield node, curie("org:unitOf"), mint.city()
    if department.valid:
        yield node, curie("dcterms:valid"), string(department.valid)
    if department.derived_from:
        yield node, DERIVED_FROM, mint.department(department.derived_from)
    for line in lines:
        yield node, SOURCE, line


def person_triples(person: Person, mint: Minter) -> Iterator[Triple]:
    """A mayor."""
    node = mint.person(person.id)
    yield node, A, curie("foaf:Person")
    yield from _named(node, person.name_ja, person.name_en)
    yield node, curie("foaf:name"), tagged(person.name_ja, "ja")
    yield node, curie("foaf:name"), tagged(person.name_en, "en")
    yield node, ALT_LABEL, tagged(person.reading, "ja-Hira")
    for page in person.sources:
        yield node, SOURCE, iri(page)


def _source(text: str, programme: str, mint: Minter) -> Term:
    """A `sources` cell: a page, or a line of a report (``[2022/]2024-03-31#L13``)."""
    if text.startswith("http"):
        return iri(text)
    place, _, line = text.partition("#L")
    head, slash, as_of = place.partition("/")
    return mint.line(head, as_of, int(line)) if slash else mint.line(programme, head, int(line))


def scale_triples(id_: str, scale: Scale, levels: Iterable[Level], mint: Minter) -> Iterator[Triple]:
    """A scale and its levels."""
    node = mint.scale(id_)
    sources = [_source(source, "", mint) for source in scale.sources]
    yield from _typed(node, "pledge:Scale", "skos:ConceptScheme")
    yield from _named(node, scale.title_ja, scale.title_en)
    yield node, _P["construct"], concept("construct", scale.construct)
    yield node, DEFINITION, tagged(scale.definition_ja, "ja")
    yield node, DEFINITION, tagged(scale.definition_en, "en")
    for source in sources:
        yield node, SOURCE, source
    for level in levels:
        step = mint.level(id_, level.id)
        yield from _typed(step, "pledge:Level", "skos:Concept")
        yield from _named(step, level.label_ja, level.label_en)
        yield step, NOTATION, string(level.id)
        yield step, _P["order"], integer(level.order)
        yield step, curie("skos:inScheme"), node
        yield step, DEFINITION, tagged(level.definition_ja, "ja")
        yield step, DEFINITION, tagged(level.definition_en, "en")
        yield from _interval(step, level)
        for source in sources:
            yield step, SOURCE, source


def _interval(node: Term, level: Level | Score) -> Iterator[Triple]:
    if level.percent_at_least is not None:
        yield node, _P["percentAtLeast"], decimal(level.percent_at_least)
    if level.percent_below is not None:
        yield node, _P["percentBelow"], decimal(level.percent_below)


def programme_triples(id_: str, programme: Programme, mint: Minter) -> Iterator[Triple]:
    """One mayor's pledges for one term, with the parts of the city's method that are numbers."""
    node = mint.thing(id_, "programme")
    yield from _typed(node, "pledge:Programme", "prov:Plan")
    yield from _named(node, programme.title_ja, programme.title_en)
    yield node, IDENTIFIER, string(id_)
    yield node, _P["municipality"], mint.city()
    if programme.mayor:
        yield node, curie("dcterms:creator"), mint.person(programme.mayor)
    if programme.term_start:
        yield node, _P["termStart"], day(programme.term_start)
    if programme.ended_early is not None:
        yield node, _P["endedEarly"], boolean(programme.ended_early)
    for name, number in (
        ("termMonths", programme.term_months),
        ("measuresPerPledge", programme.measures_per_pledge),
        ("pledgesPerPolicy", programme.pledges_per_policy),
    ):
        if number is not None:
            yield node, _P[name], integer(number)
    for language in programme.unofficial_languages:
        yield node, _P["unofficialLanguage"], string(language)
    for source in programme.sources:
        yield node, SOURCE, _source(source, id_, mint)


def lines_of(refs: Iterable[LineRef], programme: str, as_of: str, mint: Minter) -> list[Term]:
    """The line nodes that a record cites; ``as_of`` is the report of refs that name none."""
    return [mint.line(programme, ref.as_of or as_of, ref.line) for ref in refs]


def item_triples(record: Policy | Pledge | Measure, kind: str, whole: Term, programme: str, mint: Minter) -> Iterator[Triple]:
    """A policy, pledge or measure; ``whole`` is what it is part of."""
    node = mint.thing(programme, f"{kind}/{record.id}")
    yield from _typed(node, f"pledge:{kind.capitalize()}", "skos:Concept" if kind == "policy" else "prov:Plan")
    yield from _named(node, record.title_ja, record.title_en)
    yield node, IDENTIFIER, string(record.id)
    yield node, NOTATION, string(record.number)
    yield node, IS_PART_OF, whole
    for line in lines_of(record.source_lines, programme, "", mint):
        yield node, SOURCE, line


def report_triples(report: Report, programme: Programme, context: Context, dates: tuple[Term, ...]) -> Iterator[Triple]:
    """The assessment. ``dates`` are those on which its data were published and last changed."""
    mint = context.mint
    node = mint.report(context.programme, context.as_of)
    yield from _typed(node, "pledge:Assessment", "prov:Entity")
    yield from _named(node, report.title_ja, report.title_en)
    yield from ((node, TITLE, title) for _, _, title in _named(node, report.title_ja, report.title_en))
    yield node, _P["programme"], mint.thing(context.programme, "programme")
    yield node, _P["asOf"], _as_of(context)
    yield node, _P["scale"], mint.scale(report.scale)
    for assessor in report.assessors:
        yield node, _P["assessor"], concept("assessor", assessor)
    yield node, _P["gradedClass"], concept("class", report.graded)
    yield node, _P["unitLabel"], tagged(report.unit_ja, "ja")
    yield node, _P["unitLabel"], tagged(report.unit_en, "en")
    yield node, _P["itemCount"], integer(report.item_count)
    for calculation in programme.calculation:
        yield node, _P["calculation"], concept("calculation", calculation)
    yield node, curie("dcterms:date"), month(report.published)
    if dates:
        yield node, curie("dcterms:issued"), dates[0]
        yield node, curie("dcterms:modified"), dates[-1]
    if report.period_start and report.period_end:
        period = mint.part(node, "period")
        yield node, curie("dcterms:temporal"), period
        yield period, A, curie("dcterms:PeriodOfTime")
        yield period, curie("dcat:startDate"), day(report.period_start)
        yield period, curie("dcat:endDate"), day(report.period_end)
    yield node, curie("prov:wasAttributedTo"), mint.city()
    yield node, curie("dcterms:license"), LICENCE
    for line in lines_of(report.source_lines, context.programme, context.as_of, mint):
        yield node, SOURCE, line


def _as_of(context: Context) -> Term:
    return f'"{context.as_of}"^^<http://www.w3.org/2001/XMLSchema#date>'


def action_triples(action: Action, context: Context) -> Iterator[Triple]:
    """What was done for a measure, as one assessment reports it."""
    mint = context.mint
    measure = mint.thing(context.programme, f"measure/{action.measure}")
    node = mint.action(measure, context.as_of, action.order)
    yield from _typed(node, "pledge:Action", "prov:Activity")
    yield node, LABEL, tagged(action.text_ja, "ja")
    yield node, IS_PART_OF, measure
    yield node, _P["inAssessment"], mint.report(context.programme, context.as_of)
    yield node, _P["order"], integer(action.order)
    for line in lines_of(action.source_lines, context.programme, context.as_of, mint):
        yield node, SOURCE, line


def score_iri(score: Score, context: Context) -> Term:
    """The IRI of a printed or inferred score."""
    thing = context.mint.thing(context.programme, score.thing)
    return context.mint.score(thing, context.as_of, "" if score.origin == "published" else score.origin)


def score_triples(score: Score, context: Context, *, adopted: bool, derived_from: Iterable[Term] = ()) -> Iterator[Triple]:
    """One figure as printed or as inferred, with the interval that its level or its cutting off means."""
    mint = context.mint
    thing = mint.thing(context.programme, score.thing)
    kind = score.thing.partition("/")[0]
    node = score_iri(score, context)
    yield from _typed(node, "pledge:ProgressScore", "prov:Entity")
    yield node, _P["scoreOf"], thing
    yield node, _P["inAssessment"], mint.report(context.programme, context.as_of)
    yield node, _P["asOf"], _as_of(context)
    yield node, _P["origin"], ORIGIN[score.origin]
    yield node, _P["adopted"], boolean(adopted)
    yield node, _P["rounding"], concept("rounding", context.rounding[kind])
    if score.printed is not None:
        yield node, _P["printedValue"], string(score.printed)
    if score.percent is not None:
        yield node, _P["percent"], decimal(score.percent)
        if context.rounding[kind] == "floor" and score.percent_at_least is None:
            yield node, _P["percentAtLeast"], decimal(score.percent)
            yield node, _P["percentBelow"], decimal(score.percent + 1)
    if score.stars is not None:
        yield node, _P["stars"], integer(score.stars)
    level_id = score.level or (str(score.stars) if score.stars is not None else "")
    level = context.levels.get(level_id)
    if level or score.level:
        yield node, _P["level"], mint.level(context.scale, level_id)
    if level and score.percent_at_least is None and score.percent_below is None and score.percent is None:
        yield from _interval(node, level)
    yield from _interval(node, score)
    for department in score.departments:
        yield node, _P["responsibleDepartment"], mint.department(department)
    for line in lines_of(score.source_lines, context.programme, context.as_of, mint):
        yield node, SOURCE, line
    for other in derived_from:
        yield node, DERIVED_FROM, other


def target_iri(target: str, context: Context) -> Term:
    """What a note is about: ``measure/1-2-1``, its ``#score`` or ``#score-inferred``, or its ``#action-3``."""
    path, hash_, part = target.partition("#")
    thing = context.mint.thing(context.programme, path)
    if not hash_:
        return thing
    kind, _, rest = part.partition("-")
    return context.mint.score(thing, context.as_of, rest) if kind == "score" else context.mint.action(thing, context.as_of, int(rest))


def note_iri(note: Note, context: Context) -> Term:
    """The IRI of a note: it lives in the document of the first thing it is about."""
    thing = context.mint.thing(context.programme, note.targets[0].partition("#")[0])
    return context.mint.part(thing, f"note-{context.as_of}-{note.id}")


def note_triples(note: Note, context: Context) -> Iterator[Triple]:
    """What is printed, what we adopted, and why."""
    node = note_iri(note, context)
    yield from _typed(node, "pledge:DataNote", "oa:Annotation")
    yield node, curie("oa:motivatedBy"), curie("dqv:qualityAssessment")
    yield node, curie("dcterms:type"), concept("note", note.kind)
    for target in note.targets:
        yield node, curie("oa:hasTarget"), target_iri(target, context)
    yield node, _P["onProperty"], curie(note.property)
    if note.printed is not None:
        yield node, _P["printedValue"], string(note.printed)
    if note.adopted is not None:
        yield node, _P["adoptedValue"], string(note.adopted)
    if note.adopted_thing:
        yield node, _P["adoptedThing"], target_iri(note.adopted_thing, context)
    yield node, _P["uncertain"], boolean(note.uncertain)
    yield node, curie("rdfs:comment"), tagged(note.comment_ja, "ja")
    yield node, curie("rdfs:comment"), tagged(note.comment_en, "en")
    for line in lines_of(note.source_lines, context.programme, context.as_of, context.mint):
        yield node, SOURCE, line


def line_triples(number: int, text: str, context: Context) -> Iterator[Triple]:
    """One line of the report's text, verbatim."""
    node = context.mint.line(context.programme, context.as_of, number)
    yield from _typed(node, "pledge:SourceLine", "oa:SpecificResource")
    yield node, _P["sourceLine"], integer(number)
    yield node, _P["sourceText"], string(text)
    yield node, curie("oa:hasSource"), context.mint.report(context.programme, context.as_of)


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


def _parent(thing: str, parents: dict[str, str]) -> str:
    return parents.get(thing, "")


def scores_triples(round_: Round, context: Context, parents: dict[str, str]) -> Iterator[Triple]:
    """All scores of an assessment. What counts is the inferred figure where the print cannot be read, else the print.

    An inferred score names what it was inferred from: the unreadable print, and the printed figure of the whole.
    """
    printed = {score.thing: score for score in round_.scores if score.origin == "published"}
    inferred = {score.thing for score in round_.scores if score.origin == "inferred"}
    for score in round_.scores:
        if score.origin == "published":
            yield from score_triples(score, context, adopted=score.thing not in inferred)
            continue
        bases = (score.thing, _parent(score.thing, parents))
        derived = [score_iri(printed[base], context) for base in bases if base in printed]
        yield from score_triples(score, context, adopted=True, derived_from=derived)


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
        days = sorted({change.date for change in records.changes if (change.programme, change.as_of) == (term.id, round_.as_of)})
        yield from report_triples(round_.report, term.programme, context, tuple(day(one) for one in days))
        yield from _rights(round_.report, records.city, context)
        for action in round_.actions:
            yield from action_triples(action, context)
        yield from scores_triples(round_, context, parents)
        for note in round_.notes:
            yield from note_triples(note, context)
        for number in sorted(cited_lines(term, round_, records)):
            if number <= len(round_.lines):
                yield from line_triples(number, round_.lines[number - 1], context)
    if term.rounds:
        yield from _responsible(term, term.rounds[-1], mint)


def _rights(report: Report, city: City, context: Context) -> Iterator[Triple]:
    """Where the content comes from and that we processed it, as the public data licence asks."""
    node, rights = context.mint.report(context.programme, context.as_of), curie("dcterms:rights")
    yield node, rights, tagged(f"出典: {city.name_ja}「{report.title_ja}」({report.published})。これを加工して作成した非公式のデータです。", "ja")
    title = report.title_en or report.title_ja
    yield node, rights, tagged(f"Source: {city.name_en}, “{title}” ({report.published}). Processed by us; unofficial.", "en")


def _responsible(term: TermRecords, latest: Round, mint: Minter) -> Iterator[Triple]:
    """Things to their departments, as of the latest assessment."""
    for score in latest.scores:
        if score.origin == "published" and score.thing.startswith(("measure/", "pledge/")):
            thing = mint.thing(term.id, score.thing)
            for department in score.departments:
                yield thing, _P["responsibleDepartment"], mint.department(department)


def cited_lines(term: TermRecords, round_: Round, records: CityRecords) -> set[int]:
    """The numbers of the report's lines that any record stands on."""
    as_of = round_.as_of.isoformat()
    own = (round_.report, *round_.actions, *round_.scores, *round_.notes)
    shared = (*term.policies, *term.pledges, *term.measures)
    numbers = {ref.line for record in own for ref in record.source_lines}
    numbers |= {ref.line for record in shared for ref in record.source_lines if ref.as_of == as_of}
    places = {f"{as_of}#L", f"{term.id}/{as_of}#L"}
    sources = [*term.programme.sources, *(source for _, scale, _ in records.scales for source in scale.sources)]
    return numbers | {int(source.partition("#L")[2]) for source in sources if source.partition("#L")[0] + "#L" in places}


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
