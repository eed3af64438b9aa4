"""Stages as a line over time: stretches on which the level goes straight from one value to another."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from perfengine.model.load import Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """From `begin_ns` to `end_ns` the level goes in a straight line from `begin_level` to `end_level`."""

    begin_ns: int
    end_ns: int
    begin_level: float
    end_level: float

    @property
    def duration_ns(self) -> int:
        """How long it takes; never 0."""
        return self.end_ns - self.begin_ns

    def level_at(self, instant_ns: int) -> Fraction:
        """Return the level at an instant of the stretch, exactly."""
        begin, end = Fraction(self.begin_level), Fraction(self.end_level)
        return begin + (end - begin) * Fraction(instant_ns - self.begin_ns, self.duration_ns)

    def area_until(self, instant_ns: int) -> Fraction:
        """Return level x ns from the begin of the stretch to an instant of it, exactly."""
        mean = (Fraction(self.begin_level) + self.level_at(instant_ns)) / 2
        return mean * (instant_ns - self.begin_ns)


def stretches_of(stages: tuple[Stage, ...]) -> tuple[Stretch, ...]:
    """Return the stretches of the stages; one of no duration moves the level and leaves none."""
    begin_ns, level, stretches = 0, 0.0, []
    for stage in stages:
        end_ns = begin_ns + stage.duration_ns
        if end_ns > begin_ns:
            stretches.append(
                Stretch(begin_ns=begin_ns, end_ns=end_ns, begin_level=level, end_level=stage.target)
            )
        begin_ns, level = end_ns, stage.target
    return tuple(stretches)
