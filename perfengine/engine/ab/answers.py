"""What the pairs of a unit say: rows compared, changes held against fresh pairs, a busy generator heeded. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from perfengine.comparison.paired import compare_pairs, confirm
from perfengine.metrics.summary import SATURATED_SHARE
from perfengine.model.comparison import Answer, OperationComparison

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping, Sequence

    from perfengine.comparison.paired import Pair
    from perfengine.model.comparison import CompareRule, MetricComparison
    from perfengine.model.requirement import Metric

#: The first pairs of a row, and the fresh ones that a change was held against.
Rows = dict[str, tuple[list["Pair"], list["Pair"]]]


def answers_of(
    rows: Rows,
    rule: CompareRule,
    *,
    gating: Mapping[str, frozenset[Metric]],
    seed: int,
    share: float,
    only: Container[str] | None = None,
) -> tuple[OperationComparison, ...]:
    """Return the rows compared, before they are judged as families.

    `share` is the generator's: one without a moment to spare hides what the server does.
    """
    found = []
    for name, (first, fresh) in rows.items():
        if only is not None and name not in only:
            continue
        metrics = compare_pairs(first, rule, gating=gating.get(name, frozenset()), seed=seed)
        if only is None:
            metrics = _held(metrics, first, fresh, rule, seed)
            metrics = tuple(_doubted(row, share) for row in metrics)
        found.append(OperationComparison(name=name, metrics=metrics))
    return tuple(found)


def changes(operations: Iterable[OperationComparison]) -> bool:
    """Return whether a metric that decides has changed."""
    return any(row.is_gating and row.answer is Answer.CHANGE for one in operations for row in one.metrics)


def _held(
    metrics: tuple[MetricComparison, ...],
    first: Sequence[Pair],
    fresh: Sequence[Pair],
    rule: CompareRule,
    seed: int,
) -> tuple[MetricComparison, ...]:
    if len(fresh) >= rule.pairs_least:
        return confirm(metrics, first, fresh, rule, seed=seed)
    return tuple(_unheld(row) if row.is_gating and row.answer is Answer.CHANGE else row for row in metrics)


def _unheld(row: MetricComparison) -> MetricComparison:
    reason = "it ended before fresh pairs could confirm the change"
    return replace(row, answer=Answer.INCONCLUSIVE, fails=False, reason=reason)


def _doubted(row: MetricComparison, share: float) -> MetricComparison:
    if row.answer is not Answer.SAME or share <= SATURATED_SHARE:
        return row
    reason = "the load generator was the bottleneck: a change of the server would not show"
    return replace(row, answer=Answer.INCONCLUSIVE, reason=reason)
