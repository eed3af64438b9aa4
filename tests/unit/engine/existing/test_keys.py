"""Keys of rows of ours on existing tables: of this run alone, and nobody else's."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from perfengine.datagen.keys import key_value
from perfengine.engine.existing.keys import keys_of_this_run, needs_sequence
from perfengine.model.entity import Field, FieldType
from perfengine.model.generator import Free
from perfengine.model.table import Check, Column, Table

KEY_TYPES = (FieldType.UUID, FieldType.TEXT, FieldType.INTEGER, FieldType.BIGINT)


def table_with(key: FieldType, *, bound: bool = False) -> Table:
    """Return a table with a key of a type, and a condition on it where that is asked for."""
    column = Column(field=Field(name="id", type=key), sql_type=key.value, generator=Free())
    check = Check(constraint="c", rule="c", field="id", expression="id > 0", fields=("id",), candidates=())
    return Table(name="t", columns=(column,), checks=(check,) if bound else (), first_key=1_000)


@given(seed=st.integers(), row=st.integers(0, 1_000_000))
def test_whole_numbers_are_below_nought(seed: int, row: int) -> None:
    """Inside their type, and far enough from nought for a million rows."""
    for kind, least in ((FieldType.INTEGER, -(2**31)), (FieldType.BIGINT, -(2**63))):
        (table,) = keys_of_this_run([table_with(kind)], Random(seed))  # noqa: S311 - keys, no secrets
        assert least <= int(key_value(42, table, row)) < 0


def test_no_two_runs_have_a_key_in_common() -> None:
    """The seed of the workload may be the same."""
    for kind in KEY_TYPES:
        runs = [keys_of_this_run([table_with(kind)], Random(number))[0] for number in (1, 2)]  # noqa: S311
        keys = {key_value(42, table, row) for table in runs for row in range(100)}
        assert len(keys) == 200


def test_a_condition_on_the_key_keeps_the_numbers_of_the_plan() -> None:
    """Then a sequence must give those of others; digests are apart in any case."""
    bound = table_with(FieldType.BIGINT, bound=True)
    assert keys_of_this_run([bound], Random(1)) == (bound,)  # noqa: S311
    assert needs_sequence(bound)
    assert not needs_sequence(replace(bound, checks=()))
    assert not needs_sequence(table_with(FieldType.UUID, bound=True))
