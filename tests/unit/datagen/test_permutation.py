"""Every number has one rank, and hot numbers are no neighbours."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfengine.datagen.permutation import largest_quotient, permutation_of
from perfengine.datagen.quantiles import PIECES

SPANS = (97, 1000, 4096, 30030, 99_991, 10**6)


@given(st.integers(1, 3 * PIECES), st.integers(-(2**40), 2**40), st.text(max_size=5))
def test_covers_the_range_once(span: int, seed: int, stream: str) -> None:
    """The numbers of all ranks are 0..span-1, each once."""
    hot = permutation_of(seed, stream, span)
    assert sorted(hot.at(rank) for rank in range(span)) == list(range(span))


@given(st.integers(1, 2**31), st.data())
def test_ranks_do_not_collide(span: int, data: st.DataObject) -> None:
    """In the widest ranges, too, two ranks have two numbers inside the range, by products that a bigint holds."""
    hot = permutation_of(42, "wide", span)
    one, other = (data.draw(st.integers(0, span - 1)) for _ in range(2))
    assert (hot.at(one) == hot.at(other)) is (one == other)
    assert 0 <= hot.at(one) < span
    assert hot.factor * (span - 1) + hot.offset < 2**63


@pytest.mark.parametrize("span", SPANS)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_hot_numbers_are_no_neighbours(span: int, seed: int) -> None:
    """Of the hottest twelfth no two are next to each other, and the first ten lie far apart."""
    hot = permutation_of(seed, "hot", span)
    hottest = sorted(hot.at(rank) for rank in range(span // 12))
    assert min(b - a for a, b in pairwise(hottest)) > 1
    ten = sorted(hot.at(rank) for rank in range(10))
    assert min(b - a for a, b in pairwise(ten)) >= span // 120


@pytest.mark.parametrize("span", [*range(100, 400), *SPANS, 720_720, 2**31 - 1, 2**31])
def test_distance_that_is_promised(span: int) -> None:
    """Partial quotients are small, whatever divisors the span has."""
    hot = permutation_of(42, "order/hot", span)
    assert largest_quotient(hot.factor, span) <= 14


@pytest.mark.parametrize(
    ("numerator", "denominator", "largest"), [(1, 7, 7), (5, 7, 2), (55, 89, 2), (314, 1000, 5), (0, 1, 0)]
)
def test_largest_quotient(numerator: int, denominator: int, largest: int) -> None:
    """5/7 is 1/(1 + 1/(2 + 1/2)); the convergents of the golden ratio are all ones, but for the last."""
    assert largest_quotient(numerator, denominator) == largest


def test_streams_have_their_own() -> None:
    """Another seed or stream has other hot numbers, the same ones the same."""
    hottest = {permutation_of(seed, stream, 10**6).at(0) for seed in (1, 2) for stream in ("a", "b")}
    assert len(hottest) == 4
    assert permutation_of(1, "a", 10**6) == permutation_of(1, "a", 10**6)
