"""Work spread over an executor: processes of this machine, or a Dask cluster.

What comes back comes in the order of what was asked, and only a few tasks are under way or waiting at any moment:
memory does not grow with their number. A worker that dies takes nobody else's work with it.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import threading
import time
from collections import deque
from concurrent.futures import BrokenExecutor, CancelledError, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from pledge_ld.problem import PledgeError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from concurrent.futures import Executor, Future

T = TypeVar("T")
R = TypeVar("R")
_AHEAD = 4
"""Tasks under way or waiting, for each worker: enough that none is idle while the oldest is awaited."""
_GARBAGE = 100_000
"""Objects made between two looks for cycles: a city makes tens of thousands, and no cycle among them."""


@dataclass(frozen=True, slots=True)
class Lost(Generic[T]):
    """Work of which nothing came: whoever was at it ended, twice."""

    item: T


class Spread(Protocol):
    """Where work can be spread over."""

    workers: int
    dies: tuple[type[BaseException], ...]
    """What is raised where a worker has died at one task, and all others go on."""

    def started(self, workers: int) -> Any:
        """A context with an executor of so many workers, or of as many as there are."""


class Processes:
    """Processes of this machine."""

    dies: tuple[type[BaseException], ...] = ()

    def __init__(self, workers: int) -> None:
        self.workers = workers

    @staticmethod
    @contextmanager
    def started(workers: int) -> Iterator[Executor]:
        """An executor of so many processes. They end with this one, however it ends."""
        # Not forked: a fork takes over the locks of whatever threads this process has.
        fresh = multiprocessing.get_context("spawn")
        pool = ProcessPoolExecutor(workers, mp_context=fresh, initializer=_begin, initargs=(os.getpid(),))
        try:
            yield pool
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


class ClusterError(PledgeError):
    """A cluster that cannot be reached, or went away."""

    remote = True


class Cluster:
    """A Dask cluster, by the address of its scheduler. Its workers see the same folders as this process."""

    def __init__(self, address: str) -> None:
        try:
            import distributed  # noqa: PLC0415 - an optional dependency, and it takes a second
        except ImportError as error:
            message = "--scheduler needs Dask: pip install 'pledge-ld[cluster]'"
            raise PledgeError(f"{message} / Dask が必要です") from error
        # It ships no types for what we call.
        dask: Any = distributed
        try:
            self._client = dask.Client(address, timeout="10s", set_as_default=False)
        except (OSError, ValueError, TypeError) as error:
            raise ClusterError(_unreachable(address, error)) from error
        self.workers = max(1, sum(self._client.nthreads().values()))
        self.dies: tuple[type[BaseException], ...] = (dask.KilledWorker,)

    @contextmanager
    def started(self, workers: int) -> Iterator[Executor]:  # noqa: ARG002 - the cluster has those it has
        """The cluster as an executor."""
        # The same work asked for again is done again: what it writes is not there any more.
        executor = self._client.get_executor(pure=False)
        try:
            yield executor
        finally:
            executor.shutdown(wait=False)

    def close(self) -> None:
        """Leaves the cluster; it goes on."""
        self._client.close()


def _unreachable(address: str, error: Exception) -> str:
    said = " ".join(str(error).split())[:200]
    return f"--scheduler: expected a Dask scheduler at {address}, got {said}\n    スケジューラーに接続できません。"


@contextmanager
def spread_over(jobs: int | None, scheduler: str | None) -> Iterator[Spread]:
    """The cluster of a scheduler, or so many processes here, or as many as there are cores.

    :raises PledgeError: when both are given, or there is no such cluster
    """
    if not scheduler:
        yield Processes(jobs or os.cpu_count() or 1)
        return
    if jobs:
        raise PledgeError("--jobs or --scheduler, not both / どちらか一つを指定してください")
    cluster = Cluster(scheduler)
    try:
        yield cluster
    finally:
        cluster.close()


def mapped(work: Callable[[T], R], items: Iterable[T], spread: Spread) -> Iterator[tuple[T, R | Lost[T]]]:
    """Each item with what ``work`` makes of it, in their order.

    Where a worker dies (killed, out of memory) all that was under way is done again, one by one, each in a process of
    its own: the one whose process dies again is lost, and named.
    """
    left = iter(items)
    doubtful: list[T] = []
    while True:
        with spread.started(spread.workers) as executor:
            pending: deque[tuple[T, Future[R]]] = deque()
            while not doubtful:
                _fill(pending, left, work, executor, spread.workers * _AHEAD)
                if not pending:
                    return
                item, future = pending.popleft()
                try:
                    result: R | Lost[T] = future.result()
                except BrokenExecutor:
                    doubtful = [item, *(one for one, _ in pending)]
                    break
                except spread.dies:
                    result = Lost(item)
                except CancelledError as error:
                    raise ClusterError("the cluster went away / クラスターとの接続が切れました") from error
                yield item, result
        for item in doubtful:
            yield item, _alone(work, item, spread)
        doubtful = []


def _fill(
    pending: deque[tuple[T, Future[R]]], left: Iterator[T], work: Callable[[T], R], executor: Executor, most: int
) -> None:
    while len(pending) < most and (item := next(left, None)) is not None:
        pending.append((item, executor.submit(work, item)))


def _alone(work: Callable[[T], R], item: T, spread: Spread) -> R | Lost[T]:
    with spread.started(1) as executor:
        try:
            result: R = executor.submit(work, item).result()
        except BrokenExecutor:
            return Lost(item)
    return result


def _begin(parent: int) -> None:
    """A worker: it ends with its parent, leaves interrupts to it, and looks for cycles seldom."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.set_threshold(_GARBAGE, 50, 50)
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)
