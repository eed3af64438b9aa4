"""The coefficient of variation of a few runs, and what it proves about the one of all runs.

With n runs (n - 1) s^2 / sigma^2 has a chi-square distribution, so sigma lies, at 95 % confidence each, below
s sqrt((n - 1) / chi2(0.05, n - 1)) and above s sqrt((n - 1) / chi2(0.95, n - 1)); the mean is taken as known, which
it is to a fraction of the same s. The first factor is 2.37 for 5 runs and 1.65 for 10.

Source: the textbook interval for a variance, e.g. W. Q. Meeker, G. J. Hahn, L. A. Escobar, "Statistical Intervals",
2nd ed., 2017, chapter 4.
"""

from __future__ import annotations

from functools import lru_cache
from math import sqrt
from typing import Final

from perfengine.stats.samples import CONFIDENCE

#: More runs than this are no advice.
_MOST_RUNS: Final = 1000


def upper_factor(runs: int) -> float:
    """Return by what an observed variation is multiplied to give what the true one does not exceed."""
    return _factor(runs, 1 - CONFIDENCE)


def lower_factor(runs: int) -> float:
    """Return by what an observed variation is multiplied to give what the true one does not fall below."""
    return _factor(runs, CONFIDENCE)


def runs_to_prove(variation: float, limit: float, least: int) -> int | None:
    """Return how many runs, `least` or more, prove a limit on the variation; None: no number worth trying."""
    return next(
        (runs for runs in range(least, _MOST_RUNS + 1) if variation * upper_factor(runs) <= limit), None
    )


@lru_cache(maxsize=4096)
def _factor(runs: int, probability: float) -> float:
    from scipy.special import chdtri  # noqa: PLC0415 - 0.3 s to import, and only comparisons need it

    # chdtri inverts the upper tail
    return sqrt((runs - 1) / float(chdtri(runs - 1, 1 - probability)))
