"""What a reader needs to cite a page, to report an error in it, and to put a figure of it elsewhere."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from pledge_ld.term import PLEDGE, Term, curie

if TYPE_CHECKING:
    from pledge_ld.config import Config
    from pledge_ld.site.item import Ref, Text
    from pledge_ld.site.views import Views

_GITHUB = re.compile(r"(https://github\.com/[A-Za-z0-9-]+/[A-Za-z0-9._-]+?)(?:\.git|/issues(?:/.*)?)?/?")
_SPECIAL = re.compile(r"[\\{}$&#%_^~]")
_BIBTEX = {"\\": r"\textbackslash{}", "^": r"\^{}", "~": r"\~{}"}


@dataclass(frozen=True, slots=True)
class EditionView:
    """The dated edition that a figure is cited from: a report, its as-of date, and the last day its data changed."""

    report: Ref
    title: Text
    as_of: str
    modified: str


def edition(views: Views, report: Term) -> EditionView:
    """The edition of a report's data; its day comes from changes.csv, and is "" where nothing is published yet."""
    index = views.index
    return EditionView(
        views.ref(report),
        views.text(report),
        index.value(report, PLEDGE["asOf"]),
        index.value(report, curie("dcterms:modified")) or index.value(report, curie("dcterms:issued")),
    )


def bibtex(text: str) -> str:
    r"""A text as it stands between braces in a BibTeX entry.

    >>> print(bibtex("R&D {50%}"))
    R\&D \{50\%\}
    """
    return _SPECIAL.sub(lambda found: _BIBTEX.get(found[0], f"\\{found[0]}"), text)


def key(path: str) -> str:
    """A BibTeX key from a path.

    >>> key("jp/012131/2022/pledge/1-2")
    'pledge-ld-jp-012131-2022-pledge-1-2'
    """
    return "pledge-ld-" + re.sub(r"[^a-z0-9]+", "-", path.lower())


def error_report(contact: str, subject: str, body: str) -> str:
    """The address of a message to the operator, begun for the reader: a mail, or an issue where the contact is GitHub.

    A form of any other kind has fields that nobody here knows: its address is given as it is.

    >>> error_report("mailto:a@example.org", "誤り", "x y")
    'mailto:a@example.org?subject=%E8%AA%A4%E3%82%8A&body=x%20y'
    >>> error_report("https://github.com/a/b", "x", "y")
    'https://github.com/a/b/issues/new?title=x&body=y'
    >>> error_report("https://example.org/contact", "x", "y")
    'https://example.org/contact'
    """
    lines = body.replace("\n", "\r\n")
    if contact.startswith("mailto:"):
        join = "&" if "?" in contact else "?"
        return contact + join + urlencode({"subject": subject, "body": lines}, quote_via=quote)
    if found := _GITHUB.fullmatch(contact):
        return f"{found[1]}/issues/new?" + urlencode({"title": subject, "body": lines}, quote_via=quote)
    return contact


def reuse_globals(config: Config) -> dict[str, object]:
    """What the templates call."""
    return {
        "bibtex": bibtex,
        "bibtex_key": key,
        "error_report": lambda subject, body: error_report(config.contact, subject, body),
    }
