"""The routes of the endpoint and of the saved queries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.routing import Route

from pledge_ld.serve.sparql.page import Pages
from pledge_ld.serve.sparql.protocol import Endpoint, answering
from pledge_ld.serve.sparql.saved import Saved

if TYPE_CHECKING:
    from pathlib import Path

    from pledge_ld.serve.sparql.limits import Limits

_EVERY = ["GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE", "PATCH"]
"""What no query may come by is answered with a problem as well, not with a server's own words."""


def sparql_routes(site: Path, loads: tuple[Path, ...], limits: Limits) -> list[Route]:  # noqa: ARG001 - held by the workers, which start apart; whoever makes both hands both the same
    """What answers at /sparql, /queries/NAME.csv and .json, and /openapi.json, while `sparql_workers` run."""
    saved = Saved(site, limits)
    endpoint = answering(Endpoint(Pages(saved)))
    return [
        Route("/sparql", endpoint, methods=_EVERY),
        Route("/sparql/", endpoint, methods=_EVERY),
        *(Route(f"/queries/{{name:str}}.{form}", answering(saved.as_form(form))) for form in ("csv", "json")),
        Route("/openapi.json", answering(saved.described)),
    ]
