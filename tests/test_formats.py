"""Every published document says the same in all its forms, to readers that know nothing of each other.

The three readers are pyoxigraph, rdflib and pyld. Each one's triples become N-Quads, and N-Quads are compared as
canonical sets (RDFC-1.0), so that blank nodes in the ontology and the shapes do not matter and everything else does.
"""

from __future__ import annotations

import json
import re
from functools import cache
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import pytest
import rdflib
from pyld import jsonld

from pledge_ld.term import BASE, NS, SHAPES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from pledge_ld.publish import CityData

Quads = frozenset[tuple[str, str, str, str]]
_ABSOLUTE = re.compile(r"(?:https?|mailto):[^\s<>\"{}|\\^`\x00-\x20]+")


@pytest.fixture(autouse=True)
def texts_as_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without this rdflib rewrites literals on reading ("2024-05" of a month becomes a day), and hides differences."""
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)


def documents(site: Path) -> list[Path]:
    """Every document that is published in Turtle, dumps and vocabulary included."""
    found = sorted(site.rglob("*.ttl"))
    assert len(found) > 150
    return found


def canonical(quads: Iterable[ox.Quad]) -> Quads:
    """The quads with blank nodes named by what they say, and language tags in one case (RFC 5646 knows none)."""
    dataset = ox.Dataset(quads)
    if any(isinstance(one, ox.BlankNode) for quad in dataset for one in (quad.subject, quad.object)):
        dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return frozenset(
        (str(one.subject), str(one.predicate), _lower_tag(one.object), str(one.graph_name)) for one in dataset
    )


def _lower_tag(term: Any) -> str:
    if isinstance(term, ox.Literal) and term.language:
        return str(ox.Literal(term.value, language=term.language.lower()))
    return str(term)


def by_oxigraph(path: Path) -> Quads:
    """What pyoxigraph reads. Without a base: a relative IRI is an error."""
    form = ox.RdfFormat.from_extension(path.suffix[1:])
    assert form is not None
    return canonical(ox.parse(path.read_bytes(), form))


def by_rdflib(path: Path) -> Quads:
    """What rdflib reads."""
    form = {".ttl": "turtle", ".nt": "nt", ".jsonld": "json-ld", ".nq": "nquads"}[path.suffix]
    found: rdflib.Graph = rdflib.Dataset() if form == "nquads" else rdflib.Graph()
    found.parse(data=path.read_bytes(), format=form, publicID="relative:/")
    text = found.serialize(format="nquads" if form == "nquads" else "nt")
    return canonical(ox.parse(text.encode(), ox.RdfFormat.N_QUADS))


def by_pyld(path: Path) -> Quads:
    """What pyld reads. A loader that fails stands where a reader would fetch a remote context."""

    def refuse(address: str, _: Any) -> Any:
        raise AssertionError(f"{path} refers to {address}")

    options = {"format": "application/n-quads", "documentLoader": refuse, "base": "relative:/"}
    text = jsonld.to_rdf(json.loads(path.read_bytes()), options)
    return canonical(ox.parse(text.encode(), ox.RdfFormat.N_QUADS))


def differing(pairs: Iterable[tuple[Path, Quads, Quads]]) -> list[str]:
    """The documents of which two readings differ, each with one statement that shows it."""
    return [f"{path}: {min(one ^ other)}" for path, one, other in pairs if one != other]


def test_pyoxigraph_reads_the_same_from_turtle_and_json_ld(site: Path) -> None:
    """One document, two forms, one graph."""
    found = documents(site)
    assert differing((one, by_oxigraph(one), by_oxigraph(one.with_suffix(".jsonld"))) for one in found) == []


def test_rdflib_reads_the_same_from_turtle_and_json_ld(site: Path) -> None:
    """The same to rdflib, and the same as to pyoxigraph."""
    found = documents(site)
    expected = {one: by_oxigraph(one) for one in found}
    assert all(expected.values())
    assert differing((one, expected[one], by_rdflib(one)) for one in found) == []
    assert differing((one, expected[one], by_rdflib(one.with_suffix(".jsonld"))) for one in found) == []


def test_pyld_reads_the_same_from_json_ld(site: Path) -> None:
    """The same to the reference implementation of JSON-LD, which fetches nothing on the way."""
    found = documents(site)
    assert differing((one, by_oxigraph(one), by_pyld(one.with_suffix(".jsonld"))) for one in found) == []


def test_the_dumps_are_one_graph(site: Path, built: CityData) -> None:
    """N-Triples, Turtle, JSON-LD and the N-Quads of all cities hold what the pipeline made, and nothing else."""
    assert built.index is not None
    stem = site / "data" / built.folder
    expected = canonical(
        ox.parse("".join(f"{s} {p} {o} .\n" for s, p, o in built.index.triples).encode(), ox.RdfFormat.N_TRIPLES)
    )
    assert len(expected) == len(built.index.triples)
    for suffix in (".nt", ".ttl", ".jsonld"):
        assert by_oxigraph(stem.with_suffix(suffix)) == expected, suffix
        assert by_rdflib(stem.with_suffix(suffix)) == expected, suffix
    named = frozenset((s, p, o, built.graph) for s, p, o, _ in expected)
    for everything in (by_oxigraph(site / "data" / "all.nq"), by_rdflib(site / "data" / "all.nq")):
        assert {one for one in everything if one[3] == built.graph} == named


def test_the_dump_is_the_sum_of_the_documents(site: Path, built: CityData) -> None:
    """Nothing is in a dump that no document shows, and no document of the city says more than its dump."""
    shown: set[tuple[str, str, str, str]] = set()
    for path in documents_of(site):
        shown |= by_oxigraph(path)
    whole = by_oxigraph(site / "data" / f"{built.folder}.nt")
    assert shown - whole - by_oxigraph(site / "catalog.ttl") == set()
    assert {one for one in whole - shown if one[0] != built.graph} == set()


def test_the_catalogue_stands_in_no_dump_and_in_the_documents_of_what_it_describes(site: Path, built: CityData) -> None:
    """A dump that described itself would hold its own checksum; a dataset's document must say where its files are."""
    dcat = "<http://www.w3.org/ns/dcat#"
    catalog, whole = by_oxigraph(site / "catalog.ttl"), by_oxigraph(site / "data" / f"{built.folder}.nt")
    assert not [one for one in whole if one[2].startswith((f"{dcat}D", f"{dcat}C"))]
    for name in ("2022/report/2024-03-31", "series"):
        document = f"{BASE}jp/012131/{name}"
        own = {one for one in catalog if _of(one[0], document)}
        assert len(own) > 10
        assert own <= by_oxigraph(site / f"jp/012131/{name}.ttl"), name


def test_a_document_is_the_thing_its_hashes_and_the_links_to_them(site: Path, built: CityData) -> None:
    """One file tells the whole of a thing: less would need a second file, more would be another thing's business."""
    whole = by_oxigraph(site / "data" / f"{built.folder}.nt") | by_oxigraph(site / "catalog.ttl")
    own_links = {one for one in whole if not one[0].startswith((f"<{BASE}catalog", "<http://", "<https://creative"))}
    for path in documents_of(site):
        document = f"{BASE}{path.relative_to(site).with_suffix('').as_posix()}"
        own = {quad for quad in whole if _of(quad[0], document)}
        links = {quad for quad in own_links if _of(quad[2], document)}
        assert own, path
        assert by_oxigraph(path) == own | links, path


def documents_of(site: Path) -> list[Path]:
    """The Turtle of every document of the first city."""
    own = [*(site / "jp" / "012131").rglob("*.ttl"), *(site / "mapping").glob("jp-012131-*.ttl")]
    return [site / "jp" / "012131.ttl", *sorted(own)]


def _of(term: str, document: str) -> bool:
    """Whether the term is the document's thing or one of its hash IRIs."""
    return term == f"<{document}>" or term.startswith(f"<{document}#")


def json_ld(site: Path) -> list[Path]:
    """Every JSON-LD document, the context for others to use left out."""
    return sorted(one for one in site.rglob("*.jsonld") if one.name != "context.jsonld")


def test_every_json_ld_embeds_its_context(site: Path) -> None:
    """A reader without a network, or before the namespace is registered, could not use a remote one."""
    expected = json.loads((site / "context.jsonld").read_bytes())["@context"]
    found = json_ld(site)
    assert len(found) == len(documents(site))
    for path in found:
        content = json.loads(path.read_bytes())
        assert content["@context"] == expected, path
        assert list(_remote(content)) == [], path


def _remote(content: Any) -> Iterator[Any]:
    """Contexts that would have to be fetched, at any depth."""
    if isinstance(content, dict):
        for key, value in content.items():
            if key == "@import":
                yield value
            if key == "@context":
                yield from (one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str))
            yield from _remote(value)
    elif isinstance(content, list):
        for one in content:
            yield from _remote(one)


def test_every_iri_is_absolute(site: Path) -> None:
    """An IRI that depends on where a file was fetched from means another thing in every copy."""
    for path in [*documents(site), *json_ld(site), *(site / "data").glob("*.n[tq]")]:
        reader = by_pyld if path.suffix == ".jsonld" else by_rdflib
        for quad in reader(path):
            for term in quad:
                if term.startswith("<"):
                    assert _ABSOLUTE.fullmatch(term[1:-1]), f"{path}: {term}"


def test_json_ld_writes_no_number_that_a_reader_would_change(site: Path) -> None:
    """A decimal written as a JSON number becomes a double, 59.2 becomes 5.92E1."""

    def floats(text: str) -> float:
        raise AssertionError(text)

    for path in json_ld(site):
        json.loads(path.read_bytes(), parse_float=floats)


def test_only_the_vocabulary_has_blank_nodes(site: Path) -> None:
    """A blank node in data cannot be linked to, and differs in every copy."""
    allowed = {"ns.ttl", "shapes.ttl", *(one.name for one in (site / "ns").glob("*.ttl"))}
    for path in documents(site):
        if path.name not in allowed:
            assert not any(term.startswith("_:") for quad in by_oxigraph(path) for term in quad), path


@cache
def prefixes(text: str) -> dict[str, str]:
    """The prefixes that a Turtle text declares."""
    return dict(re.findall(r"^@prefix ([a-z-]+): <([^>]+)> \.$", text, re.MULTILINE))


def test_the_turtle_is_for_people(site: Path) -> None:
    """The thing and its own class stand first, only prefixes in use are declared, and what has a prefix is short."""
    for path in sorted((site / "jp").rglob("*.ttl")):
        text = path.read_text(encoding="utf-8")
        first = text.partition("\n\n")[2]
        document = path.relative_to(site).with_suffix("").as_posix()
        assert first.startswith(f"<{document}>\n    a "), path
        body = re.sub(r'"(?:[^"\\]|\\.)*"', '""', first)
        assert set(prefixes(text)) == set(re.findall(r"(?<![<\w-])([a-z-]+):[A-Za-z]", re.sub(r"<[^>]*>", "", body))), (
            path
        )
        for namespace in (NS, SHAPES, BASE):
            # Addresses of files (here under the base too) stand whole: they move with the site, not with the data.
            assert not re.search(rf"<{re.escape(namespace)}(?![^>]*\.(?!rq)[a-z]+>)", body), path
