"""Work that a process of its own does meanwhile, on the second core."""

from __future__ import annotations

import multiprocessing
import os
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

A = TypeVar("A")
T = TypeVar("T")

_AT_ONCE = 16
"""Items that are sent together: to wake the other process for each took longer than much of what it does with it."""


def beside(function: Callable[..., T], *arguments: Any) -> Callable[[], T]:
    """A function that waits for the result of the call, and raises what the call raised.

    On one core, or where a process cannot be copied as it is, the call is made here and now. A copy needs nothing but
    memory, so its parent may be killed at any moment: it ends when it finds nobody to tell.
    """
    if _alone():
        value = function(*arguments)
        return lambda: value
    process, ours = _begun(function, arguments)

    def result() -> T:
        with ours:
            told, raised = ours.recv()
        process.join()
        if raised is not None:
            raise raised
        value: T = told
        return value

    return result


@contextmanager
def fed(function: Callable[[Iterator[A]], T]) -> Iterator[tuple[Callable[[A], None], Callable[[], T]]]:
    """What gives the function one more item, and what waits for its result, after the last.

    As `beside`, but the function begins with what there is so far, a few items at a time. On leaving without having
    asked for the result, its work is broken off.
    """
    if _alone():
        items: list[A] = []
        yield items.append, lambda: function(iter(items))
        return
    theirs, ours = multiprocessing.get_context("fork").Pipe(duplex=False)
    process, told = _begun(_listen, (theirs, function), theirs)
    theirs.close()

    waiting: list[A] = []

    def give(item: A) -> None:
        waiting.append(item)
        if len(waiting) >= _AT_ONCE:
            send(waiting)
            waiting.clear()

    def send(some: list[A] | None) -> None:
        # One that has failed meanwhile says why, when it is asked for its result.
        with suppress(BrokenPipeError):
            ours.send(some)

    def result() -> T:
        send(waiting)
        send(None)
        value, raised = told.recv()
        if raised is not None:
            raise raised
        found: T = value
        return found

    try:
        yield give, result
    finally:
        ours.close()
        told.close()
        process.terminate()
        process.join()


def _alone() -> bool:
    return sys.platform != "linux" or len(os.sched_getaffinity(0)) == 1


def _begun(
    function: Callable[..., Any], arguments: tuple[Any, ...], *kept: Connection
) -> tuple[BaseProcess, Connection]:
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_tell, args=(theirs, kept, function, arguments), daemon=True)
    process.start()
    theirs.close()
    return process, ours


def _listen(items: Connection, function: Callable[[Iterator[Any]], T]) -> T:
    return function(_received(items))


def _received(items: Connection) -> Iterator[Any]:
    while True:
        try:
            some = items.recv()
        except EOFError:
            # The build was killed meanwhile.
            os._exit(1)
        if some is None:
            return
        yield from some


def _tell(
    theirs: Connection, kept: tuple[Connection, ...], function: Callable[..., Any], arguments: tuple[Any, ...]
) -> None:
    # None of its parent's files: the lock of a build that is killed would be held until this process ends.
    beginning = 3
    for one in sorted(one.fileno() for one in (theirs, *kept)):
        os.closerange(beginning, one)
        beginning = one + 1
    os.closerange(beginning, os.sysconf("SC_OPEN_MAX"))
    try:
        said: tuple[Any, Exception | None] = (function(*arguments), None)
    except Exception as error:  # noqa: BLE001 - whatever it is, the caller is to hear of it
        said = (None, error)
    try:
        theirs.send(said)
    except BrokenPipeError:
        # The build was killed meanwhile.
        os._exit(1)
