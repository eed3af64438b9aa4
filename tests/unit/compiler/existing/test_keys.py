"""Which column names a row of ours."""

from __future__ import annotations

from dataclasses import replace

import pytest

from perfengine.compiler.existing.keys import key_column, own_key_column, reading_key
from perfengine.model.existing import ExistingColumn, ExistingTable, ForeignKey, Place, UniqueKey
from tests.existing_schemas import column, table


def _keyed(*columns: ExistingColumn, keys: tuple[tuple[str, ...], ...]) -> ExistingTable:
    """Return a table whose first key is the primary one."""
    found = tuple(UniqueKey(name=f"k{n}", columns=key, primary=n == 0) for n, key in enumerate(keys))
    return replace(table("thing", *columns), keys=found)


def _name(thing: ExistingTable) -> str | None:
    found = key_column(thing)
    return None if isinstance(found, str) else found.name


UUID, NUMBER, TENANT = column("id", "uuid"), column("number", "int8"), column("tenant_id", "uuid")
AT = column("created_at", "timestamptz")


@pytest.mark.parametrize(
    ("columns", "keys", "name"),
    [
        ((UUID, NUMBER), (("number",), ("id",)), "id"),
        ((UUID, NUMBER), (("number",),), "number"),
        ((UUID, AT), (("id", "created_at"),), "id"),
        ((NUMBER, AT), (("number", "created_at"),), "number"),
        ((UUID, NUMBER), (("id", "number"),), "id"),
        ((UUID, TENANT), (("id", "tenant_id"),), "id"),
        ((UUID, TENANT, NUMBER), (("tenant_id", "id"), ("number",)), "number"),
    ],
)
def test_one_column_names_a_row(
    columns: tuple[ExistingColumn, ...], keys: tuple[tuple[str, ...], ...], name: str
) -> None:
    """One that is unique by itself goes before one that leads a key of several."""
    assert _name(_keyed(*columns, keys=keys)) == name


@pytest.mark.parametrize(
    ("columns", "key"),
    [
        ((UUID, TENANT), ("tenant_id", "id")),  # every look would read the whole table
        ((NUMBER, column("version", "int4")), ("number", "version")),  # either could be meant
        ((AT, UUID), ("created_at", "id")),
    ],
)
def test_where_none_does_all_of_the_key_is_named(
    columns: tuple[ExistingColumn, ...], key: tuple[str, ...]
) -> None:
    """With what would help."""
    said = key_column(_keyed(*columns, keys=(key,)))
    assert isinstance(said, str)
    assert f"several columns ({', '.join(key)})" in said
    assert said.endswith("give it a unique column besides")


def test_a_reference_names_no_row() -> None:
    """Its values are those of another table: rows of others have them, too."""
    lines = _keyed(NUMBER, AT, keys=(("number", "created_at"),))
    link = ForeignKey(
        name="fk",
        table=lines.place,
        columns=("number",),
        target=Place(schema="public", name="order"),
        target_columns=("number",),
    )
    assert _name(lines) == "number"
    assert _name(replace(lines, references=(link,))) is None


def test_a_key_for_some_rows_only_names_none() -> None:
    """Neither alone nor as the first of several."""
    some = UniqueKey(name="k", columns=("id", "created_at"), partial=True)
    said = key_column(replace(table("thing", UUID, AT), keys=(some,)))
    assert isinstance(said, str)
    assert said.startswith("it has no primary key and no unique column")


def test_a_key_that_refers_to_another_table_is_none_of_ours() -> None:
    """A table of one row for each row of another. It can be read; rows of ours were refused by the server, once."""
    link = ForeignKey(
        name="fk",
        table=Place(schema="public", name="thing"),
        columns=("id",),
        target=Place(schema="public", name="customer"),
        target_columns=("id",),
    )
    detail = replace(_keyed(UUID, keys=(("id",),)), references=(link,))
    said = own_key_column(detail)
    assert isinstance(said, str)
    assert said.startswith("its key id refers to public.customer, and a row of ours has a key of its own")
    assert reading_key(detail) is UUID
