"""Answers that are sent again from memory: never to who asked for another, never when they no longer hold."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

import pytest
from starlette.responses import Response, StreamingResponse

from pledge_ld.serve.kept import Kept, keep_while

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.types import Message, Receive, Scope, Send

ROOM = 10_000


class Counting:
    """An application that answers with how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0
        self.holds = True
        self.size = 10
        self.status = 200
        self.keeps = True
        self.pieces = 1

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers, and says how long the answer holds."""
        self.asked += 1
        if self.keeps:
            keep_while(scope, lambda: self.holds)
        text = f"{self.asked}".encode().ljust(self.size)

        async def parts() -> AsyncIterator[bytes]:
            for _ in range(self.pieces):
                yield text

        headers = {"ETag": f'"{self.asked}"', "Vary": "Accept", "Content-Type": "text/plain"}
        kind = Response(text, self.status, headers) if self.pieces == 1 else StreamingResponse(parts(), headers=headers)
        await kind(scope, receive, send)


def asked(app: Kept, path: str = "/", query: str = "", method: str = "GET", **headers: str) -> tuple[int, bytes]:
    """The status and the body of the answer."""
    sent: list[Message] = []
    scope = {
        "type": "http", "method": method, "path": path, "root_path": "", "query_string": query.encode(),
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()],
    }  # fmt: skip

    async def receive() -> Message:
        await asyncio.Event().wait()
        raise AssertionError

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(app(scope, receive, send))
    return sent[0]["status"], b"".join(one.get("body", b"") for one in sent[1:])


@pytest.fixture
def inner() -> Counting:
    """What is asked where nothing is kept."""
    return Counting()


@pytest.fixture
def app(inner: Counting) -> Kept:
    """Memory in front of it."""
    return Kept(inner, ROOM)


@pytest.mark.parametrize(
    "other",
    [{"path": "/a"}, {"query": "a=1"}, {"accept": "text/turtle"}, {"accept_language": "en"}, {"accept_encoding": "br"}],
)
def test_an_answer_is_only_for_who_asks_the_same(app: Kept, inner: Counting, other: dict[str, str]) -> None:
    """A reader of English is sent the Japanese page that somebody else asked for."""
    assert asked(app) == asked(app)
    assert asked(app, **other) != asked(app)
    assert inner.asked == 2


def test_what_no_longer_holds_is_made_anew(app: Kept, inner: Counting) -> None:
    """A new build is published, and the old figures are still sent."""
    first = asked(app)
    inner.holds = False
    time.sleep(0.02)
    assert asked(app) != first


@pytest.mark.parametrize(
    "change",
    [{"keeps": False}, {"status": 404}, {"status": 503}, {"size": 1 << 19}, {"pieces": 5, "size": 1 << 17}],
)
def test_not_everything_is_kept(app: Kept, inner: Counting, change: dict[str, int]) -> None:
    """A refusal outlives its reason, or one large download takes all the memory."""
    for name, value in change.items():
        setattr(inner, name, value)
    asked(app)
    asked(app)
    assert inner.asked == 2


@pytest.mark.parametrize(
    "headers",
    [
        {"range": "bytes=0-1"},
        {"if_match": '"1"'},
        {"if_modified_since": "Wed, 25 Nov 2026 00:00:00 GMT"},
        {"if_none_match": '"9"'},
    ],
)
def test_a_condition_is_looked_at_by_who_knows(app: Kept, inner: Counting, headers: dict[str, str]) -> None:
    """Who resumes a download is sent all of it."""
    asked(app)
    asked(app, **headers)
    assert inner.asked == 2


@pytest.mark.parametrize("tags", ['"1"', 'W/"1"', '"0", "1"', "*"])
def test_a_copy_that_is_still_good_is_not_sent_again(app: Kept, inner: Counting, tags: str) -> None:
    """A harvester that has the file pays for it again every hour."""
    asked(app)
    assert asked(app, if_none_match=tags) == (304, b"")
    assert inner.asked == 1


def test_pieces_make_a_whole(app: Kept, inner: Counting) -> None:
    """Of an answer sent piece by piece, only the last is sent again."""
    inner.pieces = 3
    assert asked(app) == asked(app) == (200, b"1".ljust(10) * 3)


def test_memory_is_bounded(app: Kept, inner: Counting) -> None:
    """Somebody who asks for a million things takes the server's memory."""
    inner.size = 1000
    for number in range(100):
        asked(app, f"/{number}")
    last = inner.asked
    asked(app, "/99")
    assert inner.asked == last
    asked(app, "/0")
    assert inner.asked == last + 1


def test_other_methods_are_handed_on(app: Kept, inner: Counting) -> None:
    """A HEAD is answered with a body, or a POST with what another form asked."""
    for method in ("HEAD", "POST", "OPTIONS"):
        asked(app)
        asked(app, method=method)
    assert inner.asked == 4
