"""Options that several commands have, and the bounds of the server."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable


class Amount(click.FloatRange):
    """A number with its bounds, which nan is in none of."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The number."""
        found: float = super().convert(value, param, ctx)
        return self.fail(f"{value!r} is not a number / 数値ではありません", param, ctx) if math.isnan(found) else found


class Place(click.Path):
    """A path. "", as a script with an unset variable gives it, is none: as a path it would be the current folder."""

    def __init__(self) -> None:
        super().__init__(path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path."""
        if str(value) == "":
            here = "expected a path ('.' is the current folder), got nothing"
            self.fail(f"{here} / 場所を指定してください(今のフォルダは「.」)", param, ctx)
        return super().convert(value, param, ctx)


DATA = click.option("--data", type=Place(), default=Path("data"), show_default=True, help="The cities' folders.")
BASE = click.option("--base-iri", metavar="IRI", help="Mint IRIs under this address (default: that of pledge_ld.toml).")
ENGINE = click.option(
    "--engine", type=click.Choice(["shacl", "pyshacl"]), help="SHACL engine (default: shacl where it is installed)."
)

ENDPOINTS = click.option(
    "--endpoint", "endpoints", multiple=True, metavar="URL",
    help="Ask this SPARQL endpoint instead of the records here; may repeat.",
)  # fmt: skip
TIMEOUT = click.option(
    "--timeout", type=Amount(0.1, 3600), default=30, show_default=True,
    help="Seconds for all endpoints together.",
)  # fmt: skip


_DAY, _MIB = 86_400, 4095
_BOUNDS: tuple[tuple[str, click.ParamType[Any], float | None, str], ...] = (
    ("--max-connections", click.IntRange(1, 1_000_000), 2000, "Open at once."),
    ("--head-timeout", Amount(0.1, _DAY), 10, "For a request's head."),
    ("--stall-timeout", Amount(0.1, _DAY), 60, "For the next piece, either way."),
    ("--keep-alive", click.IntRange(1, _DAY), 5, "For a connection to idle after an answer."),
    ("--shutdown-timeout", click.IntRange(0, _DAY), 10, "To end what is begun."),
    ("--query-timeout", Amount(0.5, _DAY), 10, "For a query, its waiting and its whole answer."),
    ("--light-timeout", Amount(0.01, _DAY), 0.25, "After which a query goes to the slow workers."),
    ("--max-query", Amount(0.001, 64), 1, "MiB of a query."),
    ("--max-rows", click.IntRange(1, 1_000_000_000), 10_000, "Rows or triples of an answer."),
    ("--max-answer", Amount(0.001, _MIB), 16, "MiB of an answer."),
    ("--query-memory", Amount(64, 1 << 20), 512, "MiB that a worker may take beside the data."),
    ("--workers", click.IntRange(1, 256), None, "Quick queries answered at once."),
    ("--slow-workers", click.IntRange(1, 256), None, "Slow queries answered at once."),
    ("--max-waiting", click.IntRange(0, 100_000), 64, "Queries that wait for each kind of worker."),
    ("--answer-cache", Amount(0, 1 << 20), 64, "MiB of answers kept, to be sent again."),
)
"""What one visitor or one query may take: the option, its bounds, its default, and what it bounds."""


def bounded(function: Callable[..., None]) -> Callable[..., None]:
    """The command, with an option for each bound."""
    for name, kind, default, text in reversed(_BOUNDS):
        shown = True if default is not None else "cores, at most 4"
        function = click.option(name, type=kind, default=default, show_default=shown, help=text)(function)
    return function
