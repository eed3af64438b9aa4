"""What a load process reports: numbers only, additive, so that shards and rounds merge by addition."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from array import array
    from collections.abc import Mapping

    from perfengine.model.outcome import Failure
    from perfengine.model.verdict import Judgement


@dataclass(frozen=True, slots=True, kw_only=True)
class Moments:
    """Exact sums over ok latencies in ns; all integers, so that merging loses nothing."""

    count: int = 0
    total: int = 0
    total_squares: int = 0
    minimum: int = 0
    maximum: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LatencyCounts:
    """A histogram: counter index to count (stats/hdr.py defines the index), and the exact moments beside it."""

    counts: Mapping[int, int] = field(default_factory=dict)
    above_range: int = 0  #: values above one hour, counted in the last counter too
    moments: Moments = field(default_factory=Moments)


@dataclass(frozen=True, slots=True, kw_only=True)
class PackedCounts:
    """A histogram of which there are many: counters in ascending order, and as many counts; 64 bits each."""

    counters: array[int]
    counts: array[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondCounts:
    """Attempts that ended, or were dropped, in one second of measured time."""

    due: int = 0
    ok: int = 0
    bad: int = 0
    dropped: int = 0
    slower: tuple[
        int, ...
    ] = ()  #: ok attempts above each limit of `slower_than`, in ascending order of limits


@dataclass(frozen=True, slots=True, kw_only=True)
class StageMeasurement:
    """What was due in one stage of the load shape."""

    ok: int = 0
    bad: int = 0
    dropped: int = 0
    response: LatencyCounts = field(default_factory=LatencyCounts)  #: of ok attempts


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessCost:
    """What one load process cost while it measured."""

    wall_ns: int = 0
    cpu_ns: int = 0
    run_queue_ns: int = 0  #: ready to run and waiting for a processor; 0 where the system does not tell


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneratorState:
    """What the load processes did to themselves during a measure phase."""

    processes: tuple[ProcessCost, ...] = ()  #: one each
    loop_lag: LatencyCounts = field(default_factory=LatencyCounts)
    #: how late clients that had nothing else to do began what was due: the part of lateness that is the generator's
    start_delay: LatencyCounts = field(default_factory=LatencyCounts)
    gc_pause: LatencyCounts = field(default_factory=LatencyCounts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """One operation's measure phase, from one shard or merged over rounds and shards."""

    operation: str
    attempts: int = 0
    starved: int = 0
    unfinished: int = 0
    dropped: int = 0
    failures: Mapping[Failure, int] = field(default_factory=dict)
    retried: int = 0  #: ok attempts that were tried more than once
    retries: Mapping[str, int] = field(
        default_factory=dict
    )  #: SQLSTATE to tries that were followed by another
    records_processed: int = 0  #: as functions that count them say
    response: LatencyCounts = field(
        default_factory=LatencyCounts
    )  #: of ok attempts: lateness + wait + service
    lateness: LatencyCounts = field(default_factory=LatencyCounts)  #: of ok attempts: due to started
    pool_wait: LatencyCounts = field(default_factory=LatencyCounts)  #: of ok attempts: started to acquired
    service: LatencyCounts = field(default_factory=LatencyCounts)  #: of ok attempts: acquired to done
    failed_response: LatencyCounts = field(default_factory=LatencyCounts)  #: of the others
    slower_than: Mapping[int, int] = field(
        default_factory=dict
    )  #: limit in ns to ok attempts above it, exact
    seconds: tuple[SecondCounts, ...] = ()
    #: ok attempts of consecutive batches of measured time, ten to twenty where it lasted ten seconds
    batches: tuple[PackedCounts, ...] = ()
    stages: tuple[StageMeasurement, ...] = ()  #: of a load with stages, one each
    measured_ns: int = 0  #: wall time of measuring, pauses for recycling left out
    warmup_attempts: int = 0
    warmup_failures: int = 0
    rounds: int = 0
    clients: int = 0
    generator: GeneratorState = field(default_factory=GeneratorState)


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """What one load process measured since its last interval, about a second ago: additive, and said once.

    The sum of a process's intervals is all that it measured; nothing else carries it, so that what a process that is
    lost had measured is known up to its last second.
    """

    process: int
    elapsed_ns: int  #: measured time at its end
    operations: tuple[Measurement, ...]  #: of this interval, in the order of the phase; without seconds
    seconds: tuple[Mapping[int, SecondCounts], ...]  #: of each operation, by second of measured time
    generator: GeneratorState  #: of this interval


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationSnapshot:
    """An operation in a snapshot: totals so far, and the response times of ok attempts of the last interval."""

    operation: str
    ok: int
    bad: int
    dropped: int = 0
    latest: LatencyCounts = field(default_factory=LatencyCounts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """Progress of a phase, about once a second: totals so far, and what the last interval added.

    All load processes have told of that interval. Nothing in it is a percentile: whoever shows one merges first.
    """

    operation: str  #: the name of the phase: that of its operation, or "mix"
    phase: str  #: "measure"
    elapsed_ns: int
    ok: int
    bad: int
    latest: LatencyCounts  #: response times of all operations together
    operations: tuple[OperationSnapshot, ...] = ()
    failures: Mapping[Failure, int] = field(default_factory=dict)  #: of all operations, so far
    lateness: LatencyCounts = field(default_factory=LatencyCounts)  #: of all operations, the last interval
    busy_ns: int = 0  #: time that ok attempts had a connection, together, in the last interval
    generator: GeneratorState = field(default_factory=GeneratorState)  #: the last interval, a cost a process
    connections: int = 0  #: that the clients have together
    #: of every limit by what is known so far; empty where nobody looks at them
    judgements: tuple[Judgement, ...] = ()
