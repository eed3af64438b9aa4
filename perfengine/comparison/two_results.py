"""Two results, or two sets of results, operation by operation."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from perfengine.comparison.figures import is_ratio
from perfengine.comparison.rows import Thresholds
from perfengine.comparison.sides import Ground, compare_sides, side_of
from perfengine.model.comparison import OperationComparison, Presence
from perfengine.model.requirement import Metric

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from perfengine.model.canary import CanaryShift
    from perfengine.model.comparison import CompareRule, ResultSample, Side
    from perfengine.model.fingerprint import Subject

#: What decides the exit code when nobody says otherwise.
GATING: Final = frozenset({Metric.MEAN, Metric.P95})


def compare_results(
    before: Sequence[ResultSample],
    after: Sequence[ResultSample],
    rule: CompareRule,
    *,
    gating: Collection[Metric] = GATING,
    canary: CanaryShift | None = None,
    subjects: Collection[Subject] = (),
    force: bool = False,
) -> tuple[OperationComparison, ...]:
    """Return every operation of either side, those of A first; with `force` also what is not comparable.

    `subjects` are under test and may differ, `canary` its shift between the two. The result then goes through
    `families.apply_families`.
    """
    ground = Ground(gating=gating, canary=canary, subjects=subjects, force=force)
    names = dict.fromkeys(sample.name for run in (*before, *after) for sample in run.operations)
    return tuple(_compare(name, side_of(before, name), side_of(after, name), rule, ground) for name in names)


def _compare(name: str, before: Side, after: Side, rule: CompareRule, ground: Ground) -> OperationComparison:
    if not before or not after:
        return OperationComparison(name=name, presence=Presence.MISSING if before else Presence.NEW)
    return compare_sides(name, before, after, partial(_thresholds, rule), rule, ground)


def _thresholds(rule: CompareRule, metric: Metric) -> Thresholds:
    practical = rule.practical if is_ratio(metric) else rule.practical_share
    return Thresholds(change=practical / 2, same=practical)
