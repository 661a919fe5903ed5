"""Connections to addresses that may be spoken to, and to no other.

What counts is the address that a connection is made to. It is looked at twice: all addresses of a name when it is
resolved, so that a name which also has a private one is refused; and the very address for which a socket is made, so
that a name which changes its mind in between gains nothing.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from typing import TYPE_CHECKING, Any

from aiohttp.abc import AbstractResolver, ResolveResult

if TYPE_CHECKING:
    from collections.abc import Callable


def socket_for(look: Callable[[str], None]) -> Callable[[Any], socket.socket]:
    """What makes the socket for a connection, if ``look`` lets its address pass: the last look, at the very address."""

    def make(info: Any) -> socket.socket:
        family, kind, protocol, _, peer = info
        look(str(peer[0]))
        return socket.socket(family, kind, protocol)

    return make


class Resolver(AbstractResolver):
    """Names → addresses, all of which ``look`` lets pass.

    The system's own look-up cannot be stopped: it runs in a thread for which nobody waits once the time is over.
    """

    def __init__(self, look: Callable[[str], None]) -> None:
        self._look = look

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """The host's addresses.

        :raises OSError: when the name is not known, or one of its addresses is forbidden
        """
        found: list[ResolveResult] = []
        for family_, _, protocol, _, peer in await _looked_up(host, port, family):
            self._look(str(peer[0]))
            found.append(
                ResolveResult(
                    hostname=host,
                    host=str(peer[0]),
                    port=port,
                    family=family_,
                    proto=protocol,
                    flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
                )
            )
        return found

    async def close(self) -> None:
        """Nothing is held."""


async def _looked_up(host: str, port: int, family: socket.AddressFamily) -> list[Any]:
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[list[Any]] = loop.create_future()

    def tell(found: list[Any] | Exception) -> None:
        if not answer.done():
            if isinstance(found, Exception):
                answer.set_exception(found)
            else:
                answer.set_result(found)

    def look_up() -> None:
        try:
            found: list[Any] | Exception = socket.getaddrinfo(host, port, family, socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            found = error if isinstance(error, OSError) else OSError(str(error))
        if not loop.is_closed():
            loop.call_soon_threadsafe(tell, found)

    threading.Thread(target=look_up, daemon=True).start()
    return await answer
