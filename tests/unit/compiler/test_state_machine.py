"""The operations of a state machine."""

from __future__ import annotations

from perfengine.model.entity import Field, FieldType
from perfengine.model.operation import (
    ClaimedKey,
    Effect,
    Expectation,
    Group,
    Kind,
    Operation,
    RowUse,
    Success,
)
from tests.entities import compile_entities, make_entity, make_machine, make_order, names_of, operation_of


def test_a_single_transition_calls_the_function_with_a_claimed_key() -> None:
    """It is ok when the function returns, and it must show in the state of the row."""
    assert operation_of(compile_entities(make_order()), "single_order_confirm") == Operation(
        name="single_order_confirm",
        entity="order",
        group=Group.STATE_MACHINE,
        kind=Kind.SINGLE_TRANSITION,
        sql='SELECT "order_confirm"($1::uuid)',
        parameters=(ClaimedKey(),),
        expectation=Expectation(success=Success.RETURNED),
        default_iterations=100,
        aliases=("order_confirm", "single_order_confirmation"),
        rows=RowUse(per_attempt=1, source_states=("pending",), target_state="confirmed", effect=Effect.STATE),
    )


def test_a_bulk_transition_counts_what_the_calls_return() -> None:
    """A hundred keys travel as one array, and a count makes the planner keep the calls."""
    assert operation_of(compile_entities(make_order()), "bulk_order_confirm") == Operation(
        name="bulk_order_confirm",
        entity="order",
        group=Group.STATE_MACHINE,
        kind=Kind.BULK_TRANSITION,
        sql='SELECT count("order_confirm"(u.id)) FROM unnest($1::uuid[]) AS u(id)',
        parameters=(ClaimedKey(bulk=True),),
        expectation=Expectation(success=Success.COUNTED, count=100),
        default_iterations=10,
        aliases=("bulk_order_confirmation",),
        rows=RowUse(
            per_attempt=100, source_states=("pending",), target_state="confirmed", effect=Effect.STATE
        ),
    )


def test_an_invalid_transition_is_optional_and_expects_the_refusal() -> None:
    """Its rows are in every state that the trigger does not start from, and stay as they are."""
    operation = operation_of(compile_entities(make_order()), "invalid_order_ship")
    assert operation.optional
    assert operation.kind is Kind.TRANSITION_REJECT
    assert operation.sql == 'SELECT "order_ship"($1::uuid)'
    assert operation.expectation == Expectation(success=Success.REFUSED, sqlstate="P0001")
    assert operation.rows == RowUse(
        per_attempt=1, source_states=("pending", "shipped", "delivered"), consumed=False
    )
    assert operation.aliases == ()


def test_without_a_wrong_state_there_is_no_invalid_transition() -> None:
    """A trigger that starts from everywhere cannot be refused for its state."""
    states = ("pending", "confirmed", "shipped")
    machine = make_machine(("reset", states, "pending"), states=states)
    names = names_of(compile_entities(make_entity("order", machine=machine)).available)
    assert "single_order_reset" in names
    assert "invalid_order_reset" not in names


def test_rows_do_not_begin_in_the_target() -> None:
    """A row that is in the target already would show an effect that no attempt had."""
    machine = make_machine(("reset", ("pending", "confirmed"), "pending"))
    rows = operation_of(compile_entities(make_entity("order", machine=machine)), "single_order_reset").rows
    assert rows is not None
    assert (rows.source_states, rows.target_state) == (("confirmed",), "pending")


def test_a_transition_to_its_own_state_has_nothing_to_show() -> None:
    """Where source and target are one state, no effect is verified."""
    machine = make_machine(("touch", "pending", "pending"))
    rows = operation_of(compile_entities(make_entity("order", machine=machine)), "single_order_touch").rows
    assert rows == RowUse(per_attempt=1, source_states=("pending",))


def test_a_guard_travels_with_the_rows() -> None:
    """Rows that a guard would refuse are no use."""
    machine = make_machine(("pay", "pending", "confirmed"), guard="total > 0")
    total = Field(name="total", type=FieldType.DECIMAL)
    plan = compile_entities(make_entity("order", total, machine=machine))
    rows = operation_of(plan, "bulk_order_pay").rows
    assert rows is not None
    assert rows.guard is not None
    assert rows.guard.expression == "total > 0"
    assert [name for name, _ in rows.guard.candidates] == ["total"]


def test_a_trigger_with_two_targets_is_two_operations() -> None:
    """Each target has a name of its own, and a note says so."""
    machine = make_machine(("stop", "pending", "cancelled"), ("stop", "shipped", "returned"))
    plan = compile_entities(make_entity("order", machine=machine))
    assert {"single_order_stop_to_cancelled", "single_order_stop_to_returned"} <= set(
        names_of(plan.available)
    )
    assert [function.name for function in plan.functions] == [
        "order_stop_to_cancelled",
        "order_stop_to_returned",
    ]
    assert plan.notes[0] == (
        'trigger "stop" of order leads to 2 states: an operation for each of them,'
        " named stop_to_ and the state"
    )


def test_functions_that_would_share_a_name_are_kept_apart() -> None:
    """`a_b` + `c` and `a` + `b_c` are both a_b_c; a dot tells them apart."""
    plan = compile_entities(
        make_entity("a_b", machine=make_machine(("c", "pending", "confirmed"))),
        make_entity("a", machine=make_machine(("b_c", "pending", "confirmed"))),
    )
    assert [function.name for function in plan.functions] == ["a_b.c", "a.b_c"]
    assert {"a_b.state_machine.single_a_b_c", "a.state_machine.single_a_b_c"} <= set(names_of(plan.available))


def test_a_machine_without_transitions_is_queried_only() -> None:
    """A note says that there is nothing to trigger."""
    plan = compile_entities(make_entity("order", machine=make_machine()))
    machine_operations = [op for op in plan.available if op.group is Group.STATE_MACHINE]
    assert names_of(machine_operations) == ["order_status_query"]
    assert plan.notes[0].startswith("the state machine of order has no transitions")
