"""What a workload does itself before and after the load: `setup:` and `teardown:`, and those of Python files."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

import anyio

from perfengine.custom.code import code_of_file
from perfengine.custom.hooks import run_setups, run_teardowns
from perfengine.database.own_statements import run_statements
from perfengine.datagen.draws import Draws
from perfengine.errors import PlanError
from perfengine.model.sql import quote_identifier

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    from perfengine.custom.code import Code
    from perfengine.custom.draw import DrawOf
    from perfengine.database.connect import Connection
    from perfengine.datagen.layout import RowSource
    from perfengine.engine.filled import Filled
    from perfengine.engine.planning import PlannedRun

    Step = Callable[[], Awaitable[object]]

#: Marking what set-up has made may not hang on a server that has gone silent.
ADOPT_TIMEOUT_S = 10
#: Role and settings as the session began with them, its search path above all: by that our statements find the
#: sandbox, and by another one tables of somebody else.
_AS_IT_BEGAN: Final = "RESET SESSION AUTHORIZATION; RESET ROLE; RESET ALL"
_OPEN: Final = "it begins a transaction and does not end it"


def draws_of(source: RowSource, anchor: datetime) -> Callable[[str], DrawOf]:
    """Return where operations written in Python get their values from: stream, then number of the attempt."""
    return lambda stream: Draws(source.seed, stream, anchor=anchor, source=source).at


async def set_up(planned: PlannedRun, filled: Filled) -> None:
    """Run what the workload does before the load, over the run's own session; what it made becomes the sandbox's.

    Raises: PlanError naming a statement that fails, or a transaction that is left open, UsageError for Python code
    that fails; TargetError.
    """
    connection = filled.connection
    try:
        await run_statements(connection, planned.plan.setup, "setup")
        for code in _codes(planned):
            await run_setups(code, connection, draws_of(filled.source, filled.anchor))
        require_no_transaction(connection, "setup")
    finally:  # what was made before something failed, or before a signal, must go with the sandbox too
        with anyio.move_on_after(ADOPT_TIMEOUT_S, shield=True):
            await take_back(filled)
            await filled.adopt()


def require_no_transaction(connection: Connection, source: str) -> None:
    """Raise PlanError where statements of `source` have begun a transaction and left it open."""
    if connection.is_in_transaction():
        raise PlanError(f"{source}: {_OPEN}: add COMMIT")


async def take_back(filled: Filled) -> bool:
    """Have the run's session as it was before statements of the author's own; return whether a transaction was open.

    It is rolled back. Raises: what the driver raises of a server that is lost.
    """
    connection = filled.connection
    if connection.is_closed():
        return False
    was_open = bool(connection.is_in_transaction())
    if was_open:
        await connection.execute("ROLLBACK")
    await connection.execute(_AS_IT_BEGAN)
    if filled.schema is not None:  # where a pooler has set it, it is gone now, too
        path = quote_identifier(filled.schema)
        await connection.execute("SELECT set_config('search_path', $1, false)", path)
    return was_open


async def tear_down(planned: PlannedRun, filled: Filled, timeout_s: float) -> list[str]:
    """Run what the workload does after the load, whatever happened before; return what did not work.

    The session is then as it was before: rows of ours are deleted over it.
    """
    connection, draws = filled.connection, draws_of(filled.source, filled.anchor)
    work = [partial(run_teardowns, code, connection, draws) for code in _codes(planned) if code.teardowns]
    if planned.plan.teardown:
        work.insert(0, partial(run_statements, connection, planned.plan.teardown, "teardown"))
    troubles: list[str] = []
    with anyio.move_on_after(timeout_s) as limit:
        for step in work:
            troubles += await _torn_down(filled, step)
    if limit.cancelled_caught:
        troubles.append(f"teardown: not over after {timeout_s:g} s, and cut off")
        with anyio.move_on_after(ADOPT_TIMEOUT_S):
            await _trouble_of(partial(take_back, filled))
    return troubles


async def _torn_down(filled: Filled, step: Step) -> list[str]:
    """Do a step of the tear-down and take the session back; return what went wrong."""
    trouble = await _trouble_of(step)
    left_open = await _trouble_of(partial(_end_transaction, filled))
    said = trouble or left_open
    return [said] if said else []


async def _end_transaction(filled: Filled) -> None:
    if await take_back(filled):
        raise PlanError(f"teardown: {_OPEN}: it was rolled back")


async def _trouble_of(step: Step) -> str | None:
    """Return the first line of what a step raises; None where all went well."""
    try:
        await step()
    except Exception as error:  # noqa: BLE001 - the sandbox must go all the same
        first = str(error).partition("\n")[0]
        return first if "teardown" in first else f"teardown: {first}"
    return None


def _codes(planned: PlannedRun) -> list[Code]:
    return [*(code_of_file(path) for path in planned.files), *([planned.code] if planned.code else [])]
