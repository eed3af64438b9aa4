"""Names from a server and from a document in SQL and in messages: quoted in the one, printable in the other."""

from __future__ import annotations

import pytest

from perfengine.compiler.compile import compile_scenario
from perfengine.errors import PlanError
from perfengine.model.entity import Entity, Field, FieldType
from perfengine.model.scenario import EntityScenario, Performance, Scenario
from perfengine.model.settings import LoadSettings
from perfengine.model.sql import quote_identifier
from tests.existing_schemas import column, schema, table

HOSTILE = (
    'x"; DROP TABLE customer; --',
    "x'; SELECT pg_sleep(10); --",
    "$1",
    "{{order}}",
    "a\\'b",
    "select",
    "name\nwith\ta break",
    "\N{SNOWMAN} \N{RIGHT-TO-LEFT OVERRIDE}",
)


def _scenario(name: str, field: str) -> Scenario:
    fields = (Field(name="id", type=FieldType.UUID), Field(name=field, type=FieldType.TEXT))
    entity = Entity(name=name, fields=fields)
    return Scenario(entities=(EntityScenario(entity=entity, performance=Performance()),))


@pytest.mark.parametrize("name", HOSTILE)
def test_statements_hold_names_in_quotes_only(name: str) -> None:
    """Table, schema and column: take the quoted names away, and nothing of them is left."""
    there = schema([table(name, column("id", "uuid"), column(name), schema=name)], search_path=(name,))
    plan = compile_scenario(_scenario(name, name), LoadSettings(filters=("*",)), there)
    assert len(plan.operations) >= 4
    for item in plan.operations:
        rest = item.operation.sql.replace(quote_identifier(name), "")
        assert name not in rest.replace("$1", "") or name == "$1"
        assert rest.count('"') % 2 == 0


@pytest.mark.parametrize("name", HOSTILE)
def test_messages_are_printable(name: str) -> None:
    """A name that a server has moves no cursor of a terminal."""
    there = schema([table("order", column("id", "uuid"), column(name), schema=name)], search_path=(name,))
    with pytest.raises(PlanError) as refused:
        compile_scenario(_scenario("order", "status"), LoadSettings(), there)
    assert str(refused.value).isprintable()
