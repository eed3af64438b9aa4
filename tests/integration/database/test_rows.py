"""Rows come and go by their key ranges."""

from __future__ import annotations

from typing import TYPE_CHECKING

import asyncpg
import pytest

from perfengine.database.rows import (
    CHUNK_ROWS,
    add_many_rows,
    add_rows,
    count_rows,
    count_satisfying,
    empty,
    remove_rows,
    restore_rows,
    settle,
)
from perfengine.datagen.values import key_value
from perfengine.engine.rules import row_statements
from perfengine.errors import PlanError, TargetError
from perfengine.model.plan import KeyRange
from tests.integration.database.conftest import ANCHOR

if TYPE_CHECKING:
    from perfengine.database.sandbox import Sandbox
    from perfengine.datagen.layout import RowSource
    from perfengine.model.plan import Plan
    from perfengine.model.rows import RowStatements
    from tests.integration.database.conftest import Sandboxes

pytestmark = pytest.mark.anyio

STATES = ("pending", "confirmed", "shipped")


@pytest.fixture
async def sandbox(sandboxes: Sandboxes, plan: Plan) -> Sandbox:
    """Return a sandbox with everything in it but rows."""
    return await sandboxes.furnished(plan)


@pytest.fixture
async def orders(sandbox: Sandbox, source: RowSource) -> RowStatements:
    """Return the statements of orders, with customers for them to refer to."""
    customers = KeyRange(start=0, count=source.rows["customer"])
    await add_rows(sandbox.connection, row_statements(source, "customer"), customers, ANCHOR)
    return row_statements(source, "order", STATES)


async def keys_of(connection: asyncpg.Connection) -> set[str]:
    """Return the keys of all orders, as hex digits."""
    return {row["id"].hex for row in await connection.fetch('SELECT id FROM "order"')}


async def test_a_range_of_keys_is_added(sandbox: Sandbox, orders: RowStatements, source: RowSource) -> None:
    """The rows have the keys of their indexes, and their states by turns from the first."""
    await add_rows(sandbox.connection, orders, KeyRange(start=100, count=7), ANCHOR)
    expected = {str(key_value(source.seed, orders.table, n)) for n in range(100, 107)}
    assert await keys_of(sandbox.connection) == expected
    found = await sandbox.connection.fetch('SELECT status, count(*) AS n FROM "order" GROUP BY status')
    assert {row["status"]: row["n"] for row in found} == {"pending": 3, "confirmed": 2, "shipped": 2}


async def test_only_that_range_is_removed(sandbox: Sandbox, orders: RowStatements, source: RowSource) -> None:
    """Neighbours stay, and keys of the range that are gone already are no matter."""
    await add_rows(sandbox.connection, orders, KeyRange(start=0, count=20), ANCHOR)
    gone = key_value(source.seed, orders.table, 7)
    await sandbox.connection.execute('DELETE FROM "order" WHERE id = $1', gone)
    await remove_rows(sandbox.connection, orders, KeyRange(start=5, count=10))
    expected = {str(key_value(source.seed, orders.table, n)) for n in (*range(5), *range(15, 20))}
    assert await keys_of(sandbox.connection) == expected


async def test_an_empty_range_is_nothing(sandbox: Sandbox, orders: RowStatements) -> None:
    """No row is added, removed or counted."""
    nothing = KeyRange(start=3, count=0)
    await add_many_rows(sandbox.connection, orders, nothing, ANCHOR)
    assert await keys_of(sandbox.connection) == set()
    assert await count_satisfying(sandbox.connection, orders, nothing, "true") == 0
    await remove_rows(sandbox.connection, orders, nothing)


async def test_many_rows_go_in_with_their_references_lifted_and_put_back(
    sandbox: Sandbox, orders: RowStatements
) -> None:
    """More than one chunk is one range, and afterwards the constraints are the same as before."""
    before = await constraints(sandbox)
    count = CHUNK_ROWS + 5
    await add_many_rows(sandbox.connection, orders, KeyRange(start=0, count=count), ANCHOR)
    counts = await count_rows(sandbox.connection, [orders.table])
    assert counts.rows == {"order": count}
    assert counts.size_bytes["order"] > count * 50
    assert await constraints(sandbox) == before
    await remove_rows(sandbox.connection, orders, KeyRange(start=0, count=count))
    assert (await count_rows(sandbox.connection, [orders.table])).rows == {"order": 0}


async def test_rows_are_made_what_they_were(sandbox: Sandbox, orders: RowStatements) -> None:
    """Changed ones are changed back, missing ones come back, and others are not touched."""
    await add_rows(sandbox.connection, orders, KeyRange(start=0, count=30), ANCHOR)
    content = 'SELECT t::text FROM "order" AS t ORDER BY id'
    before = await sandbox.connection.fetch(content)
    first = f"SELECT {orders.key_sql} FROM generate_series(0::bigint, 19) AS g(i)"
    await sandbox.connection.execute(
        f"UPDATE \"order\" SET status = 'lost', total_amount = 1 WHERE id IN ({first})"
    )
    await sandbox.connection.execute(
        f'DELETE FROM "order" WHERE id IN ({first.replace("0::bigint", "15::bigint")})'
    )
    await restore_rows(sandbox.connection, orders, KeyRange(start=0, count=20), ANCHOR)
    assert await sandbox.connection.fetch(content) == before


async def constraints(sandbox: Sandbox) -> list[tuple[str, str, bool]]:
    """Return the constraints of a sandbox."""
    query = (
        "SELECT conname::text, pg_get_constraintdef(oid), convalidated FROM pg_constraint"
        " WHERE connamespace = $1::regnamespace AND contype IN ('p', 'f', 'c') ORDER BY 1"
    )
    return [tuple(row) for row in await sandbox.connection.fetch(query, sandbox.schema)]


async def test_rows_that_are_refused_are_a_target_error(sandbox: Sandbox, orders: RowStatements) -> None:
    """Adding them twice breaks the key; the words say which table, and none of the second time stays."""
    await add_rows(sandbox.connection, orders, KeyRange(start=0, count=5), ANCHOR)
    for add in (add_rows, add_many_rows):
        with pytest.raises(TargetError, match='rows for table "order" were refused: duplicate key'):
            await add(sandbox.connection, orders, KeyRange(start=4, count=5), ANCHOR)
    assert len(await keys_of(sandbox.connection)) == 5


async def test_a_table_is_settled(sandbox: Sandbox, orders: RowStatements) -> None:
    """No dead row is left, and the planner knows how many there are."""
    await add_rows(sandbox.connection, orders, KeyRange(start=0, count=50), ANCHOR)
    await remove_rows(sandbox.connection, orders, KeyRange(start=0, count=40))
    await settle(sandbox.connection, [orders.table])
    tuples, pages = await sandbox.connection.fetchrow(
        "SELECT reltuples::int, relpages FROM pg_class WHERE oid = $1::regclass", '"order"'
    )
    assert (tuples, pages) == (10, 1)


async def test_rows_that_satisfy_an_expression_are_counted(sandbox: Sandbox, orders: RowStatements) -> None:
    """Only those of the range count, and an expression may end in a comment."""
    await add_rows(sandbox.connection, orders, KeyRange(start=0, count=30), ANCHOR)
    some = KeyRange(start=0, count=6)
    assert await count_satisfying(sandbox.connection, orders, some, "status = 'pending' -- new") == 2


async def test_an_expression_that_cannot_be_evaluated_is_named(
    sandbox: Sandbox, orders: RowStatements
) -> None:
    """It was the author who wrote it: a plan that cannot be, not a database that failed."""
    with pytest.raises(PlanError, match=r'"order" cannot be asked for \(nosuch > 1\): .*nosuch'):
        await count_satisfying(sandbox.connection, orders, KeyRange(start=0, count=1), "nosuch > 1")


async def test_a_connection_that_is_lost_is_not_taken_for_a_wrong_expression(
    sandboxes: Sandboxes, sandbox: Sandbox, orders: RowStatements
) -> None:
    """The author has nothing to mend then."""
    await sandbox.connection.close()
    with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError)):
        await count_satisfying(sandbox.connection, orders, KeyRange(start=0, count=1), "true")
    assert sandboxes.connections


async def test_a_table_is_emptied(sandboxes: Sandboxes, plan: Plan, source: RowSource) -> None:
    """All rows go, whatever their keys; other tables keep theirs."""
    connection = (await sandboxes.bare(plan)).connection
    for name in ("customer", "order"):
        await add_rows(connection, row_statements(source, name), KeyRange(start=7, count=5), ANCHOR)
    await empty(connection, source.tables["customer"])
    assert (await count_rows(connection, source.tables.values())).rows == {"customer": 0, "order": 5}
