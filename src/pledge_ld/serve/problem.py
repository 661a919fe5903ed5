"""An answer that says what went wrong, as RFC 9457 has it, for programs."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import orjson
from starlette.responses import Response

if TYPE_CHECKING:
    from collections.abc import Mapping

MEDIA_TYPE = "application/problem+json"


def problem_answer(
    status: int, detail: str, *, headers: Mapping[str, str] | None = None, title: str = "", **more: Any
) -> Response:
    """The answer with this status; ``more`` are members of its own, like the variants that there are.

    >>> problem_answer(503, "Too busy.", headers={"Retry-After": "1"}).body
    b'{"type":"about:blank","title":"Service Unavailable","status":503,"detail":"Too busy."}'
    """
    content = {
        "type": "about:blank",
        "title": title or HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        **more,
    }
    return Response(orjson.dumps(content), status, dict(headers or {}), MEDIA_TYPE)
