"""How much less attempts say that fail in clusters: the design effect of a share, from the seconds of a run.

One stall makes hundreds of attempts bad, and it is one event, not hundreds. How often it comes shows in how much
stretches of the run differ: with k of them, sqrt(k / (k - 1) sum (bad_i - p n_i)^2) / n is the standard error of the
share p, and its square over p (1 - p) / n says by how much too narrow the bounds of independent attempts are. Few
stretches show even that with doubt, so the effect is enlarged by the square of t over z for k - 1 degrees of freedom.

Source: W. G. Cochran, "Sampling Techniques", 3rd ed. (1977), chapters 6 and 9A; bounds from bad / effect of
total / effect attempts and the enlargement: E. L. Korn and B. I. Graubard, "Confidence intervals for proportions with
small expected number of positive counts estimated from survey data", Survey Methodology 24 (1998) 193-201.
"""

from __future__ import annotations

from statistics import NormalDist
from typing import TYPE_CHECKING, Final

import numpy as np

from perfengine.stats.samples import CONFIDENCE
from perfengine.stats.student import t_quantile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

LEAST_STRETCHES: Final = 10
_MOST_STRETCHES: Final = 20
#: Stretches are made longer before there are more of them: a stall that spans two of them looks like two events.
_LONG_S: Final = 30


def cluster_effect(bad: Sequence[float], total: Sequence[float]) -> float:
    """Return by how much fewer attempts count than there were, from both counts of each second; never less than 1.

    With one bad attempt at most, and in fewer than ten seconds, nothing shows: 1.
    """
    seconds = len(bad)
    if seconds < LEAST_STRETCHES or sum(bad) <= 1:
        return 1.0
    k = min(max(seconds // _LONG_S, LEAST_STRETCHES), _MOST_STRETCHES)
    bad_sums, sums = _stretches(bad, k), _stretches(total, k)
    n = float(sums.sum())
    share = float(bad_sums.sum()) / n
    independent = share * (1 - share) / n
    if independent <= 0:
        return 1.0
    variance = k / (k - 1) * float(((bad_sums - share * sums) ** 2).sum()) / n**2
    return max(variance / independent * _enlargement(k), 1.0) if variance > independent else 1.0


def _enlargement(stretches: int) -> float:
    return (t_quantile(CONFIDENCE, stretches - 1) / NormalDist().inv_cdf(CONFIDENCE)) ** 2


def _stretches(values: Sequence[float], count: int) -> NDArray[np.float64]:
    series = np.asarray(values, dtype=np.float64)
    begins = np.arange(count) * len(series) // count
    sums: NDArray[np.float64] = np.add.reduceat(series, begins)
    return sums
