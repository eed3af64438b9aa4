"""The lines of error budgets in the text report, and of what no limit or no measurement speaks of."""

from __future__ import annotations

from math import isinf
from typing import TYPE_CHECKING, Final

from perfengine.report.measures import FRACTION, value_text
from perfengine.report.signs import folded, plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from perfengine.model.budget import Budget
    from perfengine.model.result import RunResult
    from perfengine.report.signs import Signs

HEADING: Final = "Budgets of this Run (not uptime):"


def budget_lines(result: RunResult, signs: Signs) -> Iterator[str]:
    """Yield what each promise allowed, what was spent of it and how; then who spent most, where several could."""
    for budget in result.budgets:
        yield from folded(_spent_line(budget))
        yield from folded(f"   {', '.join(_clauses(budget, result, signs))}")
    yield from _culprit_lines(result.budgets)


def coverage_lines(result: RunResult) -> Iterator[str]:
    """Yield the limits that nothing measured, and the operations without any; nothing where nothing was asked."""
    if not result.judgements:
        return
    unmeasured = [
        f"{plain(judged.operation or judged.subject)} {judged.metric}" for judged in result.unmeasured
    ]
    without = [plain(summary.operation.name) for summary in result.without_limit]
    if unmeasured:
        yield from folded(f"Limits that nothing measured: {', '.join(dict.fromkeys(unmeasured))}")
    if without:
        yield from folded(f"Operations without any limit: {', '.join(without)}")


def _spent_line(budget: Budget) -> str:
    name = f"{plain(budget.operation)} {budget.promise}"
    share = "" if budget.spent is None else f" ({_percent(budget.spent)})"
    rest = f"{_count(budget.left)} left" if budget.left >= 0 else f"overspent by {_count(-budget.left)}"
    left = "" if budget.spent is None or budget.left < 0 else f" ({_percent(1 - budget.spent)})"
    return f"{name}: spent {budget.bad} of {_count(budget.allowed)}{share}, {rest}{left}"


def _clauses(budget: Budget, result: RunResult, signs: Signs) -> Iterator[str]:
    if budget.spent is not None:
        yield f"burn rate {budget.spent:.2f}"
    if budget.worst_minute_s is not None and budget.worst_burn is not None:
        yield f"worst minute {_rate(budget.worst_burn, signs)} from second {budget.worst_minute_s}"
    if budget.spent_s is not None:
        yield f"first breach in second {budget.spent_s}"
    else:
        yield "never breached" if budget.left >= 0 else "nobody noted when it was breached"
    if budget.design_effect > 1:
        yield f"bad ones came in clusters (design effect {budget.design_effect:.3g})"
    if _is_open(budget, result):
        yield _needed(budget)


def _is_open(budget: Budget, result: RunResult) -> bool:
    return any(
        judged.verdict == "UNPROVEN"
        and (judged.operation, judged.metric) == (budget.operation, budget.promise)
        and judged.service_level is not None
        for judged in result.judgements
    )


def _needed(budget: Budget) -> str:
    if budget.needed is None:
        return "at this share of bad ones no number of attempts proves it"
    return f"at this share of bad ones {budget.needed} attempts prove it"


def _culprit_lines(budgets: Sequence[Budget]) -> Iterator[str]:
    for promise in dict.fromkeys(budget.promise for budget in budgets):
        own = [budget for budget in budgets if budget.promise == promise and budget.share_of_bad is not None]
        if len({budget.operation for budget in own}) < 2:
            continue
        worst = max(own, key=lambda budget: budget.share_of_bad or 0.0)
        share = _percent(worst.share_of_bad or 0.0)
        yield from folded(f"Culprit of {promise}: {plain(worst.operation)}, {share} of all bad attempts")


def _count(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _percent(share: float) -> str:
    return value_text(share, FRACTION)


def _rate(burn: float, signs: Signs) -> str:
    return signs.beyond if isinf(burn) else f"{burn:.2f}"
