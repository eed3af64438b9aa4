"""The random numbers of pgbench, from a seed of ours.

Sources: PostgreSQL, src/common/pg_prng.c: xoroshiro128** (Blackman, Vigna, "Scrambled Linear Pseudorandom Number
Generators", 2018), seeded through splitmix64; ranges by rejecting what a mask lets through; normal deviates by
Box and Muller, of which one in two is used.
"""

from __future__ import annotations

from math import log, pi, sin, sqrt
from typing import Final

from perfengine.seeds import digest_hex

_MASK: Final = (1 << 64) - 1
_GOLDEN: Final = 0x9E3779B97F4A7C15
_DOUBLE: Final = 2.0**-53


def seed_of(seed: int, stream: str) -> int:
    """Return the 64 bits from which a stream of scripts begins, by the seed of the run and the stream's name."""
    return int(digest_hex(seed, f"pgbench/{stream}", 0)[:16], 16)


class Prng:
    """A stream of random numbers."""

    __slots__ = ("_s0", "_s1")

    def __init__(self, seed: int) -> None:
        """`seed` is taken modulo 2^64."""
        first = (seed + _GOLDEN) & _MASK
        self._s0, self._s1 = _split_mix(first), _split_mix((first + _GOLDEN) & _MASK)

    def word(self) -> int:
        """Return the next 64 bits, as an integer without a sign."""
        s0, s1 = self._s0, self._s1
        x = (s0 * 5) & _MASK
        x = ((x << 7) | (x >> 57)) * 9 & _MASK
        s1 ^= s0
        self._s0 = (((s0 << 24) | (s0 >> 40)) ^ s1 ^ (s1 << 16)) & _MASK
        self._s1 = ((s1 << 37) | (s1 >> 27)) & _MASK
        return x

    def between(self, low: int, high: int) -> int:
        """Return an integer in `low`..`high`, all alike; `low` where the range is empty."""
        span = high - low
        if span <= 0:
            return low
        shift = 64 - span.bit_length()
        while (value := self.word() >> shift) > span:
            pass
        return low + value

    def share(self) -> float:
        """Return a number in [0, 1)."""
        return (self.word() >> 11) * _DOUBLE

    def normal(self) -> float:
        """Return a number of the standard normal distribution."""
        u1, u2 = 1.0 - self.share(), 1.0 - self.share()
        return sqrt(-2.0 * log(u1)) * sin(2.0 * pi * u2)


def _split_mix(value: int) -> int:
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & _MASK
    return value ^ (value >> 31)
