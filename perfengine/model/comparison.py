"""What is compared, and what came of it: samples of runs, effects with bounds, and four answers.

A is what was there before, B what is there now. Latencies in ns, rates per second, ratios as fractions.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from math import expm1, inf, log
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from perfengine.model.fingerprint import FieldDifference, Fingerprint
    from perfengine.model.requirement import Metric

#: Of a larger log ratio no float holds the ratio.
_LARGEST: Final = 709.0


class Answer(StrEnum):
    """The verdict of a comparison: one of four."""

    CHANGE = "CHANGE"  #: larger than its doubt, and large enough to matter
    SAME = "SAME"  #: proven to be within what matters
    INCONCLUSIVE = "INCONCLUSIVE"  #: these data cannot tell
    NOT_COMPARABLE = "NOT COMPARABLE"  #: not measured on the same thing


class Direction(StrEnum):
    """Which way a change went: more latency is worse, more throughput better."""

    WORSE = "worse"
    BETTER = "better"


class Presence(StrEnum):
    """On which sides an operation was measured."""

    BOTH = "both"
    MISSING = "missing"  #: in A only: what was measured once is measured no more
    NEW = "new"  #: in B only


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondSample:
    """One whole second of measured time."""

    ok: int
    bad: int
    mean_ns: float | None = None  #: of ok attempts; None without any, or when nobody noted it


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchSample:
    """A stretch of a run, of which there are ten to twenty, as long as each other."""

    ok: int
    up_to: Mapping[float, int]  #: quantile of the whole run (0.5, 0.95, 0.99) to attempts that took no longer


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationSample:
    """What one run says of one operation; in a paired comparison: one side of one pair."""

    name: str
    response: Mapping[int, int]  #: counter of stats/hdr.py to count, of ok attempts
    mean_ns: float | None  #: exact, of ok attempts; None without any
    ok: int
    bad: int  #: refused, error, timeout; starved attempts left out
    due: int
    measured_ns: int
    seconds: tuple[SecondSample, ...] = ()  #: whole ones, in order; a last one that is not whole left out
    batches: tuple[BatchSample, ...] = ()  #: in order, where they were kept
    fingerprint: Fingerprint = field(default_factory=dict)


Side = tuple[tuple[OperationSample, ...], ...]  #: one operation's runs, by session


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultSample:
    """One run. Runs of one session share connections, caches and the hour: together they are one witness."""

    label: str  #: the file it comes from, or what else names it
    session: str = ""  #: what names its session; "": one of its own
    operations: tuple[OperationSample, ...]

    def operation(self, name: str) -> OperationSample | None:
        """Return the sample of an operation, None when it was not measured."""
        return next((sample for sample in self.operations if sample.name == name), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class CompareRule:
    """How sure to be, and what matters."""

    confidence: float = 0.99
    practical: float = log(1.05)  #: as a log ratio, of latencies and rates
    practical_share: float = 0.01  #: of error rates: a difference of one percentage point
    pairs_least: int = 10
    pairs_most: int = 40
    pairs_step: int = 2

    def __post_init__(self) -> None:
        """Raise ValueError for what cannot be asked."""
        if not 0.5 <= self.confidence < 1:
            raise ValueError(f"confidence lies between 0.5 and 1, got {self.confidence}")
        if self.practical < 0 or self.practical_share < 0:
            raise ValueError("a change that matters is not negative")
        if not 4 <= self.pairs_least <= self.pairs_most or self.pairs_step < 1:
            raise ValueError("pairs: 4 or more at first, as many or more at most, one or more at a time")


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """A change from A to B with its confidence bounds: ln(B / A), of error rates B - A."""

    shift: float
    lower: float
    upper: float
    is_ratio: bool = True

    @property
    def change(self) -> float:
        """The change as a fraction of A, of error rates in shares."""
        return self.scaled(self.shift)

    @property
    def change_lower(self) -> float:
        """The least change that the data allow."""
        return self.scaled(self.lower)

    @property
    def change_upper(self) -> float:
        """The largest change that the data allow."""
        return self.scaled(self.upper)

    @property
    def half_width(self) -> float:
        """How far the farther bound is from the shift."""
        return max(self.upper - self.shift, self.shift - self.lower)

    @property
    def excludes_zero(self) -> bool:
        """Whether no change at all is ruled out."""
        return self.lower > 0 or self.upper < 0

    def is_within(self, practical: float) -> bool:
        """Return whether a change larger than `practical`, up or down, is ruled out."""
        return -practical <= self.lower and self.upper <= practical

    def scaled(self, value: float) -> float:
        """Return a shift as the fraction that it is; of error rates it is one already."""
        if not self.is_ratio:
            return value
        return expm1(value) if value < _LARGEST else inf


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedFigures:
    """What stands beside the verdict of a paired comparison."""

    differences: tuple[float, ...]  #: of the pairs, in order: ln(B / A), of error rates B - A
    trimmed: Effect  #: without the fifth of the pairs at either end
    randomisation_p: float  #: of sign flips
    confirmed: bool | None = None  #: whether fresh pairs said the same; None: they were not asked for


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricComparison:
    """One metric of one operation in A and in B."""

    metric: Metric
    answer: Answer
    before: float | None
    after: float | None
    effect: Effect | None = None
    direction: Direction | None = None  #: of a change, and of a small one
    is_small: bool = False  #: certain, and too small to matter
    is_gating: bool = False  #: decides the exit code
    is_unconfirmed: bool = False  #: beyond the tolerance, yet nobody knows how much runs differ anyway
    fails: bool = False
    evidence: tuple[int, int] = (0, 0)  #: pairs, sessions, runs or attempts behind A and B
    p_value: float | None = None
    smallest: float | None = None  #: the smallest change that such data show in 9 of 10 cases, as a fraction
    needed: int | None = None  #: further pairs, or runs or sessions a side, that would suffice
    reason: str = ""  #: one clause: why it is inconclusive or not comparable
    notes: tuple[str, ...] = ()
    paired: PairedFigures | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationComparison:
    """One operation in A and in B. What is missing in B fails."""

    name: str
    presence: Presence = Presence.BOTH
    differences: tuple[FieldDifference, ...] = ()
    forced: bool = False  #: compared although hard fields differ
    metrics: tuple[MetricComparison, ...] = ()

    @property
    def fails(self) -> bool:
        """Whether a build should be red for it."""
        return self.presence is Presence.MISSING or any(metric.fails for metric in self.metrics)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredOperation:
    """An operation of a baseline: its figures, and the runs behind them where the baseline keeps them."""

    name: str
    figures: Mapping[Metric, float]
    tolerance: float | None = None
    sessions: Side = ()  #: none in the older formats


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredBaseline:
    """An earlier result that was put aside to be compared against."""

    operations: tuple[StoredOperation, ...]
    tolerance: float | None = None  #: of the file
