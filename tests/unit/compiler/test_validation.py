"""Each rule has an insert that it accepts and one that it refuses."""

from __future__ import annotations

from perfengine.model.entity import Field, FieldType
from perfengine.model.operation import (
    Constant,
    Effect,
    Expectation,
    FieldValue,
    NewKey,
    RowUse,
    RuleValue,
    Success,
)
from tests.entities import compile_entities, make_entity, make_order, make_rule, operation_of


def test_accept_inserts_values_that_satisfy_the_rule() -> None:
    """Fields of the rule take accepted values, the others generated ones."""
    operation = operation_of(compile_entities(make_order()), "validate_order_positive_total_accept")
    assert operation.parameters == (
        NewKey(),
        FieldValue(field="customer_id"),
        Constant(value="pending"),
        RuleValue(field="total_amount", rule="positive_total", accept=True),
        FieldValue(field="created_at"),
        FieldValue(field="updated_at"),
    )
    assert operation.sql.endswith("VALUES ($1, $2, $3, $4, $5, $6)")
    assert operation.expectation == Expectation(success=Success.AFFECTED, count=1)
    assert operation.rows == RowUse(per_attempt=1, effect=Effect.EXISTS, inserts=True)
    assert operation.rule == "positive_total"


def test_reject_expects_the_refusal_of_its_own_constraint() -> None:
    """Success is SQLSTATE 23514 from the constraint of the rule; nothing is left behind."""
    operation = operation_of(compile_entities(make_order()), "validate_order_positive_total_reject")
    assert operation.parameters[3] == RuleValue(field="total_amount", rule="positive_total", accept=False)
    assert operation.expectation == Expectation(
        success=Success.REFUSED, sqlstate="23514", constraint="order_positive_total"
    )
    assert operation.rows == RowUse(per_attempt=1, inserts=True)


def test_a_rule_over_key_and_reference_varies_them_only_in_the_refused_row() -> None:
    """The accepted row has a key of its own and a customer that exists; the refused one never comes to be."""
    entity = make_entity(
        "order",
        Field(name="customer_id", type=FieldType.BIGINT),
        key=Field(name="id", type=FieldType.BIGINT),
        rules=(make_rule("id <> customer_id", field="customer_id"),),
    )
    plan = compile_entities(entity)
    assert operation_of(plan, "validate_order_sound_accept").parameters == (
        NewKey(),
        FieldValue(field="customer_id"),
    )
    assert operation_of(plan, "validate_order_sound_reject").parameters == tuple(
        RuleValue(field=field, rule="sound", accept=False) for field in ("id", "customer_id")
    )


def test_a_rule_over_the_state_varies_the_state() -> None:
    """The state of the new row follows the rule instead of the machine."""
    order = make_order()
    rule = make_rule("status <> 'delivered'", field="status", name="fresh")
    plan = compile_entities(
        type(order)(name="order", fields=order.fields, machine=order.machine, rules=(rule,))
    )
    operation = operation_of(plan, "validate_order_fresh_reject")
    assert operation.parameters[2] == RuleValue(field="status", rule="fresh", accept=False)
