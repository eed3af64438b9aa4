"""How the values that a server makes are spread over what they may be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from scipy.stats import chisquare

from perfengine.datagen.rows_sql import insert_rows_sql, key_sql
from perfengine.model.ddl import constraints_ddl, create_table_ddl
from perfengine.model.entity import FieldType
from perfengine.model.generator import ReferenceTo, StateOf
from tests.sandbox import connected
from tests.tables import ANCHOR, between, make_column, make_source, make_table

if TYPE_CHECKING:
    import asyncpg

    from perfengine.datagen.layout import RowSource

STATES = ("new", "paid", "it's done")
PARENT_ROWS, ROWS = 25, 10_000
PARENT = make_table("customer")
CHILD = make_table(
    "order",
    make_column("customer_id", FieldType.UUID, ReferenceTo(table="customer")),
    make_column("status", FieldType.STRING, StateOf(states=STATES)),
    make_column("total", FieldType.DECIMAL, between("0.01", "5.00")),
    make_column("fine", FieldType.DECIMAL, between(0, 20), precision=18, scale=12),
)
SOURCE = make_source(PARENT, CHILD, rows={"customer": PARENT_ROWS, "order": ROWS})


async def fill(connection: asyncpg.Connection, source: RowSource, *chunks: tuple[int, int]) -> None:
    """Make both tables and their rows, those of the child in chunks of (first, last), then the constraints."""
    for table in (PARENT, CHILD):
        await connection.execute(create_table_ddl(table))
    await connection.execute(insert_rows_sql(source, PARENT, ()), 0, PARENT_ROWS - 1, ANCHOR, 0)
    for first, last in chunks:
        await connection.execute(insert_rows_sql(source, CHILD, STATES), first, last, ANCHOR, chunks[0][0])
    for table in (PARENT, CHILD):
        for statement in constraints_ddl(table):
            await connection.execute(statement)


@pytest.mark.parametrize(
    ("query", "groups"),
    [
        (
            'SELECT count(*) FROM customer LEFT JOIN "order" o ON o.customer_id = customer.id GROUP BY customer.id',
            25,
        ),
        ('SELECT count(*) FROM "order" GROUP BY total', 500),
        ('SELECT count(*) FROM "order" GROUP BY floor(fine)', 20),
    ],
    ids=["parents", "amounts", "fine amounts"],
)
def test_values_are_uniform(database: str, query: str, groups: int) -> None:
    """References reach every parent and amounts every step, each about as often as the others."""

    async def compare(connection: asyncpg.Connection) -> None:
        await fill(connection, SOURCE, (0, ROWS - 1))
        counts = [row[0] for row in await connection.fetch(query)]
        assert len(counts) == groups
        assert sum(counts) == ROWS
        assert chisquare(counts).pvalue > 0.001

    connected(database, compare)


def test_states_by_turns(database: str) -> None:
    """States take turns from the first row on, also where the rows are made in several statements."""

    async def compare(connection: asyncpg.Connection) -> None:
        await fill(connection, SOURCE, (100, 106), (107, 107), (108, 400))
        keys = f"SELECT {key_sql(SOURCE.seed, CHILD, 'i')}, i FROM generate_series(100, 400) AS g(i)"
        rows = await connection.fetch(
            f'SELECT status FROM ({keys}) AS k(made, i) JOIN "order" ON id = made ORDER BY i'
        )
        assert [row["status"] for row in rows] == [STATES[n % 3] for n in range(301)]

    connected(database, compare)


@pytest.mark.parametrize("seed", [42, 43])
def test_a_seed_makes_the_same_rows_again(database: str, seed: int) -> None:
    """Rows made in one statement or in several, now or again, are the same; another seed makes others."""
    fingerprint = """SELECT md5(string_agg(o::text, ',' ORDER BY id)) FROM "order" AS o"""
    source = make_source(PARENT, CHILD, seed=seed, rows=SOURCE.rows)

    async def compare(connection: asyncpg.Connection) -> None:
        found = []
        for n, (one, chunks) in enumerate(
            [(SOURCE, [(0, 299)]), (source, [(0, 299)]), (source, [(0, 10), (11, 299)])]
        ):
            await connection.execute(f"CREATE SCHEMA s{n}; SET search_path = s{n}")
            await fill(connection, one, *chunks)
            found.append(await connection.fetchval(fingerprint))
        assert found[1] == found[2]
        assert (found[0] == found[1]) is (seed == SOURCE.seed)

    connected(database, compare)
