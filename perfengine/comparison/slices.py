"""The order in which the two arms of a paired comparison take turns, and for how long.

One pair is ten slices of A and ten of B, in fours: ABBA or BAAB, so that a drift that is even over a four hits both
arms alike; which of the two is drawn, so that no rhythm of the machine keeps step. A slice that is too short measures
the change from one arm to the other: it lasts half a second at least, 200 attempts, and twenty times the p99, and its
first attempts are left out.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from perfengine.seeds import pick, word
from perfengine.units import NS_PER_MS, NS_PER_S

SLICES_AN_ARM: Final = 10
LEAST_SLICE_NS: Final = 500 * NS_PER_MS
LEAST_ATTEMPTS: Final = 200
LEAST_P99S: Final = 20
DISCARDED_SHARE: Final = 0.05
DISCARDED_ATTEMPTS: Final = 20

_STREAM: Final = "order of slices"


class Arm(StrEnum):
    """One of the two sides of a paired comparison."""

    A = "A"
    B = "B"


_QUADS: Final = (
    (Arm.A, Arm.B, Arm.B, Arm.A),
    (Arm.B, Arm.A, Arm.A, Arm.B),
)


def slice_order(seed: int, pair: int, slices_an_arm: int = SLICES_AN_ARM) -> tuple[Arm, ...]:
    """Return whose turn it is in each slice of the pair with that number, from 0.

    Raises: ValueError for an odd number of slices an arm, which does not come in fours.
    """
    if slices_an_arm < 2 or slices_an_arm % 2:
        raise ValueError(f"slices come in fours, two of each arm: an even number an arm, not {slices_an_arm}")
    quads = slices_an_arm // 2
    first = (pick(word(seed, _STREAM, pair * quads + number), 2) for number in range(quads))
    return tuple(arm for which in first for arm in _QUADS[which])


def slice_ns(rate_per_s: float, p99_ns: float) -> int:
    """Return how long a slice must be at that rate, in attempts a second, and that p99 of the slower arm.

    Raises: ZeroDivisionError for a rate of 0.
    """
    return max(LEAST_SLICE_NS, round(LEAST_ATTEMPTS * NS_PER_S / rate_per_s), round(LEAST_P99S * p99_ns))


def discarded(attempts: int) -> int:
    """Return how many attempts at the beginning of a slice are left out: 5 % of them or 20, whichever is more."""
    return min(max(round(DISCARDED_SHARE * attempts), DISCARDED_ATTEMPTS), attempts)
