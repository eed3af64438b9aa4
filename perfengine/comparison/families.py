"""Many comparisons at once: a change must stand in its family.

Gating metrics, those that decide the exit code, are one family, judged by Holm at 0.01: among all of them together a
false alarm is as rare as 1 in 100. All others are another, judged by Benjamini and Hochberg at 0.05: of the changes
that are reported at most one in twenty is expected to be none. Either only ever takes back; what the interval of a
row does not show is not a change by company.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from perfengine.model.comparison import Answer, MetricComparison, OperationComparison
from perfengine.stats.multiple import benjamini_hochberg, holm

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

GATING_LEVEL: Final = 0.01
SECONDARY_LEVEL: Final = 0.05


def apply_families(operations: Sequence[OperationComparison]) -> tuple[OperationComparison, ...]:
    """Return the comparisons with every change taken back that does not stand among all of its family.

    Rows without a p value, those against a baseline without sessions, are no part of any.
    """
    rows = [row for operation in operations for row in operation.metrics if row.p_value is not None]
    fallen = {
        *_fallen([row for row in rows if row.is_gating], holm, GATING_LEVEL),
        *_fallen([row for row in rows if not row.is_gating], benjamini_hochberg, SECONDARY_LEVEL),
    }
    return tuple(
        replace(
            operation,
            metrics=tuple(_taken_back(row) if id(row) in fallen else row for row in operation.metrics),
        )
        for operation in operations
    )


def _fallen(
    rows: Sequence[MetricComparison],
    judge: Callable[[Sequence[float], float], tuple[bool, ...]],
    level: float,
) -> set[int]:
    stands = judge([row.p_value or 0.0 for row in rows], level)
    return {
        id(row) for row, stood in zip(rows, stands, strict=True) if row.answer is Answer.CHANGE and not stood
    }


def _taken_back(row: MetricComparison) -> MetricComparison:
    return replace(
        row,
        answer=Answer.INCONCLUSIVE,
        fails=False,
        reason="the change does not stand among that many comparisons",
    )
