"""The time for pairs: each unit has its share, and confirming a change takes nothing from anybody."""

from __future__ import annotations

from perfengine.engine.ab.time_budget import TimeBudget
from perfengine.units import NS_PER_S


class Seconds:
    """A clock that a test moves by hand."""

    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        """Return the seconds now."""
        return self.now_s


def test_without_a_budget_there_is_no_end() -> None:
    """However long it takes."""
    clock = Seconds()
    budget = TimeBudget(None, clock)
    budget.begin_unit(left=3)
    clock.now_s += 1e9
    assert not budget.is_over


def test_a_unit_has_its_share() -> None:
    """What one leaves is for those that come after it."""
    clock = Seconds()
    budget = TimeBudget(90 * NS_PER_S, clock)
    budget.begin_unit(left=3)
    clock.now_s += 30
    assert not budget.is_over
    clock.now_s -= 20
    budget.begin_unit(left=2)
    clock.now_s += 40
    assert not budget.is_over
    clock.now_s += 0.1
    assert budget.is_over


def test_confirming_comes_on_top() -> None:
    """Fresh pairs of one operation took the time of the next ones, which then were not compared at all."""
    clock = Seconds()
    budget = TimeBudget(60 * NS_PER_S, clock)
    budget.begin_unit(left=2)
    clock.now_s += 30
    with budget.on_top():
        clock.now_s += 45
    budget.begin_unit(left=1)
    clock.now_s += 29.9
    assert not budget.is_over
    clock.now_s += 0.2
    assert budget.is_over


def test_what_was_used_up_before_leaves_nothing() -> None:
    """A pilot may take longer than all of the time: then there is no pair."""
    clock = Seconds()
    budget = TimeBudget(NS_PER_S, clock)
    clock.now_s += 5
    budget.begin_unit(left=1)
    assert budget.is_over
