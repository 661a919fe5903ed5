"""One city's downloads: its dumps, its tables, the workbook, and one archive of it all."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from pledge_ld.catalog import Download, download
from pledge_ld.graph import as_ntriples, jsonld_of, turtle_of
from pledge_ld.table import TABLES, bundle, rows, table_files, workbook
from pledge_ld.term import PLEDGE, curie, value_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pledge_ld.graph import Index
    from pledge_ld.publish.artefact import File
    from pledge_ld.publish.documents import Writers
    from pledge_ld.record import Change
    from pledge_ld.term import Term

_DUMPS = {
    "ttl": ("Turtle", "TTL", "text/turtle"),
    "nt": ("N-Triples", "NT", "application/n-triples"),
    "jsonld": ("JSON-LD", "JSON-LD", "application/ld+json"),
}
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_CSV = "text/csv"


class Downloads(NamedTuple):
    """The files, and what is offered of them, what holds everything first."""

    files: list[File]
    offered: tuple[Download, ...]


def city_downloads(folder: str, graph: Term, index: Index, changes: Sequence[Change], write: Writers) -> Downloads:
    """Everything of the city to take home. The same graph makes the same bytes."""
    path, day = f"data/{folder}", _day(index, changes)
    dumps = {
        "ttl": turtle_of(index.by_subject, graph, write.shorten).encode(),
        "nt": as_ntriples(index.triples).encode(),
        "jsonld": jsonld_of(index.by_subject, graph, write.context),
    }
    files: list[File] = []
    offered: list[Download] = []
    for ending, content in dumps.items():
        name, format_, media = _DUMPS[ending]
        title = {"ja": f"すべてのデータ（{name}）", "en": f"All data ({name})"}
        files.append((f"{path}.{ending}", content))
        offered.append(download(*files[-1], title=title, media_type=media, format=format_, key=ending))
    # A table of what a city does not have would only be a heading.
    contents = [(table, found) for table in TABLES if (found := rows(table, index))]
    for table, lines in contents:
        exact, metadata, safe = table_files(table, lines, index, folder)
        files += [exact, metadata, safe]
        title = {"ja": f"{table.title['ja']}（CSV）", "en": f"{table.title['en']} (CSV)"}
        offered.append(download(*exact, title=title, media_type=_CSV, format="CSV", key=f"csv-{table.name}"))
        title = {"ja": f"{table.title['ja']}（表計算ソフト用CSV）", "en": f"{table.title['en']} (CSV for spreadsheets)"}
        offered.append(download(*safe, title=title, media_type=_CSV, format="CSV", key=f"excel-{table.name}"))
    name = index.in_language(graph, curie("dcterms:title"), "ja")
    files.append((f"{path}.xlsx", workbook(contents, index, name, day)))
    title = {"ja": "すべての表（Excel）", "en": "All tables (Excel)"}
    offered.append(download(*files[-1], title=title, media_type=_XLSX, format="XLSX", key="xlsx"))
    inside = [*files, (f"{path}/README.txt", _readme(index, graph).encode())]
    files.append((f"{path}.zip", bundle(((place.removeprefix("data/"), one) for place, one in inside), day)))
    title = {"ja": "すべてのファイル（ZIP）", "en": "All files (ZIP)"}
    offered.append(download(*files[-1], title=title, media_type="application/zip", format="ZIP", key="zip"))
    *parts, xlsx, archive = offered
    return Downloads(files, (archive, xlsx, *parts))


def _day(index: Index, changes: Sequence[Change]) -> date:
    """The day that files which must have one say: of the last published change, or else the last day described."""
    if changes:
        return max(change.date for change in changes)
    days = [index.value(one, PLEDGE["asOf"]) for one in index.of_type(PLEDGE["Assessment"])]
    return date.fromisoformat(max(days)) if days else date(1980, 1, 1)


def _readme(index: Index, graph: Term) -> str:
    """What stands beside files that are passed on: what they are, whose, and how they may be used."""
    return "\n".join(_lines(index, graph)) + "\n"


def _lines(index: Index, graph: Term) -> Iterator[str]:
    for title in index.objects(graph, curie("dcterms:title")):
        yield value_of(title)
    yield value_of(graph)
    for report in index.of_type(PLEDGE["Assessment"]):
        yield ""
        yield value_of(report)
        yield from (value_of(one) for one in index.objects(report, curie("dcterms:rights")))
        yield from (value_of(one) for one in index.objects(report, curie("dcterms:license")))
