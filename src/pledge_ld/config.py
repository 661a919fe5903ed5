"""What the operator decides (pledge_ld.toml), and where the program finds what it ships."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pledge_ld.problem import PledgeError
from pledge_ld.term import BASE

FILE = "pledge_ld.toml"
_IRI = re.compile(r"https?://[A-Za-z0-9.-]+(?::[0-9]{1,5})?/(?:[A-Za-z0-9._~-]+/)*")
_EXAMPLE = """    [publisher]
    name_ja = "…"
    name_en = "…"
    homepage = "https://…"
    contact = "mailto:…"
"""


def product(folder: str) -> Path:
    """A folder of what the program ships: ontology, shapes, queries, site/templates, site/static or site/locales.

    In an installed wheel it lies inside the package, in a checkout at the root.
    """
    here = Path(__file__).parent
    packaged = here / "product" / folder
    return packaged if packaged.is_dir() else here.parents[1] / folder


@dataclass(frozen=True, slots=True)
class Config:
    """The operator, who is never the city, and the two addresses: what mints IRIs, and where the files lie."""

    name_ja: str
    name_en: str
    homepage: str
    contact: str
    base_iri: str = BASE
    site_url: str | None = None


def load(data: Path, base_iri: str | None = None, site_url: str | None = None) -> Config:
    """The configuration from pledge_ld.toml, here or beside the data; options win over the file.

    :raises PledgeError: when there is none, or it says what cannot be used
    """
    path = _file(data)
    if path is None:
        raise PledgeError(
            f"no {FILE} here or beside {data}: it names who publishes / {FILE} がありません。公開する人を書きます。\n{_EXAMPLE}"
        )
    try:
        text: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PledgeError(f"{path}: expected TOML in UTF-8, got {error} / TOML の書式ではありません") from error
    publisher = text.get("publisher")
    publisher = publisher if isinstance(publisher, dict) else {}
    values = {name: publisher.get(name) for name in ("name_ja", "name_en", "homepage", "contact")}
    for name, value in values.items():
        if not isinstance(value, str) or not value:
            raise PledgeError(f"{path}: [publisher] needs '{name}' / [publisher] に '{name}' が必要です\n{_EXAMPLE}")
    if not re.fullmatch(r"https?://\S+", values["homepage"]) or not re.fullmatch(
        r"(?:mailto:[^\s<>\"]+@|https?://)[^\s<>\"]+", values["contact"]
    ):
        raise PledgeError(
            f"{path}: 'homepage' must be http(s), 'contact' mailto: or http(s) / アドレスの形式が違います"
        )
    base = base_iri or text.get("base_iri") or BASE
    url = site_url or text.get("site_url") or None
    for what, address in (("base_iri", base), ("site_url", url)):
        if address is not None and (not isinstance(address, str) or not _IRI.fullmatch(address)):
            raise PledgeError(
                f"{what}: expected an address like {BASE} that ends in a slash, got {address} / 「/」で終わるアドレスが必要です"
            )
    return Config(**values, base_iri=base, site_url=url)


def _file(data: Path) -> Path | None:
    return next((one for one in (Path(FILE), data / FILE, data.parent / FILE) if one.is_file()), None)


def base_of(data: Path) -> str:
    """The base IRI alone: a query needs no publisher."""
    return load(data).base_iri if _file(data) else BASE
