"""Who follows a server's WAL is seen, and how far behind; a role without rights sees that somebody does."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import asyncpg
import pytest

from perfengine.database.company import read_company
from perfengine.embedded.binaries import find_binaries
from perfengine.embedded.server import start_ephemeral
from perfengine.serverview.queries import sample_query

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfengine.embedded.server import EmbeddedServer

RECEIVER = find_binaries().bin_dir / "pg_receivewal"
pytestmark = pytest.mark.skipif(not RECEIVER.exists(), reason="needs pg_receivewal")

READY = "CREATE ROLE little LOGIN; CREATE TABLE filler (text text); SELECT pg_reload_conf()"
ADMITTED = "local replication all peer map=perfengine\n"
FILL = "INSERT INTO filler SELECT repeat(md5(n::text), 30) FROM generate_series(1, 10000) AS n"
#: One that has just come has all of the server's WAL before it.
FOLLOWS = "SELECT coalesce(flush_lsn >= pg_current_wal_flush_lsn(), false) FROM pg_stat_replication"


def ask(dsn: str, query: str, *arguments: str) -> list[Any]:
    """Return the rows of a query."""

    async def work() -> list[Any]:
        connection = await asyncpg.connect(dsn)
        try:
            return list(await connection.fetch(query, *arguments))
        finally:
            await connection.close()

    return asyncio.run(work())


def run(dsn: str, statements: str) -> None:
    """Run statements."""

    async def work() -> None:
        connection = await asyncpg.connect(dsn)
        await connection.execute(statements)
        await connection.close()

    asyncio.run(work())


@contextmanager
def following(server: EmbeddedServer, directory: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Give a program that receives the WAL of the server, when it has all that there is."""
    place = ["-h", str(server.socket_dir), "-p", str(server.port), "-U", server.user]
    command = [str(RECEIVER), "-D", str(directory), "--synchronous", *place]
    receiver = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 20
        while not any(row[0] for row in ask(server.dsn, FOLLOWS)):
            assert time.monotonic() < deadline, "it does not follow"
            time.sleep(0.02)  # a poll with a deadline: it happens in another process
        yield receiver
    finally:
        receiver.send_signal(signal.SIGCONT)
        receiver.kill()
        receiver.wait()


def test_who_follows_is_seen(tmp_path: Path) -> None:
    """While it is stopped it falls behind by what is written; a role without pg_monitor is told its number alone."""
    with start_ephemeral() as server:
        [hba_file] = ask(server.dsn, "SELECT current_setting('hba_file')")[0]
        with Path(hba_file).open("a", encoding="utf-8") as rules:
            rules.write(ADMITTED)
        run(server.dsn, READY)
        with following(server, tmp_path) as receiver:
            [before] = ask(server.dsn, sample_query(18), "perfengine/0badcafe")
            receiver.send_signal(signal.SIGSTOP)
            run(server.dsn, FILL)
            [after] = ask(server.dsn, sample_query(18), "perfengine/0badcafe")
            little = server.dsn.replace("://perfengine@", "://little@")
            [hidden] = ask(little, sample_query(18), "perfengine/0badcafe")
            company = asyncio.run(company_of(little))
    assert (before["standbys"], after["standbys"], hidden["standbys"]) == (1, 1, 1)
    assert after["replication_lag_bytes"] - before["replication_lag_bytes"] > 8_000_000
    assert hidden["replication_lag_bytes"] is None
    assert company.standbys == 1
    assert "pg_receivewal" in company.applications


async def company_of(dsn: str) -> Any:
    """Return what else lives on the server, as a role sees it."""
    connection = await asyncpg.connect(dsn)
    try:
        return await read_company(connection)
    finally:
        await connection.close()
