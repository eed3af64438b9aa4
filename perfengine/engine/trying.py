"""Rules and guards tried on an embedded server, as a run tries them in its sandbox, where no run follows."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from perfengine.database.connect import SessionSettings, close_connection, in_plain_words, open_connection
from perfengine.database.sandbox import Sandbox, schema_of
from perfengine.datagen.layout import RowSource
from perfengine.engine.guards import heed_guards
from perfengine.engine.progress import Progress
from perfengine.engine.rules import heed_rules
from perfengine.engine.target import reachable
from perfengine.model.generated import TriedValues

if TYPE_CHECKING:
    from perfengine.database.address import Address
    from perfengine.database.connect import Connection
    from perfengine.model.plan import Plan


async def try_values(plan: Plan, address: Address | None = None) -> TriedValues:
    """Return what a server says of the plan's rules and guards; it must take the tables and functions, too.

    Nothing of that stays there. None is an embedded server, which goes with it.

    Raises: PlanError for a rule that no value fits, TargetError when no embedded server starts or it refuses a part.
    """
    progress = Progress()
    settings = SessionSettings(run_id=progress.run_id, schema=schema_of(progress.run_id))
    async with reachable(address, 1, progress) as server:
        with in_plain_words(server):
            connection = await open_connection(server, settings, answer_timeout_s=settings.answer_timeout_s)
            try:
                return await _tried(Sandbox(connection=connection, run_id=progress.run_id), plan)
            finally:
                await close_connection(connection)


async def _tried(sandbox: Sandbox, plan: Plan) -> TriedValues:
    try:
        return await _found_in(sandbox, plan)
    finally:
        await sandbox.drop()


async def _found_in(sandbox: Sandbox, plan: Plan) -> TriedValues:
    connection: Connection = sandbox.connection
    anchor = datetime.now(UTC)
    await sandbox.create(plan.tables)
    source = RowSource(seed=plan.seed, tables={t.name: t for t in plan.tables}, rows=plan.data_rows)
    source, ruled = await heed_rules(connection, plan, source, anchor)
    guarded = await heed_guards(connection, plan, source, anchor)
    await sandbox.add_constraints(plan.tables)
    await sandbox.add_functions(plan.functions)
    return TriedValues(
        tables=dict(source.tables),
        ruled=ruled,
        guarded={name: each.tables[_entity_of(plan, name)] for name, each in guarded.items()},
    )


def _entity_of(plan: Plan, operation: str) -> str:
    return next(item.operation.entity for item in plan.operations if item.operation.name == operation)
