"""From two sides to an effect: whatever can be said of a metric in A and in B, by the best witness there is.

Sessions are the witnesses. From three of them on, on either side, their means are compared by Welch's t. Fewer
cannot show how much sessions differ, so their spread is taken to be 3 %, and 2.6 times that (the 99 % of a normal
distribution) is added to the doubt: of the runs, by Welch's t, or within the runs where there is one on each side. A
few runs are helped by what each knows of itself (`comparison/few_runs.py`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import fsum, inf, sqrt
from statistics import NormalDist
from typing import TYPE_CHECKING, Final

from perfengine.comparison.few_runs import RUN_DF, help_few
from perfengine.comparison.figures import (
    is_ratio,
    merge_samples,
    missing,
    samples_of,
    scaled_figures,
    unscaled,
)
from perfengine.comparison.pair_rule import POWER, smallest_shift
from perfengine.comparison.within import bounds_within
from perfengine.model.comparison import Effect
from perfengine.stats.bounds import bounded_difference, bounded_share
from perfengine.stats.student import t_tails
from perfengine.stats.welch import difference_of_means

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfengine.model.comparison import CompareRule, OperationSample, Side
    from perfengine.model.requirement import Metric
    from perfengine.stats.student import Estimate

#: So many sessions on one side show how much sessions differ.
ENOUGH_SESSIONS: Final = 3
#: The spread of a metric between sessions, as a log ratio, where it is not known: 3 %.
SESSION_SPREAD: Final = 0.03
#: 99 % of a normal distribution lie within so many of its standard deviations.
SESSION_REACH: Final = 2.6


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An effect with what is needed to judge it."""

    effect: Effect
    unit: str  #: what was counted: "sessions", "runs" or "attempts"
    evidence: tuple[int, int]
    values: tuple[float, float] = (0.0, 0.0)  #: of A and B: means of units, of ratios geometric ones
    margin: float = 0.0  #: the part of the half width that is not measured but assumed
    spread: float = 0.0  #: of the difference of one unit on each side
    p_value: float | None = None
    smallest: float = inf  #: as a shift
    remembers: bool = False
    is_brief: bool = False


def find_effect(before: Side, after: Side, metric: Metric, rule: CompareRule) -> Found | str:
    """Return the effect, or why there is none: the clause of the first run that does not show the metric."""
    runs = [tuple(run for session in side for run in session) for side in (before, after)]
    for run in (*runs[0], *runs[1]):
        if why := missing(run, metric):
            return why
    by_session = max(len(before), len(after)) >= ENOUGH_SESSIONS
    units = [_units(side, metric, by_session=by_session) for side in (before, after)]
    counts = len(units[0]), len(units[1])
    estimate = difference_of_means(*units)
    margin = SESSION_REACH * SESSION_SPREAD if is_ratio(metric) and not by_session else 0.0
    if estimate is None:
        found = _within(runs[0][0], runs[1][0], metric, rule, margin)
    elif margin and estimate.df < RUN_DF:
        helped, known = help_few(estimate, runs, metric, rule.confidence)
        found = replace(
            _between(helped, counts, rule, margin),
            remembers=any(each.remembers for each in known),
            is_brief=any(each.is_brief for each in known),
        )
    else:
        found = _between(estimate, counts, rule, margin, unit="sessions" if by_session else "runs")
        if not is_ratio(metric):
            found = _not_surer_than_attempts(found, runs, rule)
    before_value, after_value = (unscaled(metric, fsum(side) / len(side)) for side in units)
    return replace(found, values=(before_value, after_value))


def center(side: Side, metric: Metric) -> float | None:
    """Return the metric of a side: the mean over sessions of their runs' mean; of ratios the geometric one."""
    values = [value for session in side if (value := _session_mean(session, metric)) is not None]
    return unscaled(metric, fsum(values) / len(values)) if values else None


def _units(side: Side, metric: Metric, *, by_session: bool) -> tuple[float, ...]:
    if by_session:
        return tuple(value for session in side if (value := _session_mean(session, metric)) is not None)
    return scaled_figures((run for session in side for run in session), metric)


def _session_mean(session: tuple[OperationSample, ...], metric: Metric) -> float | None:
    values = scaled_figures(session, metric)
    return fsum(values) / len(values) if values else None


def _between(
    estimate: Estimate, counts: tuple[int, int], rule: CompareRule, margin: float, unit: str = "runs"
) -> Found:
    reach = estimate.half_width(rule.confidence) + margin
    measured = estimate.error * sqrt(2 / (1 / counts[0] + 1 / counts[1]))
    return Found(
        effect=Effect(shift=estimate.value, lower=estimate.value - reach, upper=estimate.value + reach),
        unit=unit,
        evidence=counts,
        margin=margin,
        spread=max(measured, SESSION_SPREAD) if margin else measured,
        p_value=_p_beyond(estimate.value, estimate.error, estimate.df, margin),
        smallest=margin + smallest_shift(estimate.error, estimate.df, rule.confidence),
    )


def _not_surer_than_attempts(
    found: Found, runs: Sequence[Sequence[OperationSample]], rule: CompareRule
) -> Found:
    """Return the effect on an error rate, no narrower than the attempts of all runs together allow.

    Runs without a single bad attempt do not differ at all, and yet do not prove that none is ever bad.
    """
    pooled = [merge_samples(side) for side in runs]
    shares = [bounded_share(side.bad, side.ok + side.bad, 1.0, rule.confidence) for side in pooled]
    by_attempts, effect = bounded_difference(*shares), found.effect
    return replace(
        found,
        effect=Effect(
            shift=effect.shift,
            lower=min(effect.lower, by_attempts.lower),
            upper=max(effect.upper, by_attempts.upper),
            is_ratio=False,
        ),
    )


def _within(
    before: OperationSample, after: OperationSample, metric: Metric, rule: CompareRule, margin: float
) -> Found:
    sides = [bounds_within(sample, metric, rule.confidence) for sample in (before, after)]
    moved = bounded_difference(sides[0].bounded, sides[1].bounded)
    near = moved.value - moved.lower if moved.value > 0 else moved.upper - moved.value
    reach = NormalDist().inv_cdf((1 + rule.confidence) / 2)
    error = near / reach
    return Found(
        effect=Effect(
            shift=moved.value,
            lower=moved.lower - margin,
            upper=moved.upper + margin,
            is_ratio=is_ratio(metric),
        ),
        unit="attempts",
        evidence=(samples_of(before, metric), samples_of(after, metric)),
        margin=margin,
        spread=SESSION_SPREAD if margin else error,
        p_value=_p_beyond(moved.value, error, inf, margin),
        smallest=margin + near * (1 + NormalDist().inv_cdf(POWER) / reach),
        remembers=any(side.remembers for side in sides),
        is_brief=any(side.is_brief for side in sides),
    )


def _p_beyond(shift: float, error: float, df: float, margin: float) -> float:
    """Return how likely so large a shift is when the truth is `margin`, or 0 without one."""
    beyond = max(abs(shift) - margin, 0.0)
    if error in {0.0, inf}:
        return 0.0 if beyond and not error else 1.0
    if df == inf:
        return 2 * NormalDist().cdf(-beyond / error)
    return t_tails(beyond / error, df)
