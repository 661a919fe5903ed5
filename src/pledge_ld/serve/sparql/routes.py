"""The routes of the endpoint and of the saved queries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.routing import Match, Route

from pledge_ld.serve.sparql.page import Pages
from pledge_ld.serve.sparql.protocol import Endpoint, answering
from pledge_ld.serve.sparql.saved import Saved

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.types import Scope

    from pledge_ld.serve.sparql.limits import Limits

_EVERY = ["GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE", "PATCH"]
"""What no query may come by is answered with a problem as well, not with a server's own words."""


class _Saved(Route):
    """A route for saved queries, but for the answers without parameters: those are files of the built site."""

    def __init__(self, saved: Saved, form: str) -> None:
        super().__init__(f"/queries/{{name:str}}.{form}", answering(saved.as_form(form)))
        self._saved, self._form = saved, form

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        match, inner = super().matches(scope)
        if match is Match.FULL and not scope["query_string"]:
            built = self._saved.is_built(inner["path_params"]["name"], self._form)
            return (Match.NONE, {}) if built else (match, inner)
        return match, inner


def sparql_routes(site: Path, limits: Limits) -> list[Route]:
    """What answers at /sparql, /queries/NAME.csv and .json, and /openapi.json, while `sparql_workers` run."""
    saved = Saved(site, limits)
    endpoint = answering(Endpoint(Pages(saved)))
    return [
        Route("/sparql", endpoint, methods=_EVERY),
        Route("/sparql/", endpoint, methods=_EVERY),
        *(_Saved(saved, form) for form in ("csv", "json")),
        Route("/openapi.json", answering(saved.described)),
    ]
