"""Draws follow the theory of their distribution, as far as 100 000 of them can tell, and the ends of ranges hold."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtr

from perfengine.datagen.distributions import exponential, normal, zipf
from perfengine.seeds import WORD_SPAN, words
from tests.unit.datagen.chi_square import chi_square_p

if TYPE_CHECKING:
    from collections.abc import Callable

    from perfengine.datagen.quantiles import Quantiles

DRAWS = 100_000
SEEDS = (1, 2, 3)
Floats = npt.NDArray[np.float64]


def draws_of(table: Quantiles | None, seed: int) -> list[int]:
    """Return the numbers of a stream of words."""
    assert table is not None
    return [table.at(word) for word in words(seed, "chi", DRAWS)]


def normal_below(edges: Floats, mean: float, stdev: float) -> Floats:
    """Return the share of a normal distribution below each edge."""
    return np.asarray(ndtr((edges - mean) / stdev))


def by_edges(drawn: list[int], edges: Floats) -> list[int]:
    """Return how many numbers lie between neighbouring edges."""
    return [int(count) for count in np.histogram(drawn, bins=edges)[0]]


def whole_edges(span: int, end: float) -> Floats:
    """Return an edge at every number of a short range, else those of a hundred bins up to `end`."""
    edges: Floats = np.linspace(0, span, span + 1) if span <= 2000 else np.linspace(0, end, 101).round()
    return edges


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    ("mean", "stdev", "span"),
    [
        (500, 100, 1001),
        (10, 3.5, 30),
        (0, 50, 200),
        (-100, 80, 300),
        (1.5e9, 2e8, 2**31 - 1),
        (4e5, 1e7, 10**6),
    ],
)
def test_normal(mean: float, stdev: float, span: int, seed: int) -> None:
    """The bell curve is right in a hundred bins, or in every step, wherever the range cuts it."""
    edges = whole_edges(span, span)
    counts = by_edges(draws_of(normal(mean, stdev, span), seed), edges - 0.5)
    shares = np.diff(normal_below(edges - 0.5, mean, stdev))
    assert chi_square_p(counts, shares.tolist()) > 0.001


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("mean", "span"), [(3, 200), (1e5, 10**6), (1e6, 10**6), (1e7, 2**31 - 1)])
def test_exponential(mean: float, span: int, seed: int) -> None:
    """It falls off as it should, to the cut; in whole steps as the geometric distribution of that mean does."""
    edges = whole_edges(span, min(span, 12 * mean))
    drawn = draws_of(exponential(mean, span), seed)
    counts = [*by_edges(drawn, edges - 0.5), sum(one >= edges[-1] for one in drawn)]
    left = (1 + 1 / mean) ** -np.append(edges.astype(float), span)
    assert chi_square_p(counts, (-np.diff(left)).tolist()) > 0.001


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    ("s", "span"), [(1.1, 50), (1, 2000), (0.5, 2049), (1.1, 10**6), (1, 10**6), (0.8, 10**6), (2.5, 10**6)]
)
def test_zipf(s: float, span: int, seed: int) -> None:
    """The k-th rank has the share k^-s: each of the first 500, and the others in groups."""
    powers = np.arange(1, span + 1, dtype=np.float64) ** -s
    edges = np.unique([*range(min(span, 500)), *np.geomspace(min(span, 500), span, 200).round().astype(int)])
    shares = np.add.reduceat(powers, edges[:-1])
    counts = by_edges(draws_of(zipf(s, span), seed), edges)
    assert chi_square_p(counts, shares.tolist()) > 0.001


def test_the_test_tells_theories_apart() -> None:
    """Exponents that differ by 3 % do not pass for each other."""
    counts = Counter(draws_of(zipf(1.1, 50), 1))
    wrong = [(k + 1) ** -1.13 for k in range(50)]
    assert chi_square_p([counts[k] for k in range(50)], wrong) < 1e-6


def excess(table: Quantiles | None, shares: Floats) -> float:
    """Return by how much the chi-square statistic of 100 000 draws grows because the table is no exact one."""
    assert table is not None
    ends, starts = np.array(table.thresholds, dtype=np.float64), np.array(table.starts)
    edges = np.arange(len(shares) + 1, dtype=np.float64)
    below = np.interp(edges, starts, ends / WORD_SPAN)
    made, wanted = np.diff(below), shares / shares.sum()
    return float(DRAWS * ((made - wanted) ** 2 / wanted).sum())


def test_what_tables_leave_out_cannot_be_seen() -> None:
    """Were every number a bin of its own, the statistic would grow by less than 1.3, of a deviation above 600."""
    span = 200_000
    edges = np.arange(span + 1, dtype=np.float64)
    bell = np.diff(normal_below(edges - 0.5, 100_000, 30_000))
    assert excess(normal(100_000, 30_000, span), bell) < 1.3
    falling = -np.diff((1 + 1 / 20_000) ** -edges)
    assert excess(exponential(20_000, span), falling) < 1.3
    for s in (0.5, 1.0, 1.1, 2.0):
        assert excess(zipf(s, span), edges[1:] ** -s) < 1.3


@pytest.mark.parametrize(
    ("make", "span"),
    [
        (lambda span: zipf(1.1, span), 1),
        (lambda span: zipf(3, span), 2),
        (lambda span: zipf(1, span), 2**31 - 1),
        (lambda span: zipf(40, span), 2**31 - 1),
        (lambda span: normal(0.5, 1e-6, span), 1),
        (lambda span: normal(-1e6, 10, span), 10_000),
        (lambda span: normal(1e9, 1e3, span), 10_000),
        (lambda span: normal(5, 0, span), 10),
        (lambda span: exponential(1e-6, span), 10),
        (lambda span: exponential(1e15, span), 2**31 - 1),
    ],
)
def test_every_word_stands_for_a_number(make: Callable[[int], Quantiles | None], span: int) -> None:
    """However far a mean lies outside, however narrow a curve: thresholds rise, and numbers are in the range."""
    table = make(span)
    assert table is not None
    assert (table.thresholds[0], table.thresholds[-1]) == (0, WORD_SPAN)
    assert list(table.thresholds) == sorted(set(table.thresholds))
    assert list(table.starts) == sorted(set(table.starts))
    for word in (0, 1, WORD_SPAN // 3, WORD_SPAN - 1):
        assert 0 <= table.at(word) < span


def test_a_curve_beside_its_range_clings_to_the_near_end() -> None:
    """What is left of a bell whose middle is far below falls off from the low end, and the other way round."""
    low, high = normal(-4000, 400, 1000), normal(5000, 400, 1000)
    assert low is not None
    assert high is not None
    for word in words(1, "ends", 1000):
        assert low.at(word) < 600
        assert high.at(word) > 400
    # ten deviations out a bell falls like an exponential of a tenth of the deviation: half is over after ln 2 of it
    assert low.at(WORD_SPAN // 2) == 27
    assert high.at(WORD_SPAN // 2) == 999 - 27


def test_a_flat_curve_is_no_table() -> None:
    """A bell far wider than its range is even there; differences would be noise."""
    assert normal(0, 1e15, 100) is None


@given(
    st.floats(0.01, 10),
    st.integers(1, 2**31 - 1),
    st.integers(0, WORD_SPAN - 1),
    st.integers(0, WORD_SPAN - 1),
)
def test_larger_words_stand_for_no_smaller_numbers(s: float, span: int, one: int, other: int) -> None:
    """The inverse of a distribution function rises."""
    table = zipf(s, span)
    assert 0 <= table.at(min(one, other)) <= table.at(max(one, other)) < span


@pytest.mark.parametrize("mean", [0.3, 2.0, 7.5])
def test_mean_of_small_counts(mean: float) -> None:
    """Whole numbers that fall off have the mean that was asked for, too."""
    drawn = draws_of(exponential(mean, 10_000), 7)
    deviation = (mean * (mean + 1) / DRAWS) ** 0.5
    assert abs(sum(drawn) / DRAWS - mean) < 4 * deviation
