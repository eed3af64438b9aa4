"""Service levels: the share of bad attempts against its budget, proven or not, at 95 % confidence.

Each promise leaves a share of attempts that may break it: `availability` 0.999 leaves 0.001 of what was due,
`response_time_p95` 0.05 that may take longer, `error_budget` its own share of what was tried. PASS when the one-sided
upper bound of the share is within the budget, FAIL when the lower bound is above it, else more attempts are needed.
What is judged is this run; it says nothing about the weeks that the word uptime speaks of.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from perfengine.errors import InternalError
from perfengine.judging.observe import Observation, failed, observe_percentile
from perfengine.judging.resolve import NOT_RUN, UNNAMED, named_here
from perfengine.judging.ruling import Ruling, held, too_few, unproven, violated
from perfengine.judging.trust import trust_in
from perfengine.model.verdict import Judgement, Reason
from perfengine.stats.proportion import attempts_to_prove, lower_bound, upper_bound

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from perfengine.judging.trust import Trust
    from perfengine.model.operation import Operation
    from perfengine.model.requirement import ServiceLevel
    from perfengine.model.summary import OperationSummary

AVAILABILITY: Final = "availability"
RESPONSE_TIME_P95: Final = "response_time_p95"
ERROR_BUDGET: Final = "error_budget"

#: The share of attempts that may take longer than a p95.
_SLOWER_THAN_P95: Final = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One promise of a service level, and the share of attempts that may break it."""

    name: str
    limit: float
    budget: float
    floor: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """Attempts that broke a promise, out of all that it covers."""

    bad: int
    total: int

    @property
    def lower(self) -> float:
        """The true share is at least this, at 95 % confidence."""
        return lower_bound(self.bad, self.total)

    @property
    def upper(self) -> float:
        """The true share is at most this, at 95 % confidence."""
        return upper_bound(self.bad, self.total)


def judge_service_level(
    level: ServiceLevel, operations: Sequence[OperationSummary], available: Sequence[Operation]
) -> tuple[Judgement, ...]:
    """Return a judgement per promise and operation that the service level names.

    Raises: InternalError when the recorder did not count what took longer than `response_time_p95`.
    """
    named = named_here(level.operation, operations, available)
    if not named:
        ruling = unproven(Reason.NO_DATA, UNNAMED)
        return tuple(_judgement(level, part, None, ruling) for part in _parts(level))
    run = {summary.operation.name: summary for summary in operations}
    return tuple(
        _judge(level, part, operation.name, run.get(operation.name))
        for operation in named
        for part in _parts(level)
    )


def _parts(level: ServiceLevel) -> Iterator[Part]:
    if level.availability is not None:
        budget = float(1 - level.availability)
        yield Part(name=AVAILABILITY, limit=float(level.availability), budget=budget, floor=True)
    if level.response_time_p95_ns is not None:
        yield Part(name=RESPONSE_TIME_P95, limit=level.response_time_p95_ns, budget=_SLOWER_THAN_P95)
    if level.error_budget is not None:
        yield Part(name=ERROR_BUDGET, limit=float(level.error_budget), budget=float(level.error_budget))


def _judge(level: ServiceLevel, part: Part, name: str, operation: OperationSummary | None) -> Judgement:
    if operation is None:
        return _judgement(level, part, name, unproven(Reason.NO_DATA, NOT_RUN))
    trust = trust_in((operation,))
    if trust.blocked:
        return _judgement(level, part, name, unproven(trust.blocked, trust.why))
    share = _share(part, operation)
    seen = _observe(part, share, operation)
    return _judgement(level, part, name, _rule(part, share, seen, trust), seen, share)


def _share(part: Part, operation: OperationSummary) -> Share:
    tried = operation.attempts - operation.starved
    dropped = operation.measurement.dropped
    if part.name == ERROR_BUDGET:
        return Share(bad=failed(operation), total=tried)
    slower = _slower(part, operation) if part.name == RESPONSE_TIME_P95 else 0
    return Share(bad=failed(operation) + dropped + slower, total=tried + dropped)


def _slower(part: Part, operation: OperationSummary) -> int:
    try:
        return operation.measurement.slower_than[int(part.limit)]
    except KeyError as error:
        raise InternalError(
            f"{operation.operation.name}: attempts slower than {part.limit} ns were not counted"
        ) from error


def _observe(part: Part, share: Share, operation: OperationSummary) -> Observation:
    if part.name == RESPONSE_TIME_P95:
        return observe_percentile(operation, 95.0, part.limit)
    value = share.bad / share.total
    detail = f"{share.bad} of {share.total} attempts are bad"
    return Observation(value=1 - value if part.floor else value, samples=share.total, detail=detail)


def _rule(part: Part, share: Share, seen: Observation, trust: Trust) -> Ruling:
    if share.upper <= part.budget:
        return held(trust, latency=seen.latency)
    if share.lower > part.budget and seen.value is not None:
        return violated(seen, abs(seen.value - part.limit), trust)
    return unproven(Reason.TOO_FEW_SAMPLES, too_few(_needed(part, share), trust))


def _needed(part: Part, share: Share) -> str:
    what = "slow or failed" if part.name == RESPONSE_TIME_P95 else "bad"
    needed = attempts_to_prove(share.bad, part.budget)
    if needed is None:
        return "no number of attempts can prove that none is bad"
    return f"needs {needed} attempts with {share.bad} {what}, has {share.total}"


def _judgement(
    level: ServiceLevel,
    part: Part,
    name: str | None,
    ruling: Ruling,
    seen: Observation | None = None,
    share: Share | None = None,
) -> Judgement:
    return Judgement(
        operation=name,
        subject=level.operation,
        metric=part.name,
        verdict=ruling.verdict,
        limit=part.limit,
        observed=seen.value if seen else None,
        samples=share.total if share else 0,
        floor=part.floor,
        reason=ruling.reason,
        detail=ruling.detail,
        caution=ruling.caution,
        lower=share.lower if share else None,
        upper=share.upper if share else None,
        service_level=level,
    )
