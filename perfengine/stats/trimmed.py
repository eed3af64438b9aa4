"""The trimmed mean with its doubt: what the middle of the values says when a few are wild.

A fifth of the values is left out at either end; the error comes from the winsorised sample, in which they are
replaced by their nearest neighbours that stay: s_w / ((1 - 2 * 0.2) sqrt(n)), h - 1 degrees of freedom for h values
that stay. Sources: J. W. Tukey and D. H. McLaughlin, Sankhya A 25 (1963) 331-352; the error in the form of
R. R. Wilcox, "Introduction to Robust Estimation and Hypothesis Testing", which says 0.2 however many values that are.
"""

from __future__ import annotations

from math import fsum, sqrt
from typing import TYPE_CHECKING, Final

from perfengine.stats.student import Estimate, sample_deviation

if TYPE_CHECKING:
    from collections.abc import Sequence

TRIMMED_SHARE: Final = 0.2


def estimate_trimmed_mean(values: Sequence[float]) -> Estimate:
    """Return the 20 % trimmed mean of four or more independent values.

    Raises: ValueError for fewer.
    """
    n = len(values)
    if n < 4:
        raise ValueError(f"a trimmed mean needs 4 values, got {n}")
    cut = int(TRIMMED_SHARE * n)
    kept = sorted(values)[cut : n - cut]
    winsorised = [kept[0]] * cut + kept + [kept[-1]] * cut
    error = sample_deviation(winsorised) / ((1 - 2 * TRIMMED_SHARE) * sqrt(n))
    return Estimate(value=fsum(kept) / len(kept), error=error, df=len(kept) - 1)
