"""Tables as DDL."""

from __future__ import annotations

from perfengine.model.ddl import constraints_ddl, create_table_ddl, drop_references_ddl, references_ddl
from perfengine.model.entity import Field, FieldType
from tests.entities import compile_entities, make_entity, make_order, make_rule


def test_columns_come_first_and_constraints_later() -> None:
    """The table is bare; checks, key and references are statements of their own, in this order."""
    table = compile_entities(make_order()).table("order")
    assert create_table_ddl(table) == (
        'CREATE TABLE "order" (\n'
        '  "id" uuid NOT NULL,\n'
        '  "customer_id" uuid NOT NULL,\n'
        '  "status" varchar(255) NOT NULL,\n'
        '  "total_amount" numeric(10,2) NOT NULL,\n'
        '  "created_at" timestamptz NOT NULL,\n'
        '  "updated_at" timestamptz NOT NULL\n'
        ")"
    )
    assert constraints_ddl(table) == [
        'ALTER TABLE "order" ADD CONSTRAINT "order_positive_total" CHECK (\n  total_amount > 0\n)',
        'ALTER TABLE "order" ADD PRIMARY KEY ("id")',
        'ALTER TABLE "order" ADD CONSTRAINT fk1 FOREIGN KEY ("customer_id") REFERENCES "customer"',
    ]


def test_a_nullable_column_may_be_null() -> None:
    """A question mark in the document leaves out NOT NULL."""
    table = compile_entities(
        make_entity("note", Field(name="text", type=FieldType.TEXT, nullable=True))
    ).table("note")
    assert '"text" text\n' in create_table_ddl(table)


def test_a_rule_that_ends_in_a_comment_is_closed() -> None:
    """The parenthesis stands on the next line."""
    rule = make_rule("n > 0 -- positive", field="n")
    entity = make_entity("note", Field(name="n", type=FieldType.INTEGER), rules=(rule,))
    assert constraints_ddl(compile_entities(entity).table("note"))[0].endswith(
        "CHECK (\n  n > 0 -- positive\n)"
    )


def test_references_come_off_and_on_again() -> None:
    """What is dropped is what was added, by its own name."""
    table = compile_entities(make_order()).table("order")
    assert drop_references_ddl(table) == ['ALTER TABLE "order" DROP CONSTRAINT fk1']
    assert references_ddl(table) == constraints_ddl(table)[-1:]
