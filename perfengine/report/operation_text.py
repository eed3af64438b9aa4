"""The block of one operation in the text report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from perfengine.model.load import OpenLoad
from perfengine.model.outcome import Outcome
from perfengine.report.load_text import load_lines, shares_connections
from perfengine.report.measures import FRACTION, PER_SECOND, SECONDS, value_text
from perfengine.report.signs import WIDTH, folded, plain
from perfengine.stats.samples import is_weak

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfengine.model.outcome import Failure
    from perfengine.model.summary import LatencySummary, OperationSummary, RowCounts

#: Different failures that are named; the rest are counted together.
_NAMED_FAILURES: Final = 3
#: A response time so many times the service time was spent in a queue of the generator's.
_QUEUEING: Final = 1.5


def operation_lines(operation: OperationSummary, whole_weight: float = 1.0) -> Iterator[str]:
    """Yield the lines of an operation; without an ok attempt it has counts and causes, and no figures.

    `whole_weight` is that of all operations that were loaded together with it.
    """
    yield f"Test: {plain(operation.operation.name)}"
    yield f"Iterations: {operation.attempts}"
    if operation.latency:
        yield from _latency_lines(operation.latency)
        yield f"Throughput: {value_text(operation.throughput_per_s, PER_SECOND)}"
    else:
        yield "No figures: no attempt was ok"
    yield from _failure_lines(operation)
    yield from _retry_lines(operation)
    yield from _wait_lines(operation)
    yield from _count_lines(operation)
    yield from _circumstance_lines(operation, whole_weight)


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


def _retry_lines(operation: OperationSummary) -> Iterator[str]:
    measurement = operation.measurement
    if not measurement.retries:
        return
    by_class = sorted(measurement.retries.items(), key=lambda pair: (-pair[1], pair[0]))
    causes = ", ".join(f"{count} x {plain(sqlstate)}" for sqlstate, count in by_class)
    total, retried = sum(measurement.retries.values()), measurement.retried
    yield from folded(f"Retries: {total} ({retried} ok after retries): {causes}")


def _wait_lines(operation: OperationSummary) -> Iterator[str]:
    """Yield the parts of the response time, where an attempt may have waited before it reached the database."""
    is_open, shared = isinstance(operation.load, OpenLoad), shares_connections(operation)
    if is_open and operation.lateness:
        yield _part_line("Lateness", operation.lateness)
    if shared and operation.pool_wait:
        yield _part_line("Pool wait", operation.pool_wait)
    if (is_open or shared) and operation.service and operation.latency:
        yield _part_line("Service", operation.service)
        yield from _queueing_lines(operation.latency, operation.service)


def _part_line(label: str, part: LatencySummary) -> str:
    return f"{label}: {_seconds(part.percentiles[50.0])} (p50), {_seconds(part.percentiles[99.0])} (p99)"


def _queueing_lines(response: LatencySummary, service: LatencySummary) -> Iterator[str]:
    response_ns, service_ns = response.percentiles[99.0], service.percentiles[99.0]
    if service_ns and response_ns > _QUEUEING * service_ns:
        times = f"response p99 is {response_ns / service_ns:.1f} times service p99"
        yield from folded(f"Queueing: {times}, attempts waited before the database")


def _count_lines(operation: OperationSummary) -> Iterator[str]:
    measurement = operation.measurement
    if operation.starved:
        yield f"Starved: {operation.starved} (no row to work on)"
    if isinstance(operation.load, OpenLoad):
        counts = f"dropped {measurement.dropped}, unfinished {measurement.unfinished}"
        yield f"Due: {operation.due}, {counts}"
    else:
        if measurement.dropped:
            yield f"Dropped: {measurement.dropped} (due, and never started)"
        if measurement.unfinished:
            yield f"Unfinished: {measurement.unfinished} (cut off at the end)"
    if measurement.records_processed:
        yield f"Records processed: {measurement.records_processed}"


def _circumstance_lines(operation: OperationSummary, whole_weight: float) -> Iterator[str]:
    measurement = operation.measurement
    if operation.cut_short:
        yield from folded(f"Cut short: {plain(operation.cut_short)}")
    if operation.rows:
        yield from _row_lines(operation.rows)
    yield from load_lines(operation, whole_weight)
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
