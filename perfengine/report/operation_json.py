"""One operation as JSON: what was done, what was found, and the histograms to find out more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from perfengine.model.requirement import Metric
from perfengine.model.verdict import Verdict
from perfengine.report.measures import SECONDS, scaled
from perfengine.stats.samples import is_weak

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from perfengine.model.measurement import LatencyCounts
    from perfengine.model.outcome import Failure
    from perfengine.model.summary import LatencySummary, OperationSummary, RowCounts
    from perfengine.model.verdict import Judgement

    Encode = Callable[[LatencyCounts], str]

#: The percentiles of a result, by the name they have there.
PERCENTILE_NAMES: Final = {"p90": 90.0, "p95": 95.0, "p99": 99.0, "p999": 99.9}
_WORST_FIRST: Final = (Verdict.FAIL, Verdict.UNPROVEN, Verdict.PASS)


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
        "generator": _generator(operation),
        "histograms": _histograms(operation, encode_histogram),
        "per_second": {
            "due": [second.due for second in operation.measurement.seconds],
            "ok": [second.ok for second in operation.measurement.seconds],
            "bad": [second.bad for second in operation.measurement.seconds],
        },
    }


def _metrics(operation: OperationSummary, latency: LatencySummary) -> dict[str, object]:
    percentiles = {name: _seconds(latency.percentiles[q]) for name, q in PERCENTILE_NAMES.items()}
    return {
        "mean": _seconds(latency.mean),
        "median": _seconds(latency.percentiles[50.0]),
        "min": _seconds(latency.minimum),
        "max": _seconds(latency.maximum),
        "stdev": _seconds(latency.stdev),
        **percentiles,
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
        "status": next(
            verdict for verdict in _WORST_FIRST if any(judged.verdict is verdict for judged in own)
        ),
    }


def _tightest(judgements: Sequence[Judgement], metrics: set[str]) -> float | None:
    limits_ns = [judgement.limit for judgement in judgements if judgement.metric in metrics]
    return _seconds(min(limits_ns)) if limits_ns else None


def _origin(operation: OperationSummary) -> dict[str, object]:
    source = operation.operation
    return {
        "full_id": source.full_id,
        "entity": source.entity,
        "group": source.group,
        "kind": source.kind,
        "aliases": list(source.aliases),
        "rule": source.rule,
        "sql": source.sql,
    }


def _work(operation: OperationSummary) -> dict[str, object]:
    measurement = operation.measurement
    requested_ns = operation.requested_duration_ns
    return {
        "load_model": "closed",
        "concurrency": operation.concurrency,
        "requested_iterations": operation.requested_iterations,
        "requested_duration": None if requested_ns is None else _seconds(requested_ns),
        "measured": _seconds(measurement.measured_ns),
        "rounds": measurement.rounds,
        "cut_short": operation.cut_short,
        "warmup": {"attempts": measurement.warmup_attempts, "failures": measurement.warmup_failures},
        "outcomes": _outcomes(operation),
        "failures": [_failure(failure, count) for failure, count in _by_count(measurement.failures)],
    }


def _outcomes(operation: OperationSummary) -> dict[str, int]:
    measurement = operation.measurement
    return {
        "due": operation.attempts + measurement.dropped + measurement.unfinished,
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


def _generator(operation: OperationSummary) -> dict[str, object]:
    state = operation.measurement.generator
    return {
        "saturated": operation.saturated,
        "share": operation.generator_share,
        "delay": {
            f"p{percentile:g}": _seconds(ns) for percentile, ns in operation.generator_delay_ns.items()
        },
        "wall": _seconds(state.wall_ns),
        "cpu": _seconds(state.cpu_ns),
        "run_queue": _seconds(state.run_queue_ns),
    }


def _histograms(operation: OperationSummary, encode_histogram: Encode) -> dict[str, str]:
    measurement = operation.measurement
    histograms = {"response": measurement.response, "failed_response": measurement.failed_response}
    return {name: encode_histogram(latency) for name, latency in histograms.items() if latency.counts}


def _seconds(latency_ns: float) -> float:
    return scaled(latency_ns, SECONDS)
