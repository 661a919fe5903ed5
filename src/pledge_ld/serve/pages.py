"""Answers that are no document, in the visitor's language, or as JSON for a program that prefers it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import Response

from pledge_ld.hosting import TYPES
from pledge_ld.serve import negotiate
from pledge_ld.serve.problem import problem_answer
from pledge_ld.site import locales, templates

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from starlette.datastructures import Headers

_VARY = "Accept, Accept-Language"


class Pages:
    """The pages for what is refused; made once, as their texts are read from files."""

    def __init__(self) -> None:
        self._strings = locales()
        self._template = templates().get_template("refused.html")

    def refused(
        self,
        status: int,
        asked: Headers,
        *,
        language: str = "",
        page: bytes | None = None,
        variants: Sequence[tuple[str, str, str]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """The answer with this status: ``page`` if one is given, else a plain one that lists the variants.

        A variant is its address, what it is called, and its media type.
        """
        language = language or negotiate.language(asked.get("accept-language", ""))
        sent = {"Vary": _VARY, **(headers or {})}
        strings = self._strings[language]
        title = strings.get(f"refused_{status}", "")
        if not title or negotiate.wants_json(asked.get("accept", "")):
            listed = [{"href": href, "title": name, "type": kind} for href, name, kind in variants]
            sent["Content-Language"] = language
            detail = strings.get(f"refused_help_{status}", "")
            more = {"variants": listed} if listed else {}
            return problem_answer(status, detail, title=title, headers=sent, **more)
        if page is None:
            links = [(href, name) for href, name, _ in variants]
            page = self._template.render(t=strings, status=status, variants=links).encode()
        return Response(page, status, sent, TYPES[".html"])
