"""The design effect of a share: 1 for independent attempts, the size of a burst for bursts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfengine.stats.clusters import LEAST_STRETCHES, cluster_effect


def test_one_burst_counts_as_one() -> None:
    """All bad attempts in one stretch: the effect is their number, enlarged for what few stretches show."""
    effect = cluster_effect([0] * 299 + [50], [400] * 300)
    assert effect / 1.242 == pytest.approx(50, rel=0.01)  # (t(0.95, 9) / z(0.95))^2 = 1.242


def test_an_even_share_is_no_cluster() -> None:
    """Attempts that fail evenly differ less than independent ones."""
    assert cluster_effect([2] * 60, [100] * 60) == 1


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
    assert cluster_effect(bad, total) == 1


@given(
    st.lists(st.tuples(st.integers(0, 50), st.integers(0, 500)), min_size=LEAST_STRETCHES, max_size=80),
    st.integers(2, 5),
)
def test_never_less_than_one_and_heeds_scale(seconds: list[tuple[int, int]], times: int) -> None:
    """Attempts that each fail `times` times over count as one: the effect grows as much, or there was none."""
    bad, total = [one for one, _ in seconds], [one + more for one, more in seconds]
    effect = cluster_effect(bad, total)
    again = cluster_effect([one * times for one in bad], [one * times for one in total])
    assert effect >= 1
    if effect > 1:
        assert again == pytest.approx(effect * times)
