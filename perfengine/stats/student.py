"""Student's t: quantiles, tails, and the mean of a handful of independent values with its doubt.

Sources: Student, "The probable error of a mean", Biometrika 6 (1908) 1-25. Tails by the incomplete beta function,
Abramowitz and Stegun, "Handbook of Mathematical Functions" (1964), 26.7.1; of very many degrees of freedom by the
first term of G. W. Hill, "Algorithm 395: Student's t-distribution", Communications of the ACM 13 (1970) 617-619. They
are right to nine digits, and do not take the third of a second that importing scipy.special does.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import erfc, exp, fsum, inf, log, log1p, pi, sqrt
from statistics import NormalDist
from typing import TYPE_CHECKING, Final

from perfengine.stats.beta import log_gamma_half_step, upper_half_beta

if TYPE_CHECKING:
    from collections.abc import Sequence

#: With more degrees of freedom t is the normal distribution to twelve digits.
_AS_GOOD_AS_NORMAL: Final = 1e12
#: With more the beta function loses digits, which are what is left of 1 beside 1 / df.
_MANY: Final = 1e7
_MOST_STEPS: Final = 60
_CLOSE: Final = 1e-14


@lru_cache(maxsize=4096)
def t_quantile(probability: float, df: float) -> float:
    """Return what a t variable with `df` degrees of freedom does not exceed with that probability.

    Raises: ValueError for a probability that is not between 0 and 1, or no degree of freedom.
    """
    if not 0 < probability < 1:
        raise ValueError(f"a probability lies between 0 and 1, got {probability}")
    if probability == 0.5:
        return 0.0
    if probability < 0.5:
        return -_beyond(2 * probability, df)
    return _beyond(2 * (1 - probability), df)


def _beyond(tails: float, df: float) -> float:
    """Return the t beyond which, on both sides together, lies so much: 0.01 and 9 degrees of freedom give 3.25."""
    start = -NormalDist().inv_cdf(tails / 2)
    if df >= _AS_GOOD_AS_NORMAL:
        return start
    # the logarithm of the tails is concave in that of t: Newton's steps come from above, after the first
    at = log(start)
    for _ in range(_MOST_STEPS):
        found = t_tails(exp(at), df)
        step = found * log(found / tails) / (2 * exp(at + _log_density(exp(at), df)))
        at += step
        if abs(step) < _CLOSE:
            break
    return exp(at)


def two_sided(confidence: float, df: float) -> float:
    """Return the quantile that leaves half of the doubt on either side: 3.25 for 99 % and 9 degrees of freedom."""
    return t_quantile((1 + confidence) / 2, df)


def t_tails(t: float, df: float) -> float:
    """Return the probability of a t variable farther from 0 than `t`, on either side.

    Raises: ValueError for no degree of freedom.
    """
    if not df > 0:
        raise ValueError(f"degrees of freedom are above 0, got {df}")
    if abs(t) == inf:
        return 0.0
    if df >= _AS_GOOD_AS_NORMAL:
        return erfc(abs(t) / sqrt(2))
    square = t * t
    if df >= _MANY:
        return erfc(sqrt((df - 0.5) * log1p(square / df) / 2))
    return upper_half_beta(df / 2, square / (df + square), df / (df + square))


def _log_density(t: float, df: float) -> float:
    return log_gamma_half_step(df / 2) - 0.5 * log(df * pi) - (df + 1) / 2 * log1p(t * t / df)


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
