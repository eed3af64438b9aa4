"""What pgbench logs of a throttled load."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.arms.arm import BenchmarkError
from benchmarks.pgbench_log import Transaction, measured, percentile, read_log


def due(*seconds: float) -> list[Transaction]:
    """Return transactions that were due at those times."""
    return [Transaction(due_us=int(each * 1e6), lag_us=0, service_us=1) for each in seconds]


def test_a_line_is_a_transaction() -> None:
    """It ended 12 µs past the second, 250 µs after it was due, of which it lay 90 µs."""
    (transaction,) = read_log(["7 41 250 0 1700000000 12 90"])
    assert transaction == Transaction(due_us=1_699_999_999_999_762, lag_us=90, service_us=160)


@pytest.mark.parametrize(
    "line",
    [
        "7 41 250 0 1700000000 12",
        "7 41 skipped 0 1700000000 12 90",
        "7 41 failed 0 1700000000 12 90",
        "7 41 250 0 1700000000 12 90 3",
        "",
    ],
)
def test_another_line_is_refused(line: str) -> None:
    """Not throttled, skipped, failed, with retries, empty."""
    with pytest.raises(BenchmarkError, match="not a transaction"):
        read_log([line])


def test_the_measured_phase_goes_by_when_it_was_due() -> None:
    """From the end of the warm-up, which is in it, to its own end, which is not."""
    log = due(100, 101.9, 102, 104.9, 105, 106)
    assert measured(log, warmup_s=2, measured_s=3) == due(102, 104.9)


def test_a_log_that_ends_early_is_refused() -> None:
    """There would be fewer transactions, and nobody would see it."""
    with pytest.raises(BenchmarkError, match="5 s"):
        measured(due(100, 104.9), warmup_s=2, measured_s=3)


@given(st.lists(st.integers(0, 10**9), min_size=1), st.sampled_from([0.5, 0.95, 0.99, 1.0]))
def test_a_percentile_is_the_least_value_that_suffices(values: list[int], share: float) -> None:
    """At least that share is not above it, and of any smaller value that is not so."""
    found = percentile(values, share)
    assert sum(value <= found for value in values) >= share * len(values)
    assert sum(value < found for value in values) < share * len(values)
