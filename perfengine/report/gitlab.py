"""A result's figures as OpenMetrics text: GitLab's metrics report, and what a node exporter picks up.

GitLab compares values as texts, so they have four significant digits. It takes everything behind a # for a comment,
and splits a line at blanks that no quotes enclose.
"""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, Final

from perfengine.report.measures import SECONDS, scaled
from perfengine.report.promise_metrics import Family, budget_families, stability_families
from perfengine.report.signs import plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from perfengine.model.result import RunResult
    from perfengine.model.summary import OperationSummary
    from perfengine.report.promise_metrics import Sample

_ESCAPES: Final = str.maketrans({"\\": "\\\\", '"': '\\"', "#": "_"})
_QUANTILES: Final = {0.5: 50.0, 0.95: 95.0, 0.99: 99.0}


def render_openmetrics(result: RunResult) -> bytes:
    """Return the text, ending in a newline; figures that an operation has not are left out."""
    families = (
        Family("response_seconds", "Response time of ok attempts", _percentiles(result)),
        Family("response_mean_seconds", "Mean response time of ok attempts", _means(result)),
        Family("throughput_per_second", "Ok attempts per second of measured time", _rates(result)),
        Family("error_ratio", "Share of attempts that were not ok", _errors(result)),
        *budget_families(result),
        *stability_families(result),
    )
    lines = [line for family in families for line in _lines(family)]
    return "\n".join([*lines, "# EOF", ""]).encode()


def _lines(family: Family) -> Iterator[str]:
    """Yield the lines of a family; of samples with the same labels the first, for no reader takes two."""
    full = f"perfengine_{family.name}"
    yield f"# HELP {full} {family.meaning}."
    yield f"# TYPE {full} gauge"
    samples: dict[str, float] = {}
    for labels, value in family.samples:
        samples.setdefault(_written(labels), value)
    for written, value in samples.items():
        yield f"{full}{{{written}}} {'+Inf' if value == inf else f'{value:.4g}'}"


def _written(labels: Mapping[str, str]) -> str:
    return ",".join(f'{name}="{plain(value).translate(_ESCAPES)}"' for name, value in labels.items())


def _labels(run: OperationSummary, **more: str) -> dict[str, str]:
    return {"entity": run.operation.entity, "operation": run.operation.name, **more}


def _percentiles(result: RunResult) -> Iterator[Sample]:
    for run in result.operations:
        for quantile, percentile in _QUANTILES.items():
            if run.latency:
                value = scaled(run.latency.percentiles[percentile], SECONDS)
                yield _labels(run, quantile=str(quantile)), value


def _means(result: RunResult) -> Iterator[Sample]:
    for run in result.operations:
        if run.latency:
            yield _labels(run), scaled(run.latency.mean, SECONDS)


def _rates(result: RunResult) -> Iterator[Sample]:
    for run in result.operations:
        yield _labels(run), run.throughput_per_s


def _errors(result: RunResult) -> Iterator[Sample]:
    for run in result.operations:
        if run.error_rate is not None:
            yield _labels(run), run.error_rate
