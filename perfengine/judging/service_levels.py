"""Service levels: the share of bad attempts against its budget, proven or not, at 95 % confidence.

PASS when the one-sided upper bound of the share is within the budget, FAIL when the lower bound is above it, else
more attempts are needed, or a longer run. The bounds heed that bad attempts come in clusters. What is judged is this
run; it says nothing about the weeks that the word uptime speaks of.
"""

from __future__ import annotations

from dataclasses import replace
from math import inf
from typing import TYPE_CHECKING

from perfengine.judging.observe import Observation, dropped_text, observe_percentile
from perfengine.judging.promises import AVAILABILITY, RESPONSE_TIME_P95, Share, promises_of, share_of
from perfengine.judging.resolve import NOT_RUN, UNNAMED, named_here
from perfengine.judging.ruling import Ruling, held, too_few, unproven, violated
from perfengine.judging.trust import trust_in
from perfengine.model.verdict import Judgement, Reason
from perfengine.stats.proportion import attempts_to_prove

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfengine.judging.promises import Promise
    from perfengine.judging.trust import Trust
    from perfengine.model.operation import Operation
    from perfengine.model.requirement import ServiceLevel
    from perfengine.model.summary import OperationSummary


def judge_service_level(
    level: ServiceLevel, operations: Sequence[OperationSummary], available: Sequence[Operation]
) -> tuple[Judgement, ...]:
    """Return a judgement per promise and operation that the service level names.

    Raises: InternalError when the recorder did not count what took longer than `response_time_p95`.
    """
    named = named_here(level.operation, operations, available)
    if not named:
        ruling = unproven(Reason.NO_DATA, UNNAMED)
        return tuple(_judgement(level, promise, None, ruling) for promise in promises_of(level))
    run = {summary.operation.name: summary for summary in operations}
    return tuple(
        _judge(level, promise, operation.name, run.get(operation.name))
        for operation in named
        for promise in promises_of(level)
    )


def _judge(level: ServiceLevel, promise: Promise, name: str, operation: OperationSummary | None) -> Judgement:
    if operation is None:
        return _judgement(level, promise, name, unproven(Reason.NO_DATA, NOT_RUN))
    trust = trust_in((operation,), promise.limit if promise.name == RESPONSE_TIME_P95 else None)
    if trust.blocked:
        return _judgement(level, promise, name, unproven(trust.blocked, trust.why))
    share = share_of(promise, operation)
    seen = _observe(promise, share, operation)
    return _judgement(level, promise, name, _rule(promise, share, seen, trust), seen, share)


def _observe(promise: Promise, share: Share, operation: OperationSummary) -> Observation:
    if promise.name == RESPONSE_TIME_P95:
        return observe_percentile(operation, 95.0, promise.limit)
    value = share.bad / share.total
    spoilt = _dropped_decide(promise, share, operation)
    return Observation(
        value=1 - value if promise.floor else value,
        samples=share.total,
        margin=inf if spoilt else 0,
        blame=dropped_text(operation.measurement.dropped, share.total) if spoilt else "",
        detail=f"{share.bad} of {share.total} attempts are bad",
    )


def _dropped_decide(promise: Promise, share: Share, operation: OperationSummary) -> bool:
    """Return whether the promise would not be broken for certain, had no attempt been dropped."""
    dropped = operation.measurement.dropped
    if promise.name != AVAILABILITY or not dropped:
        return False
    without = replace(share, bad=share.bad - dropped, total=share.total - dropped)
    return without.lower <= promise.budget


def _rule(promise: Promise, share: Share, seen: Observation, trust: Trust) -> Ruling:
    if share.upper <= promise.budget:
        return held(trust, latency=seen.latency)
    if share.lower > promise.budget and seen.value is not None:
        return violated(seen, abs(seen.value - promise.limit), trust)
    if share.clusters.is_too_short:
        return unproven(Reason.TOO_SHORT, too_few(_needed_time(promise, share), trust))
    return unproven(Reason.TOO_FEW_SAMPLES, too_few(_needed(promise, share), trust))


def _needed_time(promise: Promise, share: Share) -> str:
    clusters = share.clusters
    return (
        f"{_bad_word(promise)} ones come for about {clusters.lasts_s:.0f} s at a time, which takes a run of "
        f"{clusters.needed_s} s; it has {clusters.seconds} s"
    )


def _needed(promise: Promise, share: Share) -> str:
    needed = attempts_to_prove(share.bad, promise.budget, share.design_effect)
    if needed is None:
        return "no number of attempts can prove that none is bad"
    return f"needs {needed} attempts with {share.bad} {_bad_word(promise)}, has {share.total}"


def _bad_word(promise: Promise) -> str:
    return "slow or failed" if promise.name == RESPONSE_TIME_P95 else "bad"


def _judgement(
    level: ServiceLevel,
    promise: Promise,
    name: str | None,
    ruling: Ruling,
    seen: Observation | None = None,
    share: Share | None = None,
) -> Judgement:
    return Judgement(
        operation=name,
        subject=level.operation,
        metric=promise.name,
        verdict=ruling.verdict,
        limit=promise.limit,
        observed=seen.value if seen else None,
        samples=share.total if share else 0,
        floor=promise.floor,
        reason=ruling.reason,
        detail=ruling.detail,
        caution=ruling.caution,
        lower=share.lower if share else None,
        upper=share.upper if share else None,
        service_level=level,
    )
