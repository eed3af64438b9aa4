"""Rules become CHECK constraints with the fields they read."""

from __future__ import annotations

import pytest

from perfengine.model.entity import Field, FieldType, NotBuilt
from perfengine.model.sql import MAX_IDENTIFIER_BYTES
from tests.entities import compile_entities, make_entity, make_machine, make_rule

TOTAL = Field(name="total", type=FieldType.DECIMAL)
DISCOUNT = Field(name="discount", type=FieldType.DECIMAL)


def test_a_rule_becomes_a_check() -> None:
    """The constraint is named after entity and rule, and its own field comes first."""
    rule = make_rule("discount < total", field="total")
    check = compile_entities(make_entity("order", TOTAL, DISCOUNT, rules=(rule,))).table("order").checks[0]
    assert (check.constraint, check.rule, check.field) == ("order_sound", "sound", "total")
    assert check.fields == ("total", "discount")
    assert [field for field, _ in check.candidates] == ["total", "discount"]


@pytest.mark.parametrize(
    ("expression", "fields"),
    [
        # its own field first, as far as the rule reads it
        ("total > discount", ("discount", "total")),
        ("total > 0", ("total",)),
        # key and reference only where there is nothing else
        ("customer_id IS NOT NULL AND discount > 0", ("discount",)),
        ("id <> customer_id", ("id", "customer_id")),
    ],
)
def test_key_and_references_are_varied_only_alone(expression: str, fields: tuple[str, ...]) -> None:
    """A row keeps its own key and a customer that exists, unless the rule reads nothing else."""
    customer = Field(name="customer_id", type=FieldType.UUID)
    rule = make_rule(expression, field="discount")
    plan = compile_entities(make_entity("order", TOTAL, DISCOUNT, customer, rules=(rule,)))
    assert plan.table("order").checks[0].fields == fields


def test_the_field_of_a_rule_that_reads_none_is_varied() -> None:
    """A rule that hides its field inside a function still names it."""
    rule = make_rule("is_sound()", field="total")
    check = compile_entities(make_entity("order", TOTAL, rules=(rule,))).table("order").checks[0]
    assert check.fields == ("total",)


def test_a_state_is_tried_with_the_states() -> None:
    """A rule over the state column has the machine's states as candidates."""
    machine = make_machine(("ship", "pending", "shipped"))
    rule = make_rule("status <> 'shipped'", field="status")
    check = compile_entities(make_entity("order", machine=machine, rules=(rule,))).table("order").checks[0]
    assert check.candidates == (("status", ("pending", "confirmed", "shipped")),)


def test_long_constraint_names_stay_different() -> None:
    """Names that PostgreSQL would cut are cut by us, with a hash that keeps them apart."""
    rules = tuple(make_rule("total > 0", name=f"{'x' * 70}{n}") for n in range(2))
    checks = compile_entities(make_entity("order", TOTAL, rules=rules)).table("order").checks
    assert len({check.constraint for check in checks}) == 2
    assert all(len(check.constraint.encode()) <= MAX_IDENTIFIER_BYTES for check in checks)


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("UNIQUE (total)", "UNIQUE is a constraint of its own kind, and no boolean expression"),
        ("exclude (total WITH =)", "EXCLUDE is a constraint of its own kind, and no boolean expression"),
        ("EXISTS (SELECT 1 FROM customer)", "it reads other rows, which a CHECK constraint cannot"),
        ("-- nothing", "it says nothing"),
    ],
)
def test_what_no_check_can_hold_is_noted(expression: str, reason: str) -> None:
    """Such a rule has no constraint and no operations, and they are listed with the reason."""
    plan = compile_entities(make_entity("order", TOTAL, rules=(make_rule(expression),)))
    assert plan.table("order").checks == ()
    assert not any(operation.rule for operation in plan.available)
    names = ("validate_order_sound_accept", "validate_order_sound_reject")
    assert plan.not_built[:2] == tuple(NotBuilt(name=name, reason=reason) for name in names)


def test_a_text_that_says_select_is_no_query() -> None:
    """Only the word itself reads other rows."""
    name = Field(name="name", type=FieldType.TEXT)
    rule = make_rule("name <> 'SELECT' AND \"select\" IS NULL", field="name")
    plan = compile_entities(make_entity("order", name, rules=(rule,)))
    assert len(plan.table("order").checks) == 1
