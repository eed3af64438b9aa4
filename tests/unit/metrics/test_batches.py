"""Batches of a phase: ten to twenty of equal length, whatever it lasts, and nothing is lost in them."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfengine.metrics.batches import MOST_BATCHES, Batches, packed

counted = st.dictionaries(st.integers(0, 33_000), st.integers(1, 1000), max_size=8)


def totals(batches: Batches) -> list[int]:
    """Return how much each batch holds."""
    return [sum(batch.counts) for batch in batches.freeze()]


@given(st.lists(st.tuples(st.integers(1, 500), counted), max_size=60), st.randoms())
def test_nothing_is_lost(told: list[tuple[int, dict[int, int]]], random: object) -> None:
    """All batches together hold what was told, and the order in which processes told it does not matter."""
    straight, mixed = Batches(), Batches()
    shuffled = list(told)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    for batches, order in ((straight, told), (mixed, shuffled)):
        for second, counts in order:
            batches.add(second, counts)
    together: Counter[int] = Counter()
    for batch in straight.freeze():
        assert list(batch.counters) == sorted(set(batch.counters))
        together.update(dict(zip(batch.counters, batch.counts, strict=True)))
    assert together == sum((Counter(counts) for _, counts in told), Counter())
    assert straight.freeze() == mixed.freeze()


@pytest.mark.parametrize(
    ("seconds", "batches", "length"), [(1, 1, 1), (20, 20, 1), (21, 11, 2), (60, 15, 4), (3600, 15, 256)]
)
def test_as_many_as_are_needed(seconds: int, batches: int, length: int) -> None:
    """A batch is as many seconds as leave twenty of them at most, and ten at least of ten seconds or more."""
    found = Batches()
    for second in range(1, seconds + 1):
        found.add(second, {7: 1})
    assert len(totals(found)) == batches <= MOST_BATCHES
    assert totals(found)[:-1] == [length] * (batches - 1)
    assert sum(totals(found)) == seconds


def test_seconds_of_nothing() -> None:
    """They make no batch."""
    found = Batches()
    found.add(1, {5: 2})
    found.add(2, {})
    found.add(9, {5: 1, 3: 4})
    assert found.freeze() == (packed({5: 2}), packed({3: 4, 5: 1}))
