"""What a site is made from, as two digests: when they have not changed, neither has the site."""

from __future__ import annotations

import os
from dataclasses import astuple, dataclass
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING
from zlib import ZLIB_RUNTIME_VERSION

from pledge_ld.config import Config, product
from pledge_ld.publish.packed import PACKINGS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_PRODUCT = ("ontology", "shapes", "queries", "hosting", "site/templates", "site/static", "site/locales")
_LIBRARIES = ("jinja2", "orjson", "pyoxigraph", "shacl", "xlsxwriter")
"""Libraries whose next release may write the same thing otherwise."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """The digest of the records, that of the program with what it ships and its settings, and how files are packed."""

    data: str
    program: str
    packing: str = ""


def inputs(config: Config, data: Path, engine: str, packing: str) -> Inputs:
    """The digests; ``packing`` is one of `PACKINGS`."""
    settings = repr((astuple(config), engine, [_release(name) for name in _LIBRARIES]))
    return Inputs(
        _digest([data]),
        _digest((*(product(name) for name in _PRODUCT), Path(__file__).parents[1]), settings),
        repr((PACKINGS[packing], _release("_brotli"), ZLIB_RUNTIME_VERSION)) if PACKINGS[packing] else "",
    )


def _release(library: str) -> str:
    """What another release of the library does not have: its first file's time and size.

    To ask for its version takes longer than all else here.
    """
    found = find_spec(library)
    if found is None or not found.origin:
        return ""
    stat = Path(found.origin).stat()
    return f"{stat.st_size} {stat.st_mtime_ns}"


def _digest(roots: Iterable[Path], settings: str = "") -> str:
    found = sha256(settings.encode())
    for root in roots:
        for path in _files(root):
            content = path.read_bytes()
            found.update(f"\0{path.relative_to(root).as_posix()}\0{len(content)}\0".encode())
            found.update(content)
    return found.hexdigest()


def _files(root: Path) -> Iterator[Path]:
    found = []
    seen = set()
    for folder, folders, files in os.walk(root, followlinks=True):
        # A city's folder may be a link, which the reader follows; one that leads back up ends here.
        if (real := os.path.realpath(folder)) in seen:
            folders.clear()
            continue
        seen.add(real)
        found += [Path(folder, name) for name in files if not name.endswith(".pyc")]
    for path in sorted(found):
        # What is shipped is counted by its own names: an installed program has it inside itself, a checkout beside.
        if path.is_file() and path.relative_to(root).parts[0] != "product":
            yield path
