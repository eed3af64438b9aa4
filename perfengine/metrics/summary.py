"""A measurement becomes a summary: percentiles, rates and ratios, each once and in one place."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING

from perfengine.model.outcome import Outcome
from perfengine.model.summary import LatencySummary, OperationSummary, RowCounts
from perfengine.stats.hdr import percentile
from perfengine.units import NS_PER_S

if TYPE_CHECKING:
    from perfengine.model.measurement import GeneratorState, LatencyCounts, Measurement
    from perfengine.model.plan import OperationPlan

PERCENTILES = (50.0, 90.0, 95.0, 99.0, 99.9)
#: CPU plus run-queue wait of a load process above this share of the interval: the generator was the limit.
SATURATED_SHARE = 0.9


def summarise(
    plan: OperationPlan, measurement: Measurement, *, cut_short: str | None, rows: RowCounts | None
) -> OperationSummary:
    """Return the summary of one operation's measure phase."""
    by_outcome = _by_outcome(measurement)
    ok = measurement.response.moments.count
    bad = sum(by_outcome[outcome] for outcome in (Outcome.REFUSED, Outcome.ERROR, Outcome.TIMEOUT))
    share = generator_share(measurement.generator)
    return OperationSummary(
        operation=plan.operation,
        concurrency=plan.concurrency,
        requested_iterations=plan.iterations,
        requested_duration_ns=plan.duration_ns,
        measurement=measurement,
        latency=summarise_latency(measurement.response),
        ok=ok,
        refused=by_outcome[Outcome.REFUSED],
        error=by_outcome[Outcome.ERROR],
        timeout=by_outcome[Outcome.TIMEOUT],
        starved=measurement.starved,
        throughput_per_s=ok * NS_PER_S / measurement.measured_ns if measurement.measured_ns else 0.0,
        error_rate=_ratio(bad, measurement.attempts - measurement.starved),
        availability=_ratio(ok, measurement.attempts - measurement.starved + measurement.dropped),
        generator_share=share,
        generator_delay_ns=_percentiles(measurement.generator.loop_lag),
        saturated=share > SATURATED_SHARE,
        cut_short=cut_short,
        rows=rows,
    )


def summarise_latency(latency: LatencyCounts) -> LatencySummary | None:
    """Return the figures of a histogram, None when it is empty.

    The standard deviation is that of the sample, computed from exact integer sums: (n sum(x^2) - sum(x)^2) / n(n-1).
    """
    moments = latency.moments
    n = moments.count
    if not n:
        return None
    variance = (n * moments.total_squares - moments.total**2) / (n * (n - 1)) if n > 1 else 0.0
    return LatencySummary(
        count=n,
        mean=moments.total / n,
        stdev=sqrt(variance),
        minimum=moments.minimum,
        maximum=moments.maximum,
        percentiles=_percentiles(latency),
    )


def generator_share(state: GeneratorState) -> float:
    """Return the share of the wall time in which the load process ran or waited for a processor."""
    return (state.cpu_ns + state.run_queue_ns) / state.wall_ns if state.wall_ns else 0.0


def _percentiles(latency: LatencyCounts) -> dict[float, int]:
    total = sum(latency.counts.values())
    if not total:
        return {}
    # A counter stands for a small range; no percentile is above the largest value seen.
    return {q: min(percentile(latency.counts, total, q / 100), latency.moments.maximum) for q in PERCENTILES}


def _by_outcome(measurement: Measurement) -> dict[Outcome, int]:
    counts = dict.fromkeys(Outcome, 0)
    for failure, count in measurement.failures.items():
        counts[failure.outcome] += count
    return counts


def _ratio(part: int, whole: int) -> float | None:
    return part / whole if whole > 0 else None
