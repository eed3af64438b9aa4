"""Whether runs differ by less than what is allowed: "less than 10 % variance between runs", proven or not.

Variance is taken to mean the coefficient of variation of a figure over the runs, standard deviation over mean. A few
runs show it badly: five that differ by 5 % may come from a machine whose runs differ by 12 %. So PASS when its upper
bound is within the limit, FAIL when its lower bound is above it, each at 95 % confidence, else UNPROVEN with the
number of runs that would do. Of five runs a variation up to 4.2 % proves 10 %, of ten one up to 6.1 %.
"""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING, Final

from perfengine.model.stability import Outlier, OutlierLabel, Stability
from perfengine.model.verdict import Verdict
from perfengine.stats.student import sample_deviation
from perfengine.stats.tukey import EXTREME, MILD, distances
from perfengine.stats.variation import lower_factor, runs_to_prove, upper_factor

if TYPE_CHECKING:
    from collections.abc import Sequence

LEAST_RUNS: Final = 5
DEFAULT_RUNS: Final = 7
DEFAULT_LIMIT: Final = 0.10


def judge_stability(values: Sequence[float], limit: float = DEFAULT_LIMIT) -> Stability:
    """Return how much a figure, above 0 and one a run, differs between runs."""
    runs = len(values)
    if runs < 2:
        return Stability(
            verdict=Verdict.UNPROVEN,
            runs=runs,
            limit=limit,
            variation=None,
            variation_lower=None,
            variation_upper=None,
            spread=None,
            detail=f"needs {LEAST_RUNS} runs, has {runs}",
        )
    variation = sample_deviation(values) / (sum(values) / runs)
    lower, upper = variation * lower_factor(runs), variation * upper_factor(runs)
    verdict, needed = _verdict(runs, lower, upper, limit), runs_to_prove(variation, limit, LEAST_RUNS)
    return Stability(
        verdict=verdict,
        runs=runs,
        limit=limit,
        variation=variation,
        variation_lower=lower,
        variation_upper=upper,
        spread=(max(values) - min(values)) / median(values),
        needed=needed,
        detail=_missing(runs, needed) if verdict is Verdict.UNPROVEN else "",
    )


def label_outliers(values: Sequence[float]) -> tuple[Outlier, ...]:
    """Return the values that lie far from the middle half, by Tukey's fences. All of them stay in every figure."""
    return tuple(
        Outlier(
            place=place,
            value=values[place],
            label=OutlierLabel.EXTREME if distance > EXTREME else OutlierLabel.MILD,
        )
        for place, distance in enumerate(distances(values))
        if distance > MILD
    )


def _verdict(runs: int, lower: float, upper: float, limit: float) -> Verdict:
    if runs < LEAST_RUNS:
        return Verdict.UNPROVEN
    if upper <= limit:
        return Verdict.PASS
    return Verdict.FAIL if lower > limit else Verdict.UNPROVEN


def _missing(runs: int, needed: int | None) -> str:
    if needed is None:
        return "no number of runs proves the limit at this variation"
    return f"needs {max(needed, LEAST_RUNS)} runs at this variation, has {runs}"
