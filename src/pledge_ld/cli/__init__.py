"""The commands: they read options, call the pipeline, and say what came of it. Nothing is worked out here."""

from pledge_ld.cli import asking, publishing, records
from pledge_ld.cli.group import command, main

__all__ = ["asking", "command", "main", "publishing", "records"]
