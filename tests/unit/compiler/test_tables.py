"""Columns get their PostgreSQL type and a generator."""

from __future__ import annotations

from decimal import Decimal

import pytest

from perfengine.model.entity import Field, FieldType
from perfengine.model.generator import Choice, Free, Generator, NumberRange, Recent, ReferenceTo, StateOf
from tests.entities import compile_entities, make_entity, make_machine, make_order, make_rule


@pytest.mark.parametrize(
    ("field", "sql_type", "generator"),
    [
        (Field(name="x", type=FieldType.UUID), "uuid", Free()),
        (Field(name="x", type=FieldType.STRING), "varchar(255)", Free()),
        (Field(name="x", type=FieldType.STRING, length=40), "varchar(40)", Free()),
        (Field(name="x", type=FieldType.TEXT), "text", Free()),
        (Field(name="x", type=FieldType.BOOLEAN), "boolean", Free()),
        (Field(name="x", type=FieldType.JSON), "jsonb", Free()),
        (Field(name="x", type=FieldType.DATE), "date", Recent()),
        (Field(name="x", type=FieldType.TIMESTAMP), "timestamptz", Recent()),
        (
            Field(name="x", type=FieldType.INTEGER),
            "integer",
            NumberRange(low=Decimal(10), high=Decimal(1010)),
        ),
        (Field(name="x", type=FieldType.BIGINT), "bigint", NumberRange(low=Decimal(10), high=Decimal(1010))),
        (
            Field(name="x", type=FieldType.FLOAT),
            "double precision",
            NumberRange(low=Decimal(10), high=Decimal(1010)),
        ),
        (
            Field(name="x", type=FieldType.DECIMAL),
            "numeric(10,2)",
            NumberRange(low=Decimal(10), high=Decimal(1010)),
        ),
        (
            Field(name="x", type=FieldType.DECIMAL, precision=1000, scale=998),
            "numeric(1000,998)",
            NumberRange(low=Decimal(10), high=Decimal((0, (9,) * 1000, -998))),
        ),
    ],
)
def test_every_type_word_has_a_column_type_and_values(
    field: Field, sql_type: str, generator: Generator
) -> None:
    """Each word of a document is a PostgreSQL type, with values that the column can hold."""
    column = compile_entities(make_entity("order", field)).table("order").column("x")
    assert (column.sql_type, column.generator) == (sql_type, generator)


def test_the_key_is_the_first_column() -> None:
    """Wherever the document has the key, the table begins with it."""
    name, key = Field(name="name", type=FieldType.TEXT), Field(name="id", type=FieldType.BIGINT)
    order = make_entity("order", key, key=name)
    table = compile_entities(order).table("order")
    assert [column.name for column in table.columns] == ["id", "name"]


def test_references_and_states_are_made_from_their_tables_and_machines() -> None:
    """A reference draws keys of its parent, the state column takes the states in turn, the initial one first."""
    table = compile_entities(make_order()).table("order")
    assert table.column("customer_id").generator == ReferenceTo(table="customer")
    assert table.column("customer_id").references == "customer"
    states = ("pending", "confirmed", "shipped", "delivered")
    assert table.column("status").generator == StateOf(states=states)


def test_the_initial_state_comes_first() -> None:
    """A row that nobody asked a state for is in the initial state, wherever the list has it."""
    machine = make_machine(states=("draft", "open"))
    machine = type(machine)(field="status", initial_state="open", states=machine.states, transitions=())
    column = compile_entities(make_entity("order", machine=machine)).table("order").column("status")
    assert column.generator == StateOf(states=("open", "draft"))


def test_rules_of_other_fields_leave_a_generator_alone() -> None:
    """Each field heeds the comparisons that speak of it."""
    fields = [Field(name="a", type=FieldType.INTEGER), Field(name="kind", type=FieldType.TEXT)]
    rules = (make_rule("a > 20 AND kind IN ('x', 'y')", field="a"),)
    table = compile_entities(make_entity("order", *fields, rules=rules)).table("order")
    assert table.column("a").generator == NumberRange(low=Decimal(21), high=Decimal(1010))
    assert table.column("kind").generator == Choice(values=("x", "y"))


def test_a_made_parent_has_a_key_and_nothing_else() -> None:
    """The customer of an order without a customer document is a table of one column."""
    customer = compile_entities(make_order()).table("customer")
    assert customer.parent
    assert [column.sql_type for column in customer.columns] == ["uuid"]
