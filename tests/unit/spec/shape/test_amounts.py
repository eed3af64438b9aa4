"""The numbers of a workload."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfengine.spec.shape.amounts import parse_number, parse_wait_ns

if TYPE_CHECKING:
    from decimal import Decimal


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=6))
def test_a_number_is_read_as_it_is_written(number: Decimal) -> None:
    """Of either sign, without rounding."""
    assert parse_number(f"{number:f}") == number


@pytest.mark.parametrize("text", ["", "a", "1e5", "0x10", "1_000", "٣", "1.", ".5", "--1", "1 2", "NaN"])
def test_what_is_no_number_is_refused(text: str) -> None:
    """Including what Python would take for one."""
    with pytest.raises(ValueError, match="is not a number"):
        parse_number(text)


@given(st.integers(1, 10**9))
def test_a_wait_is_a_duration(wait_ns: int) -> None:
    """Wherever it is more than nothing."""
    assert parse_wait_ns(f"{wait_ns}ns") == wait_ns


@pytest.mark.parametrize("text", ["0", "0s", "0.0 ms", "00m"])
def test_a_wait_may_be_nothing(text: str) -> None:
    """With or without a unit."""
    assert parse_wait_ns(text) == 0


@pytest.mark.parametrize("text", ["0 parsecs", "5", "-1s", ""])
def test_what_is_no_wait_is_refused(text: str) -> None:
    """As every other duration."""
    with pytest.raises(ValueError, match="duration"):
        parse_wait_ns(text)
