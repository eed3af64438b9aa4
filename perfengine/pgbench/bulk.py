"""The arguments of many attempts at once, where a script draws from ranges that stay the same and computes no more.

That is what the built-in scripts do, and most others. The values are those that `arguments.py` makes one by one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from perfengine.model.pgbench import Set
from perfengine.pgbench.evaluate import range_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from perfengine.model.pgbench import PgbenchScript, Value
    from perfengine.pgbench.evaluate import Variables

    Words = NDArray[np.uint64]
    #: The range that a `\\set` draws from, or the variable whose value is taken.
    Plan = Sequence[tuple[str, tuple[int, int] | None]]

_GOLDEN: Final = np.uint64(0x9E3779B97F4A7C15)
_MIX: Final = ((np.uint64(30), np.uint64(0xBF58476D1CE4E5B9)), (np.uint64(27), np.uint64(0x94D049BB133111EB)))
_LAST_SHIFT: Final = np.uint64(31)


class _Streams:
    """A `Prng` for each of many attempts."""

    def __init__(self, seeds: Words) -> None:
        first = seeds + _GOLDEN
        self._s0, self._s1 = _split_mix(first), _split_mix(first + _GOLDEN)

    def between(self, low: int, high: int) -> NDArray[np.int64]:
        """Return an integer of `low`..`high` for each; see `Prng.between`."""
        span = high - low
        shift, most = np.uint64(64 - span.bit_length()), np.uint64(span)
        everybody = np.arange(len(self._s0))
        values = self._words(everybody) >> shift
        while len(again := np.flatnonzero(values > most)):
            values[again] = self._words(again) >> shift
        return values.astype(np.int64) + low

    def _words(self, whose: NDArray[np.intp]) -> Words:
        s0, s1 = self._s0[whose], self._s1[whose]
        words = _rotated(s0 * np.uint64(5), 7) * np.uint64(9)
        s1 ^= s0
        self._s0[whose] = _rotated(s0, 24) ^ s1 ^ (s1 << np.uint64(16))
        self._s1[whose] = _rotated(s1, 37)
        return words


def bulk_plan(script: PgbenchScript, fixed: Variables) -> Plan | None:
    """Return what is drawn and taken in order; None where a script computes more, or has a range that is none.

    `fixed` are the variables that it never sets.
    """
    plan: list[tuple[str, tuple[int, int] | None]] = []
    for one in script.arguments:
        drawn_from = range_of(one.expression, fixed) if isinstance(one, Set) else None
        if isinstance(one, Set) and drawn_from is None:
            return None
        plan.append((one.name, drawn_from))
    return plan


def bulk_arguments(
    plan: Plan, start: Mapping[str, Value], first_seed: int, numbers: Sequence[int]
) -> list[tuple[Any, ...]]:
    """Return the arguments of the attempts with these numbers; the seed of each is so much more than the first."""
    streams = _Streams(np.array(numbers, dtype=np.uint64) + np.uint64(first_seed))
    columns: dict[str, Any] = {name: [value] * len(numbers) for name, value in start.items()}
    taken: list[Any] = []
    for name, drawn_from in plan:
        if drawn_from is None:
            taken.append(columns[name])
        elif drawn_from[0] == drawn_from[1]:  # nothing is drawn for a range of one
            columns[name] = [drawn_from[0]] * len(numbers)
        else:
            columns[name] = streams.between(*drawn_from).tolist()
    return list(zip(*taken, strict=True)) if taken else [()] * len(numbers)


def _rotated(words: Words, bits: int) -> Words:
    return (words << np.uint64(bits)) | (words >> np.uint64(64 - bits))


def _split_mix(words: Words) -> Words:
    for shift, factor in _MIX:
        words = (words ^ (words >> shift)) * factor
    return words ^ (words >> _LAST_SHIFT)
