"""HTTP that ends: one exchange has a moment by which it is over, a size, and no redirects.

``urllib``'s own timeout is for each read, so a server that sends a byte a second holds it for ever. Here the connection
is shut at the deadline from another thread, whatever is being read then.
"""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from functools import partial
from http.client import HTTPConnection, HTTPException, HTTPSConnection, InvalidURL
from socket import SHUT_RDWR, socket
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.error import HTTPError, URLError
from urllib.request import HTTPHandler, HTTPRedirectHandler, HTTPSHandler, build_opener

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from email.message import Message
    from urllib.request import Request

    Opened = Callable[[socket], None]

PIECE = 1 << 16
COMPLAINT = 2048
"""Bytes of an error's page that are looked at."""


class WireError(Exception):
    """An exchange that did not end as it should: what came, in words, and whether it is worth another try."""

    def __init__(
        self, got: str, *, again: bool = False, after: float = 0, status: int = 0, challenges: tuple[str, ...] = ()
    ) -> None:
        super().__init__(got)
        self.got = got
        self.again = again
        self.after = after
        self.status = status
        self.challenges = challenges


class Got(NamedTuple):
    """What a server sent: the status, the headers and the whole body."""

    status: int
    headers: Message
    body: bytes


class _Plain(HTTPConnection):
    """A connection that tells which socket it opened."""

    def __init__(self, opened: Opened, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._opened = opened

    def connect(self) -> None:
        super().connect()
        self._opened(self.sock)


class _Secure(HTTPSConnection):
    """The same with TLS. Its handshake is begun within the time of one read."""

    def __init__(self, opened: Opened, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._opened = opened

    def connect(self) -> None:
        super().connect()
        self._opened(self.sock)


class _Http(HTTPHandler):
    def __init__(self, opened: Opened) -> None:
        super().__init__()
        self._opened = opened

    def http_open(self, req: Request) -> Any:
        return self.do_open(partial(_Plain, self._opened), req)


class _Https(HTTPSHandler):
    def __init__(self, opened: Opened) -> None:
        super().__init__()
        self._opened = opened

    def https_open(self, req: Request) -> Any:
        return self.do_open(partial(_Secure, self._opened), req)


class _Stay(HTTPRedirectHandler):
    """Follows nothing: an address was given, and another one may lie inside somebody's network."""

    def redirect_request(self, *_arguments: Any) -> None:
        return None


def exchange(request: Request, until: float, most: int) -> Got:
    """What the server sends, if the whole of it comes by ``until`` (of `time.monotonic`) in at most ``most`` bytes.

    :raises WireError: when it does not
    """
    sockets: list[socket] = []

    def opened(one: socket) -> None:
        sockets.append(one)
        if time.monotonic() >= until:
            _shut(sockets)

    left = until - time.monotonic()
    if left <= 0:
        raise WireError("nothing: the time was over")
    cut = threading.Timer(left, _shut, (sockets,))
    cut.daemon = True
    cut.start()
    received = [0]
    try:
        opener = build_opener(_Http(opened), _Https(opened), _Stay())
        with opener.open(request, timeout=left) as response:
            body = _body(response, until, most, received)
            return Got(response.status, response.headers, body)
    except HTTPError as error:
        with error:
            raise _refused(error) from error
    except (URLError, HTTPException, OSError, ValueError, AttributeError) as error:
        # AttributeError: http.client stumbles over a socket that is shut under it.
        if time.monotonic() >= until:
            raise WireError(_late(received[0])) from error
        reason = getattr(error, "reason", error)
        said = " ".join(str(getattr(reason, "strerror", None) or reason).split()) or type(reason).__name__
        raise WireError(said, again=not isinstance(reason, (ValueError, InvalidURL))) from error
    finally:
        cut.cancel()


def _body(response: Any, until: float, most: int, received: list[int]) -> bytes:
    """The whole body; ``received`` counts its bytes, for who has to say how many came before it went wrong."""
    pieces = []
    for piece in _pieces(response):
        received[0] += len(piece)
        if received[0] > most:
            raise WireError(f"more than {most:,} bytes")
        pieces.append(piece)
    if time.monotonic() >= until:
        # A shut connection looks like an end where the length was not told.
        raise WireError(_late(received[0]))
    if response.length:
        # http.client says nothing of an end that comes too early.
        raise WireError(f"an answer that breaks off {response.length:,} bytes before its end", again=True)
    return b"".join(pieces)


def _late(received: int) -> str:
    return f"{received:,} bytes and no end" if received else "nothing"


def _shut(sockets: list[socket]) -> None:
    for one in sockets:
        with suppress(OSError):
            one.shutdown(SHUT_RDWR)


def _pieces(response: Any) -> Iterator[bytes]:
    while piece := response.read1(PIECE):
        yield piece


def _refused(error: HTTPError) -> WireError:
    """What a status other than 2xx says."""
    if error.code in {301, 302, 303, 307, 308}:
        target = error.headers.get("Location", "nowhere")
        return WireError(f"a redirect to {target}: give that address if you trust it", status=error.code)
    try:
        body = error.read(COMPLAINT).decode("utf-8", "replace")
    except (OSError, HTTPException, ValueError):
        body = ""
    kind = error.headers.get_content_type()
    said = "" if "html" in kind or not body.strip() else f": {' '.join(body.split())}"
    again = error.code in {408, 425, 429, 502, 503, 504}
    return WireError(
        f"HTTP {error.code} {error.reason}{said}",
        again=again,
        after=_after(error.headers),
        status=error.code,
        challenges=tuple(error.headers.get_all("WWW-Authenticate", ())),
    )


def _after(headers: Message) -> float:
    """The seconds of Retry-After; a date there is left to our own patience."""
    said = headers.get("Retry-After", "")
    return float(said) if said.isascii() and said.isdigit() and len(said) < 7 else 0  # noqa: PLR2004 - eleven days
