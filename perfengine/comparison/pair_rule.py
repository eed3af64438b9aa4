"""The rule of the paired comparison, on differences alone: how many pairs, what they say, whether it stays.

Ten pairs first, then two more while the 99 % interval of their mean is wider than half of the change that matters.
The stop looks at the width alone: looking at the estimate, or at a p value, would end on the first lucky pair. With
the mean m, its half width h, the change that matters delta = ln 1.05 and gamma = delta / 2:

    CHANGE          |m| > h and |m| > gamma
    SAME            else, h <= gamma; then |m| + h <= delta: the interval lies within +-delta
    INCONCLUSIVE    else

Sources: the t interval of paired differences (Student, 1908); intervals as proof of sameness: D. J. Schuirmann,
J. Pharmacokinet. Biopharm. 15 (1987) 657-680; stopping on width: Y. S. Chow and H. Robbins, "On the asymptotic theory
of fixed-width sequential confidence intervals for the mean", Ann. Math. Statist. 36 (1965) 457-462; log ratios of
interleaved runs: T. Kalibera and R. Jones, "Quantifying performance changes with effect size confidence intervals"
(2012, arXiv 2007.10899).
"""

from __future__ import annotations

from math import ceil, fsum
from typing import TYPE_CHECKING, Final

from perfengine.model.comparison import Answer, CompareRule
from perfengine.stats.student import Estimate, estimate_mean, t_quantile, two_sided

if TYPE_CHECKING:
    from collections.abc import Sequence

#: The smallest change that is spoken of would be found in so many of 100 comparisons.
POWER: Final = 0.90


def pairs_to_add(differences: Sequence[float], practical: float, rule: CompareRule) -> int:
    """Return how many pairs are still to be measured, 0 when these suffice or are as many as allowed."""
    n = len(differences)
    if n < rule.pairs_least:
        return rule.pairs_least - n
    if estimate_mean(differences).half_width(rule.confidence) <= practical / 2:
        return 0
    return max(0, min(rule.pairs_step, rule.pairs_most - n))


def answer_of(mean: Estimate, practical: float, confidence: float) -> Answer:
    """Return what the mean of the differences says of a change that matters from `practical` on."""
    half_width, gamma = mean.half_width(confidence), practical / 2
    if abs(mean.value) > max(half_width, gamma):
        return Answer.CHANGE
    return Answer.SAME if half_width <= gamma else Answer.INCONCLUSIVE


def stays(first: Sequence[float], again: Sequence[float], rule: CompareRule) -> bool:
    """Return whether fresh differences confirm a change: the same sign, and all together still exclude 0."""
    pooled = estimate_mean((*first, *again))
    is_same_sign = (fsum(first) > 0) is (fsum(again) > 0)
    return is_same_sign and abs(pooled.value) > pooled.half_width(rule.confidence)


def smallest_shift(error: float, df: float, confidence: float) -> float:
    """Return the smallest shift that such data show in nine of ten cases: (t(.995) + t(.90)) se."""
    return (two_sided(confidence, df) + t_quantile(POWER, df)) * error


def pairs_needed(mean: Estimate, practical: float, confidence: float) -> int:
    """Return how many more pairs make the interval narrow enough, at the spread seen: (t sd / gamma)^2 in all."""
    n = int(mean.df) + 1
    return max(1, ceil(n * (mean.half_width(confidence) / (practical / 2)) ** 2) - n)
