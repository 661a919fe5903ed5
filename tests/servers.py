"""Apache, nginx and our own server, started on loopback for as long as a test needs them."""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

APACHE, NGINX = shutil.which("apache2"), shutil.which("nginx")
MODULES = Path("/usr/lib/apache2/modules")


class Answer(NamedTuple):
    """What a server said."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def location(self) -> str:
        """Where a redirect leads."""
        return self.headers["Location"] or ""

    @property
    def varies(self) -> list[str]:
        """The request's headers that the answer depends on, but for the one by which bytes are only packed."""
        return [one for one in re.split(r",\s*", self.all("Vary")) if one != "Accept-Encoding"]

    def all(self, name: str) -> str:
        """Every value of the header, joined."""
        return ", ".join(self.headers.get_all(name) or [])


@dataclass(frozen=True)
class Host:
    """A server and where below it the site lies."""

    port: int
    prefix: str
    files: Path

    def ask(self, path: str, method: str = "GET", **headers: str | None) -> Answer:
        """The answer for a path below the site's address; an underscore in a header's name is a hyphen."""
        return self.ask_at(f"{self.prefix}{path}", method, **headers)

    def ask_at(self, path: str, method: str = "GET", **headers: str | None) -> Answer:
        """The answer for a path below the host."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            sent = {name.replace("_", "-"): value for name, value in headers.items() if value is not None}
            connection.putrequest(method, path, skip_host="Host" in sent, skip_accept_encoding=True)
            for name, value in sent.items():
                connection.putheader(name, value.encode())
            connection.endheaders()
            found = connection.getresponse()
            return Answer(found.status, found.headers, found.read())
        finally:
            connection.close()


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


@contextmanager
def running(command: list[str], port: int, log: Path, seconds: float = 10) -> Iterator[None]:
    """The server, from when it answers until it has stopped."""
    with log.open("wb") as out, subprocess.Popen(command, stdout=out, stderr=out) as server:
        try:
            for _ in range(int(seconds * 20)):
                assert server.poll() is None, log.read_text(encoding="utf-8", errors="replace")
                with socket.socket() as one:
                    if one.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.05)
            yield
        finally:
            server.terminate()
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()


FULL = "mpm_event authz_core rewrite headers mime dir setenvif alias negotiation autoindex"
BARE = "mpm_event authz_core mime dir alias"


@contextmanager
def apache(
    folder: Path, roots: list[Path], modules: str = FULL, options: str = "All MultiViews"
) -> Iterator[list[int]]:
    """An Apache with a host for each root; Options and Debian's types are as careless as a shared host's."""
    if APACHE is None or not MODULES.is_dir():
        pytest.skip("no Apache here (Debian: apache2)")
    ports = [free_port() for _ in roots]
    lines = [f"ServerRoot {folder}", f"PidFile {folder}/pid", f"ErrorLog {folder}/error", "ServerName localhost"]
    lines += [f"LoadModule {one}_module {MODULES}/mod_{one}.so" for one in modules.split()]
    lines += ["TypesConfig /dev/null", "DirectoryIndex index.html", "User www-data", "Group www-data"]
    lines += [f"Listen 127.0.0.1:{port}" for port in ports]
    lines += ["LogLevel crit"]
    for root in roots:
        lines += [
            f"<Directory {root}>",
            "AllowOverride All",
            f"Options {options}",
            "Require all granted",
            "</Directory>",
        ]
    for port, root in zip(ports, roots, strict=True):
        lines += [f"<VirtualHost 127.0.0.1:{port}>", f"DocumentRoot {root}", "</VirtualHost>"]
    conf = folder / "httpd.conf"
    conf.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with running([APACHE, "-f", str(conf), "-DFOREGROUND"], ports[0], folder / "out"):
        yield ports


@contextmanager
def nginx(folder: Path, roots: list[tuple[Path, Path]]) -> Iterator[list[int]]:
    """An nginx with a server for each root and the configuration that it includes."""
    if NGINX is None:
        pytest.skip("no nginx here (Debian: nginx-light)")
    ports = [free_port() for _ in roots]
    servers = [
        f"server {{ listen 127.0.0.1:{port}; root {root}; include {conf}; }}"
        for port, (root, conf) in zip(ports, roots, strict=True)
    ]
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    paths = " ".join(f"{one}_temp_path {folder}/{one};" for one in kinds)
    user = "user root;" if os.geteuid() == 0 else ""
    text = f"{user} daemon off; pid {folder}/pid; worker_processes 1; error_log stderr warn; events {{}}\n"
    text += f"http {{ access_log off; {paths}\n" + "\n".join(servers) + "\n}\n"
    conf = folder / "nginx.conf"
    conf.write_text(text, encoding="utf-8")
    with running([NGINX, "-p", str(folder), "-c", str(conf)], ports[0], folder / "out"):
        yield ports


@contextmanager
def pledge_ld(folder: Path, sites: list[tuple[str, Path]], *options: str) -> Iterator[list[int]]:
    """Our own server for each site, given with the path that it has below its host, by the command line."""
    folder.mkdir(exist_ok=True)
    with ExitStack() as stack:
        ports = []
        for number, (prefix, site) in enumerate(sites):
            ports.append(free_port())
            command = [sys.executable, "-m", "pledge_ld", "serve", str(site), "--port", str(ports[-1])]
            command += ["--root-path", prefix.rstrip("/"), *options]
            stack.enter_context(running(command, ports[-1], folder / f"log{number}"))
        yield ports


def send(host: Host, text: bytes, seconds: float = 20) -> bytes:
    """All that comes back for these bytes until the server closes."""
    with socket.create_connection(("127.0.0.1", host.port), timeout=seconds) as one:
        one.sendall(text)
        found = b""
        while piece := one.recv(65_536):
            found += piece
        return found


class Server(NamedTuple):
    """A server that was started: where it answers, its process, and its log."""

    host: Host
    process: subprocess.Popen[bytes]
    log: Path

    def lines(self) -> list[dict[str, object]]:
        """The lines of JSON that it has logged."""
        return [json.loads(one) for one in self.log.read_text(encoding="utf-8").splitlines() if one.startswith("{")]

    def open_files(self) -> int:
        """How many files and connections it has open."""
        return len(list(Path(f"/proc/{self.process.pid}/fd").iterdir()))


@contextmanager
def served(site: Path, log: Path, *options: str, prefix: str = "/") -> Iterator[Server]:
    """The command, from when it answers until the test ends, when it is told to stop."""
    port = free_port()
    command = [sys.executable, "-m", "pledge_ld", "serve", str(site), "--port", str(port), *options]
    with log.open("wb") as out, subprocess.Popen(command, stderr=out, stdout=out) as process:
        try:
            until(lambda: process.poll() is not None or "startup complete" in log.read_text(encoding="utf-8"))
            assert process.poll() is None, log.read_text(encoding="utf-8")
            yield Server(Host(port, prefix, site), process, log)
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


def until(true: Callable[[], bool], seconds: float = 20) -> None:
    """Waits until it is true."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)
