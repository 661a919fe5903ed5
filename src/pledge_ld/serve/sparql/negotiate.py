"""The form of an answer: what the visitor accepts, out of what a query of its kind can have."""

from __future__ import annotations

from pledge_ld.serve.sparql.refusal import Refusal

Offers = dict[str, tuple[str, ...]]
SOLUTIONS: Offers = {
    "json": ("application/sparql-results+json", "application/json", "text/json"),
    "xml": ("application/sparql-results+xml", "application/xml", "text/xml"),
    "csv": ("text/csv",),
    "tsv": ("text/tab-separated-values",),
    "html": ("text/html", "application/xhtml+xml"),
}
"""Forms of an answer in rows, the preferred first, each with its names; the first name is its own."""
GRAPHS: Offers = {
    "turtle": ("text/turtle", "application/x-turtle"),
    "nt": ("application/n-triples", "text/plain"),
    "jsonld": ("application/ld+json", "application/json"),
    "rdfxml": ("application/rdf+xml", "application/xml"),
    "html": ("text/html", "application/xhtml+xml"),
}
"""Forms of an answer that is a graph."""


def offers_of(kind: str) -> Offers:
    """The forms that an answer to a query of this kind can have."""
    return SOLUTIONS if kind in {"SELECT", "ASK"} else GRAPHS


def chosen(accept: str, offers: Offers) -> tuple[str, str]:
    """The form that is liked best, and the name it is to have.

    >>> chosen("text/html;q=0.5, text/*", SOLUTIONS)
    ('csv', 'text/csv')

    :raises Refusal: when none is accepted
    """
    ranges = _ranges(accept or "*/*")
    best, found = 0.0, None
    for rank in range(max(len(known) for known in offers.values())):
        for form, known in offers.items():
            if rank < len(known) and (weight := _weight(known[rank], ranges)) > best:
                best, found = weight, (form, known[rank])
    if found is None:
        names = ", ".join(known[0] for known in offers.values())
        raise Refusal(406, f"this can be had as {names}", f"次の形式があります: {names}")
    return found


def _ranges(accept: str) -> dict[str, float]:
    found: dict[str, float] = {}
    for part in accept.split(",")[:100]:
        media, *parameters = (one.strip().lower() for one in part.split(";"))
        weight = next((one[2:].strip() for one in parameters if one.startswith("q=")), "1")
        try:
            found[media] = min(1.0, max(0.0, float(weight)))
        except ValueError:
            found[media] = 0.0
    return found


def _weight(name: str, ranges: dict[str, float]) -> float:
    for one in (name, f"{name.partition('/')[0]}/*", "*/*"):
        if one in ranges:
            return ranges[one]
    return 0.0
