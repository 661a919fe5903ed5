"""RDF stores of others, each with its own folder, on loopback, for as long as a test needs them."""

from __future__ import annotations

import shutil
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
from servers import free_port, running

if TYPE_CHECKING:
    from collections.abc import Iterator

OXIGRAPH = shutil.which("oxigraph", path=str(Path(sys.executable).parent)) or shutil.which("oxigraph")
VIRTUOSO = shutil.which("virtuoso-t")


class Store(NamedTuple):
    """A store's addresses, and who may write."""

    query: str
    graphs: str
    update: str
    user: str = ""
    password: str = ""

    @property
    def environment(self) -> dict[str, str]:
        """The variables by which the command learns who it is."""
        if not self.user:
            return {}
        return {"PLEDGE_LD_STORE_USER": self.user, "PLEDGE_LD_STORE_PASSWORD": self.password}


@contextmanager
def oxigraph(folder: Path) -> Iterator[Store]:
    """An Oxigraph in memory. Its default graph is the union, as that of our own endpoint."""
    if OXIGRAPH is None:
        pytest.skip("no Oxigraph here (PyPI: oxigraph)")
    port = free_port()
    command = [OXIGRAPH, "serve", "--bind", f"127.0.0.1:{port}", "--union-default-graph"]
    with running(command, port, folder / "oxigraph.log"):
        address = f"http://127.0.0.1:{port}"
        yield Store(f"{address}/query", f"{address}/store", f"{address}/update")


INI = """\
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
[TempDatabase]
DatabaseFile = {folder}/temp.db
TransactionFile = {folder}/temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
DirsAllowed = {folder}
NumberOfBuffers = 20000
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerRoot = {folder}
[SPARQL]
ResultSetMaxRows = 100000
MaxQueryExecutionTime = 60
"""


@contextmanager
def virtuoso(folder: Path) -> Iterator[Store]:
    """A Virtuoso with its own database. The user and password are those of every new one: it is on loopback only."""
    if VIRTUOSO is None:
        pytest.skip("no Virtuoso here (Debian: virtuoso-opensource)")
    sql, http = free_port(), free_port()
    ini = folder / "virtuoso.ini"
    ini.write_text(INI.format(folder=folder, sql=sql, http=http), encoding="utf-8")
    command = [VIRTUOSO, "+foreground", "+wait", "+configfile", str(ini)]
    # It makes its database first, which takes longer than any other server needs to start.
    with running(command, http, folder / "virtuoso.out", seconds=120):
        address = f"http://127.0.0.1:{http}"
        # What anybody may ask, and where who says the password may write.
        yield Store(f"{address}/sparql", f"{address}/sparql-graph-crud-auth", f"{address}/sparql-auth", "dba", "dba")
