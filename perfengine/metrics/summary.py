"""A measurement becomes a summary: percentiles, rates and ratios, each once and in one place."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING

from perfengine.metrics.percentiles import percentiles_of
from perfengine.model.measurement import StageMeasurement
from perfengine.model.outcome import Outcome
from perfengine.model.summary import LatencySummary, OperationSummary, RowCounts, StageSummary
from perfengine.units import NS_PER_S

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfengine.model.load import Stage
    from perfengine.model.measurement import GeneratorState, LatencyCounts, Measurement
    from perfengine.model.plan import OperationPlan, PhasePlan

PERCENTILES = (50.0, 90.0, 95.0, 99.0, 99.9)
#: CPU plus run-queue wait of a load process above this share of the interval: the generator was the limit.
SATURATED_SHARE = 0.9


def summarise(
    phase: PhasePlan,
    plan: OperationPlan,
    measurement: Measurement,
    *,
    connections: int,
    cut_short: str | None,
    rows: RowCounts | None,
) -> OperationSummary:
    """Return the summary of what one operation did in the measure phase of `phase`.

    `connections` is how many the clients of the phase had together.
    """
    by_outcome = _by_outcome(measurement)
    ok = measurement.response.moments.count
    bad = sum(by_outcome[outcome] for outcome in (Outcome.REFUSED, Outcome.ERROR, Outcome.TIMEOUT))
    share = generator_share(measurement.generator)
    return OperationSummary(
        operation=plan.operation,
        concurrency=phase.clients,
        requested_iterations=plan.iterations,
        requested_duration_ns=phase.duration_ns,
        measurement=measurement,
        latency=summarise_latency(measurement.response),
        ok=ok,
        refused=by_outcome[Outcome.REFUSED],
        error=by_outcome[Outcome.ERROR],
        timeout=by_outcome[Outcome.TIMEOUT],
        starved=measurement.starved,
        throughput_per_s=rate_per_s(ok, measurement.measured_ns),
        error_rate=ratio(bad, measurement.attempts - measurement.starved),
        availability=ratio(ok, measurement.attempts - measurement.starved + measurement.dropped),
        generator_share=share,
        generator_delay_ns=generator_delay_ns(measurement, saturated=share > SATURATED_SHARE),
        saturated=share > SATURATED_SHARE,
        cut_short=cut_short,
        rows=rows,
        load=phase.load,
        phase=phase.name,
        weight=plan.weight,
        connections=connections,
        lateness=summarise_latency(measurement.lateness),
        pool_wait=summarise_latency(measurement.pool_wait),
        service=summarise_latency(measurement.service),
        stages=tuple(_stages(phase.load.stages, measurement, cut_short=cut_short is not None)),
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
    """Return the share of its wall time in which the busiest load process ran or waited for a processor."""
    return max(
        ((cost.cpu_ns + cost.run_queue_ns) / cost.wall_ns for cost in state.processes if cost.wall_ns),
        default=0.0,
    )


def generator_delay_ns(measurement: Measurement, *, saturated: bool) -> dict[float, int]:
    """Return, by percentile, what the generator itself adds: the most of its loop's lag and its late start.

    An attempt that waited because every client was busy waited for the database, unless the generator had no
    processor time left to be anything but busy: then all of its lateness may be its own.
    """
    state = measurement.generator
    parts = [state.loop_lag, state.start_delay, *([measurement.lateness] if saturated else [])]
    delays = [_percentiles(part) for part in parts]
    return {q: max(delay.get(q, 0) for delay in delays) for q in PERCENTILES if any(delays)}


def _stages(
    stages: tuple[Stage, ...], measurement: Measurement, *, cut_short: bool
) -> Iterator[StageSummary]:
    """Yield what was due in each stage; its rate is over the stage, or over the part of it that was reached."""
    begin_ns, level = 0, 0.0
    for number, stage in enumerate(stages, start=1):
        # a phase that was cut short has nothing of the stages that it did not reach
        reached = number <= len(measurement.stages)
        seen = measurement.stages[number - 1] if reached else StageMeasurement()
        left_ns = max(0, measurement.measured_ns - begin_ns)
        duration_ns = min(stage.duration_ns, left_ns) if cut_short else stage.duration_ns
        yield StageSummary(
            number=number,
            duration_ns=stage.duration_ns,
            begin_level=level,
            target=stage.target,
            ok=seen.ok,
            bad=seen.bad,
            dropped=seen.dropped,
            throughput_per_s=rate_per_s(seen.ok, duration_ns),
            latency=summarise_latency(seen.response),
        )
        begin_ns, level = begin_ns + stage.duration_ns, stage.target


def _percentiles(latency: LatencyCounts) -> dict[float, int]:
    found = percentiles_of(latency, [q / 100 for q in PERCENTILES])
    return dict(zip(PERCENTILES, found, strict=True)) if found else {}


def _by_outcome(measurement: Measurement) -> dict[Outcome, int]:
    counts = dict.fromkeys(Outcome, 0)
    for failure, count in measurement.failures.items():
        counts[failure.outcome] += count
    return counts


def rate_per_s(count: int, duration_ns: int) -> float:
    """Return how many there were a second; 0 where no time was measured."""
    return count * NS_PER_S / duration_ns if duration_ns else 0.0


def ratio(part: int, whole: int) -> float | None:
    """Return a share, None of nothing."""
    return part / whole if whole > 0 else None
