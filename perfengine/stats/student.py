"""Student's t: quantiles, tails, and the mean of a handful of independent values with its doubt.

Source: Student, "The probable error of a mean", Biometrika 6 (1908) 1-25. Values and tails from scipy.special's
`stdtrit` and `stdtr`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import fsum, inf, sqrt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@lru_cache(maxsize=4096)
def t_quantile(probability: float, df: float) -> float:
    """Return what a t variable with `df` degrees of freedom does not exceed with that probability."""
    from scipy.special import stdtrit  # noqa: PLC0415 - 0.3 s to import, and only comparisons need it

    return float(stdtrit(df, probability))


def two_sided(confidence: float, df: float) -> float:
    """Return the quantile that leaves half of the doubt on either side: 3.25 for 99 % and 9 degrees of freedom."""
    return t_quantile((1 + confidence) / 2, df)


def t_tails(t: float, df: float) -> float:
    """Return the probability of a t variable farther from 0 than `t`, on either side."""
    if abs(t) == inf:
        return 0.0
    from scipy.special import stdtr  # noqa: PLC0415 - see above

    return float(2 * stdtr(df, -abs(t)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A value with its standard error and the degrees of freedom that are behind it."""

    value: float
    error: float
    df: float

    def half_width(self, confidence: float) -> float:
        """Return how far the bounds of the two-sided interval are from the value."""
        return two_sided(confidence, self.df) * self.error

    @property
    def p_value(self) -> float:
        """The probability of a value so far from 0 when the truth is 0."""
        if not self.error:
            return 0.0 if self.value else 1.0
        return t_tails(self.value / self.error, self.df)


def sample_deviation(values: Sequence[float]) -> float:
    """Return the standard deviation of the sample (n - 1).

    Raises: ZeroDivisionError for fewer than two values.
    """
    center = fsum(values) / len(values)
    return sqrt(fsum((value - center) ** 2 for value in values) / (len(values) - 1))


def estimate_mean(values: Sequence[float]) -> Estimate:
    """Return the mean of two or more independent values.

    Raises: ZeroDivisionError for fewer.
    """
    n = len(values)
    return Estimate(value=fsum(values) / n, error=sample_deviation(values) / sqrt(n), df=n - 1)
