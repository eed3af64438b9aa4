"""How steady a run was, how much its repeats differ, and the budgets of its promises, as JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from perfengine.report.measures import finite_or_none, scaled, unit_of
from perfengine.units import NS_PER_S

if TYPE_CHECKING:
    from perfengine.model.budget import Budget
    from perfengine.model.repeats import OperationRepeats
    from perfengine.model.result import RunResult
    from perfengine.model.stabilising import StabilisingStep


def stability_entry(result: RunResult) -> dict[str, object]:
    """Return what was repeated, how much it differed, and what was done before."""
    return {
        "repeats": result.repeats,
        "operations": [_repeats(repeats) for repeats in result.stability],
        "stabilised": [_step(step) for step in result.stabilised],
    }


def budget_entry(budget: Budget) -> dict[str, object]:
    """Return a budget of this run; a burn rate that is not finite is null, for nothing was allowed."""
    unit = unit_of(budget.promise)
    return {
        "operation": budget.operation,
        "promise": budget.promise,
        "tier": budget.tier,
        "limit": scaled(budget.limit, unit),
        "unit": unit.name,
        "share": budget.share,
        "total": budget.total,
        "allowed": budget.allowed,
        "spent": budget.bad,
        "left": budget.left,
        "burn_rate": budget.spent,
        "worst_minute": {"second": budget.worst_minute_s, "burn_rate": finite_or_none(budget.worst_burn)},
        "first_breach": budget.spent_s,
        "share_of_bad": budget.share_of_bad,
        "design_effect": budget.design_effect,
        "lasts": budget.lasts_s,
        "needed": budget.needed,
        "needed_time": budget.needed_s,
    }


def coverage_entry(result: RunResult) -> dict[str, object]:
    """Return the limits that nothing measured, and the operations without any."""
    return {
        "unmeasured": [
            {"subject": judged.operation or judged.subject, "metric": str(judged.metric)}
            for judged in result.unmeasured
        ],
        "without_limit": [summary.operation.name for summary in result.without_limit],
    }


def _repeats(repeats: OperationRepeats) -> dict[str, object]:
    return {
        "operation": repeats.operation,
        "means": [mean_ns / NS_PER_S for mean_ns in repeats.means_ns],
        "between": asdict(repeats.between),
        "outliers": [
            {"repeat": outlier.place + 1, "mean": outlier.value / NS_PER_S, "label": outlier.label}
            for outlier in repeats.outliers
        ],
        "steady": [asdict(state) | {"thirds": finite_or_none(state.thirds)} for state in repeats.steady],
    }


def _step(step: StabilisingStep) -> dict[str, object]:
    return {
        "step": step.step,
        "repeat": step.repeat,
        "took": step.took_s,
        "done": step.done,
        "detail": step.detail,
    }
