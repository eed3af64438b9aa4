"""A paired comparison of two arms, A and B, that took turns under load: what was measured, and what it says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from perfengine.model.comparison import Answer, CompareRule, OperationComparison, OperationSample, Presence

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from perfengine.errors import ExitCode
    from perfengine.model.comparison import MetricComparison
    from perfengine.model.load import Load


@dataclass(frozen=True, slots=True, kw_only=True)
class AbArm:
    """One side: what it is called, and where it ran."""

    letter: str
    label: str  #: what makes it differ: `--after faster.sql`, a scenario file, a server
    server: str = ""  #: its address, without a password
    version: str = ""  #: of PostgreSQL
    run_id: str = ""  #: of its sandbox


@dataclass(frozen=True, slots=True, kw_only=True)
class AbPair:
    """Slices of A and of B that took turns; those of an arm merged."""

    order: str  #: whose turn it was: `ABBABAAB`
    before: tuple[OperationSample, ...]  #: of A, by operation
    after: tuple[OperationSample, ...]
    is_fresh: bool = False  #: measured to confirm a change


@dataclass(frozen=True, slots=True, kw_only=True)
class AbUnit:
    """What was loaded at a time, an operation or a mix, and its pairs."""

    name: str
    load: Load
    slice_ns: int
    lead_ns: int  #: at the beginning of each slice, made and not measured
    slices: int  #: of an arm, in a pair
    pairs: tuple[AbPair, ...]
    took_s: float
    generator_share: float  #: (CPU + run-queue wait) / wall of the busier load process


@dataclass(frozen=True, slots=True, kw_only=True)
class AbResult:
    """All of it. `operations` are the rows that were compared, a mix as one of them."""

    started_at: datetime
    finished_at: datetime
    seed: int
    rule: CompareRule
    arms: tuple[AbArm, AbArm]
    units: tuple[AbUnit, ...]
    operations: tuple[OperationComparison, ...]
    notes: tuple[str, ...] = ()
    incomplete: str | None = None  #: why it ended before it was done
    signal: ExitCode | None = None

    @property
    def gating(self) -> Iterator[MetricComparison]:
        """What decides the exit code."""
        return (row for operation in self.operations for row in operation.metrics if row.is_gating)

    @property
    def fails(self) -> bool:
        """Whether B is worse, or lacks what A has."""
        return any(operation.fails for operation in self.operations)

    @property
    def is_open(self) -> bool:
        """Whether something that decides could not be answered, or nothing was asked of it."""
        rows = list(self.gating)
        unanswered = {Answer.INCONCLUSIVE, Answer.NOT_COMPARABLE}
        both = [operation for operation in self.operations if operation.presence is Presence.BOTH]
        return not rows or any(row.answer in unanswered for row in rows) or any(not o.metrics for o in both)
