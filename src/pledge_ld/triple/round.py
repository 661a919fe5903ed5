"""One assessment: the report, its actions, scores, notes and lines → triples."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pledge_ld.term import (
    PLEDGE,
    Minter,
    Term,
    Triple,
    boolean,
    curie,
    day,
    decimal,
    integer,
    iri,
    month,
    string,
    tagged,
)
from pledge_ld.triple.thing import interval, lines_of
from pledge_ld.triple.vocabulary import (
    DERIVED_FROM,
    FREQUENCY,
    IS_PART_OF,
    LABEL,
    LICENCE,
    METHOD,
    ORIGIN,
    SOURCE,
    TITLE,
    A,
    concept,
    named,
    typed,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pledge_ld.record import (
        Action,
        City,
        Count,
        Document,
        Evidence,
        Level,
        Note,
        Programme,
        Report,
        Round,
        Score,
    )


class Context(NamedTuple):
    """What the triples of one assessment need beside the record: the minter, the ids, and the scales' intervals."""

    mint: Minter
    programme: str
    as_of: str
    scale: str
    levels: dict[str, Level]
    rounding: dict[str, str | None]


def report_triples(report: Report, programme: Programme, context: Context, dates: tuple[Term, ...]) -> Iterator[Triple]:
    """The assessment. ``dates`` are those on which its data were published and last changed."""
    mint = context.mint
    node = mint.report(context.programme, context.as_of)
    yield from typed(node, "pledge:Assessment", "prov:Entity")
    yield from named(node, report.title_ja, report.title_en)
    yield from ((node, TITLE, title) for _, _, title in named(node, report.title_ja, report.title_en))
    yield node, PLEDGE["programme"], mint.thing(context.programme, "programme")
    yield node, PLEDGE["asOf"], _as_of(context)
    yield node, PLEDGE["scale"], mint.scale(report.scale)
    for assessor in report.assessors:
        yield node, PLEDGE["assessor"], concept("assessor", assessor)
    if report.graded:
        yield node, PLEDGE["gradedClass"], concept("class", report.graded)
    yield node, PLEDGE["unitLabel"], tagged(report.unit_ja, "ja")
    yield node, PLEDGE["unitLabel"], tagged(report.unit_en, "en")
    if report.item_count is not None:
        yield node, PLEDGE["itemCount"], integer(report.item_count)
    if programme.frequency:
        yield node, curie("dcterms:accrualPeriodicity"), FREQUENCY[programme.frequency]
    for calculation in programme.calculation:
        yield node, PLEDGE["calculation"], concept("calculation", calculation)
    if report.published:
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
    yield from _publisher(node, report, mint)
    yield node, curie("dcterms:license"), LICENCE
    for line in lines_of(report.source_lines, context.programme, context.as_of, mint):
        yield node, SOURCE, line


def _publisher(node: Term, report: Report, mint: Minter) -> Iterator[Triple]:
    """Who published the report: the city, where the record names nobody else."""
    if not report.publisher_ja:
        yield node, curie("prov:wasAttributedTo"), mint.city()
        return
    publisher = mint.part(node, "publisher")
    yield node, curie("prov:wasAttributedTo"), publisher
    yield publisher, A, curie("prov:Agent")
    for _, label, name in named(publisher, report.publisher_ja, report.publisher_en):
        yield publisher, label, name
        yield publisher, curie("foaf:name"), name
    if report.publisher_page:
        yield publisher, curie("foaf:homepage"), iri(report.publisher_page)


def rights_triples(report: Report, city: City, context: Context) -> Iterator[Triple]:
    """Where the content comes from and that we processed it, as the public data licence asks."""
    node, rights = context.mint.report(context.programme, context.as_of), curie("dcterms:rights")
    when = f" ({report.published})" if report.published else ""
    publisher = report.publisher_ja or city.name_ja
    source = f"出典: {publisher}「{report.title_ja}」{when.strip()}。"
    yield node, rights, tagged(f"{source}これを加工して作成した非公式のデータです。", "ja")
    title, publisher = report.title_en or report.title_ja, report.publisher_en or report.publisher_ja or city.name_en
    yield node, rights, tagged(f"Source: {publisher}, “{title}”{when}. Processed by us; unofficial.", "en")


def _as_of(context: Context) -> Term:
    return f'"{context.as_of}"^^<http://www.w3.org/2001/XMLSchema#date>'


def action_triples(action: Action, context: Context) -> Iterator[Triple]:
    """What was done for a measure, as one assessment reports it."""
    mint = context.mint
    measure = mint.thing(context.programme, f"measure/{action.measure}")
    node = mint.action(measure, context.as_of, action.order)
    yield from typed(node, "pledge:Action", "prov:Activity")
    yield node, LABEL, tagged(action.text_ja, "ja")
    yield node, IS_PART_OF, measure
    yield node, PLEDGE["inAssessment"], mint.report(context.programme, context.as_of)
    yield node, PLEDGE["order"], integer(action.order)
    for line in lines_of(action.source_lines, context.programme, context.as_of, mint):
        yield node, SOURCE, line


def score_iri(score: Score, context: Context) -> Term:
    """The IRI of a printed or inferred score."""
    thing = context.mint.thing(context.programme, score.thing)
    return context.mint.score(thing, context.as_of, "" if score.origin == "published" else score.origin)


def score_triples(
    score: Score, context: Context, *, adopted: bool, derived_from: Iterable[Term] = ()
) -> Iterator[Triple]:
    """One figure as printed or as inferred, with the interval that its level or its cutting off means."""
    mint = context.mint
    thing = mint.thing(context.programme, score.thing)
    kind = score.thing.partition("/")[0]
    node = score_iri(score, context)
    yield from typed(node, "pledge:ProgressScore", "prov:Entity")
    yield node, PLEDGE["scoreOf"], thing
    yield node, PLEDGE["inAssessment"], mint.report(context.programme, context.as_of)
    yield node, PLEDGE["asOf"], _as_of(context)
    yield node, PLEDGE["origin"], ORIGIN[score.origin]
    yield node, PLEDGE["method"], METHOD[score.origin]
    yield node, PLEDGE["adopted"], boolean(adopted)
    yield from _said_of(node, score, context)
    if score.percent is not None:
        yield node, PLEDGE["percent"], decimal(score.percent)
        if context.rounding[kind] == "floor" and score.percent_at_least is None:
            yield node, PLEDGE["percentAtLeast"], decimal(score.percent)
            yield node, PLEDGE["percentBelow"], decimal(score.percent + 1)
    if score.stars is not None:
        yield node, PLEDGE["stars"], integer(score.stars)
    level_id = score.level or (str(score.stars) if score.stars is not None else "")
    level = context.levels.get(level_id)
    if level or score.level:
        yield node, PLEDGE["level"], mint.level(context.scale, level_id)
    if level and score.percent_at_least is None and score.percent_below is None and score.percent is None:
        yield from interval(node, level)
    yield from interval(node, score)
    for line in lines_of(score.source_lines, context.programme, context.as_of, mint):
        yield node, SOURCE, line
    for other in derived_from:
        yield node, DERIVED_FROM, other


def _said_of(node: Term, score: Score, context: Context) -> Iterator[Triple]:
    """What is said of a figure beside itself: how it was cut off, as what it is printed, by whom, checked when."""
    if rounding := context.rounding[score.thing.partition("/")[0]]:
        yield node, PLEDGE["rounding"], concept("rounding", rounding)
    if score.printed is not None:
        yield node, PLEDGE["printedValue"], string(score.printed)
    for department in score.departments:
        yield node, PLEDGE["responsibleDepartment"], context.mint.department(department)
    if score.checked:
        yield node, PLEDGE["lastChecked"], day(score.checked)


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
        bases = (score.thing, parents.get(score.thing, ""))
        derived = [score_iri(printed[base], context) for base in bases if base in printed]
        yield from score_triples(score, context, adopted=True, derived_from=derived)


def count_iri(count: Count, context: Context) -> Term:
    """The IRI of a printed count."""
    report = context.mint.report(context.programme, context.as_of)
    kind, _, id_ = count.thing.partition("/")
    # A count of a pledge is none that the shapes allow; its name only must not be a policy's.
    policy = id_ if kind in {"programme", "policy"} else f"{kind}_{id_}"
    return context.mint.count(report, count.level, policy)


def count_triples(count: Count, context: Context) -> Iterator[Triple]:
    """How many items the report prints at a level."""
    mint, node = context.mint, count_iri(count, context)
    yield node, A, PLEDGE["LevelCount"]
    yield node, PLEDGE["countOf"], mint.thing(context.programme, count.thing)
    yield node, PLEDGE["level"], mint.level(context.scale, count.level)
    yield node, PLEDGE["count"], integer(count.count)
    yield node, PLEDGE["inAssessment"], mint.report(context.programme, context.as_of)
    yield node, PLEDGE["asOf"], _as_of(context)
    yield node, PLEDGE["origin"], ORIGIN["published"]
    yield node, PLEDGE["method"], METHOD["published"]
    for line in lines_of(count.source_lines, context.programme, context.as_of, mint):
        yield node, SOURCE, line


def evidence_iri(evidence: Evidence, context: Context) -> Term:
    """The IRI of a document behind a score: it lives in the document of the thing scored."""
    thing = context.mint.thing(context.programme, evidence.thing)
    return context.mint.evidence(thing, context.as_of, evidence.document)


def evidence_triples(
    evidence: Evidence, documents: dict[str, Document], scored: dict[str, Score], context: Context
) -> Iterator[Triple]:
    """A document and the place in it that the publisher names as the grounds of a score.

    ``scored`` are the printed scores by what they are of. Without its score, or its document, the shapes refuse it.
    """
    node, score = evidence_iri(evidence, context), scored.get(evidence.thing)
    yield from typed(node, "pledge:Evidence", "prov:Entity")
    if document := documents.get(evidence.document):
        title = curie("dcterms:title")
        yield node, title, tagged(document.title_ja, "ja")
        if document.title_en:
            yield node, title, tagged(document.title_en, "en")
        yield node, curie("foaf:page"), iri(document.page)
    if evidence.page:
        yield node, PLEDGE["page"], string(evidence.page)
    if score:
        yield score_iri(score, context), PLEDGE["evidence"], node
        for line in lines_of(score.source_lines, context.programme, context.as_of, context.mint):
            yield node, SOURCE, line


def target_iri(target: str, context: Context) -> Term:
    """What a note is about: ``measure/1-2-1``, its ``#score`` or ``#score-inferred``, or its ``#action-3``."""
    path, hash_, part = target.partition("#")
    thing = context.mint.thing(context.programme, path)
    if not hash_:
        return thing
    kind, _, rest = part.partition("-")
    return (
        context.mint.score(thing, context.as_of, rest)
        if kind == "score"
        else context.mint.action(thing, context.as_of, int(rest))
    )


def note_iri(note: Note, context: Context) -> Term:
    """The IRI of a note: it lives in the document of the first thing it is about."""
    thing = context.mint.thing(context.programme, note.targets[0].partition("#")[0])
    return context.mint.part(thing, f"note-{context.as_of}-{note.id}")


def note_triples(note: Note, context: Context) -> Iterator[Triple]:
    """What is printed, what we adopted, and why."""
    node = note_iri(note, context)
    yield from typed(node, "pledge:DataNote", "oa:Annotation")
    yield node, curie("oa:motivatedBy"), curie("dqv:qualityAssessment")
    yield node, curie("dcterms:type"), concept("note", note.kind)
    for target in note.targets:
        yield node, curie("oa:hasTarget"), target_iri(target, context)
    yield node, PLEDGE["onProperty"], curie(note.property)
    if note.printed is not None:
        yield node, PLEDGE["printedValue"], string(note.printed)
    if note.adopted is not None:
        yield node, PLEDGE["adoptedValue"], string(note.adopted)
    if note.adopted_thing:
        yield node, PLEDGE["adoptedThing"], target_iri(note.adopted_thing, context)
    yield node, PLEDGE["uncertain"], boolean(note.uncertain)
    yield node, curie("rdfs:comment"), tagged(note.comment_ja, "ja")
    yield node, curie("rdfs:comment"), tagged(note.comment_en, "en")
    for line in lines_of(note.source_lines, context.programme, context.as_of, context.mint):
        yield node, SOURCE, line


def line_triples(number: int, text: str, context: Context) -> Iterator[Triple]:
    """One line of the report's text, verbatim."""
    node = context.mint.line(context.programme, context.as_of, number)
    yield from typed(node, "pledge:SourceLine", "oa:SpecificResource")
    yield node, PLEDGE["sourceLine"], integer(number)
    yield node, PLEDGE["sourceText"], string(text)
    yield node, curie("oa:hasSource"), context.mint.report(context.programme, context.as_of)
