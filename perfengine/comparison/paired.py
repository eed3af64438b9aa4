"""The paired comparison: two arms that take turns, and the log ratios of their pairs, metric by metric."""

from __future__ import annotations

from dataclasses import replace
from math import fsum
from typing import TYPE_CHECKING

from perfengine.comparison.figures import METRICS, direction_of, is_ratio, missing, scaled_figures, unscaled
from perfengine.comparison.pair_rule import answer_of, pairs_needed, pairs_to_add, smallest_shift, stays
from perfengine.model.comparison import (
    Answer,
    CompareRule,
    Direction,
    Effect,
    MetricComparison,
    OperationSample,
    PairedFigures,
)
from perfengine.stats.sign_flip import sign_flip_p
from perfengine.stats.student import Estimate, estimate_mean
from perfengine.stats.trimmed import estimate_trimmed_mean

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from perfengine.model.requirement import Metric

Pair = tuple[OperationSample, OperationSample]


def pair_differences(pairs: Sequence[Pair], metric: Metric) -> tuple[float, ...]:
    """Return ln(B / A) of every pair, of error rates B - A; none when an arm of any pair does not show the metric."""
    before, after = (scaled_figures([pair[arm] for pair in pairs], metric) for arm in (0, 1))
    if len(before) < len(pairs) or len(after) < len(pairs):
        return ()
    return tuple(b - a for a, b in zip(before, after, strict=True))


def practical_of(metric: Metric, rule: CompareRule) -> float:
    """Return the change that matters, on the scale of the metric."""
    return rule.practical if is_ratio(metric) else rule.practical_share


def further_pairs(
    operations: Iterable[Sequence[Pair]], rule: CompareRule, *, gating: Collection[Metric]
) -> int:
    """Return how many pairs are still to be measured, for the gating metric that is the least certain.

    A metric that an arm does not show, such as a p99 of few attempts, waits for nothing.
    """
    wanted = [
        pairs_to_add(differences, practical_of(metric, rule), rule)
        for pairs in operations
        for metric in gating
        if (differences := pair_differences(pairs, metric)) or len(pairs) < rule.pairs_least
    ]
    return max(wanted, default=0)


def compare_pairs(
    pairs: Sequence[Pair], rule: CompareRule, *, gating: Collection[Metric], seed: int
) -> tuple[MetricComparison, ...]:
    """Return every metric of one operation in two arms; the seed draws sign flips.

    Comparisons of several operations or metrics then go through `families.apply_families`.
    """
    return tuple(_compare(pairs, metric, rule, is_gating=metric in gating, seed=seed) for metric in METRICS)


def _compare(
    pairs: Sequence[Pair], metric: Metric, rule: CompareRule, *, is_gating: bool, seed: int
) -> MetricComparison:
    differences = pair_differences(pairs, metric)
    before, after = (_center([pair[arm] for pair in pairs], metric) for arm in (0, 1))
    row = MetricComparison(
        metric=metric,
        answer=Answer.INCONCLUSIVE,
        before=before,
        after=after,
        is_gating=is_gating,
        evidence=(len(pairs), len(pairs)),
    )
    if len(differences) < rule.pairs_least:
        return replace(row, reason=_why_not(pairs, metric, rule))
    return _judge(row, differences, practical_of(metric, rule), rule, seed)


def _judge(
    row: MetricComparison, differences: tuple[float, ...], practical: float, rule: CompareRule, seed: int
) -> MetricComparison:
    mean = estimate_mean(differences)
    answer, effect = answer_of(mean, practical, rule.confidence), _effect(mean, row.metric, rule)
    direction = direction_of(row.metric, mean.value) if effect.excludes_zero else None
    figures = PairedFigures(
        differences=differences,
        trimmed=_effect(estimate_trimmed_mean(differences), row.metric, rule),
        randomisation_p=sign_flip_p(differences, seed),
    )
    is_open = answer is Answer.INCONCLUSIVE
    return replace(
        row,
        answer=answer,
        effect=effect,
        direction=direction,
        is_small=effect.excludes_zero and abs(mean.value) <= practical / 2,
        fails=row.is_gating and answer is Answer.CHANGE and direction is Direction.WORSE,
        p_value=mean.p_value,
        smallest=effect.scaled(smallest_shift(mean.error, mean.df, rule.confidence)),
        needed=pairs_needed(mean, practical, rule.confidence) if is_open else None,
        reason="the interval is wider than half of the change that matters" if is_open else "",
        notes=tuple(_notes(mean, figures, rule)),
        paired=figures,
    )


def confirm(
    rows: Sequence[MetricComparison],
    pairs: Sequence[Pair],
    fresh: Sequence[Pair],
    rule: CompareRule,
    *,
    seed: int,
) -> tuple[MetricComparison, ...]:
    """Return the rows with every gating CHANGE held against fresh pairs; the others as they are.

    It stays when the fresh pairs have the same sign and the interval of all pairs together excludes 0. What went away
    is no alarm: SAME when all pairs prove that, else INCONCLUSIVE.
    """
    return tuple(
        _confirmed(row, pairs, fresh, rule, seed) if row.is_gating and row.answer is Answer.CHANGE else row
        for row in rows
    )


def _confirmed(
    row: MetricComparison, pairs: Sequence[Pair], fresh: Sequence[Pair], rule: CompareRule, seed: int
) -> MetricComparison:
    first, again = pair_differences(pairs, row.metric), pair_differences(fresh, row.metric)
    pooled = _compare((*pairs, *fresh), row.metric, rule, is_gating=True, seed=seed)
    if pooled.paired is None or pooled.effect is None:
        return replace(row, answer=Answer.INCONCLUSIVE, fails=False, reason=pooled.reason)
    figures = replace(pooled.paired, confirmed=stays(first, again, rule))
    if figures.confirmed:
        fails = row.direction is Direction.WORSE
        return replace(pooled, answer=Answer.CHANGE, reason="", needed=None, fails=fails, paired=figures)
    is_same = pooled.effect.is_within(practical_of(row.metric, rule))
    return replace(
        pooled,
        answer=Answer.SAME if is_same else Answer.INCONCLUSIVE,
        fails=False,
        reason="" if is_same else "fresh pairs did not show the change again",
        notes=(*pooled.notes, "a change of the first pairs went away in fresh ones"),
        paired=figures,
    )


def _notes(mean: Estimate, figures: PairedFigures, rule: CompareRule) -> Iterable[str]:
    if abs(figures.trimmed.shift - mean.value) > mean.error:
        yield "mean and trimmed mean differ by more than a standard error: a few pairs weigh much"
    doubt = 1 - rule.confidence
    if (mean.p_value < doubt) is not (figures.randomisation_p < doubt):
        yield "heavy tails: sign flips and the t interval disagree"


def _effect(mean: Estimate, metric: Metric, rule: CompareRule) -> Effect:
    half_width = mean.half_width(rule.confidence)
    return Effect(
        shift=mean.value,
        lower=mean.value - half_width,
        upper=mean.value + half_width,
        is_ratio=is_ratio(metric),
    )


def _center(samples: Sequence[OperationSample], metric: Metric) -> float | None:
    values = scaled_figures(samples, metric)
    return unscaled(metric, fsum(values) / len(values)) if values else None


def _why_not(pairs: Sequence[Pair], metric: Metric, rule: CompareRule) -> str:
    if len(pairs) < rule.pairs_least:
        return f"needs {rule.pairs_least} pairs, has {len(pairs)}"
    return (
        next((why for pair in pairs for arm in pair if (why := missing(arm, metric))), "")
        + " in an arm of a pair"
    )
