"""Values of rows that are there: from all over a table, with few pages read."""

from __future__ import annotations

import asyncio
import re
import uuid
from typing import TYPE_CHECKING

import asyncpg
import pytest

from perfengine.catalog.question_sql import question_sql
from perfengine.database.introspect import ask_values
from perfengine.model.existing import Place
from perfengine.model.existing_question import Asked, Question

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Some 20 rows a page: 2000 pages and more.
ROWS = 40_000
PAGES = 2_000
LIMIT = 100


@pytest.fixture(scope="module")
def schema(existing: str) -> Iterator[str]:
    """Yield a schema with a long table, the same in partitions, a view of it, and one that is all but empty."""
    name = f"questions_{uuid.uuid4().hex[:8]}"
    asyncio.run(
        _execute(
            existing,
            f"""
            CREATE SCHEMA {name};
            SET search_path TO {name};
            CREATE TABLE long (id integer PRIMARY KEY, twin integer, filler text);
            INSERT INTO long SELECT n, n / 2, repeat('x', 380) FROM generate_series(1, {ROWS}) AS n;
            CREATE INDEX ON long (twin);
            CREATE TABLE parted (id integer PRIMARY KEY, filler text) PARTITION BY RANGE (id);
            CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM (0) TO ({ROWS // 4});
            CREATE TABLE parted_2 PARTITION OF parted DEFAULT;
            INSERT INTO parted SELECT id, filler FROM long;
            CREATE VIEW looking AS SELECT * FROM long;
            CREATE TABLE left_over (id integer PRIMARY KEY, filler text) WITH (autovacuum_enabled = off);
            INSERT INTO left_over SELECT id, filler FROM long;
            DELETE FROM left_over WHERE id < {ROWS};
            CREATE TABLE empty (id integer PRIMARY KEY);
            """,
        )
    )
    yield name
    asyncio.run(_execute(existing, f"DROP SCHEMA {name} CASCADE"))


async def _execute(dsn: str, sql: str) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(sql)
    finally:
        await connection.close()


def _question(schema: str, table: str, *, column: str = "id", asked: Asked = Asked.SOME_VALUES) -> Question:
    return Question(asked=asked, place=Place(schema=schema, name=table), column=column, limit=LIMIT)


def _ask(dsn: str, question: Question, *, has_pages: bool = True) -> list[int]:
    async def ask() -> list[int]:
        connection = await asyncpg.connect(dsn)
        try:
            return [
                int(one) for one in await ask_values(connection, question_sql(question, has_pages=has_pages))
            ]
        finally:
            await connection.close()

    return asyncio.run(ask())


@pytest.mark.parametrize("table", ["long", "parted"])
def test_values_are_from_all_over_the_table(existing: str, schema: str, table: str) -> None:
    """The oldest rows alone would be in the cache after a few reads: each quarter of the table has its share."""
    question = _question(schema, table)
    found = _ask(existing, question)
    assert len(found) == len(set(found)) == LIMIT
    quarters = [sum((one - 1) * 4 // ROWS == quarter for one in found) for quarter in range(4)]
    # 25 are expected, with a standard deviation of 6 where pages go together
    assert all(7 <= one <= 50 for one in quarters), quarters
    assert _ask(existing, question) == found, "the same rows give the same answer"


def test_few_pages_are_read(existing: str, schema: str) -> None:
    """As many as values are wanted, of twenty times as many."""

    async def plan() -> str:
        connection = await asyncpg.connect(existing)
        try:
            sql = question_sql(_question(schema, "long"), has_pages=True)
            rows = await connection.fetch(f"EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, SUMMARY OFF) {sql}")
            return "\n".join(row[0] for row in rows)
        finally:
            await connection.close()

    text = asyncio.run(plan())
    scan = text[text.index("Sample Scan") :]
    buffers = scan.split("Buffers: shared")[1].split("\n")[0]
    # the first to read a page may write to it, too: who inserted its rows is known to have committed
    pages = sum(int(count) for count in re.findall(r"(?:hit|read)=(\d+)", buffers))
    assert LIMIT / 2 < pages < LIMIT * 2 < PAGES, text
    assert "never executed" in text, "the first rows are asked for only where no page had any"


def test_where_the_pages_hold_nothing_the_first_values_are_taken(existing: str, schema: str) -> None:
    """One row on the last of two thousand pages is found; of an empty table there is none."""
    assert _ask(existing, _question(schema, "left_over")) == [ROWS]
    assert _ask(existing, _question(schema, "empty")) == []


def test_a_view_has_no_pages(existing: str, schema: str) -> None:
    """Its first values are taken."""
    assert _ask(existing, _question(schema, "looking"), has_pages=False) == list(range(1, LIMIT + 1))


def test_values_that_several_rows_share_are_left_out(existing: str, schema: str) -> None:
    """Of pairs only the halves of the two at the ends are alone."""
    asked = Asked.VALUES_OF_ONE_ROW
    assert len(_ask(existing, _question(schema, "long", asked=asked))) == LIMIT
    assert set(_ask(existing, _question(schema, "long", asked=asked, column="twin"))) <= {0, ROWS // 2}
