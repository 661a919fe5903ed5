"""The commands that ask: here, at endpoints, of several cities, of other catalogues."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from pledge_ld.cli.group import DATA_PROBLEMS, FINE, REMOTE_FAILED, command, report
from pledge_ld.cli.options import BASE, DATA, ENDPOINTS, TIMEOUT, Amount, Place
from pledge_ld.problem import PledgeError, Problem, printable, shorten


@command.command(
    epilog="Example: pledge-ld query text_search --param word=子育て --format csv\n\n"
    "Example: pledge-ld query policy_progress --endpoint https://a.example/sparql --endpoint https://b.example/sparql"
)
@click.argument("name")
@click.option("--param", "params", multiple=True, metavar="K=V", help="A parameter of the query; may repeat.")
@ENDPOINTS
@TIMEOUT
@click.option("--provenance", is_flag=True, help="With several endpoints: which of them gave a row, as a last column.")
@click.option("--store", "site", type=Place(), help="Ask the store that a build made with --store.")
@click.option(
    "--format", "form", type=click.Choice(["table", "csv", "json", "turtle"]), default="table", show_default=True
)
@DATA
@BASE
def query(  # noqa: PLR0917 - click passes options by name
    name: str,
    params: tuple[str, ...],
    endpoints: tuple[str, ...],
    timeout: float,
    provenance: bool,  # noqa: FBT001 - click passes options by name
    site: Path | None,
    form: str,
    data: Path,
    base_iri: str | None,
) -> None:
    """Run a saved query by its name, or a file that ends in .rq, over the records here or on endpoints.

    Several endpoints are asked at once. Who does not answer in time is named, the others' rows are shown, and the exit
    code is 3. Only a query whose header says "scope: federated" may be put together from several answers.

    保存された問い合わせ、または .rq ファイルを実行します。--endpoint は繰り返せます。
    """
    from pledge_ld import config, store, validate  # noqa: PLC0415 - --help need not wait for them
    from pledge_ld import query as queries  # noqa: PLC0415 - --help need not wait for it

    base = config.base_of(data, base_iri)
    text = queries.text_of(name, dict(_pair(one) for one in params), base)
    if endpoints and site:
        raise PledgeError("--endpoint or --store, not both / どちらか一つを指定してください")
    limits = store.Limits(seconds=timeout)
    if len(endpoints) > 1:
        found = store.ask_all(endpoints, text, limits, provenance=provenance)
        if found.rows:
            click.echo(store.formatted(found, form), nl=False)
        _unanswered(len(found.rows), found.problems)
        return
    if endpoints:
        answer = store.ask_endpoint(endpoints[0], text, limits)
    elif site:
        from pledge_ld import country  # noqa: PLC0415 - --help need not wait for it

        answer = queries.run(country.opened(site), text)
    else:
        here = store.local(data, base, validate.default_engine())
        if here.store is None:
            report(here.problems)
            sys.exit(DATA_PROBLEMS)
        answer = queries.run(here.store, text)
    click.echo(queries.formatted(answer, form), nl=False)


def _unanswered(answered: int, problems: tuple[Problem, ...]) -> None:
    """Names the endpoints that gave nothing, and ends with their exit code where there is one."""
    report(problems)
    if problems:
        asked = answered + len(problems)
        click.echo(f"{answered} of {asked} endpoints answered / {asked}か所中{answered}か所が回答", err=True)
        sys.exit(REMOTE_FAILED)


@command.command(epilog="Example: pledge-ld compare 苫小牧市 372013 --format csv")
@click.argument("cities", nargs=-1, metavar="[CITY]...")
@click.option(
    "--format", "form", type=click.Choice(["table", "csv", "json", "turtle"]), default="table", show_default=True
)
@ENDPOINTS
@TIMEOUT
@DATA
@BASE
def compare(  # noqa: PLR0917 - click passes options by name
    cities: tuple[str, ...], form: str, endpoints: tuple[str, ...], timeout: float, data: Path, base_iri: str | None
) -> None:
    """Lay cities side by side, in the order of their codes, and say which figures may be compared and which not.

    CITY is a code or a name; without any, all cities here. The rules are the query comparison_reasons; a refused pair
    has a row for each reason. No difference, no ratio and no ranking of cities is ever given. Several endpoints are
    asked at once; who does not answer in time is named, and the exit code is 3.

    市町村を並べ、比べてよい数字と、比べられない理由を示します。
    """
    from pledge_ld import compare as comparison  # noqa: PLC0415 - --help need not wait for them
    from pledge_ld import config, store, validate  # noqa: PLC0415 - --help need not wait for it
    from pledge_ld import query as queries  # noqa: PLC0415 - --help need not wait for it

    base = config.base_of(data, base_iri)
    saved = queries.load(base)
    texts = {name: saved[name].text for name in comparison.federated(saved)}
    if endpoints:
        asked = store.ask_many(endpoints, texts, store.Limits(seconds=timeout))
        if asked.answered:
            try:
                text = comparison.formatted(comparison.compared(asked.answers, saved, cities), form, base)
            except PledgeError as error:
                # A city that is not found may lie where nobody answered: then the call is not known to be wrong.
                if not (cities and asked.problems):
                    report(asked.problems)
                    raise
                click.echo(f"pledge-ld: {error}", err=True)
            else:
                text = store.with_sources(text, asked.answered, asked.problems) if form == "json" else text
                click.echo(text, nl=False)
        report(asked.warnings)
        _unanswered(len(asked.answered), asked.problems)
        return
    here = store.local(data, base, validate.default_engine())
    if here.store is None:
        report(here.problems)
        sys.exit(DATA_PROBLEMS)
    gathered = {name: queries.run(here.store, text) for name, text in texts.items()}
    click.echo(comparison.formatted(comparison.compared(gathered, saved, cities), form, base), nl=False)


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise PledgeError(f"--param: expected name=value, got {shorten(text)} / 名前=値の形で指定してください")
    return name, value


@command.command(epilog="Example: pledge-ld harvest https://pledges.example.org/catalog.ttl --into harvest")
@click.argument("urls", nargs=-1, metavar="[URL]...")
@click.option(
    "--into",
    type=Place(),
    default=Path("harvest"),
    show_default=True,
    help="The folder of harvested sources.",
)
@click.option(
    "--deadline", type=Amount(1, 86400), default=60, show_default=True, help="Seconds for one source, in all."
)
@click.option("--max-size", type=Amount(0.1, 4096), default=32, show_default=True, help="MiB of one source, unpacked.")
@click.option("--allow-private", is_flag=True, help="Speak to this machine and its own network too.")
@DATA
@BASE
def harvest(  # noqa: PLR0917 - click passes options by name
    urls: tuple[str, ...],
    into: Path,
    deadline: float,
    max_size: float,
    allow_private: bool,  # noqa: FBT001 - click passes options by name
    data: Path,
    base_iri: str | None,
) -> None:
    """Take copies of the pledge data that other catalogues name, checked by our shapes, each in a graph of its own.

    URL is a DCAT catalogue in Turtle, JSON-LD or RDF/XML; without any, all sources that the folder holds are taken
    anew. A source is taken whole or not at all; one that fails keeps its last good copy, marked old. Exit code 3 where
    a source could not be had or read, 1 where only data that break a rule stood in the way.

    ほかのカタログの公約データを取得し、検査して保存します。
    """
    from pledge_ld import config  # noqa: PLC0415 - --help need not wait for them
    from pledge_ld.harvest import MIB, Bounds  # noqa: PLC0415 - --help need not wait for it
    from pledge_ld.harvest.run import run, told  # noqa: PLC0415 - --help need not wait for it
    from pledge_ld.publish import apart  # noqa: PLC0415 - --help need not wait for it

    apart("--into", into, data, replaced=False)
    bounds = Bounds(seconds=deadline, size=int(max_size * MIB), private=allow_private)

    def say(url: str, text: str) -> None:
        if sys.stderr.isatty():
            click.echo(f"{printable(url)}: {text}", err=True)

    code = FINE
    for one in run(urls, into, config.base_of(data, base_iri), data, bounds=bounds, say=say):
        english, japanese = told(one)
        fine = one.reason is None
        click.echo(f"{printable(one.url)}: {english}\n    {japanese}", err=not fine)
        report(one.problems)
        if not fine:
            broken = any(not each.warning for each in one.problems)
            code = max(code, DATA_PROBLEMS if broken else REMOTE_FAILED)
    sys.exit(code)
