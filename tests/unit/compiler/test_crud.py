"""The operations that follow from the fields."""

from __future__ import annotations

from perfengine.model.entity import Field, FieldType
from perfengine.model.operation import (
    ClaimedKey,
    Constant,
    Effect,
    Expectation,
    FieldValue,
    NewKey,
    RowUse,
    Success,
)
from tests.entities import compile_entities, make_entity, make_machine, make_order, names_of, operation_of


def test_create_inserts_every_column_in_the_initial_state() -> None:
    """A new key, the initial state, and a generated value for the rest; the key comes back."""
    operation = operation_of(compile_entities(make_order()), "order_create")
    assert operation.sql == (
        'INSERT INTO "order" ("id", "customer_id", "status", "total_amount", "created_at", "updated_at")'
        ' VALUES ($1, $2, $3, $4, $5, $6) RETURNING "id"'
    )
    assert operation.parameters == (
        NewKey(),
        FieldValue(field="customer_id"),
        Constant(value="pending"),
        FieldValue(field="total_amount"),
        FieldValue(field="created_at"),
        FieldValue(field="updated_at"),
    )
    assert operation.expectation == Expectation(success=Success.ROWS, count=1)
    assert operation.rows == RowUse(per_attempt=1, effect=Effect.EXISTS, inserts=True)


def test_update_leaves_key_state_and_creation_alone() -> None:
    """It changes the other columns of a row, and the server's clock says when."""
    operation = operation_of(compile_entities(make_order()), "order_update")
    assert operation.sql == (
        'UPDATE "order" SET "customer_id" = $2, "total_amount" = $3, "updated_at" = now() WHERE "id" = $1'
    )
    assert operation.parameters == (
        ClaimedKey(),
        FieldValue(field="customer_id"),
        FieldValue(field="total_amount"),
    )
    assert operation.expectation == Expectation(success=Success.AFFECTED, count=1)
    assert operation.rows == RowUse(per_attempt=1, consumed=False)


def test_a_bulk_update_changes_a_hundred_rows() -> None:
    """The keys travel as one array of the key's type."""
    operation = operation_of(compile_entities(make_order()), "bulk_order_update")
    assert operation.sql.endswith('"updated_at" = now() WHERE "id" = ANY($1::uuid[])')
    assert operation.parameters[0] == ClaimedKey(bulk=True)
    assert operation.expectation == Expectation(success=Success.AFFECTED, count=100)
    assert operation.rows == RowUse(per_attempt=100, consumed=False)


def test_an_updated_at_that_is_no_instant_is_an_ordinary_field() -> None:
    """A number called updated_at gets a generated number."""
    entity = make_entity("order", Field(name="updated_at", type=FieldType.BIGINT))
    operation = operation_of(compile_entities(entity), "order_update")
    assert operation.sql == 'UPDATE "order" SET "updated_at" = $2 WHERE "id" = $1'


def test_with_nothing_to_change_there_is_no_update() -> None:
    """Key, state and creation make no update, which is listed with the reason."""
    created = Field(name="created_at", type=FieldType.TIMESTAMP)
    plan = compile_entities(make_entity("order", created, machine=make_machine()))
    assert not {"order_update", "bulk_order_update"} & set(names_of(plan.available))
    reason = "there is no field that an update could change: key, state and the time of creation stay"
    missing = {one.name: one.reason for one in plan.not_built}
    assert (missing["order_update"], missing["bulk_order_update"]) == (reason, reason)


def test_delete_is_optional_and_takes_a_row_of_its_own() -> None:
    """A deleted row is gone, which is verified."""
    operation = operation_of(compile_entities(make_order()), "order_delete")
    assert operation.optional
    assert operation.sql == 'DELETE FROM "order" WHERE "id" = $1'
    assert operation.expectation == Expectation(success=Success.AFFECTED, count=1)
    assert operation.rows == RowUse(per_attempt=1, effect=Effect.GONE)


def test_an_entity_that_is_only_a_key_can_be_created_and_read() -> None:
    """The smallest entity has a create, a query and a delete."""
    plan = compile_entities(make_entity("order"))
    assert names_of(plan.available) == ["order_create", "order_query", "order_delete"]
    assert operation_of(plan, "order_create").sql == ('INSERT INTO "order" ("id") VALUES ($1) RETURNING "id"')


def test_reserved_words_and_quotes_are_names_like_any_other() -> None:
    """Every identifier is quoted, and a quote inside is doubled."""
    entity = make_entity('the "group"', Field(name="user", type=FieldType.TEXT))
    operation = operation_of(compile_entities(entity), 'the "group"_create')
    assert operation.sql == ('INSERT INTO "the ""group""" ("id", "user") VALUES ($1, $2) RETURNING "id"')
