"""Bounds of a quantile of a histogram whose values came in time.

The share of values up to the quantile that was found differs from one batch of the run to the next. Its error
(`batches.ratio_of_sums`) gives bounds for the share, and the histogram turns shares back into values. Without batches
the error is that of independent values, sqrt(q (1 - q) / n), times the root of a design effect.

Source: R. S. Woodruff, "Confidence intervals for medians and other position measures", JASA 47 (1952) 635-646.
"""

from __future__ import annotations

from math import ceil, floor, inf, log, sqrt
from typing import TYPE_CHECKING

import numpy as np

from perfengine.stats.bounds import Bounded
from perfengine.stats.hdr import highest_value, lowest_value, rank_of
from perfengine.stats.histogram import columns
from perfengine.stats.samples import CONFIDENCE
from perfengine.stats.student import Estimate

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Integers = NDArray[np.int64]


def samples_for_bounds(q: float) -> int:
    """Return how many values the `q` quantile (0.5 or more) needs for two finite bounds: p50 6, p95 72, p99 368.

    The largest of n independent values lies below the quantile with probability q^n, which may be 2.5 %.
    """
    return ceil(log((1 - CONFIDENCE) / 2) / log(q))


def independent_share_error(q: float, total: int, design_effect: float) -> Estimate:
    """Return the error of the share where the values tell no more than `total / design_effect` independent ones."""
    effective = total / design_effect
    return Estimate(value=q, error=sqrt(q * (1 - q) / effective), df=max(effective - 1, 1.0))


def bounded_quantile(q: float, counts: Mapping[int, int], share: Estimate, confidence: float) -> Bounded:
    """Return the `q` quantile in ns; a bound that lies beyond all values is 0 or infinite."""
    reach = share.half_width(confidence)
    total = sum(counts.values())
    counters, passed = _cumulated(counts)
    low, high = floor(total * (q - reach)), ceil(total * (q + reach))
    value = highest_value(_at(rank_of(q, total), counters, passed))
    return Bounded(
        value=value,
        lower=min(lowest_value(_at(low, counters, passed)), value) if low >= 1 else 0.0,
        upper=highest_value(_at(high, counters, passed)) if high <= total else inf,
    )


def _cumulated(counts: Mapping[int, int]) -> tuple[Integers, Integers]:
    counters, numbers = columns(counts)
    order = np.argsort(counters)
    return counters[order], np.cumsum(numbers[order])


def _at(rank: int, counters: Integers, passed: Integers) -> int:
    return int(counters[np.searchsorted(passed, rank)])
