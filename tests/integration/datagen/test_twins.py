"""Rows made by the server and rows made by Python are equal, row by row, for every type and every generator."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from perfengine.model.entity import FieldType
from perfengine.model.generator import Choice, Recent, ReferenceTo, StateOf
from perfengine.model.table import Column
from tests.integration.datagen.twins import rows_of_python, rows_of_server, without_states
from tests.sandbox import connected
from tests.tables import between, make_column, make_source, make_table

if TYPE_CHECKING:
    import asyncpg

INDEXES = range(7, 407)
KEYS = [FieldType.UUID, FieldType.BIGINT, FieldType.INTEGER, FieldType.STRING, FieldType.TEXT]
SEEDED_NAMES = [(42, "order"), (-1, 'Weird "Name" it\'s'), (0, "back\\slash"), (2**70, "größe")]
WORDS = ("plain", "it's", 'say "x"', "a\\b", "\\'; --", "", "größe €", "{1,2}", "NULL", None)
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
    make_column("day", FieldType.DATE, Recent(days=400)),
    make_column("today", FieldType.DATE, Recent(days=1)),
    make_column("at", FieldType.TIMESTAMP, Recent()),
    make_column("long_ago", FieldType.TIMESTAMP, Recent(days=24_000)),
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


@pytest.mark.parametrize("columns", [FREE, NUMBERS, OTHERS], ids=["free", "numbers", "others"])
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
