"""A real Chromium, started once a process, and what it must never do: leave the site, or break its policy."""

from __future__ import annotations

import os
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from judges import program
from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Page

_QUIET = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_NO_PROXY = ("--no-proxy-server",)
"""A request that left the site would be seen, and would reach nobody."""


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium without a window. Skips the test where there is none."""
    path = program("chromium")
    # Chromium's own walls need rights that root in a container does not hand on.
    walls = ("--no-sandbox",) if os.geteuid() == 0 else ()
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=[*_QUIET, *_NO_PROXY, *walls])
        try:
            yield browser
        finally:
            browser.close()


class Watched:
    """A tab of which is kept what it asked elsewhere, what its policy refused, and what its scripts threw."""

    def __init__(self, context: BrowserContext, home: str, allowed: Iterable[str] = ()) -> None:
        self.page: Page = context.new_page()
        self.home = home
        self._hosts = {urlsplit(one).netloc for one in (home, *allowed)}
        self.left: list[str] = []
        self.faults: list[str] = []
        self.bytes = 0
        context.on("request", lambda one: self._asked(one.url))
        self.page.on("console", lambda one: self.faults.append(one.text) if one.type == "error" else None)
        self.page.on("pageerror", lambda one: self.faults.append(str(one)))

    def _asked(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in {"http", "https", "ws", "wss"} and parts.netloc not in self._hosts:
            self.left.append(url)

    def open(self, path: str) -> Page:
        """The page of the site at this path, loaded."""
        self.page.goto(f"{self.home}{path}")
        return self.page

    def blameless(self) -> None:
        """Fails where something was asked elsewhere, refused by the policy, or thrown."""
        assert self.left == []
        assert not self.faults, "\n".join(self.faults)


def kinds(site: Path) -> dict[str, str]:
    """Kind of page → its first page, in Japanese: pages are of one kind whose addresses differ by numbers.

    What lies at the root is a kind of its own; English pages are those below en/. A page that is there a second time,
    as a folder's index or a version of the vocabulary, is looked at once.
    """
    names = {one.relative_to(site).as_posix() for one in site.rglob("*.html") if ".pledge-ld" not in one.parts}
    found: dict[str, str] = {}
    for name in sorted(names):
        again = f"{name.removesuffix('/index.html')}.html" in names - {name} or name.startswith("ns/")
        if not again and not name.startswith("en/"):
            found.setdefault(_kind(name), name)
    return found


_MANY = ("measure", "pledge", "policy", "department", "scale", "person", "mapping", "report", "queries")
"""Folders whose pages are alike but for what they say."""


def _kind(name: str) -> str:
    folder, _, page = name.rpartition("/")
    alike = folder.rpartition("/")[2] in _MANY and page != "index.html"
    return re.sub(r"\d[\d-]*", "#", f"{folder}/*" if alike else name)
