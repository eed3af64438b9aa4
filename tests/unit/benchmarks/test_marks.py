"""The edges of a measured phase, as each arm tells them."""

from __future__ import annotations

import pytest

from benchmarks.arms.bare import Together
from benchmarks.arms.perfengine import Progress as PerfengineProgress
from benchmarks.arms.pgbench import Progress as PgbenchProgress
from benchmarks.marks import Edge, parse_mark, print_mark


def test_a_printed_mark_reads_back(capsys: pytest.CaptureFixture[str]) -> None:
    """What a script prints is what the harness understands."""
    print_mark(Edge.END, 1234, 5)
    mark = parse_mark(capsys.readouterr().out)
    assert mark is not None
    assert (mark.edge, mark.operations, mark.failures) == (Edge.END, 1234, 5)


@pytest.mark.parametrize("line", ["", "Type     Name  # reqs", "bench-mark start 12", "a b c d e"])
def test_other_lines_are_no_marks(line: str) -> None:
    """Whatever else a tool prints is passed over."""
    assert parse_mark(line) is None


def test_processes_make_one_mark_together() -> None:
    """The last one to tell makes the mark: the sum of all, at the mean of their times."""
    lines = [
        "bench-mark start 1000 10 0",
        "bench-mark start 1200 20 1",
        "bench-mark end 5000 110 0",
        "bench-mark end 5400 220 1",
    ]
    together = Together(2)
    marks = [together.read_mark(line) for line in ["Python says something", *lines]]
    assert [mark is None for mark in marks] == [True, True, False, True, False]
    start, end = marks[2], marks[4]
    assert start is not None
    assert end is not None
    assert (start.edge, start.at_ns, start.operations, start.failures) == (Edge.START, 1100, 30, 1)
    assert (end.edge, end.at_ns, end.operations, end.failures) == (Edge.END, 5200, 330, 1)


def test_pgbench_counts_between_its_progress_lines() -> None:
    """Two seconds of warm-up, then three: 3 x 1000 operations, whatever came before."""
    rates = [500.0, 700.0, 900.0, 1000.0, 1000.0, 1000.0, 4000.0]
    progress = PgbenchProgress(warmup_s=2, measured_s=3)
    lines = [
        f"progress: {1700000000 + n}.000 s, {rate:.1f} tps, lat 2.1 ms stddev 0.5, 0 failed"
        for n, rate in enumerate(rates)
    ]
    marks = [mark for line in lines if (mark := progress.read_mark(line))]
    assert [mark.edge for mark in marks] == [Edge.START, Edge.END]
    start, end = marks
    assert end.operations - start.operations == pytest.approx(3000)
    assert (end.at_ns - start.at_ns) / 1e9 == pytest.approx(3)


def test_pgbench_failures_are_counted() -> None:
    """The last number of a progress line."""
    progress = PgbenchProgress(warmup_s=0, measured_s=1)
    line = "progress: {}.000 s, 10.0 tps, lat 2.1 ms stddev 0.5, {} failed"
    start, end = progress.read_mark(line.format(100, 2)), progress.read_mark(line.format(101, 3))
    assert start is not None
    assert end is not None
    assert end.failures - start.failures == 3


def test_perfengine_begins_with_its_first_count() -> None:
    """The line that opens the phase has no count; the first with one is the start, one past the time the end."""
    progress = PerfengineProgress(measured_s=0)
    opening = "t=1.6s phase=measure operation=account_query number=1/1 clients=50"
    first = "t=7.2s phase=measure operation=account_query rate=8913.3/s ok=47781 bad=0 p50=4.47ms p99=14.36ms"
    second = "t=12.2s phase=measure operation=account_query rate=8913.3/s ok=92000 bad=1 p50=4.47ms p99=9.1ms"
    assert progress.read_mark(opening) is None
    start, end = progress.read_mark(first), progress.read_mark(second)
    assert start is not None
    assert end is not None
    assert (start.edge, end.edge) == (Edge.START, Edge.END)
    assert (end.operations - start.operations, end.failures - start.failures) == (44219, 1)
    assert progress.read_mark(second) is None
