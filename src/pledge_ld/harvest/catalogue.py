"""A catalogue's triples → the files of pledge data that it names, and where it goes on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pledge_ld.catalog.vocabulary import CHECKSUM, CHECKSUM_VALUE, DCAT, DCT, RDFS
from pledge_ld.graph import Index
from pledge_ld.harvest.address import shown, web_address
from pledge_ld.harvest.bounds import Refused
from pledge_ld.harvest.forms import FORMS, by_name, by_word
from pledge_ld.problem import shorten
from pledge_ld.term import NS, SHAPES, Term, value_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pledge_ld.term import Triple

_PROFILES = tuple(one.removesuffix("#") for one in (NS, SHAPES))
_HYDRA = "http://www.w3.org/ns/hydra/core#"
_NEXT = (f"<{_HYDRA}next>", f"<{_HYDRA}nextPage>", DCAT["catalog"])
"""The next page of a catalogue, as portals write it now and as they did; and a catalogue in a catalogue."""
_SHA256 = 64


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file to fetch: its address, the form that the catalogue says, and the SHA-256 that it promises, or ""."""

    url: str
    form: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Listed:
    """What a catalogue lists: how many datasets, the files of those with pledge data, and other catalogues."""

    datasets: int
    wanted: list[Wanted]
    more: list[str]


def is_ours(standard: Term) -> bool:
    """Whether a standard is our vocabulary or our shapes, in any version.

    >>> is_ours("<https://w3id.org/pledge-ld/ns>"), is_ours("<https://w3id.org/pledge-ld/ns/0.1.0>")
    (True, True)
    >>> is_ours("<https://w3id.org/pledge-ld/nsx>"), is_ours("<https://www.w3.org/TR/tabular-data-model/>")
    (False, False)
    """
    name = value_of(standard)
    return any(name.rstrip("#/") == one or name.startswith((f"{one}/", f"{one}#")) for one in _PROFILES)


def listed(triples: Iterable[Triple], base: str) -> Listed:
    """The files by which to have each dataset that says it holds pledge data: one file a dataset, the best.

    :raises Refused: when a dataset of pledge data has no file that can be read
    """
    index = Index(triples)
    datasets = index.of_type(DCAT["Dataset"])
    wanted: dict[str, Wanted] = {}
    for dataset in datasets:
        found = [one for one in index.objects(dataset, DCAT["distribution"]) if one[0] != '"']
        ours = [one for one in found if _conforms(index, one)]
        if ours or _conforms(index, dataset):
            best = _best(index, ours) or _best(index, found)
            if best is None:
                raise _none(dataset, index, found)
            wanted.setdefault(best.url, best)
    more = {
        value_of(target)
        for _, predicate, target in index.triples
        if predicate in _NEXT and target[0] != "_" and not index.objects(target, DCAT["dataset"])
    }
    return Listed(len(datasets), sorted(wanted.values(), key=lambda one: one.url), sorted(more - {base}))


def _conforms(index: Index, thing: Term) -> bool:
    return any(is_ours(one) for one in index.objects(thing, DCT["conformsTo"]))


def _best(index: Index, distributions: Iterable[Term]) -> Wanted | None:
    ranks = list(FORMS)
    found = [
        (ranks.index(form), url, _promised(index, one))
        for one in distributions
        for url in _links(index, one)
        if _fetchable(url) and (form := _form(index, one, url))
    ]
    return min((Wanted(url, ranks[rank], digest) for rank, url, digest in sorted(found)), key=_rank, default=None)


def _rank(one: Wanted) -> tuple[int, str]:
    return list(FORMS).index(one.form), one.url


def _links(index: Index, distribution: Term) -> Iterator[str]:
    """The addresses of its file; those that only say where to find it count where it has no other."""
    direct = index.objects(distribution, DCAT["downloadURL"])
    for one in direct or index.objects(distribution, DCAT["accessURL"]):
        if one[0] != "_":
            yield value_of(one)


def _fetchable(url: str) -> bool:
    try:
        web_address(url)
    except Refused:
        return False
    return True


def _form(index: Index, distribution: Term, url: str) -> str:
    said = [
        value_of(each)
        for predicate in (DCAT["mediaType"], DCT["format"])
        for one in index.objects(distribution, predicate)
        for each in (one, *index.objects(one, RDFS["label"]))
    ]
    return next((form for one in said if (form := by_word(one))), "") or ("" if said else by_name(url))


def _promised(index: Index, distribution: Term) -> str:
    """The SHA-256 of the file; the one kind of digest that long which is in use."""
    for checksum in index.objects(distribution, CHECKSUM):
        value = index.value(checksum, CHECKSUM_VALUE).strip().lower()
        if len(value) == _SHA256:
            return value
    return ""


def _none(dataset: Term, index: Index, distributions: Iterable[Term]) -> Refused:
    name = shorten(value_of(dataset))
    links = ", ".join(shown(url) for one in distributions for url in _links(index, one) if not _fetchable(url))
    if links:
        return Refused(
            f"dataset {name}: {links} is no address that is followed",
            f"データセット {name}: たどれないアドレスです: {links}",
        )
    forms = ", ".join(form.media_type for form in FORMS.values())
    return Refused(
        f"dataset {name} has no file in a form that is read ({forms})",
        f"データセット {name} に読める形式のファイルがありません ({forms})",
    )
