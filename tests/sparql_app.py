"""A server of the endpoint alone, for its tests: its port, the site, --load files, and limits as name=value."""

from __future__ import annotations

import sys
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import uvicorn
from starlette.applications import Starlette

from pledge_ld.serve.sparql import Limits, sparql_routes, sparql_workers

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


def main() -> None:
    """Serve until told to stop."""
    port, site, *others = sys.argv[1:]
    loads = tuple(Path(one) for one in others if "=" not in one)
    options = dict(one.split("=") for one in others if "=" in one)
    limits = Limits(**{name: type(getattr(Limits(), name))(float(value)) for name, value in options.items()})

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with sparql_workers(app, Path(site), loads, limits):
            yield

    app = Starlette(routes=sparql_routes(Path(site), loads, limits), lifespan=lifespan)
    uvicorn.run(app, port=int(port), log_level="warning")


if __name__ == "__main__":
    main()
