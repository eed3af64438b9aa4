"""Users of a closed load: they come, work, think and go as the load says."""

from __future__ import annotations

from itertools import cycle, pairwise
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfengine.engine.messages import Shard
from tests.doubles.target import Act, Lose, Reply
from tests.doubles.world import Moment
from tests.examples import examples_a_loop
from tests.unit.execution.crews import UNWATCHED, make_rig

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.unit.execution.crews import Rig

pytestmark = pytest.mark.anyio

TAKES_NS = 10
Intervals = list[tuple[int, int]]

pauses = st.lists(st.integers(0, 60), min_size=1, max_size=5)
presences = st.lists(st.integers(0, 400), max_size=8, unique=True).map(
    lambda bounds: list(pairwise(sorted(bounds)))[::2]
)


async def live(
    *,
    clients: int = 1,
    present: Sequence[Intervals] | None = None,
    think_ns: Sequence[Sequence[int]] | None = None,
    window_ns: int,
    stop_ns: int | None = None,
    lost: Sequence[int] = (),
) -> tuple[Rig, list[int]]:
    """Return what became of users who share a script without end, and when their attempts began."""
    begun_ns: list[int] = []

    def behave(_: str, __: tuple[Any, ...]) -> Act:
        begun_ns.append(rig.clock.now_ns - origin_ns)
        return Lose(takes_ns=TAKES_NS) if len(begun_ns) - 1 in lost else Reply(takes_ns=TAKES_NS)

    rig = await make_rig(
        behave,
        clients=clients,
        attempts=7,
        repeat=True,
        window_ns=window_ns,
        side_by_side=True,
        patience=UNWATCHED,
    )
    origin_ns = rig.clock.now_ns
    if present is not None:
        rig.round.present = lambda user: [(origin_ns + a, origin_ns + b) for a, b in present[user]]
    if think_ns is not None:
        rig.round.think_ns = lambda user: think_ns[user]
    stop = Moment(origin_ns + (stop_ns or 0), lambda: rig.window.close(rig.clock.now_ns))
    await rig.world.run(lambda: rig.crew.live(rig.round), *([] if stop_ns is None else [stop]))
    return rig, begun_ns


def expected_begins(
    present: Intervals, think_ns: Sequence[int] | None, window_ns: int, takes_ns: int = TAKES_NS
) -> list[int]:
    """Return when a user begins attempts: while it is there, each when the last was thought over."""
    now_ns, begins, thoughts = 0, [], cycle(think_ns or (0,))
    for begin_ns, end_ns in present:
        over_ns = min(end_ns, window_ns)
        now_ns = max(now_ns, min(begin_ns, window_ns))
        while now_ns < over_ns:
            begins.append(now_ns)
            now_ns += takes_ns
            now_ns = max(now_ns, min(now_ns + next(thoughts), over_ns))
    return begins


async def test_a_pause_lies_between_two_attempts_and_in_no_latency() -> None:
    """It begins when the reply is in; pauses come in their order, and start over."""
    rig, begun_ns = await live(think_ns=[(100, 50)], window_ns=300)
    assert begun_ns == [0, 110, 170, 280]
    assert rig.measured.response.moments.maximum == TAKES_NS


@examples_a_loop
@given(users=st.lists(st.tuples(presences, pauses), min_size=1, max_size=6), window_ns=st.integers(1, 450))
async def test_users_come_and_go_as_the_stages_say(
    users: list[tuple[Intervals, list[int]]], window_ns: int
) -> None:
    """Each works in all its intervals and in no other time; nothing begins after the window, all is over by then."""
    present, think_ns = [one[0] for one in users], [one[1] for one in users]
    rig, begun_ns = await live(clients=len(users), present=present, think_ns=think_ns, window_ns=window_ns)
    expected = [expected_begins(*user, window_ns) for user in users]
    assert sorted(begun_ns) == sorted(begin for one in expected for begin in one)
    assert rig.measured.attempts == len(begun_ns)
    assert rig.clock.now_ns < rig.window.end_ns + TAKES_NS
    assert rig.measured.unfinished == 0


async def test_a_user_whose_pause_outlasts_the_window_ends_with_it() -> None:
    """Nobody waits for a thought that leads to nothing."""
    rig, begun_ns = await live(think_ns=[(1_000_000,)], window_ns=300)
    assert begun_ns == [0]
    assert rig.clock.now_ns == rig.window.end_ns


async def test_a_user_who_has_not_come_yet_ends_with_the_window() -> None:
    """As one does whose stage lies behind it."""
    rig, begun_ns = await live(present=[[(900, 1000)]], window_ns=300)
    assert begun_ns == []
    assert rig.clock.now_ns == rig.window.end_ns


@pytest.mark.parametrize("present", [None, [[(0, 10_000)]], [[(0, 15), (5_000, 10_000)]]])
async def test_a_stop_ends_pauses_and_absences_at_once(present: list[Intervals] | None) -> None:
    """Thinking or not there: nobody is waited for, and nobody begins anything."""
    rig, begun_ns = await live(present=present, think_ns=[(1_000,)], window_ns=20_000, stop_ns=500)
    assert begun_ns == [0]
    assert rig.clock.now_ns == rig.window.end_ns


async def test_a_lost_connection_does_not_shift_the_pauses() -> None:
    """The n-th pause is the n-th, and not the first again: who has lost its connection begins anew at once."""
    _, begun_ns = await live(think_ns=[(100, 50, 20)], window_ns=350, lost=[1])
    assert begun_ns == [0, 110, 120, 180, 210, 320]


@examples_a_loop
@given(clients=st.integers(0, 30), processes=st.integers(1, 8))
async def test_every_user_is_in_one_load_process(clients: int, processes: int) -> None:
    """The users of all shards are disjoint and complete: numbers 0 to the number of clients."""
    users: list[int] = []
    for index in range(processes):
        shard = Shard(index=index, count=processes)
        rig = await make_rig(clients=shard.part_of(clients), attempts=0)

        def present(number: int) -> Intervals:
            users.append(number)
            return []

        rig.round.present = present
        await rig.crew.live(rig.round, shard.index, shard.count)
    assert sorted(users) == list(range(clients))
