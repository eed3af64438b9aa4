"""A measurement becomes figures: each by its definition."""

from __future__ import annotations

from statistics import mean, stdev
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfengine.metrics.summary import (
    PERCENTILES,
    generator_delay_ns,
    generator_share,
    summarise,
    summarise_latency,
)
from perfengine.model.load import ClosedLoad, OpenLoad, Stage
from perfengine.model.measurement import GeneratorState, Measurement, ProcessCost, StageMeasurement
from perfengine.model.outcome import Outcome
from perfengine.model.plan import KeyRange, OperationPlan, PhasePlan
from perfengine.model.summary import LatencySummary, RowCounts
from perfengine.stats.hdr import HIGHEST_NS, index_of, percentile
from perfengine.units import NS_PER_S
from tests.builders import count_latencies, make_failure, make_operation

if TYPE_CHECKING:
    from perfengine.model.load import Load
    from perfengine.model.summary import OperationSummary

MS = 1_000_000
PLAN = OperationPlan(
    operation=make_operation(),
    concurrency=4,
    timeout_ns=600 * NS_PER_S,
    iterations=100,
    duration_ns=30 * NS_PER_S,
    warmup_attempts=24,
    keys=KeyRange(start=1000, count=124),
    round_attempts=100,
    weight=3.0,
)


def make_phase(load: Load | None = None) -> PhasePlan:
    """Return a phase of the one operation."""
    return PhasePlan(
        name="mix",
        operations=(PLAN,),
        load=load or ClosedLoad(users=4),
        iterations=100,
        duration_ns=30 * NS_PER_S,
        timeout_ns=600 * NS_PER_S,
        warmup_attempts=24,
        warmup_ns=None,
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
    return summarise(make_phase(), PLAN, measurement, connections=4, cut_short=None, rows=None)


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


counts = st.integers(0, 1000)


@given(ok=counts, refused=counts, error=counts, timeout=counts, starved=counts, dropped=counts, cut=counts)
def test_ratios_by_their_definitions(
    ok: int, refused: int, error: int, timeout: int, starved: int, dropped: int, cut: int
) -> None:
    """What was due is all that became of it; both ratios are over what could be answered, dropped ones in one."""
    failed = {
        Outcome.REFUSED: refused,
        Outcome.ERROR: error,
        Outcome.TIMEOUT: timeout,
        Outcome.STARVED: starved,
    }
    summary = summary_of(ok, failed=failed, dropped=dropped, unfinished=cut)
    bad = refused + error + timeout
    assert summary.attempts == ok + bad + starved
    assert summary.due == summary.attempts + dropped + cut
    tried, wanted = summary.attempts - starved, summary.due - starved - cut
    assert summary.error_rate == (bad / tried if tried else None)
    assert summary.availability == (ok / wanted if wanted else None)
    if summary.error_rate is not None and summary.availability is not None and not dropped:
        assert summary.error_rate + summary.availability == pytest.approx(1)


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
    cost = ProcessCost(wall_ns=1000, cpu_ns=cpu_ns, run_queue_ns=run_queue_ns)
    state = GeneratorState(processes=(cost,))
    summary = summary_of(1, generator=state)
    assert summary.generator_share == generator_share(state) == (cpu_ns + run_queue_ns) / 1000
    assert summary.saturated is saturated


def test_the_busiest_process_decides() -> None:
    """One process at its end spoils what it sent, however idle the others and however short its own time."""
    idle = ProcessCost(wall_ns=10_000, cpu_ns=2000, run_queue_ns=100)
    busy = ProcessCost(wall_ns=1000, cpu_ns=700, run_queue_ns=250)
    summary = summary_of(1, generator=GeneratorState(processes=(idle, busy, ProcessCost())))
    assert (summary.generator_share, summary.saturated) == (0.95, True)


def test_delay_of_the_generator() -> None:
    """At each percentile it is the larger of the loop's lag and the late start of idle clients."""
    lag, late = count_latencies(range(1, 101)), count_latencies([40] * 92 + [200] * 8)
    state = GeneratorState(loop_lag=lag, start_delay=late)
    found = {50.0: 50, 90.0: 90, 95.0: 200, 99.0: 200, 99.9: 200}
    assert generator_delay_ns(Measurement(operation="x", generator=state), saturated=False) == found
    assert summary_of(1, generator=state).generator_delay_ns == found
    only_lag = Measurement(operation="x", generator=GeneratorState(loop_lag=lag))
    assert generator_delay_ns(only_lag, saturated=False)[99.0] == 99


def test_lateness_is_the_generators_own_when_it_had_no_time_left() -> None:
    """All clients were busy: with the database, or because a generator that is at its end could not go on."""
    late = Measurement(operation="x", lateness=count_latencies([5000] * 100))
    assert generator_delay_ns(late, saturated=False) == {}
    assert generator_delay_ns(late, saturated=True)[50.0] == 5000


def test_waiting_for_the_database_is_no_delay_of_the_generator() -> None:
    """Attempts that were late because every client was busy do not saturate the generator."""
    summary = summary_of(5, lateness=count_latencies([NS_PER_S] * 5))
    assert (summary.generator_delay_ns, summary.saturated) == ({}, False)
    assert summary.lateness is not None
    assert summary.lateness.percentiles[50.0] == NS_PER_S


def test_parts_of_the_response_time() -> None:
    """Lateness, pool wait and service have figures of their own, None where nothing was recorded."""
    summary = summary_of(
        2, lateness=count_latencies([1, 3]), service=count_latencies([5, 7]), pool_wait=count_latencies([])
    )
    assert summary.lateness == summarise_latency(count_latencies([1, 3]))
    assert summary.service == summarise_latency(count_latencies([5, 7]))
    assert summary.pool_wait is None


# --- stages ------------------------------------------------------------------------------------------------------

STAGES = (
    Stage(duration_ns=10 * NS_PER_S, target=50.0),
    Stage(duration_ns=0, target=20.0),
    Stage(duration_ns=20 * NS_PER_S, target=0.0),
)
SEEN = (
    StageMeasurement(ok=100, bad=2, dropped=3, response=count_latencies([MS] * 100)),
    StageMeasurement(),
    StageMeasurement(ok=300, response=count_latencies([2 * MS] * 300)),
)


def staged(measurement: Measurement, cut_short: str | None = None) -> OperationSummary:
    """Return the summary of an open load with stages."""
    phase = make_phase(OpenLoad(rate_per_s=0.0, stages=STAGES))
    return summarise(phase, PLAN, measurement, connections=4, cut_short=cut_short, rows=None)


def test_stages() -> None:
    """A stage begins where the one before it ended, the first at 0; its rate is that of its own duration."""
    stages = staged(Measurement(operation="x", stages=SEEN, measured_ns=31 * NS_PER_S)).stages
    assert [(stage.number, stage.begin_level, stage.target) for stage in stages] == [
        (1, 0.0, 50.0),
        (2, 50.0, 20.0),
        (3, 20.0, 0.0),
    ]
    assert [(stage.ok, stage.bad, stage.dropped) for stage in stages] == [(100, 2, 3), (0, 0, 0), (300, 0, 0)]
    assert [stage.throughput_per_s for stage in stages] == [10.0, 0.0, 15.0]
    assert stages[1].latency is None
    assert stages[2].latency is not None
    assert stages[2].latency.mean == 2 * MS


def test_stages_that_were_cut_short() -> None:
    """Of a phase that was cut short the stage on its way has the rate of its part, and later ones have nothing."""
    measurement = Measurement(operation="x", stages=SEEN[:1], measured_ns=5 * NS_PER_S)
    stages = staged(measurement, cut_short="interrupted").stages
    assert [stage.throughput_per_s for stage in stages] == [20.0, 0.0, 0.0]
    assert [stage.ok for stage in stages] == [100, 0, 0]


def test_what_was_asked_is_kept() -> None:
    """The summary says what was asked for, what cut it short and what became of the rows."""
    measurement, rows = Measurement(operation="x"), RowCounts(at_start=7)
    phase = make_phase(OpenLoad(rate_per_s=500.0, clients=40))
    summary = summarise(phase, PLAN, measurement, connections=12, cut_short="interrupted", rows=rows)
    assert summary.operation is PLAN.operation
    assert (summary.concurrency, summary.connections) == (40, 12)
    assert (summary.load, summary.phase, summary.weight) == (phase.load, "mix", 3.0)
    assert (summary.requested_iterations, summary.requested_duration_ns) == (100, 30 * NS_PER_S)
    assert summary.measurement is measurement
    assert (summary.cut_short, summary.rows) == ("interrupted", rows)
