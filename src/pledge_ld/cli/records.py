"""The commands about records: begun, imported, checked."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from pledge_ld.cli.group import DATA_PROBLEMS, FINE, command, report, summary
from pledge_ld.cli.options import DATA, ENGINE, Place
from pledge_ld.problem import as_json, as_text


@command.command(
    "validate", epilog="Example: pledge-ld validate data\n\nExample: pledge-ld validate city.ttl --format json"
)
@click.argument("paths", nargs=-1, type=Place())
@click.option("--format", "form", type=click.Choice(["text", "json", "turtle"]), default="text", show_default=True)
@ENGINE
def validate_(paths: tuple[Path, ...], form: str, engine: str | None) -> None:
    """Check records (a folder of cities, or one city's folder) or any RDF files against the shapes.

    記録のフォルダ、または RDF ファイルを検査します。
    """
    from pledge_ld import validate  # noqa: PLC0415 - --help need not wait for it

    found = validate.check(paths or (Path("data"),), engine or validate.default_engine())
    blocking = [one for one in found.problems if not one.warning]
    if form == "turtle":
        click.echo(validate.as_turtle(found.results, conforms=not blocking), nl=False)
        report(found.problems)
    else:
        text = as_json(found.problems) if form == "json" else as_text(found.problems)
        if text:
            click.echo(text)
    summary(found.problems, "conforms / 適合" if not blocking else "does not conform / 不適合")
    sys.exit(DATA_PROBLEMS if blocking else FINE)


@command.command(
    "import", epilog="Example: pledge-ld import tomakomai-report report.txt --out data/jp-012131-tomakomai"
)
@click.argument("kind")
@click.argument("source", type=Place())
@click.option("--out", type=Place(), required=True, help="The city's folder.")
@click.option("--force", is_flag=True, help="Overwrite files that were edited after an import.")
def import_(kind: str, source: Path, out: Path, force: bool) -> None:  # noqa: FBT001 - click passes options by name
    """Read a report into records: all of its files, or none.

    KIND is tomakomai-report. The city's departments.csv, corrections.csv and translations.csv are read, never written.

    報告書を記録に変換します。
    """
    from pledge_ld import importers  # noqa: PLC0415 - --help need not wait for it

    imported = importers.run(kind, source, out, force=force)
    report(imported.problems)
    if not imported.written:
        summary(imported.problems, "nothing written / 何も書き込んでいません")
        sys.exit(DATA_PROBLEMS)
    for file, rows in imported.files:
        click.echo(f"{out}/{file}: {rows}")


@command.command(epilog="Example: pledge-ld new 012025 hakodate --term 2023")
@click.argument("code", metavar="CITY-CODE")
@click.argument("name")
@click.option(
    "--term", default="2026", show_default=True, help="Id of the programme, by habit the year the term began."
)
@DATA
def new(code: str, name: str, term: str, data: Path) -> None:
    """Make the folder with which a city begins: every file with its columns, and a comment on each key.

    CITY-CODE is the six-digit 全国地方公共団体コード, NAME the city's name in Latin letters.

    新しい市のフォルダを作ります。
    """
    from pledge_ld.importers import starter  # noqa: PLC0415 - --help need not wait for it

    content = starter.files(code, name, term)
    starter.write(data, content)
    for file in content:
        click.echo(f"{data}/{file}")
    click.echo("Fill them in, then: pledge-ld validate / 記入したら pledge-ld validate で検査できます", err=True)
