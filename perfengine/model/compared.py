"""What came of comparing: all operations of two sides, and what a build should make of them."""

from __future__ import annotations

from dataclasses import dataclass
from math import isinf
from typing import TYPE_CHECKING

from perfengine.model.comparison import Answer, Direction, Presence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfengine.model.canary import CanaryShift
    from perfengine.model.comparison import MetricComparison, OperationComparison
    from perfengine.model.fingerprint import Subject


def by_plain_rule(row: MetricComparison) -> bool:
    """Return whether the tolerance alone decided: the baseline does not say how much runs differ.

    Not so where a percentile of a few attempts has no upper bound: that is as open as can be, and has a p value.
    """
    return row.effect is not None and isinf(row.effect.upper) and row.p_value is None


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonResult:
    """All operations of A and B."""

    before: tuple[str, ...]  #: the files of A, as they were named
    after: tuple[str, ...]
    operations: tuple[OperationComparison, ...]
    subjects: tuple[Subject, ...] = ()
    allow_missing: bool = False  #: what is missing in B does not fail
    notes: tuple[str, ...] = ()
    canary: CanaryShift | None = None  #: None: one side has none

    @property
    def failing(self) -> tuple[OperationComparison, ...]:
        """The operations for which a build should be red."""
        return tuple(operation for operation in self.operations if self.fails_for(operation))

    def fails_for(self, operation: OperationComparison) -> bool:
        """Return whether a build should be red for the operation."""
        if operation.presence is Presence.MISSING:
            return not self.allow_missing
        return operation.fails

    @property
    def fails(self) -> bool:
        """Whether a build should be red."""
        return bool(self.failing)

    @property
    def better(self) -> tuple[OperationComparison, ...]:
        """The operations of which a metric changed for the better, and none for the worse."""
        return tuple(
            operation for operation in self.operations if self.changes(operation) == {Direction.BETTER}
        )

    def changes(self, operation: OperationComparison) -> set[Direction]:
        """Return which ways the metrics that decide have changed."""
        return {
            row.direction
            for row in operation.metrics
            if row.is_gating and row.answer is Answer.CHANGE and row.direction
        }

    @property
    def is_judged(self) -> bool:
        """Whether anything could be said of any operation."""
        return self.fails or any(
            row.answer in {Answer.CHANGE, Answer.SAME} or by_plain_rule(row) for row in self._deciding()
        )

    @property
    def is_open(self) -> bool:
        """Whether a metric that decides stayed inconclusive or not comparable."""
        return any(map(self.is_open_for, self.operations))

    def is_open_for(self, operation: OperationComparison) -> bool:
        """Return whether a metric that decides of the operation stayed inconclusive or not comparable."""
        unanswered = {Answer.INCONCLUSIVE, Answer.NOT_COMPARABLE}
        return any(row.is_gating and row.answer in unanswered for row in operation.metrics)

    def _deciding(self) -> Iterator[MetricComparison]:
        return (row for operation in self.operations for row in operation.metrics if row.is_gating)
