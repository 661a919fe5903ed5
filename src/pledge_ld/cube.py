"""Data cubes: the figures of each assessment as W3C Data Cube observations, one measure a cube.

The structures stand once, in ``ontology/cubes.ttl``, so that the cubes of all cities compare. A score or count is
itself the observation: a cube says of what is there already to which set it belongs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pledge_ld.term import PLEDGE, Minter, Namespace, Term, Triple, language_of, tagged, value_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_A = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
_QB, _DCT, _SKOS = Namespace("qb"), Namespace("dcterms"), Namespace("skos")
_UNIT = Namespace("sdmx-attribute")["unitMeasure"]
_PER_CENT = "<http://qudt.org/vocab/unit/PERCENT>"
LANGUAGES = ("ja", "en")


class Kind(NamedTuple):
    """A kind of cube: its name in IRIs, its measure, its structure, and what it is called."""

    name: str
    measure: Term
    structure: Term
    title: dict[str, str]


KINDS = (
    Kind(
        "percent",
        PLEDGE["percent"],
        PLEDGE["PercentStructure"],
        {"ja": "{city}の公約の進捗率({day}時点)", "en": "{city}: progress of pledges in per cent as of {day}"},
    ),
    Kind(
        "stars",
        PLEDGE["stars"],
        PLEDGE["StarsStructure"],
        {"ja": "{city}の公約の評価の★({day}時点)", "en": "{city}: grades of pledges in stars as of {day}"},
    ),
    Kind(
        "counts",
        PLEDGE["count"],
        PLEDGE["CountStructure"],
        {"ja": "{city}の公約の段階ごとの件数({day}時点)", "en": "{city}: items of pledges at each level as of {day}"},
    ),
)
"""The first whose measure a score carries is the cube it belongs to: an observation has one data set."""

_FACTS = tuple(_DCT[name] for name in ("issued", "license", "modified", "publisher", "rights"))
_READ = frozenset(
    {
        *(kind.measure for kind in KINDS),
        *(PLEDGE[name] for name in ("asOf", "inAssessment", "municipality", "programme")),
        _SKOS["prefLabel"],
        *_FACTS,
    }
)

Said = dict[Term, dict[Term, list[Term]]]


def cubes(triples: Iterable[Triple]) -> list[Triple]:
    """The triples that make cubes of the scores and counts among ``triples``: two an observation, a few a cube.

    A figure that is only a level, an interval or a printed string has no measure, and is no observation.
    """
    said: Said = {}
    for subject, predicate, object_ in triples:
        if predicate in _READ:
            said.setdefault(subject, {}).setdefault(predicate, []).append(object_)
    found: list[Triple] = []
    described = set()
    for subject, facts in said.items():
        kind = next((one for one in KINDS if one.measure in facts), None)
        if kind is None:
            continue
        for assessment in facts.get(PLEDGE["inAssessment"], ()):
            cube = Minter.part(assessment, f"cube-{kind.name}")
            found.append((subject, _A, _QB["Observation"]))
            found.append((subject, _QB["dataSet"], cube))
            if cube not in described:
                described.add(cube)
                found.extend(_cube(cube, kind, assessment, said))
    return found


def _cube(cube: Term, kind: Kind, assessment: Term, said: Said) -> Iterator[Triple]:
    """What a cube says of itself: its structure, its assessment, its names, and whose it is, as the assessment says."""
    yield cube, _A, _QB["DataSet"]
    yield cube, _QB["structure"], kind.structure
    yield cube, PLEDGE["inAssessment"], assessment
    facts = said.get(assessment, {})
    day = next(iter(facts.get(PLEDGE["asOf"], ())), '""')
    cities = [
        name
        for programme in facts.get(PLEDGE["programme"], ())
        for city in said.get(programme, {}).get(PLEDGE["municipality"], ())
        for name in said.get(city, {}).get(_SKOS["prefLabel"], ())
    ]
    for language in LANGUAGES:
        # Without a name in the language, any is better than none.
        names = [value_of(one) for one in sorted(cities, key=lambda one: language_of(one) != language)] or [""]
        label = tagged(kind.title[language].format(city=names[0], day=value_of(day)), language)
        yield cube, _SKOS["prefLabel"], label
        yield cube, _DCT["title"], label
    for predicate in _FACTS:
        for object_ in facts.get(predicate, ()):
            yield cube, predicate, object_
    if kind.name == "percent":
        yield cube, _UNIT, _PER_CENT
