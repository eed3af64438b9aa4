"""An arm and its sandbox: filled, and made different by the SQL of the arm."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import anyio

from perfengine.database.connect import in_plain_words
from perfengine.database.own_statements import run_statements
from perfengine.database.pooled_texts import bind_functions
from perfengine.engine.ab.arm import Arm
from perfengine.engine.own_steps import ADOPT_TIMEOUT_S, require_no_transaction, take_back
from perfengine.engine.staging import staged
from perfengine.errors import PlanError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from perfengine.database.address import Address
    from perfengine.engine.ab.planning import PlannedArm
    from perfengine.engine.ab.renewable import RenewableLoad
    from perfengine.engine.filled import Filled
    from perfengine.engine.progress import Progress


@asynccontextmanager
async def staged_arm(
    arm: PlannedArm, address: Address, load: RenewableLoad, progress: Progress
) -> AsyncIterator[Arm]:
    """Give an arm whose sandbox is filled, and whose SQL was run in it; the sandbox is gone after the block.

    Raises: PlanError naming the file and the statement that fails; TargetError, SafetyError.
    """
    async with staged(arm.planned, address, arm.target, progress) as filled:
        progress.address = address
        with in_plain_words(filled.address):
            await _make_different(arm, filled)
            # in both arms, or one would have fresher statistics
            await filled.rows.settle(filled.tables)
        yield Arm(arm, address, filled, load, progress)


async def _make_different(arm: PlannedArm, filled: Filled) -> None:
    """Run the SQL of an arm; what it makes becomes the sandbox's, also when it fails half-way."""
    if not arm.sql:
        return
    if filled.schema is None:
        raise PlanError(f"{arm.sql_source}: it would be run on existing tables, and is for sandboxes only")
    connection = filled.connection
    try:
        await run_statements(connection, arm.sql, arm.sql_source)
        require_no_transaction(connection, arm.sql_source)
        await take_back(filled)
        if not arm.planned.plan.prepare:
            await bind_functions(connection, filled.schema)
    except PlanError as error:
        where = f"the file is run in the sandbox of arm {arm.letter}, after the sandbox was filled"
        raise PlanError(f"{error}\n   {where}") from error
    finally:
        with anyio.move_on_after(ADOPT_TIMEOUT_S, shield=True):
            await take_back(filled)
            await filled.adopt()
