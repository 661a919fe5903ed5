"""Where a source's graph comes from, in PROV: what people and queries read, and what the next harvest begins with.

All of it stands in one graph, `provenance_graph`, whatever source it is about; each source's file holds its own part.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pledge_ld.catalog.vocabulary import ALGORITHM, CHECKSUM, CHECKSUM_CLASS, CHECKSUM_VALUE, DCAT, SHA256, typed_string
from pledge_ld.graph import Index
from pledge_ld.term import SHAPES, Namespace, Term, Triple, curie, integer, iri, string, tagged, value_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_A = curie("rdf:type")
_PROV, _DCT, _OA, _RDFS, _DQV = (Namespace(one) for one in ("prov", "dcterms", "oa", "rdfs", "dqv"))
_HTTP = "http://www.w3.org/2011/http#"
_HEADER, _NAME, _VALUE = (f"<{_HTTP}{one}>" for one in ("ResponseHeader", "hdrName", "fieldValue"))
_ETAG, _LAST_MODIFIED = (f"<http://www.w3.org/2011/http-headers#{one}>" for one in ("etag", "last-modified"))
_TRIPLES = "<http://rdfs.org/ns/void#triples>"
_KINDS = {"catalogue": DCAT["Catalog"], "data": DCAT["Distribution"], "rules": _DCT["Standard"]}


@dataclass(frozen=True, slots=True)
class Part:
    """A file that a source consists of: what it is (catalogue, data), its SHA-256, and what its server said of it."""

    url: str
    kind: str
    sha256: str
    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True)
class Old:
    """That the copy is no longer the source's own: since when, and why no newer one was taken, in both languages."""

    since: str
    english: str
    japanese: str


@dataclass(frozen=True, slots=True)
class Source:
    """A harvested source: its address, its graph, and how it came to be here.

    ``retrieved`` is when its graph was taken, in UTC; ``rules`` the digest of the shapes and terms it was held to.
    """

    url: str
    graph: Term
    retrieved: str
    statements: int
    rules: str
    parts: tuple[Part, ...]
    old: Old | None = None


def provenance_graph(base: str) -> Term:
    """The graph in which the provenance of all sources stands."""
    return f"<{base}harvest>"


def slug(url: str) -> str:
    """The name of a source's file and graph: its host, for people, and a digest of its address.

    >>> slug("https://www.city.example.jp/catalog.ttl")
    'www-city-example-jp-897ad786cd60'
    """
    host = (urlsplit(url).hostname or "").lower()
    plain = "".join(one if one.isalnum() and one.isascii() else "-" for one in host)[:60].strip("-")
    return f"{plain or 'host'}-{sha256(url.encode()).hexdigest()[:12]}"


def graph_of(url: str, base: str) -> Term:
    """The graph of a source. Its name is ours to give: a source cannot choose that of another, or of our own."""
    return f"<{base}harvest/{slug(url)}>"


def quads(source: Source, base: str) -> str:
    """The source's provenance as sorted N-Quads."""
    graph = provenance_graph(base)
    return "".join(f"{s} {p} {o} {graph} .\n" for s, p, o in sorted(set(_triples(source))))


def _triples(source: Source) -> Iterator[Triple]:
    node = source.graph
    activity = _of(node, "harvest")
    yield node, _A, _PROV["Entity"]
    yield node, _PROV["wasDerivedFrom"], iri(source.url)
    yield node, _PROV["generatedAtTime"], _time(source.retrieved)
    yield node, _PROV["wasGeneratedBy"], activity
    yield node, _TRIPLES, integer(source.statements)
    yield activity, _A, _PROV["Activity"]
    yield activity, _PROV["endedAtTime"], _time(source.retrieved)
    rules = Part(SHAPES.removesuffix("#"), "rules", source.rules)
    for number, part in enumerate((rules, *source.parts)):
        one = _of(node, f"part-{number}")
        yield activity, _PROV["used"], one
        yield from _part(one, part)
        if part.kind == "data":
            yield node, _PROV["wasDerivedFrom"], iri(part.url)
    if source.old:
        note = _of(node, "old")
        yield note, _A, _OA["Annotation"]
        yield note, _OA["hasTarget"], node
        yield note, _OA["motivatedBy"], _DQV["qualityAssessment"]
        yield note, _DCT["created"], _time(source.old.since)
        yield note, _RDFS["comment"], tagged(source.old.english, "en")
        yield note, _RDFS["comment"], tagged(source.old.japanese, "ja")


def _part(node: Term, part: Part) -> Iterator[Triple]:
    yield node, _A, _PROV["Entity"]
    yield node, _DCT["type"], _KINDS[part.kind]
    yield node, _PROV["specializationOf"], iri(part.url)
    digest = _of(node, "sha256")
    yield node, CHECKSUM, digest
    yield digest, _A, CHECKSUM_CLASS
    yield digest, ALGORITHM, SHA256
    yield digest, CHECKSUM_VALUE, typed_string(part.sha256, "hexBinary")
    for name, header, value in (("etag", _ETAG, part.etag), ("modified", _LAST_MODIFIED, part.last_modified)):
        if value:
            field = _of(node, name)
            yield field, _A, _HEADER
            yield field, _DCT["isPartOf"], node
            yield field, _NAME, header
            yield field, _VALUE, string(value)


def _of(node: Term, name: str) -> Term:
    return f"{node[:-1]}-{name}>" if "#" in node else f"{node[:-1]}#{name}>"


def _time(text: str) -> Term:
    return typed_string(text, "dateTime")


def source_of(triples: Iterable[Triple]) -> Source | None:
    """The source that provenance of one describes, or None where it is not what `quads` writes."""
    index = Index(triples)
    graphs = index.by_subject.keys() & {one for one, predicate, _ in index.triples if predicate == _TRIPLES}
    if len(graphs) != 1:
        return None
    node = graphs.pop()
    parts = [_read_part(index, one) for one in index.objects(_of(node, "harvest"), _PROV["used"])]
    rules = [one for one in parts if one.kind == "rules"]
    ours = tuple(sorted((one for one in parts if one.kind != "rules"), key=lambda one: (one.kind, one.url)))
    addresses = [value_of(one) for one in index.objects(node, _PROV["wasDerivedFrom"])]
    named = [one for one in addresses if node.endswith(f"/{slug(one)}>")]
    statements = index.value(node, _TRIPLES)
    if not (len(rules) == len(named) == 1 and statements.isdigit()):
        return None
    found = Source(
        named[0],
        node,
        index.value(node, _PROV["generatedAtTime"]),
        int(statements),
        rules[0].sha256,
        ours,
    )
    note = _of(node, "old")
    if note not in index.by_subject:
        return found
    english, japanese = (index.in_language(note, _RDFS["comment"], one) for one in ("en", "ja"))
    return replace(found, old=Old(index.value(note, _DCT["created"]), english, japanese))


def _read_part(index: Index, node: Term) -> Part:
    kinds = {term: kind for kind, term in _KINDS.items()}
    return Part(
        index.value(node, _PROV["specializationOf"]),
        kinds.get(index.one(node, _DCT["type"]) or "", ""),
        index.value(_of(node, "sha256"), CHECKSUM_VALUE),
        index.value(_of(node, "etag"), _VALUE),
        index.value(_of(node, "modified"), _VALUE),
    )
