"""A lane: so many queries at once, and the waiting ones in turn by visitor."""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from pledge_ld.serve.sparql.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


class Lane:
    """Places for queries. Whoever waits is served round by visitor, so that one who asks much waits for himself."""

    def __init__(self, places: int, queue: int) -> None:
        self._free = places
        self._room = queue
        self._waiting: dict[str, deque[asyncio.Future[None]]] = {}

    @property
    def waiting(self) -> int:
        """How many wait."""
        return sum(len(one) for one in self._waiting.values())

    @asynccontextmanager
    async def place(self, visitor: str) -> AsyncIterator[None]:
        """A place in the lane, as soon as it is this visitor's turn.

        :raises Refusal: when too many wait already
        """
        if self._free:
            self._free -= 1
        else:
            await self._turn(visitor)
        try:
            yield
        finally:
            self._hand_on()

    async def _turn(self, visitor: str) -> None:
        if self.waiting >= self._room:
            raise Refusal(
                429, "too many queries are waiting: try again in a moment", "混み合っています。少し後にお試しください"
            )
        turn = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(visitor, deque()).append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._hand_on()
            else:
                self._leave(visitor, turn)
            raise

    def _leave(self, visitor: str, turn: asyncio.Future[None]) -> None:
        queue = self._waiting.get(visitor, deque())
        if turn in queue:
            queue.remove(turn)
        if not queue:
            self._waiting.pop(visitor, None)

    def _hand_on(self) -> None:
        while self._waiting:
            visitor, queue = next(iter(self._waiting.items()))
            turn = queue.popleft()
            del self._waiting[visitor]
            if queue:
                self._waiting[visitor] = queue
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1
