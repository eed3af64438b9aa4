r"""What `\gset` and `\aset` can keep, and what is said of the rest."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from perfengine.errors import UsageError
from perfengine.model.pgbench import Capture
from perfengine.pgbench.captured import _check


class Type(NamedTuple):
    """A type as the driver describes it."""

    name: str
    kind: str = "scalar"


class Column(NamedTuple):
    """A column as the driver describes it."""

    name: str
    type: Type


@pytest.mark.parametrize(
    ("column", "of_one_row", "message"),
    [
        (Column("?column?", Type("int4")), True, '\\gset would keep "x_?column?", which names no variable'),
        (Column("?column?", Type("int4")), False, '\\aset would keep "x_?column?", which names no variable'),
        (Column("at", Type("int4[]", "array")), False, "\\aset: column at is int4[]: cast it to text"),
    ],
)
def test_what_cannot_be_kept_is_said_by_the_command_that_would(
    column: Column, of_one_row: bool, message: str
) -> None:
    r"""An `\aset` was told what a `\gset` cannot do."""
    with pytest.raises(UsageError) as caught:
        _check(column, Capture(prefix="x_", of_one_row=of_one_row), "script.sql:2:1")
    assert str(caught.value).startswith(f"script.sql:2:1: {message}")


@pytest.mark.parametrize("column", [Column("one", Type("int4")), Column("at", Type("timestamptz"))])
def test_every_other_column_is_kept(column: Column) -> None:
    """As a number or as its text."""
    _check(column, Capture(prefix="", of_one_row=True), "script.sql:2:1")
