"""Waiting for instants: on time, in order, all of them, and nothing left of who was cancelled."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from time import perf_counter_ns
from typing import TYPE_CHECKING

import anyio
import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfengine.execution.alarm import Alarm, LoopTimer, open_alarm, open_timer
from perfengine.execution.timerfd import TimerFd
from perfengine.units import NS_PER_MS, NS_PER_S
from tests.doubles.clock import FakeClock
from tests.doubles.timer import HandTimer
from tests.examples import examples_a_loop

if TYPE_CHECKING:
    from collections.abc import Callable

    from anyio.abc import TaskGroup

    from perfengine.execution.alarm import Timer

pytestmark = pytest.mark.anyio

DEADLINE_S = 20
instants = st.integers(1, 50)


@dataclass
class Hall:
    """An alarm on a clock moved by hand, and who has gone on, when."""

    clock: FakeClock = field(default_factory=lambda: FakeClock(0))
    gone_on: list[tuple[int, int]] = field(default_factory=list)  #: (instant waited for, name)
    scopes: list[anyio.CancelScope] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.timer = HandTimer(self.clock)
        self.alarm = Alarm(self.clock, self.timer)

    async def wait(self, due_ns: int, name: int) -> None:
        """Wait, and note it."""
        with anyio.CancelScope() as scope:
            self.scopes.append(scope)
            await self.alarm.until(due_ns)
            assert self.clock.now_ns >= due_ns
            self.gone_on.append((due_ns, name))

    async def admit(self, tasks: TaskGroup, dues_ns: list[int]) -> None:
        """Let one waiter come after the other."""
        for name, due_ns in enumerate(dues_ns):
            tasks.start_soon(self.wait, due_ns, name)
        await self.timer.pass_until(self.clock.now_ns)


@examples_a_loop
@given(st.lists(instants, max_size=30), st.lists(instants, min_size=1))
async def test_everybody_goes_on_in_the_first_wake_up_at_or_after_the_instant(
    dues_ns: list[int], moments_ns: list[int]
) -> None:
    """Never early, never lost, ordered by instant and then by who came first; one firing a wake-up."""
    hall = Hall()
    async with anyio.create_task_group() as tasks:
        await hall.admit(tasks, dues_ns)
        in_order = sorted((due_ns, name) for name, due_ns in enumerate(dues_ns))
        for wake_ups, now_ns in enumerate([*sorted(set(moments_ns)), 51], start=1):
            await hall.timer.pass_until(now_ns)
            assert hall.gone_on == [waiter for waiter in in_order if waiter[0] <= now_ns]
            assert len(hall.alarm) == len(dues_ns) - len(hall.gone_on)
            assert hall.timer.firings <= wake_ups


@examples_a_loop
@given(st.lists(st.tuples(instants, st.none() | instants), max_size=30))
async def test_a_cancelled_waiter_leaves_no_trace_and_takes_nobody_along(
    waiters: list[tuple[int, int | None]],
) -> None:
    """Each is cancelled at its moment, if it has one; the others go on as if it had never been there."""
    hall = Hall()
    async with anyio.create_task_group() as tasks:
        await hall.admit(tasks, [due_ns for due_ns, _ in waiters])
        for now_ns in range(1, 51):
            for scope, (_, cancelled_ns) in zip(hall.scopes, waiters, strict=True):
                if cancelled_ns == now_ns:
                    scope.cancel()
            await hall.timer.pass_until(now_ns - 1)  # cancellation is delivered; no time passes
            expected = [waits for waits in waiters if waits[0] >= now_ns and not _is_past(waits[1], now_ns)]
            assert len(hall.alarm) == len(expected)
            await hall.timer.pass_until(now_ns)
    survivors = [
        (due_ns, name)
        for name, (due_ns, cancelled_ns) in enumerate(waiters)
        if cancelled_ns is None or cancelled_ns > due_ns
    ]
    assert hall.gone_on == sorted(survivors)


def _is_past(moment_ns: int | None, now_ns: int) -> bool:
    return moment_ns is not None and moment_ns <= now_ns


async def test_cancelled_in_the_very_moment_of_the_wake_up() -> None:
    """Who is cancelled after the timer fired and before it goes on is gone, and the next one is still woken."""
    hall = Hall()
    async with anyio.create_task_group() as tasks:
        await hall.admit(tasks, [10, 10, 20])
        hall.clock.now_ns = 10
        hall.scopes[0].cancel()
        hall.timer.fire()
        await hall.timer.pass_until(10)
        assert hall.gone_on == [(10, 1)]
        await hall.timer.pass_until(20)
        assert hall.gone_on == [(10, 1), (20, 2)]


async def test_the_past_is_not_waited_for() -> None:
    """An instant that is over, or now, comes back without a turn of the loop and without the timer."""
    hall = Hall(clock=FakeClock(100))
    waiting = hall.alarm.until(100)
    with pytest.raises(StopIteration):
        waiting.send(None)
    assert hall.timer.armed_ns is None


async def test_the_timer_is_armed_for_the_next_one_only() -> None:
    """A later waiter does not touch it, an earlier one moves it forward, and each firing moves it on."""
    hall = Hall()
    async with anyio.create_task_group() as tasks:
        await hall.admit(tasks, [20])
        assert hall.timer.armed_ns == 20
        await hall.admit(tasks, [30, 10])
        assert hall.timer.armed_ns == 10
        await hall.timer.pass_until(10)
        assert hall.timer.armed_ns == 20
        await hall.timer.pass_until(30)
        assert hall.timer.armed_ns is None


async def test_a_timer_that_fires_early_wakes_nobody() -> None:
    """It is armed anew for the same instant."""
    hall = Hall()
    async with anyio.create_task_group() as tasks:
        await hall.admit(tasks, [20])
        hall.clock.now_ns = 19
        hall.timer.fire()
        assert (hall.timer.armed_ns, hall.gone_on) == (20, [])
        await hall.timer.pass_until(20)
        assert hall.gone_on == [(20, 0)]


async def test_a_release_lets_everybody_go_on_now() -> None:
    """In order, and whoever comes afterwards waits as ever."""
    hall = Hall()
    gone_on: list[int] = []

    async def wait(due_ns: int) -> None:
        await hall.alarm.until(due_ns)
        gone_on.append(due_ns)

    async with anyio.create_task_group() as tasks:
        for due_ns in (30, 10, 20):
            tasks.start_soon(wait, due_ns)
        await hall.timer.pass_until(5)
        hall.alarm.release()
        await hall.timer.pass_until(6)
        assert gone_on == [10, 20, 30]
        tasks.start_soon(wait, 15)
        await hall.timer.pass_until(14)
        assert len(hall.alarm) == 1
        await hall.timer.pass_until(15)
    assert gone_on == [10, 20, 30, 15]


async def test_closing_lets_nobody_wait() -> None:
    """Who waits is told, who comes later too, and the timer is given back."""
    hall = Hall()

    async def close_while_two_wait() -> None:
        async with anyio.create_task_group() as tasks:
            await hall.admit(tasks, [10, 20])
            hall.alarm.close()

    with pytest.raises(BaseExceptionGroup) as told:
        await close_while_two_wait()
    assert [type(error) for error in told.value.exceptions] == [anyio.ClosedResourceError] * 2
    assert (hall.timer.closed, len(hall.alarm)) == (True, 0)
    with pytest.raises(anyio.ClosedResourceError):
        await hall.alarm.until(10)


TIMERS = [
    pytest.param(lambda: LoopTimer(perf_counter_ns), id="loop"),
    pytest.param(
        TimerFd, id="timerfd", marks=pytest.mark.skipif(sys.platform != "linux", reason="Linux has timerfd")
    ),
]


@pytest.mark.parametrize("make", TIMERS)
async def test_on_a_real_clock_nobody_goes_on_early(make: Callable[[], Timer]) -> None:
    """Two hundred instants within 50 ms, in any order: all are reached, none before its time."""
    alarm = Alarm(perf_counter_ns, make())
    earliness_ns: list[int] = []

    async def wait(due_ns: int) -> None:
        await alarm.until(due_ns)
        earliness_ns.append(due_ns - perf_counter_ns())

    with anyio.fail_after(DEADLINE_S):
        async with anyio.create_task_group() as tasks:
            begin_ns = perf_counter_ns()
            for number in range(200):
                tasks.start_soon(wait, begin_ns + number * 7919 % 200 * NS_PER_MS // 4)
    alarm.close()
    assert len(earliness_ns) == 200
    assert max(earliness_ns) <= 0


@pytest.mark.parametrize("make", TIMERS)
async def test_a_timer_that_is_armed_anew_forgets_the_instant_before(make: Callable[[], Timer]) -> None:
    """Armed for an hour, then for now, it fires once, soon."""
    timer, fired = make(), anyio.Event()
    firings: list[int] = []

    def ring() -> None:
        firings.append(perf_counter_ns())
        fired.set()

    timer.listen(ring)
    timer.arm(perf_counter_ns() + 3600 * NS_PER_S)
    timer.arm(perf_counter_ns() - 1)
    with anyio.fail_after(DEADLINE_S):
        await fired.wait()
    timer.close()
    assert len(firings) == 1


@pytest.mark.skipif(sys.platform != "linux", reason="Linux has timerfd")
async def test_linux_waits_with_the_kernels_timer() -> None:
    """And gives its file back."""
    timer = open_timer()
    assert isinstance(timer, TimerFd)
    timer.listen(lambda: None)
    timer.close()


async def test_without_timerfd_the_loop_serves(monkeypatch: pytest.MonkeyPatch) -> None:
    """A system that refuses the kernel's timer gets the coarser one, and waits all the same."""

    def refuse() -> TimerFd:
        raise OSError("no timerfd here")

    monkeypatch.setattr("perfengine.execution.alarm.TimerFd", refuse)
    assert isinstance(open_timer(), LoopTimer)
    alarm = open_alarm()
    due_ns = perf_counter_ns() + NS_PER_MS
    with anyio.fail_after(DEADLINE_S):
        await alarm.until(due_ns)
    alarm.close()
    assert perf_counter_ns() >= due_ns
