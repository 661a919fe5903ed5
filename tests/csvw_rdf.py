"""CSVW metadata and its CSV → triples: what https://www.w3.org/TR/csv2rdf/ makes of them in minimal mode.

No converter for Python handles the whole of the standard, and this one knows nothing of how our tables are made: it
reads the published files alone, and only what they use of the standard (one table a file, no foreign keys).
"""

from __future__ import annotations

import csv
import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urljoin

from rdflib import XSD, Graph, Literal, URIRef

if TYPE_CHECKING:
    from pathlib import Path

_VARIABLE = re.compile(r"\{(\+?)([A-Za-z0-9_.]+)\}")
_RESERVED = ":/?#[]@!$&'()*+,;=%"
_KNOWN = {
    "name", "titles", "dc:description", "datatype", "required", "propertyUrl", "lang", "separator", "suppressOutput",
    "aboutUrl", "valueUrl",
}  # fmt: skip
"""What a column may say: a word that this converter would pass over in silence must fail."""


def convert(metadata: Path) -> Graph:
    """The triples of one table."""
    described = json.loads(metadata.read_text(encoding="utf-8"))
    assert described["@context"] == "http://www.w3.org/ns/csvw"
    schema, path = described["tableSchema"], metadata.with_name(described["url"])
    columns = schema["columns"]
    with path.open(encoding="utf-8-sig", newline="") as file:
        header, *body = csv.reader(file, strict=True)
    assert header == [one["name"] for one in columns]
    graph = Graph()
    for row in body:
        _row(dict(zip(header, row, strict=True)), schema, columns, path.as_uri(), graph)
    return graph


def _row(cells: dict[str, str], schema: dict[str, Any], columns: list[dict[str, Any]], url: str, graph: Graph) -> None:
    # A variable whose cell is null is undefined, and expands to nothing.
    for column in columns:
        assert set(column) <= _KNOWN, column
        cell = cells[column["name"]]
        assert cell or not column["required"], column
        if column.get("suppressOutput") or not cell:
            continue
        subject = _expanded(column.get("aboutUrl", schema["aboutUrl"]), cells, url)
        predicate = URIRef(_expanded(column["propertyUrl"], cells, url))
        if "valueUrl" in column:
            graph.add((URIRef(subject), predicate, URIRef(_expanded(column["valueUrl"], cells, url))))
            continue
        values = cell.split(column["separator"]) if "separator" in column else [cell]
        for value in values:
            graph.add((URIRef(subject), predicate, _literal(value, column)))


def _expanded(template: str, cells: dict[str, str], url: str) -> str:
    """The URI template of RFC 6570 (simple and reserved expansion), resolved against the table's address."""

    def value(found: re.Match[str]) -> str:
        return quote(cells[found[2]], safe=_RESERVED + "~" if found[1] else "~")

    return urljoin(url, _VARIABLE.sub(value, template))


def _literal(text: str, column: dict[str, Any]) -> Literal:
    datatype = column["datatype"]
    if datatype == "string":
        return Literal(text, lang=column.get("lang"))
    return Literal(" ".join(text.split()), datatype=XSD[datatype], normalize=False)
