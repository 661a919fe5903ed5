"""The lines that the page of downloads shows to programs, as they are copied, against our own server."""

from __future__ import annotations

import shlex
import subprocess
from typing import TYPE_CHECKING

import pytest
from judges import program
from lxml import html
from servers import served

from pledge_ld.term import BASE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Run

ENDPOINT = "https://pledges.example.org/sparql"


@pytest.fixture
def with_endpoint(workspace: Path, cli: Callable[..., Run]) -> Path:
    """A site whose operator names an endpoint."""
    config = workspace / "pledge_ld.toml"
    text = config.read_text(encoding="utf-8")
    config.write_text(f'endpoint = "{ENDPOINT}"\n{text}', encoding="utf-8")
    run = cli(workspace, "build", "--out", "public")
    assert run.code == 0, run.err
    return workspace / "public"


def lines(site: Path, tree: str) -> list[str]:
    """The lines with curl, as a person copies them."""
    page = html.fromstring((site / f"{tree}data/index.html").read_bytes(), parser=html.HTMLParser(encoding="utf-8"))
    return [text for one in page.xpath("//pre/code") if (text := one.text_content()).startswith("curl ")]


@pytest.mark.parametrize("tree", ["", "en/"])
def test_every_line_with_curl_fetches_something(with_endpoint: Path, tmp_path: Path, tree: str) -> None:
    """A file under its name, a thing as Turtle, and rows from the endpoint."""
    curl, found = program("curl"), lines(with_endpoint, tree)
    assert len(found) == 4
    into = tmp_path / "fetched"
    into.mkdir()
    with served(with_endpoint, tmp_path / "log") as server:
        home = f"http://127.0.0.1:{server.host.port}/"
        answers = []
        for line in found:
            here = line.replace(ENDPOINT, f"{home}sparql").replace(f" {BASE}", f" {home}")
            command = [curl, "--noproxy", "*", *shlex.split(here)[1:]]
            run = subprocess.run(command, cwd=into, capture_output=True, text=True, check=False)
            assert run.returncode == 0, (line, run.stderr)
            answers.append(run.stdout)
    assert sorted(one.name for one in into.iterdir()) == ["everything.csv", "policy_progress.csv"]
    for name, path in (("everything.csv", "data/jp-012131-tomakomai"), ("policy_progress.csv", "queries")):
        assert (into / name).read_bytes() == (with_endpoint / path / name).read_bytes()
    assert any(one.startswith("@base") for one in answers)
    assert any(one.startswith("thing,percent") and one.count("\n") == 11 for one in answers)
