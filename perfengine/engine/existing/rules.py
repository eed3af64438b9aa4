"""Rules before rows, on existing tables: the database judges rows of ours in tables of this session first.

A shadow has the columns that rows of ours say, with their types, and none of the constraints: so the conditions of
the real table are looked at one by one, as in a sandbox, and nothing is written where others are.
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from perfengine.database.rows import add_rows, empty
from perfengine.database.shadows import drop_shadow, make_shadow, repeated_values
from perfengine.datagen.layout import RowSource
from perfengine.engine.existing.unique_looks import heed_unique_looks
from perfengine.engine.guards import heed_guards
from perfengine.engine.rules import SAMPLE_ROWS, heed_rules, row_statements, states_of
from perfengine.errors import PlanError
from perfengine.model.existing import OF_SESSION, Place
from perfengine.model.plan import KeyRange

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping
    from datetime import datetime

    from perfengine.database.connect import Connection
    from perfengine.engine.rules import RuleValues
    from perfengine.model.plan import Plan
    from perfengine.model.table import Table


async def heed_existing(
    connection: Connection, plan: Plan, anchor: datetime
) -> tuple[RowSource, RuleValues, dict[str, RowSource]]:
    """Return the row source adapted to the conditions of the tables, the values of validation, the guarded sources.

    As `heed_rules` and `heed_guards` do for a sandbox. No table but those of this session is written.

    Raises: PlanError naming the condition that no rows of ours satisfy, TargetError.
    """
    async with _shadows(connection, plan) as shadows:
        there = replace(plan, tables=tuple(shadows.values()))
        source = RowSource(seed=plan.seed, tables=shadows, rows=plan.data_rows)
        source = await heed_unique_looks(connection, source, anchor)
        there = replace(there, tables=tuple(source.tables.values()))
        source, values = await heed_rules(connection, there, source, anchor)
        await _require_rows(connection, source, anchor)
        guarded = await heed_guards(connection, there, source, anchor)
    places = {table.name: table for table in plan.tables}
    found = {name: _placed(one, places) for name, one in guarded.items()}
    return _placed(source, places), values, found


@asynccontextmanager
async def _shadows(connection: Connection, plan: Plan) -> AsyncIterator[dict[str, Table]]:
    """Give a table of this session for each of the plan."""
    shadows: dict[str, Table] = {}
    try:
        for table in plan.tables:
            place = Place(schema=OF_SESSION, name=table.name)
            shadow = replace(table, place=place, overrides_identity=False)
            await make_shadow(connection, shadow)
            shadows[table.name] = shadow
        yield shadows
    finally:
        for shadow in shadows.values():
            await drop_shadow(connection, shadow)


def _placed(source: RowSource, tables: Mapping[str, Table]) -> RowSource:
    """Return the source with its tables where they really are."""
    placed = {
        name: replace(table, place=tables[name].place, overrides_identity=tables[name].overrides_identity)
        for name, table in source.tables.items()
    }
    return replace(source, tables=placed)


async def _require_rows(connection: Connection, source: RowSource, anchor: datetime) -> None:
    """See to it that rows can be made at all, and that values which must be distinct are so."""
    for table in source.tables.values():
        statements = row_statements(source, table.name, states_of(table))
        await add_rows(connection, statements, KeyRange(start=0, count=SAMPLE_ROWS), anchor)
        for column in (column for column in table.columns if column.unique):
            repeated = await repeated_values(connection, table, column)
            if repeated:
                raise PlanError(
                    f"{table.name}.{column.name} is unique, and {repeated} of {SAMPLE_ROWS} values of ours are there "
                    f'already: say how they are made, data: {{{table.name}: {{{column.name}: {{template: "...'
                    '{index}"}}}'
                )
        await empty(connection, table)
