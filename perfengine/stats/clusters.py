"""How much less attempts say that fail in clusters: the design effect of a share, from the seconds of a run.

One stall makes hundreds of attempts bad, and it is one event, not hundreds. How often it comes shows in how much
stretches of the run differ: with k of them, sqrt(k / (k - 1) sum (bad_i - p n_i)^2) / n is the standard error of the
share p, and its square over p (1 - p) / n says by how much too narrow the bounds of independent attempts are. Few
stretches show even that with doubt, so the effect is enlarged by the square of t over z for k - 1 degrees of freedom.

Stretches are independent when they are long against what makes attempts bad. How long that lasts, d seconds, shows in
the covariances of seconds that are so far apart, c_1, c_2, ... up to the first that is not positive: 2 sum(c_k) / c_1
is d where it lasts d seconds each time, and about as long as a first-order process remembers. It is more than one
second only where neighbours go together by more than chance, at 95 %. Then

* the run is cut once more, into stretches of at least 3 (d - 1) s, ten or fewer, three at the least, and the larger
  effect counts: so few clusters leave t with so few degrees of freedom;
* what stretches of L seconds do not show, because a cluster lies over the border of two, is added: the variance is
  divided by 1 - (d - 1) / (2 L).

Sources: W. G. Cochran, "Sampling Techniques", 3rd ed. (1977), chapters 6 and 9A; bounds from bad / effect of
total / effect attempts and the enlargement: E. L. Korn and B. I. Graubard, "Confidence intervals for proportions with
small expected number of positive counts estimated from survey data", Survey Methodology 24 (1998) 193-201; t with the
degrees of freedom of few clusters: A. C. Cameron and D. L. Miller, "A Practitioner's Guide to Cluster-Robust
Inference", Journal of Human Resources 50 (2015) 317-372; covariances up to the first that is not positive: after
C. J. Geyer, "Practical Markov Chain Monte Carlo", Statistical Science 7 (1992) 473-483; what batches do not show:
W. T. Song and B. W. Schmeiser, "Optimal Mean-Squared-Error Batch Sizes", Management Science 41 (1995) 110-123; chance
between neighbours: R. L. Anderson, "Distribution of the Serial Correlation Coefficient", Annals of Mathematical
Statistics 13 (1942) 1-13.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, sqrt
from statistics import NormalDist
from typing import TYPE_CHECKING, Final

import numpy as np

from perfengine.stats.samples import CONFIDENCE
from perfengine.stats.student import t_quantile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Counts = NDArray[np.float64]

LEAST_STRETCHES: Final = 10
_MOST_STRETCHES: Final = 20
#: Stretches are made longer before there are more of them: a stall that spans two of them looks like two events.
_LONG_S: Final = 30
#: So many stretches, and no fewer, where they are made longer still: two would be equal by chance too often.
_FEWEST: Final = 3
#: A stretch is to be so many times as long as what makes attempts bad.
_LENGTHS: Final = 3
#: Of the variance, what stretches are taken to miss at most.
_MOST_MISSED: Final = 0.5
_NO_CHANCE: Final = NormalDist().inv_cdf(CONFIDENCE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clusters:
    """How bad attempts come together."""

    effect: float = 1.0  #: by how much fewer attempts count than there were
    lasts_s: float = 1.0  #: how long what makes them bad lasts, about; 1: a second, or less
    seconds: int = 0  #: of the run

    @property
    def needed_s(self) -> int:
        """How long a run must last so that ten stretches of it are independent."""
        return ceil(LEAST_STRETCHES * _LENGTHS * (self.lasts_s - 1))

    @property
    def is_too_short(self) -> bool:
        """Whether the run does not last so long: it shows a few clusters, and may show them by chance."""
        return self.seconds < self.needed_s


def find_clusters(bad: Sequence[float], total: Sequence[float]) -> Clusters:
    """Return how bad attempts come together, from both counts of each second; the effect is never less than 1.

    With one bad attempt at most, and in fewer than ten seconds, nothing shows.
    """
    seconds = len(bad)
    bad_of, total_of = np.asarray(bad, dtype=np.float64), np.asarray(total, dtype=np.float64)
    share = float(bad_of.sum()) / max(float(total_of.sum()), 1.0)
    if seconds < LEAST_STRETCHES or bad_of.sum() <= 1 or share >= 1:
        return Clusters(seconds=seconds)
    lasts_s = _lasts_s(bad_of - share * total_of)
    usual = min(max(seconds // _LONG_S, LEAST_STRETCHES), _MOST_STRETCHES)
    long = int(seconds / (_LENGTHS * (lasts_s - 1))) if lasts_s > 1 else usual
    counts = {usual, min(max(long, _FEWEST), usual)}
    effect = max(_effect(bad_of, total_of, count, lasts_s) for count in counts)
    return Clusters(effect=effect, lasts_s=lasts_s, seconds=seconds)


def _effect(bad: Counts, total: Counts, stretches: int, lasts_s: float) -> float:
    bad_sums, sums = _stretches(bad, stretches), _stretches(total, stretches)
    n = float(sums.sum())
    share = float(bad_sums.sum()) / n
    independent = share * (1 - share) / n
    variance = stretches / (stretches - 1) * float(((bad_sums - share * sums) ** 2).sum()) / n**2
    if lasts_s <= 1 and variance <= independent:
        return 1.0  # nothing speaks for clusters
    missed = min((lasts_s - 1) * stretches / (2 * len(bad)), _MOST_MISSED)
    return max(variance / independent * _enlargement(stretches) / (1 - missed), 1.0)


def _lasts_s(rest: Counts) -> float:
    """Return how long a second's being worse or better than the run lasts, no longer than a third of the run."""
    seconds = len(rest)
    square, neighbours = float(rest @ rest), float(rest[1:] @ rest[:-1])
    if square <= 0 or neighbours / square <= _NO_CHANCE / sqrt(seconds) - 1 / seconds:
        return 1.0
    found = 2.0
    for apart in range(2, seconds):
        covariance = float(rest[apart:] @ rest[:-apart])
        if covariance <= 0 or found >= seconds / _FEWEST:
            break
        found += 2 * covariance / neighbours
    return found


def _enlargement(stretches: int) -> float:
    return (t_quantile(CONFIDENCE, stretches - 1) / NormalDist().inv_cdf(CONFIDENCE)) ** 2


def _stretches(values: Counts, count: int) -> Counts:
    sums: Counts = np.add.reduceat(values, np.arange(count) * len(values) // count)
    return sums
