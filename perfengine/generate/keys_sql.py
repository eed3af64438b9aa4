"""Keys of new rows, as SQL: such that no row of the table has, and none is likely to get meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from perfengine.generate.values_sql import random_key_sql
from perfengine.model.entity import FieldType
from perfengine.model.sql import quote_identifier, quote_literal

if TYPE_CHECKING:
    from perfengine.generate.workbench import Workbench
    from perfengine.model.table import Table

#: Beyond what the sequence of such a column has reached, or will reach while the file runs.
_FAR: Final = {FieldType.INTEGER: 2_139_999_999, FieldType.BIGINT: 8_999_999_999_999_999_999}


def is_counted(table: Table) -> bool:
    """Return whether the keys of a table are whole numbers."""
    return table.key.field.type in _FAR


def highest_key_sql(table: Table) -> str:
    """Return the number after which keys of ours may begin."""
    name, key = quote_identifier(table.name), quote_identifier(table.key.name)
    return f"greatest({_FAR[table.key.field.type]}, (SELECT max({key}) FROM {name}))"


def key_counter_part(bench: Workbench, table: Table) -> str:
    """Return the sequence that whole numbers for keys come from."""
    sequence = bench.helper(f"{table.name}_next_key")
    return (
        "-- Keys are whole numbers: ours lie far beyond those of others.\n"
        f"CREATE SEQUENCE {sequence} AS bigint;\n"
        f"DO $do$ BEGIN PERFORM setval({quote_literal(sequence)}, {highest_key_sql(table)}); END $do$;"
    )


def new_key_sql(bench: Workbench, table: Table) -> str:
    """Return the key of a new row."""
    if is_counted(table):
        return f"nextval({quote_literal(bench.helper(f'{table.name}_next_key'))})"
    return random_key_sql(table.key.field)


def overriding(table: Table) -> str:
    """Return what lets our keys into a column that numbers its rows itself."""
    return " OVERRIDING SYSTEM VALUE" if is_counted(table) else ""
