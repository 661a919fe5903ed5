"""The commands: they read options, call the pipeline, and say what came of it. Nothing is worked out here."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pledge_ld import __version__
from pledge_ld.options import BASE, DATA, ENDPOINTS, ENGINE, TIMEOUT, bounded
from pledge_ld.problem import PledgeError, Problem, as_json, as_text, printable, refused

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


@command.command(epilog="Example: pledge-ld build --out site/public")
@DATA
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("site/public"),
    show_default=True,
    help="The folder to publish into.",
)
@BASE
@click.option("--site-url", metavar="URL", help="Where the files will lie on the web, if that is not the base IRI.")
@ENGINE
@click.option("--verify", is_flag=True, help="Prove the site equal to a clean build, byte for byte.")
@click.option("--allow-shrink", is_flag=True, help="Publish even if things of the last build are gone.")
@click.option(
    "--compress",
    type=click.Choice(["fast", "best", "none"]),
    default="fast",
    show_default=True,
    help="Lay each text compressed beside itself (.br, .gz); best, for a release, takes half a minute.",
)
@click.option("--dumps-only", is_flag=True, help="Only data/: for more cities than anyone reads pages of.")
@click.option("--jobs", type=click.IntRange(1), help="With --dumps-only: processes (default: one a core).")
@click.option("--scheduler", metavar="ADDRESS", help="With --dumps-only: a Dask cluster that sees the same folders.")
@click.option("--store", "with_store", is_flag=True, help="With --dumps-only: also a store on the disk, to be queried.")
def build(  # noqa: PLR0917 - click passes options by name
    data: Path,
    out: Path,
    base_iri: str | None,
    site_url: str | None,
    engine: str | None,
    verify: bool,  # noqa: FBT001 - same
    allow_shrink: bool,  # noqa: FBT001 - same
    compress: str,
    dumps_only: bool,  # noqa: FBT001 - same
    jobs: int | None,
    scheduler: str | None,
    with_store: bool,  # noqa: FBT001 - same
) -> None:
    """Read the records, check them, compute the rollups and publish the site: all of it, or nothing.

    記録を読み、検査し、計算し、サイトを公開します。問題があれば何も変えません。
    """
    from pledge_ld import config, publish, validate  # noqa: PLC0415 - --help need not wait for them

    settings = config.load(data, base_iri, site_url)
    engine = engine or validate.default_engine()
    if dumps_only:
        if verify:
            raise PledgeError("--verify is for a whole site / --verify はサイト全体のビルドで使います")
        from pledge_ld import country  # noqa: PLC0415 - same

        with country.spread_over(jobs, scheduler) as spread:
            built = country.build(settings, data, out, engine, spread, store=with_store, allow_shrink=allow_shrink)
    elif jobs or scheduler or with_store:
        message = "--jobs, --scheduler and --store go with --dumps-only"
        raise PledgeError(f"{message} / --dumps-only と一緒に指定してください")
    else:
        built = publish.build(settings, data, out, engine, allow_shrink=allow_shrink, verify=verify, packing=compress)
    _report(built.problems)
    if not built.published:
        _summary(built.problems, f"nothing published, {out} is as it was / 何も公開していません")
        sys.exit(DATA_PROBLEMS)
    if built.unchanged:
        said = "equals a clean build" if verify else "unchanged"
        click.echo(f"{out}: {said}, {built.files} files")
        return
    new = "all made anew" if verify else f"{built.written} of them new"
    said = f"{built.files} files, {new}, {built.triples} triples, {len(built.problems)} warnings"
    click.echo(f"{out}: {said}")


@command.command(epilog="Example: pledge-ld rollback --out site/public")
@click.option(
    "--out", type=click.Path(path_type=Path), default=Path("site/public"), show_default=True, help="The site."
)
def rollback(out: Path) -> None:
    """Bring the previous site back; the present one becomes the previous.

    前のサイトに戻します。
    """
    from pledge_ld import publish  # noqa: PLC0415 - --help need not wait for it

    for path in publish.rollback(out):
        click.echo(f"{out}/{path}: warning: not as it was published / 公開したときの内容と異なります", err=True)
    click.echo(f"{out}: the previous site is back / 前のサイトに戻しました")


@command.command(epilog="Example: pledge-ld serve site/public --port 8000")
@click.argument("site", type=click.Path(path_type=Path), default=Path("site/public"))
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0 takes a free one.")
@click.option("--root-path", default="", metavar="/PATH", help="The folder below the host, behind a proxy.")
@click.option(
    "--load", "loads", multiple=True, type=click.Path(path_type=Path), help="An RDF file to query too; may repeat."
)
@click.option(
    "--harvested",
    type=click.Path(path_type=Path),
    help="A folder of harvested sources to query too, each by its graph.",
)
@click.option(
    "--trust", default="127.0.0.1", show_default=True, metavar="ADDRESSES", help="Proxies whose X-Forwarded-For counts."
)
@click.option("--log-queries", is_flag=True, help="Write queries into the log; they may say who wants to know what.")
@bounded
def serve(  # noqa: PLR0917 - click passes options by name
    site: Path,
    host: str,
    port: int,
    root_path: str,
    loads: tuple[Path, ...],
    harvested: Path | None,
    trust: str,
    log_queries: bool,  # noqa: FBT001 - same
    **bounds: Any,
) -> None:
    """Serve a built site: each thing in the form and language that a visitor asks for, and queries at /sparql.

    Times are in seconds, sizes in MiB. /health and /metrics tell how the server is; the log is JSON, a line an answer,
    on stderr.

    サイトを公開します。ものごとのアドレスに、求められた形式と言語で答えます。
    """
    from pledge_ld import harvest as copies  # noqa: PLC0415 - --help need not wait for them
    from pledge_ld import serve as server  # noqa: PLC0415 - same

    limits, queries = server.limits_of(bounds)
    server.run(
        site,
        host,
        port,
        root_path=root_path,
        loads=loads + (copies.harvested_files(harvested) if harvested else ()),
        limits=limits,
        queries=queries,
        log_queries=log_queries,
        forwarded_allow_ips=trust,
    )


@command.command(
    "validate", epilog="Example: pledge-ld validate data\n\nExample: pledge-ld validate city.ttl --format json"
)
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
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
        _report(found.problems)
    else:
        text = as_json(found.problems) if form == "json" else as_text(found.problems)
        if text:
            click.echo(text)
    _summary(found.problems, "conforms / 適合" if not blocking else "does not conform / 不適合")
    sys.exit(DATA_PROBLEMS if blocking else FINE)


@command.command(
    epilog="Example: pledge-ld query text_search --param word=子育て --format csv\n\n"
    "Example: pledge-ld query policy_progress --endpoint https://a.example/sparql --endpoint https://b.example/sparql"
)
@click.argument("name")
@click.option("--param", "params", multiple=True, metavar="K=V", help="A parameter of the query; may repeat.")
@ENDPOINTS
@TIMEOUT
@click.option("--provenance", is_flag=True, help="With several endpoints: which of them gave a row, as a last column.")
@click.option("--store", "site", type=click.Path(path_type=Path), help="Ask the store that a build made with --store.")
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
    provenance: bool,  # noqa: FBT001 - same
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
    from pledge_ld import query as queries  # noqa: PLC0415 - same

    base = base_iri or config.base_of(data)
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
        from pledge_ld import country  # noqa: PLC0415 - same

        answer = queries.run(country.opened(site), text)
    else:
        here = store.local(data, base, validate.default_engine())
        if here.store is None:
            _report(here.problems)
            sys.exit(DATA_PROBLEMS)
        answer = queries.run(here.store, text)
    click.echo(queries.formatted(answer, form), nl=False)


def _unanswered(answered: int, problems: tuple[Problem, ...]) -> None:
    """Names the endpoints that gave nothing, and ends with their exit code where there is one."""
    _report(problems)
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
    from pledge_ld import config, store, validate  # noqa: PLC0415 - same
    from pledge_ld import query as queries  # noqa: PLC0415 - same

    base = base_iri or config.base_of(data)
    saved = queries.load(base)
    texts = {name: saved[name].text for name in comparison.federated(saved)}
    if endpoints:
        asked = store.ask_many(endpoints, texts, store.Limits(seconds=timeout))
        if asked.answered:
            text = comparison.formatted(comparison.compared(asked.answers, saved, cities), form, base)
            click.echo(store.with_sources(text, asked.answered, asked.problems) if form == "json" else text, nl=False)
        _report(asked.warnings)
        _unanswered(len(asked.answered), asked.problems)
        return
    here = store.local(data, base, validate.default_engine())
    if here.store is None:
        _report(here.problems)
        sys.exit(DATA_PROBLEMS)
    gathered = {name: queries.run(here.store, text) for name, text in texts.items()}
    click.echo(comparison.formatted(comparison.compared(gathered, saved, cities), form, base), nl=False)


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise PledgeError(f"--param: expected name=value, got '{text}'")
    return name, value


@command.command(epilog="Example: pledge-ld upload site/public --graph-store http://127.0.0.1:7878/store")
@click.argument("site", type=click.Path(path_type=Path), default=Path("site/public"))
@click.option("--graph-store", default="", metavar="URL", help="Its address of the Graph Store Protocol.")
@click.option("--update", default="", metavar="URL", help="Its address of SPARQL Update, where it has no other.")
@click.option(
    "--timeout", type=click.FloatRange(0.1, 86400), default=600, show_default=True, help="Seconds for all graphs."
)
def upload(site: Path, graph_store: str, update: str, timeout: float) -> None:
    """Put a built site's graphs into a store elsewhere: each city's graph as a whole, in the place of its last one.

    Credentials are read from PLEDGE_LD_STORE_USER and PLEDGE_LD_STORE_PASSWORD, or PLEDGE_LD_STORE_TOKEN.

    作ったサイトのグラフを、別の RDF ストアに市町村ごとに書き込みます。
    """
    from pledge_ld import store  # noqa: PLC0415 - --help need not wait for it

    found = store.upload(site, graph_store=graph_store, update=update, limits=store.Limits(seconds=timeout))
    for graph, triples in found.graphs:
        click.echo(f"{graph}: {triples} triples")
    _report(found.problems)
    sys.exit(REMOTE_FAILED if found.problems else FINE)


@command.command(
    "import", epilog="Example: pledge-ld import tomakomai-report report.txt --out data/jp-012131-tomakomai"
)
@click.argument("kind")
@click.argument("source", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The city's folder.")
@click.option("--force", is_flag=True, help="Overwrite files that were edited after an import.")
def import_(kind: str, source: Path, out: Path, force: bool) -> None:  # noqa: FBT001 - click passes options by name
    """Read a report into records: all of its files, or none.

    KIND is tomakomai-report. The city's departments.csv, corrections.csv and translations.csv are read, never written.

    報告書を記録に変換します。
    """
    from pledge_ld import importers  # noqa: PLC0415 - --help need not wait for it

    imported = importers.run(kind, source, out, force=force)
    _report(imported.problems)
    if not imported.written:
        _summary(imported.problems, "nothing written / 何も書き込んでいません")
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


@command.command(epilog="Example: pledge-ld harvest https://pledges.example.org/catalog.ttl --into harvest")
@click.argument("urls", nargs=-1, metavar="[URL]...")
@click.option(
    "--into",
    type=click.Path(path_type=Path),
    default=Path("harvest"),
    show_default=True,
    help="The folder of harvested sources.",
)
@click.option(
    "--deadline", type=click.FloatRange(1, 86400), default=60, show_default=True, help="Seconds for one source, in all."
)
@click.option(
    "--max-size", type=click.FloatRange(0.1, 4096), default=32, show_default=True, help="MiB of one source, unpacked."
)
@click.option("--allow-private", is_flag=True, help="Speak to this machine and its own network too.")
@DATA
@BASE
def harvest(  # noqa: PLR0917 - click passes options by name
    urls: tuple[str, ...],
    into: Path,
    deadline: float,
    max_size: float,
    allow_private: bool,  # noqa: FBT001 - same
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
    from pledge_ld.harvest import MIB, Bounds  # noqa: PLC0415 - same
    from pledge_ld.harvest.run import run, told  # noqa: PLC0415 - same

    bounds = Bounds(seconds=deadline, size=int(max_size * MIB), private=allow_private)

    def say(url: str, text: str) -> None:
        if sys.stderr.isatty():
            click.echo(f"{printable(url)}: {text}", err=True)

    code = FINE
    for one in run(urls, into, base_iri or config.base_of(data), data, bounds=bounds, say=say):
        english, japanese = told(one)
        fine = one.reason is None
        click.echo(f"{printable(one.url)}: {english}\n    {japanese}", err=not fine)
        _report(one.problems)
        if not fine:
            code = max(code, DATA_PROBLEMS if one.problems else REMOTE_FAILED)
    sys.exit(code)


def _report(problems: tuple[Problem, ...]) -> None:
    if problems:
        click.echo(as_text(problems), err=True)


def _summary(problems: tuple[Problem, ...], outcome: str) -> None:
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
