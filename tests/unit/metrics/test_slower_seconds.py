"""Slow attempts are counted in the second in which they ended, exactly."""

from __future__ import annotations

from hypothesis import given

from perfengine.metrics.merge import add_seconds
from perfengine.model.measurement import SecondCounts
from perfengine.units import NS_PER_S
from tests.examples import few_examples
from tests.unit.metrics.intervals import sum_up
from tests.unit.metrics.streams import Desk, Load, Round, loads, streams

LIMITS_NS = (NS_PER_S, NS_PER_S // 2)  # in no order


@few_examples
@given(streams, loads)
def test_seconds_hold_all_slow_attempts(stream: list[Round], load: Load) -> None:
    """Of each limit, the seconds add up to the count of the whole; none has more of them than ok attempts."""
    (part,) = sum_up(Desk(load, LIMITS_NS, ()).play(stream))
    for place, limit_ns in enumerate(sorted(LIMITS_NS)):
        assert sum(one.slower[place] for one in part.seconds if one.slower) == part.slower_than[limit_ns]
    assert all(slow <= one.ok for one in part.seconds for slow in one.slower)


def test_seconds_add_up() -> None:
    """A second in which nothing was counted takes nothing away."""
    both = add_seconds(SecondCounts(ok=3, due=3, slower=(2, 1)), SecondCounts(ok=1, due=1))
    assert both == SecondCounts(ok=4, due=4, slower=(2, 1))
