"""Values in Python: functions of (seed, table, column, variant, index), shaped by type and generator."""

from __future__ import annotations

import json
from collections import Counter
from datetime import timedelta, timezone
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chisquare

from perfengine.datagen.values import column_values, key_value
from perfengine.model.entity import FieldType
from perfengine.model.generator import Choice, Recent, ReferenceTo, StateOf
from tests.tables import ANCHOR, between, make_column, make_source, make_table

if TYPE_CHECKING:
    from collections.abc import Callable

    from perfengine.model.table import Column

DAY_S = 86_400
CUSTOMER = make_table("customer")
AMOUNT = make_column("amount", FieldType.DECIMAL, between("0.01", "9.99"))
NAME = make_column("name", FieldType.TEXT)
PAID = make_column("paid", FieldType.BOOLEAN)
PLACED = make_column("placed", FieldType.TIMESTAMP, Recent(seconds=30 * DAY_S))
ORDER = make_table("order", AMOUNT, NAME, PAID, PLACED)
HEX = frozenset("0123456789abcdef")


def values_of(column: Column, rows: int = 1000, **dependencies: Any) -> list[Any]:
    """Return the values of the first rows of a table that has this column alone."""
    table = make_table("t", column)
    source = make_source(table, CUSTOMER, **dependencies)
    make = column_values(source, table, column, ANCHOR)
    return [make(index) for index in range(rows)]


@pytest.mark.parametrize("column", [ORDER.key, AMOUNT, NAME, PLACED])
def test_same_seed_same_values(column: Column) -> None:
    """Two functions of the same row source agree on every row; another seed gives other values."""
    one, again, other = (
        column_values(make_source(ORDER, seed=seed), ORDER, column, ANCHOR) for seed in (7, 7, 8)
    )
    rows = range(200)
    assert [one(i) for i in rows] == [again(i) for i in rows]
    assert [one(i) for i in rows] != [other(i) for i in rows]


@pytest.mark.parametrize("column", [AMOUNT, NAME, PLACED])
def test_variants_differ(column: Column) -> None:
    """Another variant of a row is another draw, row by row almost always."""
    source = make_source(ORDER)
    seeded = column_values(source, ORDER, column, ANCHOR)
    updated = column_values(source, ORDER, column, ANCHOR, "order_update")
    assert sum(seeded(i) != updated(i) for i in range(200)) > 190


def test_tables_and_columns_differ() -> None:
    """The same column of another table, and another column of the same table, are other draws."""
    twin = make_column("other", FieldType.TEXT)
    tables = [make_table("a", NAME, twin), make_table("b", NAME, twin)]
    source = make_source(*tables)
    makers = [column_values(source, table, column, ANCHOR) for table in tables for column in (NAME, twin)]
    assert len({make(index) for make in makers for index in range(50)}) == 200


@pytest.mark.parametrize("key", [FieldType.UUID, FieldType.STRING, FieldType.TEXT])
def test_digest_keys(key: FieldType) -> None:
    """A uuid or text key is the 32 hex digits of a digest, and no two rows share one."""
    table = make_table("t", key=key)
    keys = [key_value(42, table, index) for index in range(5000)]
    assert len(set(keys)) == 5000
    assert all(len(str(k)) == 32 and set(str(k)) <= HEX for k in keys)


@pytest.mark.parametrize("key", [FieldType.INTEGER, FieldType.BIGINT])
def test_integer_keys(key: FieldType) -> None:
    """Integer keys count from 1."""
    assert [key_value(42, make_table("t", key=key), index) for index in (0, 1, 99)] == [1, 2, 100]


def is_text(length: int) -> Callable[[Any], bool]:
    """Return the check for so many hex digits."""
    return lambda value: isinstance(value, str) and len(value) == length and set(value) <= HEX


def is_json(value: Any) -> bool:
    """Return whether a value is the text of an object with a number in it."""
    return isinstance(value, str) and isinstance(json.loads(value)["n"], int)


@pytest.mark.parametrize(
    ("column", "fits"),
    [
        (make_column("a", FieldType.UUID), is_text(32)),
        (make_column("a", FieldType.TEXT), is_text(16)),
        (make_column("a", FieldType.STRING, nullable=True), is_text(16)),
        (make_column("a", FieldType.STRING, length=5), is_text(5)),
        (make_column("a", FieldType.BOOLEAN), lambda value: isinstance(value, bool)),
        (make_column("a", FieldType.JSON), is_json),
        (make_column("a", FieldType.INTEGER, between(-3, 3)), lambda value: value in range(-3, 4)),
        (make_column("a", FieldType.BIGINT, between(5, 5)), lambda value: value == 5),
        (AMOUNT, lambda value: Decimal("0.01") <= value <= Decimal("9.99") and value.as_tuple()[2] == -2),
        (
            make_column("a", FieldType.FLOAT, between(-1, 1)),
            lambda value: isinstance(value, float) and -1 <= value <= 1,
        ),
        (
            make_column("a", FieldType.DATE, Recent(seconds=7 * DAY_S)),
            lambda value: timedelta(0) <= ANCHOR.date() - value <= timedelta(days=6),
        ),
        (PLACED, lambda value: timedelta(0) <= ANCHOR - value < timedelta(days=30)),
        (make_column("a", FieldType.TEXT, Choice(values=("x", None))), lambda value: value in {"x", None}),
        (make_column("a", FieldType.TEXT, StateOf(states=("new", "old"))), lambda value: value == "new"),
    ],
)
def test_shape(column: Column, fits: Callable[[Any], bool]) -> None:
    """Every value has the shape of its type and keeps inside its generator."""
    assert all(fits(value) for value in values_of(column))


@pytest.mark.parametrize(
    ("column", "choices"),
    [
        (make_column("a", FieldType.INTEGER, between(-10, 9)), list(range(-10, 10))),
        (
            make_column("a", FieldType.DECIMAL, between("0.1", "2.5"), scale=1),
            [Decimal(n) / 10 for n in range(1, 26)],
        ),
        (PAID, [False, True]),
        (make_column("a", FieldType.TEXT, Choice(values=("x", "y", None))), ["x", "y", None]),
        (
            make_column("a", FieldType.DATE, Recent(seconds=9 * DAY_S)),
            [ANCHOR.date() - timedelta(days=n) for n in range(9)],
        ),
        (
            make_column("customer_id", FieldType.UUID, ReferenceTo(table="customer")),
            [key_value(42, CUSTOMER, index) for index in range(10)],
        ),
    ],
)
def test_values_are_uniform(column: Column, choices: list[Any]) -> None:
    """Every value that can come comes, about as often as the others; a reference over all parents."""
    drawn = Counter(values_of(column, rows=5000))
    assert set(drawn) == set(choices)
    assert chisquare([drawn[choice] for choice in choices]).pvalue > 0.001


def test_wide_ranges_are_covered() -> None:
    """A range with more numbers than a draw can tell apart is covered from end to end."""
    values = values_of(
        make_column("a", FieldType.DECIMAL, between(10, 1010), precision=20, scale=8), rows=5000
    )
    tenths = Counter(int((value - 10) / 100) for value in values)
    assert chisquare([tenths[n] for n in range(10)]).pvalue > 0.001


@pytest.mark.parametrize(
    "zone", [timezone(timedelta(hours=14)), ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")]
)
@pytest.mark.parametrize("hour", [0, 12, 23])
def test_zone_of_the_anchor_does_not_matter(zone: ZoneInfo, hour: int) -> None:
    """The same instant told in another zone gives the same instants and the same dates."""
    day = make_column("day", FieldType.DATE, Recent())
    table = make_table("t", day, make_column("at", FieldType.TIMESTAMP, Recent()))
    anchor = ANCHOR.replace(hour=hour)
    for column in table.columns[1:]:
        here = column_values(make_source(table), table, column, anchor)
        there = column_values(make_source(table), table, column, anchor.astimezone(zone))
        assert [here(i) for i in range(300)] == [there(i) for i in range(300)]


@given(st.integers(-(2**31), 2**31 - 1), st.integers(0, 2**32), st.integers(0, 10**12))
def test_integers_stay_in_their_column(low: int, width: int, index: int) -> None:
    """Whatever the range inside the column's own, a value is inside it too."""
    high = min(low + width, 2**31 - 1)
    column = make_column("a", FieldType.INTEGER, between(low, high))
    table = make_table("t", column)
    assert low <= column_values(make_source(table), table, column, ANCHOR)(index) <= high
