"""Which constraint of a server holds which rule of the author."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from perfengine.compiler.compile import compile_scenario
from perfengine.model.entity import Entity, Field, FieldType, Rule
from perfengine.model.existing import DomainCheck, ExistingColumn
from perfengine.model.settings import LoadSettings
from tests.entities import ID, make_scenario
from tests.existing_schemas import column, schema, table

if TYPE_CHECKING:
    from perfengine.model.plan import Plan

PRICE, COST = (
    Rule(name=f"{name}_counts", field=name, expression=f"{name} > 0") for name in ("price", "cost")
)


def of_domain(name: str) -> ExistingColumn:
    """Return a column of a domain that has a condition."""
    told = column(name, "numeric")
    check = DomainCheck(name="amount_check", expression="VALUE > 0")
    return replace(told, type=replace(told.type, domain="amount", domain_checks=(check,)))


def planned(*rules: Rule) -> Plan:
    """Return the plan of a table with two columns of one domain."""
    offers = table("offer", column("id", "uuid"), of_domain("price"), of_domain("cost"))
    fields = (ID, *(Field(name=name, type=FieldType.DECIMAL) for name in ("price", "cost")))
    return compile_scenario(
        make_scenario(Entity(name="offer", fields=fields, rules=rules)), LoadSettings(), schema([offers])
    )


@pytest.mark.parametrize("rules", [(), (PRICE,), (PRICE, COST)])
def test_the_condition_of_a_domain_is_that_of_each_column(rules: tuple[Rule, ...]) -> None:
    """It has one name for all of them. Where a rule took it for one column, it once was that of no other."""
    plan = planned(*rules)
    checks = plan.table("offer").checks
    assert sorted((one.field, one.constraint, one.expression) for one in checks) == [
        ("cost", "amount_check", '"cost" > 0'),
        ("price", "amount_check", '"price" > 0'),
    ]
    assert not [one for one in plan.not_built if "validate" in one.name]
    rejecting = [one for one in plan.available if one.name.endswith("_reject")]
    assert [one.expectation.constraint for one in rejecting] == ["amount_check"] * len(rules)


def test_a_rule_that_is_called_as_the_condition_is_that_of_its_own_column() -> None:
    """And the other column has one that nobody wrote."""
    plan = planned(Rule(name="amount_check", field="cost", expression="cost > 0"))
    assert [(one.rule, one.field) for one in plan.table("offer").checks] == [
        ("amount_check", "cost"),
        ("amount_check of price", "price"),
    ]
    assert [one.name for one in plan.available if one.name.startswith("validate_")] == [
        "validate_offer_amount_check_accept",
        "validate_offer_amount_check_reject",
    ]
