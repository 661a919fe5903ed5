"""What one query may cost, and how many may run."""

from __future__ import annotations

import os
from dataclasses import dataclass, field

from pledge_ld.problem import PledgeError

MIB = 1 << 20


def cores() -> int:
    """As many workers as the machine has cores, and no more than four: each may take its ``memory``."""
    return min(4, os.cpu_count() or 1)


def mib(size: int) -> str:
    """A size in the unit that an operator sets it in.

    >>> mib(16 << 20), mib(1 << 19)
    ('16 MiB', '0.5 MiB')
    """
    return f"{round(size / MIB, 3):g} MiB"


@dataclass(frozen=True, slots=True)
class Limits:
    """The bounds of the endpoint. Every default is one that may stand on the public net.

    :raises PledgeError: where one makes another meaningless
    """

    deadline: float = 10.0
    """Seconds from when a query has come to its whole answer, with all waiting in between."""
    light: float = 0.25
    """Seconds after which a query leaves the fast lane of ``workers`` for the slow one, at the lowest priority."""
    query_bytes: int = MIB
    rows: int = 10_000
    """Of a table; triples of a graph."""
    answer_bytes: int = 16 * MIB
    memory: int = 512 * MIB
    """What a worker may take beside the data that it holds."""
    workers: int = field(default_factory=cores)
    slow_workers: int = field(default_factory=cores)
    queue: int = 64
    """How many queries may wait for each lane; one more is turned away."""

    def __post_init__(self) -> None:
        if self.light > self.deadline:
            limit = f"--query-timeout {self.deadline:g}"
            raise PledgeError(f"--light-timeout: expected at most {limit}, got {self.light:g} / {limit} 以下が必要です")
        if self.answer_bytes > self.memory:
            limit = f"--query-memory {self.memory / MIB:g}"
            got = f"{self.answer_bytes / MIB:g}"
            raise PledgeError(f"--max-answer: expected at most {limit}, got {got} / {limit} 以下が必要です")
