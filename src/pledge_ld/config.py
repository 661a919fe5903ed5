"""What the operator decides (pledge_ld.toml), and where the program finds what it ships."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pledge_ld.problem import PledgeError
from pledge_ld.term import BASE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

FILE = "pledge_ld.toml"
_IRI = re.compile(r"https?://[A-Za-z0-9.-]+(?::[0-9]{1,5})?/(?:[A-Za-z0-9._~-]+/)*")
_NAME, _WEB = re.compile(r"\S(?:.*\S)?"), r"https?://[A-Za-z0-9.-]+(?::[0-9]{1,5})?(?:[/?#][^\s<>\"{}|\\^`]*)?"
"""A web address that every RDF format takes."""
_PUBLISHER = {
    "name_ja": _NAME,
    "name_en": _NAME,
    "homepage": re.compile(_WEB),
    "contact": re.compile(rf"mailto:[^\s<>\"@{{}}|\\^`]+@[^\s<>\"@{{}}|\\^`]+|{_WEB}"),
}
_KEYS = ("base_iri", "site_url", "endpoint", "availability", "publisher")
AVAILABILITIES = ("available", "experimental", "stable", "temporary")
"""How long the operator may mean to offer the files, as DCAT-AP words it."""
_EXAMPLE = """    [publisher]
    name_ja = "…"
    name_en = "…"
    homepage = "https://…"
    contact = "mailto:…"
"""


def product(folder: str) -> Path:
    """A folder of what the program ships: ontology, shapes, queries, hosting, or one of site/'s.

    In an installed wheel it lies inside the package, in a checkout at the root.
    """
    here = Path(__file__).parent
    packaged = here / "product" / folder
    return packaged if packaged.is_dir() else here.parents[1] / folder


SAID_IN = ("ja", "en")
"""The languages in which data say things: labels, notes, questions."""


def languages() -> tuple[str, ...]:
    """The languages of the pages: those of the data, and each other one that has its strings in site/locales.

    The first stands at the root of the site, every other one in a folder of its name.
    """
    there = sorted(one.stem for one in product("site/locales").glob("*.toml"))
    return (*SAID_IN, *(one for one in there if one not in SAID_IN))


@dataclass(frozen=True, slots=True)
class Config:
    """The operator, who is never the city, and the addresses: what mints IRIs, where the files lie, who answers."""

    name_ja: str
    name_en: str
    homepage: str
    contact: str
    base_iri: str = BASE
    site_url: str | None = None
    endpoint: str | None = None
    availability: str | None = None

    @property
    def home(self) -> str:
        """Where the site begins on its host, or "" where that is not known."""
        return urlsplit(self.site_url).path if self.site_url else ""


def load(data: Path, base_iri: str | None = None, site_url: str | None = None) -> Config:
    """The configuration from pledge_ld.toml, here or beside the data; options win over the file.

    :raises PledgeError: when there is none, or it says what cannot be used
    """
    path = _file(data)
    if path is None:
        message = f"no {FILE} here or beside {data}: it names who publishes"
        raise PledgeError(f"{message} / {FILE} がありません。公開する人を書きます。\n{_EXAMPLE}")
    try:
        text: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PledgeError(f"{path}: expected TOML in UTF-8, got {error} / TOML の書式ではありません") from error
    publisher = text.get("publisher")
    _known(text, _KEYS, str(path))
    if isinstance(publisher, dict):
        _known(publisher, _PUBLISHER.keys(), f"{path}: in [publisher]:")
    values = {name: _publisher(publisher, name, path) for name in ("name_ja", "name_en", "homepage", "contact")}
    # "" is no address: an option that a script filled with nothing is told, not read as absent.
    base = _address("base_iri", text.get("base_iri", BASE) if base_iri is None else base_iri)
    url = text.get("site_url") if site_url is None else site_url
    endpoint = text.get("endpoint")
    return Config(
        **values,
        base_iri=base,
        site_url=None if url is None else _address("site_url", url),
        endpoint=None if endpoint is None else _endpoint(path, endpoint),
        availability=_availability(path, text.get("availability")),
    )


def _known(keys: Iterable[str], known: Collection[str], where: str) -> None:
    """Refuses a key that would be read by nobody: a slip of the pen, or one that stands in the wrong table."""
    for key in keys:
        if key not in known:
            expected = f"{where}: expected {', '.join(known)}, got '{key}'"
            hint = "site_url, base_iri and endpoint stand before [publisher] / [publisher] の前に書きます"
            raise PledgeError(f"{expected}: {hint}")


def _endpoint(path: Path, address: Any) -> str:
    if not isinstance(address, str) or not re.fullmatch(_WEB, address):
        expected = f"endpoint: expected the http or https address of a SPARQL endpoint, got {address!r}"
        raise PledgeError(f"{path}: {expected} / SPARQLエンドポイントのアドレスが必要です")
    return address


def _availability(path: Path, word: Any) -> str | None:
    if word is not None and word not in AVAILABILITIES:
        expected = f"availability: expected one of {', '.join(AVAILABILITIES)}, got {word!r}"
        raise PledgeError(f"{path}: {expected} / この中の一語を書くか、行を消してください")
    return None if word is None else str(word)


def _publisher(publisher: Any, name: str, path: Path) -> str:
    value = publisher.get(name) if isinstance(publisher, dict) else None
    if not isinstance(value, str) or not _PUBLISHER[name].fullmatch(value):
        expected = f"[publisher] needs '{name}', got {value!r} / [publisher] の '{name}' を直してください"
        raise PledgeError(f"{path}: {expected}\n{_EXAMPLE}")
    return value


def _address(what: str, address: Any) -> str:
    if not isinstance(address, str) or not _IRI.fullmatch(address):
        expected = f"{what}: expected an address like {BASE} that ends in a slash, got {address}"
        raise PledgeError(f"{expected} / 「/」で終わるアドレスが必要です")
    return address


def _file(data: Path) -> Path | None:
    return next((one for one in (Path(FILE), data / FILE, data.parent / FILE) if one.is_file()), None)


def base_of(data: Path, base_iri: str | None = None) -> str:
    """The base IRI alone: a query needs no publisher. The option wins over the file, and is held to the same.

    :raises PledgeError: when it is no address under which IRIs can be minted
    """
    if base_iri is not None:
        return _address("base_iri", base_iri)
    return load(data).base_iri if _file(data) else BASE
