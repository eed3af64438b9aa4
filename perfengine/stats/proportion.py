"""What a count of bad attempts says about the share behind it: exact one-sided bounds at 95 %.

Source: C. J. Clopper and E. S. Pearson, "The use of confidence or fiducial limits illustrated in the case of the
binomial", Biometrika 26 (1934) 404-413, in the beta form of e.g. L. D. Brown, T. T. Cai and A. DasGupta, "Interval
estimation for a binomial proportion", Statistical Science 16 (2001) 101-133. With no bad attempt, and with nothing
else, the bounds are powers: 1 - 0.05^(1/n) and 0.05^(1/n).

The bounds hold for independent attempts; stalls come in clusters, and then the truth is less certain than they say.
"""

from __future__ import annotations

from math import expm1, log
from typing import Final

from perfengine.stats.samples import CONFIDENCE

_DOUBT: Final = 1 - CONFIDENCE


def upper_bound(bad: int, total: int) -> float:
    """Return what the true share of bad attempts does not exceed, at 95 % confidence; 1 without attempts."""
    if bad >= total:
        return 1.0
    if not bad:
        return -expm1(log(_DOUBT) / total)
    return _beta_quantile(bad + 1, total - bad, CONFIDENCE)


def lower_bound(bad: int, total: int) -> float:
    """Return what the true share of bad attempts does not fall below, at 95 % confidence; 0 without any."""
    if not bad:
        return 0.0
    if bad >= total:
        return float(_DOUBT ** (1 / total))
    return _beta_quantile(bad, total - bad + 1, _DOUBT)


def attempts_to_prove(bad: int, budget: float) -> int | None:
    """Return the fewest attempts, `bad` of them bad, that prove a share within `budget`; None when nothing can.

    With no bad attempt a budget of 0.001 takes 2995.
    """
    if budget <= 0:
        return None
    proven = max(bad, 1)
    while upper_bound(bad, proven) > budget:
        proven *= 2
    unproven = max(proven // 2, bad)
    while proven - unproven > 1:
        middle = (proven + unproven) // 2
        if upper_bound(bad, middle) > budget:
            unproven = middle
        else:
            proven = middle
    return proven


def _beta_quantile(a: float, b: float, probability: float) -> float:
    from scipy.special import betaincinv  # noqa: PLC0415 - 0.3 s to import, and a clean run needs no beta function

    return float(betaincinv(a, b, probability))
