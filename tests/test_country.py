"""Many cities: spread over workers they make the same bytes, and what one of them lacks stops them all."""

from __future__ import annotations

import os
import runpy
import shutil
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from pledge_ld.country import Lost, Processes, mapped, opened, store_at
from pledge_ld.query import load, run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Run

CITIES = 6
OPEN = "import sys; from pledge_ld.country import opened; print(len(opened(__import__('pathlib').Path(sys.argv[1]))))"


@pytest.fixture(scope="module")
def workspace(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with records of synthetic cities. Nobody may change it."""
    folder = tmp_path_factory.mktemp("country")
    write = runpy.run_path(str(root / "benchmarks" / "synthetic.py"))["write"]
    assert len(list(write(folder / "data", range(8, 8 + CITIES)))) == CITIES
    shutil.copy(root / "pledge_ld.toml", folder)
    return folder


@pytest.fixture(scope="module")
def dumps(workspace: Path, cli: Callable[..., Run]) -> Path:
    """The dumps and the store, made by one process."""
    done = cli(workspace, "build", "--dumps-only", "--jobs", "1", "--store", "--out", "dumps")
    assert done.code == 0, done.err
    return workspace / "dumps"


def files(folder: Path) -> dict[str, bytes]:
    """What a build publishes."""
    return {one.name: one.read_bytes() for one in (folder / "data").iterdir() if one.is_file()}


def kills_itself_at_two(number: int) -> int:
    """Work at which whoever does it dies, for one item."""
    if number == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return number * 10


def test_a_worker_that_dies_is_named_by_its_work_and_takes_no_other_with_it() -> None:
    """A broken pool fails everything that was under way: nobody would know at which city."""
    found = list(mapped(kills_itself_at_two, range(5), Processes(2)))
    assert found == [(0, 0), (1, 10), (2, Lost(2)), (3, 30), (4, 40)]


def test_a_city_that_is_broken_stops_all_and_every_problem_is_told(
    workspace: Path, tmp_path: Path, cli: Callable[..., Run]
) -> None:
    """An operator who is told one city's fault a run needs as many runs as there are faults."""
    shutil.copytree(workspace / "data", tmp_path / "data")
    shutil.copy(workspace / "pledge_ld.toml", tmp_path)
    first, second, *_ = sorted((tmp_path / "data").iterdir())
    scores = next(first.glob("*/scores/*.csv"))
    scores.write_text(scores.read_text(encoding="utf-8").replace("published", "guessed", 1), encoding="utf-8")
    policies = next(second.glob("*/policies.csv"))
    policies.write_text("id\n", encoding="utf-8")
    done = cli(tmp_path, "build", "--dumps-only", "--jobs", "2", "--out", "dumps")
    assert done.code == 1
    assert first.name in done.err
    assert second.name in done.err
    assert not (tmp_path / "dumps").exists()
    assert [one.name for one in tmp_path.glob(".dumps-being-built-*")] == []


def test_a_municipality_in_two_folders_is_told(workspace: Path, tmp_path: Path, cli: Callable[..., Run]) -> None:
    """Each city alone is in order: only together they say everything twice."""
    shutil.copytree(workspace / "data", tmp_path / "data")
    shutil.copy(workspace / "pledge_ld.toml", tmp_path)
    first = min((tmp_path / "data").iterdir())
    shutil.copytree(first, first.with_name(f"{first.name}-again"))
    done = cli(tmp_path, "build", "--dumps-only", "--jobs", "1", "--out", "dumps")
    assert done.code == 1
    assert "duplicate-id" in done.err


def test_a_folder_without_cities_is_told(workspace: Path, tmp_path: Path, cli: Callable[..., Run]) -> None:
    """An empty country, published, takes the place of a full one."""
    (tmp_path / "data").mkdir()
    shutil.copy(workspace / "pledge_ld.toml", tmp_path)
    assert cli(tmp_path, "build", "--dumps-only", "--jobs", "1", "--out", "dumps").code == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("build", "--jobs", "2"),
        ("build", "--store"),
        ("build", "--dumps-only", "--verify"),
        ("build", "--dumps-only", "--jobs", "2", "--scheduler", "tcp://127.0.0.1:1"),
        ("query", "star_distribution", "--store", "nowhere"),
        ("query", "star_distribution", "--store", "nowhere", "--endpoint", "http://127.0.0.1:1/"),
    ],
)
def test_options_that_do_not_go_together_are_refused(
    workspace: Path, cli: Callable[..., Run], arguments: tuple[str, ...]
) -> None:
    """An option that is passed over in silence is believed to have worked."""
    assert cli(workspace, *arguments).code == 2


def test_a_scheduler_that_is_not_there_is_a_failure_elsewhere(workspace: Path, cli: Callable[..., Run]) -> None:
    """Scripts tell a wrong call from a cluster that is down by the exit code."""
    pytest.importorskip("distributed")
    done = cli(workspace, "build", "--dumps-only", "--scheduler", "not an address", "--out", "elsewhere")
    assert done.code == 3


def test_several_processes_make_the_bytes_of_one(workspace: Path, dumps: Path, cli: Callable[..., Run]) -> None:
    """Whoever compares two builds must not find how many cores a machine has."""
    done = cli(workspace, "build", "--dumps-only", "--jobs", "2", "--out", "by-two")
    assert done.code == 0, done.err
    assert files(workspace / "by-two") == files(dumps)
    again = cli(workspace, "build", "--dumps-only", "--jobs", "2", "--out", "by-two")
    assert "unchanged" in again.out


def test_dumps_alone_are_those_of_a_whole_site(workspace: Path, dumps: Path, cli: Callable[..., Run]) -> None:
    """The same records would say one thing on the site and another in the country's data."""
    data = workspace / "whole" / "data"
    data.mkdir(parents=True)
    shutil.copy(workspace / "pledge_ld.toml", workspace / "whole")
    for one in sorted((workspace / "data").iterdir())[:1]:
        changes = one / "changes.csv"
        assert changes.is_file()
        shutil.copytree(one, data / one.name)
    done = cli(workspace / "whole", "build", "--out", "site")
    assert done.code == 0, done.err
    made = files(dumps)
    for name, content in files(workspace / "whole" / "site").items():
        if name in made and name != "all.nq":
            assert content == made[name], name


def test_a_local_dask_cluster_makes_the_same_bytes(workspace: Path, dumps: Path, cli: Callable[..., Run]) -> None:
    """A cluster is the same pipeline, elsewhere."""
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1"
    ) as cluster:
        done = cli(workspace, "build", "--dumps-only", "--scheduler", cluster.scheduler_address, "--out", "by-dask")
    assert done.code == 0, done.err
    assert files(workspace / "by-dask") == files(dumps)


def test_a_store_that_the_next_build_has_not_is_told(workspace: Path, tmp_path: Path, cli: Callable[..., Run]) -> None:
    """Fails when a build without --store takes the store of the one before away without a word."""
    shutil.copy(workspace / "pledge_ld.toml", tmp_path)
    (tmp_path / "data").mkdir()
    city = min((workspace / "data").iterdir())
    shutil.copytree(city, tmp_path / "data" / city.name)
    dumps = ("build", "--dumps-only", "--jobs", "1", "--out", "out")
    first = cli(tmp_path, *dumps, "--store")
    assert (first.code, "store-gone" in first.err) == (0, False)
    again = cli(tmp_path, *dumps)
    assert again.code == 0
    assert "out: warning: store: expected a build with --dumps-only --store" in again.err
    assert "前のビルドの索引" in again.err
    assert not store_at(tmp_path / "out").exists()
    # It goes once, and is not lost: the site before is kept.
    assert "store-gone" not in cli(tmp_path, *dumps).err
    assert cli(tmp_path, "rollback", "--out", "out").code == 0
    assert len(opened(tmp_path / "out"))


def test_the_store_on_the_disk_answers_as_one_in_memory(dumps: Path) -> None:
    """A country's figures must not depend on where they are kept."""
    memory = ox.Store()
    memory.bulk_load(path=str(dumps / "data" / "all.nq"))
    disk = opened(dumps)
    for name, query in load().items():
        assert run(disk, query.text).rows == run(memory, query.text).rows, name


def test_two_processes_read_the_store_at_once_and_none_may_write(dumps: Path) -> None:
    """Workers of a server all open the same store."""
    here = opened(dumps)
    done = subprocess.run([sys.executable, "-c", OPEN, str(dumps)], check=True, capture_output=True, text=True)
    assert int(done.stdout) == len(here)
    with pytest.raises((RuntimeError, OSError, ValueError)):
        here.update("INSERT DATA { <urn:a> <urn:b> <urn:c> }")
