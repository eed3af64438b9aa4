"""Families of tests."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfengine.stats.multiple import benjamini_hochberg, holm

p_values = st.lists(st.floats(0, 1), max_size=30)


@pytest.mark.parametrize(
    ("p", "stands"),
    [
        ([], ()),
        ([0.01], (True,)),
        ([0.011], (False,)),
        ([0.004, 0.006], (True, True)),  # 0.005, then 0.01
        ([0.006, 0.006], (False, False)),  # nothing passes 0.005
        ([0.009, 0.001, 0.2], (False, True, False)),  # 0.00333, then 0.005
    ],
)
def test_holm(p: list[float], stands: tuple[bool, ...]) -> None:
    """Each smallest p value is held against the level over how many are left."""
    assert holm(p, 0.01) == stands


@pytest.mark.parametrize(
    ("p", "stands"),
    [
        ([], ()),
        ([0.05], (True,)),
        ([0.04, 0.05], (True, True)),  # the second passes 0.05 and takes the first along
        ([0.03, 0.06], (False, False)),
        ([0.01, 0.5, 0.02, 0.9], (True, False, True, False)),  # 0.0125, 0.025
    ],
)
def test_benjamini_hochberg(p: list[float], stands: tuple[bool, ...]) -> None:
    """The largest p value below its step carries all smaller ones."""
    assert benjamini_hochberg(p, 0.05) == stands


def test_example_of_the_authors() -> None:
    """The fifteen p values of Benjamini and Hochberg (1995): four stand, of which Holm keeps three."""
    p = [
        0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344,
        0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000,
    ]  # fmt: skip
    assert sum(benjamini_hochberg(p, 0.05)) == 4
    assert sum(holm(p, 0.05)) == 3


@given(p_values, st.floats(0.001, 0.2))
def test_holm_is_the_stricter(p: list[float], level: float) -> None:
    """What Holm keeps Benjamini and Hochberg keep at the same level; both keep only p values up to it."""
    strict, mild = holm(p, level), benjamini_hochberg(p, level)
    for value, kept, kept_mildly in zip(p, strict, mild, strict=True):
        assert kept <= kept_mildly
        assert value <= level or not kept_mildly
