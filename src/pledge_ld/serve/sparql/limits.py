"""What one query may cost, and how many may run."""

from __future__ import annotations

import os
from dataclasses import dataclass, field

MIB = 1 << 20


def _cores() -> int:
    return min(4, os.cpu_count() or 1)


@dataclass(frozen=True, slots=True)
class Limits:
    """The bounds of the endpoint. Every default is one that may stand on the public net.

    ``memory`` is what a worker may take beside the data that it holds. A query that is not done after ``light``
    seconds leaves the fast lane of ``workers`` for the slow one of ``slow_workers``, at the lowest priority.
    ``queue`` queries may wait for each lane; one more is turned away.
    """

    deadline: float = 10.0
    light: float = 0.25
    query_bytes: int = MIB
    rows: int = 10_000
    answer_bytes: int = 16 * MIB
    memory: int = 512 * MIB
    workers: int = field(default_factory=_cores)
    slow_workers: int = field(default_factory=_cores)
    queue: int = 64
