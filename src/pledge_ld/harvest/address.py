"""The addresses that may be spoken to: a stranger's catalogue must not lead us into our own network."""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit

import pyoxigraph as ox

from pledge_ld.harvest.bounds import Refused
from pledge_ld.problem import shorten

if TYPE_CHECKING:
    from collections.abc import Callable

_WEB = re.compile(r"https?://[^\s<>\"{}|\\^`\x00-\x20\x7f]+", re.IGNORECASE)
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*", re.IGNORECASE)
"""The last part of a host that is an address of version 4, and no name, as browsers and the system tell them apart."""
_PORTS = {"http": 80, "https": 443}
_LONGEST = 2000
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_SPECIAL = tuple(
    ipaddress.ip_network(one)
    for one in (
        *("192.0.0.0/24", "192.88.99.0/24"),
        *("64:ff9b:1::/48", "100::/64", "2001::/23", "3fff::/20", "5f00::/16", "fec0::/10"),
    )
)
"""Networks for special uses that not every Python's table has."""
_METADATA = frozenset({ipaddress.ip_address("168.63.129.16"), ipaddress.ip_address("fd00:ec2::254")})
"""Services for virtual machines that answer at addresses which look public, or like the machine's own network's."""
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class ForbiddenError(OSError):
    """A connection that is not made. An OSError, because the library lets no other pass."""


def web_address(text: str) -> str:
    """The address, where it is one that may be fetched at all: without its fragment, and one spelling for one place.

    >>> web_address("HTTPS://Example.ORG:443/Catalog.ttl#top")
    'https://example.org/Catalog.ttl'

    :raises Refused: for another scheme than http and https, a name and password, and what is no address
    """
    said = shown(text)
    if not _WEB.fullmatch(text) or len(text) > _LONGEST:
        raise Refused(
            f"expected an http or https address, got {said}", f"http または https のアドレスが必要です: {said}"
        )
    try:
        ox.NamedNode(text)
        parts = urlsplit(text)
        named = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        named = False
    if not named:
        raise Refused(f"{said} is no whole address", f"アドレスの形式が違います: {said}")
    if "@" in parts.netloc:
        host = shorten(parts.hostname or "")
        raise Refused(
            f"an address at {host} holds a name or password: leave them out",
            f"{host} のアドレスに利用者名やパスワードが含まれています。取り除いてください",
        )
    host = parts.hostname or ""
    plain = unicodedata.normalize("NFKC", host).replace("。", ".").rstrip(".")
    if ":" not in host and _NUMBER.fullmatch(plain.rpartition(".")[2]) and not _is_v4(host):
        # The system would read 127.1 as 127.0.0.1, and 010.0.0.1 as 8.0.0.1 or as 10.0.0.1.
        raise Refused(
            f"expected four numbers of 0 to 255 parted by dots, or a name, as the host of {said}, got {shorten(host)}",
            f"ホストは名前か、0から255までの4つの数字を「.」で区切った形で書いてください: {said}",
        )
    return _normal(text, parts)


def _is_v4(host: str) -> bool:
    try:
        ipaddress.IPv4Address(host)
    except ValueError:
        return False
    return True


def _normal(text: str, parts: SplitResult) -> str:
    """The address as RFC 3986 (6.2.2, 6.2.3) writes it, but for its path and query, which are their server's."""
    scheme = parts.scheme.lower()
    host = (parts.hostname or "").lower()
    host = f"[{host}]" if ":" in host else host
    port = "" if parts.port in {None, _PORTS[scheme]} else f":{parts.port}"
    # Put together by hand: urlunsplit would take away a "?" with nothing behind it.
    rest = text.partition("#")[0].partition("//")[2][len(parts.netloc) :]
    return f"{scheme}://{host}{port}{rest if rest.startswith('/') else f'/{rest}'}"


def shown(url: str) -> str:
    """The address for a message, without the name and password in it.

    >>> shown("http://me:secret@example.org/")
    'http://…@example.org/'
    """
    return shorten(re.sub(r"//[^/?#]*@", "//…@", url))


def public(address: str) -> bool:
    """Whether the address is one of the public net, whatever disguise it wears.

    >>> [public(one) for one in ("203.0.114.5", "127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "169.254.169.254")]
    [True, False, False, False, False]
    """
    return all(
        one.is_global and not (one.is_multicast or one.is_reserved or one in _METADATA or _special(one))
        for one in _meant(_parsed(address))
    )


def near(address: str) -> bool:
    """Whether the address may be spoken to where private ones are allowed: never a link's own, so no metadata."""
    return all(
        not (one.is_link_local or one.is_multicast or one.is_unspecified or one in _METADATA)
        for one in _meant(_parsed(address))
    )


def _parsed(address: str) -> _Address:
    return ipaddress.ip_address(address.partition("%")[0])


def _special(one: _Address) -> bool:
    return any(one.version == net.version and one in net for net in _SPECIAL)


def _meant(one: _Address) -> list[_Address]:
    """The address, or those of version 4 that are written inside it."""
    if isinstance(one, ipaddress.IPv4Address):
        return [one]
    if one.ipv4_mapped:
        return [one.ipv4_mapped]
    if one in _NAT64 or (one.packed[:12] == bytes(12) and int(one) > 1):
        return [ipaddress.IPv4Address(one.packed[12:])]
    return [one, *(each for each in (one.sixtofour, *(one.teredo or ())) if each)]


def guard(*, private: bool) -> Callable[[str], None]:
    """What lets an address pass, or raises `ForbiddenError`."""
    allowed = near if private else public

    def look(address: str) -> None:
        if not allowed(address):
            raise ForbiddenError(address)

    return look


def forbidden(host: str, address: str, *, private: bool) -> Refused:
    """Said of a host at an address that must not be spoken to."""
    at = shorten(host) if host in {address, f"[{address}]"} else f"{shorten(host)} ({address})"
    if private:
        return Refused(f"{at} is never spoken to", f"{at} には接続しません")
    return Refused(
        f"{at} is not an address of the public net: --allow-private is for your own network",
        f"{at} は公開のネットワークのアドレスではありません。組織内のものなら --allow-private を付けてください",
    )
