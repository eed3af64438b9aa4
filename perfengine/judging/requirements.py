"""Requirements: the observed value against a limit, once the sample suffices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from perfengine.judging.observe import observe
from perfengine.judging.resolve import NOT_RUN, UNNAMED, named_here
from perfengine.judging.ruling import rule, unproven
from perfengine.judging.trust import Trust, trust_in
from perfengine.model.requirement import Metric
from perfengine.model.verdict import Judgement, Reason, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfengine.judging.observe import Observation
    from perfengine.judging.ruling import Ruling
    from perfengine.model.operation import Operation
    from perfengine.model.requirement import Requirement
    from perfengine.model.summary import OperationSummary

#: What must be reached, where every other limit must not be exceeded.
FLOORS: Final = frozenset({Metric.THROUGHPUT, Metric.CONCURRENT_USERS})
#: What the run was told to be, where every other metric is what the database made of it.
_SETTINGS: Final = frozenset({Metric.CONCURRENT_USERS, Metric.CONNECTIONS})
_COSTS: Final = frozenset({Metric.MEMORY_PER_REQUEST, Metric.CPU_PER_REQUEST})


def judge_requirement(
    requirement: Requirement, operations: Sequence[OperationSummary], available: Sequence[Operation]
) -> tuple[Judgement, ...]:
    """Return a judgement per operation that the requirement names, or one for the whole run."""
    if requirement.subject is None:
        return (_judge(requirement, None, operations),)
    named = named_here(requirement.subject, operations, available)
    if not named:
        return (_judgement(requirement, None, None, unproven(Reason.NO_DATA, UNNAMED)),)
    return tuple(
        _judge(
            requirement, operation.name, [run for run in operations if run.operation.name == operation.name]
        )
        for operation in named
    )


def _judge(requirement: Requirement, name: str | None, operations: Sequence[OperationSummary]) -> Judgement:
    metric, limit = requirement.metric, requirement.limit
    if not operations:
        return _judgement(requirement, name, None, unproven(Reason.NO_DATA, NOT_RUN))
    seen = observe(metric, limit, operations)
    if seen is None:
        return _judgement(requirement, name, None, unproven(Reason.NOT_MEASURED, _why_not(metric)))
    # How many clients there were is true whatever became of their attempts.
    trust = Trust() if metric in _SETTINGS else trust_in(operations)
    ruling = rule(seen, limit, floor=metric in FLOORS, trust=trust)
    if metric is Metric.CONCURRENT_USERS and ruling.verdict is Verdict.FAIL:
        ruling = unproven(Reason.NOT_MEASURED, f"ask for it with --concurrency {limit:g}")
    return _judgement(requirement, name, seen, ruling)


def _why_not(metric: Metric) -> str:
    if metric in _COSTS:
        return "a client does not see what an attempt costs the server"
    return "the latencies of several operations are not one distribution, name an operation"


def _judgement(
    requirement: Requirement, name: str | None, seen: Observation | None, ruling: Ruling
) -> Judgement:
    return Judgement(
        operation=name,
        subject=requirement.subject or "run",
        metric=requirement.metric,
        verdict=ruling.verdict,
        limit=requirement.limit,
        observed=seen.value if seen else None,
        samples=seen.samples if seen else 0,
        floor=requirement.metric in FLOORS,
        reason=ruling.reason,
        detail=ruling.detail,
        caution=ruling.caution,
        requirement=requirement,
    )
