"""Two sides of one operation: its runs by session, the ground that both stand on, and then metric by metric."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from perfengine.comparison.canary import canary_notes, why_withheld
from perfengine.comparison.effects import center
from perfengine.comparison.figures import METRICS
from perfengine.comparison.fingerprint import differences_of, is_comparable
from perfengine.comparison.rows import compare_metric
from perfengine.model.comparison import Answer, MetricComparison, OperationComparison
from perfengine.model.fingerprint import FieldClass

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from perfengine.comparison.rows import Thresholds
    from perfengine.model.canary import CanaryShift
    from perfengine.model.comparison import CompareRule, ResultSample, Side
    from perfengine.model.fingerprint import FieldDifference, Subject
    from perfengine.model.requirement import Metric


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """On what two sides stand, and what may differ of it."""

    gating: Collection[Metric]
    canary: CanaryShift | None
    subjects: Collection[Subject]
    force: bool


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


def compare_sides(
    name: str,
    before: Side,
    after: Side,
    thresholds_of: Callable[[Metric], Thresholds],
    rule: CompareRule,
    ground: Ground,
) -> OperationComparison:
    """Return an operation that both sides have, with every metric; of what is not comparable only where it is forced.

    `thresholds_of` a metric: what is a change of it, and what is none.
    """
    differences = differences_of(before, after, ground.subjects)
    sessions = max(len(before), len(after))
    why = why_withheld(ground.canary, sessions)
    comparable = is_comparable(differences) and not why
    if comparable or ground.force:
        notes = tuple(canary_notes(ground.canary, sessions))
        rows = (
            compare_metric(
                before, after, metric, thresholds_of(metric), rule, is_gating=metric in ground.gating
            )
            for metric in METRICS
        )
        metrics = tuple(replace(row, notes=(*row.notes, *notes)) for row in rows)
    else:
        metrics = tuple(_side_by_side(before, after, ground.gating, why or _why(differences)))
    return OperationComparison(
        name=name, differences=differences, forced=ground.force and not comparable, metrics=metrics
    )


def _why(differences: Sequence[FieldDifference]) -> str:
    return "differs in " + ", ".join(one.name for one in differences if one.field_class is FieldClass.HARD)


def _side_by_side(
    before: Side, after: Side, gating: Collection[Metric], reason: str
) -> Iterator[MetricComparison]:
    """Yield the metrics without an effect: what was measured is not the same thing."""
    for metric in METRICS:
        yield MetricComparison(
            metric=metric,
            answer=Answer.NOT_COMPARABLE,
            before=center(before, metric),
            after=center(after, metric),
            is_gating=metric in gating,
            reason=reason,
        )
