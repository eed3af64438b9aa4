"""The design effect of a share: 1 for independent attempts, for bursts their size; and how long they last."""

from __future__ import annotations

from math import ceil

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfengine.stats.clusters import LEAST_STRETCHES, Clusters, find_clusters


def test_one_burst_counts_as_one() -> None:
    """All bad attempts in one stretch: the effect is their number, enlarged for what few stretches show."""
    effect = find_clusters([0] * 299 + [50], [400] * 300).effect
    assert effect / 1.242 == pytest.approx(50, rel=0.01)  # (t(0.95, 9) / z(0.95))^2 = 1.242


def test_an_even_share_is_no_cluster() -> None:
    """Attempts that fail evenly differ less than independent ones."""
    assert find_clusters([2] * 60, [100] * 60) == Clusters(seconds=60)


@pytest.mark.parametrize(
    ("bad", "total"),
    [
        ([], []),
        ([0] * 60, [5] * 60),
        ([1] + [0] * 59, [5] * 60),
        ([9] + [0] * 8, [10] * 9),
        ([5] * 10, [5] * 10),
    ],
    ids=["nothing", "none bad", "one bad", "too few seconds", "all bad"],
)
def test_where_nothing_shows(bad: list[int], total: list[int]) -> None:
    """There is no effect to be seen."""
    assert find_clusters(bad, total) == Clusters(seconds=len(bad))


@given(
    st.lists(st.tuples(st.integers(0, 50), st.integers(0, 500)), min_size=LEAST_STRETCHES, max_size=80),
    st.integers(2, 5),
)
def test_never_less_than_one_and_heeds_scale(seconds: list[tuple[int, int]], times: int) -> None:
    """Attempts that each fail `times` times over count as one: the effect grows as much, or there was none."""
    bad, total = [one for one, _ in seconds], [one + more for one, more in seconds]
    effect = find_clusters(bad, total).effect
    again = find_clusters([one * times for one in bad], [one * times for one in total]).effect
    assert effect >= 1
    if effect > 1:
        assert again == pytest.approx(effect * times)


@pytest.mark.parametrize("lasts_s", [3, 5, 10, 30])
def test_how_long_a_stall_lasts(lasts_s: int) -> None:
    """It is found to a fifth, on average, in a run that has thirty of them."""
    found = []
    for seed in range(20):
        random = np.random.default_rng(seed)
        begun = random.poisson(1 / (4 * lasts_s), 121 * lasts_s)
        running = np.convolve(begun, np.ones(lasts_s), mode="valid")
        found.append(find_clusters(random.poisson(5 * running).tolist(), [100] * len(running)).lasts_s)
    assert np.mean(found) == pytest.approx(lasts_s, rel=0.2)


def test_a_load_that_grows_is_no_cluster() -> None:
    """Each attempt fails as seldom as the others, though there are ever more of both."""
    total = list(range(10, 610, 10))
    bad = np.random.default_rng(5).binomial(total, 0.05)
    found = find_clusters(bad.tolist(), total)
    assert found.lasts_s == 1
    assert found.effect < 2


def test_a_long_stall_counts_more_than_its_attempts() -> None:
    """One stall of a quarter of the run: three stretches, t with two degrees of freedom, and half of it not shown."""
    found = find_clusters([0] * 30 + [10] * 15 + [0] * 15, [100] * 60)
    assert found.lasts_s == pytest.approx(15, rel=0.3)
    assert found.needed_s == ceil(30 * (found.lasts_s - 1))
    assert found.is_too_short
    assert found.effect > 150
    assert not find_clusters([0] * 300 + [10] * 2 + [0] * 300, [100] * 602).is_too_short
