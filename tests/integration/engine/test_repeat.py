"""A load that is repeated on one sandbox: rows are made anew, and all repeats are one measurement."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pytest

from perfengine.compiler.compile import compile_scenario
from perfengine.engine.event_loop import run_async
from perfengine.engine.events import PhaseBegan
from perfengine.engine.planning import PlannedRun
from perfengine.engine.request import TargetRequest
from perfengine.engine.run import run_plan
from perfengine.model.requirement import Metric
from perfengine.model.series import About
from perfengine.model.settings import LoadSettings
from perfengine.model.stabilising import Step
from perfengine.model.stability import Steadiness
from perfengine.model.verdict import Verdict
from perfengine.model.workload import Mode
from perfengine.units import NS_PER_S
from tests.documents import scenario_of
from tests.integration.engine.looking import Onlooker
from tests.integration.engine.parcels import PARCEL
from tests.integration.engine.runs import Watcher, plan_order
from tests.integration.made import made_database

if TYPE_CHECKING:
    from perfengine.embedded.server import EmbeddedServer
    from perfengine.engine.events import Event
    from perfengine.model.result import RunResult

REPEATS = 3
ITERATIONS = 40
SETTINGS = LoadSettings(iterations=ITERATIONS, concurrency=2, data_size=200)


@dataclass(frozen=True)
class Repeated:
    """What came of a repeated run of every operation of the order."""

    result: RunResult
    heard: list[Event]
    left: int  #: sessions, when it had ended


@pytest.fixture(scope="module")
def repeated(server: EmbeddedServer) -> Repeated:
    """Return what came of one run, which the tests below look at from several sides."""
    watcher = Watcher()
    planned = replace(plan_order(SETTINGS), repeats=REPEATS, stabilise=True)
    with made_database(server) as dsn:
        onlooker = Onlooker(dsn)
        try:
            result = run_async(run_plan, planned, TargetRequest(dsn=dsn), watcher)
            return Repeated(result, watcher.heard, onlooker.sessions())
        finally:
            onlooker.close()


def test_repeats_are_one_measurement(repeated: Repeated) -> None:
    """Each operation is there once, with the attempts of all repeats; their rows were there, and are verified."""
    result = repeated.result
    names = [one.operation.name for one in result.operations]
    assert names == list(dict.fromkeys(names))
    assert result.repeats == REPEATS
    assert {one.attempts for one in result.operations} == {REPEATS * ITERATIONS}
    assert all(one.ok == one.attempts for one in result.operations)
    assert all(one.rows.verified for one in result.operations if one.rows)
    confirm = next(one for one in result.operations if one.rows and one.rows.expected)
    assert confirm.rows
    assert confirm.rows.expected == confirm.ok + confirm.measurement.warmup_attempts
    assert [one.requested_iterations for one in result.operations] == [REPEATS * ITERATIONS] * len(names)
    for one in result.operations:
        histogram = one.measurement.response
        assert sum(histogram.counts.values()) == histogram.moments.count == one.ok
        assert sum(second.ok for second in one.measurement.seconds) == one.ok
    began = [event for event in repeated.heard if isinstance(event, PhaseBegan) and event.phase == "measure"]
    assert [event.number for event in began] == list(range(1, REPEATS * len(names) + 1))
    assert {event.total for event in began} == {REPEATS * len(names)}
    assert repeated.left == 0


def test_spread_and_series(repeated: Repeated) -> None:
    """Each repeat gives a mean; three of them prove nothing; the series go on where the one before ended."""
    result = repeated.result
    for operation, repeats in zip(result.operations, result.stability, strict=True):
        assert repeats.operation == operation.operation.name
        assert len(repeats.means_ns) == len(repeats.steady) == REPEATS
        assert operation.latency
        assert sum(repeats.means_ns) / REPEATS == pytest.approx(operation.latency.mean)
        assert repeats.between.verdict is Verdict.UNPROVEN
        assert repeats.between.runs == REPEATS
        assert {state.steadiness for state in repeats.steady} == {Steadiness.TOO_SHORT}
    times = [series.times_s for series in result.series if series.about is About.OPERATION]
    assert len(times) == len(result.operations)
    assert all(list(one) == sorted(set(one)) for one in times)


def test_each_repeat_is_stabilised(repeated: Repeated) -> None:
    """All steps, in their order, before each repeat; on a server of our own each can be done."""
    result = repeated.result
    assert [(one.repeat, one.step) for one in result.stabilised] == [
        (repeat, step) for repeat in range(1, REPEATS + 1) for step in Step
    ]
    assert all(one.done and one.took_s >= 0 for one in result.stabilised)


LIMITS = """\
requirements:
  load: {concurrent_users: 2, requests_per_second: 0.5, error_rate: 0.01}
  resources: {memory_per_request: 1GB, cpu_per_request: 10s, connections: 2}
"""


def test_limits_on_the_whole_run(inhabited: str) -> None:
    """Every limit of the groups `load` and `resources` is judged, on all repeats together; none is left out."""
    scenario = scenario_of(PARCEL, LIMITS)
    settings = LoadSettings(duration_ns=NS_PER_S, concurrency=2, filters=("parcel_query",))
    planned = PlannedRun(scenario=scenario, plan=compile_scenario(scenario, settings), repeats=2)
    result = run_async(run_plan, planned, TargetRequest(dsn=inhabited), Watcher())
    judged = {one.metric: one for one in result.judgements}
    assert list(judged) == [
        Metric.CONCURRENT_USERS,
        Metric.THROUGHPUT,
        Metric.ERROR_RATE,
        Metric.MEMORY_PER_REQUEST,
        Metric.CPU_PER_REQUEST,
        Metric.CONNECTIONS,
    ]
    for metric in (Metric.CONCURRENT_USERS, Metric.THROUGHPUT, Metric.ERROR_RATE, Metric.CONNECTIONS):
        assert judged[metric].verdict is Verdict.PASS
    assert judged[Metric.ERROR_RATE].samples == result.operations[0].attempts
    for metric in (Metric.MEMORY_PER_REQUEST, Metric.CPU_PER_REQUEST):  # where the system tells
        assert judged[metric].verdict is Verdict.PASS or judged[metric].detail
    assert [one.operation.name for one in result.without_limit] == ["parcel_query"]


def test_mix_is_repeated(inhabited: str) -> None:
    """Operations that are loaded together are so again, and keep their shares."""
    settings = replace(SETTINGS, iterations=60, warmup_ns=NS_PER_S // 10)
    planned = plan_order(settings)
    mixed = replace(planned.scenario, workload=replace(planned.scenario.workload, mode=Mode.MIX))
    planned = replace(planned, scenario=mixed, plan=compile_scenario(mixed, settings), repeats=2)
    result = run_async(run_plan, planned, TargetRequest(dsn=inhabited), Watcher())
    assert sum(one.attempts for one in result.operations) == 2 * 60
    assert all(one.ok == one.attempts for one in result.operations)
    assert not result.stabilised
