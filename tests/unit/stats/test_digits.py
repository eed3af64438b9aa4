"""Numbers as text that keep their digits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfengine.stats.digits import decimals_for, seconds_text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.0234, "0.0234s"),
        (0.0056, "0.0056s"),
        (0.05, "0.0500s"),
        (1.0, "1.0000s"),
        (0.4567, "0.4567s"),
        (123.45678, "123.4568s"),
        (0.0, "0.0000s"),
        # below a hundredth, digits are lost at four decimals
        (0.00561, "0.00561s"),
        (0.0004721, "0.000472s"),
        (0.0070012, "0.00700s"),
        (0.00004, "0.00004s"),
        (0.0000234, "0.0000234s"),
        (0.000000001, "0.000000001s"),
    ],
)
def test_seconds(seconds: float, text: str) -> None:
    """Seconds have four decimals, and more where three significant digits need them."""
    assert seconds_text(seconds) == text


@given(st.integers(1, 3_600_000_000_000))
def test_seconds_keep_their_digits(latency_ns: int) -> None:
    """A text differs from its value by less than 0.5 %, and is zero only for zero."""
    seconds = latency_ns / 1e9
    shown = float(seconds_text(seconds).removesuffix("s"))
    assert shown > 0
    assert abs(shown - seconds) / seconds < 0.005


@given(st.integers(1, 9_999))
def test_seconds_of_few_digits_stay_short(tenths_of_ms: int) -> None:
    """A value that four decimals show in full has four."""
    assert seconds_text(tenths_of_ms / 10_000) == f"{tenths_of_ms / 10_000:.4f}s"


@given(st.floats(1e-9, 1e9), st.integers(0, 6))
def test_never_fewer_decimals_than_asked(value: float, least: int) -> None:
    """The least number of decimals is kept."""
    assert decimals_for(value, least) >= least
