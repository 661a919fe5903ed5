"""A city's folder → its records, or every problem of its files at once.

Only what a file's own text can tell is checked here (columns, kinds, duplicate ids); what the data must mean is the
shapes' work.
"""

from __future__ import annotations

import datetime as dt
import os
import re
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, TypeVar

from pledge_ld.problem import PledgeError, Problem
from pledge_ld.read.cells import PARSERS
from pledge_ld.read.names import MARKS, MAX_ID, RECORD_FOLDERS, folded, is_portable
from pledge_ld.read.table import read_csv, read_text, read_toml
from pledge_ld.record import (
    Action,
    BandMapping,
    Change,
    City,
    CityRecords,
    Count,
    Department,
    Document,
    Evidence,
    Level,
    MappingSet,
    Measure,
    Note,
    Person,
    Pledge,
    Policy,
    Programme,
    Record,
    Report,
    Round,
    Scale,
    Score,
    Term,
    cell,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

R = TypeVar("R", bound=Record)
S = TypeVar("S", bound=Record)

_NAME = re.compile(r"([a-z]{2})-([a-z0-9]+)-([a-z0-9]+(?:-[a-z0-9]+)*)")
_CITY_FILES = frozenset(
    {"city.toml", "departments.csv", "people.csv", "documents.csv", "changes.csv"}
    | {"corrections.csv", "translations.csv", "imported.csv"}
)
_TERM_FILES = frozenset({"programme.toml", "policies.csv", "pledges.csv", "measures.csv"})
_RECORDS = frozenset({".csv", ".toml"})
_ROUND_FILES = {"reports": ".toml"} | dict.fromkeys(("scores", "counts", "actions", "evidence", "notes"), ".csv")


class _Folder:
    """A folder and its name in messages; every read adds to the same list of problems."""

    def __init__(self, path: Path, shown: str, problems: list[Problem]) -> None:
        self.path, self.shown, self.problems = path, shown, problems

    def csv(self, name: str, cls: type[R], *, required: bool = False) -> tuple[R, ...]:
        path = self.path / name
        return read_csv(path, f"{self.shown}/{name}", cls, self.problems) if required or path.exists() else ()

    def toml(self, name: str, cls: type[R]) -> R | None:
        return read_toml(self.path / name, f"{self.shown}/{name}", cls, self.problems)

    def wrong(self, place: str, where: str, expected: str, got: str, *, rule: str, ja: str) -> None:
        path = f"{self.shown}/{place}" if place else self.shown
        self.problems.append(Problem(path, 0, where, expected, got, rule, ja))

    def named(self, kind: str, text: str, place: str, where: str) -> Any:
        """What a file's or folder's name says, or None and a problem."""
        try:
            return PARSERS[kind].parse(text)
        except ValueError:
            self.wrong(place, where, PARSERS[kind].en, text, rule=f"cell-{kind}", ja=PARSERS[kind].ja)
            return None


def read_city(path: Path, shown: str, problems: list[Problem]) -> CityRecords | None:
    """A city's records, or None when something could not be read. ``shown`` is the folder's name in messages."""
    before = len(problems)
    folder = _Folder(path, shown, problems)
    match = _NAME.fullmatch(path.name)
    if not match or len(path.name) > MAX_ID:
        expected = f"a folder named country-code-name, like jp-012131-tomakomai, at most {MAX_ID} characters"
        ja = f"jp-012131-tomakomai のような{MAX_ID}字以内の名前のフォルダ"
        folder.wrong("", "folder", expected, path.name, rule="folder-name", ja=ja)
        return None
    listing = _below(path)
    _unknown_files(folder, listing)
    _unsafe_names(folder, listing)
    city = folder.toml("city.toml", City)
    if city and (city.country, city.code) != (match[1], match[2]):
        expected = f"country '{match[1]}' and code '{match[2]}', as the folder is named"
        got = f"'{city.country}', '{city.code}'"
        line, ja = dict(city.key_lines)["code"], "フォルダ名と同じ国コードと団体コード"
        problems.append(Problem(city.path, line, "key 'code'", expected, got, "folder-name", ja))
    if city:
        problems.extend(_extent(city))
    departments = folder.csv("departments.csv", Department)
    people, changes = folder.csv("people.csv", Person), folder.csv("changes.csv", Change)
    documents = folder.csv("documents.csv", Document)
    scales, mappings = _pairs(folder, "scales", Scale, Level), _pairs(folder, "mappings", MappingSet, BandMapping)
    terms = [term for name in _term_names(listing) if (term := _read_term(folder, name))]
    problems.extend(_changed(changes, terms))
    if not terms and len(problems) == before:
        expected, ja = "a programme (2022/programme.toml)", "公約プログラム(2022/programme.toml)"
        folder.wrong("", "folder", expected, "none", rule="file-missing", ja=ja)
    if len(problems) > before or city is None:
        return None
    return CityRecords(path.name, city, departments, people, scales, changes, tuple(terms), mappings, documents)


def _changed(changes: tuple[Change, ...], terms: list[Term]) -> Iterator[Problem]:
    """A change of what is not there would lead the readers of the feed nowhere."""
    there = {
        (term.id, name)
        for term in terms
        for name in (
            "programme",
            *(f"policy/{one.id}" for one in term.policies),
            *(f"pledge/{one.id}" for one in term.pledges),
            *(f"measure/{one.id}" for one in term.measures),
        )
    }
    for one in changes:
        if one.thing and (one.programme, one.thing) not in there:
            expected, ja = (
                "a policy, pledge or measure of the programme",
                "その公約プログラムの基本政策・公約・施策",
            )
            yield Problem(one.path, one.line, "column 'thing'", expected, one.thing, "changed-thing", ja)


def _extent(city: City) -> Iterator[Problem]:
    """What only the three keys together can tell: where the figures come from, and that they are of one place."""
    lines, box, middle = dict(city.key_lines), city.bbox, city.centroid
    given = [name for name, value in (("bbox", box), ("centroid", middle)) if value]
    if given and not city.extent_source:
        expected, ja = "the page that it comes from in 'extent_source'", "根拠となるページ(extent_source)"
        where = f"key '{given[0]}'"
        yield Problem(city.path, lines[given[0]], where, expected, "no such key", "extent", ja)
    if box and middle:
        inside = box.west <= middle.longitude <= box.east and box.south <= middle.latitude <= box.north
        if not inside:
            expected, ja = f"a place inside bbox ({cell(box)})", f"bbox の内側の位置({cell(box)})"
            yield Problem(city.path, lines["centroid"], "key 'centroid'", expected, cell(middle), "extent", ja)


def _pairs(folder: _Folder, kind: str, head: type[R], rows: type[S]) -> tuple[tuple[str, R, tuple[S, ...]], ...]:
    """What a folder holds as pairs of files: what there is once in NAME.toml, its rows in NAME.csv."""
    found = []
    for path in sorted((folder.path / kind).glob("*.toml")):
        name = folder.named("id", path.stem, f"{kind}/{path.name}", "file name")
        whole = folder.toml(f"{kind}/{path.name}", head)
        parts = folder.csv(f"{kind}/{path.stem}.csv", rows, required=True)
        if whole and name:
            found.append((path.stem, whole, parts))
    return tuple(found)


def _below(path: Path) -> list[PurePath]:
    """Every file and folder below a folder, by its path from there, sorted. Links are followed, as by every read."""
    found = []
    for top, folders, files in os.walk(path, followlinks=True):
        found += [PurePath(os.path.relpath(top, path), name) for name in folders + files]
        folders[:] = [name for name in folders if not _has_no_end(Path(top, name))]
    return sorted(found)


def _has_no_end(folder: Path) -> bool:
    """Whether it is a link to a folder through which the walk has come."""
    return folder.is_symlink() and folder.resolve() in {one.resolve() for one in folder.parents}


def _term_names(listing: list[PurePath]) -> list[str]:
    """Every folder that holds records: one that lacks its programme.toml is a problem, not nothing."""
    holding = {path.parts[0] for path in listing if len(path.parts) > 1 and path.suffix in _RECORDS}
    return sorted(holding - RECORD_FOLDERS)


def _unknown_files(folder: _Folder, listing: list[PurePath]) -> None:
    """A CSV or TOML file that nothing reads is a spelling mistake, and what it holds would be lost in silence."""
    for path in listing:
        parts = path.parts
        if path.suffix.lower() not in _RECORDS or parts[0] == "source":
            continue
        match parts:
            case (name,):
                known = name in _CITY_FILES
            case (folder_name, name):
                known = folder_name in RECORD_FOLDERS or name in _TERM_FILES
            case (_, kind, _):
                known = _ROUND_FILES.get(kind) == path.suffix
            case _:
                known = False
        if not known:
            expected, ja = "a file that docs/records.md names", "docs/records.md にあるファイル"
            folder.wrong("/".join(parts), "file", expected, path.name, rule="file-unknown", ja=ja)


def _unsafe_names(folder: _Folder, listing: list[PurePath]) -> None:
    """A file that some system cannot hold, or holds only one of two: who copies the records there loses it."""
    seen: dict[str, str] = {}
    for path in listing:
        place = path.as_posix()
        if place.startswith(".") or "/." in place:
            continue
        if not is_portable(path.name):
            expected = f"a name that every system can hold: no device of Windows, none of {MARKS}, no dot at the end"
            ja = f"どのシステムでも使える名前(Windowsの予約名、{MARKS}、末尾の点は不可)"
            folder.wrong(place, "file name", expected, path.name, rule="file-name", ja=ja)
        other = seen.setdefault(folded(place), place)
        if other != place:
            expected, got = "names that differ by more than case or the form of a letter", f"{place}, beside {other}"
            ja = "大文字・小文字や文字の合成のほかにも違いのある名前"
            folder.wrong(place, "file name", expected, got, rule="file-name", ja=ja)


def _read_term(city: _Folder, name: str) -> Term | None:
    folder = _Folder(city.path / name, f"{city.shown}/{name}", city.problems)
    city.named("programme", name, name, "folder name")
    programme = folder.toml("programme.toml", Programme)
    policies, measures = folder.csv("policies.csv", Policy), folder.csv("measures.csv", Measure)
    pledges = folder.csv("pledges.csv", Pledge)
    files = [path for kind, suffix in _ROUND_FILES.items() for path in (folder.path / kind).glob(f"*{suffix}")]
    dated = {
        path.stem
        for path in sorted(files)
        if folder.named("date", path.stem, f"{path.parent.name}/{path.name}", "file name")
    }
    rounds = [one for stem in sorted(dated) if (one := _read_round(city, folder, stem))]
    return Term(name, programme, policies, pledges, measures, tuple(rounds)) if programme else None


def _read_round(city: _Folder, folder: _Folder, stem: str) -> Round | None:
    report = folder.toml(f"reports/{stem}.toml", Report)
    counts, evidence = folder.csv(f"counts/{stem}.csv", Count), folder.csv(f"evidence/{stem}.csv", Evidence)
    # A report that prints neither a figure nor a count tells nothing of progress.
    scores = folder.csv(f"scores/{stem}.csv", Score, required=not counts)
    actions, notes = folder.csv(f"actions/{stem}.csv", Action), folder.csv(f"notes/{stem}.csv", Note)
    if report is None:
        return None
    text = (
        read_text(city.path / report.source, f"{city.shown}/{report.source}", city.problems) if report.source else None
    )
    lines = tuple(text.split("\n")) if text else ()
    return Round(dt.date.fromisoformat(stem), report, actions, scores, notes, lines, counts, evidence)


def city_folders(data: Path) -> list[Path]:
    """The folders below ``data`` that are cities', in the order of their names."""
    return [path for path in sorted(data.iterdir()) if path.is_dir() and not path.name.startswith(".")]


def read_data(data: Path, shown: str) -> tuple[tuple[CityRecords, ...], list[Problem]]:
    """Every city below ``data`` in the order of their folders' names, and every problem met on the way.

    :raises PledgeError: when there is no such folder
    """
    if not data.is_dir():
        raise PledgeError(f"{data}: no such folder / フォルダがありません")
    problems: list[Problem] = []
    folders = city_folders(data)
    if not folders:
        expected, ja = "at least one city's folder", "少なくとも一つの市のフォルダ"
        problems.append(Problem(shown, 0, "folder", expected, "none", "file-missing", ja))
    cities = [city for path in folders if (city := read_city(path, f"{shown}/{path.name}", problems))]
    problems.extend(same_city((one.folder, one.city) for one in cities))
    return tuple(cities), problems


def same_city(cities: Iterable[tuple[str, City]]) -> Iterator[Problem]:
    """A problem for each second folder of a municipality: it would say everything twice, under the same IRIs."""
    seen: dict[tuple[str, str], str] = {}
    for folder, city in cities:
        key = (city.country, city.code)
        if key in seen:
            got, line = f"{city.code}, which {seen[key]} has", dict(city.key_lines)["code"]
            where, expected = "key 'code'", "each municipality in one folder"
            yield Problem(city.path, line, where, expected, got, "duplicate-id", "一つの自治体に一つのフォルダ")
        seen.setdefault(key, folder)
