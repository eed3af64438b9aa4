"""The difference of two means of independent values whose spreads need not be equal.

Source: B. L. Welch, "The generalization of Student's problem when several different population variances are
involved", Biometrika 34 (1947) 28-35, with the degrees of freedom of Satterthwaite (1946). Where one side has a
single value its spread is taken to be that of the other side, which gives the t prediction interval for one new
value: s sqrt(1 + 1/n), n - 1 degrees of freedom (e.g. W. Q. Meeker, G. J. Hahn, L. A. Escobar, "Statistical
Intervals", 2nd ed., 2017, chapter 4).
"""

from __future__ import annotations

from math import fsum, inf, sqrt
from typing import TYPE_CHECKING

from perfengine.stats.student import Estimate, sample_deviation

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def weighted_sum(parts: Iterable[tuple[float, Estimate]]) -> Estimate:
    """Return the sum of independent estimates, each times its weight."""
    terms = [(weight * each.value, (weight * each.error) ** 2, each.df) for weight, each in parts]
    total = fsum(variance for _, variance, _ in terms)
    doubt = fsum(variance**2 / df for _, variance, df in terms)
    return Estimate(
        value=fsum(value for value, _, _ in terms), error=sqrt(total), df=total**2 / doubt if doubt else inf
    )


def difference_of_means(before: Sequence[float], after: Sequence[float]) -> Estimate | None:
    """Return mean(after) - mean(before); None when neither side has two values."""
    if len(before) < 2 and len(after) < 2:
        return None
    shift = fsum(after) / len(after) - fsum(before) / len(before)
    if min(len(before), len(after)) < 2:
        return _of_one(shift, max(before, after, key=len))
    parts = [sample_deviation(side) ** 2 / len(side) for side in (before, after)]
    return Estimate(value=shift, error=sqrt(fsum(parts)), df=_degrees(parts, (len(before), len(after))))


def _of_one(shift: float, several: Sequence[float]) -> Estimate:
    n = len(several)
    return Estimate(value=shift, error=sample_deviation(several) * sqrt(1 + 1 / n), df=n - 1)


def _degrees(parts: Sequence[float], counts: Sequence[int]) -> float:
    total = fsum(parts)
    if not total:
        return sum(counts) - 2
    return 1 / fsum((part / total) ** 2 / (n - 1) for part, n in zip(parts, counts, strict=True))
