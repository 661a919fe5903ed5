"""A page and a language → HTML. Undefined names fail the build; everything from data is escaped."""

from __future__ import annotations

import os
import re
import tomllib
from functools import partial
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined, UndefinedError
from jinja2.runtime import Context
from markupsafe import Markup, escape

from pledge_ld.config import SAID_IN, Config, languages, product
from pledge_ld.problem import PledgeError
from pledge_ld.site.embed import badge_says
from pledge_ld.site.pictures import in_language, lines_of, words_of
from pledge_ld.site.reuse import reuse_globals

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pledge_ld.site.item import Ref, ScoreView, Text
    from pledge_ld.site.page import Page
    from pledge_ld.site.pictures import Drawn
    from pledge_ld.site.rounds import CountView

_FIELD = re.compile(r"\{[a-z0-9_]*\}")
_JAPANESE = re.compile(r"[ぁ-ヿ㐀-鿿々〆](?:[^A-Za-z]*[ぁ-ヿ㐀-鿿々〆])?")
"""From a Japanese letter to the last one before Latin letters."""
_READING = re.compile(r"\[([^\[\]|]+)\|([^\[\]|]+)\]")
_RUBY = Markup("<ruby>{}<rp>(</rp><rt>{}</rt><rp>)</rp></ruby>")
LANGUAGES = languages()
"""The languages of the pages; the first stands at the root."""
NOT_FOUND = "404"
"""A page that a server shows at any depth: where the site's address is known, its links begin there."""


def said_in(language: str) -> str:
    """The language in which data speak on a page of this one: its own, or English where they have no such texts."""
    return language if language in SAID_IN else SAID_IN[-1]


def locales() -> dict[str, dict[str, str]]:
    """Language → key → string, from site/locales.

    :raises PledgeError: where a language lacks a string, or has one that is not translated
    """
    found: dict[str, dict[str, str]] = {}
    for language in LANGUAGES:
        path = product("site/locales") / f"{language}.toml"
        found[language] = tomllib.loads(path.read_text(encoding="utf-8"))
    if wrong := list(_untranslated(found)):
        raise PledgeError("\n".join(wrong))
    return found


def _untranslated(strings: dict[str, dict[str, str]]) -> Iterator[str]:
    """What a page would show in no or in the wrong language. A name (English, SHA-256) is the same in all."""
    first = LANGUAGES[0]
    for key in sorted({key for one in strings.values() for key in one}):
        texts = {language: strings[language].get(key, "").strip() for language in LANGUAGES}
        for language, text in texts.items():
            if not text:
                yield f"site/locales/{language}.toml: {key}: expected a text, got nothing / 文がありません"
            elif language != first and texts[first]:
                yield from _unlike(f"site/locales/{language}.toml: {key}", texts[first], text)


def _unlike(where: str, first: str, text: str) -> Iterator[str]:
    """What a text lacks that is to say the same as the first."""
    fields = [sorted(_FIELD.findall(one)) for one in (first, text)]
    if fields[0] != fields[1]:
        expected = f"the fields of {LANGUAGES[0]}, {fields[0]}"
        yield f"{where}: expected {expected}, got {fields[1]} / 置き換え欄が違います"
    if first == text and len(first.split()) > 1:
        yield f"{where}: expected a translation, got '{first}' / 未翻訳です"


def _compiled(templates: Path) -> FileSystemBytecodeCache | None:
    """Where the compiled templates are kept: beside them, as Python keeps its own, if we may write there."""
    folder = templates / "__pycache__"
    try:
        folder.mkdir(exist_ok=True)
    except OSError:
        return None
    return FileSystemBytecodeCache(str(folder), "%s.pyc") if os.access(folder, os.W_OK) else None


class _Context(Context):
    """A template's context that calls what it is told to call.

    Jinja's own first looks each time whether what it calls wants to be given the context, which nothing of ours does,
    and a build calls tens of thousands of times.
    """

    def call(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        kwargs.pop("_block_vars", None)
        kwargs.pop("_loop_vars", None)
        return function(*args, **kwargs)


def templates() -> Environment:
    """The templates of site/templates. What a page does not give fails; what comes from data is escaped."""
    folder = product("site/templates")
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        bytecode_cache=_compiled(folder),
        # They do not change under a build; to look whether they have costs more than many of them take.
        auto_reload=False,
    )
    environment.context_class = _Context
    environment.globals["language_names"] = {one: found["language_name"] for one, found in locales().items()}
    return environment


def has_front() -> bool:
    """Whether the scripts of site/front/ are bundled. Without them, pages are as where JavaScript is off."""
    return (product("site/static") / "front" / "engine.js").is_file()


class _Strings(dict[str, str]):
    """Strings that a template has as attributes, which it looks for first: a page asks for hundreds."""

    def __init__(self, strings: dict[str, str]) -> None:
        super().__init__(strings)
        self.__dict__ = self


class Renderer:
    """Renders pages; made once a build."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.strings = {language: _Strings(strings) for language, strings in locales().items()}
        self.environment = templates()
        self.environment.filters["ruby"] = _ruby
        self.environment.globals |= {
            "config": config,
            "front": has_front(),
            "in_language": in_language,
            "lines_of": lines_of,
            "words_of": words_of,
            "badge_says": badge_says,
            **reuse_globals(config),
        }

    def render(self, page: Page, language: str, path: str | None = None) -> str:
        """The page's HTML, for the place it is written to (``path`` where that is not the page's own).

        :raises PledgeError: where a string or a value of the template is missing
        """
        place = path or page.path
        depth = place.count("/") + (language != LANGUAGES[0])
        root = self.config.home if place == NOT_FOUND and self.config.home else "../" * depth
        tree = root + ("" if language == LANGUAGES[0] else f"{language}/")
        strings = self.strings[language]
        places = {other: ("" if other == LANGUAGES[0] else f"{other}/") + f"{place}.html" for other in LANGUAGES}
        context: dict[str, Any] = {
            "page": page,
            "ui": language,
            "lang": said_in(language),
            "t": strings,
            "root": root,
            "tree": tree,
            "others": [(other, root + one) for other, one in places.items()],
            # Search engines take a page's other language by its whole address alone, where that is known.
            "alternates": [(other, (self.config.site_url or root) + one) for other, one in places.items()],
            "href": partial(_href, tree, place),
            "link": partial(_link, tree, place, language),
            "label": partial(_label, language),
            "tongue": partial(_tongue, language),
            "marked": partial(_marked, language),
            "answered": partial(_answered, tree, language),
            "quoting": partial(_quoting, said_in(language)),
            "source": partial(_source, tree, place, strings),
            "why": partial(_why, tree, place, strings),
        }
        try:
            return self.environment.get_template(f"{page.template}.html").render(context, **page.data)
        except UndefinedError as error:
            raise PledgeError(
                f"site/templates/{page.template}.html, {place}: {error} / 文または値がありません"
            ) from error


def _href(tree: str, place: str, ref: Ref) -> str:
    """The link's address: relative, so that a built site works in any folder."""
    fragment = f"#{ref.fragment}" if ref.fragment else ""
    if ref.path.startswith(("http:", "https:")):
        return ref.path + fragment
    return fragment if ref.path == place and fragment else f"{tree}{ref.path}.html{fragment}"


def _html(*parts: str) -> Markup:
    """HTML of ours and what stands in it, in turn: what stands in it is escaped, where it is no HTML yet.

    The same by ``Markup.format`` or ``Markup.join`` took a tenth of the time that all pages need.
    """
    html = list(parts)
    html[1::2] = map(escape, parts[1::2])
    return Markup("".join(html))  # noqa: S704 - what is not ours has been escaped


def _label(language: str, text: Text) -> Markup:
    """The text in the page's language, or in one that it has and marked as such."""
    if not text:
        return Markup()
    code = _code(language, text)
    value = text[code]
    return _html('<span lang="', code, '">', value, "</span>") if code not in {"", language} else escape(value)


def _code(language: str, text: Text) -> str:
    """The language in which the text is shown on a page of this one."""
    return next((one for one in (language, said_in(language), SAID_IN[0]) if one in text), next(iter(text)))


def _tongue(language: str, text: Text | str) -> Markup:
    """The attribute ``lang`` of an element that shows nothing but the text, where that is not in the page's language.

    For where `_label` cannot put an element of its own: in a drawing, in a title, around a number. What has no stated
    language is taken as by `_marked`.
    """
    if isinstance(text, str):
        text = {"ja": text} if _JAPANESE.search(text) else {}
    code = _code(language, text) if text else ""
    return _html(' lang="', code, '"') if code not in {"", language} else Markup()


def _marked(language: str, text: str) -> Markup:
    """A text of no stated language, marked as Japanese where it is and the page is not."""
    if language == "ja" or not _JAPANESE.search(text):
        return escape(text)
    return _html('<span lang="', "ja", '">', text, "</span>")


def _quoting(language: str, text: str) -> Markup:
    """A text in the page's language, with the Japanese that an English one quotes marked as such."""
    if language == "ja":
        return escape(text)
    parts, end = [], 0
    for found in _JAPANESE.finditer(text):
        parts += [escape(text[end : found.start()]), _html('<span lang="', "ja", '">', found[0], "</span>")]
        end = found.end()
    return Markup().join((*parts, escape(text[end:])))


def _answered(tree: str, language: str, text: str, path: str) -> Markup:
    """A value of a query's answer: a link where it has a page. An answer has thousands of them."""
    if not path:
        return _marked(language, text)
    page, mark, fragment = path.partition("#")
    return _html('<a href="', f"{tree}{page}.html{mark}{fragment}", '">', text, "</a>")


def _link(tree: str, place: str, language: str, ref: Ref, *, number: bool = False) -> Markup:
    """A link to the node by its label, with its number in front where asked for."""
    shown = _html('<span class="number">', ref.number, "</span> ") if number and ref.number else Markup()
    return _html('<a href="', _href(tree, place, ref), '">', shown, "", _label(language, ref.text), "</a>")


def _source(tree: str, place: str, strings: dict[str, str], lines: list[Ref]) -> Markup:
    """Links to the lines of the report, and to pages."""
    links = []
    for one in lines:
        text = strings["line_n"].format(one.fragment[1:]) if one.fragment.startswith("L") else one.path
        links.append(_html('<a href="', _href(tree, place, one), '">', text, "</a>"))
    return Markup(" ").join(links)


def _why(tree: str, place: str, strings: dict[str, str], score: CountView | Drawn | ScoreView | None) -> Markup:
    """The small link from a figure to what stands behind it, on the page of the thing that it is a figure of.

    Its sign comes from the style sheet, so that a figure that is copied is the figure alone.
    """
    if score is None:
        return Markup()
    address = f"#{score.id}" if score.thing == place else f"{tree}{score.thing}.html#{score.id}"
    return _html('<a class="why" href="', address, '" aria-label="', strings["explain"], '"></a>')


def _ruby(text: str) -> Markup:
    """A text with readings, [漢字|かんじ], as ruby; where a browser has none, the reading stands in parentheses."""
    parts, end = [], 0
    for found in _READING.finditer(text):
        base, reading = found.groups()
        parts += [escape(text[end : found.start()]), _RUBY.format(base, reading)]
        end = found.end()
    return Markup().join((*parts, escape(text[end:])))
