"""Series as lines of signs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfengine.report.sparkline import bucket_of, in_buckets, sparkline

VALUES = st.lists(st.none() | st.floats(-1e9, 1e9), max_size=200)


def test_signs() -> None:
    """The least is the lowest, the largest the highest, nothing is a dot."""
    values = [0.0, 1.0, 3.5, None, 7.0]
    assert sparkline(values, unicode=True) == "▁▂▅·█"
    assert sparkline(values, unicode=False) == "125.8"


@pytest.mark.parametrize("values", [[], [None, None]])
def test_without_any_value(values: list[float | None]) -> None:
    """Dots alone."""
    assert sparkline(values, unicode=False) == "." * len(values)


def test_without_any_difference() -> None:
    """In the middle; one percent is hardly more."""
    assert sparkline([2.0, 2.0], unicode=True) == "▅▅"
    assert sparkline([2.0, 2.02], unicode=False) == "45"
    assert sparkline([0.0, 0.0], unicode=False) == "55"


@given(st.floats(-1e300, 1e300), st.integers(1, 5))
def test_equal_values_are_in_the_middle(value: float, count: int) -> None:
    """Whatever they are: rounding once put one number a sign lower than another."""
    assert sparkline([value] * count, unicode=False) == "5" * count


@given(VALUES, st.integers(1, 80))
def test_no_longer_than_asked(values: list[float | None], width: int) -> None:
    """Every value falls into a sign of the line, in order, and a sign is a value that lies among its own."""
    signs = in_buckets(values, width)
    assert len(signs) == len(sparkline(signs, unicode=False)) == min(len(values), width)
    places = [bucket_of(at, len(values), width) for at in range(len(values))]
    assert places == sorted(places)
    assert set(places) == set(range(len(signs)))
    for place, sign in enumerate(signs):
        own = [value for at, value in zip(places, values, strict=True) if at == place and value is not None]
        assert (sign is None) == (not own)
        if sign is not None:
            assert min(own) <= sign <= max(own)
