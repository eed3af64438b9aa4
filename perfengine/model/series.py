"""What a run looked like over time, one value a second: of its operations, its load processes and the server."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class About(StrEnum):
    """What a series speaks of."""

    OPERATION = "operation"
    GENERATOR = "generator"  #: a load process; subject "0", "1", ...
    SERVER = "server"


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Values on one time axis. `times_s` are seconds of the phase's measured time, of the server: of the run."""

    about: About
    subject: str
    phase: str  #: the phase that was measured; "" of the server
    times_s: tuple[float, ...]
    columns: Mapping[str, tuple[float | None, ...]]  #: metric with its unit in the name, such as `p99_s`


@dataclass(frozen=True, slots=True, kw_only=True)
class LatencySlot:
    """The ok attempts that ended in one stretch of measured time, as a histogram of stats/coarse.py."""

    begin_s: int
    maximum_ns: int
    counters: tuple[int, ...]  #: ascending
    counts: tuple[int, ...]  #: of each counter


@dataclass(frozen=True, slots=True, kw_only=True)
class LatencyOverTime:
    """How the response of an operation was spread at any time of its phase."""

    operation: str
    phase: str
    slot_s: int  #: how long a slot is; a power of two
    slots: tuple[LatencySlot, ...]  #: in order; those without an ok attempt left out


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """A metric that `metrics:` asked for, or that is always watched, over the whole run."""

    metric: str  #: as in documents: "lock_wait_time"
    unit: str  #: "s", "count", "fraction", "B", "1/s"
    source: str  #: "client", "server", "/proc": where it was read
    mean: float | None = None
    maximum: float | None = None
    samples: int = 0
    reason: str = ""  #: why it was not measured; then there are no figures


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceiling:
    """What this machine's generator can do at most: measured by `perfengine calibrate` against a null server."""

    rate_per_s: float  #: of one load process
    measured_at: str  #: ISO 8601, UTC
    share: float | None = None  #: of it that the busiest phase of this run used
