"""Answers kept whole in memory while what they were made from is the same: asked again, they cost next to nothing."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING

from werkzeug.http import parse_etags

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    Header = tuple[bytes, bytes]
    Key = tuple[bytes | str, ...]

_KEEP = "pledge_ld.keep"
_STATUSES = {200, 301, 303}
_LARGEST = 1 << 18
_CHOOSING = (b"accept", b"accept-language", b"accept-encoding")
"""The headers that an answer of ours may depend on."""
_CONDITIONS = {b"range", b"if-match", b"if-modified-since", b"if-unmodified-since", b"if-range"}
_OF_THE_BODY = {b"content-type", b"content-length", b"content-encoding"}
_TRUSTED_SECONDS = 0.01
"""For which it is not looked again whether an answer holds: that takes as long as to send it."""
_OVERHEAD = 1024
"""Bytes of memory that an answer takes beside its body and its address, about."""


def keep_while(scope: Scope, holds: Callable[[], bool]) -> None:
    """Says of the answer to this request that it may be sent to others too, as long as ``holds`` says so."""
    conditions: list[Callable[[], bool]] = scope.get(_KEEP, [])
    conditions.append(holds)


@dataclass(slots=True)
class _Answer:
    """What was sent, as far as it has come."""

    status: int = 0
    headers: list[Header] = field(default_factory=list)
    parts: list[bytes] = field(default_factory=list)
    size: int = 0
    whole: bool = False

    def add(self, message: Message) -> None:
        """Another message of the answer."""
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], list(message.get("headers", ()))
            return
        self.size += len(message.get("body", b""))
        if self.size <= _LARGEST:
            self.parts.append(message.get("body", b""))
        self.whole = not message.get("more_body", False)


@dataclass(slots=True)
class _Kept:
    start: Message
    body: Message
    unchanged: Message
    tag: str
    holds: Callable[[], bool]
    size: int
    looked_at: float


class Kept:
    """Middleware that sends an answer again where nothing it depends on has changed.

    A route says with `keep_while` how long its answer holds. The answers asked for least lately give way where they
    would take more than ``room`` bytes together.
    """

    def __init__(self, app: ASGIApp, room: int) -> None:
        self._app = app
        self._room = room
        self._size = 0
        self._answers: OrderedDict[Key, _Kept] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers from memory, or hands the request on and keeps what comes of it."""
        if scope["type"] != "http" or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        key, none_match, conditional = _read(scope)
        if not conditional and (kept := self._known(key)) is not None:
            if none_match is None:
                await send(kept.start)
                await send(kept.body)
                return
            if kept.tag and parse_etags(none_match).contains_weak(kept.tag):
                await send(kept.unchanged)
                await send({"type": "http.response.body"})
                return
        if conditional or none_match is not None:
            await self._app(scope, receive, send)
            return
        conditions: list[Callable[[], bool]] = []
        answer = _Answer()

        async def seen(message: Message) -> None:
            answer.add(message)
            await send(message)

        await self._app({**scope, _KEEP: conditions}, receive, seen)
        if conditions and answer.whole and answer.status in _STATUSES and answer.size <= _LARGEST:
            self._keep(key, answer, conditions[-1])

    def _known(self, key: Key) -> _Kept | None:
        """What is kept of this request, if it still holds."""
        kept = self._answers.get(key)
        if kept is None:
            return None
        now = monotonic()
        if now - kept.looked_at > _TRUSTED_SECONDS:
            if not kept.holds():
                self._forget(key)
                return None
            kept.looked_at = now
        self._answers.move_to_end(key)
        return kept

    def _keep(self, key: Key, answer: _Answer, holds: Callable[[], bool]) -> None:
        self._forget(key)
        body = b"".join(answer.parts)
        start = {"type": "http.response.start", "status": answer.status, "headers": answer.headers}
        bare = [one for one in answer.headers if one[0].lower() not in _OF_THE_BODY]
        unchanged = {"type": "http.response.start", "status": 304, "headers": bare}
        tag = next((value.decode("latin-1") for name, value in answer.headers if name.lower() == b"etag"), "")
        size = len(body) + sum(map(len, key)) + _OVERHEAD
        message = {"type": "http.response.body", "body": body}
        tag = tag.removeprefix("W/").strip('"')
        self._answers[key] = _Kept(start, message, unchanged, tag, holds, size, monotonic())
        self._size += size
        while self._size > self._room:
            self._forget(next(iter(self._answers)))

    def _forget(self, key: Key) -> None:
        kept = self._answers.pop(key, None)
        self._size -= kept.size if kept else 0


def _read(scope: Scope) -> tuple[Key, str | None, bool]:
    """What an answer depends on; If-None-Match; and whether a header asks for what is never kept."""
    said: dict[bytes, bytes] = {}
    none_match: str | None = None
    conditional = False
    for name, value in scope["headers"]:
        if name in _CHOOSING:
            said[name] = said[name] + b", " + value if name in said else value
        elif name == b"if-none-match":
            none_match = value.decode("latin-1") if none_match is None else f"{none_match}, {value.decode('latin-1')}"
        elif name in _CONDITIONS:
            conditional = True
    chosen = (said.get(one, b"") for one in _CHOOSING)
    return (scope["path"], scope.get("root_path", ""), scope["query_string"], *chosen), none_match, conditional
