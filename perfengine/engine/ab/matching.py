"""Which units two plans have in common, and what keeps one from being compared. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfengine.comparison.figures import METRICS
from perfengine.model.comparison import Answer, MetricComparison, OperationComparison, Presence
from perfengine.model.fingerprint import FieldClass, FieldDifference
from perfengine.model.load import OpenLoad

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfengine.model.fingerprint import Fingerprint
    from perfengine.model.plan import PhasePlan, Plan

Phases = tuple["PhasePlan", "PhasePlan"]


def matched(before: Plan, after: Plan) -> tuple[tuple[Phases, ...], tuple[OperationComparison, ...]]:
    """Return the phases that can be compared, in the order of A, and rows for all that cannot."""
    others = {phase.name: phase for phase in after.phases}
    both, rows = [], []
    for phase in before.phases:
        other = others.pop(phase.name, None)
        if other is None:
            rows.append(OperationComparison(name=phase.name, presence=Presence.MISSING))
        elif differences := _differences(phase, other, before, after):
            rows.append(_not_comparable(phase.name, differences))
        else:
            both.append((phase, other))
    rows += [OperationComparison(name=name, presence=Presence.NEW) for name in others]
    return tuple(both), tuple(rows)


def _not_comparable(name: str, differences: tuple[FieldDifference, ...]) -> OperationComparison:
    reason = "not the same: " + ", ".join(difference.name for difference in differences)
    # one row says it for all metrics
    row = MetricComparison(
        metric=METRICS[0],
        answer=Answer.NOT_COMPARABLE,
        before=None,
        after=None,
        is_gating=True,
        reason=reason,
    )
    return OperationComparison(name=name, differences=differences, metrics=(row,))


def _differences(
    phase: PhasePlan, other: PhasePlan, before: Plan, after: Plan
) -> tuple[FieldDifference, ...]:
    """Return how the ground differs: load and data set. What is done is what is compared, and may differ."""
    left, right = ({**_load(one), **_rows(plan)} for one, plan in ((phase, before), (other, after)))
    return tuple(_each(left, right))


def _each(left: Fingerprint, right: Fingerprint) -> Iterator[FieldDifference]:
    for name in dict.fromkeys((*left, *right)):
        if left.get(name) != right.get(name):
            yield FieldDifference(
                name=name, before=left.get(name), after=right.get(name), field_class=FieldClass.HARD
            )


def _load(phase: PhasePlan) -> Fingerprint:
    load = phase.load
    # in its order: the operations of both arms are laid beside each other by their place
    mix = ", ".join(f"{plan.operation.name} {plan.weight:g}" for plan in phase.operations)
    own: Fingerprint
    if isinstance(load, OpenLoad):
        own = {"load.model": "open", "load.rate": load.rate_per_s, "load.arrival": load.arrival.value}
    else:
        own = {"load.model": "closed", "load.think_time": None if load.think is None else repr(load.think)}
    return {**own, "load.users": load.clients, "load.mix": mix if len(phase.operations) > 1 else None}


def _rows(plan: Plan) -> Fingerprint:
    return {f"rows.{table}": rows for table, rows in plan.data_rows.items()}
