"""The tree reads like the pipeline: a module imports only from the stages before its own."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "src" / "pledge_ld"
STAGES = (
    "problem", "confine", "record", "term", "config", "read", "importers", "triple", "graph", "validate", "query",
    "rollup", "cube", "table", "catalog", "compare", "hosting", "site", "publish", "store", "country", "serve",
    "harvest", "cli",
)  # fmt: skip
"""Left to right; a package counts as one module. The package itself (its version) and ``__main__`` stand outside."""
LONGEST = 400
NETWORK = {
    "aiohttp", "asyncio", "distributed", "ftplib", "http", "httpx", "imaplib", "poplib", "requests", "selectors",
    "smtplib", "socket", "socketserver", "SPARQLWrapper", "ssl", "telnetlib", "urllib", "urllib3", "webbrowser",
    "xmlrpc",
}  # fmt: skip
MAY_OPEN_SOCKETS = {"store", "country", "serve", "harvest"}


def modules() -> list[Path]:
    """Every module of the program."""
    return sorted(PACKAGE.rglob("*.py"))


def stage(path: Path) -> str:
    """The module or package right below ours that a file belongs to."""
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


@cache
def imported(path: Path) -> frozenset[str]:
    """The full names that a file imports, wherever in it the import stands, those for the type checker too."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {one.name for one in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import hides where it leads"
            found |= {f"{node.module}.{one.name}" for one in node.names}
    return frozenset(found)


def stages_of(path: Path) -> set[str]:
    """The other stages that a file imports from."""
    parts = [name.split(".") for name in imported(path)]
    ours = {one[1] for one in parts if one[0] == "pledge_ld" and len(one) > 1}
    return ours - {stage(path), "__version__"}


def test_every_module_is_a_stage() -> None:
    """A module that is not in the list is held to nothing."""
    known = {"__init__", "__main__", *STAGES}
    assert {stage(one) for one in modules()} - known == set()
    assert not [one for one in modules() if one.stem in {"util", "utils", "helper", "helpers", "misc", "common"}]


@pytest.mark.parametrize("path", modules(), ids=lambda one: one.relative_to(PACKAGE).as_posix())
def test_a_module_imports_only_from_the_left(path: Path) -> None:
    """A stage that reaches to its right cannot be read or tested on its own."""
    if stage(path) in {"__init__", "__main__"}:
        assert stages_of(path) <= {"cli"}
        return
    left = set(STAGES[: STAGES.index(stage(path))])
    assert sorted(stages_of(path) - left) == []


@pytest.mark.parametrize("path", modules(), ids=lambda one: one.relative_to(PACKAGE).as_posix())
def test_a_module_is_short_enough_to_read(path: Path) -> None:
    """A stage that outgrows a module becomes a package of the same name."""
    lines = path.read_text(encoding="utf-8").count("\n")
    assert lines <= LONGEST


@pytest.mark.parametrize("path", modules(), ids=lambda one: one.relative_to(PACKAGE).as_posix())
def test_only_some_stages_may_open_sockets(path: Path) -> None:
    """Records and queries never make the program call out; parsing an address is not calling it."""
    network = {name for name in imported(path) if name.split(".")[0] in NETWORK and not name.startswith("urllib.parse")}
    assert stage(path) in MAY_OPEN_SOCKETS or not network


def test_packages_only_hand_on_their_names() -> None:
    """What a package offers stands in __all__, and each name in it is there."""
    for path in modules():
        if path.name == "__init__.py" and path.parent != PACKAGE:
            tree = ast.parse(path.read_text(encoding="utf-8"))
            values = [
                node.value
                for node in tree.body
                if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"
            ]
            assert len(values) == 1, path
            names = ast.literal_eval(values[0])
            assert len(set(names)) == len(names), path
            others = [
                node for node in tree.body if not isinstance(node, (ast.ImportFrom, ast.Import, ast.Expr, ast.Assign))
            ]
            assert [ast.unparse(one)[:60] for one in others] == [], path
