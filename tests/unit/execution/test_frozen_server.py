"""A server that stands still for a while: what an open load sees of it, by arithmetic, and what a closed one does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from perfengine.stats.hdr import percentile
from perfengine.units import NS_PER_MS, NS_PER_S
from tests.doubles.target import Act, Reply
from tests.unit.execution.crews import UNWATCHED, make_rig

if TYPE_CHECKING:
    from perfengine.model.measurement import LatencyCounts
    from tests.unit.execution.crews import Rig

pytestmark = pytest.mark.anyio

RUN_NS, RATE_PER_S, CLIENTS = 30 * NS_PER_S, 100, 5
#: The server answers in a millisecond, but for 1.4 s in which it answers nobody.
USUAL_NS, FREEZE_NS, FROZEN_FROM_NS = NS_PER_MS, 1_400 * NS_PER_MS, 10 * NS_PER_S + NS_PER_MS // 2


def answered_ns(begin_ns: int) -> int:
    """Return when the server answers what it is asked at `begin_ns`, from the begin of the run."""
    thawed_ns = FROZEN_FROM_NS + FREEZE_NS
    if begin_ns < FROZEN_FROM_NS:
        end_ns = begin_ns + USUAL_NS
        return end_ns + FREEZE_NS if end_ns > FROZEN_FROM_NS else end_ns
    return max(begin_ns, thawed_ns) + USUAL_NS


async def make_frozen_rig(attempts: int) -> Rig:
    """Return a crew on that server."""

    def behave(_: str, __: tuple[Any, ...]) -> Act:
        now_ns = rig.clock.now_ns - origin_ns
        return Reply(takes_ns=answered_ns(now_ns) - now_ns)

    rig = await make_rig(
        behave,
        clients=CLIENTS,
        attempts=attempts,
        repeat=True,
        window_ns=RUN_NS,
        side_by_side=True,
        patience=UNWATCHED,
    )
    origin_ns = rig.clock.now_ns
    return rig


def p99_ns(latency: LatencyCounts) -> int:
    """Return the 99th percentile."""
    return percentile(latency.counts, latency.moments.count, 0.99)


def slower_than(latency: LatencyCounts, limit_ns: int) -> int:
    """Return how many took longer, to the histogram's precision."""
    total = latency.moments.count
    return sum(percentile(latency.counts, total, (n + 0.5) / total) > limit_ns for n in range(total))


async def test_an_open_load_feels_all_of_the_stall() -> None:
    """Response p99 = stall - 1 % of the run: 1.4 s - 0.01 x 30 s = 1.1 s; the service has it once a client."""
    due_ns = range(0, RUN_NS, NS_PER_S // RATE_PER_S)
    rig = await make_frozen_rig(attempts=50)
    rig.schedule(due_ns, clients=CLIENTS)
    await rig.world.run(rig.follow)
    measured = rig.measured
    assert (measured.attempts, measured.dropped) == (len(due_ns), 0)
    expected_ns = FREEZE_NS - RUN_NS // 100
    assert p99_ns(measured.response) == pytest.approx(expected_ns, rel=0.05)
    assert slower_than(measured.service, FREEZE_NS // 2) == CLIENTS
    assert p99_ns(measured.service) < 2 * USUAL_NS
    # the mean number that waited follows from the triangle: half of stall x what was due in it
    assert measured.response.moments.total == pytest.approx(
        FREEZE_NS * FREEZE_NS * RATE_PER_S / (2 * NS_PER_S), rel=0.06
    )


async def test_the_generator_is_not_blamed_for_the_stall() -> None:
    """Nobody who was waiting for an arrival began it late; the lateness is that of clients that were all busy."""
    rig = await make_frozen_rig(attempts=50)
    rig.schedule(range(0, RUN_NS, NS_PER_S // RATE_PER_S), clients=CLIENTS)
    await rig.world.run(rig.follow)
    assert max(rig.round.start_delay_ns) == 0
    assert p99_ns(rig.measured.lateness) == pytest.approx(FREEZE_NS - RUN_NS // 100, rel=0.05)


async def test_a_closed_load_hardly_notices() -> None:
    """One slow attempt a user is all that is recorded, whatever an application would have sent meanwhile."""
    rig = await make_frozen_rig(attempts=50)
    rig.round.think_ns = lambda _: (49 * NS_PER_MS,)
    await rig.world.run(lambda: rig.crew.live(rig.round))
    measured = rig.measured
    assert slower_than(measured.response, FREEZE_NS // 2) == CLIENTS
    assert p99_ns(measured.response) < 2 * USUAL_NS
    assert measured.lateness.moments.maximum == 0
