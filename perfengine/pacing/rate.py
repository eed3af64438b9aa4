"""The rate of an open load as a line over time, and its integral turned round: when so many arrivals are reached.

The integral of a piecewise linear rate is piecewise quadratic. Its inverse is worked out from the low end of each
ramp, with 1/x in place of x: no two terms cancel, and every operation is monotone and rounded once, so that the
instants never run backwards, not by a nanosecond.
Source: N. J. Higham, "Accuracy and Stability of Numerical Algorithms", 2nd edition, section 1.8 (quadratics).
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate
from typing import TYPE_CHECKING, Final

import numpy as np

from perfengine.pacing.stretches import Stretch, stretches_of
from perfengine.units import MAX_DURATION_NS, NS_PER_S

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from perfengine.model.load import OpenLoad

#: A part of an arrival that is none: the square of 1/x is still a float.
_NOTHING: Final = 1e-100


@dataclass(frozen=True, slots=True, kw_only=True)
class Positions:
    """Points on the integral of the rate, ascending: `whole` arrivals and `part` of the next, 0 <= part < 1.

    Split, because a float that counts a billion arrivals knows a part of one no better than to 10^-7.
    """

    whole: NDArray[np.int64]
    part: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.whole)

    def __getitem__(self, piece: slice) -> Positions:
        return Positions(whole=self.whole[piece], part=self.part[piece])

    def beyond(self, count: Fraction) -> NDArray[np.float64]:
        """Return how far the positions lie beyond a count; below 0 before it."""
        whole = count.numerator // count.denominator
        return (self.whole - whole) + (self.part - float(count - whole))

    def first(self) -> Fraction:
        """Return the first position, exactly."""
        return Fraction(int(self.whole[0])) + Fraction(float(self.part[0]))


class RateProfile:
    """The rate of an open load, a second, over all of its time."""

    def __init__(self, load: OpenLoad) -> None:
        self._stretches = stretches_of(load.stages) if load.stages else (_without_stages(load.rate_per_s),)
        areas = (stretch.area_until(stretch.end_ns) / NS_PER_S for stretch in self._stretches)
        #: arrivals before each stretch, and before the end
        self._counts = tuple(accumulate(areas, initial=Fraction(0)))

    @property
    def end_ns(self) -> int:
        """When the last stage ends; of a load without stages: later than any run."""
        return self._stretches[-1].end_ns if self._stretches else 0

    def expected(self, instant_ns: int) -> float:
        """Return how many arrivals the rate adds up to until an instant."""
        for stretch, count in zip(self._stretches, self._counts, strict=False):
            if instant_ns < stretch.end_ns:
                return float(count + stretch.area_until(instant_ns) / NS_PER_S)
        return float(self._counts[-1])

    def instants_ns(self, positions: Positions) -> NDArray[np.int64]:
        """Return when the integral of the rate passes each position, to the nearest ns.

        What is not reached before the end is left out: the answer is shorter then. Nothing falls into a time at
        which the rate is 0.
        """
        pieces = [np.empty(0, np.int64)]
        number = bisect_right(self._counts, positions.first()) - 1 if len(positions) else len(self._stretches)
        while number < len(self._stretches) and len(positions):
            here = int(np.searchsorted(positions.beyond(self._counts[number + 1]), 0.0))
            pieces.append(self._within(number, positions[:here]))
            positions = positions[here:]
            number += 1
        return np.concatenate(pieces)

    def _within(self, number: int, positions: Positions) -> NDArray[np.int64]:
        """Return the instants of positions that lie on one stretch."""
        stretch = self._stretches[number]
        begin, end = stretch.begin_level, stretch.end_level
        slope_per_s2 = abs(end - begin) * NS_PER_S / stretch.duration_ns
        if begin == end:
            offsets_ns = positions.beyond(self._counts[number]) * NS_PER_S / begin
        elif begin < end:
            offsets_ns = NS_PER_S * _climb_s(positions.beyond(self._counts[number]), begin, slope_per_s2)
        else:
            left = -positions.beyond(self._counts[number + 1])
            offsets_ns = stretch.duration_ns - NS_PER_S * _climb_s(left, end, slope_per_s2)
        offsets = np.rint(offsets_ns).astype(np.int64)
        return stretch.begin_ns + np.clip(offsets, 0, stretch.duration_ns)


def _without_stages(rate_per_s: float) -> Stretch:
    return Stretch(begin_ns=0, end_ns=2 * MAX_DURATION_NS, begin_level=rate_per_s, end_level=rate_per_s)


def _climb_s(counts: NDArray[np.float64], level: float, slope_per_s2: float) -> NDArray[np.float64]:
    """Return the seconds in which a rate that rises from `level` by `slope_per_s2` adds up to the counts."""
    inverse = np.divide(1.0, counts, out=np.zeros_like(counts), where=counts > _NOTHING)
    steady = level * inverse
    denominator = steady + np.sqrt(steady * steady + 2.0 * slope_per_s2 * inverse)
    return np.divide(2.0, denominator, out=np.zeros_like(counts), where=denominator > 0)
