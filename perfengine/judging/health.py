"""The health score of an operation and its notices: one figure to look at first, which decides nothing.

A score of 1 loses up to 0.5 for a mean above its target, up to 0.2 for a coefficient of variation above 0.3 and up
to 0.3 for a maximum above 1.5 times the p95. A term that would divide by zero is left out, and so is the term of the
target where there is none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfengine.model.requirement import Metric
from perfengine.model.verdict import Health
from perfengine.stats.digits import seconds_text
from perfengine.units import NS_PER_S

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from perfengine.model.summary import LatencySummary, OperationSummary
    from perfengine.model.verdict import Judgement


def assess_health(
    operations: Sequence[OperationSummary], judgements: Sequence[Judgement]
) -> tuple[Health, ...]:
    """Return the health of every operation, against the tightest mean asked of it."""
    return tuple(_assess(operation, _target_mean_ns(operation, judgements)) for operation in operations)


def _target_mean_ns(operation: OperationSummary, judgements: Sequence[Judgement]) -> float | None:
    name = operation.operation.name
    asked = (judged for judged in judgements if judged.operation == name and judged.metric is Metric.MEAN)
    return min((judged.limit for judged in asked), default=None)


def _assess(operation: OperationSummary, target_mean_ns: float | None) -> Health:
    latency = operation.latency
    return Health(
        operation=operation.operation.name,
        score=_score(latency, target_mean_ns) if latency else None,
        notices=tuple(_notices(latency, target_mean_ns)) if latency else (),
        without_target=target_mean_ns is None,
    )


def _score(latency: LatencySummary, target_mean_ns: float | None) -> float:
    # In seconds, as in the JSON result: the same divisions give the same bits to whoever computes it again.
    mean, p95 = latency.mean / NS_PER_S, latency.percentiles[95.0] / NS_PER_S
    score = 1.0
    if target_mean_ns is not None and mean > (target := target_mean_ns / NS_PER_S):
        score -= min(mean / target - 1, 0.5)
    if mean and (variation := latency.stdev / NS_PER_S / mean) > 0.3:
        score -= min(variation - 0.3, 0.2)
    if p95 and (outliers := latency.maximum / NS_PER_S / p95) > 1.5:
        score -= min(outliers - 1.5, 0.3)
    return max(0.0, score)


def _notices(latency: LatencySummary, target_mean_ns: float | None) -> Iterator[tuple[str, str]]:
    mean, stdev = latency.mean / NS_PER_S, latency.stdev / NS_PER_S
    maximum, p95 = latency.maximum / NS_PER_S, latency.percentiles[95.0] / NS_PER_S
    if target_mean_ns is not None and mean > (target := target_mean_ns / NS_PER_S):
        yield "regression", f"Performance regression: {seconds_text(mean)} > {seconds_text(target)}"
    if maximum > p95 * 2:
        shown = f"max {seconds_text(maximum)} vs p95 {seconds_text(p95)}"
        yield "outliers", f"Performance outliers detected: {shown}"
    if mean and stdev / mean > 0.5:
        yield "unstable", f"Unstable performance: coefficient of variation {stdev / mean:.2f}"
