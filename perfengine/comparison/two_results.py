"""Two results, or two sets of results, operation by operation."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from perfengine.comparison.canary import canary_notes, why_withheld
from perfengine.comparison.effects import center
from perfengine.comparison.figures import METRICS, is_ratio
from perfengine.comparison.fingerprint import differences_of, is_comparable
from perfengine.comparison.rows import Thresholds, compare_metric
from perfengine.model.comparison import Answer, MetricComparison, OperationComparison, Presence
from perfengine.model.fingerprint import FieldClass
from perfengine.model.requirement import Metric

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from perfengine.model.canary import CanaryShift
    from perfengine.model.comparison import CompareRule, ResultSample, Side
    from perfengine.model.fingerprint import FieldDifference, Subject

#: What decides the exit code when nobody says otherwise.
GATING: Final = frozenset({Metric.MEAN, Metric.P95})


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """On what two sides stand, and what may differ of it."""

    gating: Collection[Metric]
    canary: CanaryShift | None
    subjects: Collection[Subject]
    force: bool


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
    return tuple(
        _compare_sides(name, side_of(before, name), side_of(after, name), rule, ground) for name in names
    )


def side_of(runs: Sequence[ResultSample], name: str) -> Side:
    """Return the runs of an operation by session; a run that names none has one of its own."""
    sessions: dict[tuple[str, int], list[ResultSample]] = {}
    for number, run in enumerate(runs):
        sessions.setdefault((run.session, 0 if run.session else number), []).append(run)
    found = (
        tuple(sample for run in session if (sample := run.operation(name)) is not None)
        for session in sessions.values()
    )
    return tuple(session for session in found if session)


def _compare_sides(
    name: str, before: Side, after: Side, rule: CompareRule, ground: Ground
) -> OperationComparison:
    """Return one operation: missing, new, not comparable, or every metric of it."""
    if not before or not after:
        return OperationComparison(name=name, presence=Presence.MISSING if before else Presence.NEW)
    differences, sessions = differences_of(before, after, ground.subjects), max(len(before), len(after))
    why = why_withheld(ground.canary, sessions)
    comparable = is_comparable(differences) and not why
    if not comparable and not ground.force:
        metrics = not_comparable(before, after, ground.gating, differences, why)
    else:
        rows = (
            compare_metric(
                before, after, metric, _thresholds(metric, rule), rule, is_gating=metric in ground.gating
            )
            for metric in METRICS
        )
        notes = tuple(canary_notes(ground.canary, sessions))
        metrics = tuple(replace(row, notes=(*row.notes, *notes)) for row in rows)
    return OperationComparison(
        name=name, differences=differences, forced=ground.force and not comparable, metrics=metrics
    )


def not_comparable(
    before: Side,
    after: Side,
    gating: Collection[Metric],
    differences: Sequence[FieldDifference],
    reason: str = "",
) -> tuple[MetricComparison, ...]:
    """Return the metrics side by side, without an effect: what was measured is not the same thing."""
    why = reason or "differs in " + ", ".join(d.name for d in differences if d.field_class is FieldClass.HARD)
    return tuple(
        MetricComparison(
            metric=metric,
            answer=Answer.NOT_COMPARABLE,
            before=center(before, metric),
            after=center(after, metric),
            is_gating=metric in gating,
            reason=why,
        )
        for metric in METRICS
    )


def _thresholds(metric: Metric, rule: CompareRule) -> Thresholds:
    practical = rule.practical if is_ratio(metric) else rule.practical_share
    return Thresholds(change=practical / 2, same=practical)
