"""A process that handles what strangers wrote: no network, few descriptors, bounded memory; it ends with its parent."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys
from pathlib import Path

_CLONE_NEWUSER, _CLONE_NEWNET, _PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS = 0x10000000, 0x40000000, 1, 38


def leave_network() -> None:
    """Leave the machine's network where the system lets us, and end when the parent ends."""
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        end_with_parent()
        libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        if libc.unshare(_CLONE_NEWNET):
            libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET)


def end_with_parent() -> None:
    """Be killed when the parent ends; a fork has to ask anew."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def enclose(memory: int, *, keep: int, file_bytes: int = 0, cpu_seconds: int | None = None) -> None:
    """Close all descriptors but the first ``keep``, open no other, and take ``memory`` bytes at most beside those held.

    Where a descriptor that is kept leads to a file, it may grow to ``file_bytes``. What cannot be kept within these
    bounds ends the process, or shows as an OSError or a MemoryError.
    """
    held = _held()
    os.closerange(keep, 4096)
    bounds = [
        (resource.RLIMIT_AS, held + memory),
        (resource.RLIMIT_NOFILE, keep),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, file_bytes),
    ]
    if cpu_seconds is not None:
        bounds.append((resource.RLIMIT_CPU, cpu_seconds))
    for kind, most in bounds:
        resource.setrlimit(kind, (most, most))


def _held() -> int:
    """The address space that this process has; where the system does not tell, a guess that is too large."""
    try:
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    except OSError:
        return 4 << 30
