"""An open load: attempts are due when the schedule says so, whatever became of those before them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfengine.execution.arrivals import DRAIN_NS
from perfengine.model.rows import Fate
from perfengine.units import NS_PER_MS, NS_PER_S
from tests.builders import count_latencies
from tests.doubles.target import Act, Reply
from tests.doubles.world import Moment
from tests.examples import examples_a_loop
from tests.unit.execution.crews import UNWATCHED, make_rig, with_fate
from tests.unit.execution.queueing import simulate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.unit.execution.crews import Rig

pytestmark = pytest.mark.anyio

TENTH_NS = NS_PER_S // 10
#: On a coarse grid, so that many things happen at once.
halves = st.integers(0, 20).map(lambda count: count * NS_PER_S // 2)
durations = st.integers(1, 8).map(lambda count: count * NS_PER_S // 2)
arrivals = st.lists(st.tuples(halves, durations), max_size=40).map(sorted)
#: When the window ends, or is closed: between two instants of the grid.
ends = halves.map(lambda instant: instant + 7)


async def follow(
    due_ns: Sequence[int],
    takes_ns: Sequence[int],
    *,
    clients: int = 1,
    connections: int | None = None,
    max_in_flight: int | None = None,
    window_ns: int | None = None,
    stop_ns: int | None = None,
) -> tuple[Rig, dict[int, int]]:
    """Return what became of a schedule on a server that takes so long for each attempt, and when which began."""
    begun_ns: dict[int, int] = {}

    def behave(_: str, arguments: tuple[Any, ...]) -> Act:
        begun_ns[arguments[0]] = rig.clock.now_ns - origin_ns
        return Reply(takes_ns=takes_ns[arguments[0]])

    rig = await make_rig(
        behave,
        clients=clients,
        connections=connections,
        attempts=len(due_ns),
        window_ns=window_ns,
        side_by_side=True,
        patience=UNWATCHED,
    )
    waiting = None if max_in_flight is None else max_in_flight - clients
    rig.schedule(due_ns, clients=clients, waiting=waiting)
    origin_ns = rig.clock.now_ns
    stop = Moment(origin_ns + (stop_ns or 0), lambda: rig.window.close(rig.clock.now_ns))
    await rig.world.run(rig.follow, *([] if stop_ns is None else [stop]))
    return rig, begun_ns


def require_sums(rig: Rig, due: int) -> None:
    """Fail unless all that was due is an attempt, dropped or unfinished: in all, by second, for the schedule."""
    measured = rig.measured
    assert rig.round.arrivals is not None
    assert measured.attempts + measured.dropped + measured.unfinished == due
    assert sum(second.due for second in measured.seconds) == due
    assert sum(second.dropped for second in measured.seconds) == measured.dropped
    assert rig.round.arrivals.taken == due


@examples_a_loop
@given(
    arrivals=arrivals,
    clients=st.integers(1, 4),
    more=st.none() | st.integers(0, 3),
    window_ns=st.none() | ends,
    stop_ns=st.none() | ends,
)
async def test_it_is_the_queue_that_theory_knows(
    arrivals: list[tuple[int, int]],
    clients: int,
    more: int | None,
    window_ns: int | None,
    stop_ns: int | None,
) -> None:
    """Every attempt begins when a queue says, in its order; exactly those are dropped that it turns away.

    The window may end, and may be closed before; what is due then is still served, five seconds at most.
    """
    due_ns, takes_ns = [due for due, _ in arrivals], [takes for _, takes in arrivals]
    limit = None if more is None else clients + more
    rig, begun_ns = await follow(
        due_ns, takes_ns, clients=clients, max_in_flight=limit, window_ns=window_ns, stop_ns=stop_ns
    )
    given = [instant for instant in (window_ns, stop_ns) if instant is not None]
    end_ns = min(given, default=2 * DRAIN_NS + max(due_ns, default=0))
    last_begin_ns = end_ns + DRAIN_NS if given else sum(takes_ns) + max(due_ns, default=0)
    theory = simulate(
        due_ns, takes_ns, servers=clients, max_in_flight=limit, end_ns=end_ns, last_begin_ns=last_begin_ns
    )
    begun, measured = theory.begun_ns, rig.measured
    assert begun_ns == begun
    assert with_fate(rig.script, Fate.OK) == list(begun)
    assert measured.response == count_latencies([at - due_ns[n] + takes_ns[n] for n, at in begun.items()])
    assert measured.lateness == count_latencies([at - due_ns[n] for n, at in begun.items()])
    assert measured.service == count_latencies([takes_ns[n] for n in begun])
    assert measured.dropped == len(theory.dropped)
    require_sums(rig, sum(due < end_ns for due in due_ns))


async def test_a_stall_shifts_nothing_that_is_due_later() -> None:
    """What was due meanwhile begins at once, in its order; what is due after it begins on time."""
    due_ns = [n * TENTH_NS for n in range(20)]
    takes_ns = [TENTH_NS // 100] * 20
    takes_ns[2] = 9 * TENTH_NS + TENTH_NS // 2  # from 0.2 s to 1.15 s
    rig, begun_ns = await follow(due_ns, takes_ns)
    lateness_ns = [0] * 20
    free_ns = due_ns[2] + takes_ns[2]
    for number in range(3, 12):
        lateness_ns[number] = free_ns - due_ns[number]
        free_ns += takes_ns[number]
    assert free_ns < due_ns[12]
    assert rig.measured.lateness == count_latencies(lateness_ns)
    assert rig.measured.response == count_latencies(
        late + takes for late, takes in zip(lateness_ns, takes_ns, strict=True)
    )
    assert list(begun_ns) == list(range(20))


async def test_what_the_server_holds_up_is_not_the_generator_being_late() -> None:
    """Only clients that were waiting for an arrival say how late it was begun."""
    due_ns = [n * NS_PER_MS for n in range(50)]
    rig, _ = await follow(due_ns, [10 * NS_PER_MS] + [NS_PER_MS // 2] * 49)
    assert rig.measured.lateness.moments.maximum == 9 * NS_PER_MS
    assert 0 < len(rig.round.start_delay_ns) < 50
    assert set(rig.round.start_delay_ns) == {0}


async def test_a_late_wake_up_is() -> None:
    """It is in the response too: the generator may make the server look slower, never faster."""
    rig = await make_rig(attempts=3)
    rig.schedule([100, 200, 300], clients=1)
    world = rig.world
    await world.run(rig.follow, Moment(world.clock.now_ns, lambda: world.clock.advance(100 + 40)))
    assert list(rig.round.start_delay_ns) == [40]
    assert rig.measured.lateness.moments.maximum == 40 + 1_000 - 100 + 1_000 - 100


async def test_clients_of_a_schedule_may_share_connections() -> None:
    """Then four instants tell apart who was awaited: a client, a connection, the server."""
    rig, _ = await follow([0, 0, 0, 0], [10] * 4, clients=3, connections=1)
    measured = rig.measured
    assert measured.lateness == count_latencies([0, 0, 0, 10])
    assert measured.pool_wait == count_latencies([0, 10, 20, 20])
    assert measured.service == count_latencies([10] * 4)
    assert measured.response == count_latencies([10, 20, 30, 40])


async def test_a_round_ends_with_its_attempts() -> None:
    """The schedule goes on where it was left: the arrival that finds no attempt is the next round's first."""
    rig = await make_rig(attempts=2, side_by_side=True, patience=UNWATCHED)
    arrivals = rig.schedule(range(0, 10_000, 2_000), clients=1)
    origin_ns = rig.clock.now_ns
    await rig.world.run(rig.follow)
    assert (arrivals.taken, arrivals.next_due_ns) == (2, origin_ns + 4_000)
    require_sums(rig, 2)
