"""Trouble with real disks: what is said, that the old site stays as it was, and that the next build goes on.

Each file system is mounted for its test alone, which only root may do; elsewhere such a test is skipped.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from test_swap import retitle, tree

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conftest import Run

    Cli = Callable[..., Run]
    Mount = Callable[..., Path]

NOBODY = 65534


def mounted(*arguments: str) -> bool:
    """Whether the system mounted it."""
    tool = shutil.which("mount")
    return bool(tool) and subprocess.run([str(tool), *arguments], capture_output=True, check=False).returncode == 0


INODES = 3000
"""Enough for one site, and not for what changes in a second beside it."""


@pytest.fixture
def mount(tmp_path: Path) -> Iterator[Mount]:
    """A function that mounts a small file system of its own, or a folder a second time."""
    there: list[Path] = []

    def make(name: str, options: str = "size=256m", source: Path | None = None) -> Path:
        place = tmp_path / name
        place.mkdir()
        arguments = ["--bind", str(source)] if source else ["-t", "tmpfs", "-o", options, "tmpfs"]
        if not mounted(*arguments, str(place)):
            pytest.skip("mounting a file system is for root on Linux")
        there.append(place)
        return place

    yield make
    for place in reversed(there):
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def build(cli: Cli, folder: Path, out: Path) -> Run:
    """A build of the folder's data."""
    return cli(folder, "build", "--data", "data", "--out", str(out))


def fill(disk: Path, left: int) -> Path:
    """A file that leaves so many bytes on the disk."""
    filler = disk / "filler"
    stat = os.statvfs(disk)
    with filler.open("wb") as file:
        file.write(bytes(stat.f_bavail * stat.f_frsize - left))
    return filler


def beside(out: Path) -> set[str]:
    """What lies beside the site."""
    return {one.name for one in out.parent.iterdir()} - {out.name}


def told(text: str, path: Path, english: str, japanese: str) -> None:
    """One message, no traceback: the path, what failed, what to do, in both languages."""
    assert "Traceback" not in text
    message = text[text.index("pledge-ld: ") :]
    assert message.startswith(f"pledge-ld: {path}"), message
    assert english in message
    assert japanese in message
    assert f".{path.name}-" not in message


class TestFull:
    """No room."""

    @pytest.mark.parametrize("left", [0, 16_384, 600_000])
    def test_a_disk_that_is_full(self, left: int, workspace: Path, mount: Mount, cli: Cli) -> None:
        """Fails when a build that runs out of space harms the site, or leaves what fills the disk for good."""
        disk = mount("disk")
        out = disk / "site"
        assert build(cli, workspace, out).code == 0
        before = tree(out)
        filler = fill(disk, left)
        retitle(workspace, "Another")
        run = build(cli, workspace, out)
        assert run.code == 2
        told(run.err, out, "No space left on device: free some space", "空き容量か")
        assert tree(out) == before
        assert beside(out) == {"filler"}
        filler.unlink()
        assert build(cli, workspace, out).code == 0
        assert tree(out) != before
        assert beside(out) == set()

    def test_a_disk_without_inodes(self, workspace: Path, mount: Mount, cli: Cli) -> None:
        """Fails when a disk that has room, but for no more files, is told otherwise or harms the site."""
        out = mount("disk", f"size=256m,nr_inodes={INODES}") / "site"
        assert build(cli, workspace, out).code == 0
        before = tree(out)
        retitle(workspace, "Another")
        run = build(cli, workspace, out)
        assert run.code == 2
        told(run.err, out, "inodes (df, df -i)", "inode")
        assert tree(out) == before
        assert beside(out) == set()

    def test_a_first_build_that_does_not_fit(self, workspace: Path, mount: Mount, cli: Cli) -> None:
        """Fails when half a site stands where none was."""
        out = mount("disk", "size=2m") / "site"
        run = build(cli, workspace, out)
        assert run.code == 2
        told(run.err, out, "No space left on device", "空き容量か")
        assert list(out.parent.iterdir()) == []


class TestReadOnly:
    """A file system that nothing can be written to."""

    @pytest.mark.parametrize("command", ["build", "rollback"])
    def test_a_disk_that_is_read_only(self, command: str, workspace: Path, mount: Mount, cli: Cli) -> None:
        """Fails when a disk that went read-only after an error is a traceback, or the next build does not recover."""
        disk = mount("disk")
        out = disk / "site"
        for title in ("One", "Another"):
            retitle(workspace, title)
            assert build(cli, workspace, out).code == 0
        before = tree(out)
        retitle(workspace, "Third")
        assert mounted("-o", "remount,ro", str(disk))
        run = build(cli, workspace, out) if command == "build" else cli(workspace, "rollback", "--out", str(out))
        assert run.code == 2
        told(run.err, out, "Read-only file system: nothing can be written there", "読み取り専用です")
        assert tree(out) == before
        assert mounted("-o", "remount,rw", str(disk))
        assert build(cli, workspace, out).code == 0
        assert beside(out) == set()

    def test_a_new_place_on_a_disk_that_is_read_only(self, workspace: Path, mount: Mount, cli: Cli) -> None:
        """Fails when the folder around the site cannot be made and nobody says which."""
        disk = mount("disk", "ro")
        run = build(cli, workspace, disk / "www" / "site")
        assert run.code == 2
        told(run.err, disk / "www", "Read-only file system", "読み取り専用です")


class TestMounted:
    """The site's folder is itself a mounted disk: nothing can take its place."""

    @pytest.mark.parametrize("kind", ["disk", "folder"])
    @pytest.mark.parametrize("filled", ["", "filled"])
    def test_a_mounted_folder_is_refused(  # noqa: PLR0917 - two parameters and four fixtures
        self,
        filled: str,
        kind: str,
        workspace: Path,
        site_of_one: Path,
        mount: Mount,
        cli: Cli,
    ) -> None:
        """Fails when its content is lost, or the person is left with the system's 'busy'."""
        source = workspace / "elsewhere"
        source.mkdir()
        out = mount("volume", source=source if kind == "folder" else None)
        if filled:
            shutil.copytree(site_of_one, out, dirs_exist_ok=True)
        before = tree(out)
        retitle(workspace, "Another")
        run = build(cli, workspace, out)
        assert run.code == 2
        told(run.err, out, "choose a folder below it", "その下のフォルダを指定してください")
        assert tree(out) == before
        assert not [one for one in beside(out) if one.startswith(".")]
        assert build(cli, workspace, out / "public").code == 0


class TestLinked:
    """--out is a link to the folder that is served."""

    @pytest.mark.parametrize("target", ["there/site", "{}/there/site"])
    def test_the_link_stays(self, target: str, workspace: Path, cli: Cli) -> None:
        """Fails when the link becomes a folder, so that what the server reads stays old for good."""
        (workspace / "there").mkdir()
        link, real = workspace / "link", workspace / "there/site"
        link.symlink_to(target.format(workspace))
        trees = []
        for title in ("One", "Another"):
            retitle(workspace, title)
            run = build(cli, workspace, Path("link"))
            assert run.code == 0, run.err
            trees.append(tree(real))
        assert trees[0] != trees[1]
        assert "unchanged" in build(cli, workspace, Path("link")).out
        assert cli(workspace, "rollback", "--out", "link").code == 0
        assert tree(real) == trees[0]
        assert link.is_symlink()
        assert link.readlink() == Path(target.format(workspace))
        assert beside(real) == set()
        assert not [one for one in beside(link) if one.startswith(".")]

    def test_a_link_to_another_disk(self, workspace: Path, mount: Mount, cli: Cli) -> None:
        """Fails when the site is written beside the link, and a rename would have to cross from disk to disk."""
        real = mount("disk") / "site"
        (workspace / "link").symlink_to(real)
        for title in ("One", "Another"):
            retitle(workspace, title)
            assert build(cli, workspace, Path("link")).code == 0
        assert (workspace / "link").is_symlink()
        before = tree(real)
        fill(real.parent, 100_000)
        retitle(workspace, "Third")
        run = build(cli, workspace, Path("link"))
        assert run.code == 2
        told(run.err, Path("link"), "No space left on device", "空き容量か")
        assert ".site-" not in run.err
        assert tree(real) == before


def unprivileged(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command line without root's right to write anywhere: to it, permissions are what they are to anybody."""
    call = [sys.executable, "-m", "pledge_ld", *arguments]
    if os.geteuid() == 0:
        tool = shutil.which("setpriv")
        if not tool:
            pytest.skip("root may write anywhere, and setpriv, which takes that away, is not installed")
        call = [tool, "--bounding-set=-dac_override,-dac_read_search,-fowner", *call]
    return subprocess.run(call, cwd=folder, capture_output=True, text=True, check=False)


class TestForbidden:
    """Folders in which this user may not write."""

    @pytest.mark.parametrize("closed", ["around", "itself"])
    def test_a_folder_that_others_own(self, closed: str, workspace: Path, cli: Cli) -> None:
        """Fails when missing permission is a traceback, takes the site away, or is told of a file nobody knows."""
        place = workspace / "place"
        out = place / "site"
        assert build(cli, workspace, out).code == 0
        before = tree(out)
        if closed == "around":
            place.chmod(0o555)
        elif os.geteuid() == 0:
            os.chown(out, NOBODY, NOBODY)
        else:
            out.chmod(0o555)
        retitle(workspace, "Another")
        run = unprivileged(workspace, "build", "--out", "place/site")
        assert run.returncode == 2, run.stderr
        told(run.stderr, Path("place/site"), "Permission denied: change its permissions", "権限を直すか")
        assert tree(out) == before
        assert beside(out) == set()
        place.chmod(0o755)
        os.chown(out, os.geteuid(), os.getegid())
        out.chmod(0o755)
        assert build(cli, workspace, out).code == 0
        assert tree(out) != before
        assert beside(out) == set()

    def test_a_new_place_in_a_folder_that_others_own(self, workspace: Path) -> None:
        """Fails when the folder around the site cannot be made and nobody says which."""
        (workspace / "place").mkdir(mode=0o555)
        run = unprivileged(workspace, "build", "--out", "place/www/site")
        assert run.returncode == 2, run.stderr
        told(run.stderr, Path("place/www"), "Permission denied: change its permissions", "権限を直すか")
        assert list((workspace / "place").iterdir()) == []
