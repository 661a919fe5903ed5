"""All sources, a few at once: each by itself, so that one that fails costs the others nothing."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from pledge_ld.harvest.address import web_address
from pledge_ld.harvest.bounds import Bounds, Refused
from pledge_ld.harvest.folder import Damaged, files, locked, path_of, surveyed
from pledge_ld.harvest.source import NEW, NONE, Outcome, Place, harvest
from pledge_ld.problem import PledgeError
from pledge_ld.term import Minter, value_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from pledge_ld.problem import Problem

_AT_ONCE = 4
_CITY = re.compile(r"([a-z]{2})-([a-z0-9]+)-.+")


def run(
    urls: Iterable[str],
    folder: Path,
    base: str,
    data: Path,
    *,
    bounds: Bounds | None = None,
    say: Callable[[str, str], None] = lambda _url, _text: None,
) -> list[Outcome]:
    """What came of each source, in the order given; without any, of those that the folder holds.

    A copy here that is damaged is named beside what came of its source, and by itself where it does not tell whose it
    is.

    ``data`` is the folder of our own cities, which a source may speak of but not change; ``say`` is told what goes on.

    :raises PledgeError: for an address that none may have, an empty folder, or a harvest under way
    """
    given = [_address(one) for one in urls]
    with locked(folder):
        paths = [path_of(folder, one) for one in given] if given else files(folder)
        whole, damaged = surveyed(one for one in paths if one.exists())
        named = {one.path: one.problem for one in damaged}
        held = {one.path: one.source.url for one in whole} | {one.path: one.url for one in damaged if one.url}
        lost = [] if given else [_lost(one) for one in damaged if not one.url]
        addresses = list(dict.fromkeys(given or [held[one] for one in sorted(held)]))
        if not addresses and not lost:
            message = f"{folder} holds no source yet: give the address of a catalogue"
            raise PledgeError(f"{message} / カタログのアドレスを指定してください")
        found = asyncio.run(_all(addresses, Place(folder, base, own_roots(data, base)), bounds or Bounds(), say))
        return [_beside(one, named.get(path_of(folder, one.url))) for one in found] + lost


def _beside(outcome: Outcome, damage: Problem | None) -> Outcome:
    """What came of a source, and that the copy of it which was here is damaged."""
    return replace(outcome, problems=(replace(damage, warning=True), *outcome.problems)) if damage else outcome


def _lost(one: Damaged) -> Outcome:
    reason = Refused("it does not say whose copy it is", "どの相手の写しか分かりません")
    return Outcome(str(one.path), NONE, problems=(one.problem,), reason=reason)


def _address(text: str) -> str:
    try:
        return web_address(text)
    except Refused as error:
        raise PledgeError(f"{error.english} / {error.japanese}") from error


def own_roots(data: Path, base: str) -> tuple[str, ...]:
    """The IRIs of our own cities, below which things are ours to describe."""
    if not data.is_dir():
        return ()
    found = (_CITY.fullmatch(one.name) for one in sorted(data.iterdir()))
    return tuple(value_of(Minter(base, one[1], one[2]).city()) for one in found if one)


async def _all(urls: list[str], place: Place, bounds: Bounds, say: Callable[[str, str], None]) -> list[Outcome]:
    places = asyncio.Semaphore(_AT_ONCE)

    async def one(url: str) -> Outcome:
        async with places:
            return await harvest(url, place, bounds, lambda text: say(url, text))

    return list(await asyncio.gather(*(one(url) for url in urls)))


def told(outcome: Outcome) -> tuple[str, str]:
    """What to say of an outcome, in English and in Japanese."""
    source, reason = outcome.source, outcome.reason
    if reason is None and source:
        english = "taken" if outcome.came == NEW else "unchanged"
        japanese = "取得しました" if outcome.came == NEW else "変更はありません"
        return (
            f"{english}, {source.statements} statements in {source.graph}",
            f"{japanese}({source.statements}文)",
        )
    english, japanese = (reason.english, reason.japanese) if reason else ("", "")
    if source and source.old:
        english += f"; the copy of {source.retrieved} is kept, and marked old since {source.old.since}"
        japanese += f"。{source.retrieved} の写しを残し、古いと印を付けました({source.old.since} から)"
    else:
        english += "; nothing of it is kept here"
        japanese += "。写しはありません"
    return f"{english} [harvest]", japanese
