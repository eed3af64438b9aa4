"""Values in short."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfengine.live.words import ASCII, UNICODE, glyphs_for, latency_words, rate_words, time_words


@pytest.mark.parametrize(
    ("latency_ns", "words"),
    [
        (0, "0.000ms"),
        (42_000, "0.042ms"),
        (999_499, "0.999ms"),
        (999_500, "1.00ms"),
        (1_234_567, "1.23ms"),
        (9_994_999, "9.99ms"),
        (12_345_678, "12.3ms"),
        (999_400_000, "999ms"),
        (999_500_000, "1.00s"),
        (61_500_000_000, "61.5s"),
        (3_600_000_000_000, "3600s"),
    ],
)
def test_latencies(latency_ns: int, words: str) -> None:
    """Three digits, in milliseconds or seconds."""
    assert latency_words(latency_ns) == words


@given(st.integers(0, 3_600_000_000_000))
def test_no_latency_is_wider_than_its_column(latency_ns: int) -> None:
    """So that columns stand still."""
    assert len(latency_words(latency_ns)) <= 7


@pytest.mark.parametrize(
    ("rate", "words"), [(0.0, "0.00"), (0.42, "0.42"), (12.34, "12.3"), (99.96, "100"), (12345.6, "12,346")]
)
def test_rates(rate: float, words: str) -> None:
    """Three digits at least."""
    assert rate_words(rate) == words


@pytest.mark.parametrize(("seconds", "words"), [(7.9, "0:07"), (750, "12:30"), (3600, "1:00:00")])
def test_times(seconds: float, words: str) -> None:
    """As a clock shows them."""
    assert time_words(seconds) == words


@pytest.mark.parametrize(
    ("encoding", "glyphs"),
    [("utf-8", UNICODE), ("ascii", ASCII), ("iso8859-1", ASCII), ("no such encoding", ASCII)],
)
def test_signs_follow_the_encoding(encoding: str, glyphs: object) -> None:
    """What cannot be encoded is not shown."""
    assert glyphs_for(encoding) is glyphs
