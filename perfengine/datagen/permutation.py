"""Which number is the k-th hottest: a permutation of 0..span-1, as one expression that SQL computes as well.

The number of rank k is `(factor * k + offset) % span`. That is a bijection where factor and span share no divisor,
and how far apart the hottest numbers lie follows from the continued fraction of factor / span: if none of its
partial quotients exceeds m, then k * factor is at least span / ((m + 2) * k) away from a multiple of span, for
every k below span (Khinchin, "Continued Fractions", chapter II; Knuth, TAOCP 3, 6.4, on multiplicative
hashing). So no two of the first span / (m + 2) ranks are neighbours. A network of random rounds with cycle walking
(Black and Rogaway, "Ciphers with Arbitrary Finite Domains", 2002) promises no such distance, and its walk has no
bound that an SQL expression could have.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import gcd

from perfengine.seeds import pick, words

#: Factors that are tried. The best of so many has partial quotients below 10 for nearly every span.
CANDIDATES = 64


@dataclass(frozen=True, slots=True)
class Permutation:
    """The bijection from rank to number."""

    span: int
    factor: int
    offset: int

    def at(self, rank: int) -> int:
        """Return the number of a rank, both in 0..span-1."""
        return (self.factor * rank + self.offset) % self.span


@lru_cache(maxsize=256)
def permutation_of(seed: int, stream: str, span: int) -> Permutation:
    """Return the permutation of 0..span-1 that belongs to a stream; `span` is at most 2^31."""
    offset, *drawn = words(seed, stream, 1 + CANDIDATES)
    factors = [1, *(pick(one, span) for one in drawn)]
    best = min((f for f in factors if gcd(f, span) == 1), key=lambda f: largest_quotient(f, span))
    return Permutation(span=span, factor=best, offset=pick(offset, span))


def largest_quotient(numerator: int, denominator: int) -> int:
    """Return the largest partial quotient of the continued fraction of numerator / denominator."""
    largest = 0
    while numerator:
        quotient, rest = divmod(denominator, numerator)
        largest = max(largest, quotient)
        denominator, numerator = numerator, rest
    return largest
