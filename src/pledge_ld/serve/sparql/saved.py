"""Saved queries as an API: parameters bound as typed terms. Without any, the answer is a file that the build made."""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING, Any

import orjson
from starlette.responses import Response

from pledge_ld.hosting import TYPES
from pledge_ld.problem import PledgeError
from pledge_ld.query import Query, bound, parse
from pledge_ld.serve.kept import keep_while
from pledge_ld.serve.sparql.protocol import unless_gone, visitor
from pledge_ld.serve.sparql.refusal import Refusal
from pledge_ld.serve.sparql.template import Question

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from starlette.requests import Request

    from pledge_ld.serve.sparql.limits import Limits
    from pledge_ld.serve.sparql.workers import Workers

MEDIA = {"csv": TYPES[".csv"], "json": "application/sparql-results+json"}
_JSON: dict[str, dict[str, Any]] = {
    "iri": {"type": "string", "format": "iri"},
    "string": {"type": "string"},
    "integer": {"type": "string", "pattern": "^-?[0-9]{1,18}$"},
    "decimal": {"type": "string", "pattern": r"^-?[0-9]{1,18}(\.[0-9]{1,18})?$"},
    "boolean": {"type": "string", "enum": ["true", "false"]},
    "date": {"type": "string", "format": "date"},
}
State = tuple[int, int, int]


class Saved:
    """The saved queries of the built site."""

    def __init__(self, site: Path, limits: Limits) -> None:
        self._folder = site / "queries"
        self._limits = limits
        self._known: dict[str, tuple[State, Query]] = {}

    def queries(self) -> dict[str, Query]:
        """Every query of the site as it is now, by name."""
        return {one.stem: self._query(one.stem) for one in sorted(self._folder.glob("*.rq"))}

    def _query(self, name: str) -> Query:
        """The query of this name, read anew where its file is another.

        :raises Refusal: when there is none
        """
        try:
            state = self._state(name)
            known = self._known.get(name)
            if known is None or known[0] != state:
                text = (self._folder / f"{name}.rq").read_text(encoding="utf-8")
                known = self._known[name] = state, parse(name, text)
        except (OSError, ValueError) as error:
            raise Refusal(
                404, f"there is no saved query '{name}'", f"「{name}」という問い合わせはありません"
            ) from error
        return known[1]

    def _is_still(self, query: Query) -> bool:
        try:
            return self._known[query.name] == (self._state(query.name), query)
        except OSError:
            return False

    def _state(self, name: str) -> State:
        found = os.stat(f"{self._folder}/{name}.rq")  # noqa: PTH116 - asked on every request, and twice as fast as by Path
        return found.st_ino, found.st_mtime_ns, found.st_size

    def is_built(self, name: str, form: str) -> bool:
        """Whether the build has written the answer to this query as it stands."""
        try:
            return (self._folder / f"{name}.{form}").is_file()
        except ValueError:
            return False

    def as_form(self, form: str) -> Callable[[Request], Awaitable[Response]]:
        """What answers every saved query in one form."""

        async def answered(request: Request) -> Response:
            return await self._answer(request, form)

        return answered

    async def _answer(self, request: Request, form: str) -> Response:
        """The answer to a saved query, with its parameters bound.

        :raises Refusal: for no such query, a wrong parameter, or a query that is not answered
        """
        name = request.path_params["name"]
        workers: Workers = request.app.state.sparql
        values = request.query_params.multi_items()
        pool, query = workers.pool, self._query(name)
        content = await self._made(request, query, form, values)
        keep_while(request.scope, lambda: workers.pool is pool and self._is_still(query))
        tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
        headers = {"ETag": tag, "Cache-Control": "no-cache"}
        if tag in {one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")}:
            return Response(status_code=304, headers=headers)
        return Response(content, media_type=MEDIA[form], headers=headers)

    async def _made(self, request: Request, query: Query, form: str, values: list[tuple[str, str]]) -> bytes:
        if len({one for one, _ in values}) < len(values):
            raise Refusal(400, "a parameter may be given once", "パラメータは一度だけ指定してください")
        try:
            text = bound(query, dict(values))
        except PledgeError as error:
            english, _, japanese = str(error).partition(" / ")
            raise Refusal(400, english, japanese or f"パラメータを確かめてください: {english}") from error
        pool = request.app.state.sparql.pool
        limits, held = self._limits, pool.held
        most = (limits.rows, limits.answer_bytes, limits.deadline)
        default, named, union = held.ours
        question = Question(text, form, held.base, default, named, *most, union)
        return await unless_gone(request, pool.ask(question, visitor(request)))

    async def described(self, _request: Request) -> Response:
        """The OpenAPI document of the saved queries."""
        paths = {
            f"/queries/{one.name}.{form}": {"get": _operation(one, form)}
            for one in self.queries().values()
            for form in MEDIA
        }
        content = {
            "openapi": "3.1.0",
            "info": {
                "title": "Saved queries / 保存された問い合わせ",
                "version": "1.0.0",
                "license": {"name": "CC BY 4.0", "identifier": "CC-BY-4.0"},
            },
            "servers": [{"url": "."}],
            "paths": paths,
            "components": {"responses": {"Problem": _PROBLEM}},
        }
        headers = {"Cache-Control": "no-cache"}
        return Response(
            orjson.dumps(content, option=orjson.OPT_INDENT_2), media_type="application/json", headers=headers
        )


_PROBLEM = {
    "description": "RFC 9457 problem details / 問題の説明",
    "content": {
        "application/problem+json": {
            "schema": {
                "type": "object",
                "required": ["type", "title", "status", "detail"],
                "properties": {
                    "type": {"type": "string"},
                    "title": {"type": "string"},
                    "status": {"type": "integer"},
                    "detail": {"type": "string"},
                },
            }
        }
    },
}


def _operation(query: Query, form: str) -> dict[str, Any]:
    parameters = [
        {
            "name": one.name,
            "in": "query",
            "required": False,
            "description": f"{one.en} / {one.ja}",
            "schema": {**_JSON[one.type], "default": one.default},
        }
        for one in query.params
    ]
    columns = ", ".join(f"{name} ({type_})" for name, type_ in query.returns)
    problem = {"$ref": "#/components/responses/Problem"}
    answer = {
        "description": columns,
        "content": {MEDIA[form]: {"schema": {"type": "string" if form == "csv" else "object"}}},
    }
    return {
        "operationId": f"{query.name}_{form}",
        "summary": f"{query.title['en']} / {query.title['ja']}",
        "description": f"{query.question['en']} / {query.question['ja']}",
        "parameters": parameters,
        "responses": {"200": answer, "304": {"description": "unchanged / 変更なし"}, "default": problem},
    }
