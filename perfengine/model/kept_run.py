"""What the history knows of a run without reading its result again: figures, verdict and the ground it stood on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from perfengine.model.fingerprint import Fingerprint


class Figure(StrEnum):
    """A figure of an operation that the history keeps. Latencies in s, throughput per second, ratios as fractions."""

    MEAN = "mean"
    P50 = "p50"
    P90 = "p90"
    P95 = "p95"
    P99 = "p99"
    P999 = "p99.9"
    MIN = "min"
    MAX = "max"
    THROUGHPUT = "throughput"
    ERROR_RATE = "error_rate"
    AVAILABILITY = "availability"

    @property
    def unit(self) -> str:
        """The unit: "s", "1/s" or "fraction"."""
        return _UNITS.get(self, "s")


_UNITS = {Figure.THROUGHPUT: "1/s", Figure.ERROR_RATE: "fraction", Figure.AVAILABILITY: "fraction"}


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptOperation:
    """One operation of a kept run."""

    name: str
    ground: Fingerprint  #: its hard fields that are known
    figures: Mapping[Figure, float]  #: what was measured; of one without an ok attempt there are no latencies


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptRun:
    """A run of the history."""

    directory: str  #: its name below the runs; unique
    run_id: str
    scenario: str  #: its entities, or the name of its workload
    started_at: str  #: ISO 8601, UTC, to the millisecond
    standing: str  #: what the run came to
    ended: str  #: "complete", or how it ended early
    load: str  #: in a few words: "closed 50", "mix open 500/s"
    rate_per_s: float | None  #: ok attempts a second of measured time, of all operations
    p95_s: float | None  #: of the operation with the largest
    commit: str = ""  #: of the workload, "" where it lies in no repository
    operations: tuple[KeptOperation, ...] = ()

    @property
    def is_complete(self) -> bool:
        """Whether everything that was planned was done."""
        return self.ended == "complete"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedRun:
    """A run with whether it may be compared with the newest of its scenario."""

    run: KeptRun
    is_comparable: bool
