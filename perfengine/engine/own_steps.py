"""What a workload does itself before and after the load: `setup:` and `teardown:`, and those of Python files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import anyio

from perfengine.custom.code import code_of_file
from perfengine.custom.hooks import run_setups, run_teardowns
from perfengine.database.own_statements import run_statements
from perfengine.datagen.draws import Draws

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence
    from datetime import datetime

    from perfengine.custom.code import Code
    from perfengine.custom.draw import DrawOf
    from perfengine.datagen.layout import RowSource
    from perfengine.engine.filled import Filled
    from perfengine.engine.planning import PlannedRun

#: Marking what set-up has made may not hang on a server that has gone silent.
ADOPT_TIMEOUT_S = 10


def draws_of(source: RowSource, anchor: datetime) -> Callable[[str], DrawOf]:
    """Return where operations written in Python get their values from: stream, then number of the attempt."""
    return lambda stream: Draws(source.seed, stream, anchor=anchor, source=source).at


async def set_up(planned: PlannedRun, filled: Filled) -> None:
    """Run what the workload does before the load, over the run's own session; what it made becomes the sandbox's.

    Raises: PlanError naming a statement that fails, UsageError for Python code that does; TargetError.
    """
    try:
        await run_statements(filled.connection, planned.plan.setup, "setup")
        for code in _codes(planned):
            await run_setups(code, filled.connection, draws_of(filled.source, filled.anchor))
    finally:  # what was made before something failed, or before a signal, must go with the sandbox too
        with anyio.move_on_after(ADOPT_TIMEOUT_S, shield=True):
            await filled.adopt()


async def tear_down(planned: PlannedRun, filled: Filled, timeout_s: float) -> list[str]:
    """Run what the workload does after the load, whatever happened before; return what did not work."""
    connection, draws = filled.connection, draws_of(filled.source, filled.anchor)
    work: Sequence[Coroutine[Any, Any, None]] = [
        run_statements(connection, planned.plan.teardown, "teardown"),
        *(run_teardowns(code, connection, draws) for code in _codes(planned)),
    ]
    troubles = []
    with anyio.CancelScope(deadline=anyio.current_time() + timeout_s):
        for step in work:
            try:
                await step
            except Exception as error:  # noqa: BLE001 - the sandbox must go all the same
                first = str(error).partition("\n")[0]
                troubles.append(first if "teardown" in first else f"teardown: {first}")
    return troubles


def _codes(planned: PlannedRun) -> list[Code]:
    return [*(code_of_file(path) for path in planned.files), *([planned.code] if planned.code else [])]
