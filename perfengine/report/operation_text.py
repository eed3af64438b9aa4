"""The block of one operation in the text report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from perfengine.model.outcome import Outcome
from perfengine.report.measures import FRACTION, PER_SECOND, SECONDS, value_text
from perfengine.report.signs import WIDTH, folded, plain
from perfengine.stats.samples import is_weak

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfengine.model.outcome import Failure
    from perfengine.model.summary import LatencySummary, OperationSummary, RowCounts

#: Different failures that are named; the rest are counted together.
_NAMED_FAILURES: Final = 3


def operation_lines(operation: OperationSummary) -> Iterator[str]:
    """Yield the lines of an operation; without an ok attempt it has counts and causes, and no figures."""
    yield f"Test: {plain(operation.operation.name)}"
    yield f"Iterations: {operation.attempts}"
    if operation.latency:
        yield from _latency_lines(operation.latency)
        yield f"Throughput: {value_text(operation.throughput_per_s, PER_SECOND)}"
    else:
        yield "No figures: no attempt was ok"
    yield from _failure_lines(operation)
    yield from _circumstance_lines(operation)


def _latency_lines(latency: LatencySummary) -> Iterator[str]:
    yield f"Mean: {_seconds(latency.mean)}"
    yield _percentile_line("Median", 50.0, latency)
    yield f"Min: {_seconds(latency.minimum)}"
    yield f"Max: {_seconds(latency.maximum)}"
    yield f"StdDev: {_seconds(latency.stdev)}"
    yield _percentile_line("P95", 95.0, latency)
    yield _percentile_line("P99", 99.0, latency)
    if not is_weak(0.999, latency.count):
        yield _percentile_line("P99.9", 99.9, latency)


def _percentile_line(label: str, percentile: float, latency: LatencySummary) -> str:
    weak = f" (weak: {latency.count} samples)" if is_weak(percentile / 100, latency.count) else ""
    return f"{label}: {_seconds(latency.percentiles[percentile])}{weak}"


def _seconds(latency_ns: float) -> str:
    return value_text(latency_ns, SECONDS)


def _failure_lines(operation: OperationSummary) -> Iterator[str]:
    kinds = {"refused": operation.refused, "error": operation.error, "timeout": operation.timeout}
    bad, tried = sum(kinds.values()), operation.attempts - operation.starved
    if not bad:
        yield "Errors: 0"
        return
    shares = ", ".join(f"{kind} {count}" for kind, count in kinds.items() if count)
    yield f"Errors: {bad} of {tried} ({value_text(bad / tried, FRACTION)}): {shares}"
    failures = operation.measurement.failures.items()
    counted = [(failure, count) for failure, count in failures if failure.outcome is not Outcome.STARVED]
    counted.sort(key=lambda pair: (-pair[1], pair[0].message))
    for failure, count in counted[:_NAMED_FAILURES]:
        yield _failure_line(failure, count)
    if rest := counted[_NAMED_FAILURES:]:
        yield f"  {sum(count for _, count in rest)} x of {len(rest)} other kinds"


def _failure_line(failure: Failure, count: int) -> str:
    cause = " ".join(filter(None, (failure.sqlstate, failure.error_class)))
    line = f"  {count} x {plain(cause)}: {plain(failure.message)}"
    return line if len(line) <= WIDTH else line[: WIDTH - 3] + "..."


def _circumstance_lines(operation: OperationSummary) -> Iterator[str]:
    measurement = operation.measurement
    if operation.starved:
        yield f"Starved: {operation.starved} (no row to work on)"
    if measurement.dropped:
        yield f"Dropped: {measurement.dropped} (due, and never started)"
    if measurement.unfinished:
        yield f"Unfinished: {measurement.unfinished} (cut off at the end)"
    if operation.cut_short:
        yield from folded(f"Cut short: {plain(operation.cut_short)}")
    if operation.rows:
        yield from _row_lines(operation.rows)
    yield f"Concurrency: {operation.concurrency} (closed model)"
    if operation.saturated:
        yield _saturation_line(operation)
    if measurement.warmup_attempts:
        failed = f", {measurement.warmup_failures} failed" if measurement.warmup_failures else ""
        yield f"Warm-up: {measurement.warmup_attempts} attempts{failed} (not counted)"


def _saturation_line(operation: OperationSummary) -> str:
    delay_ns = operation.generator_delay_ns.get(99.0)
    late = f", late by {_seconds(delay_ns)} (p99)" if delay_ns is not None else ""
    return f"Generator: the bottleneck, busy {operation.generator_share:.0%} of the time{late}"


def _row_lines(rows: RowCounts) -> Iterator[str]:
    if not rows.verified:
        others = f", {rows.unexpected} others do" if rows.unexpected else ""
        yield f"Effect: not confirmed ({rows.found} of {rows.expected} rows show it{others})"
    if rows.in_doubt:
        yield f"In doubt: {rows.in_doubt} (connection lost at COMMIT)"
