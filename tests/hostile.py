"""A small server on the loopback that says whatever a test wants said: bytes, when and as slowly as it likes."""

from __future__ import annotations

import asyncio
import threading
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    Say = Callable[[asyncio.StreamWriter, dict[str, str]], Awaitable[None]]


@dataclass
class Server:
    """What it answers by path, and what it was asked: paths, and the headers of each request."""

    port: int = 0
    answers: dict[str, bytes | Say] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    def url(self, path: str) -> str:
        """The address of a path."""
        return f"http://127.0.0.1:{self.port}{path}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request, then close."""
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError), closing(writer):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            first, *lines = head.strip().split("\r\n")
            path = first.split(" ")[1]
            headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
            self.asked.append(path)
            self.headers.append(headers)
            answer = self.answers.get(path, reply(b"nothing", "text/plain", status="404 Not Found"))
            if isinstance(answer, bytes):
                writer.write(answer)
                await writer.drain()
            else:
                await answer(writer, headers)


def reply(body: bytes, media_type: str = "text/turtle", *, status: str = "200 OK", **headers: str) -> bytes:
    """A whole answer; an underscore in a header's name is a hyphen."""
    fields = {"Content-Type": media_type, "Content-Length": str(len(body)), "Connection": "close"}
    fields |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in fields.items() if value)]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def redirect(to: str, status: str = "302 Found") -> bytes:
    """A redirect."""
    return reply(b"", "text/plain", status=status, Location=to)


def drip(text: bytes, seconds: float) -> Say:
    """The bytes one at a time."""

    async def say(writer: asyncio.StreamWriter, _headers: dict[str, str]) -> None:
        for one in text:
            writer.write(bytes([one]))
            await writer.drain()
            await asyncio.sleep(seconds)

    return say


def endless(head: bytes, piece: bytes) -> Say:
    """The head, and then the piece again and again until nobody listens."""

    async def say(writer: asyncio.StreamWriter, _headers: dict[str, str]) -> None:
        writer.write(head)
        while True:
            writer.write(piece)
            await writer.drain()

    return say


@contextmanager
def listening() -> Iterator[Server]:
    """The server, from when it listens until the test is done with it."""
    loop = asyncio.new_event_loop()
    found = Server()

    async def start() -> asyncio.Server:
        return await asyncio.start_server(found.serve, "127.0.0.1", 0, limit=1 << 20)

    async def stop(server: asyncio.Server) -> None:
        server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for one in others:
            one.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        # A connection that was closed is only let go once the loop has turned.
        await asyncio.sleep(0.05)

    server = loop.run_until_complete(start())
    found.port = server.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield found
    finally:
        asyncio.run_coroutine_threadsafe(stop(server), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()
