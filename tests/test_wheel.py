"""The wheel alone, with no checkout in reach, builds the same site."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from pledge_ld import __version__


@pytest.fixture(scope="module")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, as pip builds it from the checkout in an environment of its own."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check", "--no-deps", "-w", "."]
    subprocess.run([*command, str(root)], cwd=folder, check=True)
    found = list(folder.glob("*.whl"))
    assert [one.name for one in found] == [f"pledge_ld-{__version__}-py3-none-any.whl"]
    return found[0]


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment that holds the wheel; the libraries it needs are borrowed, so that nothing is downloaded.

    A .pth file adds the running environment's packages to the path, but does not read the .pth files in there: an
    editable installation of the checkout stays out of reach.
    """
    folder = tmp_path_factory.mktemp("venv")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    python = folder / "bin" / "python"
    install = ["install", "--quiet", "--disable-pip-version-check", "--no-deps", "--no-index", str(wheel)]
    subprocess.run([sys.executable, "-m", "pip", "--python", str(python), *install], check=True)
    own = subprocess.run(
        [str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        check=True, capture_output=True, text=True,
    ).stdout.strip()  # fmt: skip
    libraries = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (Path(own) / "borrowed.pth").write_text("\n".join(sorted(libraries)) + "\n", encoding="utf-8")
    return folder


def clean() -> dict[str, str]:
    """The environment without anything that would lead Python to the checkout."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}


def test_the_wheel_holds_the_product_and_no_city(wheel: Path) -> None:
    """Every module, ontology, shapes, queries, templates, styles and strings; no data, tests or built sites."""
    names = zipfile.ZipFile(wheel).namelist()
    root = Path(__file__).resolve().parents[1]
    for folder in ("ontology", "shapes", "queries", "hosting", "site/templates", "site/static", "site/locales"):
        expected = {
            one.relative_to(root).as_posix()
            for one in (root / folder).rglob("*")
            if one.is_file() and one.suffix != ".pyc"
        }
        prefix = "pledge_ld/product/"
        there = {one.removeprefix(prefix) for one in names if one.startswith(f"{prefix}{folder}/")}
        assert there == expected, folder
    modules = {one.relative_to(root / "src").as_posix() for one in (root / "src" / "pledge_ld").rglob("*.py")}
    assert {one for one in names if one.endswith(".py")} == modules
    assert "pledge_ld/py.typed" in names
    outside = [one for one in names if not one.startswith(("pledge_ld/", f"pledge_ld-{__version__}.dist-info/"))]
    assert outside == []
    assert [one for one in names if "public" in one or "tomakomai-2024" in one or one.endswith(".pyc")] == []


def test_the_checkout_is_out_of_reach(installed: Path, tmp_path: Path) -> None:
    """Else the test below would prove nothing."""
    code = "import pledge_ld, pledge_ld.config as c; print(pledge_ld.__file__); print(c.product('ontology'))"
    command = [str(installed / "bin" / "python"), "-c", code]
    lines = subprocess.run(
        command, cwd=tmp_path, env=clean(), check=True, capture_output=True, text=True
    ).stdout.split()
    assert [Path(one).is_relative_to(installed) for one in lines] == [True, True]


def test_an_installed_wheel_builds_the_same_site(installed: Path, workspace_of_all: Path, site: Path) -> None:
    """A folder of records and pledge_ld.toml are all it needs: every file comes out byte for byte as in a checkout."""
    command = [str(installed / "bin" / "pledge-ld"), "build", "--data", "data", "--out", "public"]
    run = subprocess.run(command, cwd=workspace_of_all, env=clean(), check=False, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    trees = [
        {
            one.relative_to(folder).as_posix(): hashlib.sha256(one.read_bytes()).hexdigest()
            for one in folder.rglob("*")
            if one.is_file()
        }
        for folder in (workspace_of_all / "public", site)
    ]
    assert len(trees[0]) > 600
    assert trees[0] == trees[1]


def test_an_installed_wheel_answers_queries(installed: Path, workspace_of_all: Path) -> None:
    """The saved queries and the shapes are found too, from a folder that holds none."""
    command = [str(installed / "bin" / "pledge-ld"), "query", "overall_progress", "--format", "csv"]
    run = subprocess.run(command, cwd=workspace_of_all, env=clean(), check=False, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    assert "59.2" in run.stdout
