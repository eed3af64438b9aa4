"""Stretches of measured time: as long as each other, never too many, and nothing is lost in them."""

from __future__ import annotations

from operator import add

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfengine.metrics.stretches import Stretches


@given(st.lists(st.tuples(st.integers(1, 5_000), st.integers(1, 9)), max_size=50), st.integers(1, 20))
def test_values_lie_in_the_stretch_of_their_second(told: list[tuple[int, int]], most: int) -> None:
    """Whatever came first: a stretch holds what was told of its seconds, and there are no more than so many."""
    stretches: Stretches[int] = Stretches(most, add)
    for second, value in told:
        stretches.add(second, value)
    found = stretches.in_order()
    length = stretches.length_s
    assert len(found) <= most
    assert [begin_s for begin_s, _ in found] == sorted({(s - 1) // length * length for s, _ in told})
    for begin_s, value in found:
        assert value == sum(each for s, each in told if begin_s < s <= begin_s + length)


@pytest.mark.parametrize(("last", "length"), [(1, 1), (3, 1), (4, 2), (6, 2), (7, 4), (12, 4), (13, 8)])
def test_they_are_no_longer_than_they_must_be(last: int, length: int) -> None:
    """Three at most: the second that would need a fourth makes all of them twice as long."""
    stretches: Stretches[int] = Stretches(3, add)
    stretches.add(last, 1)
    assert stretches.length_s == length


def test_a_value_that_is_nothing_is_a_value() -> None:
    """What was told is kept, also where it counts nothing."""
    stretches: Stretches[int] = Stretches(2, add)
    stretches.add(1, 0)
    stretches.add(1, 3)
    assert stretches.in_order() == [(0, 3)]
