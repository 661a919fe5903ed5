"""What lasts: the city, its departments and mayors, scales, programmes, policies, pledges and measures → triples."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
    string,
    tagged,
    value_of,
    wkt,
)
from pledge_ld.triple.vocabulary import (
    ALT_LABEL,
    DEFINITION,
    DERIVED_FROM,
    IDENTIFIER,
    IS_PART_OF,
    METHOD,
    NOTATION,
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
        BandMapping,
        City,
        Department,
        Level,
        MappingSet,
        Measure,
        Person,
        Pledge,
        Policy,
        Programme,
        Scale,
        Score,
        Source,
    )


def city_triples(city: City, folder: str, mint: Minter) -> Iterator[Triple]:
    """The municipality, and the graph that holds its data."""
    node = mint.city()
    yield from typed(node, "pledge:Municipality", "org:FormalOrganization")
    yield from named(node, city.name_ja, city.name_en)
    yield node, ALT_LABEL, tagged(city.reading, "ja-Hira")
    yield node, IDENTIFIER, string(city.code)
    yield node, curie("vcard:region"), tagged(city.region_ja, "ja")
    yield node, curie("vcard:region"), tagged(city.region_en, "en")
    for property_, address in (
        ("foaf:homepage", city.homepage),
        ("dcterms:spatial", city.area),
        ("skos:closeMatch", city.close_match),
    ):
        if address:
            yield node, curie(property_), iri(address)
    for page in city.sources:
        yield node, SOURCE, iri(page)
    yield from place_triples(city, mint)
    graph = mint.graph(folder)
    yield graph, A, curie("sd:Graph")
    yield graph, TITLE, tagged(f"{city.name_ja}の市長公約データ", "ja")
    yield graph, TITLE, tagged(f"{city.name_en}: the mayor's pledges as data", "en")
    yield graph, curie("foaf:primaryTopic"), node


def place_triples(city: City, mint: Minter) -> Iterator[Triple]:
    """The municipality's area, with its extent where the records give it: an organisation has none."""
    node = mint.place()
    yield mint.city(), curie("dcterms:spatial"), node
    yield node, A, curie("dcterms:Location")
    yield from named(node, city.name_ja, city.name_en)
    if city.bbox:
        west, south, east, north = (value_of(decimal(one)) for one in city.bbox)
        corners = ((west, south), (east, south), (east, north), (west, north), (west, south))
        yield node, curie("dcat:bbox"), wkt(f"POLYGON(({', '.join(' '.join(one) for one in corners)}))")
    if city.centroid:
        longitude, latitude = (value_of(decimal(one)) for one in city.centroid)
        yield node, curie("dcat:centroid"), wkt(f"POINT({longitude} {latitude})")
    for page in (city.extent_source,) if city.extent_source else city.sources:
        yield node, SOURCE, iri(page)


def department_triples(department: Department, lines: Iterable[Term], mint: Minter) -> Iterator[Triple]:
    """A department; ``lines`` are those that print its name."""
    node = mint.department(department.id)
    yield from typed(node, "pledge:Department", "org:OrganizationalUnit")
    yield from named(node, department.name_ja, department.name_en)
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
    yield from named(node, person.name_ja, person.name_en)
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
    yield from typed(node, "pledge:Scale", "skos:ConceptScheme")
    yield from named(node, scale.title_ja, scale.title_en)
    yield node, PLEDGE["construct"], concept("construct", scale.construct)
    yield node, DEFINITION, tagged(scale.definition_ja, "ja")
    yield node, DEFINITION, tagged(scale.definition_en, "en")
    for source in sources:
        yield node, SOURCE, source
    for level in levels:
        step = mint.level(id_, level.id)
        yield from typed(step, "pledge:Level", "skos:Concept")
        yield from named(step, level.label_ja, level.label_en)
        yield step, NOTATION, string(level.id)
        yield step, PLEDGE["order"], integer(level.order)
        yield step, curie("skos:inScheme"), node
        yield step, DEFINITION, tagged(level.definition_ja, "ja")
        yield step, DEFINITION, tagged(level.definition_en, "en")
        yield from interval(step, level)
        if level.origin:
            yield step, PLEDGE["origin"], ORIGIN[level.origin]
            yield step, PLEDGE["method"], METHOD[level.origin]
        for source in sources:
            yield step, SOURCE, source


def mapping_triples(id_: str, whole: MappingSet, mappings: Iterable[BandMapping], mint: Minter) -> Iterator[Triple]:
    """A named set of judgements on how the levels of a scale fit the common bands, and each of them."""
    node, author = mint.mapping_set(id_), mint.part(mint.mapping_set(id_), "made_by")
    made = ((curie("dcterms:creator"), author), (curie("dcterms:date"), day(whole.date)))
    yield from typed(node, "pledge:MappingSet", "prov:Entity")
    yield from named(node, whole.title_ja, whole.title_en)
    yield node, PLEDGE["scale"], mint.scale(whole.scale)
    yield node, PLEDGE["adopted"], boolean(whole.adopted)
    yield node, curie("skos:note"), tagged(whole.note_ja, "ja")
    yield node, curie("skos:note"), tagged(whole.note_en, "en")
    # A judgement of ours stands on the scale that it judges.
    yield node, DERIVED_FROM, mint.scale(whole.scale)
    yield author, A, curie("prov:Agent")
    yield author, curie("foaf:name"), tagged(whole.author_ja, "ja")
    yield author, curie("foaf:name"), tagged(whole.author_en, "en")
    for said in made:
        yield node, *said
    for mapping in mappings:
        one, level = mint.part(node, mapping.level), mint.level(whole.scale, mapping.level)
        yield one, A, PLEDGE["BandMapping"]
        yield one, PLEDGE["inMappingSet"], node
        yield one, PLEDGE["fromLevel"], level
        yield one, PLEDGE["match"], concept("match", mapping.match)
        if mapping.band:
            yield one, PLEDGE["toBand"], concept("band", mapping.band)
        yield one, curie("skos:note"), tagged(mapping.note_ja, "ja")
        yield one, curie("skos:note"), tagged(mapping.note_en, "en")
        yield one, DERIVED_FROM, level
        for said in made:
            yield one, *said


def interval(node: Term, level: Level | Score) -> Iterator[Triple]:
    """The half-open interval that a level means, or that a score is known to lie in."""
    if level.percent_at_least is not None:
        yield node, PLEDGE["percentAtLeast"], decimal(level.percent_at_least)
    if level.percent_below is not None:
        yield node, PLEDGE["percentBelow"], decimal(level.percent_below)


def programme_triples(id_: str, programme: Programme, mint: Minter) -> Iterator[Triple]:
    """One mayor's pledges for one term, with the parts of the city's method that are numbers."""
    node = mint.thing(id_, "programme")
    yield from typed(node, "pledge:Programme", "prov:Plan")
    yield from named(node, programme.title_ja, programme.title_en)
    yield node, IDENTIFIER, string(id_)
    yield node, PLEDGE["municipality"], mint.city()
    if programme.mayor:
        yield node, curie("dcterms:creator"), mint.person(programme.mayor)
    if programme.term_start:
        yield node, PLEDGE["termStart"], day(programme.term_start)
    if programme.ended_early is not None:
        yield node, PLEDGE["endedEarly"], boolean(programme.ended_early)
    for name, number in (
        ("termMonths", programme.term_months),
        ("measuresPerPledge", programme.measures_per_pledge),
        ("pledgesPerPolicy", programme.pledges_per_policy),
    ):
        if number is not None:
            yield node, PLEDGE[name], integer(number)
    for language in programme.unofficial_languages:
        yield node, PLEDGE["unofficialLanguage"], string(language)
    for source in programme.sources:
        yield node, SOURCE, _source(source, id_, mint)


def lines_of(refs: Iterable[Source], programme: str, as_of: str, mint: Minter) -> list[Term]:
    """The line nodes and pages that a record cites; ``as_of`` is the report of lines that name none."""
    return [iri(ref) if isinstance(ref, str) else mint.line(programme, ref.as_of or as_of, ref.line) for ref in refs]


def item_triples(
    record: Policy | Pledge | Measure, kind: str, whole: Term, programme: str, mint: Minter
) -> Iterator[Triple]:
    """A policy, pledge or measure; ``whole`` is what it is part of."""
    node = mint.thing(programme, f"{kind}/{record.id}")
    yield from typed(node, f"pledge:{kind.capitalize()}", "skos:Concept" if kind == "policy" else "prov:Plan")
    yield from named(node, record.title_ja, record.title_en)
    yield node, IDENTIFIER, string(record.id)
    if record.number:
        yield node, NOTATION, string(record.number)
    yield node, IS_PART_OF, whole
    for line in lines_of(record.source_lines, programme, "", mint):
        yield node, SOURCE, line
