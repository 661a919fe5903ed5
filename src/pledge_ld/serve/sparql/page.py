"""The query page and the answer as a page, for a browser without scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import orjson

from pledge_ld.site import LANGUAGES, Page, locales, said_in, templates

if TYPE_CHECKING:
    from starlette.requests import Request

    from pledge_ld.query import Query
    from pledge_ld.serve.sparql.saved import Saved

_ROW_FORMS = (("csv", "CSV"), ("json", "JSON"), ("tsv", "TSV"), ("xml", "XML"))
_GRAPH_FORMS = (("turtle", "Turtle"), ("nt", "N-Triples"), ("jsonld", "JSON-LD"), ("rdfxml", "RDF/XML"))
_LINKS = ("http://", "https://", "mailto:")
SHOWN = 1000
"""Rows of an answer that a page shows; the downloads have all."""


class Pages:
    """Renders the pages; made once. It needs the saved queries, to start from."""

    def __init__(self, saved: Saved) -> None:
        self._saved = saved
        self._strings = locales()
        title = {language: strings["sparql_title"] for language, strings in self._strings.items()}
        self._page = Page("sparql", "sparql", title, {})
        self._template = templates().get_template("sparql.html")

    def form(self, request: Request) -> str:
        """The page with a field for the query, filled with a saved one where the address names it."""
        queries = self._saved.queries()
        name = request.query_params.get("start", "")
        text = queries[name].text if name in queries else next((one.text for one in queries.values()), "")
        return self._render(request, queries, text=text, answer=None)

    def answer(self, request: Request, text: str, answer: bytes, *, rows: bool, again: str) -> str:
        """The page with the query and its answer as a table, or as Turtle's simplest form where it is a graph."""
        shown = _table(answer) if rows else {"names": [], "rows": [], "total": 0, "graph": answer.decode()}
        forms = _ROW_FORMS if rows else _GRAPH_FORMS
        downloads = [(label, f"?{again}&format={form}") for form, label in forms]
        return self._render(request, self._saved.queries(), text=text, answer=shown, downloads=downloads)

    def _render(self, request: Request, queries: dict[str, Query], **values: Any) -> str:
        language = _language(request)
        root = "../" if request.url.path.endswith("/") else ""
        limits = request.app.state.sparql.limits
        return self._template.render(
            page=self._page,
            ui=language,
            lang=said_in(language),
            t=self._strings[language],
            root=root,
            tree=root if language == LANGUAGES[0] else f"{root}{language}/",
            others=[(other, f"?{_in(request, other)}") for other in LANGUAGES],
            alternates=(),
            queries=queries.values(),
            shown=SHOWN,
            seconds=f"{limits.deadline:g}",
            rows=limits.rows,
            **values,
        )


def _in(request: Request, language: str) -> str:
    """What was asked in the address, in another language."""
    return urlencode(
        [(key, value) for key, value in request.query_params.multi_items() if key != "lang"] + [("lang", language)]
    )


def _language(request: Request) -> str:
    """The language asked for, or the one that the visitor's browser prefers: Japanese, unless English stands first."""
    if (wanted := request.query_params.get("lang")) in LANGUAGES:
        return str(wanted)
    preferred = [one.strip()[:2].lower() for one in request.headers.get("accept-language", "").split(",")]
    return next((one for one in preferred if one in LANGUAGES), LANGUAGES[0])


def _table(answer: bytes) -> dict[str, Any]:
    content = orjson.loads(answer)
    if "boolean" in content:
        return {"names": ["ASK"], "rows": [[(str(content["boolean"]).lower(), "", "")]], "total": 1, "graph": ""}
    names = content["head"]["vars"]
    bindings = content["results"]["bindings"]
    rows = [[_cell(row.get(name)) for name in names] for row in bindings[:SHOWN]]
    return {"names": names, "rows": rows, "total": len(bindings), "graph": ""}


def _cell(binding: dict[str, Any] | None) -> tuple[str, str, str]:
    """The text of a cell, where it leads, and its language."""
    if binding is None:
        return "", "", ""
    value = binding["value"]
    text = value if isinstance(value, str) else orjson.dumps(value).decode()
    link = text if binding["type"] == "uri" and text.startswith(_LINKS) else ""
    return text, link, binding.get("xml:lang", "")
