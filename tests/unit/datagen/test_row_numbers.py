"""Where second keys begin: apart for every run, in four bytes; beyond all others where a condition reads them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from perfengine.datagen.row_numbers import first_number
from perfengine.model.entity import Field, FieldType
from perfengine.model.generator import Free, RowNumber
from perfengine.model.table import Check, Column, Table


def _table(key: FieldType, **more: object) -> Table:
    columns = (
        Column(field=Field(name="id", type=key), sql_type=str(key), generator=Free()),
        Column(field=Field(name="number", type=FieldType.INTEGER), sql_type="integer", generator=RowNumber()),
    )
    return replace(Table(name="order", columns=columns), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "table",
    [
        _table(FieldType.UUID, key_salt="a", first_key=1_500_000_000),
        _table(FieldType.BIGINT, first_key=-(1 << 62) + 5),
        _table(FieldType.INTEGER, first_key=-(1 << 31) + 5),
    ],
)
def test_four_bytes_with_room_to_count(table: Table) -> None:
    """Whatever the key is; a thousand million rows fit."""
    first = first_number(table)
    assert -(1 << 31) <= first < 0
    assert first + 1_000_000_000 < 1 << 31


def test_each_run_has_its_own() -> None:
    """By the salt of its keys, or by where its keys begin."""
    salted = {first_number(_table(FieldType.UUID, key_salt=salt)) for salt in "abc"}
    counted = {first_number(_table(FieldType.BIGINT, first_key=-(1 << 62) + n)) for n in range(3)}
    assert (len(salted), len(counted)) == (3, 3)


def test_a_condition_on_the_number() -> None:
    """Then it is beyond the greatest that is there."""
    check = Check(
        constraint="c", rule="c", field="number", expression="number > 0", fields=("number",), candidates=()
    )
    table = _table(FieldType.UUID, key_salt="a", first_key=1_500_000_000, checks=(check,))
    assert first_number(table) == 1_500_000_000
