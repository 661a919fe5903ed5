"""What a site is made from, as one digest: when it has not changed, neither has the site."""

from __future__ import annotations

from dataclasses import astuple
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from pledge_ld.config import Config, product

if TYPE_CHECKING:
    from collections.abc import Iterator

_PRODUCT = ("ontology", "shapes", "queries", "site/templates", "site/static", "site/locales")
_LIBRARIES = ("jinja2", "orjson", "pyoxigraph")
"""Libraries whose next release may write the same thing otherwise."""


def digest(config: Config, data: Path, engine: str) -> str:
    """The digest of the records, of what the program ships, of the program itself and of its settings."""
    found = sha256(repr((astuple(config), engine, [version(name) for name in _LIBRARIES])).encode())
    for root in (data, *(product(name) for name in _PRODUCT), Path(__file__).parents[1]):
        for path in _files(root):
            content = path.read_bytes()
            found.update(f"\0{path.relative_to(root).as_posix()}\0{len(content)}\0".encode())
            found.update(content)
    return found.hexdigest()


def _files(root: Path) -> Iterator[Path]:
    for path in sorted(root.rglob("*")):
        # What is shipped is counted by its own names: an installed program has it inside itself, a checkout beside.
        if path.is_file() and path.suffix != ".pyc" and path.relative_to(root).parts[0] != "product":
            yield path
