"""What a visitor likes best, from Accept, Accept-Language and Accept-Encoding. The headers are read by werkzeug."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header, parse_options_header

from pledge_ld.hosting import FORMS

if TYPE_CHECKING:
    from collections.abc import Iterable

JSON_TYPES = ("application/problem+json", "application/json")
LONGEST = 8192
"""Characters of a header that are read: no client means to say more, and each costs us more than it costs them."""
_BARE_POINT = re.compile(r"(;\s*q=[01])\.(?=\s*(?:[;,]|$))", re.IGNORECASE)


def form(accept: str, forms: Iterable[str]) -> str | None:
    """The form to send, the first of equals, or nothing where none is acceptable.

    >>> form("text/html;q=0.1, text/turtle", ["html", "ttl"]), form("image/png", ["html", "ttl"])
    ('ttl', None)
    """
    there = list(forms)
    if not accept.strip():
        return there[0]
    liked = media_types(accept)
    best = max(there, key=lambda one: liked.quality(FORMS[one]))
    return best if liked.quality(FORMS[best]) else None


def media_types(accept: str) -> MIMEAccept:
    """The ranges of an Accept header with their weights; of those that name a type, the narrowest tells.

    Parameters are left out, as our files have no variants by them: a JSON-LD profile asks for JSON-LD. The RFC
    allows ``q=1.``, which werkzeug does not read.

    >>> media_types('text/turtle;q=1., application/ld+json;profile="x";q=0.5').quality("application/ld+json")
    0.5
    """
    read = parse_accept_header(_BARE_POINT.sub(r"\1", accept))
    return MIMEAccept([(parse_options_header(name)[0], weight) for name, weight in read])


def wants_json(accept: str) -> bool:
    """Whether an answer that is no document should be JSON: only where it is liked more than a page.

    >>> wants_json("application/json"), wants_json("*/*"), wants_json("text/turtle")
    (True, False, False)
    """
    liked = media_types(accept)
    return max(liked.quality(one) for one in JSON_TYPES) > liked.quality("text/html")


def language(accept_language: str) -> str:
    """The language of the pages to show: English only where it is liked more than Japanese.

    >>> language("en-US,en;q=0.9"), language("ja,en;q=0.9"), language("fr"), language("ja;q=0, *")
    ('en', 'ja', 'ja', 'en')
    """
    found = parse_accept_header(_BARE_POINT.sub(r"\1", accept_language))
    read = [(parse_options_header(name)[0].lower(), weight) for name, weight in found]

    def liked(code: str) -> float:
        named = [weight for name, weight in read if _speaks(name, code)]
        return max(named) if named else max((weight for name, weight in read if name == "*"), default=0)

    return "en" if liked("en") > liked("ja") else "ja"


def _speaks(tag: str, code: str) -> bool:
    return tag == code or tag.startswith(f"{code}-")


def coding(accept_encoding: str, there: Iterable[str]) -> str:
    """The content coding to send, the first of equals, or "" for none.

    >>> coding("gzip, br", ["br", "gzip"]), coding("br;q=0, *;q=0.1", ["br", "gzip"]), coding("", ["br"])
    ('br', 'gzip', '')
    """
    liked = parse_accept_header(_BARE_POINT.sub(r"\1", accept_encoding))
    named = {name.lower(): weight for name, weight in liked}

    def weight(name: str) -> float:
        return float(named.get(name, named.get("*", 0)))

    best = max(there, key=weight, default="")
    return best if best and weight(best) else ""
