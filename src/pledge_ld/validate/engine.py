"""Triples against the shapes → results, by one of two engines.

pyshacl is the reference; the engine used by default is faster by two orders, and a test holds the two equal
(docs/decisions/003). The city's arithmetic is checked only where the structure holds: one fault, one message.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from pledge_ld.config import product
from pledge_ld.problem import PledgeError
from pledge_ld.term import Term, string
from pledge_ld.validate.screen import may_screen, screen_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import pyoxigraph as ox

ENGINES = ("shacl", "pyshacl")
CONSISTENCY, CATALOG = "consistency", "catalog"
"""The shapes files that hold the city's own arithmetic, and what portals ask of a catalogue."""
_DATA, _SCREENED = "data", "screened"
"""The shapes of a city's data, and what an engine has yet to look at where the screen has passed."""


@dataclass(frozen=True, slots=True, order=True)
class Result:
    """One SHACL result, terms in N-Triples; ``path`` is a property path as SPARQL writes it."""

    focus: Term
    path: Term
    value: Term
    shape: Term
    component: str
    severity: str
    messages: tuple[str, ...]


@cache
def shapes_text(part: str) -> str:
    """The shapes as Turtle: ``structure``, ``consistency``, ``data`` (those two), ``catalog``, or ``all``."""
    files = sorted(product("shapes").glob("*.ttl"))
    parts = {CONSISTENCY: {"all", _DATA, CONSISTENCY}, CATALOG: {"all", CATALOG}}
    other = {"all", _DATA, "structure"}
    chosen = [one for one in files if one.stem == "prefixes" or part in parts.get(one.stem, other)]
    return "\n".join(one.read_text(encoding="utf-8") for one in chosen)


def default_engine() -> str:
    """The fast engine where it has a wheel, else the reference."""
    try:
        import shacl  # noqa: F401, PLC0415 - optional by platform
    except ImportError:
        return "pyshacl"
    return "shacl"


def run(ntriples: str, part: str, engine: str) -> list[Result]:
    """The results of the data against a part of the shapes, sorted.

    :raises PledgeError: when the engine is unknown or not installed
    """
    engines: dict[str, Callable[[str, str], list[Result]]] = {"shacl": _shacl, "pyshacl": _pyshacl}
    if engine not in engines:
        raise PledgeError(f"--engine: expected {' or '.join(ENGINES)}, got {engine} / どちらかを指定してください")
    return sorted(engines[engine](ntriples, part))


@cache
def _compiled(part: str) -> Any:
    try:
        import shacl  # noqa: PLC0415 - optional by platform
    except ImportError as error:
        message = "--engine: expected an engine that is installed, got shacl: use --engine pyshacl"
        raise PledgeError(f"{message} / shacl はこの環境にありません。--engine pyshacl を指定してください") from error
    if part == _SCREENED:
        return shacl.Shapes.from_text(screen_of(shapes_text(_DATA)).shapes, format="ntriples")
    return shacl.Shapes.from_turtle(shapes_text(part))


def _shacl(ntriples: str, part: str) -> list[Result]:
    report = _compiled(part).validate_text(ntriples, format="ntriples")
    return [
        Result(
            one.focus_node,
            one.path or "",
            one.value or "",
            one.source_shape or "",
            one.component,
            one.severity,
            tuple(one.messages),
        )
        for one in report.results
    ]


@cache
def _rdflib_shapes(part: str) -> Any:
    import rdflib  # noqa: PLC0415 - a tenth of a second that the fast engine does not need

    return rdflib.Graph().parse(data=shapes_text(part), format="turtle")


def _pyshacl(ntriples: str, part: str) -> list[Result]:
    import pyshacl  # noqa: PLC0415 - one engine of two: who uses the other need not have it
    import rdflib  # noqa: PLC0415 - one engine of two: who uses the other need not have it
    from rdflib.namespace import SH  # noqa: PLC0415 - one engine of two: who uses the other need not have it

    _, report, _ = pyshacl.validate(rdflib.Graph().parse(data=ntriples, format="nt"), shacl_graph=_rdflib_shapes(part))

    def text(node: Any) -> Term:
        return "" if node is None else str(node.n3())

    def path(node: Any) -> str:
        """A path in SPARQL's words: a property, one followed backwards, or a choice of several."""
        if (inverse := report.value(node, SH.inversePath)) is not None:
            return f"^{path(inverse)}"
        if (choices := report.value(node, SH.alternativePath)) is not None:
            return f"({'|'.join(path(one) for one in report.items(choices))})"
        return text(node)

    return [
        Result(
            text(report.value(node, SH.focusNode)),
            path(report.value(node, SH.resultPath)),
            text(report.value(node, SH.value)),
            text(report.value(node, SH.sourceShape)),
            str(report.value(node, SH.sourceConstraintComponent)).rpartition("#")[2],
            str(report.value(node, SH.resultSeverity)).rpartition("#")[2],
            tuple(str(one) for one in report.objects(node, SH.resultMessage)),
        )
        for node in report.subjects(predicate=SH.focusNode)
    ]


def validate(ntriples: str, engine: str, store: ox.Store | None = None) -> list[Result]:
    """The structure's results and, where it holds, the arithmetic's: of a city's data, not of a catalogue.

    With ``store``, which holds the same triples, the fast engine looks only once at data in which nothing is wrong.
    """
    if engine == ENGINES[0] and store is not None and may_screen(ntriples):
        results = run(ntriples, _SCREENED, engine)
        if not _violated(results) and screen_of(shapes_text(_DATA)).passes(store):
            return results
    with ThreadPoolExecutor(1) as aside:
        # The fast engine works outside Python's lock, on another core; the reference must not be asked in vain.
        early = aside.submit(run, ntriples, CONSISTENCY, engine) if engine == ENGINES[0] else None
        results = run(ntriples, "structure", engine)
        if _violated(results):
            return results
        return sorted(results + (early.result() if early else run(ntriples, CONSISTENCY, engine)))


def _violated(results: Iterable[Result]) -> bool:
    return any(one.severity == "Violation" for one in results)


def as_turtle(results: Iterable[Result], *, conforms: bool) -> str:
    """The results as a SHACL validation report in Turtle.

    ``conforms`` is the caller's to say: data that cannot be read, or that misspell a term, have no result here.
    """
    listed = sorted(results)
    nodes = [f"[] a sh:ValidationReport ;\n    sh:conforms {'true' if conforms else 'false'}"]
    for one in listed:
        facts = ["a sh:ValidationResult", f"sh:focusNode {one.focus}", f"sh:resultSeverity sh:{one.severity}"]
        if one.path:
            facts.append(f"sh:resultPath {_path(one.path)}")
        if one.value:
            facts.append(f"sh:value {one.value}")
        facts.append(f"sh:sourceShape {one.shape}")
        facts.append(f"sh:sourceConstraintComponent sh:{one.component}")
        facts += [f"sh:resultMessage {string(message)}" for message in one.messages]
        nodes.append("    sh:result [\n        " + " ;\n        ".join(facts) + "\n    ]")
    return "@prefix sh: <http://www.w3.org/ns/shacl#> .\n\n" + " ;\n".join(nodes) + " .\n"


def _path(path: str) -> str:
    """A path in SHACL's words."""
    if path.startswith("^"):
        return f"[ sh:inversePath {path[1:]} ]"
    return f"[ sh:alternativePath ( {' '.join(path[1:-1].split('|'))} ) ]" if path.startswith("(") else path
