"""When each attempt of an open load is due: a function of (load, seed, number), whoever asks and in what pieces.

Constant arrivals: number n is due when the integral of the rate passes n, so that a rate R makes R x T arrivals in
the times 0 <= t < T. Poisson arrivals: number n is due when the integral passes the sum of n + 1 exponential gaps of
mean 1.
Sources: E. Çinlar, "Introduction to Stochastic Processes" (1975), chapter 4 (a Poisson process is one of rate 1 on
the time scale of its integrated rate); P. A. W. Lewis and G. S. Shedler, "Simulation of Nonhomogeneous Poisson
Processes by Thinning", Naval Research Logistics Quarterly 26 (1979) 403-413, section 1 (inversion).
"""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Final

import numpy as np

from perfengine.model.load import Arrival
from perfengine.pacing.draws import exponentials
from perfengine.pacing.rate import Positions, RateProfile

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfengine.model.load import OpenLoad

#: Arrivals that are worked out at once: few enough to hold up the event loop for 0.1 ms only.
BATCH: Final = 256

#: Gaps are summed in integers of 2^-32 mean gaps, so that the sum is the same in whichever order it is taken.
_GAP_BITS: Final = 32
_GAP_UNIT: Final = 1 << _GAP_BITS


def arrivals(
    load: OpenLoad, *, seed: int, stream: str, first: int = 0, step: int = 1, duration_ns: int | None = None
) -> Iterator[int]:
    """Yield when arrivals number `first`, `first + step`, ... are due, in ns from the origin of the schedule.

    Ascending; two may be due at once. Ends before `duration_ns`, or with the stages, whichever comes first; without
    either it goes on for two years. Poisson arrivals before `first` are walked through, at 0.4 µs each.
    """
    profile = RateProfile(load)
    end_ns = profile.end_ns if duration_ns is None else min(duration_ns, profile.end_ns)
    constant = load.arrival is Arrival.CONSTANT
    batches = _counted(first, step) if constant else _summed(seed, stream, first, step)
    for positions in batches:
        instants_ns = profile.instants_ns(positions)
        within = int(np.searchsorted(instants_ns, end_ns))
        yield from instants_ns[:within].tolist()
        if within < len(positions):
            return


def expected_arrivals(load: OpenLoad, duration_ns: int) -> float:
    """Return how many arrivals the rate adds up to in a duration: the mean of Poisson arrivals.

    Constant arrivals are as many, rounded up.
    """
    return RateProfile(load).expected(duration_ns)


def _counted(first: int, step: int) -> Iterator[Positions]:
    """Yield the positions `first`, `first + step`, ... batch by batch."""
    for begin in count(first, step * BATCH):
        whole = begin + step * np.arange(BATCH, dtype=np.int64)
        yield Positions(whole=whole, part=np.zeros(BATCH))


def _summed(seed: int, stream: str, first: int, step: int) -> Iterator[Positions]:
    """Yield the sums of gaps up to arrivals `first`, `first + step`, ..., batch by batch of all arrivals."""
    before = 0
    for begin in count(0, BATCH):
        gaps = np.rint(exponentials(seed, stream, begin, BATCH) * _GAP_UNIT).astype(np.int64)
        whole, part = divmod(before, _GAP_UNIT)
        sums = part + np.cumsum(gaps)
        skipped = first - begin if begin < first else (first - begin) % step
        if skipped < BATCH:
            own = sums[skipped::step]
            yield Positions(whole=whole + (own >> _GAP_BITS), part=(own & (_GAP_UNIT - 1)) / _GAP_UNIT)
        before += int(gaps.sum())
