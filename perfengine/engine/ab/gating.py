"""Which metrics of an operation decide the exit code: those with requirements, else mean and throughput. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from perfengine.comparison.figures import METRICS
from perfengine.judging.resolve import resolve
from perfengine.model.requirement import Metric

if TYPE_CHECKING:
    from collections.abc import Collection

    from perfengine.engine.planning import PlannedRun

DEFAULT: Final = frozenset({Metric.MEAN, Metric.THROUGHPUT})


def gating_of(planned: PlannedRun, operation: str) -> frozenset[Metric]:
    """Return the metrics of an operation that requirements of the scenario speak of; none where none does."""
    available = planned.plan.available
    return frozenset(
        requirement.metric
        for requirement in planned.scenario.requirements
        if requirement.metric in METRICS
        and requirement.subject is not None
        and any(named.name == operation for named in resolve(requirement.subject, available))
    )


def gating_of_unit(
    planned: PlannedRun, unit: str, operations: Collection[str]
) -> dict[str, frozenset[Metric]]:
    """Return what decides, by row: of a single operation its own; of a mix that of the mix as a whole, too.

    `operations` are the rows that are loaded; the whole of a mix is called by the name of the unit.
    """
    asked = {name: gating_of(planned, name) for name in operations}
    if unit in asked:
        return {unit: asked[unit] or DEFAULT}
    return {unit: DEFAULT, **asked}
