"""A measurement becomes figures: each by its definition."""

from __future__ import annotations

from statistics import mean, stdev
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfengine.metrics.summary import PERCENTILES, generator_share, summarise, summarise_latency
from perfengine.model.measurement import GeneratorState, Measurement
from perfengine.model.outcome import Outcome
from perfengine.model.plan import KeyRange, OperationPlan
from perfengine.model.summary import LatencySummary, RowCounts
from perfengine.stats.hdr import HIGHEST_NS, index_of, percentile
from perfengine.units import NS_PER_S
from tests.builders import count_latencies, make_failure, make_operation

if TYPE_CHECKING:
    from perfengine.model.summary import OperationSummary

PLAN = OperationPlan(
    operation=make_operation(),
    concurrency=4,
    timeout_ns=600 * NS_PER_S,
    iterations=100,
    duration_ns=30 * NS_PER_S,
    warmup_attempts=24,
    keys=KeyRange(start=1000, count=124),
    round_attempts=100,
)


def summary_of(ok: int = 0, *, failed: dict[Outcome, int] | None = None, **measured: Any) -> OperationSummary:
    """Return the summary of so many ok attempts of a millisecond, and of these failures."""
    failures = {make_failure(outcome): n for outcome, n in (failed or {}).items()}
    measurement = Measurement(
        operation=PLAN.operation.name,
        attempts=ok + sum(failures.values()),
        starved=(failed or {}).get(Outcome.STARVED, 0),
        failures=failures,
        response=count_latencies([1_000_000] * ok),
        **measured,
    )
    return summarise(PLAN, measurement, cut_short=None, rows=None)


@given(st.lists(st.integers(0, HIGHEST_NS), min_size=1, max_size=60))
def test_latency_figures(values: list[int]) -> None:
    """Mean and the standard deviation of the sample are exact, percentiles those of the histogram."""
    latency = count_latencies(values)
    found = summarise_latency(latency)
    assert found is not None
    assert found.count == len(values)
    assert found.mean == pytest.approx(mean(values))
    assert found.stdev == pytest.approx(stdev(values) if len(values) > 1 else 0.0)
    assert (found.minimum, found.maximum) == (min(values), max(values))
    assert tuple(found.percentiles) == PERCENTILES == (50.0, 90.0, 95.0, 99.0, 99.9)
    for q, value in found.percentiles.items():
        assert value == min(percentile(latency.counts, len(values), q / 100), max(values))
        true = sorted(values)[-(-round(q * 10) * len(values) // 1000) - 1]
        assert index_of(value) == index_of(true)
        assert min(values) <= true <= value <= max(values)


@pytest.mark.parametrize(
    ("values", "figures"),
    [
        ([7], LatencySummary(count=1, mean=7.0, stdev=0.0, minimum=7, maximum=7, percentiles={})),
        ([2, 4], LatencySummary(count=2, mean=3.0, stdev=2**0.5, minimum=2, maximum=4, percentiles={})),
        ([5] * 4, LatencySummary(count=4, mean=5.0, stdev=0.0, minimum=5, maximum=5, percentiles={})),
    ],
)
def test_latency_by_hand(values: list[int], figures: LatencySummary) -> None:
    """A few values have the figures that a pencil gives; one value deviates from nothing."""
    found = summarise_latency(count_latencies(values))
    assert found is not None
    assert (found.count, found.mean, found.minimum, found.maximum) == (
        figures.count,
        figures.mean,
        figures.minimum,
        figures.maximum,
    )
    assert found.stdev == pytest.approx(figures.stdev)


def test_deviation_of_long_latencies_that_differ_little() -> None:
    """Sums of integers keep a deviation of a nanosecond on an hour, where floats would lose it."""
    values = [HIGHEST_NS - 1, HIGHEST_NS, HIGHEST_NS + 1]
    found = summarise_latency(count_latencies(values))
    assert found is not None
    assert found.stdev == 1.0


def test_no_latency() -> None:
    """Without an ok attempt there are no latency figures, and no division by nothing."""
    assert summarise_latency(count_latencies([])) is None
    summary = summary_of()
    assert summary.latency is None
    assert (summary.throughput_per_s, summary.error_rate, summary.availability) == (0.0, None, None)
    assert (summary.generator_share, summary.generator_delay_ns, summary.saturated) == (0.0, {}, False)


@pytest.mark.parametrize(
    ("failed", "error_rate", "availability"),
    [
        ({}, 0.0, 1.0),
        ({Outcome.REFUSED: 2}, 0.2, 0.8),
        ({Outcome.ERROR: 2}, 0.2, 0.8),
        ({Outcome.TIMEOUT: 2}, 0.2, 0.8),
        ({Outcome.STARVED: 2}, 0.0, 1.0),
        (
            {Outcome.REFUSED: 1, Outcome.ERROR: 3, Outcome.TIMEOUT: 4, Outcome.STARVED: 5},
            0.5,
            0.5,
        ),
    ],
)
def test_ratios(failed: dict[Outcome, int], error_rate: float, availability: float) -> None:
    """Refused, failed and timed out attempts are errors; starved ones are in neither ratio."""
    summary = summary_of(8, failed=failed)
    assert summary.error_rate == pytest.approx(error_rate)
    assert summary.availability == pytest.approx(availability)
    found = (summary.refused, summary.error, summary.timeout, summary.starved)
    kinds = (Outcome.REFUSED, Outcome.ERROR, Outcome.TIMEOUT, Outcome.STARVED)
    assert found == tuple(failed.get(kind, 0) for kind in kinds)
    assert summary.attempts == summary.ok + sum(found)


def test_dropped_and_unfinished() -> None:
    """What was never started is missing from the availability; what did not end is in neither ratio."""
    summary = summary_of(8, failed={Outcome.ERROR: 1}, dropped=1, unfinished=90)
    assert summary.error_rate == pytest.approx(1 / 9)
    assert summary.availability == pytest.approx(8 / 10)


def test_only_starved() -> None:
    """Where every attempt starved there is nothing to take a share of."""
    summary = summary_of(failed={Outcome.STARVED: 5})
    assert (summary.error_rate, summary.availability) == (None, None)


def test_throughput() -> None:
    """Throughput is ok attempts over measured time."""
    summary = summary_of(500, failed={Outcome.ERROR: 100}, measured_ns=2 * NS_PER_S)
    assert summary.throughput_per_s == 250.0


@pytest.mark.parametrize(
    ("cpu_ns", "run_queue_ns", "saturated"),
    [(900, 0, False), (901, 0, True), (500, 400, False), (500, 401, True), (0, 950, True)],
)
def test_saturation(cpu_ns: int, run_queue_ns: int, saturated: bool) -> None:
    """Above nine tenths of the wall time, running or waiting for a processor, the generator was the limit."""
    state = GeneratorState(
        wall_ns=1000, cpu_ns=cpu_ns, run_queue_ns=run_queue_ns, loop_lag=count_latencies(range(1, 101))
    )
    summary = summary_of(1, generator=state)
    assert summary.generator_share == generator_share(state) == (cpu_ns + run_queue_ns) / 1000
    assert summary.saturated is saturated
    assert summary.generator_delay_ns == {50.0: 50, 90.0: 90, 95.0: 95, 99.0: 99, 99.9: 100}


def test_what_was_asked_is_kept() -> None:
    """The summary says what was asked for, what cut it short and what became of the rows."""
    measurement, rows = Measurement(operation="x"), RowCounts(at_start=7)
    summary = summarise(PLAN, measurement, cut_short="interrupted", rows=rows)
    assert summary.operation is PLAN.operation
    assert (summary.concurrency, summary.requested_iterations) == (4, 100)
    assert summary.requested_duration_ns == 30 * NS_PER_S
    assert summary.measurement is measurement
    assert (summary.cut_short, summary.rows) == ("interrupted", rows)
