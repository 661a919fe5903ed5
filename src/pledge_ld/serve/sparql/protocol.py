"""The SPARQL 1.1 Protocol: a request → the question for the workers → a whole answer, or a problem."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlencode

import pyoxigraph as ox
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from pledge_ld.hosting import HEADERS
from pledge_ld.serve.kept import keep_while
from pledge_ld.serve.observe import QUERY
from pledge_ld.serve.sparql.description import description
from pledge_ld.serve.sparql.guard import guarded, updates_refused
from pledge_ld.serve.sparql.limits import mib
from pledge_ld.serve.sparql.negotiate import GRAPHS, Offers, chosen, offers_of
from pledge_ld.serve.sparql.refusal import MEDIA, Refusal
from pledge_ld.serve.sparql.template import Question

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request

    from pledge_ld.serve.sparql.page import Pages
    from pledge_ld.serve.sparql.workers import Pool, Workers

ALLOWED = "GET, HEAD, POST, OPTIONS"
METHOD_NOT_ALLOWED = 405
_PAGE = {
    "Vary": "Accept, Accept-Language",
    "Content-Security-Policy": HEADERS["Content-Security-Policy"].replace("form-action 'none'", "form-action 'self'"),
}
"""Headers of the query page: the site's own, but for its form."""
_SMALL = 1 << 13
"""Bytes of a query that are read in no time; a longer one is looked at beside the server's loop."""
_UTF_8 = {"", "utf-8", "utf8", "us-ascii"}
Parameters = dict[str, list[str]]


def answering(handler: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
    """The handler, with its refusals as problem details."""

    async def answered(request: Request) -> Response:
        try:
            response = await handler(request)
        except Refusal as refusal:
            response = refusing(refusal)
        # All is public and nothing depends on who asks: no credentials, any page may read it.
        response.headers["Access-Control-Allow-Origin"] = "*"
        return response

    return answered


def refusing(refusal: Refusal) -> Response:
    """A refusal as a response."""
    allow = {"Allow": ALLOWED} if refusal.status == METHOD_NOT_ALLOWED else {}
    return Response(refusal.body(), refusal.status, {**refusal.headers(), **allow, "Vary": "Accept"}, MEDIA)


async def asked(request: Request, most: int) -> Parameters:
    """The parameters of a request, from its address and its body.

    :raises Refusal: when it is no query by the protocol
    """
    given = _parsed(request.url.query.encode(), most)
    if request.method in {"GET", "HEAD"}:
        if "update" in given:
            raise updates_refused()
        return given
    if request.method != "POST":
        raise Refusal(METHOD_NOT_ALLOWED, f"ask by {ALLOWED}", f"{ALLOWED} を使ってください")
    media, charset = _media(request.headers.get("content-type", ""))
    if charset not in _UTF_8:
        raise Refusal(415, f"expected UTF-8, got {charset}", f"UTF-8 が必要です({charset} ではなく)")
    body = await _body(request, most)
    if media == "application/x-www-form-urlencoded":
        form = _parsed(body, most)
        if "update" in form or "update" in given:
            raise updates_refused()
        return {key: given.get(key, []) + form.get(key, []) for key in given.keys() | form.keys()}
    if media == "application/sparql-query":
        return {**given, "query": [*given.get("query", []), _text(body)]}
    if media == "application/sparql-update":
        raise updates_refused()
    forms = "application/sparql-query, application/x-www-form-urlencoded"
    raise Refusal(415, f"expected {forms}", f"次の形式が必要です: {forms}")


def _media(header: str) -> tuple[str, str]:
    media, *parameters = (one.strip().lower() for one in header.split(";"))
    charset = next((one[8:].strip('"') for one in parameters if one.startswith("charset=")), "")
    return media, charset


async def _body(request: Request, most: int) -> bytes:
    body = bytearray()
    try:
        async for part in request.stream():
            body += part
            # Percent-encoding may make a query three times as long.
            if len(body) > most * 3 + _SMALL:
                raise _too_long(most)
    except ClientDisconnect as gone:
        # The visitor has left, or has been waited for long enough (limits.py).
        raise Refusal(408, "the query did not come in time", "問い合わせが時間内に届きませんでした") from gone
    return bytes(body)


def _too_long(most: int) -> Refusal:
    return Refusal(413, f"the query is longer than {mib(most)}", f"問い合わせが{mib(most)}を超えます")


def _parsed(text: bytes, most: int) -> Parameters:
    try:
        found = parse_qs(text.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=1000)
    except ValueError as error:
        raise Refusal(400, "the parameters are no form in UTF-8", "パラメータを UTF-8 として読めません") from error
    if any(len(one.encode()) > most for one in found.get("query", ())):
        raise _too_long(most)
    return found


def _text(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise Refusal(400, "the query is not in UTF-8", "問い合わせが UTF-8 ではありません") from error


class Endpoint:
    """What answers at /sparql."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages

    async def __call__(self, request: Request) -> Response:
        """The answer to a request; without a query the query page or the service description.

        :raises Refusal: when there is none
        """
        if request.method == "OPTIONS":
            return Response(
                status_code=204,
                headers={
                    "Allow": ALLOWED,
                    "Access-Control-Allow-Methods": ALLOWED,
                    "Access-Control-Allow-Headers": "*",
                },
            )
        workers: Workers = request.app.state.sparql
        limits = workers.limits
        given = await asked(request, limits.query_bytes)
        queries = given.get("query", [])
        if not queries and request.method != "POST":
            return self._front(request, workers.pool)
        if len(queries) != 1:
            raise Refusal(400, f"expected one query, got {len(queries)}", "query は一つだけ指定してください")
        if len(queries[0].encode()) > limits.query_bytes:
            raise _too_long(limits.query_bytes)
        text = queries[0]
        request.scope["state"][QUERY] = text
        look = guarded(text) if len(text) < _SMALL else await asyncio.to_thread(guarded, text)
        form, media = _form(request, given, offers_of(look.form))
        is_rows = look.form in {"SELECT", "ASK"}
        inner = ("json" if is_rows else "nt") if form == "html" else form
        pool = workers.pool
        default, named, union = _graphs(given, pool, names_graphs=look.names_graphs)
        base, most = pool.held.base, (limits.rows, limits.answer_bytes, limits.deadline)
        question = Question(text, inner, base, default, named, *most, union)
        answer = await unless_gone(request, pool.ask(question, visitor(request)))
        if form != "html" and not look.varies:
            keep_while(request.scope, lambda: workers.pool is pool)
        headers = {"Vary": "Accept", "Cache-Control": "no-cache", "X-Data-Version": pool.held.version}
        if form == "html":
            html = self._pages.answer(request, text, answer, rows=is_rows, again=_again(given))
            return Response(html, media_type="text/html", headers={**headers, **_PAGE})
        return Response(answer, media_type=media, headers=headers)

    def _front(self, request: Request, pool: Pool) -> Response:
        form, media = _form(request, {}, GRAPHS)
        if form == "html":
            return Response(self._pages.form(request), media_type="text/html", headers=_PAGE)
        endpoint = str(request.url.replace(query="", fragment=""))
        return Response(description(pool.held, endpoint, form), media_type=media, headers={"Vary": "Accept"})


def _form(request: Request, given: Parameters, offers: Offers) -> tuple[str, str]:
    wanted = given.get("format", [""])[0]
    if wanted in offers:
        return wanted, offers[wanted][0]
    return chosen(", ".join(request.headers.getlist("accept")), offers)


def _graphs(given: Parameters, pool: Pool, *, names_graphs: bool) -> tuple[list[str] | None, list[str] | None, bool]:
    """The default and the named graphs: those of the request, else the query's own, else the union of our cities'.

    The third is whether that union is simply the one of all graphs.
    """
    default, named = given.get("default-graph-uri", []), given.get("named-graph-uri", [])
    for one in (*default, *named):
        try:
            ox.NamedNode(one)
        except ValueError as error:
            raise Refusal(400, f"no IRI of a graph: {one[:200]}", f"グラフのIRIではありません: {one[:200]}") from error
    if default or named:
        return list(dict.fromkeys(default)), list(dict.fromkeys(named)), False
    return (None, None, False) if names_graphs else pool.held.ours


def _again(given: Parameters) -> str:
    """The query as parameters, to ask for the same answer in another form."""
    return urlencode({key: value for key, value in given.items() if key != "format"}, doseq=True)


def visitor(request: Request) -> str:
    """Who asks, as far as fair shares go: an address."""
    return request.client.host if request.client else ""


async def unless_gone(request: Request, answer: Any) -> bytes:
    """The answer, unless the visitor hangs up: then its work is stopped at once."""
    working = asyncio.ensure_future(answer)
    leaving = asyncio.ensure_future(_left(request))
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise Refusal(503, "the visitor has gone", "接続が切れました")
        found: bytes = working.result()
        return found
    finally:
        for task in (working, leaving):
            task.cancel()


async def _left(request: Request) -> None:
    while True:
        message = await request.receive()
        if message["type"] == "http.disconnect":
            return
