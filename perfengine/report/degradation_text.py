"""A comparison in the lines of the regression script that was there first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from perfengine.model.comparison import Presence
from perfengine.report.signs import for_stream, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfengine.model.compared import ComparisonResult
    from perfengine.model.comparison import OperationComparison

_SIGNS: Final = {"🚨": "REGRESSION:", "✅": "PASS", "❔": "UNPROVEN"}


def render_degradations(comparison: ComparisonResult, *, unicode: bool = True) -> str:
    """Return `NAME: 12.3% degradation` for each operation that fails, or that there is none."""
    text = "\n".join(_lines(comparison)) + "\n"
    for sign, word in _SIGNS.items() if not unicode else ():
        text = text.replace(sign, word)
    return for_stream(text, unicode=unicode)


def could_look(comparison: ComparisonResult) -> bool:
    """Return whether any operation was compared, with whatever certainty."""
    return any(row.effect is not None for operation in comparison.operations for row in operation.metrics)


def _lines(comparison: ComparisonResult) -> Iterator[str]:
    if comparison.fails:
        yield "🚨 Performance regressions detected:"
        for operation in comparison.failing:
            yield f"  {plain(operation.name)}: {_finding(operation)}"
    elif not could_look(comparison):
        yield "❔ No performance regression could be looked for: nothing is comparable"
    else:
        yield "✅ No performance regressions detected"


def _finding(operation: OperationComparison) -> str:
    if operation.presence is Presence.MISSING:
        return "not measured any more"
    row = next(row for row in operation.metrics if row.fails)
    if row.before and row.after is not None:
        return f"{(row.after - row.before) / row.before:.1%} degradation"
    return "degradation"
