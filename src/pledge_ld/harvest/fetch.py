"""One source's files over HTTP: bounded in bytes and hops, asked again with patience, never led astray.

Time is not counted here: whoever calls sets one deadline over all that a source needs, and leaving cancels what is
under way, a slow drip too.
"""

from __future__ import annotations

import asyncio
import zlib
from contextlib import asynccontextmanager
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urljoin

import aiohttp
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, stop_after_attempt, wait_exponential_jitter

from pledge_ld import __version__
from pledge_ld.harvest.address import ForbiddenError, forbidden, guard, shown, web_address
from pledge_ld.harvest.bounds import Bounds, Refused, too_large
from pledge_ld.harvest.connect import Resolver, socket_for
from pledge_ld.harvest.forms import ACCEPT
from pledge_ld.problem import printable, shorten

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

_AT_ONCE = 4
_PIECE = 1 << 16
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_BUSY = frozenset({429, 500, 502, 503, 504})
_MAX_TAG = 500
"""Characters of a header (an ETag, a date) that we say again."""
_LONGEST_WAIT = 10.0
_OK, _NOT_MODIFIED = 200, 304
_BACK_OFF = wait_exponential_jitter(multiplier=0.25, max=4)


class Validators(Protocol):
    """What a server said of the copy that we have: by it, it can tell whether there is another."""

    @property
    def etag(self) -> str:
        """The entity tag, or ""."""

    @property
    def last_modified(self) -> str:
        """The date, as the server wrote it, or ""."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file, unpacked: where it was found in the end, and what the server said of it."""

    url: str
    content: bytes
    media_type: str
    etag: str
    last_modified: str
    sha256: str


class Fetcher:
    """Fetches the files of one source, a few at once. What all of them hold counts against one bound."""

    def __init__(self, session: aiohttp.ClientSession, bounds: Bounds) -> None:
        self._session = session
        self.bounds = bounds
        self._held = 0
        self._places = asyncio.Semaphore(_AT_ONCE)
        self.under_way: dict[str, None] = {}
        """What was not done when the time was over."""

    async def get(self, url: str, known: Validators | None = None, *, tries: int = 0) -> Fetched | None:
        """The file at an address, or None where it is still the one that is ``known``.

        :raises Refused: when there is none, or it is not taken
        """
        async with self._places:
            self.under_way[url] = None
            async for attempt in AsyncRetrying(
                stop=stop_after_attempt(tries or self.bounds.tries),
                wait=_wait,
                retry=retry_if_exception(lambda error: isinstance(error, Refused) and error.again),
                reraise=True,
            ):
                with attempt:
                    found = await self._followed(url, known)
            del self.under_way[url]
            return found

    async def _followed(self, url: str, known: Validators | None) -> Fetched | None:
        """The answer at the end of the redirects, each of which is held to what the first address is held to."""
        headers = {"Accept": ACCEPT, "Accept-Encoding": "gzip, deflate"}
        if known and known.etag:
            headers["If-None-Match"] = known.etag
        if known and known.last_modified:
            headers["If-Modified-Since"] = known.last_modified
        here = web_address(url)
        for _ in range(self.bounds.hops + 1):
            found = await self._asked(here, headers)
            if not isinstance(found, str):
                return found
            following = web_address(urljoin(here, found))
            if here.lower().startswith("https:") and following.lower().startswith("http:"):
                raise Refused(
                    f"it leads from https to {shown(following)}", f"https から {shown(following)} へ転送されます"
                )
            here = following
        raise Refused(
            f"it leads on more than {self.bounds.hops} times, last to {shown(here)}",
            f"転送が{self.bounds.hops}回を超えます(最後は {shown(here)})",
        )

    async def _asked(self, url: str, headers: dict[str, str]) -> Fetched | str | None:
        """The answer at this very address: a file, where it leads to, or None where nothing changed."""
        try:
            async with self._session.get(url, headers=headers, allow_redirects=False) as answer:
                if answer.status in _REDIRECTS and "Location" in answer.headers:
                    return answer.headers["Location"]
                if answer.status == _NOT_MODIFIED and ("If-None-Match" in headers or "If-Modified-Since" in headers):
                    return None
                if answer.status != _OK:
                    raise _status(answer)
                return await self._file(url, answer)
        except aiohttp.ClientConnectorError as error:
            raise self._unreached(error) from error
        except (aiohttp.ClientConnectionError, aiohttp.ClientPayloadError) as error:
            raise Refused(
                "the connection ended before the whole answer was there",
                "応答の途中で接続が切れました",
                again=True,
            ) from error
        except (aiohttp.ClientError, OSError, ValueError) as error:
            said = shorten(" ".join(str(error).split()) or type(error).__name__)
            raise Refused(f"the answer is not HTTP as it should be: {said}", f"HTTPの応答が不正です: {said}") from error

    def _unreached(self, error: aiohttp.ClientConnectorError) -> Refused:
        if isinstance(error.os_error, ForbiddenError):
            return forbidden(error.host, str(error.os_error), private=self.bounds.private)
        said = shorten(error.os_error.strerror or str(error.os_error))
        certificate = isinstance(error, aiohttp.ClientSSLError)
        return Refused(
            f"cannot be reached: {said}: check the address, and whether the server runs",
            f"接続できません({said})。アドレスと稼働状況を確かめてください",
            again=not certificate,
        )

    async def _file(self, url: str, answer: aiohttp.ClientResponse) -> Fetched:
        announced = answer.content_length or 0
        if announced > self.bounds.size - self._held:
            raise too_large(self.bounds)
        content = bytearray()
        unpacked = _unpacking(answer.headers.get("Content-Encoding", ""))
        async for piece in answer.content.iter_chunked(_PIECE):
            for part in unpacked.feed(piece):
                content += part
                if len(content) > self.bounds.size - self._held:
                    raise too_large(self.bounds)
        if not unpacked.whole:
            raise Refused("its packed bytes end too early", "圧縮されたデータが途中で終わっています", again=True)
        self._held += len(content)
        return Fetched(
            url,
            bytes(content),
            answer.headers.get("Content-Type", ""),
            _clean(answer.headers.get("ETag", "")),
            _clean(answer.headers.get("Last-Modified", "")),
            sha256(content).hexdigest(),
        )


def _clean(value: str) -> str:
    """A header's value that we may say again, or ""."""
    return value if value.isascii() and value.isprintable() and len(value) <= _MAX_TAG else ""


def _wait(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    return max(_BACK_OFF(state), error.wait if isinstance(error, Refused) else 0)


def _status(answer: aiohttp.ClientResponse) -> Refused:
    after = answer.headers.get("Retry-After", "")
    wait = float(after) if after.isascii() and after.isdigit() and len(after) < 6 else 0.0  # noqa: PLR2004 - a day at most
    reason = printable((answer.reason or "")[:40])
    return Refused(
        f"the server answers {answer.status} {reason}".rstrip(),
        f"サーバーの応答: {answer.status} {reason}".rstrip(),
        again=answer.status in _BUSY and wait <= _LONGEST_WAIT,
        wait=wait,
    )


class _Plain:
    whole = True

    @staticmethod
    def feed(piece: bytes) -> Iterator[bytes]:
        yield piece


class _Unpacking:
    """Packed bytes → plain ones, a bounded piece at a time: a small file may stand for an endless one."""

    def __init__(self) -> None:
        self._unpack = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)

    @property
    def whole(self) -> bool:
        """Whether the last member is complete."""
        return self._unpack.eof

    def feed(self, piece: bytes) -> Iterator[bytes]:
        while piece:
            if self._unpack.eof:
                self._unpack = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)
            try:
                yield self._unpack.decompress(piece, _PIECE)
            except zlib.error as error:
                raise Refused("its packed bytes are damaged", "圧縮されたデータが壊れています") from error
            piece = self._unpack.unconsumed_tail or self._unpack.unused_data


def _unpacking(encoding: str) -> _Plain | _Unpacking:
    name = encoding.strip().lower()
    if name in {"", "identity"}:
        return _Plain()
    if name in {"gzip", "x-gzip", "deflate"}:
        return _Unpacking()
    raise Refused(
        f"it is packed by {shorten(encoding)}, which was not asked for",
        f"求めていない圧縮形式です: {shorten(encoding)}",
    )


@asynccontextmanager
async def fetcher(bounds: Bounds) -> AsyncIterator[Fetcher]:
    """A fetcher with connections of its own: no cookies, no proxy, no name and password of the environment."""
    look = guard(private=bounds.private)
    connector = aiohttp.TCPConnector(
        resolver=Resolver(look), socket_factory=socket_for(look), use_dns_cache=False, limit=_AT_ONCE
    )
    async with aiohttp.ClientSession(
        connector=connector,
        timeout=aiohttp.ClientTimeout(total=None),
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
        trust_env=False,
        headers={"User-Agent": f"pledge-ld/{__version__}"},
    ) as session:
        yield Fetcher(session, bounds)
