"""A part of the site with what it is made from: whoever has it from the same, need not make it again."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from pledge_ld.term import Triple

File = tuple[str, bytes]
"""A path below the site, and the content."""

FIXED = "fixed"
"""The key of what is made from the program and its configuration alone."""


class Artefact(NamedTuple):
    """Some files of the site. The same ``key`` makes the same files; without one they are made in every build.

    The program, its templates and its configuration need not be in the key: where they change, nothing is kept.
    ``says`` are the statements of a document's files.
    """

    name: str
    key: str
    make: Callable[[], Iterable[File]]
    says: Sequence[Triple] = ()


def key_of(plain: Any) -> str:
    """A key from plain data: dataclasses, lists, dictionaries, texts and numbers.

    >>> key_of(["a", 1]) == key_of(["a", 1]), key_of(["a", 1]) == key_of(["a", 2])
    (True, False)
    """
    return sha256(orjson.dumps(plain, option=orjson.OPT_NON_STR_KEYS)).hexdigest()
