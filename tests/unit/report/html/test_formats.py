"""Figures as people read them."""

from __future__ import annotations

import pytest

from perfengine.report.html.formats import (
    clock,
    duration,
    plain,
    rounded,
    scale_for,
    signed_percent,
    with_unit,
)


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.0234, "s", "23.4 ms"),
        (1.5e-7, "s", "150 ns"),
        (0.000812, "s", "812 µs"),
        (3.0, "s", "3 s"),
        (0.0, "s", "0 s"),
        (None, "s", "–"),
        (0.99983, "fraction", "99.983 %"),
        (0.05, "fraction", "5 %"),
        (1.0, "fraction", "100 %"),
        (1234.5, "1/s", "1,234/s"),
        (5, "count", "5"),
        (3_200_000, "B", "3.20 MB"),
        (3_200_000, "B/s", "3.20 MB/s"),
    ],
)
def test_with_unit(value: float | None, unit: str, text: str) -> None:
    """Three digits that count, and a unit that fits."""
    assert with_unit(value, unit).replace("\u00a0", " ") == text


def test_a_column_has_one_unit() -> None:
    """That of its middle value."""
    scale = scale_for("s", [0.9, 0.004, 0.005, None])
    assert (scale.unit, plain(0.0041, scale), plain(0.9, scale)) == ("ms", "4.10", "900")


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.31, "0.310 s"), (42.0, "42 s"), (725, "12:05 min"), (3600, "1:00:00 h"), (None, "–")],
)
def test_duration(seconds: float | None, text: str) -> None:
    """As long as it is."""
    assert duration(seconds).replace("\u00a0", " ") == text


def test_places_on_the_axis_and_changes() -> None:
    """Minutes and seconds; a sign that is a minus."""
    assert (clock(7), clock(725), clock(3725)) == ("0:07", "12:05", "1:02:05")
    assert (signed_percent(0.123), signed_percent(-0.05), signed_percent(2.5)) == (
        "+12.3\u00a0%",
        "\u22125.0\u00a0%",
        "+250\u00a0%",
    )
    assert (rounded(0.00123456), rounded(123456.7), rounded(0.0), rounded(None)) == (
        0.001235,
        123500,
        0.0,
        None,
    )
