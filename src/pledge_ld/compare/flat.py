"""A comparison → one flat table, for a terminal, a spreadsheet or a program; and its verdicts as Turtle."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

from pledge_ld.compare.labels import concept_labels, word_label
from pledge_ld.compare.model import BANDS, Comparison, Pair, Round, share
from pledge_ld.compare.statements import comparison_triples
from pledge_ld.graph import Shortener, as_turtle
from pledge_ld.query import as_csv, as_table
from pledge_ld.term import iri, string

if TYPE_CHECKING:
    from collections.abc import Iterator

COLUMNS = (
    *(
        "layer",
        "code",
        "city",
        "city_en",
        "assessment",
        "as_of",
        "what",
        "name",
        "name_en",
        "value",
        "low",
        "high",
        "of",
    ),
    *("rank", "other_city", "other_city_en", "other_assessment", "other_as_of", "other_value", "threshold"),
)
"""The columns of the table. ``layer`` is native, bands, index, distribution, field or pair; the rest is "" where it
does not apply. ``low`` and ``high`` are the fewest and most items where what cannot be read leaves an interval."""
_TERMINAL = {
    "native": ("city", "as_of", "what", "value", "of"),
    "bands": ("city", "as_of", "what", "value", "low", "high", "of"),
    "index": ("city", "as_of", "what", "value"),
    "distribution": ("city", "as_of", "name", "value", "of"),
    "field": ("city", "as_of", "name", "what", "value", "rank"),
    "pair": ("city", "as_of", "other_city", "other_as_of", "what", "name", "value", "other_value", "threshold"),
}


def as_rows(comparison: Comparison) -> list[tuple[str, ...]]:
    """The rows of the table, layer by layer, cities in the order of their codes."""
    made: list[dict[str, str]] = []
    for city in comparison.cities:
        for one in (*city.latest, *city.earlier):
            about = {
                "code": city.code,
                "city": city.name.get("ja", ""),
                "city_en": city.name.get("en", ""),
                "assessment": one.iri,
                "as_of": one.as_of,
            }
            made += ({**about, **row} for row in _layers(one))
    for pair in comparison.pairs:
        made += _pair_rows(comparison, pair)
    made.sort(key=lambda row: list(_TERMINAL).index(row["layer"]))
    return [tuple(row.get(name, "") for name in COLUMNS) for row in made]


def _layers(one: Round) -> Iterator[dict[str, str]]:
    yield from ({"layer": "native", **row} for row in _native(one))
    if one.bands and one.bands.maps:
        yield from _banded(one)
    if one.index:
        yield {"layer": "index", "what": "within_city_index", "value": one.index}
        yield {"layer": "index", "what": "share_of_term_elapsed", "value": one.elapsed}
    if one.distribution:
        for each in one.distribution.counts:
            count = "" if each.count is None else str(each.count)
            name = each.level.name
            yield {
                "layer": "distribution",
                "what": each.level.iri,
                "name": name.get("ja", ""),
                "name_en": name.get("en", ""),
                "value": count,
                "of": str(one.distribution.of),
            }
    for field in one.fields:
        yield {
            "layer": "field",
            "what": one.ranked_by,
            "name": field.name.get("ja", ""),
            "name_en": field.name.get("en", ""),
            "value": field.figure,
            "rank": "" if field.rank is None else str(field.rank),
        }


def _native(one: Round) -> Iterator[dict[str, str]]:
    scale = one.scale
    yield {"what": "construct", "value": one.construct}
    title = scale.title if scale else {}
    yield {"what": "scale", "value": title.get("ja", ""), "name_en": title.get("en", "")}
    yield {"what": "assessor", "value": " ".join(one.assessors)}
    begun, months = one.months or ("", "")
    yield {"what": "months_of_term_begun", "value": str(begun), "of": str(months)}
    yield {"what": "unit", "value": one.unit.get("ja", ""), "name_en": one.unit.get("en", "")}
    yield {"what": "items", "value": "" if one.items is None else str(one.items)}
    yield {"what": "calculation", "value": " ".join(one.calculations)}
    yield {"what": "rounding", "value": " ".join(sorted({rounding for _, rounding in one.roundings}))}
    yield {"what": "published_percent", "value": one.percent}


def _banded(one: Round) -> Iterator[dict[str, str]]:
    found = one.bands
    if not found:
        return
    counts = dict(found.counts)
    for band in BANDS:
        low, high, of = found.figure(band) or ("", "", found.items or "")
        row = {"layer": "bands", "what": band, "value": str(counts.get(band, ""))}
        yield {**row, "low": str(low), "high": str(high), "of": str(of)}
    yield {"layer": "bands", "what": "fits_none", "value": str(found.without)}
    yield {"layer": "bands", "what": "not_mapped", "value": str(found.unmapped)}
    yield {"layer": "bands", "what": "unreadable", "value": "" if found.unreadable is None else str(found.unreadable)}


def _pair_rows(comparison: Comparison, pair: Pair) -> Iterator[dict[str, str]]:
    one, other = comparison.name_of(pair.one), comparison.name_of(pair.other)
    codes = {city.iri: city.code for city in comparison.cities}
    for reason in pair.reasons:
        yield {
            "layer": "pair",
            "code": codes.get(pair.one.city, ""),
            "city": one.get("ja", ""),
            "city_en": one.get("en", ""),
            "assessment": pair.one.iri,
            "as_of": pair.one.as_of,
            "what": "allowed" if pair.allowed else "refused",
            "name": reason.concept,
            "name_en": concept_labels().get(reason.concept, {}).get("en", ""),
            "value": reason.one_figure,
            "other_city": other.get("ja", ""),
            "other_city_en": other.get("en", ""),
            "other_assessment": pair.other.iri,
            "other_as_of": pair.other.as_of,
            "other_value": reason.other_figure,
            "threshold": reason.threshold,
        }


def formatted(comparison: Comparison, form: str, base: str) -> str:
    """The comparison as ``table``, ``csv``, ``json`` or ``turtle``; the last holds the verdicts, which are its own."""
    if form == "turtle":
        return as_turtle(comparison_triples(comparison, base), iri(f"{base}compare"), Shortener(base))
    if form == "json":
        options = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
        return orjson.dumps(_plain(comparison), option=options).decode()
    rows = as_rows(comparison)
    if form == "csv":
        return as_csv(COLUMNS, [tuple(string(cell) for cell in row) for row in rows])
    return _table(rows)


def _table(rows: list[tuple[str, ...]]) -> str:
    """A table a layer, for a terminal."""
    parts = []
    for layer, names in _TERMINAL.items():
        places = [COLUMNS.index(name) for name in names]
        held = [tuple(string(_worded(row[place])) for place in places) for row in rows if row[0] == layer]
        if held:
            parts.append(f"{layer}\n{as_table(names, held)}")
    return "\n".join(parts)


def _worded(cell: str) -> str:
    """The ontology's terms in a cell by their names; every other text as it is."""
    words = [word_label(one) for one in cell.split(" ")]
    known = [one["ja"] for one in words if one]
    return "、".join(known) if len(known) == len(words) else cell


def _plain(comparison: Comparison) -> dict[str, object]:
    """What JSON says: the layers as they are, with the shares worked out, and each pair by the IRIs of its rounds."""
    cities = [
        {
            "city": city.iri,
            "code": city.code,
            "name": city.name,
            "latest": [_round(one) for one in city.latest],
            "earlier": [_round(one) for one in city.earlier],
        }
        for city in comparison.cities
    ]
    pairs = [
        {"one": one.one.iri, "other": one.other.iri, "allowed": one.allowed, "reasons": one.reasons}
        for one in comparison.pairs
    ]
    return {"cities": cities, "pairs": pairs, "limits": comparison.limits, "left_out": comparison.left_out}


def _round(one: Round) -> dict[str, object]:
    found = one.bands
    shares = {
        band: {"low": figure[0], "high": figure[1], "of": figure[2], "percent": share(figure[0], figure[2])}
        for band in BANDS
        if found and (figure := found.figure(band))
    }
    return {"round": one, "within_city_index": one.index, "share_of_term_elapsed": one.elapsed, "bands": shares}
