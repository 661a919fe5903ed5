"""What a web server is told about the site: how it chooses among a thing's forms, types, headers, redirects.

The texts stand in hosting/ as templates. What several of them share is said here, once: the types, the headers, and
how a weight is read from an Accept header.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from pledge_ld.config import Config, product

if TYPE_CHECKING:
    from collections.abc import Iterator

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".ttl": "text/turtle; charset=utf-8",
    ".jsonld": "application/ld+json",
    ".rdf": "application/rdf+xml",
    ".nt": "application/n-triples",
    ".nq": "application/n-quads",
    ".csv-metadata.json": "application/csvm+json",
    ".csv": "text/csv; charset=utf-8; header=present",
    ".json": "application/json",
    ".rq": "application/sparql-query",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".zip": "application/zip",
    ".atom": "application/atom+xml",
    ".xml": "application/xml",
    ".txt": "text/plain; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".wasm": "application/wasm",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".conf": "text/plain; charset=utf-8",
    ".htaccess": "text/plain; charset=utf-8",
}
"""The media type of every ending that a site has; a longer ending stands before the one it ends with."""

CODINGS = {"br": ".br", "gzip": ".gz"}
"""The content codings, the best first, and the endings of the files that a build lays compressed beside others."""

_PACKED = {".xlsx", ".zip", ".png", ".ico", ".wasm"}
"""Endings of what is compressed already, or, as site/front/ does the WebAssembly, once for all builds."""
_SETTINGS = {".conf", ".htaccess"}
"""Endings of what an operator copies and no visitor reads."""
_VOID = ".well-known/void"
"""The one file whose name in the standard has no ending."""

POLICY = "Content-Security-Policy"
_LOCKED = "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    POLICY: f"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; {_LOCKED}",
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Link",
}
"""Sent with every answer. All of a site is public and read without credentials, so any page may fetch it."""

QUERY_POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; worker-src 'self'; "
    f"connect-src 'self' https: http://localhost:* http://127.0.0.1:*; {_LOCKED}"
)
"""The policy of the query page and of its worker alone, which run WebAssembly and load what the visitor names."""
EMBED_POLICY = HEADERS[POLICY].replace("frame-ancestors 'none'", "frame-ancestors *")
"""The policy of the frames that other sites show: nothing there can be done, so nobody can be misled to do it."""
OPEN_POLICY = QUERY_POLICY.replace("frame-ancestors 'none'", "frame-ancestors *")
"""One policy for all paths, for hosts that join the rules of several: of two policies the stricter holds."""
POLICIES = {
    r"(?:[a-z]{2,3}/)?sparql\.html|static/front/engine\.js": QUERY_POLICY,
    r"(?:[a-z]{2,3}/)?embed/.+\.html": EMBED_POLICY,
}
"""Pattern of paths → the policy that they have."""

PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "Accept, Accept-Language, Content-Type, If-Modified-Since, If-None-Match, Range",
    "Access-Control-Max-Age": "86400",
}
"""Sent with the answer to OPTIONS."""

CACHE = "max-age=300"
"""How long a copy of a file is good unasked; afterwards its ETag tells whether it still is."""

FORMS = {"html": "text/html", "ttl": "text/turtle", "jsonld": "application/ld+json", "rdf": "application/rdf+xml"}
"""What a thing's IRI is answered with, the first first where a visitor likes several equally."""

LANGUAGE_RANGES = {"en": r"en(?:-[a-z0-9-]*)?", "ja": r"ja(?:-[a-z0-9-]*)?"}
TITLES = {"html": "HTML", "en": "HTML (English)", "ttl": "Turtle", "jsonld": "JSON-LD", "rdf": "RDF/XML"}
"""What a form is called where a visitor chooses one."""
PACKABLE = tuple(one for one in TYPES if one not in _PACKED | _SETTINGS)
"""The endings of the texts that are worth compressing."""
_FILES = {
    "htaccess": ".htaccess",
    "headers": "_headers",
    "redirects": "_redirects",
    "nginx.conf": "hosting/nginx.conf",
    "w3id.htaccess": "hosting/w3id.htaccess",
}


def packable(path: str) -> bool:
    """Whether a file of the site is a text that a server may send compressed.

    >>> packable("data/x.csv"), packable("data/x.zip"), packable("data/x.csv.gz"), packable("_headers")
    (True, False, False, False)
    """
    return path.endswith(PACKABLE) or path == _VOID


def policy_of(path: str) -> str | None:
    """The policy of a file of the site, where it is not that of all.

    >>> [policy_of(one) == QUERY_POLICY for one in ("en/sparql.html", "static/front/engine.js", "queries/sparql.html")]
    [True, True, False]
    >>> policy_of("embed/jp/012131.html") == EMBED_POLICY, policy_of("jp/012131.html")
    (True, None)
    """
    return next((policy for pattern, policy in POLICIES.items() if re.fullmatch(pattern, path)), None)


def hosting_files(config: Config) -> Iterator[tuple[str, bytes]]:
    """The files that tell a web server how to serve the site, as path and content.

    The rules for w3id are there only where the files lie elsewhere than their IRIs say.
    """
    environment = Environment(
        loader=FileSystemLoader(product("hosting")),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    prefix = config.home or "/"
    context = {
        "types": TYPES,
        "codings": CODINGS,
        "packable": sorted(PACKABLE, key=len),
        "packed_endings": "|".join(one[1:] for one in CODINGS.values()),
        "coding_weight": {one: weight(one) for one in CODINGS},
        "headers": HEADERS,
        "policy": POLICY,
        "open_policy": OPEN_POLICY,
        "policies": POLICIES,
        "preflight": PREFLIGHT,
        "cache": CACHE,
        "forms": FORMS,
        "titles": TITLES,
        "accept": {form: weight(*_ranges(media_type)) for form, media_type in FORMS.items()},
        "language": {code: weight(one, r"\*") for code, one in LANGUAGE_RANGES.items()},
        "greater": greater(),
        "endings": "|".join(re.escape(ending[1:]) for ending in TYPES),
        "prefix": prefix,
        "prefix_pattern": re.escape(prefix),
        "site": config.site_url,
        "base": config.base_iri,
    }
    for name, path in _FILES.items():
        if name != "w3id.htaccess" or (config.site_url and config.site_url != config.base_iri):
            yield path, environment.get_template(name).render(context).encode()


def _ranges(media_type: str) -> tuple[str, ...]:
    """The ranges that a type falls under, as patterns, the narrowest first."""
    kind, _, _ = media_type.partition("/")
    return re.escape(media_type), rf"{kind}/\*", r"\*/\*"


# A quote and a backslash stand as numbers: in a server's settings both would need a backslash in front.
_STRING = r"\x22(?:[^\x22\x5c]++|\x5c.)*+\x22"
_PASSED = rf"(?:(?:[^\x22,]++|{_STRING}|\x22)*+,)*?"
_PARAMETERS = rf"(?:\s*+;\s*+(?!q\s*+=)(?:[^\s\x22,;=]++(?:=(?:{_STRING}|[^\s\x22,;]*+))?+)?+)*+\s*+"
_BELOW_ONE = r";\s*+q=(?=0(?:\.[0-9]*+)?+\s*+[,;])(0(?:\.[0-9]*[1-9])?)"
_ONE = r"(?:;\s*+q=1(?:\.0*+)?+\s*+[,;]|,).*(x)$"


def weight(*ranges: str) -> str:
    r"""The pattern whose one group is what a header says of the first of the ranges that it names.

    It is matched with the header's text and ",x" after it. The group is "x" for the weight 1, else the weight without
    zeros at its end, so that weights compare as texts: "0" < "0.25" < "0.3" < "x". A header that is missing says "x"
    of everything, one that names none of the ranges does not match. What cannot be read (a weight of 2, a stray
    quote) is passed over; parameters other than q are not looked at; of a range named twice, the first counts.
    PCRE, as Apache and nginx have it: ``(?|`` numbers the groups of all branches alike, ``++`` never steps back.
    """
    named = "|".join(rf"{_PASSED}\s*+{one}{_PARAMETERS}(?|{_BELOW_ONE}|{_ONE})" for one in ranges)
    return rf"^(?|{named}|,(x)$)"


def greater() -> str:
    """The pattern of two weights with a bar between, the first of which is greater: nginx cannot compare texts."""
    digits = "|".join(rf"{one}[^|]*\|\1[0-{one - 1}]" for one in range(1, 10))
    return rf"^([^|]*)(?:[^|]+\|\1$|x\|0|{digits})"
