"""Repeats of a load as one measurement: counts and histograms add, and percentiles come from the sum."""

from __future__ import annotations

from dataclasses import replace
from functools import reduce
from typing import TYPE_CHECKING, Any, Final

from perfengine.metrics.failures import add_failures
from perfengine.metrics.merge import COUNTS, HISTOGRAMS, add_costs, add_counts, merge_latency
from perfengine.metrics.summary import generator_delay_ns, rate_per_s, ratio, summarise_latency
from perfengine.model.measurement import GeneratorState, StageMeasurement
from perfengine.model.summary import RowCounts, StageSummary

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from perfengine.model.measurement import Measurement
    from perfengine.model.summary import OperationSummary

#: What adds up although load processes do not tell it.
_OF_PHASE: Final = ("measured_ns", "warmup_attempts", "warmup_failures", "rounds")
_OUTCOMES: Final = ("ok", "refused", "error", "timeout", "starved")


def by_operation(summaries: Sequence[OperationSummary]) -> list[list[OperationSummary]]:
    """Return the repeats of each operation, in the order in which operations first came."""
    repeats: dict[tuple[str, str], list[OperationSummary]] = {}
    for summary in summaries:
        repeats.setdefault((summary.phase, summary.operation.name), []).append(summary)
    return list(repeats.values())


def merge_repeats(repeats: Sequence[OperationSummary]) -> OperationSummary:
    """Return one or more repeats of an operation as one: its seconds follow each other.

    One repeat that was cut short, or whose generator was saturated, makes the whole so.
    """
    return repeats[0] if len(repeats) == 1 else _merge(repeats)


def _merge(repeats: Sequence[OperationSummary]) -> OperationSummary:
    measurement = reduce(_one_after_the_other, (repeat.measurement for repeat in repeats))
    outcomes: dict[str, Any] = {name: sum(getattr(each, name) for each in repeats) for name in _OUTCOMES}
    bad = outcomes["refused"] + outcomes["error"] + outcomes["timeout"]
    tried = measurement.attempts - measurement.starved
    return replace(
        repeats[0],
        **outcomes,
        requested_iterations=_sum(each.requested_iterations for each in repeats),
        requested_duration_ns=_sum(each.requested_duration_ns for each in repeats),
        measurement=measurement,
        latency=summarise_latency(measurement.response),
        throughput_per_s=rate_per_s(outcomes["ok"], measurement.measured_ns),
        error_rate=ratio(bad, tried),
        availability=ratio(outcomes["ok"], tried + measurement.dropped),
        generator_share=max(each.generator_share for each in repeats),
        generator_delay_ns=generator_delay_ns(measurement, saturated=any(each.saturated for each in repeats)),
        saturated=any(each.saturated for each in repeats),
        cut_short=next((each.cut_short for each in repeats if each.cut_short), None),
        rows=reduce(_add_rows, (each.rows for each in repeats)),
        lateness=summarise_latency(measurement.lateness),
        pool_wait=summarise_latency(measurement.pool_wait),
        service=summarise_latency(measurement.service),
        stages=tuple(
            _merge_stages(stages, measurement.stages[number] if number < len(measurement.stages) else None)
            for number, stages in enumerate(zip(*(each.stages for each in repeats), strict=True))
        ),
    )


def _one_after_the_other(left: Measurement, right: Measurement) -> Measurement:
    histograms: dict[str, Any] = {
        name: merge_latency(getattr(left, name), getattr(right, name)) for name in HISTOGRAMS
    }
    counts: dict[str, Any] = {
        name: getattr(left, name) + getattr(right, name) for name in (*COUNTS, *_OF_PHASE)
    }
    return replace(
        left,
        **histograms,
        **counts,
        failures=add_failures(left.failures, right.failures),
        retries=add_counts(left.retries, right.retries),
        slower_than=add_counts(left.slower_than, right.slower_than),
        seconds=(*left.seconds, *right.seconds),
        batches=(*left.batches, *right.batches),
        stages=_add_stages(left.stages, right.stages),
        generator=_same_processes(left.generator, right.generator),
    )


def _same_processes(left: GeneratorState, right: GeneratorState) -> GeneratorState:
    """Return what the load processes cost in both."""
    return GeneratorState(
        processes=tuple(add_costs(a, b) for a, b in zip(left.processes, right.processes, strict=False)),
        loop_lag=merge_latency(left.loop_lag, right.loop_lag),
        start_delay=merge_latency(left.start_delay, right.start_delay),
        gc_pause=merge_latency(left.gc_pause, right.gc_pause),
    )


def _add_stages(
    left: tuple[StageMeasurement, ...], right: tuple[StageMeasurement, ...]
) -> tuple[StageMeasurement, ...]:
    empty = StageMeasurement()
    longest = max(len(left), len(right))
    pairs = [
        (left[n] if n < len(left) else empty, right[n] if n < len(right) else empty) for n in range(longest)
    ]
    return tuple(
        StageMeasurement(
            ok=a.ok + b.ok,
            bad=a.bad + b.bad,
            dropped=a.dropped + b.dropped,
            response=merge_latency(a.response, b.response),
        )
        for a, b in pairs
    )


def _merge_stages(stages: tuple[StageSummary, ...], measured: StageMeasurement | None) -> StageSummary:
    """Return one stage over all repeats; its rate is the mean of theirs, for each lasted as long."""
    return replace(
        stages[0],
        ok=sum(stage.ok for stage in stages),
        bad=sum(stage.bad for stage in stages),
        dropped=sum(stage.dropped for stage in stages),
        throughput_per_s=sum(stage.throughput_per_s for stage in stages) / len(stages),
        latency=summarise_latency(measured.response) if measured else None,
    )


def _add_rows(left: RowCounts | None, right: RowCounts | None) -> RowCounts | None:
    if left is None or right is None:
        return left or right
    return RowCounts(
        at_start=left.at_start,
        expected=_sum((left.expected, right.expected)),
        found=_sum((left.found, right.found)),
        unexpected=left.unexpected + right.unexpected,
        in_doubt=left.in_doubt + right.in_doubt,
    )


def _sum(values: Iterable[int | None]) -> int | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None
