"""A built site's graphs are put into a store elsewhere: each city's whole graph in one request, or none of it."""

from __future__ import annotations

import base64
import ipaddress
import os
import re
import time
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple
from urllib.error import URLError
from urllib.parse import quote, urlsplit
from urllib.request import (
    HTTPDigestAuthHandler,
    HTTPPasswordMgrWithDefaultRealm,
    Request,
    parse_http_list,
    parse_keqv_list,
)

from pledge_ld.problem import PledgeError, Problem
from pledge_ld.store.endpoint import Limits, checked, patiently
from pledge_ld.store.wire import Got, WireError, exchange

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

USER, PASSWORD, TOKEN = "PLEDGE_LD_STORE_USER", "PLEDGE_LD_STORE_PASSWORD", "PLEDGE_LD_STORE_TOKEN"
"""The environment variables with the credentials: arguments are seen by everybody on the machine."""

_QUAD = re.compile(rb"(?:<[^<>\"]*>) <[^<>\"]*> (?:<[^<>\"]*>|\".*\"[^ ]*) <[^<>\" ]+> \.\n")


class Graph(NamedTuple):
    """A named graph: its IRI, its N-Triples, and how many there are."""

    name: str
    triples: bytes
    size: int


@dataclass(frozen=True, slots=True)
class Uploaded:
    """The graphs that the store took, with their sizes, and a problem for each that it did not take."""

    graphs: tuple[tuple[str, int], ...]
    problems: tuple[Problem, ...]


class Credentials:
    """Who we are to one store, as far as its address may be told."""

    def __init__(self, address: str, environment: Mapping[str, str]) -> None:
        user, password, token = (environment.get(one, "") for one in (USER, PASSWORD, TOKEN))
        if bool(user) != bool(password) or (user and token):
            raise PledgeError(f"expected {USER} with {PASSWORD}, or {TOKEN} / 環境変数の組み合わせが違います")
        self._sealed = _sealed(address)
        if token and not (self._sealed and token.isascii() and token.isprintable()):
            raise PledgeError(f"{TOKEN}: expected an https address / トークンは https のアドレスにだけ送ります")
        self._basic = base64.b64encode(f"{user}:{password}".encode()).decode() if user else ""
        self._secrets = [one for one in (token, password, self._basic) if one]
        self._token = token
        passwords = HTTPPasswordMgrWithDefaultRealm()
        passwords.add_password(None, address, user, password)
        self._digest = HTTPDigestAuthHandler(passwords)

    def send(self, request: Request, until: float, most: int) -> Got:
        """What comes back for the request, in our name where that is asked for. Redirects are not followed.

        :raises WireError: when it does not end well
        """
        if self._token:
            request.add_unredirected_header("Authorization", f"Bearer {self._token}")
        elif self._basic:
            # Who we are is asked before the graph is sent: a server that refuses does not read it to its end.
            self._sign(request, self._challenges(request, until))
        try:
            return exchange(request, until, most)
        except WireError as error:
            if not self._basic or not error.challenges or request.has_header("Authorization"):
                raise
            self._sign(request, error.challenges)
            return exchange(request, until, most)

    @staticmethod
    def _challenges(request: Request, until: float) -> tuple[str, ...]:
        """How the server wants to be told who we are, as far as it says so without being written to."""
        try:
            exchange(Request(request.full_url, method="HEAD"), until, 0)  # noqa: S310 - http(s), checked
        except WireError as error:
            return error.challenges
        return ()

    def _sign(self, request: Request, challenges: tuple[str, ...]) -> None:
        """Adds what the server asked for. A digest does not give the password away; Basic goes where nobody listens."""
        for one in challenges:
            scheme, _, rest = one.partition(" ")
            if scheme.lower() == "digest":
                with suppress(ValueError, URLError):
                    said = self._digest.get_authorization(request, parse_keqv_list(parse_http_list(rest)))
                    if said:
                        request.add_unredirected_header("Authorization", f"Digest {said}")
                        return
        if self._sealed:
            request.add_unredirected_header("Authorization", f"Basic {self._basic}")
        elif challenges:
            raise WireError("a request for the password itself over plain http, where others can read it: use https")

    def hidden(self, text: str) -> str:
        """The text without what nobody should read: a server may send back what it was sent."""
        for one in self._secrets:
            text = text.replace(one, "***")
        return text


def _sealed(address: str) -> bool:
    """Whether nobody can listen on the way: TLS, or this machine itself."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    try:
        return parts.scheme == "https" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def upload(
    site: Path,
    *,
    graph_store: str = "",
    update: str = "",
    limits: Limits | None = None,
    environment: Mapping[str, str] = os.environ,
) -> Uploaded:
    """What became of each graph of a built site: put by Graph Store Protocol, or by SPARQL Update.

    A graph that is not taken is as it was, as far as the store keeps to the protocol; the others are put all the same.

    :raises PledgeError: when the site has no graphs, or the addresses or credentials are wrong
    """
    if bool(graph_store) == bool(update):
        raise PledgeError("expected either --graph-store or --update / --graph-store か --update の一方が必要です")
    address = checked(graph_store, "--graph-store") if graph_store else checked(update, "--update")
    limits = limits or Limits(seconds=600)
    who = Credentials(address, environment)
    until = time.monotonic() + limits.seconds
    done: list[tuple[str, int]] = []
    problems = []
    for graph in graphs_of(site):
        made = _put(address, graph) if graph_store else _update(address, graph)
        try:
            patiently(partial(who.send, made, until, limits.bytes), limits, until)
            done.append((graph.name, graph.size))
        except WireError as error:
            expected = f"to take the graph {graph.name} in {limits.seconds:g} s (see whether it may be written to)"
            ja = f"グラフ {graph.name} の書き込み(アドレスと権限を確かめてください)"
            problems.append(Problem(address, 0, "store", expected, who.hidden(str(error)), "endpoint", ja))
    return Uploaded(tuple(done), tuple(problems))


def graphs_of(site: Path) -> Iterator[Graph]:
    """The named graphs of a built site, one after the other, each as a whole.

    :raises PledgeError: when there is no such file, or it is not as a build writes it
    """
    path = site / "data" / "all.nq"
    seen = set()
    try:
        with path.open("rb") as file:
            for name, found in groupby(file, lambda line: line.rsplit(b" ", 2)[1]):
                lines = list(found)
                if name in seen or not all(map(_QUAD.fullmatch, lines)):
                    raise PledgeError(
                        f"{path}: expected the quads of a build, graph by graph: build it anew / build し直してください"
                    )
                seen.add(name)
                triples = [line.rsplit(b" ", 2)[0] + b" .\n" for line in lines]
                yield Graph(name[1:-1].decode(), b"".join(triples), len(triples))
    except (OSError, IndexError) as error:
        raise PledgeError(
            f"{path}: expected a built site (pledge-ld build makes one), got {error} / 先に build してください"
        ) from error


def _put(address: str, graph: Graph) -> Request:
    """Puts the graph in the place of what is there: N-Triples are Turtle, which more stores take."""
    mark = "&" if urlsplit(address).query else "?"
    url = f"{address}{mark}graph={quote(graph.name, safe='')}"
    return Request(url, graph.triples, {"Content-Type": "text/turtle"}, method="PUT")  # noqa: S310 - http(s), checked


def _update(address: str, graph: Graph) -> Request:
    """The same in one request of SPARQL Update, which a store has to do as a whole (section 3)."""
    name = f"<{graph.name}>".encode()
    text = b"DROP SILENT GRAPH %b ;\nINSERT DATA { GRAPH %b {\n%b} }\n" % (name, name, graph.triples)
    return Request(address, text, {"Content-Type": "application/sparql-update"}, method="POST")  # noqa: S310 - http(s), checked
