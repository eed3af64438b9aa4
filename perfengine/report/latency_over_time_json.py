"""The histograms of an operation over time as JSON: a line of numbers a slot, for there are hundreds of them."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from perfengine.report.latency_json import seconds

if TYPE_CHECKING:
    from perfengine.model.series import LatencyOverTime, LatencySlot


def latency_over_time_entry(item: LatencyOverTime) -> dict[str, object]:
    """Return the slots of an operation: where each begins, its maximum, and its histogram."""
    return {
        "operation": item.operation,
        "phase": item.phase,
        "slot": item.slot_s,
        "begins": [slot.begin_s for slot in item.slots],
        "max": [seconds(slot.maximum_ns) for slot in item.slots],
        "counts": [slot_text(slot) for slot in item.slots],
    }


def slot_text(slot: LatencySlot) -> str:
    """Return the histogram as text: by turns how far the next counter is from the last, from 0 on, and its count."""
    steps = (after - before for before, after in pairwise((0, *slot.counters)))
    return " ".join(f"{step} {count}" for step, count in zip(steps, slot.counts, strict=True))
