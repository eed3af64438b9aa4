"""What promises allowed in a run, and how much its repeats differ, as sections of GitHub's markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from perfengine.model.verdict import Verdict
from perfengine.report.budget_words import (
    breach_words,
    cluster_words,
    count_text,
    culprits,
    is_open,
    left_words,
    needed_words,
    percent_text,
    share_of_bad_words,
    worst_minute_text,
)
from perfengine.report.markdown_text import code, code_cell, sentence
from perfengine.report.signs import UNICODE
from perfengine.report.stability_words import outlier_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfengine.model.budget import Budget
    from perfengine.model.repeats import OperationRepeats
    from perfengine.model.result import RunResult

_BUDGETS: Final = (
    "| operation | promise | allowed | spent | left | burn rate | worst minute | |",
    "|---|---|--:|--:|--:|--:|--:|---|",
)
_STABILITY: Final = (
    "| | operation | repeats | vary by | at most | limit | largest − smallest | |",
    "|---|---|--:|--:|--:|--:|--:|---|",
)
_SIGNS: Final = {
    Verdict.FAIL: UNICODE.violated.strip(),
    Verdict.UNPROVEN: UNICODE.unproven.strip(),
    Verdict.PASS: UNICODE.held.strip(),
}
_NOTHING: Final = "–"


def budget_section(result: RunResult, most_rows: int) -> Iterator[list[str]]:
    """Yield the budgets of the run, the first `most_rows`, and who spent most; nothing where none was given."""
    if not result.budgets:
        return
    rows = [_budget_row(budget, result) for budget in result.budgets[:most_rows]]
    yield ["### Budgets of this run (not uptime)", "", *_BUDGETS, *rows]
    yield from _left_out(len(result.budgets) - most_rows, "budgets")
    if worst := list(culprits(result.budgets)):
        yield [
            f"- Culprit of {one.promise}: {code(one.operation)}, {share_of_bad_words(one)}" for one in worst
        ]


def stability_section(result: RunResult, most_rows: int) -> Iterator[list[str]]:
    """Yield how much the repeats of each operation differ, of the first `most_rows`; nothing without repeats."""
    if result.repeats < 2 or not result.stability:
        return
    rows = [_stability_row(repeats) for repeats in result.stability[:most_rows]]
    yield ["### Stability (decides no verdict)", "", *_STABILITY, *rows]
    yield from _left_out(len(result.stability) - most_rows, "operations")


def _budget_row(budget: Budget, result: RunResult) -> str:
    spent = "" if budget.spent is None else f" ({percent_text(budget.spent)})"
    cells = [
        code_cell(budget.operation),
        budget.promise,
        count_text(budget.allowed),
        f"{budget.bad}{spent}",
        left_words(budget),
        _NOTHING if budget.spent is None else f"{budget.spent:.2f}",
        worst_minute_text(budget, UNICODE.beyond) or _NOTHING,
        "; ".join(_remarks(budget, result)),
    ]
    return f"| {' | '.join(cells)} |"


def _remarks(budget: Budget, result: RunResult) -> Iterator[str]:
    yield breach_words(budget)
    if clusters := cluster_words(budget):
        yield clusters
    if is_open(budget, result.judgements):
        yield needed_words(budget)


def _stability_row(repeats: OperationRepeats) -> str:
    between = repeats.between
    cells = [
        _SIGNS[between.verdict],
        code_cell(repeats.operation),
        str(between.runs),
        _share(between.variation),
        _share(between.variation_upper),
        percent_text(between.limit),
        _share(between.spread),
        "; ".join(sentence(words) for words in (between.detail, *outlier_words(repeats)) if words),
    ]
    return f"| {' | '.join(cells)} |"


def _share(value: float | None) -> str:
    return _NOTHING if value is None else percent_text(value)


def _left_out(count: int, what: str) -> Iterator[list[str]]:
    if count > 0:
        yield [f"{count} more {what} are in the result's JSON."]
