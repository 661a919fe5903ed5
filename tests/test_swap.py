"""A build that dies half-way harms nobody; a build with nothing to do does nothing; the site before can come back."""

from __future__ import annotations

import fcntl
import hashlib
import os
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from pledge_ld.problem import PledgeError
from pledge_ld.publish import STATE
from pledge_ld.publish.swap import locked

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Run

    Cli = Callable[..., Run]

TERM = "data/jp-012131-tomakomai/2022"
BUILD = [sys.executable, "-m", "pledge_ld", "build", "--data", "data", "--out", "site"]


def tree(site: Path) -> str:
    """The digest of all that a visitor can see."""
    found = hashlib.sha256()
    for path in sorted(site.rglob("*")):
        if path.is_file() and STATE not in path.relative_to(site).parts:
            found.update(f"{path.relative_to(site)}\0".encode() + path.read_bytes())
    return found.hexdigest()


def stamp(path: Path) -> tuple[int, int]:
    """By what a cache tells whether a file is another one."""
    stat = path.stat()
    return stat.st_ino, stat.st_mtime_ns


def retitle(folder: Path, title: str) -> None:
    """One record changed: the programme's English title, which many pages show."""
    path = folder / TERM / "programme.toml"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    lines = [f'title_en = "{title}"\n' if line.startswith("title_en") else line for line in lines]
    path.write_text("".join(lines), encoding="utf-8")


def build(cli: Cli, folder: Path, *options: str) -> Run:
    """A build into ``site``."""
    return cli(folder, "build", "--data", "data", "--out", "site", *options)


@pytest.fixture
def two(workspace: Path, cli: Cli) -> tuple[Path, str, str]:
    """A folder with a site, and the digests of the two sites that builds there may make."""
    digests = []
    for title in ("One", "Another"):
        retitle(workspace, title)
        assert build(cli, workspace).code == 0
        digests.append(tree(workspace / "site"))
    assert digests[0] != digests[1]
    return workspace, digests[0], digests[1]


@pytest.mark.parametrize("more", [(), ("--dumps-only", "--jobs", "1")], ids=["site", "dumps"])
@pytest.mark.parametrize(
    "out", ["data/x", "data", "data/jp-012131-tomakomai/source/x", "link/x", "data/../data/x", "."]
)
def test_a_site_among_the_records_is_refused(out: str, more: tuple[str, ...], workspace: Path, cli: Cli) -> None:
    """Fails when a build publishes where the next one reads records, and every later build fails for it."""
    (workspace / "link").symlink_to("data")
    # As a build left it, so that nothing but the records stands against it.
    (workspace / STATE).mkdir()
    before = sorted(workspace.rglob("*"))
    run = cli(workspace, "build", "--data", "data", "--out", out, *more)
    assert (run.code, run.out) == (2, "")
    assert f"--out: expected a folder outside data, which holds the records (--data), got {out}" in run.err
    assert "記録のフォルダの外" in run.err
    assert sorted(workspace.rglob("*")) == before


def test_a_site_beside_the_records_is_fine(workspace: Path, cli: Cli) -> None:
    """Fails when the default, or a folder whose name begins as theirs does, is taken for one of theirs."""
    for out in ("site/public", "data-site"):
        assert cli(workspace, "build", "--data", "data", "--out", out, "--dumps-only", "--jobs", "1").code == 0


class TestKill:
    """kill -9 at any moment."""

    def kills(self, two: tuple[Path, str, str], count: int) -> None:
        """Kills so many builds of alternating sites, and looks at what stands after each."""
        folder, *whole = two
        # The moments are drawn anew each run: a rare hole is found some day, and its seed is in the message.
        seed = random.SystemRandom().randrange(2**32)
        draw = random.Random(seed)  # noqa: S311 - moments, not secrets
        # Up to a little after the end, however fast the machine is now: the swap comes last.
        retitle(folder, "One")
        begun = time.monotonic()
        subprocess.run(BUILD, cwd=folder, check=True, capture_output=True)
        longest = 1.1 * (time.monotonic() - begun)
        for number in range(count):
            retitle(folder, ("Another", "One")[number % 2])
            child = subprocess.Popen(BUILD, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(draw.uniform(0.1, longest))
            child.send_signal(signal.SIGKILL)
            child.wait()
            assert tree(folder / "site") in whole, f"seed {seed}, kill {number}"

    def test_a_killed_build_leaves_a_whole_site(self, two: tuple[Path, str, str], cli: Cli) -> None:
        """Fails when a visitor could meet half a site, or the next build cannot go on from what is left."""
        self.kills(two, 12)
        folder, one, _ = two
        retitle(folder, "One")
        assert build(cli, folder).code == 0
        assert tree(folder / "site") == one
        beside = sorted(path.name for path in folder.iterdir() if path.name.startswith(".site"))
        assert [name for name in beside if not name.endswith(".lock")] == []

    @pytest.mark.long
    def test_two_hundred_kills(self, two: tuple[Path, str, str]) -> None:
        """The same at two hundred random moments."""
        self.kills(two, 200)


class TestNothingToDo:
    """Incremental by content."""

    def test_an_unchanged_build_does_nothing(self, workspace: Path, cli: Cli) -> None:
        """Fails when files are written again, or their times change, so that caches and rsync see a new site."""
        assert build(cli, workspace).code == 0
        before = {path: stamp(path) for path in (workspace / "site").rglob("*")}
        run = build(cli, workspace)
        assert "unchanged" in run.out
        assert {path: stamp(path) for path in (workspace / "site").rglob("*")} == before

    def test_a_changed_record_rewrites_only_what_shows_it(self, workspace: Path, cli: Cli) -> None:
        """Fails when a page that does not show the record is written, or one that does is not."""
        assert build(cli, workspace).code == 0
        site = workspace / "site"
        before = {path: path.stat().st_ino for path in site.rglob("*") if path.is_file()}
        path = workspace / TERM / "actions/2024-03-31.csv"
        old, new = "12階展望回廊に備品", "12階の展望回廊に備品"
        path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
        assert build(cli, workspace).code == 0
        rewritten = {
            path.relative_to(site).as_posix()
            for path in before
            if path.exists() and STATE not in path.parts and path.stat().st_ino != before[path]
        }
        shows = {
            path.relative_to(site).as_posix()
            for path in before
            if STATE not in path.parts and new.encode() in path.read_bytes()
        }
        assert len(shows) > 10
        # Beside them: the archives, and the sizes and digests of the downloads, wherever these are listed.
        listing = re.compile(
            r"data/[^/]*\.(?:xlsx|zip)|data\.json|catalog\.(?:ttl|jsonld|rdf)|\.well-known/void"
            r"|(?:en/)?(?:data/(?:index|jp-012131-tomakomai)|jp/012131|.*/(?:series|report/[^/]*))\.(?:html|ttl|jsonld)"
        )
        assert shows <= rewritten
        # And what lies compressed beside each of them.
        others = {path.removesuffix(".br").removesuffix(".gz") for path in rewritten} - shows
        assert sorted(path for path in others if not listing.fullmatch(path)) == []
        assert "equals a clean build" in build(cli, workspace, "--verify").out

    @pytest.mark.parametrize("damage", ["edited", "lost", "put beside"])
    def test_a_site_that_somebody_changed_is_built_again(self, damage: str, workspace: Path, cli: Cli) -> None:
        """Fails when an edit of a published file stays published because the records have not changed."""
        assert build(cli, workspace).code == 0
        whole, page = tree(workspace / "site"), workspace / "site/about.html"
        time.sleep(0.05)
        if damage == "edited":
            content = page.read_bytes()
            page.write_bytes(content[:-1] + b" ")
        elif damage == "lost":
            page.unlink()
        else:
            (workspace / "site/stale.html").write_text("old", encoding="utf-8")
        if damage == "edited":
            run = build(cli, workspace, "--verify")
            assert run.code == 1
            assert "site/about.html: file: expected what a clean build writes" in run.err
        assert build(cli, workspace).code == 0
        assert tree(workspace / "site") == whole

    def test_an_incremental_site_equals_a_clean_one(self, two: tuple[Path, str, str], cli: Cli) -> None:
        """Fails when a site built over another differs in any byte from one built from nothing."""
        folder, _, another = two
        shutil.rmtree(folder / "site")
        assert build(cli, folder).code == 0
        assert tree(folder / "site") == another


class TestShrink:
    """Records that are gone since the last build."""

    def test_fewer_things_need_a_word(self, workspace: Path, cli: Cli) -> None:
        """Fails when a truncated file takes pledges off the site in silence."""
        assert build(cli, workspace).code == 0
        before = tree(workspace / "site")
        path = workspace / TERM / "actions/2024-03-31.csv"
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        path.write_text("".join(lines[:-1]), encoding="utf-8")
        run = build(cli, workspace)
        assert run.code == 1
        assert "data/jp-012131-tomakomai: Action: expected at least 130 Action" in run.err
        assert "got 129 [shrunk]" in run.err
        assert tree(workspace / "site") == before
        assert build(cli, workspace, "--allow-shrink").code == 0
        assert tree(workspace / "site") != before
        assert "unchanged" in build(cli, workspace).out


class TestRollback:
    """The previous site."""

    def test_back_and_forth(self, two: tuple[Path, str, str], cli: Cli) -> None:
        """Fails when the site before cannot be brought back whole, or the present one is lost by it."""
        folder, one, another = two
        assert cli(folder, "rollback", "--out", "site").code == 0
        assert tree(folder / "site") == one
        assert cli(folder, "rollback", "--out", "site").code == 0
        assert tree(folder / "site") == another

    def test_only_one_previous_is_kept(self, two: tuple[Path, str, str], cli: Cli) -> None:
        """Fails when every build keeps all sites before it."""
        folder, *_ = two
        for title in ("Third", "Fourth", "Fifth"):
            retitle(folder, title)
            assert build(cli, folder).code == 0
        assert not (folder / "site" / STATE / "previous" / STATE / "previous").exists()

    def test_nothing_to_go_back_to(self, workspace: Path, cli: Cli) -> None:
        """Fails when the first site is thrown away for nothing."""
        assert build(cli, workspace).code == 0
        before = tree(workspace / "site")
        run = cli(workspace, "rollback", "--out", "site")
        assert run.code == 2
        assert "no previous site" in run.err
        assert tree(workspace / "site") == before
        assert cli(workspace, "rollback", "--out", "data").code == 2


class TestTrouble:
    """What stands in the way of a build."""

    def test_two_builds_at_once(self, workspace: Path, cli: Cli) -> None:
        """Fails when two builds write into one site."""
        assert build(cli, workspace).code == 0
        before = tree(workspace / "site")
        retitle(workspace, "Another")
        with locked(workspace / "site"):
            child = subprocess.run(BUILD, cwd=workspace, capture_output=True, text=True, check=False)
        assert child.returncode == 2
        assert "another build into site is under way" in child.stderr
        assert tree(workspace / "site") == before
        assert build(cli, workspace).code == 0

    def test_a_lock_that_was_left_behind_is_no_lock(self, workspace: Path, cli: Cli) -> None:
        """Fails when a build that was killed blocks all builds after it."""
        (workspace / ".site.lock").write_text("", encoding="utf-8")
        assert build(cli, workspace).code == 0
        assert not (workspace / ".site.lock").exists()

    def test_a_lock_is_held_to_the_end(self, tmp_path: Path) -> None:
        """Fails when a lock is let go before its block ends."""
        with locked(tmp_path / "site"), (tmp_path / ".site.lock").open("w", encoding="utf-8") as file:
            with pytest.raises(OSError, match="temporarily unavailable"):
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            with pytest.raises(PledgeError, match="another build"), locked(tmp_path / "site"):
                pass

    def test_a_disk_that_is_full(self, workspace: Path, cli: Cli) -> None:
        """Fails when the system's refusal to write is a traceback, or half a site."""
        assert build(cli, workspace).code == 0
        before = tree(workspace / "site")
        retitle(workspace, "Another")

        def limit() -> None:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))

        child = subprocess.run(BUILD, cwd=workspace, capture_output=True, text=True, check=False, preexec_fn=limit)
        assert child.returncode == 2, child.stderr
        assert "Traceback" not in child.stderr
        assert "File too large" in child.stderr
        assert tree(workspace / "site") == before

    def test_a_place_below_a_file(self, workspace: Path, cli: Cli) -> None:
        """Fails when a path that cannot be a folder is a traceback."""
        run = cli(workspace, "build", "--data", "data", "--out", "pledge_ld.toml/site")
        assert run.code == 2
        assert "pledge_ld.toml" in run.err


class TestVerify:
    """What `--verify` promises, whatever the site is like."""

    def damaged(self, workspace: Path) -> Path:
        """A page with another letter, its size and time as they were: as a copy from a backup has them."""
        page = workspace / "site/about.html"
        stat = page.stat()
        content = page.read_bytes()
        page.unlink()
        page.write_bytes(content.replace(b"CC BY", b"CC XX", 1))
        os.utime(page, ns=(stat.st_atime_ns, stat.st_mtime_ns))
        assert page.stat().st_size == stat.st_size
        return page

    def test_an_edit_does_not_hide_a_page_that_is_not_ours(self, workspace: Path, cli: Cli) -> None:
        """Fails when --verify after an edit publishes pages that it has not looked at."""
        assert build(cli, workspace).code == 0
        page = self.damaged(workspace)
        retitle(workspace, "Another")
        assert build(cli, workspace, "--verify").code == 0
        assert b"CC XX" not in page.read_bytes()
        assert "equals a clean build" in build(cli, workspace, "--verify").out

    def test_the_build_after_a_refusal_mends_the_site(self, workspace: Path, cli: Cli) -> None:
        """Fails when a site that is known to differ is called unchanged, and stays."""
        assert build(cli, workspace).code == 0
        page = self.damaged(workspace)
        run = build(cli, workspace, "--verify")
        assert run.code == 1
        assert "site/about.html: file: expected what a clean build writes" in run.err
        assert build(cli, workspace).code == 0
        assert b"CC XX" not in page.read_bytes()


class TestOthersFiles:
    """What is not ours."""

    def test_a_folder_beside_is_left_alone(self, workspace: Path, cli: Cli) -> None:
        """Fails when somebody's backup beside the site is swept away as a leftover of ours."""
        (workspace / ".site-backup").mkdir()
        (workspace / ".site-backup/note.txt").write_text("keep me", encoding="utf-8")
        assert build(cli, workspace).code == 0
        assert (workspace / ".site-backup/note.txt").is_file()

    def test_a_repository_in_the_site_is_not_replaced(self, workspace: Path, cli: Cli) -> None:
        """Fails when a build takes away the history of whoever publishes by git."""
        assert build(cli, workspace).code == 0
        (workspace / "site/.git").mkdir()
        retitle(workspace, "Another")
        run = build(cli, workspace)
        assert run.code == 2
        assert ".git" in run.err
        assert (workspace / "site/.git").is_dir()

    def test_records_behind_a_link_are_looked_at(self, workspace: Path, cli: Cli) -> None:
        """Fails when an edit below a linked folder is not seen, and the old site is called unchanged."""
        folder = workspace / TERM
        (workspace / "elsewhere").mkdir()
        folder.rename(workspace / "elsewhere/2022")
        folder.symlink_to(workspace / "elsewhere/2022")
        assert build(cli, workspace).code == 0
        retitle(workspace, "Another")
        assert "unchanged" not in build(cli, workspace).out

    def test_a_previous_site_that_was_edited_is_told(self, two: tuple[Path, str, str], cli: Cli) -> None:
        """Fails when what comes back is not what was published, and nobody hears of it."""
        folder, *_ = two
        with (folder / "site/static/site.css").open("ab") as file:
            file.write(b"/* edited in place */")
        run = cli(folder, "rollback", "--out", "site")
        assert run.code == 0
        assert "site/static/site.css: warning: not as it was published" in run.err


class TestAddresses:
    """What was published stays published."""

    def test_an_address_that_is_gone_needs_a_word(self, workspace: Path, cli: Cli) -> None:
        """Fails when a changed id takes a published address away in silence: as many things are there as before."""
        assert build(cli, workspace).code == 0
        path = workspace / "data/jp-012131-tomakomai/people.csv"
        programme = workspace / TERM / "programme.toml"
        for one in (path, programme):
            one.write_text(one.read_text(encoding="utf-8").replace("iwakura-hirofumi", "iwakura-h"), encoding="utf-8")
        run = build(cli, workspace)
        assert run.code == 1
        assert "site/jp/012131/person/iwakura-hirofumi.ttl: document: expected a document that was published" in run.err
        assert build(cli, workspace, "--allow-shrink").code == 0

    def test_a_department_without_an_english_name_is_published_with_its_note(self, workspace: Path, cli: Cli) -> None:
        """Fails when the note of a warning has no place on its page, so that an optional cell stops the build."""
        path = workspace / "data/jp-012131-tomakomai/departments.csv"
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        cells = lines[1].split(",")
        lines[1] = ",".join([*cells[:3], "", *cells[4:]])
        path.write_text("".join(lines), encoding="utf-8")
        run = build(cli, workspace)
        assert run.code == 0, run.err
        page = (workspace / f"site/jp/012131/department/{cells[0]}.html").read_text(encoding="utf-8")
        assert re.search(r'<li id="note-Department-label[^"]*"', page)
