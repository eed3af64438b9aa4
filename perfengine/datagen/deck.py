"""In which order the attempts of a mix come: shuffled, so that every stretch has about the proportions asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfengine.seeds import pick, words

if TYPE_CHECKING:
    from collections.abc import Sequence

_STREAM = "deck"


def deal(counts: Sequence[int], seed: int) -> list[int]:
    """Return numbers of operations in the order of their attempts: operation i stands there `counts[i]` times.

    Every order is about equally likely, and the same seed deals the same one in every process.
    Source: Fisher and Yates, as in Knuth, TAOCP 2, algorithm P.
    """
    deck = [operation for operation, count in enumerate(counts) for _ in range(count)]
    if len(counts) < 2:
        return deck
    drawn = words(seed, _STREAM, len(deck))
    for last in range(len(deck) - 1, 0, -1):
        other = pick(drawn[last], last + 1)
        deck[last], deck[other] = deck[other], deck[last]
    return deck
