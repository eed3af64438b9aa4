"""What a count of bad attempts says about the share behind it: exact one-sided bounds at 95 %.

Source: C. J. Clopper and E. S. Pearson, "The use of confidence or fiducial limits illustrated in the case of the
binomial", Biometrika 26 (1934) 404-413, in the beta form of e.g. L. D. Brown, T. T. Cai and A. DasGupta, "Interval
estimation for a binomial proportion", Statistical Science 16 (2001) 101-133. With no bad attempt, and with nothing
else, the bounds are powers: 1 - 0.05^(1/n) and 0.05^(1/n).

The bounds hold for independent attempts. Stalls come in clusters, and then fewer attempts count than there were: the
counts divided by their design effect (see `clusters`), which need not be whole numbers.
"""

from __future__ import annotations

from math import expm1, log
from typing import TYPE_CHECKING, Final

from perfengine.stats.samples import CONFIDENCE

if TYPE_CHECKING:
    from collections.abc import Callable

_DOUBT: Final = 1 - CONFIDENCE
#: More attempts than this are no advice.
_MOST_ATTEMPTS: Final = 10**15


def upper_bound(bad: float, total: float) -> float:
    """Return what the true share of bad attempts does not exceed, at 95 % confidence; 1 without attempts."""
    if bad >= total:
        return 1.0
    if not bad:
        return -expm1(log(_DOUBT) / total)
    return _beta_quantile(bad + 1, total - bad, CONFIDENCE)


def lower_bound(bad: float, total: float) -> float:
    """Return what the true share of bad attempts does not fall below, at 95 % confidence; 0 without any."""
    if not bad:
        return 0.0
    if bad >= total:
        return float(_DOUBT ** (1 / total))
    return _beta_quantile(bad, total - bad + 1, _DOUBT)


def least_whatever_clusters(share: float) -> float:
    """Return what the true share does not fall below, at 95 % confidence, however bad attempts depend on each other.

    Of runs of one kind at most one in twenty shows twenty times the share that they have on average: Markov's
    inequality, e.g. G. Grimmett and D. Stirzaker, "Probability and Random Processes", 3rd ed. (2001), section 7.3.
    The other bound says more, unless bad attempts come in a cluster or two.
    """
    return _DOUBT * share


def attempts_to_prove(bad: int, budget: float, design_effect: float = 1.0) -> int | None:
    """Return the fewest attempts, `bad` of them bad, that prove a share within `budget`; None when nothing can.

    With no bad attempt a budget of 0.001 takes 2995.
    """
    return _fewest(lambda _: bad, max(bad, 1), budget, design_effect) if budget > 0 else None


def attempts_to_prove_share(share: float, budget: float, design_effect: float = 1.0) -> int | None:
    """Return the fewest attempts that prove a share within `budget` when this share of them is bad.

    None when nothing can, or nothing worth trying.
    """
    if share >= budget:
        return None
    return _fewest(lambda total: share * total, 1, budget, design_effect)


def _fewest(bad_of: Callable[[int], float], start: int, budget: float, design_effect: float) -> int | None:
    def proves(total: int) -> bool:
        return upper_bound(bad_of(total) / design_effect, total / design_effect) <= budget

    proven = start
    while not proves(proven):
        proven *= 2
        if proven > _MOST_ATTEMPTS:
            return None
    unproven = proven // 2 if proven > start else start - 1
    while proven - unproven > 1:
        middle = (proven + unproven) // 2
        if proves(middle):
            proven = middle
        else:
            unproven = middle
    return proven


def _beta_quantile(a: float, b: float, probability: float) -> float:
    from scipy.special import betaincinv  # noqa: PLC0415 - 0.3 s to import, and a clean run needs no beta function

    return float(betaincinv(a, b, probability))
