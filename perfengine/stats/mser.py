"""Where a series comes to rest: MSER-5, and whether what is left goes on moving.

MSER-5 takes means of five values and leaves out as many of them from the beginning as make the standard error of
the rest smallest; where that is half of all, the series has not settled. It does not see a slow drift, so two gates
follow: the trend, and the means of the thirds.

Source: K. P. White, "An effective truncation heuristic for bias reduction in simulation output", Simulation 69 (1997)
323-334; in batches of five: K. P. White, M. J. Cobb, S. C. Spratt, Winter Simulation Conference 2000.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, sqrt
from typing import TYPE_CHECKING, Final

import numpy as np

from perfengine.stats.student import two_sided

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

BATCH: Final = 5

#: A line through fewer batch means says nothing of a trend.
LEAST_BATCHES: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """The least-squares line through batch means, as the change from its begin to its end."""

    drift: float
    is_certain: bool  #: its interval excludes 0
    variance: float  #: of the batch means around it


def batch_means(values: Sequence[float]) -> NDArray[np.float64]:
    """Return the means of five consecutive values each; values of a last batch that is not whole are left out."""
    whole = len(values) // BATCH
    series = np.asarray(values[: whole * BATCH], dtype=np.float64)
    means: NDArray[np.float64] = series.reshape(whole, BATCH).mean(axis=1)
    return means


def truncation(means: NDArray[np.float64]) -> int | None:
    """Return how many batch means belong to settling; None when it is half of them, or more.

    The d up to k / 2 for which sum((Y_i - mean)^2) / (k - d)^2, over what is left, is smallest.
    """
    k = len(means)
    most = k // 2
    errors = [float(means[d:].var()) / (k - d) for d in range(most + 1)]
    best = min(range(most + 1), key=errors.__getitem__)
    return best if best < most else None


def trend(means: NDArray[np.float64], confidence: float) -> Trend | None:
    """Return how the batch means move from first to last; None for fewer than ten."""
    k = len(means)
    if k < LEAST_BATCHES:
        return None
    places = np.arange(k) - (k - 1) / 2
    slope = float(places @ means) / float(places @ places)
    rest = means - means.mean() - slope * places
    variance = float(rest @ rest) / (k - 2)
    reach = two_sided(confidence, k - 2) * sqrt(variance / float(places @ places))
    return Trend(drift=slope * (k - 1), is_certain=abs(slope) > reach, variance=variance)


def range_of_thirds(means: NDArray[np.float64]) -> float:
    """Return the largest difference between the means of the thirds; infinite for fewer than three."""
    if len(means) < 3:
        return inf
    thirds = [float(part.mean()) for part in np.array_split(means, 3)]
    return max(thirds) - min(thirds)
