"""What a server should choose, worked out by the letter of RFC 9110, section 12.5, otherwise than servers do it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pledge_ld.hosting import FORMS

if TYPE_CHECKING:
    from servers import Host

MEASURE, CITY = "jp/012131/2022/measure/1-2-1", "jp/012131"


def elements(header: str) -> list[str]:
    """The parts between commas that stand outside of quotes; a quote that nothing closes is a letter like others."""
    found, at, start = [], 0, 0
    while at < len(header):
        if header[at] == '"':
            end = at + 1
            while end < len(header) and header[end] != '"':
                end += 2 if header[end] == "\\" else 1
            at = end if end < len(header) else at
        elif header[at] == ",":
            found.append(header[start:at])
            start = at + 1
        at += 1
    return [*found, header[start:]]


_PARAMETER = re.compile(r'\s*(?:(?P<name>[^\s",;=]+)(?:=(?P<value>"(?:[^"\\]|\\.)*"|[^\s",;]*))?)?\s*(?:;|$)')


def read_element(text: str) -> tuple[str, float] | None:
    """A range in small letters and its weight, or nothing where it cannot be read."""
    name, semicolon, rest = text.partition(";")
    name = name.strip()
    if not name or re.search(r'[\s"]', name):
        return None
    while semicolon and rest:
        if re.match(r"\s*q\s*=", rest, re.IGNORECASE):
            value = re.match(r"\s*q=(0(?:\.[0-9]*)?|1(?:\.0*)?)\s*(?:;|$)", rest, re.IGNORECASE)
            return (name.lower(), float(value[1])) if value else None
        parameter = _PARAMETER.match(rest)
        if not parameter or not parameter[0]:
            return None
        rest = rest[parameter.end() :]
    return name.lower(), 1.0


def weights(header: str | None) -> dict[str, float]:
    """Range → weight, the first mention of each."""
    found: dict[str, float] = {}
    for element in elements(header or ""):
        if (one := read_element(element)) is not None:
            found.setdefault(*one)
    return found


def best_form(accept: str | None, forms: list[str]) -> str | None:
    """The form to send, or None where none is acceptable."""
    if not (accept or "").strip():
        return forms[0]
    said = weights(accept)

    def liked(form: str) -> float:
        kind = FORMS[form]
        return next((said[one] for one in (kind, f"{kind.split('/')[0]}/*", "*/*") if one in said), 0)

    best = max(forms, key=liked)
    return best if liked(best) else None


def english(header: str | None) -> bool:
    """Whether an English page is to be sent."""
    if not (header or "").strip():
        return False
    said = weights(header)

    def liked(code: str) -> float:
        named = [one for one in said if one == code or re.fullmatch(rf"{code}-[a-z0-9-]*", one)]
        return said[named[0]] if named else said.get("*", 0)

    return liked("en") > liked("ja")


def expected(host: Host, path: str, accept: str | None, language: str | None) -> tuple[int, str]:
    """The status for a thing's IRI, and where it leads."""
    forms = [form for form in FORMS if (host.files / f"{path}.{form}").is_file()]
    form = best_form(accept, forms)
    if form is None:
        return 406, ""
    tree = "en/" if form == "html" and english(language) and not path.startswith("en/") else ""
    return 303, f"{host.prefix}{tree}{path}.{form}"


BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
RDFLIB = "text/turtle;q=0.9, application/ld+json;q=0.8, application/rdf+xml;q=0.7, */*;q=0.1"
JENA = "text/turtle,application/n-triples;q=0.9,application/ld+json;q=0.8,application/rdf+xml;q=0.7,*/*;q=0.3"
TABLE = [
    # what is asked for, Accept, Accept-Language, and where it leads ("" is 406)
    (MEASURE, None, None, "html"),
    (MEASURE, "", None, "html"),
    (MEASURE, "*/*", None, "html"),
    (MEASURE, BROWSER, None, "html"),
    (MEASURE, BROWSER, "ja", "html"),
    (MEASURE, BROWSER, "ja,en-US;q=0.9,en;q=0.8", "html"),
    (MEASURE, BROWSER, "en-US,en;q=0.9", "en/html"),
    (MEASURE, BROWSER, "en-GB", "en/html"),
    (MEASURE, BROWSER, "EN", "en/html"),
    (MEASURE, BROWSER, "en-US,en;q=0.9,ja;q=0.8", "en/html"),
    (MEASURE, BROWSER, "en;q=0.5,ja;q=0.50", "html"),
    (MEASURE, BROWSER, "en;q=0.51,ja;q=0.5", "en/html"),
    (MEASURE, BROWSER, "en;q=0.051,ja;q=0.5", "html"),
    (MEASURE, BROWSER, "fr", "html"),
    (MEASURE, BROWSER, "fr,*;q=0.5", "html"),
    (MEASURE, BROWSER, "fr,en;q=0.1", "en/html"),
    (MEASURE, BROWSER, "ja;q=0,*", "en/html"),
    (MEASURE, BROWSER, "en;q=0", "html"),
    (MEASURE, BROWSER, "en;q=0.0,ja;q=0", "html"),
    (MEASURE, BROWSER, "english", "html"),
    (MEASURE, BROWSER, "zh-Hant-TW, ko;q=0.9, en-AU;q=0.3", "en/html"),
    (MEASURE, "text/html", None, "html"),
    (MEASURE, "text/turtle", None, "ttl"),
    (MEASURE, "TEXT/Turtle", None, "ttl"),
    (MEASURE, "application/ld+json", None, "jsonld"),
    (MEASURE, "text/turtle", "en", "ttl"),
    (MEASURE, "application/ld+json", "en", "jsonld"),
    (MEASURE, "application/rdf+xml", None, ""),
    (MEASURE, RDFLIB, None, "ttl"),
    (MEASURE, JENA, None, "ttl"),
    (MEASURE, "application/rdf+xml, text/turtle;q=0.1", None, "ttl"),
    (MEASURE, "text/*", None, "html"),
    (MEASURE, "text/*", "en", "en/html"),
    (MEASURE, "application/*", None, "jsonld"),
    (MEASURE, "text/*;q=0.5, application/*", None, "jsonld"),
    (MEASURE, "text/*, text/html;q=0.5", None, "ttl"),
    (MEASURE, "text/html;q=0, */*", None, "ttl"),
    (MEASURE, "text/*;q=0, */*", None, "jsonld"),
    (MEASURE, "text/html;q=0, text/turtle;q=0, */*;q=0.001", None, "jsonld"),
    (MEASURE, "*/*;q=0", None, ""),
    (MEASURE, "text/turtle;q=0", None, ""),
    (MEASURE, "text/turtle;q=0.000", None, ""),
    (MEASURE, "image/png", None, ""),
    (MEASURE, "application/json", None, ""),
    (MEASURE, "text/turtle;q=0.5, text/html;q=0.5", None, "html"),
    (MEASURE, "text/turtle, application/ld+json, text/html", None, "html"),
    (MEASURE, "application/ld+json, text/turtle", None, "ttl"),
    (MEASURE, "text/html;q=0.999, text/turtle", None, "ttl"),
    (MEASURE, "text/html;q=0.1, text/turtle;q=0.09", None, "html"),
    (MEASURE, "text/html;q=0.09, text/turtle;q=0.1", None, "ttl"),
    (MEASURE, "text/html;q=0.123, text/turtle;q=0.124", None, "ttl"),
    (MEASURE, "text/html;q=0.9, text/turtle;q=0.10, application/ld+json;q=1.000", None, "jsonld"),
    (MEASURE, "text/turtle;q=1., text/html;q=0.", None, "ttl"),
    (MEASURE, "text/turtle ; q=0.8 , text/html ; q=0.7", None, "ttl"),
    (MEASURE, "text/turtle;Q=0.8,text/html;q=0.7", None, "ttl"),
    (MEASURE, "text/turtle;charset=utf-8;q=0.8, text/html;q=0.7", None, "ttl"),
    (MEASURE, 'application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"', None, "jsonld"),
    (MEASURE, 'application/ld+json;profile="a,text/html;q=1";q=0.8, text/turtle;q=0.5', None, "jsonld"),
    (MEASURE, 'x/y;a="\\",text/html", text/turtle;q=0.1', None, "ttl"),
    (MEASURE, "text/turtle;q=0.4;ext=1, text/html;q=0.3", None, "ttl"),
    (MEASURE, "text/turtle;;q=0.2;, text/html;q=0.1", None, "ttl"),
    (MEASURE, "text/turtlex, application/ld+json;q=0.1", None, "jsonld"),
    (MEASURE, "text/turtle;q=2, application/ld+json;q=0.1", None, "jsonld"),
    (MEASURE, "text/turtle;q=x, application/ld+json;q=0.1", None, "jsonld"),
    (MEASURE, ",, ,text/turtle,,", None, "ttl"),
    (MEASURE, '"text/turtle', None, ""),
    (MEASURE, "garbage", None, ""),
    (CITY, BROWSER, "ja", "html"),
    (CITY, BROWSER, "en", "en/html"),
    (CITY, "text/turtle", None, "ttl"),
    (CITY, "application/pdf", None, ""),
    ("jp/012131/2022", RDFLIB, None, "ttl"),
    ("jp/012131/2022", BROWSER, "en", "en/html"),
    ("ns", RDFLIB, None, "ttl"),
    ("ns", "application/ld+json, */*;q=0.1", None, "jsonld"),
    ("ns", BROWSER, "en", "en/html"),
    ("ns/0.1.0", RDFLIB, None, "ttl"),
    ("ns/0.1.0", BROWSER, None, "html"),
    ("shapes", "text/turtle", None, "ttl"),
    ("catalog", BROWSER, "en", "en/html"),
    ("catalog", "application/rdf+xml", None, "rdf"),
    ("catalog", "application/rdf+xml, text/turtle", None, "ttl"),
    ("catalog", "application/*", None, "jsonld"),
    ("catalog", "application/ld+json;q=0, application/*", None, "rdf"),
    ("catalog", "image/*", None, ""),
    ("data/jp-012131-tomakomai", BROWSER, None, "html"),
    ("data/jp-012131-tomakomai", "text/turtle", None, "ttl"),
    ("queries/policy_progress", BROWSER, "en", "en/html"),
    ("queries/policy_progress", "application/ld+json", None, "jsonld"),
    ("about", BROWSER, "en", "en/html"),
    ("about", "text/turtle", None, ""),
    (f"en/{MEASURE}", BROWSER, "ja", "html"),
    (f"en/{MEASURE}", "text/turtle", None, ""),
]

BROKEN = [(MEASURE, "text/turtle;q = 1, application/ld+json;q=0.1", None, "jsonld")]
"""Rows with what RFC 9110 has no meaning for: Apache and nginx pass over it, our own server's library does not."""


def wanted(host: Host, path: str, to: str) -> tuple[int, str]:
    """A row's last column as status and address."""
    tree, _, form = to.rpartition("/")
    return (303, f"{host.prefix}{tree and 'en/'}{path}.{form}") if to else (406, "")
