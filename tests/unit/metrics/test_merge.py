"""Merging adds: two shards together are what one recorder of both would have counted."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from perfengine.metrics.merge import merge_latency, merge_measurements
from perfengine.metrics.recorder import Recorder
from perfengine.model.measurement import GeneratorState, LatencyCounts, Measurement, SecondCounts
from perfengine.stats.hdr import HIGHEST_NS
from perfengine.units import NS_PER_S
from tests.builders import count_latencies
from tests.unit.metrics.streams import Attempt, Round, play, streams
from tests.unit.metrics.test_counts import count

latencies = st.lists(st.integers(0, 2 * HIGHEST_NS), max_size=40)
generators = st.builds(
    GeneratorState,
    wall_ns=st.integers(0, 4),
    cpu_ns=st.integers(0, 4),
    run_queue_ns=st.integers(0, 4),
    loop_lag=st.lists(st.integers(0, 9), max_size=3).map(count_latencies),
)


def record(stream: list[Round]) -> Measurement:
    """Return what a recorder makes of a stream."""
    recorder = Recorder("x", (NS_PER_S,))
    play(recorder, stream)
    return recorder.freeze()


@st.composite
def measurements(draw: st.DrawFn) -> Measurement:
    """Draw what a shard might report."""
    counts = st.integers(0, 5)
    return replace(
        record(draw(streams)),
        dropped=draw(counts),
        warmup_attempts=draw(counts),
        warmup_failures=draw(counts),
        rounds=draw(counts),
        clients=draw(counts),
        generator=draw(generators),
    )


@given(latencies, latencies)
def test_merged_is_recorded_together(left: list[int], right: list[int]) -> None:
    """Counters, values above range and moments of two histograms are those of one over all values."""
    assert merge_latency(count(left), count(right)) == count(left + right)


@given(latencies)
def test_nothing_changes_nothing(values: list[int]) -> None:
    """An empty histogram is neutral, also for the minimum."""
    assert merge_latency(count(values), LatencyCounts()) == count(values)
    assert merge_latency(LatencyCounts(), count(values)) == count(values)


@given(measurements(), measurements())
def test_order_of_shards_does_not_matter(left: Measurement, right: Measurement) -> None:
    """Merging is commutative in everything, the state of the generator too."""
    assert merge_measurements(left, right) == merge_measurements(right, left)


@given(measurements(), measurements(), measurements())
def test_grouping_of_shards_does_not_matter(a: Measurement, b: Measurement, c: Measurement) -> None:
    """Merging is associative."""
    assert merge_measurements(merge_measurements(a, b), c) == merge_measurements(a, merge_measurements(b, c))


@given(measurements(), measurements())
def test_identities_survive(left: Measurement, right: Measurement) -> None:
    """What adds up before merging adds up after it, in all and by second."""
    merged = merge_measurements(left, right)
    assert merged.attempts == merged.response.moments.count + sum(merged.failures.values())
    assert merged.attempts == left.attempts + right.attempts
    assert merged.starved == left.starved + right.starved
    assert sum(second.due for second in merged.seconds) == merged.attempts + merged.unfinished
    assert sum(second.ok for second in merged.seconds) == merged.response.moments.count
    assert merged.dropped == left.dropped + right.dropped
    assert merged.slower_than[NS_PER_S] == left.slower_than[NS_PER_S] + right.slower_than[NS_PER_S]


def test_side_by_side() -> None:
    """Shards run at the same time: seconds add second by second, and the time is that of the longer."""
    quick = Attempt(gap_ns=NS_PER_S // 2, latency_ns=5)
    short = record([Round(pause_ns=0, attempts=(quick,) * 3)])
    long = record([Round(pause_ns=0, attempts=(quick,) * 5)])
    merged = merge_measurements(short, long)
    assert merged.measured_ns == 5 * NS_PER_S // 2
    assert merged.seconds == tuple(SecondCounts(due=n, ok=n, bad=0) for n in (2, 4, 2))


def test_the_busier_process_speaks_for_both() -> None:
    """The state of the busier load process is kept, with the loop lag of both."""
    calm = GeneratorState(wall_ns=100, cpu_ns=10, run_queue_ns=5, loop_lag=count_latencies([1, 2]))
    busy = GeneratorState(wall_ns=100, cpu_ns=60, run_queue_ns=35, loop_lag=count_latencies([9]))
    merged = merge_measurements(
        Measurement(operation="x", generator=calm), Measurement(operation="x", generator=busy)
    )
    assert merged.generator == replace(busy, loop_lag=count_latencies([1, 2, 9]))
