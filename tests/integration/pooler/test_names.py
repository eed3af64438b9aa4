"""What a statement names through the pooler is the sandbox's, or nothing at all: never somebody else's."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from perfengine.errors import SpecError
from perfengine.model.keywords import RESERVED
from perfengine.model.settings import LoadSettings
from tests.integration.engine.runs import Watcher
from tests.integration.pooler.runs import Pooled, require_sound

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.engine.looking import Onlooker

#: Every operation writes to a table that is in `public` too; `ledger` is in `public` alone.
WORKLOAD = """
import asyncpg
import perfengine


@perfengine.setup
async def make(client):
    await client.execute("CREATE TABLE account (id int PRIMARY KEY, balance bigint NOT NULL)")
    await client.execute("INSERT INTO account SELECT n, 0 FROM generate_series(1, 10) AS n")
    await client.execute("CREATE TABLE scratch (n int)")
    await client.execute(
        "CREATE FUNCTION raise_it(int) RETURNS bigint LANGUAGE sql AS"
        " 'UPDATE account SET balance = balance + 1 WHERE id = $1 RETURNING balance'"
    )
    await client.execute(
        "CREATE PROCEDURE raise_one() LANGUAGE plpgsql AS"
        " $$ BEGIN UPDATE account SET balance = balance + 1 WHERE id = 2; END $$"
    )


@perfengine.operation
class Everything:
    async def set_up(self, client):
        await client.execute("INSERT INTO scratch VALUES ($1)", 0)

    async def __call__(self, client):
        key = client.number % 10 + 1
        assert await client.fetchval("SELECT raise_it($1)", key) > 0
        assert await client.execute("UPDATE account SET balance = balance + $1 WHERE id = $2", 1, key) == "UPDATE 1"
        assert await client.execute("CALL raise_one()") == "CALL"
        assert await client.fetch("SELECT a.id FROM generate_series(1, 1) g, account AS a WHERE a.id = $1", key)
        assert await client.fetchrow("SHOW search_path") is not None
        assert await client.execute("TRUNCATE scratch") == "TRUNCATE TABLE"
        async with client.transaction(isolation="repeatable read", readonly=True):
            await client.fetchval("SELECT count(*) FROM account WHERE balance > 0 AND id <> $1", client.number)
        async with client.transaction():
            assert await client.execute("INSERT INTO scratch VALUES (1); DELETE FROM scratch") == "DELETE 1"
            await client.execute("CREATE TABLE ledger (n int)")
            assert await client.execute("INSERT INTO ledger VALUES ($1)", 1) == "INSERT 0 1"
            await client.execute("DROP TABLE ledger")
        for text in ("DELETE FROM ledger", "DELETE FROM ledger WHERE id = 1 AND nextval('numbers') > 0"):
            try:
                await client.execute(text)
            except asyncpg.UndefinedTableError:
                pass
            else:
                raise AssertionError("that is somebody else's")
        try:
            await client.fetch("SELECT id FROM ledger")
        except asyncpg.UndefinedTableError:
            pass
        else:
            raise AssertionError("that is somebody else's")
"""
POOLED = "workload: {prepare: false, warmup: 0}\n"
OWN = """
workload:
  mode: benchmark
  prepare: false
  setup: [CREATE TABLE account (id int)]
  ops:
"""
MAKES = """
workload:
  mode: benchmark
  prepare: false
  ops:
    makes:
      transaction:
        steps: [{sql: SELECT 1 AS n INTO ledger}, {sql: DROP TABLE ledger}]
"""


def test_python_means_the_sandbox(pooled: Pooled, tmp_path: Path, onlooker: Onlooker) -> None:
    """Every way to say a statement, functions and procedures of set-up; what is in `public` alone is not there."""
    (tmp_path / "pooled.yaml").write_text(POOLED)
    (tmp_path / "everything.py").write_text(dedent(WORKLOAD))
    sums: list[int] = []

    def look(_: object) -> None:
        sums.append(onlooker.value(f"SELECT sum(balance)::bigint FROM {onlooker.sandbox()}.account"))

    result = pooled.run(
        tmp_path / "everything.py",
        tmp_path / "pooled.yaml",
        load=LoadSettings(concurrency=1, iterations=30),
        watcher=Watcher({"clean up": look}),
    )
    require_sound(result, "Everything")
    assert sums == [90]


#: Of what is in `public` alone: tables, a function, a view, a sequence.
NOT_THERE = (
    "DELETE FROM ledger",
    "WITH gone AS (DELETE FROM ledger RETURNING *) SELECT count(*) FROM gone",
    "UPDATE account SET id = (SELECT max(id) FROM ledger)",
    "SELECT order_confirm(gen_random_uuid())",
    "INSERT INTO open_orders DEFAULT VALUES",
    "SELECT nextval('numbers')",
)
#: Statements that are not parsed beforehand.
NOT_PARSED = ("TRUNCATE ledger", "LOCK TABLE ledger", "DROP TABLE ledger")


def own(*statements: str) -> str:
    """Return a workload with an operation for each statement."""
    lines = (f'    mine_{number}: {{sql: "{sql}"}}\n' for number, sql in enumerate(statements))
    return OWN + "".join(lines)


def test_what_the_sandbox_has_not_is_not_found(pooled: Pooled, tmp_path: Path) -> None:
    """It is there in `public`, where a pooled session looks; the run says of each that it does not exist."""
    (tmp_path / "own.yaml").write_text(own(*NOT_THERE))
    with pytest.raises(SpecError) as caught:
        pooled.run(tmp_path / "own.yaml", load=LoadSettings(iterations=10))
    assert len(caught.value.mistakes) == len(NOT_THERE)
    for number, mistake in enumerate(caught.value.mistakes):
        assert f'"mine_{number}"' in mistake.message
        assert "does not exist" in mistake.message


def test_what_the_server_looks_up_as_it_runs_is_not_found_either(pooled: Pooled, tmp_path: Path) -> None:
    """Every attempt of each fails."""
    (tmp_path / "own.yaml").write_text(own(*NOT_PARSED))
    operations = pooled.run(tmp_path / "own.yaml", load=LoadSettings(iterations=10)).operations
    assert len(operations) == len(NOT_PARSED)
    for mine in operations:
        assert mine.error == mine.attempts == 10
        assert {one.sqlstate for one in mine.measurement.failures} == {"42P01"}


def test_a_table_that_a_statement_makes_is_the_sandboxs(pooled: Pooled, tmp_path: Path) -> None:
    """The table of the same name in `public` is neither in the way nor dropped."""
    (tmp_path / "own.yaml").write_text(MAKES)
    require_sound(pooled.run(tmp_path / "own.yaml", load=LoadSettings(iterations=10)), "makes")


def test_reserved_words_are_the_servers(onlooker: Onlooker) -> None:
    """Those that cannot name a table or a function unless they are quoted."""
    rows = onlooker.fetch("SELECT word FROM pg_get_keywords() WHERE catcode IN ('R', 'T')")
    assert {row["word"] for row in rows} == RESERVED


def test_a_failed_transaction_can_be_ended(pooled: Pooled, tmp_path: Path) -> None:
    """ROLLBACK goes as it is, with nothing before it that a failed transaction refuses."""
    (tmp_path / "pooled.yaml").write_text(POOLED)
    (tmp_path / "ended.py").write_text(
        dedent("""
        import asyncpg
        import perfengine

        @perfengine.operation
        async def ended(client):
            await client.execute("BEGIN")
            try:
                await client.execute("SELECT 1 / 0")
            except asyncpg.DivisionByZeroError:
                await client.execute("ROLLBACK")
            assert await client.fetchval("SELECT 1") == 1
            try:
                await client.execute("COMMIT; DELETE FROM ledger")
            except perfengine.UsageError as error:
                assert "a call of their own" in str(error)
            else:
                raise AssertionError("it would be somebody else's")
        """)
    )
    files = (tmp_path / "ended.py", tmp_path / "pooled.yaml")
    require_sound(pooled.run(*files, load=LoadSettings(iterations=20)), "ended")
