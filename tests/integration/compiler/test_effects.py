"""What the statements of the original document do to the rows of a real server."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import asyncpg
import pytest

from perfengine.datagen.values import key_value
from perfengine.model.operation import ClaimedKey, Constant, FieldValue, NewKey, RuleValue
from tests.entities import compile_entities, make_order, operation_of
from tests.sandbox import ANCHOR, build, connected, fill

if TYPE_CHECKING:
    from perfengine.model.operation import Operation
    from perfengine.model.plan import Plan
    from perfengine.model.table import Check, Table


async def choose(connection: asyncpg.Connection, table: Table, check: Check) -> dict[bool, Any]:
    """Return a value of the rule's one field for which the server says yes, and one for which it says no."""
    ((name, candidates),) = check.candidates
    column = table.column(name)
    found: dict[bool, Any] = {}
    for candidate in candidates:
        row = await connection.fetchrow(
            f'SELECT v.{name}, ({check.expression}) FROM (SELECT $1::text::{column.sql_type} AS "{name}") AS v',
            candidate,
        )
        found.setdefault(row[1], row[0])
    return found


class Attempts:
    """One attempt after another on the orders of a plan, each with rows of its own."""

    def __init__(self, connection: asyncpg.Connection, plan: Plan, ruled: dict[bool, Any]) -> None:
        self._connection, self._plan, self._ruled = connection, plan, ruled
        self._next_row = 0
        self._values = {
            "customer_id": key_value(plan.seed, plan.table("customer"), 3),
            "total_amount": Decimal("12.50"),
            "created_at": ANCHOR,
            "updated_at": ANCHOR,
        }

    async def run(self, name: str) -> tuple[list[asyncpg.Record], str]:
        """Return rows and command tag of one attempt."""
        operation = operation_of(self._plan, name)
        statement = await self._connection.prepare(operation.sql)
        rows = await statement.fetch(*self._arguments(operation))
        return rows, statement.get_statusmsg()

    def _arguments(self, operation: Operation) -> list[Any]:
        per_attempt = operation.rows.per_attempt if operation.rows else 1
        keys = [self._key(self._next_row + n) for n in range(per_attempt)]
        self._next_row += per_attempt
        return [self._argument(parameter, keys) for parameter in operation.parameters]

    def _argument(self, parameter: object, keys: list[str | int]) -> object:
        match parameter:
            case ClaimedKey(bulk=bulk):
                return keys if bulk else keys[0]
            case NewKey():
                return self._key(self._next_row + 1_000_000)
            case FieldValue(field=field):
                return self._values[field]
            case RuleValue(accept=accept):
                return self._ruled[accept]
            case Constant(value=value):
                return value
        return self._key(0)

    def _key(self, row: int) -> str | int:
        return key_value(self._plan.seed, self._plan.table("order"), row)


def test_statements_do_what_they_expect(database: str) -> None:
    """Each operation of the original document has the outcome that its expectation names."""
    plan = compile_entities(make_order())

    async def work(connection: asyncpg.Connection) -> None:
        await build(connection, plan)
        await fill(connection, plan, "customer", plan.data_rows["customer"])
        await fill(connection, plan, "order", 1000, ("pending",))
        table = plan.table("order")
        attempts = Attempts(connection, plan, await choose(connection, table, table.checks[0]))

        (created,), _ = await attempts.run("order_create")
        assert len(created) == 1
        (confirmed,), _ = await attempts.run("single_order_confirm")
        assert confirmed[0] is not None
        (counted,), _ = await attempts.run("bulk_order_confirm")
        assert counted[0] == 100
        states = (
            "SELECT status, count(*) FROM \"order\" WHERE updated_at > now() - interval '1 hour' GROUP BY 1"
        )
        assert [tuple(row) for row in await connection.fetch(states)] == [("confirmed", 101)]

        (found,), _ = await attempts.run("order_status_query")
        assert found[0] == 1001 - 101
        (searched,), _ = await attempts.run("complex_order_search")
        assert isinstance(searched[0], int)
        (read,), _ = await attempts.run("order_query")
        assert list(read.keys()) == [column.name for column in table.columns]

        assert (await attempts.run("order_update"))[1] == "UPDATE 1"
        assert (await attempts.run("bulk_order_update"))[1] == "UPDATE 100"
        assert (await attempts.run("order_delete"))[1] == "DELETE 1"
        assert (await attempts.run("validate_order_positive_total_accept"))[1] == "INSERT 0 1"

    connected(database, work)


def test_refusals_are_those_that_are_expected(database: str) -> None:
    """A wrong state raises P0001 with a constant message and changes nothing; a broken rule names its constraint."""
    plan = compile_entities(make_order())

    async def work(connection: asyncpg.Connection) -> None:
        await build(connection, plan)
        await fill(connection, plan, "customer", plan.data_rows["customer"])
        await fill(connection, plan, "order", 300, ("shipped",))
        table = plan.table("order")
        attempts = Attempts(connection, plan, await choose(connection, table, table.checks[0]))
        for name in ("invalid_order_confirm", "single_order_confirm", "bulk_order_confirm"):
            with pytest.raises(asyncpg.RaiseError, match=r'^invalid transition "confirm" of "order"$'):
                await attempts.run(name)
        assert await connection.fetchval("SELECT count(*) FROM \"order\" WHERE status = 'shipped'") == 300
        with pytest.raises(asyncpg.CheckViolationError) as caught:
            await attempts.run("validate_order_positive_total_reject")
        assert caught.value.constraint_name == "order_positive_total"

    connected(database, work)


def test_one_row_is_confirmed_once(database: str) -> None:
    """Of many clients that confirm one row at the same time, one succeeds."""
    plan = compile_entities(make_order())
    sql = operation_of(plan, "single_order_confirm").sql
    key = key_value(plan.seed, plan.table("order"), 0)

    async def confirm() -> bool:
        connection = await asyncpg.connect(database)
        try:
            await connection.fetchval(sql, key)
        except asyncpg.RaiseError:
            return False
        finally:
            await connection.close()
        return True

    async def work(connection: asyncpg.Connection) -> None:
        await build(connection, plan)
        await fill(connection, plan, "customer", plan.data_rows["customer"])
        await fill(connection, plan, "order", 1, ("pending",))
        assert sum(await asyncio.gather(*(confirm() for _ in range(8)))) == 1

    connected(database, work)
