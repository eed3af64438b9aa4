"""A result's figures for github-action-benchmark, which draws them over commits and warns when one jumps.

It knows which way is better by file: `customSmallerIsBetter` for times and errors, `customBiggerIsBetter` for rates.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from perfengine.report.signs import plain
from perfengine.units import NS_PER_MS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from perfengine.model.result import RunResult
    from perfengine.model.summary import OperationSummary

Entry = dict[str, str | float]


def render_smaller_is_better(result: RunResult) -> bytes:
    """Return mean, p50, p95 and p99 in milliseconds and the error rate in percent, as a JSON list."""
    return _rendered(entry for run in result.operations for entry in (*_times(run), *_errors(run)))


def render_bigger_is_better(result: RunResult) -> bytes:
    """Return the ok attempts per second, as a JSON list."""
    return _rendered(_entry(run, "throughput", "1/s", run.throughput_per_s) for run in result.operations)


def _rendered(entries: Iterable[Entry]) -> bytes:
    return (json.dumps(list(entries), allow_nan=False, indent=2) + "\n").encode("ascii")


def _times(run: OperationSummary) -> Iterator[Entry]:
    latency = run.latency
    if latency is None:
        return
    yield _entry(run, "mean", "ms", latency.mean / NS_PER_MS) | {
        "range": f"± {latency.stdev / NS_PER_MS:.4g}"
    }
    for percentile in (50.0, 95.0, 99.0):
        yield _entry(run, f"p{percentile:g}", "ms", latency.percentiles[percentile] / NS_PER_MS)


def _errors(run: OperationSummary) -> Iterator[Entry]:
    if run.error_rate is not None:
        yield _entry(run, "error_rate", "%", run.error_rate * 100)


def _entry(run: OperationSummary, metric: str, unit: str, value: float) -> Entry:
    name = f"{plain(run.operation.entity)}.{plain(run.operation.name)} {metric}"
    return {"name": name, "unit": unit, "value": value, "extra": f"ok attempts: {run.ok}"}
