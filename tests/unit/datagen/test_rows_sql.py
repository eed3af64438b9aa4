"""The SQL text of rows: every name quoted, four parameters always, the seed in every digest."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from perfengine.datagen.rows_sql import insert_rows_sql, key_sql
from perfengine.model.entity import FieldType
from perfengine.model.generator import Normal, ReferenceTo, StateOf, Zipf
from tests.tables import between, make_column, make_source, make_table

if TYPE_CHECKING:
    from perfengine.model.generator import Generator

NUMBER = make_column("n", FieldType.INTEGER, between(1, 9))


@pytest.mark.parametrize(
    ("name", "key", "expression"),
    [
        ("order", FieldType.INTEGER, "(i + 1)::integer"),
        ("order", FieldType.BIGINT, "(i + 1)::bigint"),
        ("order", FieldType.UUID, "md5('42/order/id/' || i)::uuid"),
        ("order", FieldType.TEXT, "md5('42/order/id/' || i)::text"),
        ("order", FieldType.STRING, "md5('42/order/id/' || i)::varchar(255)"),
        ("it's", FieldType.UUID, "md5('42/it''s/id/' || i)::uuid"),
        ("a\\b", FieldType.UUID, "md5(E'42/a\\\\b/id/' || i)::uuid"),
        ("größe", FieldType.UUID, "md5(convert_to('42/größe/id/' || i, 'UTF8'))::uuid"),
    ],
)
def test_key(name: str, key: FieldType, expression: str) -> None:
    """A key is its index plus one, or a digest whose text no name can break out of."""
    assert key_sql(42, make_table(name, key=key), "i") == expression


def test_names_are_quoted() -> None:
    """Table and columns appear as quoted identifiers, whatever they are called."""
    table = make_table('Weird "Name"', make_column("order", FieldType.INTEGER, between(1, 9)))
    text = insert_rows_sql(make_source(table), table, ())
    assert text.startswith('INSERT INTO "Weird ""Name""" ("id", "order")\nSELECT ')


@pytest.mark.parametrize("columns", [(), (NUMBER,), (make_column("a", FieldType.TEXT),)])
def test_all_parameters_are_spoken_of(columns: tuple[()]) -> None:
    """A table that needs neither anchor nor turn of states takes the same four parameters as all others."""
    table = make_table("t", *columns)
    text = insert_rows_sql(make_source(table), table, ())
    assert all(f"${number}::" in text for number in (1, 2, 3, 4))


@pytest.mark.parametrize(
    ("states", "expression"),
    [
        ((), "'new'"),
        (("it's",), "'it''s'"),
        (("new", "a\\b"), "(ARRAY['new', E'a\\\\b'])[1 + ((i - $4) % 2)]"),
    ],
)
def test_states(states: tuple[str, ...], expression: str) -> None:
    """Rows are in the states that were asked for by turns, in the initial state when none were."""
    table = make_table("t", make_column("status", FieldType.TEXT, StateOf(states=("new", "old"))))
    assert f",\n       {expression}\nFROM" in insert_rows_sql(make_source(table), table, states)


def test_one_digest_for_four_numbers() -> None:
    """Columns share digests by four, and each digest is computed once for a row."""
    numbers = [make_column(f"n{i}", FieldType.INTEGER, between(1, 9)) for i in range(5)]
    table = make_table("t", *numbers, key=FieldType.BIGINT)
    assert insert_rows_sql(make_source(table), table, ()).count("md5(") == 2


def test_even_columns_need_no_tables() -> None:
    """What comes evenly is computed from its word alone: no table of a distribution, and no further subquery."""
    text = insert_rows_sql(make_source(make_table("t", NUMBER)), make_table("t", NUMBER), ())
    assert text.count("SELECT") == 2
    assert "bigint[]" not in text


@pytest.mark.parametrize(
    "generator",
    [
        replace(between(1, 10**6), distribution=Normal(mean=5e5, stdev=1e5)),
        replace(between(1, 10**6), distribution=Zipf(s=1.1)),
        ReferenceTo(table="parent", distribution=Zipf(s=1.1)),
    ],
)
def test_tables_travel_once(generator: Generator) -> None:
    """The table of a distribution stands in the statement once, however often its column looks at it."""
    table, parent = make_table("t", make_column("n", FieldType.BIGINT, generator)), make_table("parent")
    text = insert_rows_sql(make_source(table, parent, rows={"parent": 10**6}), table, ())
    assert text.count("bigint[]") == 2
    assert len(text) < 60_000
