"""Which users are active when."""

from __future__ import annotations

from itertools import pairwise
from math import floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfengine.model.load import Stage, stages_duration_ns
from perfengine.pacing.stretches import stretches_of
from perfengine.pacing.users import active_intervals, level_at
from perfengine.units import NS_PER_S
from tests.unit.pacing.loads import gentle_shapes, shapes

Stages = tuple[Stage, ...]

#: Up to four users in 8 s, four for 2 s, two at once, then down to none.
HILL = (
    Stage(duration_ns=8 * NS_PER_S, target=4.0),
    Stage(duration_ns=2 * NS_PER_S, target=4.0),
    Stage(duration_ns=0, target=2.0),
    Stage(duration_ns=4 * NS_PER_S, target=0.0),
)


def _peak(stages: Stages) -> int:
    return floor(max(stage.target for stage in stages))


@pytest.mark.parametrize(
    ("user", "seconds"), [(0, (2, 12)), (1, (4, 10)), (2, (6, 10)), (3, (8, 10)), (4, None)]
)
def test_one_after_the_other(user: int, seconds: tuple[int, int] | None) -> None:
    """User n starts when the level reaches n + 1 and stops when it falls below."""
    expected = () if seconds is None else ((seconds[0] * NS_PER_S, seconds[1] * NS_PER_S),)
    assert active_intervals(HILL, user) == expected


def test_a_user_may_come_back() -> None:
    """Two hills, two intervals."""
    stages = (
        Stage(duration_ns=0, target=1.0),
        Stage(duration_ns=NS_PER_S, target=1.0),
        Stage(duration_ns=0, target=0.0),
        Stage(duration_ns=NS_PER_S, target=0.0),
        Stage(duration_ns=NS_PER_S, target=2.0),
    )
    assert active_intervals(stages, 0) == ((0, NS_PER_S), (5 * NS_PER_S // 2, 3 * NS_PER_S))


@given(shapes)
def test_all_intervals_together_are_the_integral_of_the_whole_level(stages: Stages) -> None:
    """Active time adds up to the integral of the level without its fraction, to 1 ns a crossing."""
    active_ns = sum(
        end_ns - begin_ns
        for user in range(_peak(stages))
        for begin_ns, end_ns in active_intervals(stages, user)
    )
    area = sum(stretch.area_until(stretch.end_ns) for stretch in stretches_of(stages))
    crossings = 2 * _peak(stages) * len(stages)
    assert -crossings <= area - active_ns <= stages_duration_ns(stages) + crossings


@given(gentle_shapes, st.data())
def test_as_many_are_active_as_the_level_says(stages: Stages, data: st.DataObject) -> None:
    """At any instant users 0..n-1 are, n being the level without its fraction, and nobody else."""
    instant_ns = data.draw(st.integers(-1, stages_duration_ns(stages) + 1))
    active = [
        user
        for user in range(_peak(stages) + 2)
        if any(begin_ns <= instant_ns < end_ns for begin_ns, end_ns in active_intervals(stages, user))
    ]
    assert active == list(range(len(active)))
    level = level_at(stages, instant_ns)
    assert floor(level - 1e-3) <= len(active) <= floor(level + 1e-3)


@given(shapes, st.integers(0, 20))
def test_intervals_are_apart_and_not_empty(stages: Stages, user: int) -> None:
    """Ascending, none touching the next, all within the stages."""
    intervals = active_intervals(stages, user)
    assert all(begin_ns < end_ns for begin_ns, end_ns in intervals)
    assert all(earlier[1] < later[0] for earlier, later in pairwise(intervals))
    assert all(begin_ns >= 0 and end_ns <= stages_duration_ns(stages) for begin_ns, end_ns in intervals)


@pytest.mark.parametrize(
    ("second", "level"), [(-1, 0.0), (0, 0.0), (4, 2.0), (8, 4.0), (9, 4.0), (10, 2.0), (12, 1.0), (14, 0.0)]
)
def test_the_level(second: int, level: float) -> None:
    """Straight lines, after the jump where it jumps, nothing outside."""
    assert level_at(HILL, second * NS_PER_S) == level
