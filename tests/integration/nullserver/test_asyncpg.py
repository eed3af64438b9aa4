"""The null server against the driver that a load process uses."""

from __future__ import annotations

import asyncio
import stat
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import asyncpg
import pytest

from perfengine.nullserver.launch import null_server

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

SELECT = "SELECT id, balance, filler FROM account WHERE id = $1"
HOSTILE = [
    b"\xff" * 64,
    b"GET / HTTP/1.1\r\n\r\n",
    b"\0\0\0\x13\0\3\0\0user\0null\0\0Q\x7f\xff\xff\xffSELECT",  # let in, then a message of 2 GiB
]


def socket_path(dsn: str) -> Path:
    """Return the socket of a DSN."""
    query = parse_qs(urlsplit(dsn).query)
    return Path(query["host"][0], f".s.PGSQL.{query['port'][0]}")


def with_server(work: Callable[[str], Coroutine[Any, Any, None]]) -> None:
    """Run `work` on the DSN of a server of its own."""

    async def run() -> None:
        async with null_server() as server:
            await work(server.dsn)

    asyncio.run(run())


def test_a_session_from_start_to_end() -> None:
    """Prepare, fetch, transactions, a cursor, close: the driver is content."""

    async def work(dsn: str) -> None:
        connection = await asyncpg.connect(dsn)
        statement = await connection.prepare(SELECT, name="one")
        row = (await statement.fetch(7))[0]
        assert tuple(row) == (1, 100, "x" * 84)
        assert statement.get_statusmsg() == "SELECT 1"
        assert await connection.execute("BEGIN") == "BEGIN"
        assert connection.is_in_transaction()
        assert await connection.execute("COMMIT") == "COMMIT"
        assert not connection.is_in_transaction()
        async with connection.transaction():
            assert len([row async for row in connection.cursor("SELECT 1")]) == 1
        with pytest.raises(ZeroDivisionError):
            async with connection.transaction(isolation="serializable"):
                raise ZeroDivisionError
        assert await connection.execute("UPDATE account SET balance = $1", 4) == "UPDATE 1"
        await connection.reset()
        await connection.close()

    with_server(work)


def test_many_at_once_and_in_turn() -> None:
    """Replies go to whom they belong, in order."""

    async def work(dsn: str) -> None:
        async with asyncpg.create_pool(dsn, min_size=10, max_size=10) as pool:
            rows = await asyncio.gather(*(pool.fetchrow(SELECT, key) for key in range(500)))
        assert {row["balance"] for row in rows} == {100}

    with_server(work)


def test_hostile_bytes_end_their_own_connection_only() -> None:
    """Who does not speak the protocol is left; the others do not notice."""

    async def work(dsn: str) -> None:
        bystander = await asyncpg.connect(dsn)
        for data in HOSTILE:
            reader, writer = await asyncio.open_unix_connection(socket_path(dsn))
            writer.write(data)
            with pytest.raises(ConnectionResetError):
                await asyncio.wait_for(_read_to_end(reader), 30)
            writer.close()
            assert await bystander.fetchval("SELECT 1") == 1
        await bystander.close()
        newcomer = await asyncpg.connect(dsn)
        await newcomer.close()

    with_server(work)


async def _read_to_end(reader: asyncio.StreamReader) -> None:
    """An end in good order is an abort too, where the bytes had been read before."""
    await reader.read(-1)
    raise ConnectionResetError


def test_nobody_else_can_reach_it() -> None:
    """The socket lies in a directory of ours, and is gone with the server."""
    found: list[Path] = []

    async def work(dsn: str) -> None:
        found.append(socket_path(dsn).parent)
        assert stat.S_IMODE(found[0].stat().st_mode) == 0o700

    with_server(work)
    assert not found[0].exists()


def test_loopback_where_the_path_is_too_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without room for a socket it listens on loopback, and declines encryption there."""
    deep = tmp_path / ("d" * 100)
    deep.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(deep))

    async def work(dsn: str) -> None:
        assert "host=127.0.0.1" in dsn
        connection = await asyncpg.connect(dsn, ssl="prefer")
        assert await connection.fetchval("SELECT 1") == 1
        await connection.close()

    with_server(work)


def test_the_environment_is_about_another_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """PG variables of the reader's own server do not keep us away from the null server."""
    for name, value in {"PGHOST": "db.example.com", "PGSSLMODE": "verify-full", "PGUSER": "app"}.items():
        monkeypatch.setenv(name, value)

    async def work(dsn: str) -> None:
        await (await asyncpg.connect(dsn)).close()

    with_server(work)


def test_its_cost_grows_with_its_work() -> None:
    """Wall and CPU time so far; their difference is a share of the time."""

    async def run() -> None:
        async with null_server() as server:
            before = await server.cost()
            connection = await asyncpg.connect(server.dsn)
            for _ in range(500):
                await connection.fetch(SELECT, 1)
            after = await server.cost()
            await connection.close()
        assert after.cpu_ns > before.cpu_ns
        assert 0 < after.busy_share_since(before) <= 1.1

    asyncio.run(run())
