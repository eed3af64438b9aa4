"""Rules as people write them, and the values that a real server accepts and refuses for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import asyncpg
import pytest

from perfengine.model.ddl import create_table_ddl
from perfengine.model.entity import Field, FieldType
from tests.entities import compile_entities, make_entity, make_rule
from tests.sandbox import connected, fill

if TYPE_CHECKING:
    from perfengine.model.plan import Plan

#: Field, its type, and a rule over it.
RULES = [
    ("total", FieldType.DECIMAL, "total > 0"),
    ("total", FieldType.DECIMAL, "total >= 0 AND total < 100"),
    ("total", FieldType.DECIMAL, "total > 0 AND total <> 'NaN'"),
    ("quantity", FieldType.INTEGER, "quantity BETWEEN 1 AND 5"),
    ("quantity", FieldType.INTEGER, "quantity % 12 = 0"),
    ("rate", FieldType.FLOAT, "rate <> 0"),
    ("kind", FieldType.STRING, "kind IN ('a', 'b')"),
    ("code", FieldType.STRING, "length(code) = 11"),
    ("code", FieldType.STRING, "code ~ '^[A-Z]{3}[0-9]{4}$'"),
    ("currency", FieldType.STRING, "currency ~ '^[A-Z]{3}$'"),
    ("mail", FieldType.STRING, "mail LIKE '%@%.%'"),
    ("mail", FieldType.TEXT, "mail ~ '^[^@]+@[^@]+[.][a-z]{2,}$'"),
    ("phone", FieldType.STRING, "phone ~ '^[+][0-9]{8,15}$'"),
    ("title", FieldType.TEXT, "btrim(title) <> ''"),
    ("born", FieldType.DATE, "born <= current_date - interval '18 years'"),
    ("starts_at", FieldType.TIMESTAMP, "starts_at > now()"),
    ("starts_at", FieldType.TIMESTAMP, "starts_at >= '2024-01-01'"),
    ("accepted", FieldType.BOOLEAN, "accepted"),
    ("payload", FieldType.JSON, "(payload->>'age')::int >= 18"),
    ("payload", FieldType.JSON, "payload ? 'name'"),
    ("payload", FieldType.JSON, "jsonb_typeof(payload) = 'object'"),
    ("owner", FieldType.UUID, "owner <> '00000000-0000-0000-0000-000000000000'"),
]


def plan_for(field: str, field_type: FieldType, rule: str) -> Plan:
    """Return the plan of an entity with one field and one rule over it."""
    return compile_entities(
        make_entity("ruled", Field(name=field, type=field_type), rules=(make_rule(rule, field=field),))
    )


@pytest.mark.parametrize(("field", "field_type", "rule"), RULES)
def test_some_candidate_is_accepted_and_some_refused(
    database: str, field: str, field_type: FieldType, rule: str
) -> None:
    """The server finds both among the candidates, and reads every one of them as a value of the column."""
    table = plan_for(field, field_type, rule).table("ruled")
    column, ((_, candidates),) = table.column(field), table.checks[0].candidates

    async def work(connection: asyncpg.Connection) -> None:
        verdicts = set()
        for candidate in candidates:
            await connection.fetchval(f"SELECT $1::text::{column.sql_type}", candidate)
            query = f"SELECT ({rule}) FROM (SELECT $1::text::{column.sql_type} AS {field}) AS v"
            try:
                verdicts.add(await connection.fetchval(query, candidate))
            except asyncpg.InvalidTextRepresentationError:
                assert "::int" in rule  # the cast in the rule refuses a word
        assert {True, False} <= verdicts

    connected(database, work)


UNDERSTOOD = ["total > 0", "total >= 0 AND total < 100", "quantity BETWEEN 1 AND 5", "rate <> 0", "accepted"]


@pytest.mark.parametrize(
    ("field", "field_type", "rule"),
    [row for row in RULES if row[2] in UNDERSTOOD or " IN (" in row[2]],
)
def test_generated_rows_satisfy_simple_rules(
    database: str, field: str, field_type: FieldType, rule: str
) -> None:
    """A thousand rows of a narrowed generator break no rule."""
    plan = plan_for(field, field_type, rule)

    async def work(connection: asyncpg.Connection) -> None:
        await connection.execute(create_table_ddl(plan.table("ruled")))
        await fill(connection, plan, "ruled", 1000)
        assert await connection.fetchval(f"SELECT count(*) FROM ruled WHERE {rule}") == 1000

    connected(database, work)
