"""What an operation did, ready to be judged and shown. Latencies in ns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from perfengine.model.load import ClosedLoad

if TYPE_CHECKING:
    from collections.abc import Mapping

    from perfengine.model.load import Load
    from perfengine.model.measurement import Measurement
    from perfengine.model.operation import Operation


@dataclass(frozen=True, slots=True, kw_only=True)
class LatencySummary:
    """Latencies of ok attempts in ns; moments exact, percentiles from the histogram (3 digits)."""

    count: int
    mean: float
    stdev: float  #: of the sample (n - 1); 0 for one value
    minimum: int
    maximum: int
    percentiles: Mapping[float, int]  #: 50.0, 90.0, 95.0, 99.0, 99.9


@dataclass(frozen=True, slots=True, kw_only=True)
class StageSummary:
    """What was due in one stage of the load shape."""

    number: int  #: from 1
    duration_ns: int
    begin_level: float  #: users, or attempts a second
    target: float
    ok: int
    bad: int
    dropped: int
    throughput_per_s: float
    latency: LatencySummary | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RowCounts:
    """Rows of the operation's table: when its phase began, and what the check of its effect found."""

    at_start: int
    expected: int | None = None  #: rows that must show the effect; None: nothing to verify
    found: int | None = None
    unexpected: int = 0  #: rows that show the effect and belong to no ok attempt (in doubt ones left out)
    in_doubt: int = 0

    @property
    def verified(self) -> bool:
        """Whether the database holds what the ok attempts claim."""
        return self.expected is None or (self.found == self.expected and not self.unexpected)


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationSummary:
    """One operation's measure phase with everything a judge or a reader needs."""

    operation: Operation
    concurrency: int
    requested_iterations: int | None
    requested_duration_ns: int | None
    measurement: Measurement
    latency: LatencySummary | None  #: None without an ok attempt
    ok: int
    refused: int
    error: int
    timeout: int
    starved: int
    throughput_per_s: float  #: ok attempts over measured time
    error_rate: float | None  #: (refused + error + timeout) / (attempts - starved); None without attempts
    availability: float | None  #: ok / (due - starved - unfinished); None without any
    generator_share: float  #: (CPU + run-queue wait) / wall of the busiest load process
    #: by percentile: what the generator itself adds, the larger of loop lag and the late start of idle clients
    generator_delay_ns: Mapping[float, int]
    saturated: bool
    cut_short: str | None = None  #: why the phase ended before it was done
    rows: RowCounts | None = None
    load: Load = ClosedLoad(users=1)  # noqa: RUF009 - frozen
    phase: str = ""  #: the name of its phase: its own, or "mix"
    weight: float = 1.0  #: in the mix
    connections: int = 0
    lateness: LatencySummary | None = None  #: of ok attempts, like `latency`
    pool_wait: LatencySummary | None = None
    service: LatencySummary | None = None
    stages: tuple[StageSummary, ...] = ()

    @property
    def attempts(self) -> int:
        """All attempts that ended."""
        return self.measurement.attempts

    @property
    def due(self) -> int:
        """All attempts that the load model wanted."""
        return self.measurement.attempts + self.measurement.dropped + self.measurement.unfinished
