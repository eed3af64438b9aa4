"""The sandbox from nothing to ready: tables, data sets, constraints, functions, statistics."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from perfengine.database.rows import add_rows, settle
from perfengine.datagen.layout import RowSource
from perfengine.engine.filled import FilledSandbox
from perfengine.engine.guards import heed_guards
from perfengine.engine.rules import heed_rules, row_statements, states_of
from perfengine.engine.sandbox_rows import SandboxRows
from perfengine.model.plan import KeyRange

if TYPE_CHECKING:
    from datetime import datetime

    from perfengine.database.address import Address
    from perfengine.database.sandbox import Sandbox
    from perfengine.model.plan import Plan


async def fill_sandbox(sandbox: Sandbox, address: Address, plan: Plan, anchor: datetime) -> FilledSandbox:
    """Create the tables, fill their data sets, add constraints and functions, VACUUM and ANALYZE.

    Raises: TargetError from the server, PlanError for a rule that no value fits.
    """
    await sandbox.create(plan.tables)
    source = RowSource(seed=plan.seed, tables={t.name: t for t in plan.tables}, rows=plan.data_rows)
    source, rule_values = await heed_rules(sandbox.connection, plan, source, anchor)
    guarded = await heed_guards(sandbox.connection, plan, source, anchor)
    seeding_s = {}
    for table in source.tables.values():
        began = time.perf_counter()
        statements = row_statements(source, table.name, states_of(table))
        keys = KeyRange(start=0, count=plan.data_rows[table.name])
        await add_rows(sandbox.connection, statements, keys, anchor)
        seeding_s[table.name] = time.perf_counter() - began
    tables = tuple(source.tables.values())
    await sandbox.add_constraints(tables)
    await sandbox.add_functions(plan.functions)
    await settle(sandbox.connection, tables)
    return FilledSandbox(
        sandbox=sandbox,
        connection=sandbox.connection,
        address=address,
        source=source,
        anchor=anchor,
        rows=SandboxRows(connection=sandbox.connection, anchor=anchor),
        rule_values=rule_values,
        guarded=guarded,
        seeding_s=seeding_s,
    )
