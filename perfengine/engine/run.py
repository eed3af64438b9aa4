"""The order of things: target, sandbox, load, judgement. And cleaning up, whatever happened."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import anyio

from perfengine.database.giving_way import OwnSessions
from perfengine.engine.events import Note, PhaseBegan, RunBegan
from perfengine.engine.ground.moment import read_moment
from perfengine.engine.interrupt import Interrupt
from perfengine.engine.load_group import load_group
from perfengine.engine.loading import Loading, processes_of
from perfengine.engine.machine import machine_fields
from perfengine.engine.outcome import assemble_result
from perfengine.engine.planning import scenario_name
from perfengine.engine.progress import Progress
from perfengine.engine.raw import gather, raw_parts
from perfengine.engine.run_ground import data_folder
from perfengine.engine.safety_stop import SafetyStop
from perfengine.engine.staging import staged
from perfengine.engine.target import named_target, reachable, target_line
from perfengine.engine.timeline import timeline
from perfengine.engine.watching import watching
from perfengine.errors import PerfengineError, RunAborted, leaf

if TYPE_CHECKING:
    from perfengine.engine.events import Watch
    from perfengine.engine.planning import PlannedRun
    from perfengine.engine.request import TargetRequest
    from perfengine.model.result import RunResult


async def run_plan(planned: PlannedRun, target: TargetRequest, watch: Watch) -> RunResult:
    """Return the result of a run; partial and marked when it was interrupted or something failed on the way.

    Raises: TargetError, SafetyError or PlanError when nothing could be measured, RunAborted when a signal came
    before anything was.
    """
    progress, interrupt = Progress(moment=read_moment()), Interrupt(watch)
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
    began = RunBegan(scenario=scenario_name(planned), target=named.shown if named else "embedded PostgreSQL")
    watch(began)
    watch(Note(text=target_line(named)))
    for note in planned.notes:
        watch(Note(text=f"note: {note}"))
    watch(PhaseBegan(phase="prepare"))
    progress.processes = processes_of(planned)
    with raw_parts(planned.raw) as raw:
        progress.raw = raw.share(progress.processes) if raw else None
        async with (
            reachable(named, planned.connections, progress) as address,
            load_group(progress.processes, planned.code) as load,
            staged(planned, address, target, progress) as filled,
        ):
            progress.address = address
            if progress.facts:
                watch(replace(began, server=progress.facts.version))
                # now: an embedded server's files are gone after the block
                progress.machine = machine_fields(data_folder(progress.facts.ground, filled.address))
            interrupt.loading(load)
            with timeline() as series:
                loading = Loading(planned, address, filled, load, interrupt, watch, progress, series)
                safety = SafetyStop(planned.plan.safety, filled.address)
                own = OwnSessions(
                    run_id=progress.run_id, pooled=not planned.plan.prepare, schema=filled.schema
                )
                try:
                    async with (
                        watching(planned, filled.address, progress, safety.look),
                        safety.guarding(load, loading.stop, filled.address, own),
                    ):
                        await loading.run()
                except PerfengineError as error:  # what was measured so far is kept, whoever is to blame
                    progress.failure = error
                progress.notes += safety.notes()
                progress.series, progress.begins_s = series.series(), series.begins_s
                progress.latency_over_time = series.latency_over_time()
            watch(PhaseBegan(phase="clean up"))
            await load.end()  # its connections must be gone before the sandbox can go
        if raw:
            await gather(raw, watch, progress)
