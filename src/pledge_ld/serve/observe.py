"""What an operator sees of the server: a line of JSON for each answer, and figures for Prometheus."""

from __future__ import annotations

import asyncio
import json
import logging
import sys
import time
from contextlib import nullcontext
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TextIO

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import choose_encoder
from starlette.responses import Response

from pledge_ld.hosting import HEADERS

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

ACCESS = logging.getLogger("pledge_ld.access")
_METHODS = {"GET", "HEAD", "OPTIONS", "POST"}
_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_GATHERED_SECONDS = 0.1
QUERY = "pledge_ld.query"
"""Where a route leaves in the scope's state the text of a query that came as a body, for the log of who asks for it."""


class Metrics:
    """The server's figures. Their labels are few and ours: no visitor can make up a new one."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.registry = registry
        labels = ("route", "method")
        self.answers = Counter("pledge_ld_answers", "Answers sent.", (*labels, "status"), registry=registry)
        self.sent = Counter("pledge_ld_sent_bytes", "Bytes of bodies sent.", ("route",), registry=registry)
        self.seconds = Histogram(
            "pledge_ld_answer_seconds", "Time to the end of an answer.", labels, registry=registry, buckets=_BUCKETS
        )
        self.under_way = 0
        Gauge("pledge_ld_under_way", "Requests being answered.", registry=registry).set_function(lambda: self.under_way)
        self.triples = Gauge("pledge_ld_triples", "Statements of the edition served.", registry=registry)
        self.editions = Gauge("pledge_ld_editions_taken_up", "Editions read since the start.", registry=registry)

        self._found: dict[tuple[str, str, int], tuple[Counter, Counter, Histogram]] = {}

    def count(self, route: str, method: str, status: int, size: int, seconds: float) -> None:
        """Counts one answer. What its labels lead to is kept: to look it up costs as much as to answer."""
        key = (route, method, status)
        if key not in self._found:
            answers = self.answers.labels(route, method, str(status))
            self._found[key] = (answers, self.sent.labels(route), self.seconds.labels(route, method))
        answers, sent, times = self._found[key]
        answers.inc()
        sent.inc(size)
        times.observe(seconds)

    def page(self, request: Request) -> Response:
        """The figures, in the format that Prometheus asks for."""
        encode, kind = choose_encoder(request.headers.get("accept", ""))
        return Response(encode(self.registry), headers={"Content-Type": kind, "Cache-Control": "no-store"})


class Observed:
    """Middleware that counts and logs each answer."""

    def __init__(self, app: ASGIApp, metrics: Metrics, routes: frozenset[str], *, log_queries: bool) -> None:
        self._app = app
        self._metrics = metrics
        self._routes = routes
        self._log_queries = log_queries

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hands the request on, and tells what came of it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = time.perf_counter()
        status, size, complete = 500, 0, False

        async def seen(message: Message) -> None:
            nonlocal status, size, complete
            if message["type"] == "http.response.start":
                status = message["status"]
            else:
                size += len(message.get("body", b"")) if scope["method"] != "HEAD" else 0
                complete = not message.get("more_body", False)
            await send(message)

        self._metrics.under_way += 1
        try:
            await self._app(scope, receive, seen)
        finally:
            self._metrics.under_way -= 1
            self._tell(scope, status, size, time.perf_counter() - begun, complete=complete)

    def _tell(self, scope: Scope, status: int, size: int, seconds: float, *, complete: bool) -> None:
        path = str(scope["path"])
        first = path.removeprefix(scope.get("root_path", "")).strip("/").partition("/")[0]
        route = first if first in self._routes else "site"
        method = scope["method"] if scope["method"] in _METHODS else "other"
        self._metrics.count(route, method, status, size, seconds)
        client = scope.get("client")
        line: dict[str, Any] = {
            "method": scope["method"],
            "path": path,
            "status": status,
            "bytes": size,
            "ms": round(seconds * 1000, 1),
            "client": client[0] if client else "",
        }
        if not complete:
            line["cut"] = True
        if self._log_queries:
            line["query"] = scope.get("state", {}).get(QUERY) or scope["query_string"].decode("latin-1")
        # As `info` would, but for its walk up the stack to see who logs.
        ACCESS.handle(
            ACCESS.makeRecord(ACCESS.name, logging.INFO, __file__, 0, "answer", (), None, extra={"said": line})
        )


class WithHeaders:
    """Middleware that gives each answer the headers that all have.

    A header that a route has set itself is left as it is: a page with a form needs another policy.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._headers = [(name.lower().encode("ascii"), value.encode("ascii")) for name, value in HEADERS.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hands the request on."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                raw = list(message.get("headers", []))
                there = {name.lower() for name, _ in raw}
                message = {**message, "headers": raw + [one for one in self._headers if one[0] not in there]}
            await send(message)

        await self._app(scope, receive, with_headers if scope["type"] == "http" else send)


class JsonLines(logging.Formatter):
    """A record as one line of JSON: whatever a visitor sends, a line is a line."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        said = getattr(record, "said", None) or {"message": record.getMessage()}
        when = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line = {"time": when, "level": record.levelname.lower(), "log": record.name, **said}
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line)


class Gathered(logging.StreamHandler[TextIO]):
    """Writes the lines of a tenth of a second at once: a write costs as much as an answer. A warning does not wait."""

    def __init__(self, stream: TextIO) -> None:
        super().__init__(stream)
        self._lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Takes a record, to write it soon."""
        first = not self._lines
        self._lines.append(self.format(record))
        if record.levelno > logging.INFO:
            self.flush()
        elif first:
            try:
                asyncio.get_running_loop().call_later(_GATHERED_SECONDS, self.flush)
            except RuntimeError:
                self.flush()

    def flush(self) -> None:
        """Writes what has come."""
        with self.lock or nullcontext():
            lines, self._lines = self._lines, []
            if lines:
                self.stream.write("\n".join([*lines, ""]))
            super().flush()


def log_to_stderr() -> None:
    """Sends what we and uvicorn log to stderr, as lines of JSON."""
    # What no line of ours has, and costs as much as the rest of it.
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    handler = Gathered(sys.stderr)
    handler.setFormatter(JsonLines())
    for name in ("pledge_ld", "uvicorn.error"):
        logger = logging.getLogger(name)
        logger.handlers[:] = [handler]
        logger.setLevel(logging.INFO)
        logger.propagate = False
