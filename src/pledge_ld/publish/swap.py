"""A folder built beside the old one, and put in its place whole or not at all."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from pledge_ld.problem import PledgeError

if TYPE_CHECKING:
    from collections.abc import Iterator

MARK = ".pledge-ld"
"""The file by which a build knows a folder of its own making."""


@contextmanager
def swapped(out: Path) -> Iterator[Path]:
    """A new folder to write to; on leaving it becomes ``out``. An exception inside leaves ``out`` as it was.

    :raises PledgeError: when ``out`` holds something that no build made
    """
    if out.exists() and not (out / MARK).is_file() and (not out.is_dir() or any(out.iterdir())):
        message = f"{out} is not a folder that a build made: choose another --out, or empty it"
        raise PledgeError(f"{message} / 別の場所を --out に指定するか、空にしてください")
    out.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    try:
        new, old = work / "new", work / "old"
        new.mkdir()
        (new / MARK).write_text("made by pledge-ld build; the next build replaces this folder\n", encoding="utf-8")
        yield new
        if out.exists():
            out.rename(old)
        try:
            new.rename(out)
        except OSError:
            if old.exists():
                old.rename(out)
            raise
    finally:
        shutil.rmtree(work, ignore_errors=True)
