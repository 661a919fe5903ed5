"""The workers, seen from the server: asked, watched, killed and replaced."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import orjson

from pledge_ld.problem import PledgeError
from pledge_ld.serve.sparql.lanes import Lane
from pledge_ld.serve.sparql.refusal import Refusal
from pledge_ld.serve.sparql.template import LENGTH, OK, Question, refused
from pledge_ld.term import BASE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from starlette.applications import Starlette

    from pledge_ld.serve.sparql.limits import Limits

T = TypeVar("T")
_LEAST_PRIORITY = 19
_TEMPLATE = "from pledge_ld.serve.sparql.template import main; main()"
_LOOK = 1.0
"""Seconds between two looks at whether the site was built anew."""


@dataclass(frozen=True, slots=True)
class Held:
    """What the workers hold: the data's version, the graphs of our cities, all graphs, the number of statements."""

    version: str
    own: list[str]
    graphs: list[str]
    quads: int
    union: bool = False
    """Whether all that is held is ours: the union of all graphs is then that of our cities', and no list is needed."""

    @property
    def ours(self) -> tuple[list[str] | None, None, bool]:
        """The graphs that a query is asked of where nobody names any, and whether that is the union of all."""
        return (None, None, True) if self.union else ([*self.own, ""], None, False)

    @property
    def base(self) -> str:
        """Where relative IRIs of a query begin: where ours do."""
        return (self.own[0].rpartition("data/")[0] if self.own else "") or BASE


@dataclass(slots=True)
class _Worker:
    pid: int
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    fresh: bool = True
    """Nothing is under way, and nothing was done that the next query would feel."""

    async def ask(self, question: Question) -> bytes:
        self.fresh = False
        text = orjson.dumps(question)
        self.writer.write(LENGTH.pack(len(text)) + text)
        await self.writer.drain()
        size = LENGTH.unpack(await self.reader.readexactly(LENGTH.size))[0]
        if size > question.answer_bytes + (1 << 16):
            raise asyncio.IncompleteReadError(b"", size)
        answer = await self.reader.readexactly(size)
        # A worker that made a large answer has the memory still: the next query begins with a new one.
        self.fresh = size < 1 << 20
        if answer[:1] != OK:
            raise refused(answer[1:])
        return answer[1:]


class Pool:
    """A template that holds one version of the data, and the workers forked from it."""

    def __init__(self, template: subprocess.Popen[bytes], control: socket.socket, held: Held, limits: Limits) -> None:
        self.held = held
        self._limits = limits
        self._template = template
        self._control = control
        self._forking = asyncio.Lock()
        self._idle: list[_Worker] = []
        self._light = Lane(limits.workers, limits.queue)
        self._heavy = Lane(limits.slow_workers, limits.queue)
        self._asked = 0
        self._replacing: set[asyncio.Task[None]] = set()

    @classmethod
    async def start(cls, site: Path, loads: tuple[Path, ...], limits: Limits) -> Pool:
        """A pool over what the site publishes now and over ``loads``.

        :raises PledgeError: when a file cannot be read
        """
        pool = cls(*await asyncio.to_thread(_started, site, loads, limits), limits)
        pool._idle = [await pool._fork() for _ in range(limits.workers)]
        return pool

    @property
    def alive(self) -> bool:
        """Whether the template runs: without it no worker can be replaced."""
        return self._template.poll() is None

    async def ask(self, question: Question, visitor: str) -> bytes:
        """The whole answer.

        :raises Refusal: when there is none, whatever the reason
        """
        self._asked += 1
        try:
            async with asyncio.timeout(question.seconds):
                return await self._ask(question, visitor)
        except TimeoutError:
            raise Refusal(
                503,
                f"the query was not done within {question.seconds:g} s",
                f"{question.seconds:g}秒以内に終わりませんでした",
            ) from None
        except (asyncio.IncompleteReadError, OSError):
            raise Refusal(
                503, "the query needed more memory or depth than it may have", "メモリか深さの上限を超えました"
            ) from None
        finally:
            self._asked -= 1

    async def _ask(self, question: Question, visitor: str) -> bytes:
        """Ask in the fast lane for a while; go on in the slow one, where there is a place, or begin again there."""
        async with self._light.place(visitor), self._worker() as worker:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._limits.light):
                    return await worker.ask(question)
        async with self._heavy.place(visitor), self._worker() as worker:
            os.setpriority(os.PRIO_PROCESS, worker.pid, _LEAST_PRIORITY)
            try:
                return await worker.ask(question)
            finally:
                worker.fresh = False

    @asynccontextmanager
    async def _worker(self) -> AsyncIterator[_Worker]:
        """A worker that waits for the next query after a whole answer; else it is ended, whatever it does."""
        worker = self._ready() or await self._fork()
        try:
            yield worker
        finally:
            if worker.fresh:
                self._idle.append(worker)
            else:
                self._end(worker)

    def _ready(self) -> _Worker | None:
        """An idle worker that is alive: the system may have ended one, to have its memory."""
        while self._idle:
            worker = self._idle.pop()
            if not worker.reader.at_eof():
                return worker
            self._end(worker)
        return None

    async def _fork(self) -> _Worker:
        ours, theirs = socket.socketpair()
        with theirs:
            pid = await self._told(lambda: self._forked(theirs))
        ours.settimeout(0)
        reader, writer = await asyncio.open_connection(sock=ours, limit=1 << 20)
        return _Worker(pid, reader, writer)

    def _forked(self, theirs: socket.socket) -> int:
        socket.send_fds(self._control, [b"fork"], [theirs.fileno()])
        return int(LENGTH.unpack(_received(self._control, LENGTH.size))[0])

    def _end(self, worker: _Worker) -> None:
        """Kill a worker. Its number stays its own until the template has been told, so no other process is hit."""
        with suppress(ProcessLookupError):
            os.kill(worker.pid, signal.SIGKILL)
        worker.writer.close()
        task = asyncio.create_task(self._replace(worker.pid))
        self._replacing.add(task)
        task.add_done_callback(self._replacing.discard)

    async def _replace(self, pid: int) -> None:
        """Have another worker ready before the next query comes."""
        with suppress(OSError):
            await self._told(lambda: self._control.sendall(LENGTH.pack(pid)))
            if len(self._idle) < self._limits.workers:
                self._idle.append(await self._fork())

    async def _told(self, what: Callable[[], T]) -> T:
        """What comes of a word with the template: one at a time, and to its end even where the visitor has gone."""

        async def alone() -> T:
            async with self._forking:
                return await asyncio.to_thread(what)

        return await asyncio.shield(asyncio.ensure_future(alone()))

    async def close(self) -> None:
        """Let what is under way come to its end, then end all processes."""
        while self._asked:  # noqa: ASYNC110 - bounded by the deadline of each query
            await asyncio.sleep(0.05)
        self.kill()

    def kill(self) -> None:
        """End all processes now: the workers end with the template."""
        for task in self._replacing:
            task.cancel()
        for worker in self._idle:
            worker.writer.close()
        self._control.close()
        self._template.kill()
        self._template.wait()


def _started(
    site: Path, loads: tuple[Path, ...], limits: Limits
) -> tuple[subprocess.Popen[bytes], socket.socket, Held]:
    ours, theirs = socket.socketpair()
    with theirs:
        template = subprocess.Popen(  # noqa: S603 - our own module, by the Python that runs us
            [sys.executable, "-c", _TEMPLATE, str(limits.memory), str(site), *map(str, loads)],
            stdin=theirs.fileno(),
            stdout=subprocess.DEVNULL,
        )
    try:
        held = Held(**orjson.loads(_received(ours, LENGTH.unpack(_received(ours, LENGTH.size))[0])))
    except OSError as error:
        template.wait()
        ours.close()
        files = ", ".join(str(one) for one in (site / "data" / "all.nq", *loads))
        raise PledgeError(f"cannot load {files}, nor open a store / 読み込めません") from error
    return template, ours, held


def _received(control: socket.socket, size: int) -> bytes:
    found = b""
    while len(found) < size:
        part = control.recv(size - len(found))
        if not part:
            raise ConnectionResetError("the template has ended")
        found += part
    return found


class Workers:
    """The pool over the newest data: another takes its place when the site is built anew or the template has died."""

    def __init__(self, site: Path, loads: tuple[Path, ...], limits: Limits, pool: Pool) -> None:
        self.pool = pool
        self.limits = limits
        self._site = site
        self._loads = loads
        self._seen = self._state()
        self._closing: set[asyncio.Task[None]] = set()

    def _state(self) -> tuple[object, ...]:
        files = [self._site / "data" / "all.nq", *self._loads]
        return tuple((one.stat().st_ino, one.stat().st_mtime_ns, one.stat().st_size) for one in files)

    async def watch(self) -> None:
        """Look again and again whether there is newer data."""
        while True:
            await asyncio.sleep(_LOOK)
            with suppress(OSError, PledgeError):
                if (state := self._state()) != self._seen or not self.pool.alive:
                    new = await Pool.start(self._site, self._loads, self.limits)
                    old, self.pool, self._seen = self.pool, new, state
                    task = asyncio.create_task(old.close())
                    self._closing.add(task)
                    task.add_done_callback(self._closing.discard)


@asynccontextmanager
async def sparql_workers(app: Starlette, site: Path, loads: tuple[Path, ...], limits: Limits) -> AsyncIterator[Workers]:
    """The workers, started, and stopped at the end; the routes find them as ``app.state.sparql``.

    :raises PledgeError: when a file cannot be read
    """
    workers = Workers(site, loads, limits, await Pool.start(site, loads, limits))
    app.state.sparql = workers
    watching = asyncio.create_task(workers.watch())
    try:
        yield workers
    finally:
        watching.cancel()
        workers.pool.kill()
