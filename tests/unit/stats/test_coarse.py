"""Coarse counters: no value is lost, and a percentile is at most 1/32 above the true one."""

from __future__ import annotations

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from perfengine.stats.coarse import coarse, coarse_percentile, highest_ns, lowest_ns, summed
from perfengine.stats.hdr import HIGHEST_NS, index_of, rank_of

_VALUES = st.lists(st.integers(1, HIGHEST_NS), min_size=1, max_size=60)


@given(values=_VALUES, q=st.sampled_from([0.0, 0.5, 0.95, 0.99, 1.0]))
def test_a_percentile_is_never_below_the_true_one_and_hardly_above(values: list[int], q: float) -> None:
    """The width of a counter at most."""
    counters, numbers = coarse(Counter(map(index_of, values)))
    true = sorted(values)[rank_of(q, len(values)) - 1]
    found = coarse_percentile(counters, numbers, q)
    assert found is not None
    assert true <= found <= true * (1 + 1 / 32) + 32


@given(first=_VALUES, second=_VALUES)
def test_histograms_put_together_are_those_of_all_values(first: list[int], second: list[int]) -> None:
    """Exactly."""
    parts = [coarse(Counter(map(index_of, values))) for values in (first, second)]
    counters, numbers = summed(*(np.concatenate(sides) for sides in zip(*parts, strict=True)))
    whole = coarse(Counter(map(index_of, first + second)))
    assert (counters.tolist(), numbers.tolist()) == (whole[0].tolist(), whole[1].tolist())


def test_counters_lie_side_by_side() -> None:
    """No value is between them."""
    for counter in range(1055):
        assert highest_ns(counter) + 1 == lowest_ns(counter + 1)


def test_nothing_has_no_percentile() -> None:
    """Of no value."""
    assert coarse_percentile(*coarse({}), 0.5) is None
