"""All limits of a run against all that it measured."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from perfengine.judging.observe import PERCENTILES
from perfengine.judging.requirements import judge_requirement
from perfengine.judging.resolve import resolve
from perfengine.judging.service_levels import judge_service_level
from perfengine.model.requirement import Metric
from perfengine.model.verdict import Reason, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from perfengine.model.operation import Operation
    from perfengine.model.requirement import Requirement, ServiceLevel
    from perfengine.model.series import Watched
    from perfengine.model.summary import OperationSummary
    from perfengine.model.verdict import Judgement


def judge(
    requirements: Sequence[Requirement],
    service_levels: Sequence[ServiceLevel],
    operations: Sequence[OperationSummary],
    available: Sequence[Operation],
    *,
    watched: Sequence[Watched] = (),
) -> tuple[Judgement, ...]:
    """Return what became of every limit: requirements first, then service levels, each in the order asked.

    `operations` are those that were run, `available` all that were compiled, `watched` what was seen of the server
    meanwhile. Every limit gives a judgement or more.
    """
    return tuple(_judge_all(requirements, service_levels, operations, available, watched))


def _judge_all(
    requirements: Sequence[Requirement],
    service_levels: Sequence[ServiceLevel],
    operations: Sequence[OperationSummary],
    available: Sequence[Operation],
    watched: Sequence[Watched],
) -> Iterator[Judgement]:
    for requirement in requirements:
        yield from judge_requirement(requirement, operations, available, watched)
    for level in service_levels:
        yield from judge_service_level(level, operations, available)


def judge_so_far(
    requirements: Sequence[Requirement],
    service_levels: Sequence[ServiceLevel],
    operations: Sequence[OperationSummary],
    available: Sequence[Operation],
) -> tuple[Judgement, ...]:
    """Return what would become of every limit if the run ended now.

    What was watched of the server is not known before the end. A floor on a rate is open in a load with stages, which
    may rise still.
    """
    rising = any(operation.load.stages for operation in operations)
    return tuple(
        replace(judged, verdict=Verdict.UNPROVEN, reason=Reason.CUT_SHORT)
        if rising and judged.metric is Metric.THROUGHPUT and judged.verdict is Verdict.FAIL
        else judged
        for judged in judge(requirements, service_levels, operations, available)
    )


def violated_so_far(
    requirements: Sequence[Requirement],
    operations: Sequence[OperationSummary],
    available: Sequence[Operation],
) -> Judgement | None:
    """Return the first requirement that what was measured so far violates, judged as at the end; None: there is none.

    Operations that have not begun leave their limits open. A floor on a rate waits for the end of a load with stages,
    which may rise still.
    """
    rising = any(operation.load.stages for operation in operations)
    for requirement in requirements:
        if rising and requirement.metric is Metric.THROUGHPUT:
            continue
        for judgement in judge_requirement(requirement, operations, available):
            if judgement.verdict is Verdict.FAIL:
                return judgement
    return None


def limits_to_count(
    requirements: Sequence[Requirement],
    service_levels: Sequence[ServiceLevel],
    available: Sequence[Operation],
) -> dict[str, tuple[int, ...]]:
    """Return, per operation name, the response times in ns at which the recorder must count exactly.

    Percentile limits and `response_time_p95` are then judged to the nanosecond, not to the width of a counter.
    """
    limits: dict[str, set[int]] = {}
    for subject, limit_ns in _counted(requirements, service_levels):
        for operation in resolve(subject, available):
            limits.setdefault(operation.name, set()).add(limit_ns)
    return {name: tuple(sorted(values)) for name, values in limits.items()}


def _counted(
    requirements: Sequence[Requirement], service_levels: Sequence[ServiceLevel]
) -> Iterator[tuple[str, int]]:
    for requirement in requirements:
        if requirement.subject and requirement.metric in PERCENTILES:
            yield requirement.subject, int(requirement.limit)
    for level in service_levels:
        if level.response_time_p95_ns is not None:
            yield level.operation, level.response_time_p95_ns
