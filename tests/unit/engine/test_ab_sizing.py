"""How long slices are, what is discarded of them, and how much is made ready for each."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfengine.compiler.compile import compile_scenario
from perfengine.engine.ab.sizing import for_slices, sized, slice_length
from perfengine.metrics.counts import Counts
from perfengine.model.comparison import OperationSample
from perfengine.model.load import OpenLoad, Stage
from perfengine.model.settings import LoadSettings
from perfengine.model.workload import NOTHING_SAID, WhenExhausted, Workload
from perfengine.units import NS_PER_MS, NS_PER_S
from tests.entities import make_order, make_scenario

if TYPE_CHECKING:
    from perfengine.model.plan import PhasePlan


def pilot(ok: int, latency_ms: float) -> OperationSample:
    """Return a pilot of a second with so many attempts, all as long."""
    counts = Counts()
    counts.add(np.full(ok, round(latency_ms * NS_PER_MS), dtype=np.int64))
    return OperationSample(
        name="work",
        response=counts.freeze().counts,
        mean_ns=latency_ms * NS_PER_MS,
        ok=ok,
        bad=0,
        due=ok,
        measured_ns=NS_PER_S,
    )


def phase_of(operation: str, workload: Workload = NOTHING_SAID) -> PhasePlan:
    """Return the phase of an operation of the order."""
    scenario = replace(make_scenario(make_order()), workload=workload)
    settings = LoadSettings(concurrency=2, duration_ns=NS_PER_S, filters=(operation,), data_size=50)
    return compile_scenario(scenario, settings).phases[0]


@pytest.mark.parametrize(
    ("rates", "latency_ms", "slice_s", "lead_s"),
    [
        ((4000, 5000), 0.2, 0.5, 0.025),  # half a second at least; 5 % of it are more than 20 attempts
        ((100, 5000), 0.2, 2.0, 0.2),  # 200 attempts of the slower arm; 20 of them are more than 5 %
        ((4000, 4000), 50, 1.0, 0.05),  # twenty times the p99
    ],
)
def test_carry_over(rates: tuple[int, int], latency_ms: float, slice_s: float, lead_s: float) -> None:
    """The slower arm says how long both turn; its first attempts are left out."""
    length = slice_length([pilot(rate, latency_ms) for rate in rates], None)
    assert length.slice_ns == pytest.approx(slice_s * NS_PER_S, rel=1e-3)
    assert length.lead_ns == pytest.approx(lead_s * NS_PER_S, rel=0.02)
    assert length.attempts == pytest.approx(max(rates) * slice_s, rel=1e-3)
    assert not length.is_short


def test_a_length_that_was_asked_for() -> None:
    """It wins, and is known to be short; never more than half of it is left out."""
    length = slice_length([pilot(100, 1), pilot(100, 1)], 100 * NS_PER_MS)
    assert (length.slice_ns, length.is_short) == (100 * NS_PER_MS, True)
    assert length.lead_ns == 50 * NS_PER_MS
    assert not slice_length([pilot(100, 1), pilot(100, 1)], 3 * NS_PER_S).is_short


@given(st.integers(1, 100_000))
def test_rows_of_a_slice(attempts: int) -> None:
    """As many rows as a slice uses up, with a margin, under the first of the keys that the plan had."""
    phase = phase_of("single_order_confirm")
    (before,), (after,) = phase.operations, sized(phase, attempts).operations
    rows = after.operation.rows
    assert rows is not None
    assert after.round_attempts >= min(1.5 * attempts, before.round_attempts)
    assert after.round_attempts <= before.round_attempts
    assert after.keys.start == before.keys.start
    assert after.keys.count == rows.per_attempt * (after.warmup_attempts + after.round_attempts)
    assert after.keys.stop <= before.keys.stop


def test_shared_rows_stay_as_many() -> None:
    """Fewer rows that attempts share would be another workload."""
    phase = phase_of("order_update")
    assert sized(phase, 10) == phase


def test_rows_are_made_anew_whatever_the_workload_says() -> None:
    """Neither rows of its own for every slice, which grow the table, nor an end of them."""
    for word in (WhenExhausted.CREATE, WhenExhausted.STOP):
        phase = for_slices(phase_of("single_order_confirm", Workload(when_exhausted=word)))
        assert phase.when_exhausted is WhenExhausted.RECYCLE
        assert all(plan.stride == 0 and plan.rows_for is None for plan in phase.operations)


def test_stages_become_a_steady_load() -> None:
    """A slice at the foot of a ramp would not be like one at its top."""
    stages = (Stage(duration_ns=0, target=0), Stage(duration_ns=NS_PER_S, target=70))
    phase = for_slices(phase_of("order_query"))
    load = OpenLoad(rate_per_s=10, stages=stages)
    steady = for_slices(replace(phase, load=load)).load
    assert isinstance(steady, OpenLoad)
    assert (steady.rate_per_s, steady.stages) == (70, ())
