"""One source, from its address to its file: the catalogues, then the data that they name, all of it or nothing."""

from __future__ import annotations

import asyncio
import datetime as dt
from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urljoin

from pledge_ld.harvest import child
from pledge_ld.harvest.address import shown
from pledge_ld.harvest.bounds import Bounds, Refused
from pledge_ld.harvest.fetch import Fetched, Fetcher, fetcher
from pledge_ld.harvest.folder import find, rewrite, write
from pledge_ld.harvest.forms import by_name, decided, plain
from pledge_ld.harvest.provenance import Old, Part, Source, graph_of
from pledge_ld.problem import Problem, shorten
from pledge_ld.term import BASE, compact
from pledge_ld.validate import ontology_terms, shapes_text

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterable
    from pathlib import Path

    from pledge_ld.harvest.catalogue import Wanted

T = TypeVar("T")
NEW, SAME, OLD, NONE = "new", "same", "old", "none"
"""What came of a source: taken; as it was; not taken, with an older copy kept; not taken, and none here."""
_HTML = frozenset({"text/html", "application/xhtml+xml"})


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a source, and why, where it was not taken. ``problems`` are the data's; warnings among them too."""

    url: str
    came: str
    source: Source | None = None
    problems: tuple[Problem, ...] = ()
    reason: Refused | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where and how sources are kept: the folder, the base of our IRIs, and those below which things are ours."""

    folder: Path
    base: str
    own: tuple[str, ...] = ()


class _Unfit(Exception):  # noqa: N818 - what became of a source, as Refused is
    """Data that were read and break our rules."""

    def __init__(self, checked: child.Checked) -> None:
        super().__init__()
        self.checked = checked


@cache
def rules_digest() -> str:
    """The digest of all that data are held to: where it changed, what has not changed is looked at anew."""
    return sha256("\n".join([shapes_text("all"), *sorted(ontology_terms())]).encode()).hexdigest()


async def harvest(url: str, place: Place, bounds: Bounds, say: Callable[[str], None]) -> Outcome:
    """Harvests a source: afterwards its file holds the new copy, or the last good one, marked old."""
    known = find(place.folder, url)
    at: Fetcher | None = None
    try:
        async with asyncio.timeout(bounds.seconds), fetcher(bounds) as at:
            return await _Harvest(url, known, place, at, say=say).run()
    except TimeoutError:
        return _refused(url, place, known, _late(url, bounds, at))
    except Refused as error:
        return _refused(url, place, known, error)
    except _Unfit as error:
        count = error.checked.count
        reason = Refused(f"its data break {count} rules of ours", f"データに{count}件の問題があります")
        return replace(_refused(url, place, known, reason), problems=error.checked.problems)


def _late(url: str, bounds: Bounds, at: Fetcher | None) -> Refused:
    waiting = [one for one in (at.under_way if at else {}) if one != url]
    english, japanese = (f" ({word} {shown(waiting[0])})" if waiting else "" for word in ("at", "対象:"))
    return Refused(
        f"it was not done within {bounds.seconds:g} s{english}: try again later, or raise --deadline",
        f"{bounds.seconds:g}秒以内に終わりませんでした{japanese}。後で試すか、--deadline を増やしてください",
    )


def _refused(url: str, place: Place, known: Source | None, reason: Refused) -> Outcome:
    """Nothing new: a copy that is here is kept, and says since when and why it is old."""
    if known is None:
        return Outcome(url, NONE, reason=reason)
    since = known.old.since if known.old else _now()
    old = Old(since, reason.english, reason.japanese)
    if old != known.old:
        known = replace(known, old=old)
        rewrite(place.folder, known, place.base)
    return Outcome(url, OLD, known, reason=reason)


def _now() -> str:
    return dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class _Harvest:
    """One source's harvest under way: what it fetched is fetched once."""

    def __init__(
        self, url: str, known: Source | None, place: Place, at: Fetcher, *, say: Callable[[str], None]
    ) -> None:
        self.url, self.known, self.place, self.bounds, self.say = url, known, place, at.bounds, say
        self._fetcher = at
        self._have: dict[str, Fetched] = {}

    async def run(self) -> Outcome:
        """What came of it.

        :raises Refused: when it is not taken
        """
        known = self.known
        if known and known.rules == rules_digest() and await self._unchanged(known):
            return self._same(known)
        self.say("reading the catalogue / カタログを読んでいます")
        pages, wanted = await self._catalogues()
        self.say(f"fetching {len(wanted)} files / {len(wanted)}個のファイルを取得しています")
        files = dict(zip(wanted, await _together(self._wanted(one) for one in wanted), strict=True))
        parts = [_part(url, "catalogue", one) for url, one in pages.items()]
        parts += [_part(one.url, "data", file) for one, file in files.items()]
        parts.sort(key=lambda one: (one.kind, one.url))
        if known and known.rules == rules_digest() and _digests(parts) == _digests(known.parts):
            return self._same(known, tuple(parts))
        given = [child.Given(file, self._form(file, one.url, one.form)) for one, file in files.items()]
        self.say("checking the data / データを検査しています")
        return await self._checked(given, tuple(parts))

    async def _unchanged(self, known: Source) -> bool:
        """Whether every file is the one that we have, by the word of its server or by its digest."""
        return all(await _together(self._is_same(part) for part in known.parts))

    async def _is_same(self, part: Part) -> bool:
        try:
            found = await self._fetcher.get(part.url, part, tries=1)
        except Refused:
            # It may have moved: the catalogue knows.
            return False
        if found is None:
            return True
        self._have[part.url] = found
        return found.sha256 == part.sha256

    def _same(self, known: Source, parts: tuple[Part, ...] = ()) -> Outcome:
        """The copy stays as it is, and is not old (any more)."""
        now = replace(known, old=None, parts=parts or known.parts)
        if now != known:
            rewrite(self.place.folder, now, self.place.base)
        return Outcome(self.url, SAME, now)

    async def _catalogues(self) -> tuple[dict[str, Fetched], list[Wanted]]:
        """Every page of the catalogue, and of those in it, and the files that they name."""
        pages: dict[str, Fetched] = {}
        wanted: dict[str, Wanted] = {}
        datasets = 0
        todo = [self.url]
        while todo:
            if len(pages) + len(todo) > self.bounds.catalogues:
                most = self.bounds.catalogues
                raise Refused(f"it has more than {most} pages", f"カタログが{most}ページを超えます")
            found = await _together(self._get(url) for url in todo)
            pages.update(zip(todo, found, strict=True))
            given = [
                child.Given(file, self._form(file, url, by_name(url))) for url, file in zip(todo, found, strict=True)
            ]
            todo = []
            for listed in await child.catalogues(given, self.bounds):
                datasets += listed.datasets
                wanted |= {one.url: one for one in listed.wanted}
                todo += [one for one in listed.more if one not in pages and one not in todo]
        if not wanted:
            raise _nothing(datasets)
        if len(wanted) > self.bounds.files:
            most = self.bounds.files
            raise Refused(f"it names more than {most} files", f"ファイルが{most}個を超えます")
        return pages, sorted(wanted.values(), key=lambda one: one.url)

    async def _get(self, url: str) -> Fetched:
        """The file, from the net unless it was fetched before.

        :raises Refused: naming the file, where it is not the source itself
        """
        if url in self._have:
            return self._have.pop(url)
        try:
            found = await self._fetcher.get(url)
        except Refused as error:
            if url == self.url:
                raise
            raise _at(url, error) from error
        if found is None:
            # Nothing was asked on condition.
            raise Refused("the server answers 304 to a plain request", "通常の要求に304が返されました")
        return found

    async def _wanted(self, wanted: Wanted) -> Fetched:
        found = await self._get(wanted.url)
        if wanted.sha256 and wanted.sha256 != found.sha256:
            raise _at(
                wanted.url,
                Refused(
                    "it is not the file that the catalogue describes (another SHA-256): it was cut or is being changed",
                    "カタログに書かれた SHA-256 と一致しません。途中で切れたか、更新中です",
                ),
            )
        return found

    def _form(self, file: Fetched, url: str, declared: str) -> str:
        """Our name of the file's form.

        :raises Refused: where it is none that is read
        """
        form = decided(file.media_type, declared, file.url)
        if form:
            return form
        type_ = plain(file.media_type)
        if type_ in _HTML:
            near = shown(urljoin(file.url, "catalog.ttl"))
            error = Refused(
                f"it is a page for people (HTML), not RDF: give the address of a catalogue, like {near}",
                f"RDFではなくHTMLのページです。{near} のようなカタログのアドレスを指定してください",
            )
        else:
            named = shorten(type_) if type_ else "no type"
            error = Refused(f"expected RDF, got {named}", f"RDFではありません: {named}")
        raise error if url == self.url else _at(url, error)

    async def _checked(self, given: Iterable[child.Given], parts: tuple[Part, ...]) -> Outcome:
        """The data checked and, if they hold, put in the place of the copy before."""
        graph = graph_of(self.url, self.place.base)
        async with child.data(given, graph, self.place.own, self.url, self.bounds) as (checked, quads):
            if checked.problems:
                raise _Unfit(checked)
            source = Source(self.url, graph, _now(), checked.statements, rules_digest(), parts)
            write(self.place.folder, source, self.place.base, quads)
        return Outcome(self.url, NEW, source, _foreign(self.url, checked))


def _foreign(url: str, checked: child.Checked) -> tuple[Problem, ...]:
    """A warning where a source speaks of things that are ours to describe."""
    if not checked.own:
        return ()
    got = f"{checked.own} statements about our own things, as {compact(f'<{checked.example}>').removeprefix(BASE)}"
    expected = "statements about its own things; these stay in its graph, and change nothing of ours"
    ja = "相手自身のものについての記述(こちらのものについての記述は相手のグラフに留まり、何も変えません)"
    return (Problem(url, 0, "subjects", expected, got, "harvest-own-iri", ja, warning=True),)


def _part(url: str, kind: str, file: Fetched) -> Part:
    return Part(url, kind, file.sha256, file.etag, file.last_modified)


def _digests(parts: Iterable[Part]) -> set[tuple[str, str, str]]:
    return {(one.kind, one.url, one.sha256) for one in parts}


def _at(url: str, error: Refused) -> Refused:
    return Refused(f"{shown(url)}: {error.english}", f"{shown(url)}: {error.japanese}")


def _nothing(datasets: int) -> Refused:
    return Refused(
        f"none of its {datasets} datasets says that it holds pledge data (dcterms:conformsTo {BASE}ns)",
        f"{datasets}件のデータセットに公約データ(dcterms:conformsTo {BASE}ns)がありません",
    )


async def _together(tasks: Iterable[Coroutine[object, object, T]]) -> list[T]:
    """What comes of all; the first that fails ends the others."""
    started = [asyncio.ensure_future(one) for one in tasks]
    try:
        return await asyncio.gather(*started)
    finally:
        for one in started:
            one.cancel()
        await asyncio.gather(*started, return_exceptions=True)
