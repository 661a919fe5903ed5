"""The outside judges: programs of others that read what a build writes.

A test that needs one that is missing is skipped. ``tests/tools/install.sh`` installs them where the machine lets it.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

TOOLS = Path(__file__).parent / "tools"
MODULES = TOOLS / "node_modules"
_SERVERS = ("/usr/sbin", "/sbin")
"""Where Debian keeps servers, and not everybody's PATH leads."""


def packages() -> dict[str, str]:
    """Command → the package of Debian that brings it."""
    lines = (TOOLS / "debian.txt").read_text(encoding="utf-8").splitlines()
    pairs = [line.split() for line in lines if line and not line.startswith("#")]
    return {command: package for command, package in pairs}  # noqa: C416 - says what is what


def program(command: str) -> str:
    """The path of a judge that is a program. Skips the test where there is none."""
    found = shutil.which(command, path=os.pathsep.join((os.environ.get("PATH", ""), *_SERVERS)))
    if found is None:
        name = packages().get(command, command)
        pytest.skip(f"{command} is not installed: apt-get install {name}")
    return found


def module(name: str) -> Path:
    """The folder of a judge that comes through npm. Skips the test where it is not installed."""
    found = MODULES / name
    if not found.is_dir():
        pytest.skip(f"{name} is not installed: npm ci in tests/tools")
    return found
