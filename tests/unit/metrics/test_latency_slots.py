"""Histograms over time: however long a run is, three hundred at most, and every attempt in one of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfengine.metrics.latency_slots import MOST_SLOTS, LatencySlots
from perfengine.model.measurement import LatencyCounts
from perfengine.units import NS_PER_MS
from tests.builders import count_latencies


@given(told=st.lists(st.tuples(st.integers(1, 100_000), st.integers(1, 10**9)), min_size=1, max_size=60))
def test_every_attempt_is_in_its_slot(told: list[tuple[int, int]]) -> None:
    """Whatever came before it."""
    slots = LatencySlots()
    for second, value_ns in sorted(told):
        slots.add(second, count_latencies([value_ns]))
    found = slots.freeze("order_query", "mix")
    assert sum(sum(slot.counts) for slot in found.slots) == len(told)
    last = max(second for second, _ in told)
    assert (last - 1) // found.slot_s < MOST_SLOTS
    assert found.slot_s == 1 or (last - 1) // (found.slot_s // 2) >= MOST_SLOTS
    for slot in found.slots:
        inside = [
            value for second, value in told if (second - 1) // found.slot_s * found.slot_s == slot.begin_s
        ]
        assert slot.maximum_ns == max(inside)


@pytest.mark.parametrize(("seconds", "slot_s"), [(300, 1), (301, 2), (3600, 16)])
def test_a_slot_is_as_long_as_it_must_be(seconds: int, slot_s: int) -> None:
    """A second while there is room."""
    slots = LatencySlots()
    for second in range(1, seconds + 1):
        slots.add(second, count_latencies([NS_PER_MS]))
    found = slots.freeze("order_query", "order_query")
    assert (found.slot_s, found.slots[0].counts) == (slot_s, (slot_s,))


def test_seconds_without_an_attempt_have_no_slot() -> None:
    """Nothing is made up for them."""
    slots = LatencySlots()
    slots.add(1, LatencyCounts())
    slots.add(3, count_latencies([NS_PER_MS]))
    assert [slot.begin_s for slot in slots.freeze("order_query", "mix").slots] == [2]
