"""Any path of the site → its answer: a thing's IRI leads to its best form, a document's address is the document.

The rules are those that Apache and nginx are given (docs/hosting.md); tests/test_hosting.py asks all three alike.
"""

from __future__ import annotations

import os
import re
from email.utils import formatdate
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import FileResponse, Response
from werkzeug.http import parse_date, parse_etags

from pledge_ld.hosting import CACHE, FORMS, POLICY, PREFLIGHT, TITLES, policy_of
from pledge_ld.serve import negotiate
from pledge_ld.serve.compress import worth_it
from pledge_ld.serve.files import CODINGS
from pledge_ld.serve.kept import keep_while
from pledge_ld.serve.problem import problem_answer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import Receive, Scope, Send

    from pledge_ld.serve.files import Edition, File, Site
    from pledge_ld.serve.pages import Pages

READING = ("GET", "HEAD")
_ALLOW = {"Allow": "GET, HEAD, OPTIONS"}
_NEGOTIATED = ("accept", "accept-language", "accept-encoding")
_INDEX, _SECOND = "index.html", "en/"
_BY_FORM, _BY_LANGUAGE = "Accept, Accept-Language", "Accept-Language"
_AT_ONCE = 1 << 18
"""A file up to this size is read in one go; a larger one is sent piece by piece."""
_ONE_RANGE = r"(?:[0-9]{1,18}-[0-9]{0,18}|-[0-9]{1,18})"
_RANGE = re.compile(rf"bytes=[ \t]*{_ONE_RANGE}(?:[ \t]*,[ \t]*{_ONE_RANGE}){{0,15}}[ \t]*")


def prefix_of(scope: Scope) -> str:
    """Where the site lies below its host, with a slash at its end."""
    return f"{scope.get('root_path', '')}/"


def path_of(scope: Scope) -> str:
    """The path below the site, without a slash in front."""
    return str(scope["path"]).removeprefix(prefix_of(scope))


class LinkedData:
    """The app for every path that no other route has."""

    def __init__(self, site: Site, pages: Pages) -> None:
        self._site = site
        self._pages = pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        asked, edition = Headers(scope=scope), await self._site.now()
        response = self._answer(scope, asked, edition)
        if response is None:
            self._site.doubt()
            edition = await self._site.now()
            response = self._answer(scope, asked, edition) or self._missing(scope, asked, edition)
        try:
            await response(_without_odd_range(scope), receive, send)
        finally:
            if isinstance(response, _Piecewise):
                response.close()

    def _answer(self, scope: Scope, asked: Headers, edition: Edition) -> Response | None:
        """The answer, or nothing where a file is no longer the one that was listed."""
        path = path_of(scope)
        if any(len(asked.get(name, "")) > negotiate.LONGEST for name in _NEGOTIATED):
            return problem_answer(431, "Accept, Accept-Language and Accept-Encoding are read up to 8192 characters.")
        if scope["method"] == "OPTIONS":
            return Response(status_code=204, headers={**PREFLIGHT, **_ALLOW})
        if scope["method"] not in READING:
            return self._pages.refused(405, asked, headers=_ALLOW)
        if path in edition.files:
            return self._document(scope, asked, edition, edition.files[path])
        forms = [one for one in FORMS if f"{path}.{one}" in edition.files]
        if forms and path.rpartition(".")[2] not in FORMS:
            return self._thing(scope, asked, edition, forms)
        return self._folder(scope, asked, edition)

    def _thing(self, scope: Scope, asked: Headers, edition: Edition, forms: list[str]) -> Response:
        path, prefix = path_of(scope), prefix_of(scope)
        headers = {"Vary": _BY_FORM, "Link": _links(path, prefix, edition)}
        best = negotiate.form(asked.get("accept", ""), forms)
        if best is None:
            return self._pages.refused(406, asked, variants=_variants(path, prefix, edition, forms), headers=headers)
        keep_while(scope, partial(self._site.holds, edition))
        return _leads(scope, 303, self._tree(path, f"{path}.{best}", asked, edition), headers)

    @staticmethod
    def _tree(path: str, target: str, asked: Headers, edition: Edition) -> str:
        """The target itself, or its English page for who likes that better."""
        english = target.endswith(".html") and negotiate.language(asked.get("accept-language", "")) == "en"
        other = _SECOND + target
        return other if english and not path.startswith(_SECOND) and other in edition.files else target

    def _folder(self, scope: Scope, asked: Headers, edition: Edition) -> Response | None:
        path = path_of(scope)
        if path and not path.endswith("/") and f"{path}/{_INDEX}" in edition.files:
            return _leads(scope, 301, f"{path}/", {})
        index = f"{path}{_INDEX}"
        if (path == "" or path.endswith("/")) and index in edition.files:
            target = self._tree(path, index, asked, edition)
            if target != index:
                return _leads(scope, 303, target, {"Vary": _BY_LANGUAGE})
            return self._document(scope, asked, edition, edition.files[index], {"Vary": _BY_LANGUAGE})
        return self._missing(scope, asked, edition)

    def _missing(self, scope: Scope, asked: Headers, edition: Edition) -> Response:
        language = negotiate.language(asked.get("accept-language", ""))
        if path_of(scope).startswith(_SECOND):
            language = "en"
        file = edition.files.get(f"{_SECOND if language == 'en' else ''}404.html")
        page = edition.content(file) if file else None
        return self._pages.refused(404, asked, language=language, page=page)

    def _document(
        self, scope: Scope, asked: Headers, edition: Edition, file: File, more: Mapping[str, str] | None = None
    ) -> Response | None:
        headers = MutableHeaders(dict(more or {}))
        headers["Content-Type"] = file.media_type
        headers["Cache-Control"] = CACHE
        if policy := policy_of(file.path):
            headers[POLICY] = policy
        headers["Last-Modified"] = formatdate(file.modified_ns // 10**9, usegmt=True)
        if link := _links(file.path, prefix_of(scope), edition):
            headers["Link"] = link
        coding = ""
        if worth_it(file) or file.path in edition.compressed:
            headers.add_vary_header("Accept-Encoding")
            # A range is one of the file itself, as who resumes a download means it.
            coding = "" if "range" in asked else _coding(asked, edition, file)
        headers["ETag"] = _etag(file, coding)
        if status := _condition(asked, file):
            del headers["Content-Type"]
            return Response(status_code=status, headers=headers)
        beside = edition.compressed.get(file.path, {})
        sent = (file, beside[coding]) if coding in beside else (file,)
        packed = len(edition.packed)
        keep_while(scope, lambda: len(edition.packed) == packed and self._site.holds(edition, *sent))
        return _sent(asked, edition, file, coding, headers)


def _links(path: str, prefix: str, edition: Edition) -> str:
    """The other forms of a thing or document, its page in the other language, and what describes a table."""
    stem, dot, ending = path.rpartition(".")
    if not dot or ending not in FORMS:
        stem, ending = path, ""
    stem = stem.removeprefix(_SECOND) if f"{path.removeprefix(_SECOND)}" in edition.files else stem
    found = []
    for one, kind in FORMS.items():
        for tree, language in (("", "ja"), (_SECOND, "en")) if one == "html" else (("", ""),):
            target = f"{tree}{stem}.{one}"
            if target != path and target in edition.files:
                # A page says so itself, by whole addresses where they are known: search engines take no others.
                said = f'; hreflang="{language}"' if tree and ending != "html" else ""
                found.append(f'<{prefix}{quote(target)}>; rel="alternate"; type="{kind}"{said}')
    if f"{path}-metadata.json" in edition.files:
        found.append(f'<{prefix}{quote(path)}-metadata.json>; rel="describedby"; type="application/csvm+json"')
    return ", ".join(found)


def _variants(path: str, prefix: str, edition: Edition, forms: list[str]) -> list[tuple[str, str, str]]:
    """What a visitor can choose by hand: address, name and type of each form."""
    found = [(f"{prefix}{quote(path)}.{one}", TITLES[one], FORMS[one]) for one in forms]
    second = f"{_SECOND}{path}.html"
    if second in edition.files:
        found.insert(1, (f"{prefix}{quote(second)}", TITLES["en"], FORMS["html"]))
    return found


def _leads(scope: Scope, status: int, target: str, headers: Mapping[str, str]) -> Response:
    """A redirect that names no host, so that it holds behind any proxy."""
    query = scope["query_string"].decode("latin-1")
    location = f"{prefix_of(scope)}{quote(target)}" + (f"?{query}" if query else "")
    return Response(status_code=status, headers={"Location": location, **headers})


def _coding(asked: Headers, edition: Edition, file: File) -> str:
    there = [
        one for one in CODINGS if (file.tag, one) in edition.packed or one in edition.compressed.get(file.path, {})
    ]
    return negotiate.coding(asked.get("accept-encoding", ""), there)


def _etag(file: File, coding: str) -> str:
    return f'"{file.tag}-{coding}"' if coding else f'"{file.tag}"'


def _condition(asked: Headers, file: File) -> int:
    """304 where the visitor's copy is still good, 412 where it must not be answered, else 0 (RFC 9110, 13.2.2)."""
    ours = [f"{file.tag}{suffix}" for suffix in ("", *(f"-{one}" for one in CODINGS))]
    if (match := asked.get("if-match")) is not None:
        tags = parse_etags(match)
        if not any(tags.contains(one) for one in ours):
            return 412
    if (none_match := asked.get("if-none-match")) is not None:
        tags = parse_etags(none_match)
        return 304 if any(tags.contains_weak(one) for one in ours) else 0
    since = parse_date(asked.get("if-modified-since"))
    return 304 if since is not None and file.modified_ns // 10**9 <= since.timestamp() else 0


def _sent(asked: Headers, edition: Edition, file: File, coding: str, headers: MutableHeaders) -> Response | None:
    """The document, or nothing where it is gone."""
    if coding:
        headers["Content-Encoding"] = coding
        packed = edition.packed.get((file.tag, coding)) or edition.content(edition.compressed[file.path][coding])
        return Response(packed, headers=headers) if packed else None
    headers["Accept-Ranges"] = "bytes"
    if file.size <= _AT_ONCE and "range" not in asked:
        content = edition.content(file)
        return None if content is None else Response(content, headers=headers)
    handle = edition.opened(file)
    return None if handle is None else _Piecewise(handle, headers)


class _Piecewise(FileResponse):
    """A file that is already open: whatever a build does meanwhile, it is the one whose length was announced."""

    def __init__(self, handle: int, headers: MutableHeaders) -> None:
        self._handle = handle
        kind = headers["Content-Type"]
        super().__init__(f"/dev/fd/{handle}", headers=headers, media_type=kind, stat_result=os.fstat(handle))

    def close(self) -> None:
        os.close(self._handle)


def _without_odd_range(scope: Scope) -> Scope:
    """The request without a Range that a server is to ignore: another unit, or one that cannot be read."""
    value = Headers(scope=scope).get("range")
    if value is None or (_RANGE.fullmatch(value) and not _backwards(value)):
        return scope
    return {**scope, "headers": [(name, text) for name, text in scope["headers"] if name != b"range"]}


def _backwards(value: str) -> bool:
    return any(int(one) > int(other) for one, other in re.findall(r"([0-9]+)-([0-9]+)", value))
