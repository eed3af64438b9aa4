"""What the promises of service levels allowed in this run: allowed, spent, how fast, since when and by whom."""

from __future__ import annotations

from dataclasses import replace
from math import inf
from typing import TYPE_CHECKING, Final

import numpy as np

from perfengine.judging.promises import promises_of, seconds_of, share_of
from perfengine.judging.resolve import named_here
from perfengine.judging.trust import trust_in
from perfengine.model.budget import Budget
from perfengine.stats.proportion import attempts_to_prove_share

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from perfengine.judging.promises import Promise, PromiseSeconds
    from perfengine.model.operation import Operation
    from perfengine.model.requirement import ServiceLevel
    from perfengine.model.summary import OperationSummary

_MINUTE_S: Final = 60


def budgets_of(
    service_levels: Sequence[ServiceLevel],
    operations: Sequence[OperationSummary],
    available: Sequence[Operation],
) -> tuple[Budget, ...]:
    """Return the budget of every promise on every operation that was run and can be trusted, in the order asked."""
    budgets = [
        budget for level in service_levels for budget in _budgets_of_level(level, operations, available)
    ]
    return tuple(_with_share_of_bad(budget, budgets) for budget in budgets)


def _budgets_of_level(
    level: ServiceLevel, operations: Sequence[OperationSummary], available: Sequence[Operation]
) -> Iterator[Budget]:
    run = {summary.operation.name: summary for summary in operations}
    for operation in named_here(level.operation, operations, available):
        summary = run.get(operation.name)
        if summary is None or trust_in((summary,)).blocked:
            continue
        for promise in promises_of(level):
            yield _budget(level, promise, summary)


def _budget(level: ServiceLevel, promise: Promise, operation: OperationSummary) -> Budget:
    share, seconds = share_of(promise, operation), seconds_of(promise, operation)
    begin_s, burn = _worst_minute(seconds, promise.budget)
    return Budget(
        operation=operation.operation.name,
        promise=promise.name,
        tier=level.tier,
        limit=promise.limit,
        share=promise.budget,
        total=share.total,
        bad=share.bad,
        design_effect=share.design_effect,
        worst_minute_s=begin_s,
        worst_burn=burn,
        spent_s=_spent_s(seconds, promise.budget * share.total),
        lasts_s=share.clusters.lasts_s,
        needed_s=share.clusters.needed_s if share.clusters.is_too_short else None,
        needed=attempts_to_prove_share(share.bad / share.total, promise.budget, share.design_effect),
    )


def _worst_minute(seconds: PromiseSeconds, budget: float) -> tuple[int | None, float | None]:
    """Return where the sixty seconds with the largest share of bad attempts begin, and their burn rate."""
    if len(seconds.bad) < _MINUTE_S:
        return None, None
    window = np.ones(_MINUTE_S, dtype=np.int64)
    bad, total = (np.convolve(counts, window, mode="valid") for counts in (seconds.bad, seconds.total))
    shares = bad / np.maximum(total, 1)
    worst = int(shares.argmax())
    share = float(shares[worst])
    if not share:
        return None, 0.0
    return worst, share / budget if budget else inf


def _spent_s(seconds: PromiseSeconds, allowed: float) -> int | None:
    """Return the second, from 1, in which more attempts had been bad than the whole run may have."""
    beyond = np.flatnonzero(np.cumsum(seconds.bad) > allowed)
    return int(beyond[0]) + 1 if len(beyond) else None


def _with_share_of_bad(budget: Budget, budgets: Sequence[Budget]) -> Budget:
    """Note the share of all bad attempts; of an operation with several limits those of this limit count."""
    under = [other for other in budgets if other.promise == budget.promise]
    by_operation = {other.operation: other.bad for other in under}
    by_operation |= {other.operation: other.bad for other in under if other.limit == budget.limit}
    bad = sum(by_operation.values())
    return replace(budget, share_of_bad=budget.bad / bad) if bad else budget
