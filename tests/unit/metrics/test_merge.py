"""Merging adds: two histograms together are what one of both would have counted."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from perfengine.metrics.merge import add_costs, add_counts, add_seconds, merge_all, merge_latency
from perfengine.model.measurement import LatencyCounts, ProcessCost, SecondCounts
from perfengine.stats.hdr import HIGHEST_NS
from tests.unit.metrics.test_counts import count

latencies = st.lists(st.integers(0, 2 * HIGHEST_NS), max_size=40)
few = st.integers(0, 9)
slower = st.lists(few, max_size=3).map(tuple)
seconds = st.builds(SecondCounts, due=few, ok=few, bad=few, dropped=few, slower=slower)


@given(latencies, latencies)
def test_merged_is_recorded_together(left: list[int], right: list[int]) -> None:
    """Counters, values above range and moments of two histograms are those of one over all values."""
    assert merge_latency(count(left), count(right)) == count(left + right)


@given(latencies)
def test_nothing_changes_nothing(values: list[int]) -> None:
    """An empty histogram is neutral, also for the minimum."""
    assert merge_latency(count(values), LatencyCounts()) == count(values)
    assert merge_latency(LatencyCounts(), count(values)) == count(values)


@given(latencies, latencies, latencies)
def test_neither_order_nor_grouping_matters(a: list[int], b: list[int], c: list[int]) -> None:
    """Merging is commutative and associative."""
    left, middle, right = count(a), count(b), count(c)
    assert merge_latency(left, right) == merge_latency(right, left)
    assert merge_latency(merge_latency(left, middle), right) == merge_latency(
        left, merge_latency(middle, right)
    )


@given(seconds, seconds, seconds)
def test_seconds_add_count_by_count(a: SecondCounts, b: SecondCounts, c: SecondCounts) -> None:
    """What two processes did in the same second."""
    both = add_seconds(a, b)
    assert (both.due, both.ok, both.bad, both.dropped) == (
        a.due + b.due, a.ok + b.ok, a.bad + b.bad, a.dropped + b.dropped
    )  # fmt: skip
    assert sum(both.slower) == sum(a.slower) + sum(b.slower)
    assert both == add_seconds(b, a)
    assert add_seconds(both, c) == add_seconds(a, add_seconds(b, c))
    assert add_seconds(a, SecondCounts()) == a


@given(st.lists(latencies, max_size=5))
def test_many_at_once(streams: list[list[int]]) -> None:
    """It is as if all had been recorded in one; of none it is empty."""
    assert merge_all(map(count, streams)) == count([value for stream in streams for value in stream])


def test_costs_add_up() -> None:
    """Each part of them alone."""
    before = ProcessCost(wall_ns=100, cpu_ns=20, run_queue_ns=3)
    after = ProcessCost(wall_ns=50, cpu_ns=40, run_queue_ns=0)
    assert add_costs(before, after) == ProcessCost(wall_ns=150, cpu_ns=60, run_queue_ns=3)
    assert add_costs(ProcessCost(), after) == after


def test_counts_of_either_side_are_kept() -> None:
    """What came on one side only counts too."""
    assert add_counts({"40001": 2, "40P01": 1}, {"40P01": 3, "55P03": 4}) == {
        "40001": 2,
        "40P01": 4,
        "55P03": 4,
    }
