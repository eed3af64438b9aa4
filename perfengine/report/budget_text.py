"""The lines of error budgets in the text report, and of what no limit or no measurement speaks of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from perfengine.report.budget_words import (
    cluster_words,
    course_words,
    culprits,
    is_open,
    needed_words,
    share_of_bad_words,
    spent_words,
)
from perfengine.report.signs import folded, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfengine.model.budget import Budget
    from perfengine.model.result import RunResult
    from perfengine.report.signs import Signs

HEADING: Final = "Budgets of this Run (not uptime):"


def budget_lines(result: RunResult, signs: Signs) -> Iterator[str]:
    """Yield what each promise allowed, what was spent of it and how; then who spent most, where several could."""
    for budget in result.budgets:
        yield from folded(f"{plain(budget.operation)} {budget.promise}: {spent_words(budget)}")
        yield from folded(f"   {', '.join(_clauses(budget, result, signs))}")
    for worst in culprits(result.budgets):
        yield from folded(
            f"Culprit of {worst.promise}: {plain(worst.operation)}, {share_of_bad_words(worst)}"
        )


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


def _clauses(budget: Budget, result: RunResult, signs: Signs) -> Iterator[str]:
    yield from course_words(budget, signs.beyond)
    if clusters := cluster_words(budget):
        yield clusters
    if is_open(budget, result.judgements):
        yield needed_words(budget)
