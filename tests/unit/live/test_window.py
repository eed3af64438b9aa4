"""The last seconds of a phase."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from perfengine.live.window import WINDOW, Window
from perfengine.stats.hdr import percentile
from perfengine.units import NS_PER_MS
from tests.builders import count_latencies
from tests.live_states import make_snapshot

MS = NS_PER_MS
SECONDS = st.lists(st.lists(st.integers(1, 10_000 * MS), max_size=20), min_size=1, max_size=9)


@given(SECONDS)
def test_percentiles_are_those_of_all_values_together(seconds: list[list[int]]) -> None:
    """Of the last five intervals, as if they had been recorded in one histogram; no mean of percentiles."""
    window, total = Window(), 0
    for number, values in enumerate(seconds, start=1):
        total += len(values)
        window.add(make_snapshot(number, {"a": values}, ok=total))
    row, last = window.row(0), [value for values in seconds[-WINDOW:] for value in values]
    assert row.ok == total
    assert row.rate_per_s == len(last) / min(len(seconds), WINDOW)
    if last:
        counts = count_latencies(last).counts
        for shown, share in ((row.p50_ns, 0.5), (row.p95_ns, 0.95), (row.p99_ns, 0.99)):
            assert shown == min(percentile(counts, len(last), share), max(last))
        assert row.max_ns == max(last)
    else:
        assert (row.p50_ns, row.p95_ns, row.p99_ns, row.max_ns) == (None, None, None, None)


def test_failures_leave_the_window() -> None:
    """Attempts that were not ok are counted over the same seconds as all else."""
    window = Window()
    for second, bad in enumerate((2, 2, 3, 3, 3, 3, 7), start=1):
        window.add(make_snapshot(second, {"a": [MS], "b": [MS]}, ok=second, bad=bad))
    assert window.row(1).bad == 5


def test_connections_in_use_are_of_all_processes() -> None:
    """By Little's law, over the wall time: two processes that are busy for three seconds in one."""
    window = Window()
    assert window.in_use is None
    for second in (1, 2):
        window.add(make_snapshot(second, {"a": [MS]}, ok=second, processes=2, busy_s=3))
    assert window.in_use == 3


def test_the_generator_is_judged_by_its_busiest_process() -> None:
    """And by its own waits; nothing is known of it before it has told."""
    window = Window()
    assert window.generator() is None
    window.add(make_snapshot(1, {"a": [MS]}, ok=1, processes=2, lag_ns=[MS] * 99 + [50 * MS], cpu_s=0.95))
    seen = window.generator()
    assert seen is not None
    assert (seen.cpu_share, seen.processes, seen.is_saturated) == (0.95, 2, True)
    assert seen.loop_lag_p99_ns is not None
    assert MS <= seen.loop_lag_p99_ns < 1.01 * MS
    assert (seen.start_delay_p99_ns, seen.lateness_p99_ns) == (None, None)
