"""What several tests share: where things lie, the city in memory, and a site built once."""

from __future__ import annotations

import io
import shutil
import sys
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from unittest.mock import patch

import pytest
from servers import served

from pledge_ld.cli import main
from pledge_ld.publish import CityData, city_data
from pledge_ld.query import load
from pledge_ld.read import read_data
from pledge_ld.term import BASE
from pledge_ld.validate import default_engine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser

_ROOT = Path(__file__).resolve().parents[1]
_FOLDER = "jp-012131-tomakomai"


class Run(NamedTuple):
    """What a command left behind: its exit code and what it printed."""

    code: int
    out: str
    err: str


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--update-golden`` writes the expected answers instead of comparing with them."""
    parser.addoption("--update-golden", action="store_true", default=False, help="write the golden files anew")


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository's root."""
    return _ROOT


@pytest.fixture(scope="session")
def data(root: Path) -> Path:
    """The folder of cities."""
    return root / "data"


@pytest.fixture(scope="session")
def update_golden(request: pytest.FixtureRequest) -> bool:
    """Whether golden files are to be written."""
    return bool(request.config.getoption("--update-golden"))


@pytest.fixture(scope="session")
def cities(data: Path) -> tuple[CityData, ...]:
    """Every city through the pipeline, as a build would publish it. Fails where a city's own records do not hold."""
    found, problems = read_data(data, "data")
    assert not problems, "\n".join(str(one) for one in problems)
    made = tuple(city_data(records, BASE, load().values(), default_engine()) for records in found)
    for city in made:
        assert city.index is not None, "\n".join(str(one) for one in city.problems)
    return made


@pytest.fixture(scope="session")
def built(cities: tuple[CityData, ...]) -> CityData:
    """Tomakomai through the pipeline."""
    return next(one for one in cities if one.folder == _FOLDER)


@pytest.fixture(scope="session")
def site(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site built once a session by the command line from the repository's data. Nobody may change it."""
    out = tmp_path_factory.mktemp("site") / "public"
    run = _run(root, "build", "--out", str(out))
    assert run.code == 0, run.err
    return out


@pytest.fixture(scope="session")
def site_of_one(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same of Tomakomai alone: what a build in an unchanged `workspace` makes."""
    folder = tmp_path_factory.mktemp("one")
    _copy_of_one(root, folder)
    run = _run(folder, "build", "--out", "public")
    assert run.code == 0, run.err
    return folder / "public"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real browser, for tests that look at pages. While it runs, nothing else of this process can be async."""
    from browser import chromium  # noqa: PLC0415 - only tests that look at pages need Playwright

    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def home(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the site, served by our own server under its policy."""
    with served(site, tmp_path_factory.mktemp("serve") / "log") as server:
        yield f"http://127.0.0.1:{server.host.port}/"


@pytest.fixture(scope="session")
def cli() -> Callable[..., Run]:
    """The command line as a function: the folder it is started in, then its arguments.

    It runs in this process, so that an exception which no command handles (a traceback for the user) fails the test.
    """
    return _run


@pytest.fixture
def workspace(root: Path, tmp_path: Path) -> Path:
    """A folder as an operator of one city has it: a copy of Tomakomai that a test may break, and pledge_ld.toml."""
    _copy_of_one(root, tmp_path)
    return tmp_path


@pytest.fixture
def workspace_of_all(root: Path, workspace: Path) -> Path:
    """The same with every city."""
    shutil.copytree(root / "data", workspace / "data", dirs_exist_ok=True)
    return workspace


def _copy_of_one(root: Path, folder: Path) -> None:
    shutil.copytree(root / "data" / _FOLDER, folder / "data" / _FOLDER)
    shutil.copy(root / "pledge_ld.toml", folder)


def _run(folder: Path, *arguments: str) -> Run:
    out, err = io.StringIO(), io.StringIO()
    argv = ["pledge-ld", *arguments]
    with chdir(folder), patch.object(sys, "argv", argv), redirect_stdout(out), redirect_stderr(err):
        try:
            main()
        except SystemExit as stop:
            code = stop.code if isinstance(stop.code, int) else 1
    return Run(code, out.getvalue(), err.getvalue())
