"""The saved queries: their headers are true, their answers are known, and no parameter gets out of its term."""

from __future__ import annotations

import csv
import io
import json
import random
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rdflib.plugins.sparql import prepareQuery

from pledge_ld.graph import as_ntriples
from pledge_ld.problem import PledgeError
from pledge_ld.query import Query, as_csv, as_json, bound, load, parse, run, store_of, term_of
from pledge_ld.term import BASE, PREFIXES, value_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Run

    from pledge_ld.publish import CityData

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "queries"
GOLDEN = ROOT / "tests/golden/queries"
NAMES = sorted(path.stem for path in FOLDER.glob("*.rq"))
XSD = "http://www.w3.org/2001/XMLSchema#"
LANGUAGE_STRING = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"
HEADER = "# title: Echo\n# title@ja: 反響\n# question: What?\n# question@ja: 何か。\n# scope: local\n"


@pytest.fixture(scope="module")
def queries() -> dict[str, Query]:
    """The saved queries by name."""
    return load()


@pytest.fixture(scope="module")
def store(cities: tuple[CityData, ...]) -> ox.Store:
    """The cities as published, in a store."""
    return store_of([(one.graph, as_ntriples(one.index.triples)) for one in cities if one.index])


@pytest.fixture(scope="module", autouse=True)
def golden(queries: dict[str, Query], store: ox.Store, *, update_golden: bool) -> None:
    """Writes the known answers anew before any test reads them, where that is asked for."""
    if not update_golden:
        return
    GOLDEN.mkdir(parents=True, exist_ok=True)
    for path in GOLDEN.glob("*"):
        if path.stem not in queries:
            path.unlink(missing_ok=True)
    for name, query in queries.items():
        answer = run(store, query.text)
        # Several processes may write at once: each answer appears whole.
        with tempfile.NamedTemporaryFile(dir=GOLDEN.parent, delete=False) as out:
            out.write(as_csv(answer.names, answer.rows).encode())
        Path(out.name).chmod(0o644)
        Path(out.name).replace(GOLDEN / f"{name}.csv")


def solutions(store: ox.Store, text: str) -> ox.QuerySolutions:
    """The engine's own answer, with none of our code between."""
    found = store.query(text, use_default_graph_as_union=True)
    assert isinstance(found, ox.QuerySolutions)
    return found


class TestHeaders:
    """What a query says about itself is true."""

    def test_the_folder_is_the_registry(self, queries: dict[str, Query]) -> None:
        """Fails when a file is not a query, or a query's name is no noun phrase in ASCII."""
        assert sorted(queries) == NAMES
        assert len(NAMES) >= 11
        assert [name for name in NAMES if not re.fullmatch(r"[a-z]+(?:_[a-z]+)*", name)] == []

    @pytest.mark.parametrize("name", NAMES)
    def test_header(self, name: str, queries: dict[str, Query]) -> None:
        """Fails when a title or question lacks a language, or a field is none that we know."""
        query = queries[name]
        for texts in (query.title, query.question):
            assert not re.search(r"[ぁ-ヿ一-鿿]", texts["en"])
            assert re.search(r"[ぁ-ヿ一-鿿]", texts["ja"])
        assert query.scope in {"local", "federated", "pairs"}
        assert query.computes in {"", "score", "count"}
        header, blank, _ = query.text.partition("\n\n")
        assert blank
        fields = [line.split(":")[0].removeprefix("# ") for line in header.splitlines()]
        known = ["title", "title@ja", "question", "question@ja", "returns", "param", "computes", "scope"]
        assert [field for field in known if field in fields] == list(dict.fromkeys(fields))
        assert [field for field in fields if field != "param"] == [
            one for one in dict.fromkeys(fields) if one != "param"
        ]

    @pytest.mark.parametrize("name", NAMES)
    def test_returns(self, name: str, queries: dict[str, Query], store: ox.Store) -> None:
        """Fails when the header names other variables than the query projects, by either of two readers of SPARQL."""
        query = queries[name]
        names = [one for one, _ in query.returns]
        assert [one.value for one in solutions(store, query.text).variables] == names
        assert [str(one) for one in prepareQuery(query.text).algebra.PV] == names

    @pytest.mark.parametrize("name", NAMES)
    def test_types(self, name: str, queries: dict[str, Query], store: ox.Store) -> None:
        """Fails when a value is not of the type that the header declares, or no row has one."""
        types = dict(queries[name].returns)
        texts = [queries[name].text]
        if name == "figure_source":
            texts.append(bound(queries[name], {"thing": f"{BASE}jp/012131/2022/measure/1-1-1"}))
        seen = set()
        for row in (row for text in texts for row in solutions(store, text)):
            for variable, type_ in types.items():
                term = row[variable]
                if term is None:
                    continue
                seen.add(variable)
                if type_ == "iri":
                    assert isinstance(term, ox.NamedNode), (variable, term)
                    continue
                assert isinstance(term, ox.Literal), (variable, term)
                wanted = {f"{XSD}string", LANGUAGE_STRING} if type_ == "string" else {f"{XSD}{type_}"}
                assert term.datatype.value in wanted, (variable, term)
        assert seen == set(types)

    @pytest.mark.parametrize("name", NAMES)
    def test_prefixes_in_full(self, name: str) -> None:
        """Fails when a query needs a prefix that it does not declare, so that it cannot be pasted into an endpoint."""
        text = (FOLDER / f"{name}.rq").read_text(encoding="utf-8")
        declared = dict(re.findall(r"^PREFIX ([a-z]+): <([^>]+)>$", text, re.MULTILINE))
        assert {prefix: PREFIXES[prefix] for prefix in declared} == declared
        body = re.sub(r"<[^>]*>|\"[^\"]*\"|^#.*$|^PREFIX.*$", "", text, flags=re.MULTILINE)
        assert set(re.findall(r"\b([a-z]+):[A-Za-z]", body)) == set(declared)

    @pytest.mark.parametrize("name", NAMES)
    def test_parameters_stand_in_the_query(self, name: str, queries: dict[str, Query]) -> None:
        """Fails when a parameter's default is not what the query has as it stands."""
        query = queries[name]
        for param in query.params:
            assert query.text.count(f"VALUES ?{param.name} {{ {term_of(param.type, param.default)} }}") == 1
            assert bound(query, {param.name: param.default}) == query.text
            assert param.en
            assert re.search(r"[ぁ-ヿ一-鿿]", param.ja)

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "SELECT * { ?s ?p ?o }",
            HEADER,
            f"{HEADER}# returns: x\n\nSELECT ?x {{ }}",
            f"{HEADER}# returns: x (number)\n\nSELECT ?x {{ }}",
            f"{HEADER}# returns: x (iri)\n# param: x | word\n\nSELECT ?x {{ }}",
            f"{HEADER}# returns: x (iri)\n# param: x | word | a | A | あ\n\nSELECT ?x {{ }}",
            f"{HEADER}# returns: x (iri)\nSELECT ?x {{ }}",
        ],
    )
    def test_a_wrong_header_is_refused(self, text: str) -> None:
        """Fails when a header that lacks a field, or has a wrong one, is taken as it is."""
        with pytest.raises(PledgeError, match=r"queries/echo\.rq: .*\[query-header\]"):
            parse("echo", text)


class TestAnswers:
    """What the queries say of the city."""

    @pytest.mark.parametrize("name", NAMES)
    def test_golden(self, name: str, queries: dict[str, Query], store: ox.Store) -> None:
        """Fails when an answer changes: look at the difference, and write it anew only if it is meant."""
        answer = run(store, queries[name].text)
        ours = as_csv(answer.names, answer.rows).encode()
        path = GOLDEN / f"{name}.csv"
        assert path.exists(), "run: make golden"
        assert ours.decode().splitlines() == path.read_bytes().decode().splitlines()
        assert ours == path.read_bytes()

    def test_no_golden_is_left_over(self) -> None:
        """Fails when a query was renamed and its old answer stayed."""
        assert sorted(path.stem for path in GOLDEN.glob("*")) == NAMES

    @pytest.mark.parametrize("name", NAMES)
    def test_the_site_publishes_the_same(self, name: str, site: Path) -> None:
        """Fails when the site's copy of an answer is not the known one, or its query not the file's."""
        assert (site / f"queries/{name}.csv").read_bytes() == (GOLDEN / f"{name}.csv").read_bytes()
        assert (site / f"queries/{name}.rq").read_bytes() == (FOLDER / f"{name}.rq").read_bytes()

    @pytest.mark.parametrize("name", NAMES)
    def test_the_order_is_total(self, name: str, queries: dict[str, Query], cities: tuple[CityData, ...]) -> None:
        """Fails when two rows, or the parts of a cell, change places with the order in which the data were loaded."""
        answers = []
        for seed in range(3):
            loaded = [(one.graph, list(one.index.triples)) for one in cities if one.index]
            for _, triples in loaded:
                random.Random(seed).shuffle(triples)  # noqa: S311 - an order, no secret
            answers.append(run(store_of([(graph, as_ntriples(one)) for graph, one in loaded]), queries[name].text))
        assert answers[0].rows
        for other in answers[1:]:
            assert other.rows == answers[0].rows

    @pytest.mark.parametrize("name", NAMES)
    def test_formats_are_those_of_the_engine(self, name: str, queries: dict[str, Query], store: ox.Store) -> None:
        """Fails when our CSV or JSON says something else than the engine's own of the same results."""
        text = queries[name].text
        answer = run(store, text)
        theirs = solutions(store, text).serialize(format=ox.QueryResultsFormat.CSV)
        assert theirs is not None
        assert as_csv(answer.names, answer.rows) == theirs.decode()
        theirs = solutions(store, text).serialize(format=ox.QueryResultsFormat.JSON)
        assert theirs is not None
        assert json.loads(as_json(answer.names, answer.rows)) == json.loads(theirs)

    def test_formats_of_every_kind_of_term(self) -> None:
        """Fails when a term that the city happens not to have is written otherwise than the engine writes it."""
        text = r"""
            SELECT * { VALUES (?a ?b ?c) {
              (<https://example.org/é> "quote \" comma , line \n return \r tab \t back \\ end" "x"@en-GB)
              (1 1.50 1e3) (true "2024-03-31"^^<http://www.w3.org/2001/XMLSchema#date> UNDEF)
              ("" " " "\u0001\u2028苫\U0001F600") (UNDEF UNDEF UNDEF) ("\"^^<x>" "a@en" "\\n")
            } }"""
        store = ox.Store()
        answer = run(store, text)
        theirs = [
            solutions(store, text).serialize(format=one)
            for one in (ox.QueryResultsFormat.CSV, ox.QueryResultsFormat.JSON)
        ]
        assert as_csv(answer.names, answer.rows).encode() == theirs[0]
        assert json.loads(as_json(answer.names, answer.rows)) == json.loads(theirs[1] or b"")


ECHO = parse(
    "echo",
    f"{HEADER}# returns: word (string)\n# param: word | string | a | Word | 言葉\n\n"
    'SELECT ?word { VALUES ?word { "a" } }',
)
PAIR = parse(
    "pair",
    f"{HEADER}# returns: one (string), two (string)\n# param: one | string | a | One | 一\n"
    "# param: two | string | b | Two | 二\n\n"
    'SELECT ?one ?two {\n  VALUES ?one { "a" }\n  VALUES ?two { "b" }\n}',
)
HOSTILE = [
    *(
        '"',
        "'",
        '"""',
        "\\",
        '\\"',
        "}",
        "} }",
        "{",
        "\n",
        "\r\n",
        "\t",
        "\0",
        "\x1f",
        "\x7f",
        "\u2028",
        "\ufeff",
        "#",
        "?word",
    ),
    '" } } DELETE WHERE { ?s ?p ?o } #',
    '" } ?s ?p ?o . { VALUES ?x { "',
    '"@en } UNION { ?s ?p ?word } #',
    '"^^<http://www.w3.org/2001/XMLSchema#integer>',
    "\\u0022 } ?s ?p ?o { #",
    "SERVICE <http://127.0.0.1:9/> { ?s ?p ?o }",
    'VALUES ?two { "x" }',
    'VALUES ?word { "x" }',
    "\\g<0>\\1",
    "a" * 4096,
    '"}\n' * 1365,
    "e\u0301苫\U0001f600\U0010ffff",
]
TEXTS = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("\"'\\{}?#<>@^\n\r"), max_size=60)


def _echoed(text: str) -> list[tuple[str | None, ...]]:
    return [tuple(None if one is None else value_of(one) for one in row) for row in run(ox.Store(), text).rows]


class TestParameters:
    """A parameter is a term, whatever it holds."""

    @settings(max_examples=200, deadline=None)
    @given(word=TEXTS)
    def test_any_text_comes_back(self, word: str) -> None:
        """Fails when a text gets out of its literal, or comes back changed."""
        assert _echoed(bound(ECHO, {"word": word})) == [(word,)]

    @settings(max_examples=100, deadline=None)
    @given(one=TEXTS, two=TEXTS)
    @example(one='VALUES ?two { "x" }', two='"')
    @example(one="VALUES ?two { }", two="VALUES ?one { }")
    def test_two_texts_do_not_touch_each_other(self, one: str, two: str) -> None:
        """Fails when binding the second parameter finds its place inside the first one's text."""
        assert _echoed(bound(PAIR, {"one": one, "two": two})) == [(one, two)]
        assert _echoed(bound(PAIR, {"two": two, "one": one})) == [(one, two)]

    @pytest.mark.parametrize("word", HOSTILE)
    def test_hostile_words(self, word: str, queries: dict[str, Query], store: ox.Store) -> None:
        """Fails when a word made to break out of the query does, or finds what does not hold it."""
        assert _echoed(bound(ECHO, {"word": word})) == [(word,)]
        before = len(store)
        rows = run(store, bound(queries["text_search"], {"word": word})).rows
        assert [row for row in rows if word.lower() not in value_of(row[2] or "").lower()] == []
        assert len(store) == before

    @pytest.mark.parametrize(
        ("type_", "value"),
        [
            *(
                ("iri", value)
                for value in ("", "a b", "x", "a>b", 'a"b', "https://e.org/<", "https://e.org/\n", "> } #")
            ),
            *(("integer", value) for value in ("", "1.5", "x", "1 2", "１", "+1", "1}", "9" * 19)),
            *(("decimal", value) for value in ("", ".", "1.", "1e3", "1,5", "NaN")),
            *(("boolean", value) for value in ("", "1", "True", "yes")),
            *(("date", value) for value in ("", "2024-3-1", "20240301", "2024-03-31T00:00:00", "2024-03-31\n")),
        ],
    )
    def test_a_value_of_another_type_is_refused(self, type_: str, value: str) -> None:
        """Fails when what is no such term is pasted into a query."""
        with pytest.raises(PledgeError, match=f"expected {type_}, got"):
            term_of(type_, value)

    @pytest.mark.parametrize(
        ("type_", "value"),
        [
            ("iri", "https://example.org/a#b"), ("iri", "urn:x:苫"), ("integer", "-7"), ("decimal", "59.2"),
            ("boolean", "true"), ("date", "2024-03-31"), ("string", "x"),
        ],
    )  # fmt: skip
    def test_a_value_of_its_type_is_that_term(self, type_: str, value: str) -> None:
        """Fails when a value becomes a term of another type."""
        text = f"SELECT ?x {{ VALUES ?x {{ {term_of(type_, value)} }} }}"
        (row,) = solutions(ox.Store(), text)
        term = row["x"]
        if type_ == "iri":
            assert term == ox.NamedNode(value)
        else:
            assert term == ox.Literal(value, datatype=ox.NamedNode(f"{XSD}{type_}"))

    def test_a_parameter_that_the_query_does_not_have(self, queries: dict[str, Query]) -> None:
        """Fails when a misspelt parameter is passed over and the default is asked instead."""
        with pytest.raises(PledgeError, match=r"query 'text_search' has no parameter 'words' \(it has: word\)"):
            bound(queries["text_search"], {"words": "x"})
        with pytest.raises(PledgeError, match="has no parameter"):
            bound(queries["overall_progress"], {"word": "x"})


class TestTextSearch:
    """Free text over titles, actions and departments."""

    @pytest.mark.parametrize(
        "word", ["ゼロカーボン", "苫小牧", "WI-FI", "wi-fi", "carbon", "高丘・錦多峰浄水場", "。", "どこにもない"]
    )
    def test_a_word(self, word: str, data: Path, queries: dict[str, Query], store: ox.Store) -> None:
        """Fails when a text that holds the word is not found, or one is found that does not."""
        texts: list[tuple[str, str]] = []
        for kind, files, columns in (
            ("Policy", "*/*/policies.csv", ("title_ja", "title_en")),
            ("Pledge", "*/*/pledges.csv", ("title_ja", "title_en")),
            ("Measure", "*/*/measures.csv", ("title_ja", "title_en")),
            ("Department", "*/departments.csv", ("name_ja", "name_en")),
            ("Action", "*/*/actions/*.csv", ("text_ja",)),
        ):
            for file in data.glob(files):
                with file.open(encoding="utf-8", newline="") as lines:
                    texts += [(kind, row[column]) for row in csv.DictReader(lines) for column in columns]
        expected = sorted((kind, text) for kind, text in texts if word.lower() in text.lower())
        rows = run(store, bound(queries["text_search"], {"word": word})).rows
        assert sorted((value_of(kind or ""), value_of(text or "")) for _, kind, text in rows) == expected
        assert bool(rows) == (word != "どこにもない")


class TestFigureSource:
    """The way from a figure to the line it stands on."""

    def test_a_policy(self, queries: dict[str, Query], store: ox.Store) -> None:
        """Fails when a figure does not lead to the lines that print it."""
        thing = f"{BASE}jp/012131/2022/policy/3"
        rows = run(store, bound(queries["figure_source"], {"thing": thing})).rows
        assert [(value_of(row[3] or ""), value_of(row[5] or "")) for row in rows] == [("60", "58"), ("60", "162")]
        assert all("育てます" in value_of(row[6] or "") for row in rows)

    def test_a_measure_whose_stars_cannot_be_read(self, queries: dict[str, Query], store: ox.Store) -> None:
        """Fails when the inferred figure hides the printed one, or the other way round."""
        rows = run(store, bound(queries["figure_source"], {"thing": f"{BASE}jp/012131/2022/measure/5-3-1"})).rows
        assert sorted((value_of(row[2] or ""), value_of(row[4] or '""')) for row in rows) == [
            ("Inferred", "4"),
            ("Published", ""),
        ]


class TestCommand:
    """``pledge-ld query`` in every format."""

    @pytest.mark.parametrize("name", NAMES)
    def test_csv_json_and_table(
        self, name: str, root: Path, queries: dict[str, Query], cli: Callable[..., Run]
    ) -> None:
        """Fails when the command answers otherwise than the site, or a format loses rows."""
        golden = (GOLDEN / f"{name}.csv").read_bytes().decode()
        run_ = cli(root, "query", name, "--format", "csv")
        assert (run_.code, run_.err) == (0, "")
        assert run_.out.replace("\r\n", "\n") == golden.replace("\r\n", "\n")
        rows = list(csv.reader(io.StringIO(golden, newline="")))
        names = [one for one, _ in queries[name].returns]
        assert rows[0] == names
        run_ = cli(root, "query", name, "--format", "json")
        assert run_.code == 0
        parsed = json.loads(run_.out)
        assert parsed["head"]["vars"] == names
        found = [[row.get(one, {"value": ""})["value"] for one in names] for row in parsed["results"]["bindings"]]
        assert found == rows[1:]
        run_ = cli(root, "query", name)
        assert run_.code == 0
        assert run_.out.splitlines()[0].split() == names
        assert len(run_.out.splitlines()) == len(rows)

    def test_rows_are_no_turtle(self, root: Path, cli: Callable[..., Run]) -> None:
        """Fails when a format that cannot be is answered with something else."""
        run_ = cli(root, "query", "overall_progress", "--format", "turtle")
        assert (run_.code, run_.out) == (2, "")
        assert "table, csv or json" in run_.err

    def test_a_file_of_ones_own(self, root: Path, tmp_path: Path, cli: Callable[..., Run]) -> None:
        """Fails when a CONSTRUCT does not answer in Turtle, or an ASK not with a word."""
        construct = tmp_path / "c.rq"
        construct.write_text(
            "CONSTRUCT { ?p ?q ?o } WHERE { ?p a <https://w3id.org/pledge-ld/ns#Policy> ; ?q ?o ;"
            " <http://purl.org/dc/terms/isPartOf> <https://w3id.org/pledge-ld/jp/012131/2022> }",
            encoding="utf-8",
        )
        run_ = cli(root, "query", str(construct), "--format", "turtle")
        assert run_.code == 0, run_.err
        parsed = list(ox.parse(run_.out.encode(), ox.RdfFormat.TURTLE))
        assert len({one.subject for one in parsed}) == 5
        assert "skos:prefLabel" in run_.out
        ask = tmp_path / "a.rq"
        ask.write_text("ASK { ?p a <https://w3id.org/pledge-ld/ns#Policy> }", encoding="utf-8")
        assert cli(root, "query", str(ask), "--format", "csv").out.split() == ["boolean", "true"]
        answer = json.loads(cli(root, "query", str(ask), "--format", "json").out)
        assert answer["boolean"] is True

    def test_a_word_from_the_command_line(self, root: Path, cli: Callable[..., Run]) -> None:
        """Fails when a parameter with an equals sign, a quote or a brace is cut or pasted."""
        run_ = cli(root, "query", "text_search", "--param", 'word="} = {"', "--format", "csv")
        assert (run_.code, run_.out.split()) == (0, ["thing,kind,text"])
        run_ = cli(root, "query", "text_search", "--param", "word=錦多峰", "--format", "csv")
        assert "高丘・錦多峰浄水場" in run_.out

    @pytest.mark.parametrize(
        "arguments",
        [
            ["no_such_query"],
            ["no_such_file.rq"],
            ["text_search", "--param", "word"],
            ["text_search", "--param", "words=x"],
            ["figure_source", "--param", "thing=no iri"],
            ["text_search", "--param", "word=\udcff"],
            ["../queries/text_search"],
        ],
    )
    def test_wrong_use(self, arguments: list[str], root: Path, cli: Callable[..., Run]) -> None:
        """Fails when a wrong call is a traceback, an empty answer, or no exit code of 2."""
        run_ = cli(root, "query", *arguments)
        assert (run_.code, run_.out) == (2, "")
        assert run_.err.startswith("pledge-ld: ")

    @pytest.mark.parametrize(
        "text", ["", "SELECT", "SELECT * { ?s ?p }", "DELETE WHERE { ?s ?p ?o }", "\0", "é" * 5000]
    )
    def test_what_is_no_query(self, text: str, root: Path, tmp_path: Path, cli: Callable[..., Run]) -> None:
        """Fails when a file that is no query is a traceback, or an update is run."""
        path = tmp_path / "q.rq"
        path.write_text(text, encoding="utf-8")
        run_ = cli(root, "query", str(path))
        assert (run_.code, run_.out) == (2, "")
        assert run_.err.startswith("pledge-ld: not a SPARQL query: ")

    def test_data_that_do_not_hold(self, workspace: Path, cli: Callable[..., Run]) -> None:
        """Fails when a query is answered from records that a build would refuse."""
        path = workspace / "data/jp-012131-tomakomai/2022/policies.csv"
        path.write_text("", encoding="utf-8")
        run_ = cli(workspace, "query", "overall_progress")
        assert (run_.code, run_.out) == (1, "")
        assert "[file-empty]" in run_.err
