"""The order of things: target, sandbox, load, judgement. And cleaning up, whatever happened."""

from __future__ import annotations

from typing import TYPE_CHECKING

import anyio

from perfengine.database.connect import SessionSettings
from perfengine.database.sandbox import schema_of
from perfengine.engine.events import Note, OperationEnded, PhaseBegan
from perfengine.engine.interrupt import Interrupt
from perfengine.engine.load_process import LoadProcess, load_process
from perfengine.engine.messages import Introduction
from perfengine.engine.operation import OperationRun, require_lock
from perfengine.engine.outcome import assemble_result
from perfengine.engine.progress import Progress
from perfengine.engine.staging import staged
from perfengine.engine.target import named_target, reachable, target_line
from perfengine.errors import PerfengineError, RunAborted, TargetError, leaf
from perfengine.judging.judge import limits_to_count

if TYPE_CHECKING:
    from perfengine.database.address import Address
    from perfengine.engine.events import Watch
    from perfengine.engine.fill import FilledSandbox
    from perfengine.engine.planning import PlannedRun
    from perfengine.engine.request import TargetRequest
    from perfengine.model.result import RunResult


async def run_plan(planned: PlannedRun, target: TargetRequest, watch: Watch) -> RunResult:
    """Return the result of a run; partial and marked when it was interrupted or something failed on the way.

    Raises: TargetError, SafetyError or PlanError when nothing could be measured, RunAborted when a signal came
    before anything was.
    """
    progress, interrupt = Progress(), Interrupt()
    try:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(interrupt.listen)
            with interrupt.preparing:
                await _run(planned, target, watch, progress, interrupt)
            tasks.cancel_scope.cancel()
    except BaseExceptionGroup as group:
        raise leaf(group) from group
    if progress.left_behind:
        progress.notes.append(progress.left_behind)
        watch(Note(text=progress.left_behind))
    if interrupt.requested and not progress.summaries:
        raise RunAborted("interrupted before anything was measured", interrupt.requested)
    if progress.failure and not progress.summaries:
        raise progress.failure
    return assemble_result(planned, progress, interrupt.requested)


async def _run(
    planned: PlannedRun, target: TargetRequest, watch: Watch, progress: Progress, interrupt: Interrupt
) -> None:
    named = named_target(target)
    watch(Note(text=target_line(named)))
    for note in planned.notes:
        watch(Note(text=f"note: {note}"))
    watch(PhaseBegan(phase="prepare"))
    async with (
        reachable(named, planned.clients, progress) as address,
        load_process() as load,
        staged(planned, address, target, progress) as filled,
    ):
        progress.address = address
        interrupt.loading(load)
        try:
            await load.introduce(_introduction(planned, address, filled, progress.run_id))
            await _load(planned, filled, load, interrupt, watch, progress)
        except PerfengineError as error:  # what was measured so far is kept, whoever is to blame
            progress.failure = error
        watch(PhaseBegan(phase="clean up"))
        await load.end()  # its connections must be gone before the sandbox can go


def _introduction(planned: PlannedRun, address: Address, filled: FilledSandbox, run_id: str) -> Introduction:
    return Introduction(
        address=address,
        settings=SessionSettings(run_id=run_id, schema=schema_of(run_id)),
        tables=filled.tables,
        data_rows=planned.plan.data_rows,
        seed=planned.plan.seed,
        anchor=filled.anchor,
    )


async def _load(
    planned: PlannedRun,
    filled: FilledSandbox,
    load: LoadProcess,
    interrupt: Interrupt,
    watch: Watch,
    progress: Progress,
) -> None:
    """Run every operation in order, until a signal or a lost server ends it."""
    scenario, plan = planned.scenario, planned.plan
    limits = limits_to_count(scenario.requirements, scenario.service_levels, plan.available)
    for number, item in enumerate(plan.operations, start=1):
        if interrupt.requested:
            return
        require_lock(filled)
        run = OperationRun(item, filled, load, limits.get(item.operation.name, ()), interrupt, watch)
        summary = await run.run(number, len(plan.operations))
        if interrupt.requested and not (summary.attempts or summary.measurement.unfinished):
            return  # the signal came before its first attempt
        progress.summaries.append(summary)
        watch(OperationEnded(summary=summary))
        if run.lost:
            raise TargetError(run.lost)
