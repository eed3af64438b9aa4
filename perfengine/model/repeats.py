"""What repeating a load has shown: how much its repeats differ, and whether each was steady."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from perfengine.model.stability import Outlier, Stability, SteadyState


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationRepeats:
    """One operation over the repeats of a run."""

    operation: str
    means_ns: tuple[float, ...]  #: mean response time of each repeat that had an ok attempt
    between: Stability  #: how much they differ
    outliers: tuple[Outlier, ...] = ()  #: repeats far from the others; they are in every figure
    steady: tuple[SteadyState, ...] = ()  #: the measured time of each repeat
