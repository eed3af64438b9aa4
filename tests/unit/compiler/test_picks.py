"""How operations find the rows they change."""

from __future__ import annotations

import pytest

from perfengine.model.operation import Effect, Expectation, FieldValue, Operation, Pick, Success
from perfengine.model.workload import Workload
from tests.entities import compile_entities, make_entity, make_machine, make_order, operation_of

CHANGING = (
    "single_order_confirm",
    "bulk_order_confirm",
    "order_update",
    "bulk_order_update",
    "order_delete",
)
LOCKED = " FOR UPDATE SKIP LOCKED"


def picking(name: str, pick: Pick | None) -> Operation:
    """Return an operation of the original document under a policy."""
    return operation_of(compile_entities(make_order(), workload=Workload(pick=pick)), name)


@pytest.mark.parametrize("name", CHANGING)
def test_claiming_is_what_happens_unless_said(name: str) -> None:
    """The policy spelled out changes nothing."""
    assert picking(name, Pick.CLAIM) == picking(name, None)


@pytest.mark.parametrize("name", CHANGING)
def test_drawn_rows_get_the_same_statement(name: str) -> None:
    """A row may be drawn twice, so nothing is consumed and nothing can be verified."""
    claimed, drawn = picking(name, None), picking(name, Pick.RANDOM)
    assert (drawn.sql, drawn.parameters, drawn.expectation) == (
        claimed.sql,
        claimed.parameters,
        claimed.expectation,
    )
    assert drawn.rows is not None
    assert (drawn.rows.pick, drawn.rows.effect, drawn.rows.consumed) == (Pick.RANDOM, Effect.NONE, False)


@pytest.mark.parametrize(("pick", "lock"), [(Pick.FIRST, ""), (Pick.LOCK, LOCKED)])
def test_a_transition_searches_for_a_row_in_a_source_state(pick: Pick, lock: str) -> None:
    """The function is called for what the search finds; no row back means that there was none."""
    single, bulk = picking("single_order_confirm", pick), picking("bulk_order_confirm", pick)
    source = 'SELECT "id" AS id FROM "order" WHERE "status" = \'pending\' LIMIT'
    assert single.sql == f'SELECT "order_confirm"(u.id) FROM ({source} 1{lock}) AS u'
    assert bulk.sql == (
        f'SELECT count("order_confirm"(u.id)) FROM ({source} 100{lock}) AS u HAVING count(*) > 0'
    )
    assert single.expectation == Expectation(success=Success.RETURNED, empty_is_starved=True)
    assert bulk.expectation == Expectation(success=Success.COUNTED, count=100, empty_is_starved=True)
    for operation in (single, bulk):
        assert operation.parameters == ()
        assert operation.rows is not None
        assert (operation.rows.pick, operation.rows.effect, operation.rows.consumed) == (
            pick,
            Effect.NONE,
            True,
        )


def test_a_guard_is_part_of_the_search() -> None:
    """What the function would refuse is not found; the guard may end in a comment."""
    machine = make_machine(("confirm", ("pending", "shipped"), "confirmed"), guard="active -- yes")
    plan = compile_entities(make_entity(machine=machine), workload=Workload(pick=Pick.LOCK))
    assert operation_of(plan, "single_order_confirm").sql == (
        'SELECT "order_confirm"(u.id) FROM (SELECT "id" AS id FROM "order"'
        " WHERE \"status\" IN ('pending', 'shipped') AND (\nactive -- yes\n) LIMIT 1 FOR UPDATE SKIP LOCKED) AS u"
    )


def test_an_update_searches_without_a_key() -> None:
    """Its values are numbered from 1 then. With a lock it knows whether a row was there."""
    first, locked = picking("order_update", Pick.FIRST), picking("order_update", Pick.LOCK)
    setting = 'UPDATE "order" SET "customer_id" = $1, "total_amount" = $2, "updated_at" = now() WHERE "id" ='
    search = 'SELECT "id" AS id FROM "order" LIMIT 1'
    assert first.sql == f"{setting} ({search})"
    assert first.expectation == Expectation(success=Success.AFFECTED)
    assert locked.sql == f'{setting} ({search}{LOCKED}) RETURNING "id"'
    assert locked.expectation == Expectation(success=Success.ROWS, empty_is_starved=True)
    assert (
        first.parameters
        == locked.parameters
        == (FieldValue(field="customer_id"), FieldValue(field="total_amount"))
    )


def test_bulk_updates_and_deletes_search_too() -> None:
    """A search for many rows is an array: under IN it might run twice."""
    search = 'SELECT "id" AS id FROM "order" LIMIT'
    bulk = picking("bulk_order_update", Pick.LOCK)
    assert bulk.sql.endswith(f'WHERE "id" = ANY(ARRAY({search} 100{LOCKED})) RETURNING "id"')
    assert bulk.expectation == Expectation(success=Success.ROWS, count=100, empty_is_starved=True)
    delete = picking("order_delete", Pick.FIRST)
    assert delete.sql == f'DELETE FROM "order" WHERE "id" = ({search} 1)'
    assert delete.parameters == ()


@pytest.mark.parametrize("pick", Pick)
@pytest.mark.parametrize(
    "name", ["order_create", "order_query", "invalid_order_confirm", "validate_order_positive_total_accept"]
)
def test_other_operations_are_left_alone(name: str, pick: Pick) -> None:
    """What makes rows, reads them or needs them in a wrong state has no choice."""
    assert picking(name, pick) == picking(name, None)
