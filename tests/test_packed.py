"""What a build lays compressed beside its files: the same content, the same each time, and sent by the server."""

from __future__ import annotations

import gzip
import json
import multiprocessing
import os
import time
from typing import TYPE_CHECKING

import brotli
import pytest
from servers import Host, pledge_ld

from pledge_ld.hosting import CODINGS, packable
from pledge_ld.publish import beside
from pledge_ld.publish.packed import worth_it
from pledge_ld.serve import files as served

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from conftest import Run

UNPACK: dict[str, Callable[[bytes], bytes]] = {"br": brotli.decompress, "gzip": gzip.decompress}
ENDINGS = tuple(CODINGS.values())


def texts(site: Path) -> dict[str, bytes]:
    """Every file of the site that this build has not packed: WebAssembly comes packed, with its bundle."""
    found = everything(site)
    return {path: found[path] for path in found if not path.endswith(ENDINGS) or ".wasm." in path}


def everything(site: Path) -> dict[str, bytes]:
    """Every file of the site, but not what builds remember."""
    found = (one for one in site.rglob("*") if one.is_file() and ".pledge-ld" not in one.parts)
    return {one.relative_to(site).as_posix(): one.read_bytes() for one in found}


def places(site: Path) -> dict[str, int]:
    """Path → the file itself, as the disk knows it: a file that was only linked is the same one."""
    return {path: (site / path).stat().st_ino for path in everything(site)}


# Bad input first.


@pytest.mark.parametrize("damage", ["lost", "other", "same size"])
def test_a_packed_file_that_somebody_damaged_is_made_anew(
    damage: str, workspace: Path, cli: Callable[..., Run]
) -> None:
    """Fails when a visitor is sent what somebody wrote over a packed file though the operator has built again."""
    assert cli(workspace, "build", "--out", "site").code == 0
    before = everything(workspace / "site")
    path = workspace / "site/about.html.br"
    content = path.read_bytes()
    path.unlink()
    if damage != "lost":
        path.write_bytes(b"x" * (len(content) if damage == "same size" else 7))
    run = cli(workspace, "build", "--out", "site", "--verify")
    assert run.code == 1
    assert "about.html.br" in run.err
    assert cli(workspace, "build", "--out", "site").code == 0
    assert everything(workspace / "site") == before


def test_a_text_that_somebody_changed_is_packed_as_it_was_built(workspace: Path, cli: Callable[..., Run]) -> None:
    """Fails when an edit in place finds its way into a packed file, or keeps it from being made."""
    assert cli(workspace, "build", "--out", "site").code == 0
    before = everything(workspace / "site")
    (workspace / "site/about.html").write_bytes(b"edited" * 200)
    assert cli(workspace, "build", "--out", "site").code == 0
    assert everything(workspace / "site") == before


def test_a_full_disk_under_the_packer_leaves_the_site_as_it_was(
    workspace: Path, cli: Callable[..., Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails when the packer's fault is lost: a site would be published without files that it lists."""
    assert cli(workspace, "build", "--out", "site").code == 0
    before = everything(workspace / "site")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pledge_ld.publish.packed.packed", full)
    run = cli(workspace, "build", "--out", "site", "--site-url", "https://a.example/")
    assert run.code == 2
    assert "No space left" in run.err
    assert everything(workspace / "site") == before
    assert not list(workspace.glob(".site-*"))


def test_a_build_that_publishes_nothing_breaks_the_packer_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fails when a build that was refused waits for, or leaves behind, a process that packs what nobody will see."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1})
    begun = time.monotonic()

    def endless(items: Iterator[int]) -> None:
        time.sleep(next(items))

    with beside.fed(endless) as (give, _):
        give(60)
    assert time.monotonic() - begun < 10
    assert not [one for one in multiprocessing.active_children() if one.is_alive()]


@pytest.mark.parametrize("cores", [{0}, {0, 1}])
def test_the_fed_function_has_every_item(cores: set[int], monkeypatch: pytest.MonkeyPatch) -> None:
    """Fails when items are lost, or what it raised is, on one core or on two."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: cores)

    def listed(items: Iterator[int]) -> list[int]:
        return list(items)

    def failing(items: Iterator[int]) -> list[int]:
        raise ValueError(next(items))

    with beside.fed(listed) as (give, result):
        for number in range(20_000):
            give(number)
        assert result() == list(range(20_000))
    with beside.fed(failing) as (give, result):
        for number in range(20_000):
            give(number)
        with pytest.raises(ValueError, match="0"):
            result()


def test_tiny_packed_and_hidden_files_are_left_alone() -> None:
    """Fails when an archive is packed again, or a server's settings are laid out twice."""
    left = ["data/x.zip", "data/x.xlsx", "a.png", "favicon.ico", ".htaccess", "_headers", "_redirects", ".nojekyll",
            "hosting/nginx.conf", "hosting/w3id.htaccess", "a.ttl.br", "a.ttl.gz", "passwd"]  # fmt: skip
    assert not [one for one in left if worth_it(one, 10_000)]
    assert packable(".well-known/void")
    assert (worth_it("a.ttl", 511), worth_it("a.ttl", 512)) == (False, True)


def test_the_codings_are_the_servers() -> None:
    """Fails when a build writes endings that the server does not look for."""
    assert served.CODINGS == CODINGS


# What is there.


def test_every_text_lies_packed_beside_itself(site: Path) -> None:
    """Fails when a packed file is missing, too many, or unpacks to something else than the file beside it."""
    found, plain = everything(site), texts(site)
    expected = {path + one for path, content in plain.items() if worth_it(path, len(content)) for one in ENDINGS}
    assert found.keys() - plain.keys() == expected
    assert len(expected) > 1000
    for path, content in plain.items():
        if worth_it(path, len(content)):
            for coding, ending in CODINGS.items():
                assert UNPACK[coding](found[path + ending]) == content, path
                assert len(found[path + ending]) < len(content)
    memory = json.loads((site / ".pledge-ld/build.json").read_bytes())["files"]
    assert memory.keys() == found.keys()


def test_packed_files_say_no_time_and_no_name(site: Path) -> None:
    """Fails when gzip's head holds a clock or a file's name: two builds would differ."""
    head = (site / "ns.ttl.gz").read_bytes()[:8]
    assert head == b"\x1f\x8b\x08\x00\x00\x00\x00\x00"


def test_no_page_list_or_catalogue_names_a_packed_file(site: Path) -> None:
    """Fails when a coding of a file becomes a distribution, a link or a line of the sitemap."""
    for path, content in texts(site).items():
        if path.endswith((".html", ".ttl", ".jsonld", ".rdf", ".nq", ".xml", ".json", ".txt")):
            assert not [one for one in (b".ttl.gz", b".html.gz", b".csv.gz", b".ttl.br", b".nq.br") if one in content]


def test_only_what_changed_is_packed_anew(workspace: Path, cli: Callable[..., Run]) -> None:
    """Fails when one changed record has the whole site compressed again, or leaves something of before."""
    assert cli(workspace, "build", "--out", "site").code == 0
    before = places(workspace / "site")
    actions = next((workspace / "data").glob("*/*/actions/*.csv"))
    lines = actions.read_text(encoding="utf-8").splitlines(keepends=True)
    identifier, order, text, rest = lines[1].split(",", 3)
    lines[1] = f"{identifier},{order},{text}。,{rest}"
    actions.write_text("".join(lines), encoding="utf-8")
    assert cli(workspace, "build", "--out", "site").code == 0
    after = places(workspace / "site")
    for ending in ENDINGS:
        for path in [one for one in after if one.endswith(ending)]:
            source = path.removesuffix(ending)
            assert (after[path] == before.get(path)) == (after[source] == before.get(source)), path
    assert 0 < sum(after[one] != before.get(one) for one in after) < len(after) / 2
    assert cli(workspace, "build", "--out", "clean").code == 0
    assert everything(workspace / "clean") == everything(workspace / "site")


def test_packing_is_chosen(workspace: Path, cli: Callable[..., Run]) -> None:
    """Fails when a site without packed files has some, keeps those of before, or is taken for one that has them."""
    assert cli(workspace, "build", "--out", "site", "--compress", "none").code == 0
    plain = everything(workspace / "site")
    assert plain == texts(workspace / "site")
    run = cli(workspace, "build", "--out", "site")
    assert "unchanged" not in run.out
    assert texts(workspace / "site") == plain
    assert everything(workspace / "site").keys() > plain.keys()
    assert "unchanged" in cli(workspace, "build", "--out", "site").out
    assert cli(workspace, "build", "--out", "site", "--compress", "none").code == 0
    assert everything(workspace / "site") == plain
    assert "equals" in cli(workspace, "build", "--out", "site", "--compress", "none", "--verify").out
    assert cli(workspace, "rollback", "--out", "site").code == 0
    assert everything(workspace / "site").keys() > plain.keys()


@pytest.mark.long
def test_a_release_is_packed_best(site_of_one: Path, workspace: Path, cli: Callable[..., Run]) -> None:
    """Fails when a release is larger than an everyday build, or its packed files hold something else."""
    assert cli(workspace, "build", "--out", "site", "--compress", "best").code == 0
    found = everything(workspace / "site")
    assert texts(workspace / "site") == texts(site_of_one)
    assert found.keys() == everything(site_of_one).keys()
    for coding, ending in CODINGS.items():
        names = [one for one in found if one.endswith(ending)]
        assert sum(len(found[one]) for one in names) < sum((site_of_one / one).stat().st_size for one in names)
        assert all(UNPACK[coding](found[one]) == found[one.removesuffix(ending)] for one in names)


def test_the_server_sends_what_lies_there(site: Path, tmp_path: Path) -> None:
    """Fails when a visitor is sent something else than what the build laid beside a file, or cannot unpack it."""
    with pledge_ld(tmp_path / "server", [("/", site)]) as (port,):
        host = Host(port, "/", site)
        for path in ("ns.ttl", "about.html", "data/all.nq", ".well-known/void", "static/site.css", "catalog.rdf"):
            content = (site / path).read_bytes()
            for coding, ending in CODINGS.items():
                answer = host.ask(path, Accept_Encoding=coding)
                assert answer.all("Content-Encoding") == coding, path
                assert answer.body == (site / f"{path}{ending}").read_bytes()
                assert UNPACK[coding](answer.body) == content
                assert host.ask(f"{path}{ending}").status == 404
            answer = host.ask(path, Accept_Encoding="identity")
            assert (answer.all("Content-Encoding"), answer.body) == ("", content)
            assert "Accept-Encoding" in answer.all("Vary")
