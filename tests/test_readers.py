"""Every RDF file that a build writes is read by every reader that knows its format, and all find as many statements.

That the forms of a document are one graph is test_formats.py's. Here each file is read on its own, by name or not: what
the site holds is walked, so that a new file is judged without being listed.
"""

from __future__ import annotations

import json
import subprocess
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import pytest
import rdflib
from judges import TOOLS, module, program
from pyld import jsonld

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Counts = dict[Path, int]
FORMS = {
    ".jsonld": "application/ld+json",
    ".nq": "application/n-quads",
    ".nt": "application/n-triples",
    ".rdf": "application/rdf+xml",
    ".ttl": "text/turtle",
}
RAPPER = {".nq": "nquads", ".nt": "ntriples", ".rdf": "rdfxml", ".ttl": "turtle"}
EXAMPLES = {
    ".jsonld": '{"@id": "https://a.example/s", "https://a.example/p": ["o", "o"]}',
    ".nq": '<https://a.example/s> <https://a.example/p> "o" <https://a.example/g> .\n' * 2,
    ".nt": '<https://a.example/s> <https://a.example/p> "o" .\n' * 2,
    ".rdf": '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:a="https://a.example/">'
    '<rdf:Description rdf:about="https://a.example/s"><a:p>o</a:p><a:p>o</a:p></rdf:Description></rdf:RDF>',
    ".ttl": '<https://a.example/s> <https://a.example/p> "o", "o" .',
}
"""One statement, made twice."""


def form(path: Path) -> str:
    """The ending that says what a file is: VoID has none, by its own rule."""
    return ".ttl" if path.parts[-2:] == (".well-known", "void") else path.suffix


def published(site: Path) -> list[Path]:
    """Every file of RDF. The context that is there for others to use says nothing of its own."""
    found = sorted(one for one in site.rglob("*") if form(one) in FORMS and one != site / "context.jsonld")
    assert len(found) > 300
    return found


def by_oxigraph(paths: Iterable[Path]) -> Counts:
    """The counts of pyoxigraph, without a base: a relative IRI is an error."""
    return {one: len(set(ox.parse(one.read_bytes(), ox.RdfFormat.from_media_type(FORMS[form(one)])))) for one in paths}


def by_rdflib(paths: Iterable[Path]) -> Counts:
    """The counts of rdflib, of literals as they are written: a rewritten one could fall on another."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rdflib, "NORMALIZE_LITERALS", False)
        return {one: len(rdflib.Dataset().parse(one, format=FORMS[form(one)])) for one in paths}


def by_pyld(paths: Iterable[Path]) -> Counts:
    """The counts of the reference implementation of JSON-LD, which may fetch nothing."""

    def refuse(address: str, _: Any) -> Any:
        raise AssertionError(f"refers to {address}")

    options = {"format": "application/n-quads", "documentLoader": refuse}
    return {one: distinct(jsonld.to_rdf(json.loads(one.read_bytes()), options)) for one in paths}


def by_rapper(paths: Iterable[Path]) -> Counts:
    """The counts of Raptor, which takes one file a call."""
    read = partial(_rapped, program("rapper"))
    wanted = list(paths)
    with ThreadPoolExecutor(2) as pool:
        return dict(zip(wanted, pool.map(read, wanted), strict=True))


def _rapped(rapper: str, path: Path) -> int:
    kind = RAPPER[form(path)]
    output = "nquads" if kind == "nquads" else "ntriples"
    run = subprocess.run(
        [rapper, "-q", "-i", kind, "-o", output, str(path)], capture_output=True, text=True, check=False, timeout=60
    )
    if run.returncode or run.stderr:
        raise ValueError(f"{path}: {run.stderr}")
    return distinct(run.stdout)


def by_node(paths: Iterable[Path]) -> Counts:
    """The counts of npm's jsonld, which drops nothing in silence and may fetch nothing."""
    module("jsonld")
    text = "".join(f"{one}\n" for one in paths)
    command = [program("node"), str(TOOLS / "count.js")]
    run = subprocess.run(command, input=text, capture_output=True, text=True, check=False, timeout=120)
    if run.returncode:
        raise ValueError(run.stderr)
    return {Path(one): count for one, count in json.loads(run.stdout).items()}


def distinct(text: str) -> int:
    """How many different lines of N-Triples or N-Quads there are."""
    return len({one for one in text.split("\n") if one})


READERS: dict[str, tuple[Callable[[Iterable[Path]], Counts], set[str]]] = {
    "rapper": (by_rapper, set(RAPPER)),
    "rdflib": (by_rdflib, set(FORMS)),
    "pyld": (by_pyld, {".jsonld"}),
    "node": (by_node, {".jsonld"}),
}
"""Each reader with the endings it knows. pyoxigraph knows all of them, and is what the others are compared with."""
CASES = [(name, ending) for name, (_, known) in READERS.items() for ending in sorted(known)]


def example(folder: Path, ending: str, text: str) -> Path:
    """A file of that kind."""
    path = folder / f"example{ending}"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(("name", "ending"), CASES)
def test_a_reader_refuses_what_is_broken(name: str, ending: str, tmp_path: Path) -> None:
    """A reader that passes over a file cut short, or half of it, would agree with anything."""
    path = example(tmp_path, ending, EXAMPLES[ending][:-9])
    with pytest.raises(Exception, match=r"\S"):
        READERS[name][0]([path])


@pytest.mark.parametrize(("name", "ending"), CASES)
def test_a_statement_made_twice_counts_once(name: str, ending: str, tmp_path: Path) -> None:
    """Else the readers would be compared by how often something is said."""
    path = example(tmp_path, ending, EXAMPLES[ending])
    assert READERS[name][0]([path]) == by_oxigraph([path]) == {path: 1}


@pytest.mark.parametrize("name", ["pyld", "node"])
def test_a_remote_context_is_not_fetched(name: str, tmp_path: Path) -> None:
    """A file that needs the network to be read must fail here, not be read by the grace of a server."""
    path = example(tmp_path, ".jsonld", '{"@context": "https://a.example/context", "@id": "https://a.example/s"}')
    with pytest.raises((ValueError, jsonld.JsonLdError)) as error:
        READERS[name][0]([path])
    first: BaseException = error.value
    while first.__cause__ is not None:
        first = first.__cause__
    assert "refers to https://a.example/context" in str(first)


def test_a_key_that_no_context_explains_is_an_error(tmp_path: Path) -> None:
    """Readers drop such a key in silence, and agree that there is nothing."""
    path = example(tmp_path, ".jsonld", EXAMPLES[".jsonld"].replace("}", ', "stars": 4}'))
    with pytest.raises(ValueError, match="Dropping property"):
        by_node([path])


@pytest.mark.parametrize("name", READERS)
def test_every_reader_finds_as_many_statements(name: str, site: Path) -> None:
    """A file that one library reads otherwise is another file to those who use it."""
    read, known = READERS[name]
    files = [one for one in published(site) if form(one) in known]
    assert files
    expected, found = by_oxigraph(files), read(files)
    assert all(expected.values())
    assert {one: found.get(one) for one in files if found.get(one) != expected[one]} == {}
