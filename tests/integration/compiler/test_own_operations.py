"""A real server runs what the author wrote, and reads placeholders where perfengine does."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from perfengine.model.generator import Choice, NumberRange, ReferenceTo
from perfengine.model.scenario import FieldData
from perfengine.model.sql_text import bind, placeholders
from perfengine.model.transaction import Captured, StatementStep
from perfengine.model.workload import OwnOperation, OwnStatement, SetupStatement, Workload
from tests.entities import HERE, compile_entities, make_order, make_parameters, make_statement, operation_of
from tests.sandbox import build, connected, fill

if TYPE_CHECKING:
    from uuid import UUID

    import asyncpg

    from perfengine.model.operation import Operation

AMOUNT = NumberRange(low=Decimal(1), high=Decimal(9))
CUSTOMER = ReferenceTo(table="customer")
INSERT = (
    "INSERT INTO {{order}} (id, customer_id, status, total_amount, created_at, updated_at)"
    " VALUES (gen_random_uuid(), :customer, 'pending', :amount, now(), now()) RETURNING id"
)


def test_statements_run(database: str) -> None:
    """A statement, a function and the steps of a transaction, with values bound by position."""
    steps = (
        OwnStatement(sql=INSERT, position=HERE, name="made"),
        OwnStatement(sql="SELECT order_confirm(:made.id)", position=HERE),
        OwnStatement(sql="SELECT status FROM {{order}} WHERE id = :made.id AND :amount > 0", position=HERE),
    )
    parameters = make_parameters(customer=CUSTOMER, amount=AMOUNT)
    workload = Workload(
        operations=(
            make_statement("SELECT count(*) FROM {{order}} WHERE customer_id = :c", c=CUSTOMER),
            OwnOperation(name="checkout", position=HERE, steps=steps, parameters=parameters, explicit=True),
            OwnOperation(
                name="add", position=HERE, function="add_up", parameters=make_parameters(b=AMOUNT, a=AMOUNT)
            ),
        ),
        setup=(
            SetupStatement(
                position=HERE,
                sql="CREATE FUNCTION add_up(a int, b int) RETURNS int LANGUAGE sql AS $$SELECT 10 * a + b$$",
            ),
            SetupStatement(position=HERE, analyze=("order", "customer")),
        ),
    )
    plan = compile_entities(make_order(), workload=workload)

    async def work(connection: asyncpg.Connection) -> None:
        await build(connection, plan)
        await fill(connection, plan, "customer", 5)
        for statement in plan.setup:
            await connection.execute(statement)
        customer = await connection.fetchval('SELECT id FROM "customer" LIMIT 1')
        assert (
            await run_steps(connection, operation_of(plan, "checkout"), (customer, Decimal(5))) == "confirmed"
        )
        assert await connection.fetchval(operation_of(plan, "lookup").sql, customer) == 1
        assert await connection.fetchval(operation_of(plan, "add").sql, 1, 2) == 21

    connected(database, work)


async def run_steps(
    connection: asyncpg.Connection, operation: Operation, arguments: tuple[UUID, Decimal]
) -> object:
    """Return the first value of the last step."""
    assert operation.transaction is not None
    captured: dict[str, asyncpg.Record] = {}
    row: asyncpg.Record | None = None
    for step in operation.transaction.steps:
        assert isinstance(step, StatementStep)
        values = [
            captured[one.step][one.column] if isinstance(one, Captured) else arguments[one.position]
            for one in step.bindings
        ]
        row = await connection.fetchrow(step.sql, *values)
        if step.name is not None and row is not None:
            captured[step.name] = row
    return row[0] if row else None


#: SQL that says true, whose colons, quotes and dollars the server must read as we do.
TRUTHS = (
    "SELECT :a::text = 'x'",
    "SELECT ':a' <> :a AND E':a\\':a' <> :a",
    "SELECT E'a'\n'\\':a' = 'a'':a' AND :a = 'x'",
    "SELECT E'a' -- it's :no\n'\\':a' = 'a'':a' AND :a = 'x'",
    "SELECT $$:a$$ <> :a AND $q$:a$$:a$q$ <> :a /* :no /* it's */ :no */",
    "SELECT U&'\\003Aa' = ':a' AND :a = 'x'",
    "SELECT (ARRAY['y', :a, 'z'])[2:3] = ARRAY[:a, 'z'] --:no",
    "SELECT v[i:j] = ARRAY[:a] FROM (SELECT ARRAY['x'] AS v, 1 AS i, 1 AS j) AS s",
    "SELECT v[:n : :n] = ARRAY[:a] FROM (SELECT ARRAY['x'] AS v) AS s",
    'SELECT ":a" = :a FROM (SELECT \'x\' AS ":a") AS s',
    "SELECT a$b$c = :a FROM (SELECT 'x' AS a$b$c) AS s",
    "SELECT :a = 'x' FROM generate_series(1, 5) AS n LIMIT:n",
    "SELECT 2*/*:no*/-1=-2 AND :a='x'",
    "SELECT make_interval(days => :n) = make_interval(days := :n) AND :a = 'x'",
)


@pytest.mark.parametrize("sql", TRUTHS)
def test_the_server_reads_the_same_text(database: str, sql: str) -> None:
    """What is bound is a parameter for the server too, and what is left alone is none."""
    names = dict.fromkeys(one.key for one in placeholders(sql))
    bound = bind(sql, {key: number for number, key in enumerate(names, start=1)})
    values: dict[tuple[str, str | None], object] = {("a", None): "x", ("n", None): 1}

    async def work(connection: asyncpg.Connection) -> None:
        assert await connection.fetchval(bound, *(values[name] for name in names)) is True

    connected(database, work)


def test_weighted_states_reach_the_rows(database: str) -> None:
    """The data set has the shares that were asked for; rows of an operation are in its states."""
    choice = Choice(values=("shipped", "pending", "confirmed"), weights=(10, 70, 20))
    entry = FieldData(entity="order", field="status", generator=choice, position=HERE)
    plan = compile_entities(make_order(), data=(entry,))
    turn = plan.table("order").column("status").generator

    async def work(connection: asyncpg.Connection) -> None:
        await build(connection, plan)
        await fill(connection, plan, "customer", 100)
        await fill(connection, plan, "order", 1000, turn.states)  # type: ignore[union-attr]
        assert await counted(connection) == {"pending": 700, "confirmed": 200, "shipped": 100}
        await connection.execute('DELETE FROM "order"')
        await fill(connection, plan, "order", 10, ("delivered",))
        assert await counted(connection) == {"delivered": 10}
        await connection.execute('DELETE FROM "order"')
        await fill(connection, plan, "order", 10)
        assert await counted(connection) == {"pending": 10}

    connected(database, work)


async def counted(connection: asyncpg.Connection) -> Counter[str]:
    """Return how many orders are in each state."""
    return Counter(row["status"] for row in await connection.fetch('SELECT "status" FROM "order"'))
