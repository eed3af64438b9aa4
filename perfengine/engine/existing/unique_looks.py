"""Unique texts that must look like something: an address that is different in every row, and still an address.

Where rows of ours break a condition over such a column, a value that the database accepts is made a template: a word
and the number of the row go in at some place. Which place, the database says.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from perfengine.database.rows import add_rows, empty
from perfengine.database.rule_values import probe_rule, why_broken
from perfengine.engine.rules import SAMPLE_ROWS, row_statements, states_of
from perfengine.model.entity import FieldType
from perfengine.model.generator import Template
from perfengine.model.plan import KeyRange

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from perfengine.database.connect import Connection
    from perfengine.datagen.layout import RowSource
    from perfengine.model.table import Check, Column, Table

#: What makes a value different: of this run, and of this row.
_OWN: Final = "{word}{index}"
#: Characters that it takes: eight of the word, and the number of a row below ten million.
_OWN_LENGTH: Final = 15
_SAMPLE: Final = KeyRange(start=0, count=SAMPLE_ROWS)
_TEXTS: Final = frozenset({FieldType.TEXT, FieldType.STRING})
#: Accepted values that are tried, each at every place.
_MAX_LOOKS: Final = 5


async def heed_unique_looks(connection: Connection, source: RowSource, anchor: datetime) -> RowSource:
    """Return the source with templates for unique texts that must satisfy a condition; the tables are empty after."""
    for name in source.tables:
        for column in source.tables[name].columns:
            if column.unique and column.field.type in _TEXTS:
                source = await _fitting(connection, source, name, column, anchor)
        await empty(connection, source.tables[name])
    return source


async def _fitting(
    connection: Connection, source: RowSource, name: str, column: Column, anchor: datetime
) -> RowSource:
    checks = [check for check in source.tables[name].checks if check.fields == (column.name,)]
    if not checks or await _satisfies(connection, source, name, checks, anchor):
        return source
    finding = await probe_rule(connection, source.tables[name], checks[0])
    for (value,) in finding.accepted[:_MAX_LOOKS]:
        for template in _templates(str(value), column):
            changed = _with(source, name, column, template)
            if await _satisfies(connection, changed, name, checks, anchor):
                return changed
    return source  # the rules are looked at again, and then say what is wrong


def _templates(value: str, column: Column) -> Iterator[Template]:
    """Yield the value with what makes it different at every place, the first ones first."""
    if column.field.type is FieldType.STRING and len(value) + _OWN_LENGTH > column.field.length:
        return
    for place in range(len(value) + 1):
        yield Template(text=value[:place] + _OWN + value[place:])


def _with(source: RowSource, name: str, column: Column, template: Template) -> RowSource:
    old = source.tables[name]
    columns = tuple(
        replace(one, generator=template) if one.name == column.name else one for one in old.columns
    )
    return replace(source, tables={**source.tables, name: replace(old, columns=columns)})


async def _satisfies(
    connection: Connection, source: RowSource, name: str, checks: Sequence[Check], anchor: datetime
) -> bool:
    """Return whether sample rows satisfy the conditions; they stay in the table."""
    table: Table = source.tables[name]
    await empty(connection, table)
    await add_rows(connection, row_statements(source, name, states_of(table)), _SAMPLE, anchor)
    for check in checks:
        if await why_broken(connection, table, check):
            return False
    return True
