"""The reading operations."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from perfengine.compiler.search import complex_search, query, status_query, why_no_search
from perfengine.model.entity import Entity, Field, FieldType
from perfengine.model.operation import Constant, DataSetKey, Expectation, Group, Kind, Operation, Success
from tests.entities import make_entity, make_machine, make_order

ONE_ROW = Expectation(success=Success.ROWS, count=1)
AMOUNT = Field(name="amount", type=FieldType.INTEGER)
PLACED_AT = Field(name="placed_at", type=FieldType.TIMESTAMP)
THIRTY_DAYS = Constant(value=timedelta(days=30))


def test_the_status_query_counts_the_initial_state() -> None:
    """One row with a count comes back."""
    assert status_query(make_order()) == [
        Operation(
            name="order_status_query",
            entity="order",
            group=Group.STATE_MACHINE,
            kind=Kind.SIMPLE_SELECT,
            sql='SELECT count(*) FROM "order" WHERE "status" = $1',
            parameters=(Constant(value="pending"),),
            expectation=ONE_ROW,
            default_iterations=1000,
        )
    ]


def test_the_search_has_the_terms_of_the_original_document() -> None:
    """State after the first transition, amount above 100, not older than 30 days."""
    (operation,) = complex_search(make_order())
    assert operation.sql == (
        'SELECT count(*) FROM "order" WHERE "status" = $1 AND "total_amount" > $2'
        ' AND "created_at" > now() - $3::interval'
    )
    assert operation.parameters == (Constant(value="confirmed"), Constant(value=Decimal(100)), THIRTY_DAYS)
    assert (operation.kind, operation.default_iterations) == (Kind.COMPLEX_JOIN, 500)


def test_missing_terms_are_left_out() -> None:
    """Parameters count on without the term that the entity has no field for."""
    (operation,) = complex_search(make_entity("order", AMOUNT, PLACED_AT))
    assert operation.sql == (
        'SELECT count(*) FROM "order" WHERE "amount" > $1 AND "placed_at" > now() - $2::interval'
    )
    assert operation.parameters == (Constant(value=100), THIRTY_DAYS)
    assert operation.group is Group.CRUD


@pytest.mark.parametrize(
    "entity",
    [
        make_entity("order", AMOUNT),
        make_entity("order", machine=make_machine()),
        make_entity("order", PLACED_AT, Field(name="customer_id", type=FieldType.BIGINT)),
        make_entity("order", PLACED_AT, key=Field(name="id", type=FieldType.BIGINT)),
    ],
)
def test_one_term_is_no_search(entity: Entity) -> None:
    """Keys are no amounts, and a single condition is not complex."""
    assert complex_search(entity) == []
    missing = why_no_search(entity)
    assert missing is not None
    assert missing.name == "complex_order_search"
    assert missing.reason.startswith(
        "it needs two of: a state, a field with an amount, a field of type timestamp; "
    )


def test_a_constant_has_the_type_of_its_column() -> None:
    """A float column is compared with a float."""
    (operation,) = complex_search(make_entity("order", Field(name="weight", type=FieldType.FLOAT), PLACED_AT))
    assert repr(operation.parameters[0]) == repr(Constant(value=100.0))


def test_without_transitions_the_initial_state_is_searched() -> None:
    """A machine that triggers nothing still has a state to look for."""
    (operation,) = complex_search(make_entity("order", AMOUNT, machine=make_machine()))
    assert operation.parameters[0] == Constant(value="pending")


def test_braces_in_names_are_names() -> None:
    """A field called {x} is quoted like any other."""
    (operation,) = complex_search(make_entity("order", Field(name="{x}", type=FieldType.INTEGER), PLACED_AT))
    assert '"{x}" > $1' in operation.sql


def test_the_query_names_every_column() -> None:
    """It reads one row of the data set by its key."""
    operation = query(make_entity("order", AMOUNT))
    assert operation.sql == 'SELECT "id", "amount" FROM "order" WHERE "id" = $1'
    assert operation.parameters == (DataSetKey(),)
    assert operation.expectation == ONE_ROW
    assert operation.rows is None
