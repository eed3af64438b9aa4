"""Which users of a closed load with stages are active when: one after the other, as the level rises and falls."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from perfengine.pacing.stretches import stretches_of

if TYPE_CHECKING:
    from perfengine.model.load import Stage
    from perfengine.pacing.stretches import Stretch


def level_at(stages: tuple[Stage, ...], instant_ns: int) -> float:
    """Return the level at an instant, where it jumps that after the jump; 0 before the origin and after the end."""
    for stretch in stretches_of(stages):
        if stretch.begin_ns <= instant_ns < stretch.end_ns:
            return float(stretch.level_at(instant_ns))
    return 0.0


def active_intervals(stages: tuple[Stage, ...], user: int) -> tuple[tuple[int, int], ...]:
    """Return when user number `user`, from 0, is active: begin and end (exclusive) in ns from the origin, ascending.

    It is while the level is at least `user + 1`, to the nearest ns. No two intervals touch, none is empty.
    """
    joined: list[tuple[int, int]] = []
    for stretch in stretches_of(stages):
        begin_ns, end_ns = _while_at_least(stretch, user + 1)
        if begin_ns >= end_ns:
            continue
        if joined and joined[-1][1] == begin_ns:
            begin_ns, _ = joined.pop()
        joined.append((begin_ns, end_ns))
    return tuple(joined)


def _while_at_least(stretch: Stretch, level: int) -> tuple[int, int]:
    """Return begin and end of the part of a stretch with at least this level; the same twice when there is none."""
    begins, ends = stretch.begin_level >= level, stretch.end_level >= level
    if begins and ends:
        return stretch.begin_ns, stretch.end_ns
    if not begins and not ends:
        return stretch.begin_ns, stretch.begin_ns
    crossing_ns = _crossing_ns(stretch, level)
    return (stretch.begin_ns, crossing_ns) if begins else (crossing_ns, stretch.end_ns)


def _crossing_ns(stretch: Stretch, level: int) -> int:
    begin, end = Fraction(stretch.begin_level), Fraction(stretch.end_level)
    return stretch.begin_ns + round(stretch.duration_ns * (level - begin) / (end - begin))
