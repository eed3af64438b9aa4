"""One operation as JSON: what was done, what was found, and the histograms to find out more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfengine.model.requirement import Metric
from perfengine.report.batches_json import batches_entry
from perfengine.report.generator_json import generator_entry
from perfengine.report.latency_json import (
    PERCENTILE_NAMES,
    histograms,
    latency_figures,
    part_figures,
    seconds,
    seconds_or_none,
)
from perfengine.report.limit_words import worst_verdict
from perfengine.report.load_json import load_entry, stage_entry
from perfengine.report.statements import operation_sql
from perfengine.stats.samples import is_weak

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from perfengine.model.measurement import Measurement
    from perfengine.model.outcome import Failure
    from perfengine.model.summary import LatencySummary, OperationSummary, RowCounts
    from perfengine.model.verdict import Judgement
    from perfengine.report.latency_json import Encode


def operation_entry(
    operation: OperationSummary, judgements: Sequence[Judgement], encode_histogram: Encode
) -> dict[str, object]:
    """Return the entry of an operation: its figures, if it has any, stand flat and under `metrics`."""
    figures = {"metrics": _metrics(operation, operation.latency)} if operation.latency else {}
    return {
        "test_name": operation.operation.name,
        "iterations": operation.attempts,
        **figures.get("metrics", {}),
        **figures,
        "samples": operation.ok,
        "weak_percentiles": _weak_percentiles(operation.ok),
        "requirements": _requirements(operation, judgements),
        **_origin(operation),
        **_work(operation),
        "rows": _rows(operation.rows) if operation.rows else None,
        "generator": generator_entry(operation),
        "histograms": histograms(operation.measurement, encode_histogram),
        "per_second": _per_second(operation.measurement),
        "batches": batches_entry(operation.measurement),
    }


def _metrics(operation: OperationSummary, latency: LatencySummary) -> dict[str, object]:
    return {
        **latency_figures(latency),
        "error_rate": operation.error_rate,
        "availability": operation.availability,
        "throughput": operation.throughput_per_s,
    }


def _weak_percentiles(samples: int) -> list[str]:
    names = {"median": 50.0, **PERCENTILE_NAMES}
    return [name for name, percentile in names.items() if is_weak(percentile / 100, samples)]


def _requirements(operation: OperationSummary, judgements: Sequence[Judgement]) -> dict[str, object] | None:
    """Return the tightest mean and p95 asked of the operation, and the worst verdict of all its limits."""
    own = [judgement for judgement in judgements if judgement.operation == operation.operation.name]
    if not own:
        return None
    return {
        "target_mean": _tightest(own, {Metric.MEAN}),
        "max_p95": _tightest(own, {Metric.P95, "response_time_p95"}),
        "status": worst_verdict(own),
    }


def _tightest(judgements: Sequence[Judgement], metrics: set[str]) -> float | None:
    limits_ns = [judgement.limit for judgement in judgements if judgement.metric in metrics]
    return seconds(min(limits_ns)) if limits_ns else None


def _origin(operation: OperationSummary) -> dict[str, object]:
    source = operation.operation
    return {
        "full_id": source.full_id,
        "entity": source.entity,
        "group": source.group,
        "kind": source.kind,
        "aliases": list(source.aliases),
        "rule": source.rule,
        "sql": operation_sql(source),
    }


def _work(operation: OperationSummary) -> dict[str, object]:
    measurement, load = operation.measurement, load_entry(operation.load)
    return {
        "load_model": load["model"],
        "concurrency": operation.concurrency,
        "load": load,
        "phase": operation.phase,
        "weight": operation.weight,
        "connections": operation.connections,
        "requested_iterations": operation.requested_iterations,
        "requested_duration": seconds_or_none(operation.requested_duration_ns),
        "measured": seconds(measurement.measured_ns),
        "rounds": measurement.rounds,
        "cut_short": operation.cut_short,
        "warmup": {"attempts": measurement.warmup_attempts, "failures": measurement.warmup_failures},
        "outcomes": _outcomes(operation),
        "failures": [_failure(failure, count) for failure, count in _by_count(measurement.failures)],
        "retries": _retries(measurement),
        "records_processed": measurement.records_processed,
        "lateness": part_figures(operation.lateness),
        "pool_wait": part_figures(operation.pool_wait),
        "service": part_figures(operation.service),
        "stages": [stage_entry(stage) for stage in operation.stages],
    }


def _retries(measurement: Measurement) -> dict[str, object]:
    return {
        "tries": sum(measurement.retries.values()),
        "retried_ok": measurement.retried,
        "by_sqlstate": dict(sorted(measurement.retries.items())),
    }


def _outcomes(operation: OperationSummary) -> dict[str, int]:
    measurement = operation.measurement
    return {
        "due": operation.due,
        "ok": operation.ok,
        "refused": operation.refused,
        "error": operation.error,
        "timeout": operation.timeout,
        "starved": operation.starved,
        "dropped": measurement.dropped,
        "unfinished": measurement.unfinished,
    }


def _by_count(failures: Mapping[Failure, int]) -> list[tuple[Failure, int]]:
    return sorted(failures.items(), key=lambda pair: (-pair[1], pair[0].message))


def _failure(failure: Failure, count: int) -> dict[str, object]:
    return {
        "outcome": failure.outcome.name.lower(),
        "sqlstate": failure.sqlstate,
        "error_class": failure.error_class,
        "message": failure.message,
        "count": count,
    }


def _rows(rows: RowCounts) -> dict[str, object]:
    return {
        "at_start": rows.at_start,
        "expected": rows.expected,
        "found": rows.found,
        "unexpected": rows.unexpected,
        "in_doubt": rows.in_doubt,
        "verified": rows.verified,
    }


def _per_second(measurement: Measurement) -> dict[str, list[int]]:
    return {
        "due": [second.due for second in measurement.seconds],
        "ok": [second.ok for second in measurement.seconds],
        "bad": [second.bad for second in measurement.seconds],
        "dropped": [second.dropped for second in measurement.seconds],
    }
