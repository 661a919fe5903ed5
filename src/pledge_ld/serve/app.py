"""The server's parts put together: routes, what runs beside them, and what every answer goes through."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, ProcessCollector
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from pledge_ld.serve.compress import pack
from pledge_ld.serve.files import Site
from pledge_ld.serve.kept import Kept
from pledge_ld.serve.limits import BodyInTime, Limits
from pledge_ld.serve.linked import LinkedData
from pledge_ld.serve.observe import Metrics, Observed, WithHeaders
from pledge_ld.serve.pages import Pages

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    from starlette.requests import Request
    from starlette.types import ASGIApp, Receive, Scope, Send

    from pledge_ld.serve.files import Edition

_CHECKS_SECONDS = 1.0


def app(
    site: Path,
    *,
    root_path: str = "",
    limits: Limits | None = None,
    log_queries: bool = False,
    routes: Sequence[Route] = (),
    lifespans: Sequence[Callable[[], AbstractAsyncContextManager[None]]] = (),
    registry: CollectorRegistry | None = None,
) -> Starlette:
    """The application that serves a built site.

    ``routes`` are answered before the site's files; each of ``lifespans`` is entered before the first request and
    left after the last. What they count into ``registry`` is shown at /metrics.

    :raises PledgeError: when ``site`` is none that a build made
    """
    held, pages, bounds = Site(site), Pages(), limits or Limits()
    registry = registry or CollectorRegistry()
    ProcessCollector(registry=registry)
    metrics = Metrics(registry)
    metrics.triples.set_function(lambda: held.edition.triples)
    metrics.editions.set_function(lambda: held.taken_up)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(_packing(held, bounds.compressed_bytes))
            for one in lifespans:
                await stack.enter_async_context(one())
            yield

    async def health(_: Request) -> JSONResponse:
        edition = await held.now()
        content = {"ok": True, "edition": edition.digest, "triples": edition.triples, "files": len(edition.files)}
        return JSONResponse(content, headers={"Cache-Control": "no-store"})

    async def figures(request: Request) -> Response:
        return metrics.page(request)

    async def refused(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else HTTPStatus.INTERNAL_SERVER_ERROR
        headers = error.headers if isinstance(error, HTTPException) else None
        return pages.refused(int(status), request.headers, headers=headers)

    own = [Route("/health", health), Route("/metrics", figures)]
    known = frozenset(one.path.strip("/").partition("/")[0] for one in (*own, *routes))
    made = Starlette(
        routes=[*own, *routes, Route("/{path:path}", LinkedData(held, pages))],
        middleware=[
            Middleware(Observed, metrics, known, log_queries=log_queries),
            Middleware(Kept, bounds.kept_bytes),
            Middleware(WithHeaders),
            Middleware(_Below, root_path),
            Middleware(BodyInTime, bounds.stall_seconds),
        ],
        exception_handlers={HTTPException: refused, Exception: refused},
        lifespan=lifespan,
    )
    made.router.redirect_slashes = False
    return made


@asynccontextmanager
async def _packing(site: Site, room: int) -> AsyncIterator[None]:
    """Meanwhile, the files of each edition are compressed in the background."""
    stopped = False

    def over(edition: Edition) -> bool:
        return stopped or site.edition is not edition

    async def keep_packed() -> None:
        before: Edition | None = None
        while True:
            edition = await site.now()
            if edition is not before:
                await asyncio.to_thread(pack, edition, before, room, partial(over, edition))
                before = edition
            await asyncio.sleep(_CHECKS_SECONDS)

    task = asyncio.create_task(keep_packed())
    try:
        yield
    finally:
        stopped = True
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


class _Below:
    """Middleware for a site in a folder of its host, whether the proxy in front takes the folder off or leaves it."""

    def __init__(self, inner: ASGIApp, root_path: str) -> None:
        self._app = inner
        self._root = root_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hands the request on with a path as ASGI means it: the folder's, and in it the site's."""
        if scope["type"] == "http" and self._root:
            path = str(scope["path"])
            if path == self._root:
                await RedirectResponse(f"{self._root}/", 301)(scope, receive, send)
                return
            inside = path.startswith(f"{self._root}/")
            scope = {**scope, "root_path": self._root, "path": path if inside else self._root + path}
        await self._app(scope, receive, send)
