"""Work that a process of its own does meanwhile, on the second core."""

from __future__ import annotations

import multiprocessing
import os
import sys
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection

T = TypeVar("T")


def beside(function: Callable[..., T], *arguments: Any) -> Callable[[], T]:
    """A function that waits for the result of the call, and raises what the call raised.

    On one core, or where a process cannot be copied as it is, the call is made here and now. A copy needs nothing but
    memory, so its parent may be killed at any moment: it ends when it finds nobody to tell.
    """
    if sys.platform != "linux" or len(os.sched_getaffinity(0)) == 1:
        value = function(*arguments)
        return lambda: value
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_tell, args=(theirs, function, arguments), daemon=True)
    process.start()
    theirs.close()

    def result() -> T:
        with ours:
            told, raised = ours.recv()
        process.join()
        if raised is not None:
            raise raised
        value: T = told
        return value

    return result


def _tell(theirs: Connection, function: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    # None of its parent's files: the lock of a build that is killed would be held until this process ends.
    os.closerange(3, theirs.fileno())
    os.closerange(theirs.fileno() + 1, os.sysconf("SC_OPEN_MAX"))
    try:
        said: tuple[Any, Exception | None] = (function(*arguments), None)
    except Exception as error:  # noqa: BLE001 - whatever it is, the caller is to hear of it
        said = (None, error)
    try:
        theirs.send(said)
    except BrokenPipeError:
        # The build was killed meanwhile.
        os._exit(1)
