"""Rows made by the server and rows made by Python are equal, row by row, for every type and every generator."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import TYPE_CHECKING

import asyncpg
import pytest

from perfengine.model.entity import FieldType
from perfengine.model.generator import (
    Between,
    Chance,
    Choice,
    Exponential,
    Normal,
    OrNull,
    Recent,
    ReferenceTo,
    Sequence,
    StateOf,
    Template,
    Text,
    Uuid,
    Zipf,
)
from tests.integration.datagen.twins import rows_of_python, rows_of_server, without_states
from tests.sandbox import connected
from tests.tables import between, make_column, make_source, make_table

if TYPE_CHECKING:
    from perfengine.model.generator import Distribution, Generator, NumberRange
    from perfengine.model.table import Column

DAY_S = 86_400
INDEXES = range(7, 407)
KEYS = [FieldType.UUID, FieldType.BIGINT, FieldType.INTEGER, FieldType.STRING, FieldType.TEXT]
SEEDED_NAMES = [(42, "order"), (-1, 'Weird "Name" it\'s'), (0, "back\\slash"), (2**70, "größe")]
WORDS = ("plain", "it's", 'say "x"', "a\\b", "\\'; --", "", "größe €", "{1,2}", "NULL", None)
LOCAL = datetime(2024, 3, 31, 1, 30, 0, 5, tzinfo=timezone(timedelta(hours=-5)))


def spread(low: str | int, high: str | int, distribution: Distribution) -> NumberRange:
    """Return a number range that is not even."""
    return replace(between(low, high), distribution=distribution)


FREE = [
    make_column("order", FieldType.UUID),
    make_column("user", FieldType.STRING),
    make_column("short", FieldType.STRING, length=5),
    make_column("i", FieldType.TEXT, nullable=True),
    make_column("d0", FieldType.BOOLEAN),
    make_column('Weird "Column"', FieldType.JSON),
    make_column("größe", FieldType.TEXT),
    make_column("back\\slash", FieldType.UUID, nullable=True),
    make_column("whole", FieldType.INTEGER),
    make_column("large", FieldType.BIGINT),
]
NUMBERS = [
    make_column("n", FieldType.INTEGER, between(10, 1010)),
    make_column("one", FieldType.INTEGER, between(7, 7)),
    make_column("any_integer", FieldType.INTEGER, between(-(2**31), 2**31 - 1)),
    make_column("any_bigint", FieldType.BIGINT, between(-(2**63), 2**63 - 1)),
    make_column("least_bigint", FieldType.BIGINT, between(-(2**63), -(2**63))),
    make_column("large_bigints", FieldType.BIGINT, between(2**63 - 10, 2**63 - 1)),
    make_column("amount", FieldType.DECIMAL, between("-9.99", "9.99")),
    make_column("cent", FieldType.DECIMAL, between("0.01", "0.01")),
    make_column("any_amount", FieldType.DECIMAL, between("-99999999.99", "99999999.99")),
    make_column("whole_decimal", FieldType.DECIMAL, between(-5, 5), precision=5, scale=0),
    make_column("share", FieldType.DECIMAL, between(0, "0.9999999999"), precision=10, scale=10),
    make_column("fine", FieldType.DECIMAL, between(10, 1010), precision=18, scale=8),
    make_column("large", FieldType.DECIMAL, between("12e15", "12.1e15"), precision=20),
    make_column("wide", FieldType.DECIMAL, between("-1e27", "1e27"), precision=38, scale=10),
    make_column("ratio", FieldType.FLOAT, between("-0.5", "0.5")),
    make_column("any_float", FieldType.FLOAT, between("-1e15", "1e15")),
    make_column("large_floats", FieldType.FLOAT, between("900719925474000", "900719925475000")),
    make_column("maybe", FieldType.INTEGER, between(1, 3), nullable=True),
]
OTHERS = [
    make_column("state", FieldType.STRING, StateOf(states=("new", "it's", "a\\b"))),
    make_column("words", FieldType.TEXT, Choice(values=WORDS), nullable=True),
    make_column("letters", FieldType.STRING, Choice(values=("a", "bc")), length=2),
    make_column("switch", FieldType.BOOLEAN, Choice(values=(True, False, None)), nullable=True),
    make_column("size", FieldType.INTEGER, Choice(values=(-1, 0, 2**31 - 1))),
    make_column(
        "price", FieldType.DECIMAL, Choice(values=(Decimal("9.90"), Decimal("1E+3"), Decimal("-0.01")))
    ),
    make_column("weight", FieldType.FLOAT, Choice(values=(0.1, 1e16, -2.5e-7))),
    make_column("only", FieldType.TEXT, Choice(values=(None,)), nullable=True),
    make_column("document", FieldType.JSON, Choice(values=('{"a": "it\'s"}', "[1, null]"))),
    make_column("owner_id", FieldType.UUID, ReferenceTo(table='Weird "Name"')),
    make_column("batch_id", FieldType.INTEGER, ReferenceTo(table="batch")),
    make_column("ledger_id", FieldType.BIGINT, ReferenceTo(table="ledger"), nullable=True),
    make_column("day", FieldType.DATE, Recent(seconds=400 * DAY_S)),
    make_column("today", FieldType.DATE, Recent(seconds=1 * DAY_S)),
    make_column("at", FieldType.TIMESTAMP, Recent()),
    make_column("long_ago", FieldType.TIMESTAMP, Recent(seconds=24_000 * DAY_S)),
]
SPREAD = [
    make_column("bell", FieldType.INTEGER, spread(1, 1000, Normal(mean=500, stdev=150))),
    make_column("bell_aside", FieldType.INTEGER, spread(1, 1000, Normal(mean=-4000, stdev=100))),
    make_column("bell_wide", FieldType.BIGINT, spread(-(2**62), 2**62, Normal(mean=1e18, stdev=2e17))),
    make_column("price", FieldType.DECIMAL, spread("0.01", "999.99", Normal(mean=50, stdev=400.5))),
    make_column("falling", FieldType.INTEGER, spread(5, 10**9, Exponential(mean=1e6))),
    make_column("falling_fast", FieldType.INTEGER, spread(5, 50, Exponential(mean=0.5))),
    make_column("fees", FieldType.DECIMAL, spread(0, "1e14", Exponential(mean=20)), precision=20, scale=4),
    make_column("ratio", FieldType.FLOAT, spread(-1, 1, Normal(mean=0.25, stdev=0.1))),
    make_column("hot", FieldType.INTEGER, spread(1, 100, Zipf(s=1.1))),
    make_column("hot_wide", FieldType.INTEGER, spread(-(2**31), 2**31 - 1, Zipf(s=0.7))),
    make_column("hot_price", FieldType.DECIMAL, spread("0.01", "99999999.99", Zipf(s=1))),
    make_column("hot_text", FieldType.TEXT, spread(1, 10**6, Zipf(s=2))),
    make_column("owner_id", FieldType.UUID, ReferenceTo(table='Weird "Name"', distribution=Zipf(s=1.1))),
    make_column("batch_id", FieldType.INTEGER, ReferenceTo(table="batch", distribution=Zipf(s=1.5))),
    make_column("ledger_id", FieldType.BIGINT, ReferenceTo(table="ledger", distribution=Zipf(s=1.01))),
    make_column("size", FieldType.STRING, Choice(values=("s", "m", "xl"), weights=(70, 0, 30))),
    make_column(
        "rare", FieldType.INTEGER, Choice(values=(1, None, 3), weights=(1, 10**30, 1)), nullable=True
    ),
]
WRITTEN = [
    make_column("code", FieldType.UUID, Uuid()),
    make_column("code_text", FieldType.TEXT, Uuid()),
    make_column("code_short", FieldType.STRING, Uuid(), length=8),
    make_column("counted", FieldType.INTEGER, Sequence()),
    make_column("downwards", FieldType.BIGINT, Sequence(start=2**62, step=-(2**40))),
    make_column("tariff", FieldType.DECIMAL, Sequence(start=-3, step=2)),
    make_column("level", FieldType.FLOAT, Sequence(start=-3, step=2)),
    make_column("number", FieldType.STRING, Sequence(start=1000)),
    make_column("tag", FieldType.TEXT, Text(length=3)),
    make_column("tag_cut", FieldType.STRING, Text(length=40), length=35),
    make_column("page", FieldType.TEXT, Text(length=1000)),
    make_column("book", FieldType.TEXT, Text(length=2500)),
    make_column("email", FieldType.STRING, Template(text="user_{index}@example.com")),
    make_column("quoted", FieldType.TEXT, Template(text="it's {word}\\{index}{word} 100% {other}")),
    make_column("plain", FieldType.TEXT, Template(text="größe")),
    make_column("nothing", FieldType.TEXT, Template(text="")),
    make_column("document", FieldType.JSON, Template(text='{"n": {index}, "w": "{word}"}')),
]
MOMENTS = [
    make_column("soon", FieldType.TIMESTAMP, Recent(seconds=100, ahead=True)),
    make_column("soon_day", FieldType.DATE, Recent(seconds=30 * DAY_S, ahead=True)),
    make_column("tomorrow", FieldType.DATE, Recent(seconds=1, ahead=True)),
    make_column("centuries", FieldType.TIMESTAMP, Recent(seconds=500 * 366 * DAY_S)),
    make_column("day", FieldType.DATE, Between(low=date(2020, 2, 28), high=date(2024, 3, 1))),
    make_column("any_day", FieldType.DATE, Between(low=date.min, high=date.max)),
    make_column("one_day", FieldType.DATE, Between(low=date(2020, 2, 29), high=date(2020, 2, 29))),
    make_column("day_of_moment", FieldType.DATE, Between(low=LOCAL, high=LOCAL + timedelta(days=9))),
    make_column("moment", FieldType.TIMESTAMP, Between(low=LOCAL, high=LOCAL + timedelta(hours=5))),
    make_column("moment_of_day", FieldType.TIMESTAMP, Between(low=date(2020, 1, 1), high=date(2020, 1, 2))),
    make_column(
        "any_moment",
        FieldType.TIMESTAMP,
        Between(low=datetime(1, 1, 2, microsecond=1, tzinfo=UTC), high=datetime(9999, 12, 30, tzinfo=UTC)),
    ),
]
CHANCES = [
    make_column("paid", FieldType.BOOLEAN, Chance()),
    make_column("seldom", FieldType.BOOLEAN, Chance(probability=0.03)),
    make_column("never", FieldType.BOOLEAN, Chance(probability=0)),
    make_column("always", FieldType.BOOLEAN, Chance(probability=1)),
    make_column("null", FieldType.TEXT, OrNull(share=1, generator=Text()), nullable=True),
]
PARENTS = (
    make_table('Weird "Name"'),
    make_table("batch", key=FieldType.INTEGER),
    make_table("ledger", key=FieldType.BIGINT),
)
ROWS = {'Weird "Name"': 1, "batch": 40, "ledger": 2**31}


@pytest.mark.parametrize("key", KEYS)
def test_keys(database: str, key: FieldType) -> None:
    """A key is the same on both sides, whatever its type, the name of its table and the seed."""

    async def compare(connection: asyncpg.Connection) -> None:
        for seed, name in SEEDED_NAMES:
            await connection.execute(f'CREATE SCHEMA "{seed}"; SET search_path = "{seed}"')
            table = make_table(name, key=key)
            source = make_source(table, seed=seed)
            served = await rows_of_server(connection, source, table, INDEXES)
            assert len(served) == len(INDEXES)
            assert served == await rows_of_python(connection, source, table, INDEXES), name

    connected(database, compare)


def sometimes_null(columns: list[Column]) -> list[Column]:
    """Return the columns with nulls among their values."""
    return [
        replace(
            column,
            field=replace(column.field, nullable=True),
            generator=OrNull(share=0.3, generator=column.generator),
        )
        for column in columns
    ]


GROUPS = {"free": FREE, "numbers": NUMBERS, "others": OTHERS, "chances": CHANCES} | {
    f"{name}{kind}": change(columns)
    for name, columns in (("spread", SPREAD), ("written", WRITTEN), ("moments", MOMENTS))
    for kind, change in (("", list), (" and nulls", sometimes_null))
}


@pytest.mark.parametrize("columns", GROUPS.values(), ids=GROUPS.keys())
@pytest.mark.parametrize("name", ["order", 'Weird "Name" it\'s'])
def test_columns(database: str, columns: list[Column], name: str) -> None:
    """Every column of a row is the same on both sides."""
    table = make_table(name, *columns)
    source = make_source(table, *PARENTS, rows=ROWS)

    async def compare(connection: asyncpg.Connection) -> None:
        served = without_states(table, await rows_of_server(connection, source, table, INDEXES))
        made = without_states(table, await rows_of_python(connection, source, table, INDEXES))
        assert len(served) == len(INDEXES)
        names = [column.name for column in columns if not isinstance(column.generator, StateOf)]
        for n, column in enumerate(names, start=1):
            assert [row[n] for row in served] == [row[n] for row in made], column

    connected(database, compare)


def test_rows_far_from_the_first(database: str) -> None:
    """Row indexes beyond 32 bits are the same on both sides."""
    table = make_table("order", *NUMBERS, key=FieldType.BIGINT)
    source, indexes = make_source(table), range(2**40, 2**40 + 50)

    async def compare(connection: asyncpg.Connection) -> None:
        served = await rows_of_server(connection, source, table, indexes)
        assert len(served) == len(indexes)
        assert served == await rows_of_python(connection, source, table, indexes)

    connected(database, compare)


@pytest.mark.parametrize(
    "generator", [Sequence(start=998), Choice(values=("abc", "abcd")), between(998, 1002)]
)
def test_what_is_too_long_is_refused_on_both_sides(database: str, generator: Generator) -> None:
    """A cast to varchar(3) once cut number 1000 of a sequence to its first three digits, on the server alone."""
    table = make_table("order", make_column("code", FieldType.STRING, generator, length=3))
    source = make_source(table)

    async def compare(connection: asyncpg.Connection) -> None:
        with pytest.raises(asyncpg.StringDataRightTruncationError):
            await rows_of_server(connection, source, table, INDEXES)
        with pytest.raises(asyncpg.StringDataRightTruncationError):
            await rows_of_python(connection, source, table, INDEXES)

    connected(database, compare)
