"""Every name means one operation."""

from __future__ import annotations

import pytest

from perfengine.errors import PlanError
from perfengine.model.entity import Field, FieldType
from tests.entities import compile_entities, make_entity, make_machine, make_rule, names_of, operation_of

TOTAL = Field(name="total", type=FieldType.INTEGER)


def test_operations_of_one_name_are_called_by_their_full_id() -> None:
    """A trigger called update makes a bulk operation that the fields make too."""
    machine = make_machine(("update", "pending", "confirmed"))
    plan = compile_entities(make_entity("order", TOTAL, machine=machine))
    names = names_of(plan.available)
    assert {"order.state_machine.bulk_order_update", "order.crud.bulk_order_update"} <= set(names)
    assert "bulk_order_update" not in names
    assert plan.notes[0] == (
        '"bulk_order_update" would name order.state_machine.bulk_order_update and'
        " order.crud.bulk_order_update: each is called by its full id"
    )


def test_a_full_id_is_not_doubled() -> None:
    """An operation that is called by its full id has that as its full id."""
    machine = make_machine(("update", "pending", "confirmed"))
    plan = compile_entities(make_entity("order", TOTAL, machine=machine))
    assert operation_of(plan, "order.crud.bulk_order_update").full_id == "order.crud.bulk_order_update"


def test_an_exact_name_beats_an_alias() -> None:
    """A trigger called create does not take the name of the insert."""
    machine = make_machine(("create", "pending", "confirmed"))
    plan = compile_entities(make_entity("order", machine=machine))
    assert operation_of(plan, "single_order_create").aliases == ()
    assert '"order_create" means the operation of that name, and not single_order_create' in plan.notes


def test_an_alias_of_two_operations_means_neither() -> None:
    """`a_b` + `c` and `a` + `b_c` would both be known as a_b_c."""
    plan = compile_entities(
        make_entity("a_b", machine=make_machine(("c", "pending", "confirmed"))),
        make_entity("a", machine=make_machine(("b_c", "pending", "confirmed"))),
    )
    assert operation_of(plan, "a_b.state_machine.single_a_b_c").aliases == ()
    assert operation_of(plan, "a.state_machine.single_a_b_c").aliases == ()
    assert (
        '"a_b_c" could mean a_b.state_machine.single_a_b_c and a.state_machine.single_a_b_c:'
        " it means none of them"
    ) in plan.notes


def test_two_operations_of_one_full_id_are_a_contradiction() -> None:
    """A trigger with two targets cannot share its word with another trigger."""
    machine = make_machine(
        ("go", "pending", "confirmed"),
        ("go", "confirmed", "shipped"),
        ("go_to_shipped", "pending", "shipped"),
    )
    with pytest.raises(
        PlanError, match=r'two operations would be called "order\.state_machine\.single_order_go'
    ):
        compile_entities(make_entity("order", machine=machine))


def test_rules_may_be_called_anything() -> None:
    """Rules of one entity never share an operation, whatever they are called."""
    rules = (make_rule("total > 0", name="x"), make_rule("total > 1", name="x_accept"))
    names = names_of(compile_entities(make_entity("order", TOTAL, rules=rules)).available)
    assert len(set(names)) == len(names)
