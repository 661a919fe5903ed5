"""Terms as text: what goes in comes out of every reader, and no two things get one IRI."""

from __future__ import annotations

import itertools
import json
import re
from collections import Counter
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from pledge_ld.config import product
from pledge_ld.graph import Context, Shortener, as_jsonld, as_ntriples, as_turtle
from pledge_ld.query import parse
from pledge_ld.rollup import computed
from pledge_ld.term import (
    BASE,
    NS,
    PREFIXES,
    Minter,
    boolean,
    compact,
    curie,
    datatype_of,
    day,
    decimal,
    document_of,
    integer,
    language_of,
    month,
    string,
    tagged,
    value_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pledge_ld.term import Triple

THING, SAYS = "<https://example.org/thing>", "<https://example.org/says>"
CONTEXT = Context((product("ontology") / "context.jsonld").read_bytes())
XSD = PREFIXES["xsd"]

patient = settings(deadline=None)
"""On a busy machine a reader takes its time; what it reads is the test."""
texts = st.text(st.characters(exclude_categories=["Cs"]))
"""Any text but half a surrogate pair, which no file in UTF-8 can hold."""
hostile = st.text(st.sampled_from("\"'\\\n\r\t\b\f\v\0\x1b\x7f\x85\u2028\u2029\ufeff<>{}|^`#@.;,_:^-/ aA0苫施𠮷")).map(
    lambda one: one
)
literals = texts | hostile
languages = st.sampled_from(["ja", "en", "ja-Hira", "zh-Hant-TW"])
ids = st.from_regex(r"[a-z0-9]{1,3}(?:-[a-z0-9]{1,3}){0,2}", fullmatch=True)
decimals = st.decimals(allow_nan=False, allow_infinity=False, places=None, min_value=-(10**9), max_value=10**9)
IRI = re.compile(r"<[a-z][a-z0-9+.-]*:[^\s<>\"{}|\\^`\x00-\x20]*>")


@pytest.fixture(autouse=True, scope="module")
def texts_as_written() -> Iterator[None]:
    """Without this rdflib rewrites literals on reading (007 becomes 7), and hides differences."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rdflib, "NORMALIZE_LITERALS", False)
        yield


def read_by_oxigraph(text: bytes, form: ox.RdfFormat) -> list[tuple[str, str, str, str, str]]:
    """The triples that pyoxigraph reads, literals in their parts."""
    found = []
    for one in ox.parse(text, form):
        value = one.object
        assert not isinstance(value, ox.Triple)
        parts = (value.language or "", value.datatype.value) if isinstance(value, ox.Literal) else ("", "")
        assert isinstance(one.subject, ox.NamedNode)
        found.append((one.subject.value, one.predicate.value, value.value, *parts))
    return sorted(found)


def read_by_rdflib(text: bytes, form: str) -> list[tuple[str, str, str, str, str]]:
    """The triples that rdflib reads, literals in their parts."""
    found = []
    for subject, predicate, value in rdflib.Graph().parse(data=text, format=form):
        parts = ("", "")
        if isinstance(value, rdflib.Literal):
            tag = "langString" if value.language else "string"
            namespace = PREFIXES["rdf"] if value.language else XSD
            parts = (value.language or "", str(value.datatype or namespace + tag))
        found.append((str(subject), str(predicate), str(value), *parts))
    return sorted(found)


def lowered(rows: list[tuple[str, str, str, str, str]]) -> list[tuple[str, str, str, str, str]]:
    """Language tags in one case: readers are free to change it."""
    return sorted((s, p, value, language.lower(), datatype) for s, p, value, language, datatype in rows)


def everywhere(triples: set[Triple]) -> list[tuple[str, str, str, str, str]]:
    """What both readers find in all three forms. Fails where any two differ."""
    ordered = sorted(triples)
    turtle = as_turtle(ordered, THING, Shortener(BASE)).encode()
    readings = [
        read_by_oxigraph(as_ntriples(ordered).encode(), ox.RdfFormat.N_TRIPLES),
        read_by_oxigraph(turtle, ox.RdfFormat.TURTLE),
        read_by_oxigraph(as_jsonld(ordered, THING, CONTEXT), ox.RdfFormat.JSON_LD),
        read_by_rdflib(as_ntriples(ordered).encode(), "nt"),
        read_by_rdflib(turtle, "turtle"),
        read_by_rdflib(as_jsonld(ordered, THING, CONTEXT), "json-ld"),
    ]
    for one in readings[1:]:
        assert lowered(one) == lowered(readings[0])
    return readings[0]


# Literals


@patient
@given(literals)
@example('a "quoted" \\ backslash\\n and """three"""')
@example("line\nline\r\nline\ttab\0nul")
@example("\x85\u2028\u2029 line ends of Unicode")
@example("\ufeffmark")
@example("\\u82EB is no escape here")
@example("</script><script>alert(1)</script>")
def test_a_string_survives_every_form_and_reader(text: str) -> None:
    """What a report prints is what a reader gets, whatever the characters."""
    assert everywhere({(THING, SAYS, string(text))}) == [(THING[1:-1], SAYS[1:-1], text, "", f"{XSD}string")]


@patient
@given(literals, languages)
@example("苫小牧市", "ja")
def test_a_text_in_a_language_survives_every_form_and_reader(text: str, language: str) -> None:
    """The same with a language, under a property that the context keeps by language."""
    (found,) = everywhere({(THING, curie("skos:prefLabel"), tagged(text, language))})
    assert (found[2], found[3].lower()) == (text, language.lower())


@patient
@given(st.lists(st.tuples(literals, languages), min_size=2, max_size=5, unique=True))
def test_several_texts_of_one_language_survive(pairs: list[tuple[str, str]]) -> None:
    """A language map holds one text or a list of them."""
    triples = {(THING, curie("skos:altLabel"), tagged(text, language)) for text, language in pairs}
    assert len(everywhere(triples)) == len(pairs)


@patient
@given(literals, languages)
def test_a_term_can_be_taken_apart(text: str, language: str) -> None:
    """The pages read values out of terms: they must be the ones that were put in."""
    plain, in_language = string(text), tagged(text, language)
    assert (value_of(plain), language_of(plain), datatype_of(plain)) == (text, "", "")
    assert (value_of(in_language), language_of(in_language), datatype_of(in_language)) == (text, language, "")
    typed = f"{plain}^^<{XSD}token>"
    assert (value_of(typed), language_of(typed), datatype_of(typed)) == (text, "", f"{XSD}token")
    assert "\n" not in plain


@patient
@given(texts)
def test_a_term_of_another_writer_can_be_taken_apart(text: str) -> None:
    """An endpoint's or an engine's own escapes mean the same."""
    escaped = "".join(f"\\u{ord(one):04X}" if ord(one) < 0x10000 else f"\\U{ord(one):08X}" for one in text)
    assert value_of(f'"{escaped}"@ja') == text
    assert value_of(str(ox.Literal(text))) == text


# Numbers, dates, truth


@patient
@given(decimals)
@example(Decimal("-0.0"))
@example(Decimal("1E+2"))
@example(Decimal("62.0"))
@example(Decimal("0.000000001"))
def test_a_decimal_is_canonical(value: Decimal) -> None:
    """A store that rewrites lexical forms must find nothing to rewrite: the files and its answers stay equal."""
    term = decimal(value)
    text = value_of(term)
    assert Decimal(text) == value
    assert re.fullmatch(r"0|-?(?:[1-9][0-9]*|0)(?:\.[0-9]*[1-9])?", text)
    assert text != "-0"
    assert datatype_of(term) == f"{XSD}decimal"
    written = format(value, "f")
    assert term == decimal(Decimal(f"{written}00" if "." in written else f"{written}.0"))


@patient
@given(decimals.filter(lambda one: -(10**17) < one < 10**17 and one == one.quantize(Decimal("1e-9"))))
def test_a_store_leaves_a_decimal_as_it_is(value: Decimal) -> None:
    """Oxigraph answers a query with the very term that the files hold."""
    store = ox.Store()
    store.load(f"{THING} {SAYS} {decimal(value)} .".encode(), ox.RdfFormat.N_TRIPLES)
    (found,) = [one.object for one in store]
    assert str(found) == decimal(value)


@patient
@given(st.integers(-(10**15), 10**15), st.dates(date(1000, 1, 1)), st.booleans(), decimals)
def test_typed_values_survive_every_form_and_reader(number: int, when: date, truth: bool, percent: Decimal) -> None:  # noqa: FBT001
    """Each under a property of its kind, and under one that knows nothing of it."""
    assume(percent == percent.quantize(Decimal("1e-9")))
    terms = {"stars": integer(number), "asOf": day(when), "adopted": boolean(truth), "percent": decimal(percent)}
    triples = {(THING, curie(f"pledge:{name}"), term) for name, term in terms.items()}
    triples |= {(THING, SAYS, term) for term in terms.values()}
    triples |= {(THING, curie("pledge:percent"), term) for term in terms.values()}
    found = everywhere(triples)
    assert {(value, datatype) for _, _, value, _, datatype in found} == {
        (value_of(one), datatype_of(one)) for one in terms.values()
    }


def test_a_month_is_a_month() -> None:
    """The month of publishing is not the first day of it."""
    assert month("2024-05") == f'"2024-05"^^<{XSD}gYearMonth>'


# IRIs

_paths = st.lists(st.sampled_from([*"aA0_-.:/~'()!$&*+,;=@?苫", "%20", "%2F"]), max_size=8).map("".join)
_tails = st.builds("{}{}".format, st.sampled_from(["", "#"]), _paths)
namespaces = st.sampled_from([BASE, f"{BASE}jp/012131/", "https://example.org/", PREFIXES["dcterms"]])
iris = st.builds("<{}{}{}>".format, namespaces, _paths, _tails) | st.builds(
    "<{}{}>".format, st.sampled_from([NS, PREFIXES["skos"]]), _paths
)


@patient
@given(st.lists(st.tuples(iris, iris, iris | literals.map(string)), min_size=1, max_size=6, unique=True))
@example([(f"<{BASE}a:b>", f"<{NS}a.b>", f"<{NS}-x>")])
@example([(f"<{BASE}>", f"<{NS}>", f"<{BASE}//example.com/a>")])
@example([(f"<{BASE}../up>", f"<{NS}a/b>", f"<{BASE}./here>")])
@example([(f"<{BASE}?query>", f"<{NS}0>", f"<{BASE}#hash>")])
@example([(THING, f"<{NS}percent>", string("a")), (THING, f"<{NS}percent>", string("b"))])
def test_turtle_shortens_no_iri_into_another(triples: list[Triple]) -> None:
    """A short form is used only where it reads back as the same IRI."""
    text = as_turtle(sorted(triples), triples[0][0], Shortener(BASE)).encode()
    expected = read_by_oxigraph(as_ntriples(triples).encode(), ox.RdfFormat.N_TRIPLES)
    assert read_by_oxigraph(text, ox.RdfFormat.TURTLE) == expected
    assert read_by_rdflib(text, "turtle") == expected


@patient
@given(st.lists(st.tuples(iris, iris, iris | literals.map(string)), min_size=1, max_size=6, unique=True))
@example([(f"<{BASE}a>", curie("rdf:type"), f"<{NS}Unknown>")])
@example([(f"<{BASE}a>", curie("rdf:type"), curie("pledge:Measure"))])
@example([(f"<{BASE}a>", curie("skos:prefLabel"), string("no language"))])
@example([(f"<{BASE}a>", curie("dcterms:source"), string("no address"))])
@example([(f"<{BASE}a>", curie("pledge:stars"), '"007"^^<http://www.w3.org/2001/XMLSchema#integer>')])
def test_json_ld_says_no_iri_otherwise(triples: list[Triple]) -> None:
    """The same of the compact JSON-LD, where a key could be taken for a term of the context."""
    text = as_jsonld(sorted(triples), triples[0][0], CONTEXT)
    assert json.loads(text)["@context"]
    expected = read_by_oxigraph(as_ntriples(triples).encode(), ox.RdfFormat.N_TRIPLES)
    assert read_by_oxigraph(text, ox.RdfFormat.JSON_LD) == expected
    assert read_by_rdflib(text, "json-ld") == expected


def test_turtle_puts_the_thing_before_its_hashes_before_all_others() -> None:
    """A reader who opens the file sees what it is about."""
    thing = f"<{BASE}jp/1/m>"
    subjects = [f"<{BASE}jp/1/a>", f"<{BASE}jp/1/m#score>", thing, f"<{BASE}jp/1/m-2>"]
    triples = [(one, curie("rdf:type"), curie("pledge:Measure")) for one in subjects]
    text = as_turtle(sorted(triples), thing, Shortener(BASE))
    assert re.findall(r"^<([^>]+)>$", text, re.MULTILINE) == ["jp/1/m", "jp/1/m#score", "jp/1/a", "jp/1/m-2"]


@patient
@given(iris)
def test_compact_and_document_never_fail(term: str) -> None:
    """Messages shorten IRIs that nobody checked."""
    assert compact(term)
    assert document_of(term) == f"<{value_of(term).partition('#')[0]}>"


# Minting

MINT = Minter(BASE, "jp", "012131")
things = st.builds(
    lambda programme, kind, id_: MINT.thing(programme, f"{kind}/{id_}"),
    ids,
    st.sampled_from(["policy", "pledge", "measure"]),
    ids,
) | st.builds(lambda programme: MINT.thing(programme, "programme"), ids)
days = st.dates(date(1990, 1, 1), date(2099, 12, 31)).map(date.isoformat)
lines = st.integers(1, 9999)
MAKERS: dict[str, tuple[Callable[..., str], tuple[st.SearchStrategy[object], ...]]] = {
    "city": (MINT.city, ()),
    "graph": (MINT.graph, (ids,)),
    "department": (MINT.department, (ids,)),
    "person": (MINT.person, (ids,)),
    "scale": (MINT.scale, (ids,)),
    "level": (MINT.level, (ids, ids)),
    "programme": (lambda id_: MINT.thing(id_, "programme"), (ids,)),
    "policy": (lambda programme, id_: MINT.thing(programme, f"policy/{id_}"), (ids, ids)),
    "pledge": (lambda programme, id_: MINT.thing(programme, f"pledge/{id_}"), (ids, ids)),
    "measure": (lambda programme, id_: MINT.thing(programme, f"measure/{id_}"), (ids, ids)),
    "report": (MINT.report, (ids, days)),
    "line": (MINT.line, (ids, days, lines)),
    "score": (MINT.score, (things, days)),
    "inferred": (lambda thing, as_of: MINT.score(thing, as_of, "inferred"), (things, days)),
    "computed": (MINT.score, (things, days, st.from_regex(r"[a-z]+(?:_[a-z]+)+", fullmatch=True))),
    "action": (MINT.action, (things, days, lines)),
    "query": (MINT.query, (st.from_regex(r"[a-z]+(?:_[a-z]+)*", fullmatch=True),)),
}
"""Every kind of thing, how it is minted, and from what."""
calls = st.sampled_from(sorted(MAKERS)).flatmap(lambda kind: st.tuples(st.just(kind), *MAKERS[kind][1]))


@patient
@given(st.lists(calls, min_size=2, max_size=20, unique=True))
@example([("programme", "department"), ("department", "a"), ("policy", "department", "a")])
@example([("level", "a", "1"), ("level", "a-1", "1"), ("scale", "a")])
@example([("measure", "2022", "1-2-1"), ("measure", "2022-1", "2-1"), ("pledge", "2022", "1-2-1")])
def test_no_two_things_get_one_iri(made: list[tuple[str, ...]]) -> None:
    """An IRI shared by two things makes one of them say what the other does."""
    minted = [MAKERS[kind][0](*arguments) for kind, *arguments in made]
    assert [one for one, times in Counter(minted).items() if times > 1] == []
    for one in minted:
        assert IRI.fullmatch(one)
        assert one.startswith(f"<{BASE}")
        assert ox.NamedNode(value_of(one))


def test_no_two_kinds_of_thing_get_one_iri() -> None:
    """The same of every kind with the same few ids, all together: chance finds such a clash too seldom."""
    programmes, own, dates = (
        ["a", "1", "a-1", "department"],
        ["a", "1", "1-1", "2024-03-31"],
        ["2024-03-31", "2024-09-30"],
    )
    some = [MINT.thing("a", "measure/1"), MINT.thing("a", "programme")]
    pools: dict[str, list[list[object]]] = {
        "city": [],
        **{kind: [[*own]] for kind in ("graph", "department", "person", "scale", "query")},
        "programme": [[*programmes]],
        "level": [[*own], [*own]],
        **{kind: [[*programmes], [*own]] for kind in ("policy", "pledge", "measure")},
        "report": [[*programmes], [*dates]],
        "line": [[*programmes], [*dates], [1, 11]],
        "score": [[*some], [*dates]],
        "inferred": [[*some], [*dates]],
        "computed": [[*some], [*dates], ["mean_of_pledges"]],
        "action": [[*some], [*dates], [1, 11]],
    }
    assert pools.keys() == MAKERS.keys()
    minted = [MAKERS[kind][0](*arguments) for kind, pool in pools.items() for arguments in itertools.product(*pool)]
    assert [one for one, times in Counter(minted).items() if times > 1] == []


@patient
@given(ids, ids, ids, ids)
def test_no_two_cities_share_an_iri(country: str, code: str, other_country: str, other_code: str) -> None:
    """A code is unique only within its country."""
    assume((country, code) != (other_country, other_code))
    one, other = Minter(BASE, country, code), Minter(BASE, other_country, other_code)
    assert one.city() != other.city()
    assert one.thing("2022", "pledge/1") != other.thing("2022", "pledge/1")


def counted(rows: list[tuple[str, str]]) -> set[str]:
    """The counts minted for rows of a policy's id and a level's id."""
    report, scale = MINT.report("2022", "2024-03-31"), MINT.scale("s")
    values = " ".join(
        f"({report} {MINT.thing('2022', f'policy/{policy}') if policy else MINT.thing('2022', 'programme')} "
        f"{scale[:-1]}#{level}> 1)"
        for policy, level in rows
    )
    header = "\n".join(
        [
            *(f"# {name}: a" for name in ("title", "title@ja", "question", "question@ja")),
            "# returns: assessment (iri), thing (iri), level (iri), count (integer)",
            "# computes: count",
            "# scope: local",
        ]
    )
    text = f"{header}\n\nSELECT * {{ VALUES (?assessment ?thing ?level ?count) {{ {values} }} }}"
    return {subject for subject, _, _ in computed(ox.Store(), [parse("counts", text)], MINT)}


@pytest.mark.parametrize(
    "rows",
    [
        [("1", "2"), ("1", "3"), ("2", "2"), ("", "2")],
        [("1", "2-3"), ("1-2", "3")],
        [("1", "7"), ("", "policy-1-7")],
    ],
    ids=["plain", "hyphens", "level named like a policy"],
)
def test_no_two_counts_get_one_iri(rows: list[tuple[str, str]]) -> None:
    """Two counts of one IRI would be a node with two counts, of two policies."""
    assert len(counted(rows)) == len(rows)
