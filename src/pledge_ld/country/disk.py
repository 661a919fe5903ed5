"""The store on the disk: filled once by a build, then opened by as many readers as like, none of whom can change it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from pledge_ld.problem import PledgeError
from pledge_ld.publish import store_at

if TYPE_CHECKING:
    from pathlib import Path

_PART = 64 << 20
"""Bytes of N-Quads given to the store at once: what it sorts in memory grows with them."""


def opened(folder: Path) -> ox.Store:
    """The store of a site that a build made, or the one that lies in the folder itself, for reading only.

    :raises PledgeError: when there is none
    """
    place = next((one for one in (store_at(folder), folder) if (one / "CURRENT").is_file()), None)
    if place is None:
        message = f"{folder}: no store there: make one with pledge-ld build --dumps-only --store"
        raise PledgeError(f"{message} / 保存された索引がありません")
    try:
        return ox.Store.read_only(str(place))
    except (OSError, ValueError) as error:
        raise PledgeError(f"{place}: cannot be opened: {error} / 開けません") from error


def fill(site: Path, quads: Path) -> int:
    """Fills the store of a site with a file of N-Quads, part by part; how many statements it holds."""
    place = store_at(site)
    place.mkdir(parents=True)
    store = ox.Store(str(place))
    with quads.open("rb") as file:
        while part := file.readlines(_PART):
            store.bulk_load(b"".join(part), ox.RdfFormat.N_QUADS, lenient=True)
    store.optimize()
    store.flush()
    return len(store)
