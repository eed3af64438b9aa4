"""What a single run knows of itself: a metric between bounds, from the spread of its ten parts.

It knows nothing of how much runs differ from each other; whoever compares two single runs adds that.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, log, sqrt
from typing import TYPE_CHECKING

from perfengine.comparison.figures import QUANTILES, figure, scaled
from perfengine.model.requirement import Metric
from perfengine.stats.batches import BATCHES, LEAST_MEMORIES, design_effect, is_too_short, ratio_of_sums
from perfengine.stats.bounds import Bounded, bounded_share
from perfengine.stats.histogram import deviation
from perfengine.stats.student import Estimate
from perfengine.stats.woodruff import bounded_quantile, independent_share_error

if TYPE_CHECKING:
    from perfengine.model.comparison import OperationSample

#: Batches fewer than these are too few to see how much they differ.
_LEAST_BATCHES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class WithinRun:
    """A metric of one run, on the scale on which it is compared, between its bounds."""

    bounded: Bounded
    remembers: bool = False  #: the run does not last twenty times as long as what disturbs it
    is_brief: bool = False  #: less than 20 s, too few to see whether seconds depend on each other


def bounds_within(sample: OperationSample, metric: Metric, confidence: float) -> WithinRun:
    """Return the metric with what the run itself says of its doubt.

    Raises: ValueError when the sample does not show the metric (see `figures.missing`).
    """
    brief = len(sample.seconds) < LEAST_MEMORIES
    return WithinRun(
        bounded=_bounded(sample, metric, confidence),
        remembers=not brief and is_too_short(_series(sample, metric)),
        is_brief=brief,
    )


def _bounded(sample: OperationSample, metric: Metric, confidence: float) -> Bounded:
    if metric in QUANTILES and sample.ok:
        return _bounded_quantile(sample, QUANTILES[metric], confidence)
    value = figure(sample, metric)
    if value is None:
        raise ValueError(f"{sample.name}: {metric} was not measured")
    if metric is Metric.ERROR_RATE:
        return bounded_share(sample.bad, sample.ok + sample.bad, _bad_effect(sample, value), confidence)
    reach = _rate_error(sample) if metric is Metric.THROUGHPUT else _mean_error(sample)
    width = reach.half_width(confidence)
    return Bounded(
        value=scaled(metric, value), lower=scaled(metric, value) - width, upper=scaled(metric, value) + width
    )


def _bounded_quantile(sample: OperationSample, q: float, confidence: float) -> Bounded:
    if len(sample.batches) >= _LEAST_BATCHES:
        share = ratio_of_sums(
            [part.up_to[q] for part in sample.batches], [part.ok for part in sample.batches]
        )
    else:
        share = independent_share_error(q, sample.ok, _latency_effect(sample))
    found = bounded_quantile(q, sample.response, share, confidence)
    return Bounded(value=log(found.value), lower=_log(found.lower), upper=_log(found.upper))


def _log(value: float) -> float:
    return log(value) if value > 0 else -inf


def _mean_error(sample: OperationSample) -> Estimate:
    """Return the error of ln(mean): relative, by batches of seconds where there are enough of them."""
    known = [second for second in sample.seconds if second.mean_ns is not None]
    if len(known) < BATCHES:
        return _independent_mean_error(sample)
    ratio = ratio_of_sums(
        [second.ok * (second.mean_ns or 0.0) for second in known], [second.ok for second in known]
    )
    return Estimate(value=0.0, error=ratio.error / ratio.value, df=ratio.df)


def _independent_mean_error(sample: OperationSample) -> Estimate:
    error = deviation(sample.response) / sqrt(sample.ok) / (sample.mean_ns or 1.0)
    return Estimate(value=0.0, error=error, df=max(sample.ok - 1, 1))


def _rate_error(sample: OperationSample) -> Estimate:
    """Return the error of ln(rate); without seconds that of a Poisson process, 1 / sqrt(n)."""
    if len(sample.seconds) < BATCHES:
        return Estimate(value=0.0, error=1 / sqrt(sample.ok), df=max(sample.ok - 1, 1))
    ratio = ratio_of_sums([second.ok for second in sample.seconds], [1.0] * len(sample.seconds))
    return Estimate(value=0.0, error=ratio.error / ratio.value if ratio.value else inf, df=ratio.df)


def _latency_effect(sample: OperationSample) -> float:
    """Return the design effect of the mean: at least that of a quantile, whose indicator varies less in time."""
    return design_effect(_mean_error(sample).error, _independent_mean_error(sample).error)


def _bad_effect(sample: OperationSample, share: float) -> float:
    tried = [second.ok + second.bad for second in sample.seconds]
    if len(tried) < BATCHES or not sum(tried) or not sample.bad:
        return 1.0
    error = ratio_of_sums([second.bad for second in sample.seconds], tried).error
    return design_effect(error, sqrt(share * (1 - share) / (sample.ok + sample.bad)))


def _series(sample: OperationSample, metric: Metric) -> list[float]:
    """Return the seconds in which the memory of a run shows: of latencies their means, else counts."""
    if metric is Metric.ERROR_RATE:
        return [second.bad for second in sample.seconds]
    means = [second.mean_ns for second in sample.seconds if second.mean_ns is not None]
    if metric is Metric.THROUGHPUT or len(means) < BATCHES:
        return [second.ok for second in sample.seconds]
    return [log(mean) for mean in means if mean > 0]
