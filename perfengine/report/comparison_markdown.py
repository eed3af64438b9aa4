"""A comparison as GitHub's markdown: the sentence, and a line for each metric that decides or changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from perfengine.model.comparison import Answer, Presence
from perfengine.report.comparison_words import (
    change_text,
    interval_text,
    metric_word,
    operation_verdict,
    sentence,
    value_or_dash,
)
from perfengine.report.markdown_text import code, code_cell
from perfengine.report.markdown_text import sentence as escaped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfengine.model.compared import ComparisonResult
    from perfengine.model.comparison import MetricComparison, OperationComparison

_MOST_ROWS: Final = 200
_HEAD: Final = (
    "| | operation | metric | before | after | change | 99 % interval | verdict |",
    "|---|---|---|--:|--:|--:|--:|---|",
)


def render_comparison_markdown(comparison: ComparisonResult) -> str:
    """Return the comparison as a document, ending in a newline."""
    return "\n".join(["## perfengine: comparison", "", *comparison_markdown(comparison)]) + "\n"


def comparison_markdown(comparison: ComparisonResult) -> list[str]:
    """Return the lines of the section below its heading."""
    rows = [row for operation in comparison.operations for row in _rows(comparison, operation)]
    left_out = len(rows) - _MOST_ROWS
    more = ["", f"{left_out} more rows are in the JSON."] if left_out > 0 else []
    notes = [f"- {escaped(note)}" for note in comparison.notes]
    return [
        escaped(sentence(comparison)),
        "",
        *_HEAD,
        *rows[:_MOST_ROWS],
        *more,
        *(["", *notes] if notes else []),
        *_differences(comparison),
    ]


def _rows(comparison: ComparisonResult, operation: OperationComparison) -> Iterator[str]:
    sign = "❌" if comparison.fails_for(operation) else ""
    if operation.presence is not Presence.BOTH:
        yield _line(
            [sign, code_cell(operation.name), "", "", "", "", "", escaped(operation_verdict(operation))]
        )
    for row in operation.metrics:
        if row.is_gating or row.answer is Answer.CHANGE:
            yield _line([sign if row.fails else "", code_cell(operation.name), *_cells(row)])


def _cells(row: MetricComparison) -> list[str]:
    why = f": {escaped(row.reason)}" if row.reason else ""
    direction = f" ({row.direction})" if row.direction and row.answer is Answer.CHANGE else ""
    return [
        metric_word(row),
        value_or_dash(row, row.before),
        value_or_dash(row, row.after),
        change_text(row),
        interval_text(row),
        f"{row.answer}{direction}{why}",
    ]


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _differences(comparison: ComparisonResult) -> Iterator[str]:
    names = dict.fromkeys(item.name for operation in comparison.operations for item in operation.differences)
    if names:
        yield ""
        yield f"Not the same on both sides: {', '.join(code(name) for name in names)}."
