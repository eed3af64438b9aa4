"""Readings of what this process costs only grow, and subtract to an interval."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from perfengine.metrics.process_time import ProcessTime, read_process_time


def test_readings_grow() -> None:
    """Each reading is at least the one before it, in every part."""
    readings = [read_process_time() for _ in range(200)]
    for part in ("wall_ns", "cpu_ns", "run_queue_ns"):
        values = [getattr(reading, part) for reading in readings]
        assert values == sorted(values), part
    assert readings[-1].wall_ns > readings[0].wall_ns


def test_work_costs_cpu() -> None:
    """Work shows as CPU time, and one thread cannot use more of it than there was wall time."""
    before = read_process_time()
    while (cost := read_process_time().since(before)).cpu_ns < 5_000_000:
        sum(range(10_000))
    assert cost.cpu_ns <= cost.wall_ns * 1.05 + 1_000_000


def test_arithmetic() -> None:
    """Two readings subtract to what was between them."""
    earlier, later = ProcessTime(100, 20, 3), ProcessTime(250, 70, 10)
    assert later.since(earlier) == ProcessTime(150, 50, 7)


@pytest.mark.skipif(
    sys.platform != "linux" or not Path("/proc/self/schedstat").exists(), reason="the system does not tell"
)
def test_run_queue_wait_is_told() -> None:
    """On Linux the wait for a processor is the system's own figure."""
    before = int(Path("/proc/self/schedstat").read_text().split()[1])
    told = read_process_time().run_queue_ns
    after = int(Path("/proc/self/schedstat").read_text().split()[1])
    assert before <= told <= after
