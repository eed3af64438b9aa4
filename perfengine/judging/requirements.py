"""Requirements: the observed value against a limit, once the sample suffices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from perfengine.judging.costs import ONLY_A_BOUND, observe_cost
from perfengine.judging.observe import LATENCIES, observe
from perfengine.judging.rates import why_out_of_reach
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
    from perfengine.model.series import Watched
    from perfengine.model.summary import OperationSummary

#: What must be reached, where every other limit must not be exceeded.
FLOORS: Final = frozenset({Metric.THROUGHPUT, Metric.CONCURRENT_USERS})
#: What the run was told to be, where every other metric is what the database made of it.
_SETTINGS: Final = frozenset({Metric.CONCURRENT_USERS, Metric.CONNECTIONS})
_COSTS: Final = frozenset({Metric.MEMORY_PER_REQUEST, Metric.CPU_PER_REQUEST})


def judge_requirement(
    requirement: Requirement,
    operations: Sequence[OperationSummary],
    available: Sequence[Operation],
    watched: Sequence[Watched] = (),
) -> tuple[Judgement, ...]:
    """Return a judgement per operation that the requirement names, or one for the whole run."""
    if requirement.subject is None:
        return (_judge(requirement, None, operations, operations, watched),)
    named = named_here(requirement.subject, operations, available)
    if not named:
        return (_judgement(requirement, None, None, unproven(Reason.NO_DATA, UNNAMED)),)
    return tuple(_judge_operation(requirement, operation.name, operations, watched) for operation in named)


def _judge_operation(
    requirement: Requirement, name: str, run: Sequence[OperationSummary], watched: Sequence[Watched]
) -> Judgement:
    own = [operation for operation in run if operation.operation.name == name]
    return _judge(requirement, name, own, run, watched)


def _judge(
    requirement: Requirement,
    name: str | None,
    operations: Sequence[OperationSummary],
    run: Sequence[OperationSummary],
    watched: Sequence[Watched],
) -> Judgement:
    metric, limit = requirement.metric, requirement.limit
    if not operations:
        return _judgement(requirement, name, None, unproven(Reason.NO_DATA, NOT_RUN))
    seen, unseen = _observe(metric, limit, operations, run, watched)
    if seen is None:
        return _judgement(requirement, name, None, unproven(Reason.NOT_MEASURED, unseen))
    # How many clients there were is true whatever became of their attempts.
    limit_ns = limit if metric in LATENCIES else None
    trust = Trust() if metric in _SETTINGS else trust_in(operations, limit_ns)
    ruling = rule(seen, limit, floor=metric in FLOORS, trust=trust)
    if ruling.verdict is Verdict.FAIL and (why_not := _not_shown(requirement, seen, operations, run)):
        ruling = unproven(Reason.NOT_MEASURED, why_not)
    return _judgement(requirement, name, seen, ruling)


def _observe(
    metric: Metric,
    limit: float,
    operations: Sequence[OperationSummary],
    run: Sequence[OperationSummary],
    watched: Sequence[Watched],
) -> tuple[Observation | None, str]:
    """Return the observation, or None and why there is none."""
    if metric in _COSTS:
        return observe_cost(metric, operations, run, watched)
    seen = observe(metric, limit, operations)
    return seen, "the latencies of several operations are not one distribution, name an operation"


def _not_shown(
    requirement: Requirement,
    seen: Observation,
    operations: Sequence[OperationSummary],
    run: Sequence[OperationSummary],
) -> str | None:
    """Return why a violation says nothing: the run never asked for as much, or what was seen is only a bound."""
    if requirement.metric is Metric.CONCURRENT_USERS:
        return f"ask for it with --concurrency {requirement.limit:g}"
    if requirement.metric is Metric.THROUGHPUT and seen.value is not None:
        return why_out_of_reach(requirement.limit, seen.value, operations, run)
    return ONLY_A_BOUND if requirement.metric is Metric.MEMORY_PER_REQUEST else None


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
