"""Which rows an attempt works on: the ones that are its own, or some that it draws."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfengine.model.operation import Pick
from perfengine.seeds import pick, word

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from perfengine.model.operation import Operation


def rows_of(
    operation: Operation, seed: int, first_row: int, rows: int
) -> Callable[[int, int], Sequence[int]]:
    """Return the function from (first own row, attempt number) to the rows of an attempt.

    `rows` is how many there are from `first_row` on, of which an operation that picks at random draws; those of one
    attempt differ, as far as there are enough.
    """
    use = operation.rows
    count = use.per_attempt if use else 1
    if use is None or use.inserts or use.pick is not Pick.RANDOM:
        return lambda row, _: range(row, row + count)
    stream, drawn = f"{operation.full_id}/row", min(count, rows)
    return lambda _, attempt: [
        first_row + offset for offset in _sample(seed, stream, attempt * count, drawn, rows)
    ]


def _sample(seed: int, stream: str, index: int, count: int, rows: int) -> list[int]:
    """Return `count` different numbers in 0..rows-1, every sequence of them alike, by the words from `index` on.

    Source: the first steps of Fisher and Yates' shuffle; of the numbers, only those that were moved are kept.
    """
    moved: dict[int, int] = {}
    chosen = []
    for place in range(count):
        other = place + pick(word(seed, stream, index + place), rows - place)
        chosen.append(moved.get(other, other))
        moved[other] = moved.get(place, place)
    return chosen
