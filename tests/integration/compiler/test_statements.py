"""A real server reads what the compiler writes: DDL, every statement, and the script."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from perfengine.model.entity import Entity, Field, FieldType, Rule
from perfengine.report.plan import render_plan_sql
from tests.entities import ID, compile_entities, make_entity, make_machine, make_order, operation_of
from tests.sandbox import build, connected

if TYPE_CHECKING:
    import asyncpg

EVERY_TYPE = tuple(Field(name=f"a_{one}", type=one, nullable=True) for one in FieldType)
AWKWARD = (
    "order",
    "user",
    "group",
    "end",
    "check",
    "Weird Name",
    'qu"ote',
    "it's",
    "$1",
    "found",
    "u",
    "p_id",
    "é",
)


def awkward(name: str) -> Entity:
    """Return an entity whose table, fields, states and triggers all have awkward names."""
    machine = make_machine(
        *((trigger, "it's", 'a"b') for trigger in ("end", "o'k", "confirm")),
        states=("it's", 'a"b', "c\\d", "$pe$"),
        field="select",
        guard='"from" IS NOT NULL -- always',
    )
    fields = (
        Field(name="from", type=FieldType.INTEGER),
        Field(name="found", type=FieldType.BOOLEAN),
        Field(name='qu"ote', type=FieldType.TIMESTAMP),
    )
    rules = (
        Rule(name='o\'k "x"', field="from", expression='"from" > 0 -- it\'s'),
        Rule(name="pkey", field="found", expression="found OR TRUE"),
    )
    return make_entity(name, *fields, machine=machine, rules=rules)


FAMILIES: dict[str, tuple[Entity, ...]] = {
    "the original document": (make_order(),),
    "every type": (make_entity("sample", *EVERY_TYPE, machine=make_machine(("go", "pending", "shipped"))),),
    "awkward names": tuple(awkward(name) for name in AWKWARD),
    "names of types": tuple(
        make_entity(
            name, Field(name=name, type=FieldType.DATE), machine=make_machine(("go", "pending", "shipped"))
        )
        for name in ("uuid", "text", "date", "integer", "interval", "now", "count", "unnest", "path")
    ),
    "entities that refer to one another": (
        make_entity(
            "line", Field(name="order_id", type=FieldType.UUID), Field(name="line_id", type=FieldType.UUID)
        ),
        make_order(),
        make_entity("customer", Field(name="line_id", type=FieldType.UUID)),
    ),
    **{
        f"{key.type} keys": (
            make_entity(
                "thing",
                Field(name="owner_id", type=FieldType.BIGINT),
                machine=make_machine(("go", ("pending", "shipped"), "confirmed")),
                key=key,
            ),
        )
        for key in (
            ID,
            Field(name="id", type=FieldType.INTEGER),
            Field(name="id", type=FieldType.BIGINT),
            Field(name="id", type=FieldType.STRING, length=32),
            Field(name="id", type=FieldType.TEXT),
        )
    },
    "long names": (
        make_entity(
            "x" * 60,
            Field(name="total", type=FieldType.INTEGER),
            machine=make_machine(("confirm", "pending", "confirmed"), ("conform", "pending", "confirmed")),
            rules=(
                Rule(name="positive", field="total", expression="total > 0"),
                Rule(name="positively", field="total", expression="total > -1"),
            ),
        ),
    ),
}


@pytest.mark.parametrize("family", FAMILIES)
def test_every_statement_is_prepared(database: str, family: str) -> None:
    """The server accepts the DDL and each statement, and sees as many parameters as the plan has."""
    plan = compile_entities(*FAMILIES[family])

    async def work(connection: asyncpg.Connection) -> None:
        await build(connection, plan)
        for operation in plan.available:
            statement = await connection.prepare(operation.sql)
            assert len(statement.get_parameters()) == len(operation.parameters), operation.name

    connected(database, work)


@pytest.mark.parametrize("family", FAMILIES)
def test_the_script_runs(database: str, family: str) -> None:
    """A script of the plan makes its own schema and prepares every selected statement."""
    plan = compile_entities(*FAMILIES[family])

    async def work(connection: asyncpg.Connection) -> None:
        await connection.execute(render_plan_sql(plan))
        prepared = await connection.fetchval("SELECT count(*) FROM pg_prepared_statements WHERE from_sql")
        assert prepared == len(plan.operations)
        tables = await connection.fetchval(
            "SELECT count(*) FROM pg_tables WHERE schemaname = 'perfengine_plan'"
        )
        assert tables == len(plan.tables)

    connected(database, work)


def test_parameters_have_the_types_that_the_plan_sends(database: str) -> None:
    """The cast in the search makes an interval of its third parameter, which a timedelta is sent for."""
    plan = compile_entities(make_order())

    async def work(connection: asyncpg.Connection) -> None:
        await build(connection, plan)
        statement = await connection.prepare(operation_of(plan, "complex_order_search").sql)
        assert [one.name for one in statement.get_parameters()] == ["text", "numeric", "interval"]

    connected(database, work)
