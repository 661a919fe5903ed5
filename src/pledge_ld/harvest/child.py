"""The reading process, seen from the harvester: given files, waited for, killed when the time is over."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

import orjson

from pledge_ld.harvest.bounds import Bounds, Refused
from pledge_ld.harvest.catalogue import Listed, Wanted
from pledge_ld.harvest.reader import MEMORY
from pledge_ld.problem import Problem

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable

    from pledge_ld.harvest.fetch import Fetched

_READER = "from pledge_ld.harvest.reader import main; main()"
_GROWTH = 16
"""How many times its size a source may grow as N-Quads: prefixes are written out, and each line names its graph."""


@dataclass(frozen=True, slots=True)
class Given:
    """A file for the reader, and our name of its form."""

    file: Fetched
    form: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of data: how many statements, how many of them about our own things and one such; or what is wrong."""

    statements: int = 0
    own: int = 0
    example: str = ""
    problems: tuple[Problem, ...] = ()
    count: int = 0


async def catalogues(files: Iterable[Given], bounds: Bounds) -> list[Listed]:
    """What each of the catalogues lists.

    :raises Refused: when one cannot be read
    """
    async with _answered("catalogue", {}, files, bounds) as (said, _):
        return [
            Listed(one["datasets"], [Wanted(**each) for each in one["wanted"]], one["more"]) for one in said["listed"]
        ]


@asynccontextmanager
async def data(
    files: Iterable[Given], graph: str, own: Iterable[str], shown: str, bounds: Bounds
) -> AsyncIterator[tuple[Checked, IO[bytes]]]:
    """The files checked as one graph, and the file of their quads in ``graph``, if nothing is wrong with them.

    ``own`` are the IRIs below which things are ours, ``shown`` is the source's name in problems.

    :raises Refused: when one cannot be read
    """
    question = {"graph": graph, "own": list(own), "shown": shown}
    async with _answered("data", question, files, bounds) as (said, content):
        if "problems" in said:
            found = tuple(_problem(**one) for one in said["problems"])
            yield Checked(problems=found, count=said["count"]), content
        else:
            yield Checked(said["statements"], said["own"], said["example"]), content


def _problem(rule: str, **others: Any) -> Problem:
    """The problem as the reader found it."""
    return Problem(rule=rule, **others)


@asynccontextmanager
async def _answered(
    task: str, question: dict[str, Any], files: Iterable[Given], bounds: Bounds
) -> AsyncIterator[tuple[dict[str, Any], IO[bytes]]]:
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as answer:
        listed = list(files)
        described = [{"url": one.file.url, "form": one.form, "size": len(one.file.content)} for one in listed]
        given.write(orjson.dumps({**question, "files": described}) + b"\n")
        for one in listed:
            given.write(one.file.content)
        given.seek(0)
        await _run(task, given, answer, bounds)
        answer.seek(0)
        head = answer.readline()
        said: dict[str, Any] = {}
        with suppress(orjson.JSONDecodeError):
            said = orjson.loads(head)
        if not said:
            raise Refused(*MEMORY)
        if "refused" in said:
            raise Refused(*said["refused"])
        yield said, answer


async def _run(task: str, given: IO[bytes], answer: IO[bytes], bounds: Bounds) -> None:
    """Waits for the reader's end, or kills it: one that was killed by the system has written no answer."""
    seconds = int(2 * bounds.seconds) + 2
    numbers = (bounds.memory, seconds, _GROWTH * bounds.size)
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-P",
        "-c",
        _READER,
        task,
        *map(str, numbers),
        stdin=given,
        stdout=answer,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        code = await process.wait()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if code:
        raise Refused(*MEMORY)
