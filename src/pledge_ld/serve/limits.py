"""What keeps one visitor from stopping the others: deadlines for what is slow, and a bound on what is sent to us.

uvicorn closes a connection that idles after an answer; one that never finishes asking, and one that never takes its
answer, it would keep for ever. What is refused here has reached no route, so its language is not known: it is said in
both.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from uvicorn.protocols.http.flow_control import service_unavailable
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from pledge_ld.hosting import HEADERS
from pledge_ld.serve.problem import problem_answer

if TYPE_CHECKING:
    from asyncio import TimerHandle, Transport

    from starlette.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_RETRY = {503: "5"}
"""Seconds after which it is worth coming again, by status."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What the server allows; the defaults are safe on the public net."""

    connections: int = 2000
    """Open at once; more are answered 503."""
    head_seconds: float = 10
    """From when a connection is open, or its last answer is sent, to the end of the next request's headers."""
    stall_seconds: float = 60
    """For the next piece of a request's body to come, or of an answer to be taken."""
    keep_alive_seconds: int = 5
    """For which a connection may idle after an answer. One who still reads it may take the end for a fault."""
    head_bytes: int = 65_536
    """Of a request's first line and headers."""
    shutdown_seconds: int = 10
    """For what is under way to end when the server is told to stop."""
    kept_bytes: int = 64 << 20
    """Of answers kept to be sent again."""
    compressed_bytes: int = 256 << 20
    """Of compressed files held in memory."""


def _refused(status: int, title: str, detail: str) -> Response:
    retry = {"Retry-After": _RETRY[status]} if status in _RETRY else {}
    headers = {**HEADERS, "Cache-Control": "no-store", "Connection": "close", **retry}
    return problem_answer(status, detail, title=title, headers=headers)


_REFUSED = {
    400: _refused(400, "Not HTTP / HTTPではありません", "Send HTTP/1.1. / HTTP/1.1 で送ってください。"),
    408: _refused(
        408,
        "The request did not come in time / リクエストが時間内に届きませんでした",
        "Send its first line and headers at once. / 最初の行とヘッダーをまとめて送ってください。",
    ),
    431: _refused(
        431,
        "The address or the headers are too long / アドレスまたはヘッダーが長すぎます",
        "Send a long query as the body of a POST. / 長い問い合わせはPOSTの本文で送ってください。",
    ),
    503: _refused(
        503,
        "Too many visitors at once / 混み合っています",
        "Please try again in a moment. / 少し後にもう一度お試しください。",
    ),
}


def _raw(response: Response) -> bytes:
    """The bytes of an answer to a request that never became one, so that no app can give it."""
    headers = b"".join(name + b": " + value + b"\r\n" for name, value in response.raw_headers)
    return STATUS_LINE[response.status_code] + headers + b"\r\n" + bytes(response.body)


class Patient(HttpToolsProtocol):
    """One connection; it waits for a head, and for an answer to be taken, as long and as far as the limits say."""

    limits = Limits()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._head_due: TimerHandle | None = None
        self._taken_due: TimerHandle | None = None
        self._head = self._unfinished = -1
        self._answered: RequestResponseCycle | None = None

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]  # as uvicorn's own
        """Begins to wait for the first head."""
        super().connection_made(transport)
        self._wait_for_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Ends every deadline, and tells the request being answered, which where others wait is not the last read."""
        self._head_due = _cancelled(self._head_due)
        self._taken_due = _cancelled(self._taken_due)
        if self._answered is not None:
            self._answered.disconnected = True
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Begins to wait for a head where one has begun, and counts what does not end."""
        if self._head_due is None and (self.cycle is None or self.cycle.response_complete):
            # The next request, or what is left of the body of one that is answered already.
            self._wait_for_head()
        super().data_received(data)
        if self._head >= 0:
            # The head is not complete. One line may come in many pieces, of which the parser tells at its end.
            self._unfinished += len(data)
            if self._unfinished > self.limits.head_bytes:
                self._refuse(431)

    def on_message_begin(self) -> None:
        """Counts anew."""
        super().on_message_begin()
        self._head = self._unfinished = 0

    def on_url(self, url: bytes) -> None:
        """Counts a piece of the first line."""
        self._count(url)
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Counts a header."""
        self._count(name, value)
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Ends the wait for the head."""
        self._head = -1
        self._head_due = _cancelled(self._head_due)
        super().on_headers_complete()

    def on_response_complete(self) -> None:
        """Waits no longer than allowed for the last piece to be taken."""
        super().on_response_complete()
        self._abort_if_closing()

    def timeout_keep_alive_handler(self) -> None:
        """The same, where an idle connection is closed."""
        super().timeout_keep_alive_handler()
        self._abort_if_closing()

    def pause_writing(self) -> None:
        """Begins to wait for what was sent to be taken."""
        super().pause_writing()
        self._wait_until_taken()

    def resume_writing(self) -> None:
        """Ends that wait."""
        super().resume_writing()
        self._taken_due = _cancelled(self._taken_due)

    def send_400_response(self, msg: str) -> None:
        """The answer to what is no HTTP, unless one was sent already."""
        del msg  # uvicorn's, in English alone
        self._close_with(400)

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        self._answered = cycle
        if app is service_unavailable:  # uvicorn's own, in plain text, over the bound of connections
            app = _REFUSED[503]
        super()._start_asgi_task(cycle, app)

    def _count(self, *parts: bytes) -> None:
        self._head += sum(map(len, parts))
        if self._head > self.limits.head_bytes:
            self._refuse(431)
            # httptools stops parsing, and tells `data_received` above, which sends nothing more.
            raise ValueError("the head is too large")

    def _wait_for_head(self) -> None:
        self._head_due = self.loop.call_later(self.limits.head_seconds, self._refuse, 408)

    def _wait_until_taken(self) -> None:
        if self._taken_due is None:
            self._taken_due = self.loop.call_later(self.limits.stall_seconds, self.transport.abort)

    def _abort_if_closing(self) -> None:
        # A transport that closes first waits for what is left to be taken, for ever.
        if self.transport.is_closing():
            self._wait_until_taken()

    def _refuse(self, status: int) -> None:
        self._head_due = _cancelled(self._head_due)
        self._close_with(status if self._head >= 0 else 0)

    def _close_with(self, status: int) -> None:
        """Closes, after an answer with this status where one is due and no other is half sent."""
        if not self.transport.is_closing():
            if status and (self.cycle is None or self.cycle.response_complete):
                self.transport.write(_raw(_REFUSED[status]))
            self.transport.close()
        self._abort_if_closing()


def protocol(limits: Limits) -> type[Patient]:
    """The class of connections with these limits, which uvicorn makes one of for each visitor."""
    return type("Patient", (Patient,), {"limits": limits})


def _cancelled(timer: TimerHandle | None) -> TimerHandle | None:
    if timer is not None:
        timer.cancel()
    return None


class BodyInTime:
    """Middleware that gives up on a visitor who announces a body and does not send it: as if they had hung up."""

    def __init__(self, app: ASGIApp, seconds: float) -> None:
        self._app = app
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hands the request on, with a deadline for each piece of its body."""
        complete = scope["type"] != "http"

        async def receive_in_time() -> Message:
            nonlocal complete
            if complete:
                # From here on it is only waited for the visitor to hang up.
                return await receive()
            try:
                async with asyncio.timeout(self._seconds):
                    message = await receive()
            except TimeoutError:
                return {"type": "http.disconnect"}
            complete = not message.get("more_body", False)
            return message

        await self._app(scope, receive_in_time, send)
