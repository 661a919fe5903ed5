"""The server started: its socket, its signals, and uvicorn between them."""

from __future__ import annotations

import re
import signal
import socket
import sys
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import uvicorn

from pledge_ld.problem import PledgeError
from pledge_ld.serve.app import app
from pledge_ld.serve.limits import Limits, protocol
from pledge_ld.serve.observe import log_to_stderr
from pledge_ld.serve.sparql import MIB, on_disk, sparql_routes, sparql_workers
from pledge_ld.serve.sparql import Limits as QueryLimits

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping
    from pathlib import Path

_CONNECTIONS = {
    "max_connections": "connections",
    "head_timeout": "head_seconds",
    "stall_timeout": "stall_seconds",
    "keep_alive": "keep_alive_seconds",
    "shutdown_timeout": "shutdown_seconds",
}
_COSTS = {
    "query_timeout": "deadline",
    "light_timeout": "light",
    "max_rows": "rows",
    "workers": "workers",
    "slow_workers": "slow_workers",
    "max_waiting": "queue",
}
_SIZES = {
    "max_query": "query_bytes",
    "max_answer": "answer_bytes",
    "query_memory": "memory",
}
_ROOT = re.compile(r"(?:/[A-Za-z0-9._~-]+)*")
_SPARE_FILES = 256


def limits_of(options: Mapping[str, Any]) -> tuple[Limits, QueryLimits]:
    """The bounds of connections and of queries, from the options of the command: times in seconds, sizes in MiB.

    >>> limits_of({"max_answer": 0.5, "head_timeout": 3, "workers": None})[1].answer_bytes
    524288

    :raises PledgeError: where one makes another meaningless
    """
    given = {name: value for name, value in options.items() if value is not None}
    sizes = {field: int(given[name] * MIB) for name, field in _SIZES.items() if name in given}
    costs = {field: given[name] for name, field in _COSTS.items() if name in given}
    bounds = {field: given[name] for name, field in _CONNECTIONS.items() if name in given}
    kept = {"kept_bytes": int(given["answer_cache"] * MIB)} if "answer_cache" in given else {}
    return Limits(**bounds, **kept), QueryLimits(**costs, **sizes)


def run(
    site: Path,
    host: str,
    port: int,
    *,
    root_path: str = "",
    loads: tuple[Path, ...] = (),
    limits: Limits | None = None,
    queries: QueryLimits | None = None,
    log_queries: bool = False,
    forwarded_allow_ips: str = "127.0.0.1",
) -> None:
    """Serves the site until the process is told to stop (SIGTERM, SIGINT), then ends what is under way.

    :raises PledgeError: when the site or an option cannot be used
    :raises OSError: when the address is taken, or not ours
    """
    bounds = limits or Limits()
    root = _root(site, root_path)
    costs = queries or QueryLimits()
    if loads and on_disk(site):
        message = f"--load, --harvested: {site} has a store on the disk, which takes in nothing more: serve it alone"
        raise PledgeError(f"{message} / ディスク上の索引には追加できません")

    @asynccontextmanager
    async def workers() -> AsyncIterator[None]:
        async with sparql_workers(made, site, loads, costs):
            yield

    routes = sparql_routes(site, costs)
    made = app(site, root_path=root, limits=bounds, log_queries=log_queries, routes=routes, lifespans=[workers])
    _allow_open_files(bounds.connections)
    log_to_stderr()
    # uvicorn raises a signal anew once it has stopped: asked for, it is no failure.
    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, lambda *_: None)
    with _listening(host, port) as listener:
        config = uvicorn.Config(
            made,
            http=protocol(bounds),
            ws="none",
            lifespan="on",
            log_config=None,
            access_log=False,
            server_header=False,
            forwarded_allow_ips=forwarded_allow_ips,
            # uvicorn counts the connection that asks, and refuses at this number already.
            limit_concurrency=bounds.connections + 1,
            timeout_keep_alive=bounds.keep_alive_seconds,
            timeout_graceful_shutdown=bounds.shutdown_seconds,
        )
        address = listener.getsockname()
        shown = f"[{address[0]}]" if ":" in address[0] else address[0]
        sys.stderr.write(f"serving {site} at http://{shown}:{address[1]}{root}/ / 公開中\n")
        sys.stderr.flush()
        uvicorn.Server(config).run(sockets=[listener])


def _root(site: Path, root_path: str) -> str:
    """The folder below the host, without a slash at its end."""
    root = root_path.rstrip("/")
    if not _ROOT.fullmatch(root):
        message = f"--root-path: expected a path like /pledges, got {root_path!r}"
        raise PledgeError(f"{message} / 「/」で始まるパスが必要です")
    first = root.strip("/").partition("/")[0]
    if first and (site / first).exists():
        # Whether /jp/012131 has its folder taken off already could not be told.
        raise PledgeError(f"--root-path: the site itself has {first!r}: choose another name / 別の名前にしてください")
    return root


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        raise OSError(error.errno, error.strerror or str(error), f"{host}:{port}") from error


def _allow_open_files(connections: int) -> None:
    """Raises the process's own bound of open files, as each connection is one, as far as it may."""
    try:
        import resource  # noqa: PLC0415 - Windows has none, and no such bound
    except ImportError:
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = connections * 2 + _SPARE_FILES
    if soft != resource.RLIM_INFINITY and soft < wanted:
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
