"""Values with bounds, and the bounds of their difference.

Source: the method of variance estimates recovery: G. Y. Zou and A. Donner, "Construction of confidence limits about
effect measures", Statistics in Medicine 27 (2008) 1693-1702. For two shares it is method 10 of R. G. Newcombe,
"Interval estimation for the difference between independent proportions", Statistics in Medicine 17 (1998) 873-890,
whose single intervals are E. B. Wilson's, JASA 22 (1927) 209-212.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot, sqrt
from statistics import NormalDist


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounded:
    """A value between its confidence bounds, which may be infinite."""

    value: float
    lower: float
    upper: float


def bounded_difference(before: Bounded, after: Bounded) -> Bounded:
    """Return after - before with bounds of the same confidence, for two values that are independent."""
    shift = after.value - before.value
    return Bounded(
        value=shift,
        lower=shift - hypot(after.value - after.lower, before.upper - before.value),
        upper=shift + hypot(after.upper - after.value, before.value - before.lower),
    )


def bounded_share(bad: int, total: int, design_effect: float, confidence: float) -> Bounded:
    """Return the share of bad attempts between Wilson's bounds; 0 to 1 without attempts.

    Attempts that fail in clusters tell less: `total / design_effect` of them count.
    """
    if not total:
        return Bounded(value=0.0, lower=0.0, upper=1.0)
    share, n = bad / total, total / design_effect
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    center = (share + z * z / (2 * n)) / (1 + z * z / n)
    reach = z / (1 + z * z / n) * sqrt(share * (1 - share) / n + (z / (2 * n)) ** 2)
    return Bounded(
        value=share, lower=min(max(center - reach, 0.0), share), upper=max(min(center + reach, 1.0), share)
    )
