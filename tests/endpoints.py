"""Endpoints that do not answer as they should, on loopback, for as long as a test needs them."""

from __future__ import annotations

import socketserver
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

JSON = "application/sparql-results+json"


@dataclass
class Bad:
    """An endpoint: its address, and the first line of each request that came."""

    address: str = ""
    asked: list[str] = field(default_factory=list)


def http(status: str, kind: str, body: bytes, *headers: str, length: int | None = None) -> bytes:
    """An HTTP answer; its length may be a lie."""
    size = len(body) if length is None else length
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", f"Content-Length: {size}", "Connection: close", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


@contextmanager
def bad(*replies: bytes, wait: float = 0, drip: float = 0) -> Iterator[Bad]:
    """A server that gives each request the next of the replies, and the last one for ever.

    It begins after ``wait`` seconds, and with ``drip`` sends a byte every so many seconds.
    """
    stop = threading.Event()
    found = Bad()
    left = list(replies)

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            found.asked.append(self.rfile.readline().decode().strip())
            while self.rfile.readline().strip():
                pass
            stop.wait(wait)
            reply = left.pop(0) if len(left) > 1 else left[0]
            for piece in pieces(reply):
                self.wfile.write(piece)
                if drip and stop.wait(drip):
                    return

    def pieces(reply: bytes) -> Sequence[bytes]:
        return [reply[one : one + 1] for one in range(len(reply))] if drip else [reply]

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        block_on_close = False

        def handle_error(self, request: Any, client_address: Any) -> None:
            """A client that gave up is what some tests want."""

    with Server(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        found.address = f"http://127.0.0.1:{server.server_address[1]}/sparql"
        try:
            yield found
        finally:
            stop.set()
            server.shutdown()
            thread.join()


@contextmanager
def in_time(seconds: float) -> Iterator[None]:
    """Fails where what stands below takes longer."""
    begun = time.monotonic()
    yield
    taken = time.monotonic() - begun
    assert taken < seconds, f"{taken:.1f} s, not {seconds}"
