"""From an effect to a row: which answer it gives, and what would have to be measured for another one."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, isfinite, log
from statistics import NormalDist
from typing import TYPE_CHECKING, Final

from perfengine.comparison.effects import center, find_effect
from perfengine.comparison.figures import direction_of, is_ratio
from perfengine.model.comparison import Answer, CompareRule, Direction, MetricComparison

if TYPE_CHECKING:
    from perfengine.comparison.effects import Found
    from perfengine.model.comparison import Side
    from perfengine.model.requirement import Metric

#: A run that is too short to know its own noise can only show what no noise is likely to do: a factor of two.
GROSS_RATIO: Final = log(2)
GROSS_SHARE: Final = 0.25

#: More further runs than these are no advice.
_MOST_RUNS: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """A change lies above the first, sameness within the second; both on the scale of the metric."""

    change: float
    same: float


def compare_metric(
    before: Side, after: Side, metric: Metric, thresholds: Thresholds, rule: CompareRule, *, is_gating: bool
) -> MetricComparison:
    """Return one metric of one operation on both sides."""
    found = find_effect(before, after, metric, rule)
    if isinstance(found, str):
        return MetricComparison(
            metric=metric,
            answer=Answer.INCONCLUSIVE,
            before=center(before, metric),
            after=center(after, metric),
            is_gating=is_gating,
            reason=found,
        )
    return _row(found, metric, thresholds, rule, is_gating=is_gating)


def _row(
    found: Found, metric: Metric, thresholds: Thresholds, rule: CompareRule, *, is_gating: bool
) -> MetricComparison:
    effect, least = found.effect, _least_change(found, metric, thresholds)
    answer = _answer(found, thresholds, least)
    direction = direction_of(metric, effect.shift) if effect.excludes_zero else None
    is_open = answer is Answer.INCONCLUSIVE
    return MetricComparison(
        metric=metric,
        answer=answer,
        before=found.values[0],
        after=found.values[1],
        effect=effect,
        direction=direction,
        is_small=effect.excludes_zero and abs(effect.shift) <= thresholds.change,
        is_gating=is_gating,
        fails=is_gating and answer is Answer.CHANGE and direction is Direction.WORSE,
        evidence=found.evidence,
        p_value=found.p_value,
        smallest=effect.scaled(max(found.smallest, least)),
        needed=_needed(found, thresholds, rule) if is_open else None,
        reason=_why_open(found) if is_open else "",
        notes=_notes(found),
    )


def _least_change(found: Found, metric: Metric, thresholds: Thresholds) -> float:
    """Return above which shift a change may be said: of runs that do not know their own noise, a gross one."""
    if not (found.remembers or found.is_brief):
        return thresholds.change
    return max(thresholds.change, GROSS_RATIO if is_ratio(metric) else GROSS_SHARE)


def _answer(found: Found, thresholds: Thresholds, least: float) -> Answer:
    effect = found.effect
    if effect.excludes_zero and abs(effect.shift) > least:
        return Answer.CHANGE
    is_own_noise_known = not (found.remembers or found.is_brief)
    return Answer.SAME if is_own_noise_known and effect.is_within(thresholds.same) else Answer.INCONCLUSIVE


def _needed(found: Found, thresholds: Thresholds, rule: CompareRule) -> int | None:
    """Return how many further units a side make the interval half as wide as what must be shown to be absent."""
    reach = NormalDist().inv_cdf((1 + rule.confidence) / 2) * found.spread
    if not isfinite(reach) or not thresholds.same:
        return None
    wanted = max(ceil((reach / (thresholds.same / 2)) ** 2), 3)
    further = wanted - (0 if found.unit == "attempts" else min(found.evidence))
    return max(further, 1) if further <= _MOST_RUNS else None


def _why_open(found: Found) -> str:
    if found.remembers:
        return "a run must be 20 times as long as what disturbs it, and is not"
    if found.is_brief:
        return "runs of less than 20 s do not show their own noise: it takes longer ones, or three on a side"
    return "the interval reaches beyond what matters"


def _notes(found: Found) -> tuple[str, ...]:
    notes = []
    if found.margin:
        notes.append("the spread between sessions is not known and taken to be 3 %")
    if found.is_brief:
        notes.append("too short to see how long a disturbance lasts; it is taken to be over in no time")
    return tuple(notes)
