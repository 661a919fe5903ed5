"""The commands that make a site, serve it, and put it elsewhere."""

from __future__ import annotations

import gc
import sys
from pathlib import Path
from typing import Any

import click

from pledge_ld.cli.group import DATA_PROBLEMS, FINE, REMOTE_FAILED, command, report, summary
from pledge_ld.cli.options import BASE, DATA, ENGINE, Amount, Place, bounded
from pledge_ld.problem import PledgeError


@command.command(epilog="Example: pledge-ld build --out site/public")
@DATA
@click.option(
    "--out",
    type=Place(),
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
    verify: bool,  # noqa: FBT001 - click passes options by name
    allow_shrink: bool,  # noqa: FBT001 - click passes options by name
    compress: str,
    dumps_only: bool,  # noqa: FBT001 - click passes options by name
    jobs: int | None,
    scheduler: str | None,
    with_store: bool,  # noqa: FBT001 - click passes options by name
) -> None:
    """Read the records, check them, compute the rollups and publish the site: all of it, or nothing.

    記録を読み、検査し、計算し、サイトを公開します。問題があれば何も変えません。
    """
    # A build makes many objects and few cycles: looking for those as often as Python does took a tenth of it, and a
    # third of the imports.
    gc.set_threshold(100_000, *gc.get_threshold()[1:])
    from pledge_ld import config, publish, validate  # noqa: PLC0415 - --help need not wait for them

    settings = config.load(data, base_iri, site_url)
    engine = engine or validate.default_engine()
    if dumps_only:
        if verify:
            raise PledgeError("--verify is for a whole site / --verify はサイト全体のビルドで使います")
        from pledge_ld import country  # noqa: PLC0415 - --help need not wait for it

        with country.spread_over(jobs, scheduler) as spread:
            built = country.build(settings, data, out, engine, spread, store=with_store, allow_shrink=allow_shrink)
    elif jobs or scheduler or with_store:
        message = "--jobs, --scheduler and --store go with --dumps-only"
        raise PledgeError(f"{message} / --dumps-only と一緒に指定してください")
    else:
        built = publish.build(settings, data, out, engine, allow_shrink=allow_shrink, verify=verify, packing=compress)
    report(built.problems)
    if not built.published:
        summary(built.problems, f"nothing published, {out} is as it was / 何も公開していません")
        sys.exit(DATA_PROBLEMS)
    if built.unchanged:
        said = "equals a clean build" if verify else "unchanged"
        click.echo(f"{out}: {said}, {built.files} files")
        return
    new = "all made anew" if verify else f"{built.written} of them new"
    said = f"{built.files} files, {new}, {built.triples} triples, {len(built.problems)} warnings"
    click.echo(f"{out}: {said}")


@command.command(epilog="Example: pledge-ld rollback --out site/public")
@click.option("--out", type=Place(), default=Path("site/public"), show_default=True, help="The site.")
def rollback(out: Path) -> None:
    """Bring the previous site back; the present one becomes the previous.

    前のサイトに戻します。
    """
    from pledge_ld import publish  # noqa: PLC0415 - --help need not wait for it

    for path in publish.rollback(out):
        click.echo(f"{out}/{path}: warning: not as it was published / 公開したときの内容と異なります", err=True)
    click.echo(f"{out}: the previous site is back / 前のサイトに戻しました")


@command.command(epilog="Example: pledge-ld serve site/public --port 8000")
@click.argument("site", type=Place(), default=Path("site/public"))
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0 takes a free one.")
@click.option("--root-path", default="", metavar="/PATH", help="The folder below the host, behind a proxy.")
@click.option("--load", "loads", multiple=True, type=Place(), help="An RDF file to query too; may repeat.")
@click.option(
    "--harvested",
    type=Place(),
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
    log_queries: bool,  # noqa: FBT001 - click passes options by name
    **bounds: Any,
) -> None:
    """Serve a built site: each thing in the form and language that a visitor asks for, and queries at /sparql.

    Times are in seconds, sizes in MiB. /health and /metrics tell how the server is; the log is JSON, a line an answer,
    on stderr.

    サイトを公開します。ものごとのアドレスに、求められた形式と言語で答えます。
    """
    from pledge_ld import harvest as copies  # noqa: PLC0415 - --help need not wait for them
    from pledge_ld import serve as server  # noqa: PLC0415 - --help need not wait for it

    limits, queries = server.limits_of(bounds)
    files, problems = copies.harvested(harvested) if harvested else ((), ())
    report(problems)
    server.run(
        site,
        host,
        port,
        root_path=root_path,
        loads=loads + files,
        limits=limits,
        queries=queries,
        log_queries=log_queries,
        forwarded_allow_ips=trust,
    )


@command.command(epilog="Example: pledge-ld upload site/public --graph-store http://127.0.0.1:7878/store")
@click.argument("site", type=Place(), default=Path("site/public"))
@click.option("--graph-store", default="", metavar="URL", help="Its address of the Graph Store Protocol.")
@click.option("--update", default="", metavar="URL", help="Its address of SPARQL Update, where it has no other.")
@click.option("--timeout", type=Amount(0.1, 86400), default=600, show_default=True, help="Seconds for all graphs.")
def upload(site: Path, graph_store: str, update: str, timeout: float) -> None:
    """Put a built site's graphs into a store elsewhere: each city's graph as a whole, in the place of its last one.

    Credentials are read from PLEDGE_LD_STORE_USER and PLEDGE_LD_STORE_PASSWORD, or PLEDGE_LD_STORE_TOKEN.

    作ったサイトのグラフを、別の RDF ストアに市町村ごとに書き込みます。
    """
    from pledge_ld import store  # noqa: PLC0415 - --help need not wait for it

    found = store.upload(site, graph_store=graph_store, update=update, limits=store.Limits(seconds=timeout))
    for graph, triples in found.graphs:
        click.echo(f"{graph}: {triples} triples")
    report(found.problems)
    sys.exit(REMOTE_FAILED if found.problems else FINE)
