"""What repeating a load has shown: how much its repeats differ, and whether each was steady."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from perfengine.model.series import Series
    from perfengine.model.stability import Outlier, Stability, SteadyState
    from perfengine.model.summary import OperationSummary


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationRepeats:
    """One operation over the repeats of a run."""

    operation: str
    means_ns: tuple[float, ...]  #: mean response time of each repeat that had an ok attempt
    between: Stability  #: how much they differ
    outliers: tuple[Outlier, ...] = ()  #: repeats far from the others; they are in every figure
    steady: tuple[SteadyState, ...] = ()  #: the measured time of each repeat


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """One repeat of the load, as if it had been a run of its own."""

    operations: tuple[OperationSummary, ...]  #: those that it came to
    series: tuple[Series, ...]  #: of them, each from its first second on
