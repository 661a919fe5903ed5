"""A folder built beside the old one, and put in its place by one rename: whole or not at all.

Whoever is killed, whenever: the folder is the old site or the new one. What a build remembers (which files it wrote,
from which inputs) and the site before it lie inside the folder, under `STATE`.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import os
import shutil
import sys
import tempfile
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from pledge_ld.problem import PledgeError, Problem
from pledge_ld.publish.inputs import Inputs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pledge_ld.publish.artefact import Artefact

STATE = ".pledge-ld"
"""The folder in which a build keeps what it remembers; by it a build knows a folder of its own making."""
_BUILD, _PREVIOUS, _STORE = "build.json", "previous", "store"
_WORK = "being-built"
"""In the names of the folders that a build works in and that the next one sweeps away: nobody else's are called so."""
_AT_FDCWD, _RENAME_EXCHANGE, _RENAME_SWAP = -100, 2, 2


@dataclass(slots=True)
class Memory:
    """What a build remembers.

    The digests of its inputs, each file's digest and size, each artefact's key and files, how much a city holds, and
    the places on each page that a link may lead to.
    """

    inputs: Inputs = field(default_factory=lambda: Inputs("", ""))
    files: dict[str, tuple[str, int]] = field(default_factory=dict)
    artefacts: dict[str, tuple[str, list[str]]] = field(default_factory=dict)
    holds: dict[str, dict[str, int]] = field(default_factory=dict)
    places: dict[str, list[str]] = field(default_factory=dict)


def remembered(out: Path) -> Memory:
    """What the build that made ``out`` remembers; nothing where there is none, or it cannot be read."""
    try:
        content: dict[str, Any] = orjson.loads((out / STATE / _BUILD).read_bytes())
        files = {name: (digest, size) for name, (digest, size) in content["files"].items()}
        artefacts = {name: (key, paths) for name, (key, paths) in content["artefacts"].items()}
        return Memory(Inputs(**content["inputs"]), files, artefacts, content["holds"], content["places"])
    except (OSError, ValueError, KeyError, TypeError):
        return Memory()


def intact(out: Path, memory: Memory) -> bool:
    """Whether every file is there as it was written: none edited since, none lost, none put beside."""
    try:
        written = (out / STATE / _BUILD).stat().st_mtime_ns
        same = set(_files(out)) == memory.files.keys()
        return same and all(_untouched(f"{out}/{name}", size, written) for name, (_, size) in memory.files.items())
    except OSError:
        return False


def _files(folder: Path, below: str = "") -> Iterator[str]:
    """The paths of all files below the folder, but not those of earlier editions."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if not entry.is_dir(follow_symlinks=False):
                yield below + entry.name
            elif entry.name != STATE:
                yield from _files(Path(entry.path), f"{below}{entry.name}/")


def _untouched(path: str, size: int, written: int) -> bool:
    """Whether the file has its size, and was not written after what is remembered of it, which is written last."""
    stat = os.stat(path)  # noqa: PTH116 - the caller has a text, and thousands of them
    return stat.st_size == size and stat.st_mtime_ns <= written


class Edition:
    """A site being written. What is the same as in the edition before is linked, not written or even made again."""

    def __init__(self, folder: Path, old: Path, made_from: Inputs, *, anew: bool = False) -> None:
        self.folder = folder
        self.old = old
        self.before = remembered(old)
        self._anew = anew
        state = old / STATE / _BUILD
        self._remembered_at = state.stat().st_mtime_ns if self.before.files else 0
        same = self.before.inputs.program == made_from.program and not anew
        self._kept = self.before.artefacts if same else {}
        self._packs_alike = same and self.before.inputs.packing == made_from.packing
        self.memory = Memory(made_from)
        self.written: set[str] = set()
        self.withdrawn = False
        # As texts: thousands of paths are joined, and a Path costs ten times what a system call does.
        self._old, self._new = str(old), str(folder)
        self._made: set[str] = set()

    def put(self, artefact: Artefact) -> list[str]:
        """The paths of the artefact's files: those of the edition before where it was made from the same, else new."""
        key, paths = self._kept.get(artefact.name, ("", []))
        if artefact.key and artefact.key == key and all(self._keep(path) for path in paths):
            self.memory.artefacts[artefact.name] = (key, paths)
            return paths
        paths = []
        for path, content in artefact.make():
            self.write(path, content)
            paths.append(path)
        if artefact.key:
            self.memory.artefacts[artefact.name] = (artefact.key, paths)
        return paths

    def keep_of(self, source: str, paths: list[str]) -> bool:
        """Whether the files, packed of ``source`` alone, are those of the edition before and now stand here too."""
        same = self._packs_alike and self.before.files.get(source) == self.memory.files[source]
        return same and all(path in self.before.files and self._keep(path) for path in paths)

    def remember(self, path: str, digest: str, size: int) -> None:
        """Takes up a file that was written into the folder."""
        if self._anew or self.before.files.get(path, ("", 0))[0] != digest:
            self.written.add(path)
        self.memory.files[path] = (digest, size)

    def _keep(self, path: str) -> bool:
        """Whether the file of the edition before now stands in this one too."""
        if path not in self.memory.files and not self._linked(path, self._target(path)):
            return False
        self.memory.files[path] = self.before.files[path]
        return True

    def _target(self, path: str) -> str:
        folder = path.rpartition("/")[0]
        if folder not in self._made:
            Path(self._new, folder).mkdir(parents=True, exist_ok=True)
            self._made.add(folder)
        return f"{self._new}/{path}"

    def write(self, path: str, content: bytes) -> None:
        """One file of the site."""
        target = self._target(path)
        digest = sha256(content).hexdigest()
        if self._anew or self.before.files.get(path, ("", 0))[0] != digest or not self._linked(path, target):
            Path(target).write_bytes(content)
            self.written.add(path)
        self.memory.files[path] = (digest, len(content))

    def adopt(self, path: str, digest: str, size: int) -> None:
        """A file of the site that another process has written below the edition's folder."""
        self.memory.files[path] = (digest, size)
        if self.before.files.get(path, ("", 0))[0] != digest:
            self.written.add(path)

    def _linked(self, path: str, target: str) -> bool:
        """Whether the old file, untouched since it was written, now stands in the new edition too."""
        old = f"{self._old}/{path}"
        try:
            if not _untouched(old, self.before.files[path][1], self._remembered_at):
                return False
            os.link(old, target)
        except OSError:
            return False
        return True

    def finish(self) -> None:
        """Everything on the disk, what is remembered last."""
        state = self.folder / STATE
        state.mkdir(exist_ok=True)
        (state / _BUILD).write_bytes(orjson.dumps(self.memory, option=orjson.OPT_SORT_KEYS))
        # One flush for all files: a thousand single ones cost seconds and promise no more.
        os.sync()


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _home(out: Path) -> Path:
    """The folder that is exchanged: where ``out`` is a link, the link stays and what it leads to is."""
    return out.resolve() if out.is_symlink() else out


@contextmanager
def _named(out: Path) -> Iterator[None]:
    """An error of the system inside names ``out``, not a folder of ours that is gone when it is read."""
    try:
        yield
    except OSError as error:
        # A full disk is met while writing, where the system names nothing.
        parts = Path(os.fsdecode(error.filename)).parts if isinstance(error.filename, (str, bytes)) else ()
        ours = (f".{_home(out).name}-", f".{_home(out).name}.lock")
        if not parts or any(one.startswith(ours) for one in parts):
            raise OSError(error.errno, error.strerror or str(error), str(out)) from error
        raise


def apart(option: str, out: Path, data: Path, *, replaced: bool = True) -> None:
    """Refuses to write among the records, or over them where ``out`` is ``replaced``: no later build could read them.

    Links are followed, and names of a folder that differ in case alone on some systems are the same folder there.

    :raises PledgeError: when ``out`` is the folder of the records, inside it, or, where it is replaced, around it
    """
    written, records = out.resolve(), data.resolve()
    inside = any(_same(one, records) for one in (written, *written.parents))
    around = replaced and any(_same(one, written) for one in records.parents)
    if inside or around:
        message = f"{option}: expected a folder outside {data}, which holds the records (--data), got {out}"
        raise PledgeError(f"{message} / 記録のフォルダの外を指定してください")


def store_at(site: Path) -> Path:
    """Where the store of a site lies, if it was built with one."""
    return site / STATE / _STORE


def unstored(out: Path) -> Iterator[Problem]:
    """A warning where the build that is to take the place of ``out`` has no store, and what is there has one.

    A store of other cities than the dumps beside it would answer wrongly: it goes with the edition that it was made of.
    """
    if store_at(out).is_dir():
        expected = "a build with --dumps-only --store: without it the store of the last build is gone from the site"
        ja = "--dumps-only --store を付けたビルド(付けないと、前のビルドの索引はサイトからなくなる)"
        yield Problem(str(out), 0, "store", expected, "one without", "store-gone", ja, warning=True)


def _same(one: Path, other: Path) -> bool:
    return one == other or (one.exists() and other.exists() and one.samefile(other))


def checked(out: Path) -> None:
    """Refuses a folder that no build made, and one that cannot be renamed.

    :raises PledgeError: when ``out`` holds something that no build made, or is where a file system is mounted
    """
    if os.path.ismount(_home(out)):
        message = f"{out} is where a disk or volume is mounted, which no rename can replace"
        example = out / "public"
        raise PledgeError(f"{message}: choose a folder below it, like {example} / その下のフォルダを指定してください")
    if (out / ".git").exists():
        message = f"{out} holds a repository of its own (.git), which a build would replace: build elsewhere and copy"
        raise PledgeError(f"{message} / 別の場所にビルドしてから写してください")
    if out.exists() and not (out / STATE).is_dir() and (not out.is_dir() or any(out.iterdir())):
        message = f"{out} is not a folder that a build made: choose another --out, or empty it"
        raise PledgeError(f"{message} / 別の場所を --out に指定するか、空にしてください")


@contextmanager
def locked(out: Path) -> Iterator[None]:
    """Nobody else builds into ``out`` meanwhile, and what a killed build left is swept away.

    The lock ends with the process, however it ends.

    :raises PledgeError: when another build is under way
    """
    with _named(out), _locked(_home(out)):
        yield


@contextmanager
def _locked(out: Path) -> Iterator[None]:
    out.parent.mkdir(parents=True, exist_ok=True)
    path = out.parent / f".{out.name}.lock"
    while True:
        with path.open("w", encoding="utf-8") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                message = f"another build into {out} is under way: wait for it to end"
                raise PledgeError(f"{message} / ほかのビルドが実行中です") from error
            if not path.exists() or not os.path.samestat(os.fstat(file.fileno()), path.stat()):
                # The build before took its lock away between our opening and locking it.
                continue
            for left in out.parent.glob(f".{out.name}-{_WORK}-*"):
                # Of a build that was killed: nobody else works here now.
                shutil.rmtree(left, ignore_errors=True)
            try:
                yield
            finally:
                path.unlink(missing_ok=True)
            return


@contextmanager
def edition(out: Path, made_from: Inputs, *, anew: bool = False) -> Iterator[Edition]:
    """A new edition to write; on leaving, it stands at ``out`` and the old one is kept as the previous.

    With ``anew`` nothing of the old one is used again.
    An exception inside leaves ``out`` as it was, and so does an edition that is ``withdrawn``. Call it inside `locked`.
    """
    out = _home(out)
    work = Path(tempfile.mkdtemp(prefix=f".{out.name}-{_WORK}-", dir=out.parent))
    try:
        new = work / "new"
        new.mkdir()
        found = Edition(new, out, made_from, anew=anew)
        yield found
        if not found.withdrawn:
            found.finish()
            put(new, out)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def put(new: Path, out: Path) -> None:
    """Puts ``new`` in the place of ``out`` by one rename, and keeps what was there as the previous edition."""
    if not out.exists():
        new.rename(out)
    elif not any(out.iterdir()):
        out.rmdir()
        new.rename(out)
    else:
        _exchange(new, out)
        # From here on ``out`` is the new site, whole, and what is at ``new`` is the old one: that it cannot be kept
        # would be no reason to say that the build has failed.
        shutil.rmtree(new / STATE / _PREVIOUS, ignore_errors=True)
        with suppress(OSError):
            new.rename(out / STATE / _PREVIOUS)
    _sync(out.parent)


def rollback(out: Path) -> list[str]:
    """Brings the previous edition back; the present one becomes the previous.

    What comes back are the files of it that are not as they were published: editions share the files that are the
    same, so whoever edits one in place edits both.

    :raises PledgeError: when there is no previous edition
    """
    checked(out)
    out = _home(out)
    with locked(out):
        previous = out / STATE / _PREVIOUS
        if not previous.is_dir():
            raise PledgeError(f"{out}: no previous site to bring back / 戻せる前のサイトがありません")
        damaged = [
            path for path, (digest, _) in remembered(previous).files.items() if _digest(previous / path) != digest
        ]
        work = Path(tempfile.mkdtemp(prefix=f".{out.name}-{_WORK}-", dir=out.parent))
        try:
            back = work / "new"
            previous.rename(back)
            put(back, out)
        finally:
            shutil.rmtree(work, ignore_errors=True)
    return damaged


def _digest(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def forget(out: Path, before: Memory) -> None:
    """Makes the next build use nothing of this site again; how much each city holds is still remembered."""
    (out / STATE / _BUILD).write_bytes(orjson.dumps(Memory(holds=before.holds)))


def _exchange(one: Path, other: Path) -> None:
    """Each folder takes the other's name, in one step where the system can, else in two with a moment between."""
    libc = ctypes.CDLL(None, use_errno=True)
    names = os.fsencode(one), os.fsencode(other)
    if sys.platform == "darwin" and hasattr(libc, "renamex_np"):
        failed = libc.renamex_np(*names, _RENAME_SWAP)
    elif hasattr(libc, "renameat2"):
        failed = libc.renameat2(_AT_FDCWD, names[0], _AT_FDCWD, names[1], _RENAME_EXCHANGE)
    else:
        failed = -1
        ctypes.set_errno(errno.ENOSYS)
    if not failed:
        return
    code = ctypes.get_errno()
    if code not in {errno.ENOSYS, errno.EINVAL, errno.ENOTSUP}:
        raise OSError(code, os.strerror(code), str(other))
    aside = one.with_name("aside")
    other.rename(aside)
    try:
        one.rename(other)
    except OSError:
        aside.rename(other)
        raise
    aside.rename(one)
