"""What the values of a plan know of themselves."""

from __future__ import annotations

import pickle
from dataclasses import replace

import pytest

from perfengine.model.entity import FieldType
from perfengine.model.generator import StateOf
from perfengine.model.operation import RowUse
from perfengine.model.plan import KeyRange, Plan
from tests.builders import make_operation
from tests.tables import make_column, make_table

TABLE = make_table(
    "order",
    make_column("status", FieldType.STRING, StateOf(states=("pending", "paid"))),
    make_column("total", FieldType.DECIMAL),
)


@pytest.mark.parametrize(
    ("name", "full_id"),
    [
        ("single_order_confirm", "order.state_machine.single_order_confirm"),
        ("order.state_machine.order_x", "order.state_machine.order_x"),
        ("order.crud.order_x", "order.state_machine.order.crud.order_x"),
    ],
)
def test_full_id(name: str, full_id: str) -> None:
    """A full id has entity, group and name; a name that is one already stays."""
    assert make_operation(name).full_id == full_id


def test_an_operation_with_rows_writes() -> None:
    """An operation writes when it has rows to work on."""
    reading = make_operation()
    assert not reading.writes
    assert replace(reading, rows=RowUse(per_attempt=1)).writes


def test_columns_of_a_table() -> None:
    """The key is the first column, and every column is found by its name."""
    assert TABLE.key is TABLE.columns[0]
    assert [TABLE.column(name).name for name in ("id", "status", "total")] == ["id", "status", "total"]
    with pytest.raises(KeyError, match="missing"):
        TABLE.column("missing")


def test_key_range() -> None:
    """A range ends before its stop, so that the next may begin there."""
    assert KeyRange(start=1000, count=250).stop == 1250
    assert KeyRange(start=7, count=0).stop == 7


def test_plan_finds_its_tables_and_travels() -> None:
    """A plan knows its tables by name, and comes through a pickle equal."""
    plan = Plan(
        tables=(make_table("customer"), TABLE),
        functions=(),
        phases=(),
        available=(make_operation(),),
        data_set="small",
        data_rows={"order": 10, "customer": 1},
        seed=42,
    )
    assert plan.table("order") is TABLE
    with pytest.raises(KeyError, match="nothing"):
        plan.table("nothing")
    assert pickle.loads(pickle.dumps(plan)) == plan  # noqa: S301 - our own bytes
