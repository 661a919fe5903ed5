"""The group of commands, their exit codes, and how they say what came of them."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from pledge_ld import __version__
from pledge_ld.problem import PledgeError, Problem, as_text, refused

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import NoReturn

FINE, DATA_PROBLEMS, WRONG_USE, REMOTE_FAILED = 0, 1, 2, 3
"""Exit codes."""


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="pledge-ld")
def command() -> None:
    """Turn a city's report on its mayor's pledges into linked open data and a site people read.

    市長公約の取組状況の報告書を、リンクト・オープン・データと読みやすいサイトにします。

    Exit codes: 0 fine, 1 problems in the data, 2 wrong use or configuration, 3 an endpoint failed.
    """


def report(problems: tuple[Problem, ...]) -> None:
    """Writes the problems to standard error."""
    if problems:
        click.echo(as_text(problems), err=True)


def summary(problems: tuple[Problem, ...], outcome: str) -> None:
    """Writes how many problems there are, and what came of it."""
    errors = sum(not one.warning for one in problems)
    click.echo(f"{errors} problems, {len(problems) - errors} warnings: {outcome}", err=True)


def main() -> NoReturn:
    """Run the command line. Wrong use is one message and exit code 2, never a traceback."""
    run: Callable[..., object] = command
    try:
        run(standalone_mode=True)
    except PledgeError as error:
        click.echo(f"pledge-ld: {error}", err=True)
        sys.exit(REMOTE_FAILED if error.remote else WRONG_USE)
    except BrokenPipeError:
        sys.exit(FINE)
    except OSError as error:
        click.echo(f"pledge-ld: {refused(error)}", err=True)
        sys.exit(WRONG_USE)
    sys.exit(FINE)
