"""The current result against a baseline that was put aside.

A machine is not the same from one day to the next, so how many sessions are behind the baseline decides what may be
said. Without any, as in the older formats, nobody knows how much runs differ: the plain rule
(current - baseline) / baseline > tolerance decides, and what it decides is marked unconfirmed. With one or two, what
is beyond the tolerance must also be beyond the doubt of the runs and 2.6 times a spread of 3 % between sessions. With
three or more the sessions themselves show their spread. A canary, a piece of work that never changes, tells whether
the ground has moved: unless it is shown to be within 3 % of what it was, nothing is said.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import inf, isfinite, log, log1p
from typing import TYPE_CHECKING, Final

from perfengine.comparison.effects import ENOUGH_SESSIONS
from perfengine.comparison.figures import METRICS, direction_of, figure, is_ratio, merge_samples
from perfengine.comparison.fingerprint import differences_of, is_comparable
from perfengine.comparison.rows import Thresholds, compare_metric
from perfengine.comparison.two_results import not_comparable, side_of
from perfengine.model.comparison import Answer, Effect, MetricComparison, OperationComparison, Presence
from perfengine.model.requirement import Metric

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from perfengine.model.comparison import CompareRule, ResultSample, Side, StoredBaseline, StoredOperation
    from perfengine.model.fingerprint import Subject

DEFAULT_TOLERANCE: Final = 0.10
#: What decides the exit code when nobody says otherwise: the older formats know no other.
GATING: Final = frozenset({Metric.MEAN})

#: The canary must be shown to lie within this, as a log ratio.
CANARY_BAND: Final = log(1.03)
#: A shift of the canary from here on is said.
CANARY_NOTICE: Final = log(1.01)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ground:
    gating: Collection[Metric]
    canary: Effect | None
    subjects: Collection[Subject]
    force: bool


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
    canary: Effect | None = None,
    subjects: Collection[Subject] = (),
    force: bool = False,
) -> tuple[OperationComparison, ...]:
    """Return every operation of the baseline, then those that it does not know.

    `tolerance` is that of the command line, `canary` its shift since then. The result then goes through
    `families.apply_families`.
    """
    ground = _Ground(gating=gating, canary=canary, subjects=subjects, force=force)
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
    ground: _Ground,
) -> OperationComparison:
    if not current:
        return OperationComparison(name=stored.name, presence=Presence.MISSING)
    if not stored.sessions:
        return OperationComparison(
            name=stored.name, metrics=tuple(_plain(stored, current, tolerance, ground.gating))
        )
    differences = differences_of(stored.sessions, current, ground.subjects)
    why = _shifted(ground.canary)
    comparable = is_comparable(differences) and not why
    if not comparable and not ground.force:
        metrics = not_comparable(stored.sessions, current, ground.gating, differences, why)
    else:
        own = replace(rule, practical=log1p(tolerance))
        metrics = tuple(
            _against_sessions(stored.sessions, current, metric, own, ground) for metric in METRICS
        )
    return OperationComparison(
        name=stored.name, differences=differences, forced=ground.force and not comparable, metrics=metrics
    )


def _against_sessions(
    before: Side, after: Side, metric: Metric, rule: CompareRule, ground: _Ground
) -> MetricComparison:
    allowed = rule.practical if is_ratio(metric) else rule.practical_share
    thresholds = Thresholds(change=allowed, same=allowed)
    row = compare_metric(before, after, metric, thresholds, rule, is_gating=metric in ground.gating)
    return replace(row, notes=(*row.notes, *_canary_notes(ground.canary, before)))


def _plain(
    stored: StoredOperation, current: Side, tolerance: float, gating: Collection[Metric]
) -> Iterator[MetricComparison]:
    merged = merge_samples([run for session in current for run in session])
    for metric in METRICS:
        if metric in stored.figures and is_ratio(metric):
            yield _plain_row(
                metric, stored.figures[metric], figure(merged, metric), tolerance, is_gating=metric in gating
            )


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


def _shifted(canary: Effect | None) -> str:
    if canary is None or canary.is_within(CANARY_BAND):
        return ""
    low, high = canary.change_lower, canary.change_upper
    return f"the environment has shifted: the canary changed by {low:+.1%} to {high:+.1%}, 3 % is allowed"


def _canary_notes(canary: Effect | None, before: Side) -> Iterator[str]:
    if canary is None and len(before) >= ENOUGH_SESSIONS:
        yield "no canary: a shift of the environment would look like a change"
    if canary is not None and abs(canary.shift) >= CANARY_NOTICE:
        yield f"the canary shifted by {canary.change:+.1%}"
