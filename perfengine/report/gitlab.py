"""A result's figures as OpenMetrics text: GitLab's metrics report, and what a node exporter picks up.

GitLab compares values as texts, so they have four significant digits. It takes everything behind a # for a comment,
and splits a line at blanks that no quotes enclose.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from perfengine.report.measures import SECONDS, scaled
from perfengine.report.signs import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfengine.model.result import RunResult
    from perfengine.model.summary import OperationSummary

_ESCAPES: Final = str.maketrans({"\\": "\\\\", '"': '\\"', "#": "_"})
_QUANTILES: Final = {0.5: 50.0, 0.95: 95.0, 0.99: 99.0}


def render_openmetrics(result: RunResult) -> bytes:
    """Return the text, ending in a newline; figures that an operation has not are left out."""
    families = (
        _family("response_seconds", "Response time of ok attempts", _percentiles(result)),
        _family("response_mean_seconds", "Mean response time of ok attempts", _means(result)),
        _family("throughput_per_second", "Ok attempts per second of measured time", _rates(result)),
        _family("error_ratio", "Share of attempts that were not ok", _errors(result)),
    )
    lines = [line for family in families for line in family]
    return "\n".join([*lines, "# EOF", ""]).encode()


def _family(name: str, meaning: str, samples: Iterator[tuple[str, float]]) -> Iterator[str]:
    full = f"perfengine_{name}"
    yield f"# HELP {full} {meaning}."
    yield f"# TYPE {full} gauge"
    for labels, value in samples:
        yield f"{full}{{{labels}}} {value:.4g}"


def _labels(run: OperationSummary, **more: str) -> str:
    labels = {"entity": run.operation.entity, "operation": run.operation.name, **more}
    return ",".join(f'{name}="{plain(value).translate(_ESCAPES)}"' for name, value in labels.items())


def _percentiles(result: RunResult) -> Iterator[tuple[str, float]]:
    for run in result.operations:
        for quantile, percentile in _QUANTILES.items():
            if run.latency:
                value = scaled(run.latency.percentiles[percentile], SECONDS)
                yield _labels(run, quantile=str(quantile)), value


def _means(result: RunResult) -> Iterator[tuple[str, float]]:
    for run in result.operations:
        if run.latency:
            yield _labels(run), scaled(run.latency.mean, SECONDS)


def _rates(result: RunResult) -> Iterator[tuple[str, float]]:
    for run in result.operations:
        yield _labels(run), run.throughput_per_s


def _errors(result: RunResult) -> Iterator[tuple[str, float]]:
    for run in result.operations:
        if run.error_rate is not None:
            yield _labels(run), run.error_rate
