"""What is compared of a sample, on the scale on which it is compared: logarithms, of error rates the shares."""

from __future__ import annotations

from collections import Counter
from math import exp, log
from typing import TYPE_CHECKING, Final

from perfengine.model.comparison import Direction, OperationSample
from perfengine.model.requirement import Metric
from perfengine.stats.hdr import percentile
from perfengine.stats.samples import MINIMUM_SAMPLES
from perfengine.stats.woodruff import samples_for_bounds
from perfengine.units import NS_PER_S

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

#: Compared of every operation, in the order in which it is shown.
METRICS: Final = (
    Metric.MEAN,
    Metric.MEDIAN,
    Metric.P95,
    Metric.P99,
    Metric.THROUGHPUT,
    Metric.ERROR_RATE,
)

QUANTILES: Final[Mapping[Metric, float]] = {Metric.MEDIAN: 0.5, Metric.P95: 0.95, Metric.P99: 0.99}


def is_ratio(metric: Metric) -> bool:
    """Return whether the metric is compared by its ratio; an error rate, which may be 0, by its difference."""
    return metric is not Metric.ERROR_RATE


def direction_of(metric: Metric, shift: float) -> Direction:
    """Return which way a shift goes: for throughput less is worse, for all others more is."""
    return Direction.WORSE if (shift < 0) is (metric is Metric.THROUGHPUT) else Direction.BETTER


def samples_of(sample: OperationSample, metric: Metric) -> int:
    """Return how many attempts are behind a metric."""
    return sample.ok + sample.bad if metric is Metric.ERROR_RATE else sample.ok


def missing(sample: OperationSample, metric: Metric) -> str:
    """Return why the sample does not show the metric, "" when it does."""
    quantile = QUANTILES.get(metric)
    needed = samples_for_bounds(quantile) if quantile else MINIMUM_SAMPLES
    has = samples_of(sample, metric)
    if not sample.ok and is_ratio(metric):
        return "no attempt was ok"
    return f"needs {needed} attempts, has {has}" if has < needed else ""


def figure(sample: OperationSample, metric: Metric) -> float | None:
    """Return the metric: ns, attempts a second, or a share; None where nothing can be said of it."""
    if metric is Metric.ERROR_RATE:
        return sample.bad / (sample.ok + sample.bad) if sample.ok + sample.bad else None
    if not sample.ok or not sample.measured_ns:
        return None
    if metric is Metric.THROUGHPUT:
        return sample.ok * NS_PER_S / sample.measured_ns
    if metric is Metric.MEAN:
        return sample.mean_ns
    return percentile(sample.response, sample.ok, QUANTILES[metric])


def scaled(metric: Metric, value: float) -> float:
    """Return the value on the scale on which it is compared."""
    return log(value) if is_ratio(metric) else value


def unscaled(metric: Metric, value: float) -> float:
    """Return what `scaled` took."""
    return exp(value) if is_ratio(metric) else value


def scaled_figures(samples: Iterable[OperationSample], metric: Metric) -> tuple[float, ...]:
    """Return the metric of each sample that shows it, on the scale on which it is compared."""
    found = (figure(sample, metric) for sample in samples if not missing(sample, metric))
    return tuple(scaled(metric, value) for value in found if value is not None)


def merge_samples(samples: Sequence[OperationSample]) -> OperationSample:
    """Return all samples as one: their attempts together, never an average of percentiles.

    Raises: IndexError without a sample.
    """
    if len(samples) == 1:
        return samples[0]
    response: Counter[int] = Counter()
    for sample in samples:
        response.update(sample.response)
    ok = sum(sample.ok for sample in samples)
    total_ns = sum(sample.ok * (sample.mean_ns or 0) for sample in samples)
    return OperationSample(
        name=samples[0].name,
        response=dict(response),
        mean_ns=total_ns / ok if ok else None,
        ok=ok,
        bad=sum(sample.bad for sample in samples),
        due=sum(sample.due for sample in samples),
        measured_ns=sum(sample.measured_ns for sample in samples),
        fingerprint=samples[0].fingerprint,
    )
