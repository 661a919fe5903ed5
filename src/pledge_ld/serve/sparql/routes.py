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


class _WithParameters(Route):
    """A route for what is asked with parameters; without, the built site has the answer."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        return super().matches(scope) if scope.get("query_string") else (Match.NONE, {})


def sparql_routes(site: Path, loads: tuple[Path, ...], limits: Limits) -> list[Route]:  # noqa: ARG001 - held by the workers, which start apart; whoever makes both hands both the same
    """What answers at /sparql, /queries/NAME.csv and .json, and /openapi.json, while `sparql_workers` run."""
    saved = Saved(site, limits)
    endpoint = answering(Endpoint(Pages(saved)))
    return [
        Route("/sparql", endpoint, methods=_EVERY),
        Route("/sparql/", endpoint, methods=_EVERY),
        *(_WithParameters(f"/queries/{{name:str}}.{form}", answering(saved.as_form(form))) for form in ("csv", "json")),
        Route("/openapi.json", answering(saved.described)),
    ]
