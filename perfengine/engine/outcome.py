"""A result from what a run gathered."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from perfengine.engine.environment import describe_environment
from perfengine.errors import ExitCode, InternalError
from perfengine.judging.health import assess_health
from perfengine.judging.judge import judge
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
    summaries = tuple(progress.summaries)
    judgements = judge(scenario.requirements, scenario.service_levels, summaries, plan.available)
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
        environment=describe_environment(progress.address, progress.facts),
        operations=summaries,
        judgements=judgements,
        health=assess_health(summaries, judgements),
        notes=(*planned.notes, *progress.notes),
        incomplete=_why_incomplete(progress, signalled),
        seeding_s=progress.seeding_s,
        ended=_ending(progress, signalled),
    )


def _ending(progress: Progress, signalled: ExitCode | None) -> Ending:
    if signalled is not None:
        return _BY_SIGNAL[signalled]
    return Ending.FAILED if progress.failure else Ending.COMPLETE


def _why_incomplete(progress: Progress, signalled: ExitCode | None) -> str | None:
    if signalled is not None:
        return "interrupted"
    return str(progress.failure) if progress.failure else None
