"""The current result against a baseline that was put aside.

A machine is not the same from one day to the next, so how many sessions are behind the baseline decides what may be
said. Without any, as in the older formats, nobody knows how much runs differ: the plain rule
(current - baseline) / baseline > tolerance decides, and what it decides is marked unconfirmed. With one or two, what
is beyond the tolerance must also be beyond the doubt of the runs and 2.6 times a spread of 3 % between sessions. With
three or more the sessions themselves show their spread, and a canary, a piece of work that never changes, tells
whether the ground has moved (`comparison/canary.py`).
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from math import inf, isfinite, log, log1p
from typing import TYPE_CHECKING, Final

from perfengine.comparison.canary import canary_notes
from perfengine.comparison.figures import METRICS, direction_of, figure, is_ratio, merge_samples
from perfengine.comparison.rows import Thresholds
from perfengine.comparison.sides import Ground, compare_sides, side_of
from perfengine.model.comparison import Answer, Effect, MetricComparison, OperationComparison, Presence
from perfengine.model.requirement import Metric

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from perfengine.model.canary import CanaryShift
    from perfengine.model.comparison import CompareRule, ResultSample, Side, StoredBaseline, StoredOperation
    from perfengine.model.fingerprint import Subject

DEFAULT_TOLERANCE: Final = 0.10
#: What decides the exit code when nobody says otherwise: the older formats know no other.
GATING: Final = frozenset({Metric.MEAN})


def tolerance_for(command_line: float | None, operation: float | None, file: float | None) -> float:
    """Return the tolerance as a fraction: that of the command line, the operation, the file, or 0.10."""
    given = (value for value in (command_line, operation, file) if value is not None)
    return next(given, DEFAULT_TOLERANCE)


def compare_with_baseline(
    baseline: StoredBaseline,
    current: Sequence[ResultSample],
    rule: CompareRule,
    *,
    tolerance: float | None = None,
    gating: Collection[Metric] = GATING,
    canary: CanaryShift | None = None,
    subjects: Collection[Subject] = (),
    force: bool = False,
) -> tuple[OperationComparison, ...]:
    """Return every operation of the baseline, then those that it does not know.

    `tolerance` is that of the command line, `canary` its shift since then. The result then goes through
    `families.apply_families`.
    """
    ground = Ground(gating=gating, canary=canary, subjects=subjects, force=force)
    known = {stored.name for stored in baseline.operations}
    new = dict.fromkeys(
        sample.name for run in current for sample in run.operations if sample.name not in known
    )
    compared = (
        _compare(
            stored,
            side_of(current, stored.name),
            rule,
            tolerance_for(tolerance, stored.tolerance, baseline.tolerance),
            ground,
        )
        for stored in baseline.operations
    )
    return (*compared, *(OperationComparison(name=name, presence=Presence.NEW) for name in new))


def _compare(
    stored: StoredOperation,
    current: Side,
    rule: CompareRule,
    tolerance: float,
    ground: Ground,
) -> OperationComparison:
    if not current:
        return OperationComparison(name=stored.name, presence=Presence.MISSING)
    if not stored.sessions:
        return OperationComparison(
            name=stored.name, metrics=tuple(_plain(stored, current, tolerance, ground))
        )
    own = replace(rule, practical=log1p(tolerance))
    return compare_sides(stored.name, stored.sessions, current, partial(_thresholds, own), own, ground)


def _thresholds(rule: CompareRule, metric: Metric) -> Thresholds:
    allowed = rule.practical if is_ratio(metric) else rule.practical_share
    return Thresholds(change=allowed, same=allowed)


def _plain(
    stored: StoredOperation, current: Side, tolerance: float, ground: Ground
) -> Iterator[MetricComparison]:
    merged = merge_samples([run for session in current for run in session])
    notes = tuple(canary_notes(ground.canary, 0))
    for metric in METRICS:
        if metric in stored.figures and is_ratio(metric):
            values = stored.figures[metric], figure(merged, metric)
            row = _plain_row(metric, *values, tolerance, is_gating=metric in ground.gating)
            yield replace(row, notes=notes)


def _plain_row(
    metric: Metric, before: float, after: float | None, tolerance: float, *, is_gating: bool
) -> MetricComparison:
    row = MetricComparison(
        metric=metric, answer=Answer.INCONCLUSIVE, before=before, after=after, is_gating=is_gating
    )
    if not (isfinite(before) and before > 0):
        return replace(row, answer=Answer.NOT_COMPARABLE, reason="the baseline is not above 0")
    if not after:
        return replace(row, reason="no attempt was ok")
    shift = log(after / before)
    beyond = _degradation(metric, before, after) > tolerance
    return replace(
        row,
        effect=Effect(shift=shift, lower=-inf, upper=inf),
        direction=direction_of(metric, shift) if shift else None,
        is_unconfirmed=beyond,
        fails=is_gating and beyond,
        reason="the baseline does not say how much runs differ",
    )


def _degradation(metric: Metric, before: float, after: float) -> float:
    change = (after - before) / before
    return -change if metric is Metric.THROUGHPUT else change
