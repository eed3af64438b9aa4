"""When a run has a canary, and how much of its time that takes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from perfengine.compiler.compile import compile_scenario
from perfengine.database.canary import BATCHES, SLICE_NS, canary_slice
from perfengine.engine.canary import MOST_NS, RunCanary, planned_ns, wants_canary
from perfengine.engine.event_loop import run_async
from perfengine.engine.request import RunRequest
from perfengine.model.canary import CPU_SQL, CanarySlice
from perfengine.model.scenario import ReportRequest, Scenario
from perfengine.model.settings import LoadSettings
from perfengine.units import NS_PER_MS, NS_PER_S, NS_PER_US
from tests.doubles.clock import FakeClock
from tests.entities import make_order, make_scenario


class Server:
    """A driver connection on which work takes its time by the clock: additions 250 us and more, a round trip 50."""

    def __init__(self, clock: FakeClock, *, slower_by_ns: int = 0, distance_ns: int = 0) -> None:
        self.clock = clock
        self.cpu_ns, self.trip_ns = 250 * NS_PER_US + distance_ns, 50 * NS_PER_US + distance_ns
        self.slower_by_ns = slower_by_ns  #: from pass to pass

    async def prepare(self, sql: str) -> Work:
        """Return a statement."""
        return Work(self, is_cpu=sql == CPU_SQL)


class Work:
    """A prepared statement of it."""

    def __init__(self, server: Server, *, is_cpu: bool) -> None:
        self._server, self._is_cpu = server, is_cpu

    async def fetchval(self) -> int:
        """Let the time pass."""
        server = self._server
        server.clock.advance(server.cpu_ns if self._is_cpu else server.trip_ns)
        server.cpu_ns += server.slower_by_ns if self._is_cpu else 0
        return 1


def sliced(server: Server) -> CanarySlice:
    """Return a slice of the canary on that server."""
    return run_async(lambda: canary_slice(server, 7, clock=server.clock))


def test_a_slice() -> None:
    """Five medians of each piece of work, of a quarter of a second in all, and what wakes the server up."""
    server = Server(FakeClock(), slower_by_ns=10)
    began = server.clock.now_ns
    found = sliced(server)
    assert found.measured_ns == 7
    assert found.round_trip_ns == (50 * NS_PER_US,) * BATCHES
    assert len(found.cpu_ns) == BATCHES
    assert list(found.cpu_ns) == sorted(set(found.cpu_ns))
    assert SLICE_NS <= server.clock.now_ns - began <= SLICE_NS + 5 * NS_PER_MS


@pytest.mark.parametrize(("distance_ms", "batches"), [(20, BATCHES), (60, 3), (400, 1)])
def test_a_server_that_is_far_away(distance_ms: int, batches: int) -> None:
    """It has fewer passes, and a slice lasts a pass longer than another at most, and one more to wake it up."""
    server = Server(FakeClock(), distance_ns=distance_ms * NS_PER_MS)
    began = server.clock.now_ns
    assert len(sliced(server).cpu_ns) == batches
    most_ns = 2 * (SLICE_NS + 2 * distance_ms * NS_PER_MS + NS_PER_MS)
    assert server.clock.now_ns - began <= most_ns


def silences(planned_s: float | None, seconds: list[float]) -> list[float]:
    """Return after how many measured seconds slices were taken, of a run that is silent after so many."""
    clock, slices = FakeClock(), list[CanarySlice]()
    canary = RunCanary(
        Server(clock),
        slices,
        None if planned_s is None else round(planned_s * NS_PER_S),
        clock,
    )

    async def run() -> None:
        for second in seconds[:-1]:
            await canary.silence(round(second * NS_PER_S))
        await canary.silence(round(seconds[-1] * NS_PER_S), run_over=True)

    run_async(run)
    assert len(slices) * SLICE_NS <= MOST_NS
    return [one.measured_ns / NS_PER_S for one in slices]


@pytest.mark.parametrize(
    ("planned_s", "silent_at", "taken_at"),
    [
        (10, [0, 10], [0, 10]),
        (10, [0, 0.5, 1, 5, 9, 10], [0, 10]),
        (30, [0, *range(1, 30), 30], [0, 11, 21, 30]),
        (None, [0, *range(1, 300), 300], [0, 11, 21, 31, 42, 52, 300]),
        (300, [0, *range(1, 300), 300], [0, 50, 101, 152, 202, 253, 300]),
    ],
)
def test_how_much_time_it_takes(
    planned_s: float | None, silent_at: list[float], taken_at: list[float]
) -> None:
    """A slice before and one after; between, 2.5 % of the measured time; two seconds in all, over the whole of it."""
    assert silences(planned_s, silent_at) == pytest.approx(taken_at, abs=1.5)


def test_phases_follow_each_other() -> None:
    """The measured time is that of all phases: a slice is due in the second although each is short."""
    clock, slices = FakeClock(), list[CanarySlice]()
    canary = RunCanary(Server(clock), slices, None, clock)

    async def run() -> None:
        for _ in range(2):
            await canary.silence(0)
            await canary.silence(6 * NS_PER_S, phase_over=True)
        await canary.silence(0, run_over=True)

    run_async(run)
    assert [one.measured_ns // NS_PER_S for one in slices] == [0, 12, 12]


ORDER: Scenario = make_scenario(make_order())


def wanted(request: RunRequest, scenario: Scenario = ORDER, **settings: Any) -> bool:
    """Return whether a run of one operation has a canary."""
    plan = compile_scenario(scenario, LoadSettings(filters=("single_order_confirm",), **settings))
    return wants_canary(request, scenario, plan)


RESULT = RunRequest(report_paths=(Path("a.v1.json"),))


@pytest.mark.parametrize(
    ("request_", "duration_s", "has_canary"),
    [
        (RunRequest(), 60, False),
        (RESULT, 60, True),
        (RESULT, 9, False),
        (replace(RESULT, repeats=2), 5, True),
        (RESULT, None, False),
        (RunRequest(prints_json=True), 60, True),
        (RunRequest(report_paths=(Path("a.smaller.json"), Path("a.txt"))), 60, False),
        (RunRequest(baseline=Path("base.json")), None, True),
        (replace(RESULT, canary=False, baseline=Path("base.json")), 60, False),
        (RunRequest(canary=True), None, True),
    ],
)
def test_which_runs_have_one(request_: RunRequest, duration_s: int | None, has_canary: bool) -> None:
    """Those that are compared, now or later: with a baseline, or ten seconds or more whose result is kept as JSON."""
    duration_ns = None if duration_s is None else duration_s * NS_PER_S
    assert wanted(request_, duration_ns=duration_ns) is has_canary


def test_a_result_that_the_document_asks_for() -> None:
    """`reports:` count as `--report` does."""
    (entity,) = ORDER.entities
    reports = (ReportRequest(format="json"),)
    asking = replace(
        ORDER, entities=(replace(entity, performance=replace(entity.performance, reports=reports)),)
    )
    assert wanted(RunRequest(), asking, duration_ns=60 * NS_PER_S)


def test_planned_time() -> None:
    """That of all operations and repeats; iterations do not say how long they take."""
    names = ("single_order_confirm", "order_query")
    timed = compile_scenario(ORDER, LoadSettings(filters=names, duration_ns=5 * NS_PER_S))
    counted = compile_scenario(ORDER, LoadSettings(filters=names, iterations=10))
    assert planned_ns(timed, 3) == 30 * NS_PER_S
    assert planned_ns(counted, 3) is None
