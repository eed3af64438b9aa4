"""`perfengine.run` and `run_async` on a real server: in the caller's process, and through load processes."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import anyio
import pytest

import perfengine
from tests.sandbox import connected

if TYPE_CHECKING:
    from pathlib import Path

    import asyncpg

SEEN: list[int] = []


@perfengine.setup
async def make_visits(client: perfengine.Client) -> None:
    """Make a table in the sandbox."""
    await client.execute("CREATE TABLE visit (number bigint)")


@perfengine.operation(requirements={"error_rate": 0})
async def visit(client: perfengine.Client) -> None:
    """Leave a row; what it appends shows that it ran in this process."""
    SEEN.append(client.number)
    await client.execute("INSERT INTO visit VALUES ($1)", client.number)


@perfengine.operation
async def refuse(client: perfengine.Client) -> None:
    """Say no at every second attempt."""
    if client.number % 2:
        client.refuse("not the odd ones")
    await client.fetchval("SELECT 1")


FILE = """
import os, perfengine

@perfengine.setup
async def make(client):
    await client.execute("CREATE TABLE pid (process int)")

@perfengine.operation(requirements={"p50": "10s"})
async def note(client):
    if os.getpid() == %d:
        raise RuntimeError("in the process of the caller")
    await client.execute("INSERT INTO pid VALUES ($1)", os.getpid())
"""


def schemas(dsn: str) -> list[str]:
    """Return the sandboxes that are left on a server."""
    found: list[str] = []

    async def look(connection: asyncpg.Connection) -> None:
        rows = await connection.fetch("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'perfengine%'")
        found.extend(row[0] for row in rows)

    connected(dsn, look)
    return found


def test_callables_run_in_this_process(database: str, tmp_path: Path) -> None:
    """Their set-up too; every attempt has a number of its own; the result is the one that is written."""
    SEEN.clear()
    report = tmp_path / "result.json"
    result = perfengine.run(visit, dsn=database, concurrency=3, iterations=50, reports=report)
    assert result.in_process
    assert result.standing is perfengine.Standing.PASS
    assert [(one.operation.name, one.ok) for one in result.operations] == [("visit", 50)]
    assert len(set(SEEN)) == len(SEEN) >= 50
    assert json.loads(report.read_text())["results"]["visit"]["iterations"] == 50
    assert schemas(database) == []


def test_a_refusal_is_a_refusal(database: str) -> None:
    """And no error: the application's own rules said no."""
    result = perfengine.run(refuse, dsn=database, iterations=40)
    (operation,) = result.operations
    assert (operation.ok, operation.refused, operation.error) == (20, 20, 0)


def test_against_a_baseline(database: str, tmp_path: Path) -> None:
    """What came of it is in the result and in its file; what is slower is no exception."""
    base, report = tmp_path / "base.json", tmp_path / "now.json"
    base.write_text('{"results": {"refuse": {"mean": 1e-7}}}')
    asked: dict[str, Any] = {"dsn": database, "iterations": 40, "baseline": base}
    result = perfengine.run(refuse, **asked, reports=report)
    assert result.standing is perfengine.Standing.FAIL
    assert result.comparison
    assert [operation.name for operation in result.comparison.failing] == ["refuse"]
    assert json.loads(report.read_text())["comparison"]["fails"] is True
    tolerant = perfengine.run(refuse, **asked, regression_threshold=1e9)
    assert (tolerant.standing, tolerant.comparison.fails) == (perfengine.Standing.PASS, False)  # type: ignore[union-attr]


def test_a_baseline_is_read_before_the_load(tmp_path: Path) -> None:
    """What is wrong with it is said at once: no server is looked for."""
    nowhere: dict[str, Any] = {"dsn": "postgresql://nobody@localhost:1/none", "iterations": 1}
    with pytest.raises(perfengine.UsageError, match=r"none\.json: no such file"):
        perfengine.run(refuse, **nowhere, baseline=tmp_path / "none.json")
    (tmp_path / "other.json").write_text('{"results": {"order_query": {"mean": 1}}}')
    with pytest.raises(perfengine.UsageError, match="have no operation in common"):
        perfengine.run(refuse, **nowhere, baseline=str(tmp_path / "other.json"))


def test_a_file_runs_in_load_processes(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Several of them; and its tables go with the sandbox."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "noting.py").write_text(FILE % os.getpid())

    async def main() -> perfengine.RunResult:
        return await perfengine.run_async(
            scenario="noting.py", dsn=database, concurrency=4, iterations=60, processes=2
        )

    result = anyio.run(main)
    assert not result.in_process
    assert result.processes == 2
    assert [(one.operation.name, one.ok) for one in result.operations] == [("note", 60)]
    assert schemas(database) == []


def test_inside_an_event_loop_run_says_what_to_write() -> None:
    """It cannot wait there."""

    async def main() -> None:
        perfengine.run(visit)

    with pytest.raises(perfengine.UsageError, match=r"write `await perfengine\.run_async\(\.\.\.\)`"):
        anyio.run(main)
