"""The order of a mix: exact proportions, shuffled, the same everywhere."""

from __future__ import annotations

import time
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfengine.datagen.deck import deal
from tests.unit.datagen.chi_square import chi_square_p


@given(st.lists(st.integers(0, 200), max_size=8), st.integers(-(2**64), 2**64))
def test_counts_are_exact(counts: list[int], seed: int) -> None:
    """Operation i is there exactly counts[i] times, and the same seed deals the same."""
    deck = deal(counts, seed)
    assert Counter(deck) == Counter({n: count for n, count in enumerate(counts) if count})
    assert deal(counts, seed) == deck


def test_known_deck() -> None:
    """The order depends on MD5 and integers only: no version of Python may change it."""
    assert deal([5, 3, 2], 42) == [1, 1, 0, 0, 0, 2, 2, 0, 1, 0]


def test_seeds_deal_differently() -> None:
    """Another seed has another order."""
    assert deal([50, 50], 1) != deal([50, 50], 2)


@pytest.mark.parametrize("place", [0, 1, 57, 99])
def test_every_place_has_the_proportions(place: int) -> None:
    """Over many seeds each operation is at any place as often as its share of the deck says."""
    found = Counter(deal([50, 30, 20], seed)[place] for seed in range(3000))
    assert chi_square_p([found[n] for n in range(3)], [50, 30, 20]) > 0.001


def test_stretches_have_about_the_proportions() -> None:
    """Any hundredth of a long deck has the shares of the whole, give or take what chance does."""
    deck = deal([60_000, 40_000], 42)
    firsts = [deck[begin : begin + 1000].count(0) for begin in range(0, 100_000, 1000)]
    assert all(abs(first - 600) < 5 * (1000 * 0.6 * 0.4) ** 0.5 for first in firsts)
    assert len(set(firsts)) > 10  # shuffled, not dealt by turns


def test_neighbours_are_independent() -> None:
    """Pairs of neighbours are as frequent as the product of their shares."""
    deck = deal([30_000, 20_000, 10_000], 5)
    pairs = Counter(zip(deck[::2], deck[1::2], strict=True))
    shares = [a * b for a in (3, 2, 1) for b in (3, 2, 1)]
    assert chi_square_p([pairs[a, b] for a in range(3) for b in range(3)], shares) > 0.001


def test_a_large_deck_is_dealt_soon() -> None:
    """200 000 attempts take less than 0.3 s of processor time, best of three."""
    times = []
    for _ in range(3):
        began = time.process_time()
        deal([100_000, 60_000, 40_000], 42)
        times.append(time.process_time() - began)
    assert min(times) < 0.3
