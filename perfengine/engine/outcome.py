"""A result from what a run gathered."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from perfengine.engine.environment import describe_environment
from perfengine.engine.fingerprints import fingerprints_of
from perfengine.engine.repeating import count_repeats, each_repeat, merged, repeats_of
from perfengine.engine.run_ground import ground_of
from perfengine.engine.watching import ceiling_of, series_of_run, watch_notes, watched_of
from perfengine.errors import ExitCode, InternalError
from perfengine.judging.budgets import budgets_of
from perfengine.judging.health import assess_health
from perfengine.judging.judge import judge
from perfengine.model.canary import Canary
from perfengine.model.result import Ending, RunResult

if TYPE_CHECKING:
    from perfengine.engine.planning import PlannedRun
    from perfengine.engine.progress import Progress

_BY_SIGNAL = {ExitCode.SIGINT: Ending.INTERRUPTED, ExitCode.SIGTERM: Ending.TERMINATED}


def assemble_result(planned: PlannedRun, progress: Progress, signalled: ExitCode | None) -> RunResult:
    """Return the result of a run that measured something, judged."""
    if progress.address is None or progress.facts is None:
        raise InternalError("a run that measured something knows its server")
    scenario, plan = planned.scenario, planned.plan
    environment = describe_environment(progress.address, progress.facts)
    summaries, watched = merged(progress.summaries), watched_of(planned, progress)
    judgements = judge(
        scenario.requirements, scenario.service_levels, summaries, plan.available, watched=watched
    )
    return RunResult(
        run_id=progress.run_id,
        started_at=progress.started_at,
        finished_at=datetime.now(UTC),
        entities=tuple(dict.fromkeys(item.operation.entity for item in plan.operations)),
        paths=scenario.paths,
        scenario_sha256=scenario.text_sha256,
        seed=plan.seed,
        data_set=plan.data_set,
        data_rows=plan.data_rows,
        environment=environment,
        operations=summaries,
        judgements=judgements,
        health=assess_health(summaries, judgements),
        notes=(*planned.notes, *progress.notes, *watch_notes(progress)),
        incomplete=_why_incomplete(progress, signalled),
        seeding_s=progress.seeding_s,
        ended=_ending(progress, signalled),
        mode=plan.mode,
        processes=progress.processes,
        in_process=planned.code is not None,
        series=series_of_run(progress),
        latency_over_time=progress.latency_over_time,
        watched=watched,
        ceiling=ceiling_of(progress),
        repeats=count_repeats(progress.summaries),
        stability=repeats_of(progress.summaries, progress.series, progress.begins_s),
        by_repeat=each_repeat(progress.summaries, progress.series, progress.begins_s),
        stabilised=tuple(progress.stabilised),
        canary=Canary(slices=tuple(progress.canary)) if progress.canary else None,
        budgets=budgets_of(scenario.service_levels, summaries, plan.available),
        fingerprints=fingerprints_of(plan, summaries, ground_of(planned, progress, environment)),
    )


def _ending(progress: Progress, signalled: ExitCode | None) -> Ending:
    if signalled is not None:
        return _BY_SIGNAL[signalled]
    return Ending.FAILED if progress.failure else Ending.COMPLETE


def _why_incomplete(progress: Progress, signalled: ExitCode | None) -> str | None:
    if signalled is not None:
        return "interrupted"
    return str(progress.failure) if progress.failure else None
