"""Rates and ratios become numbers, exactly; what has no one reading is refused with every reading named."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfengine.units import parse_fraction, parse_percent, parse_rate_per_s

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.mark.parametrize(
    ("text", "per_s"),
    [
        ("500/s", 500.0),
        ("30/min", 0.5),
        ("30/m", 0.5),
        ("90 / minute", 1.5),
        ("36/h", 0.01),
        ("36/hour", 0.01),
        ("2.5/sec", 2.5),
        ("7/second", 7.0),
        ("250", 250.0),
        (" 0.1 ", 0.1),
        ("1/min", 1 / 60),
    ],
)
def test_rate(text: str, per_s: float) -> None:
    """A rate is per second, whatever it was written in."""
    assert parse_rate_per_s(text) == per_s


@pytest.mark.parametrize(
    ("parse", "text", "message"),
    [
        (parse_rate_per_s, "0/s", '"0/s" is not a rate, it must be above 0'),
        (parse_rate_per_s, "0", '"0" is not a rate, it must be above 0'),
        (parse_rate_per_s, "500/day", '"500/day" is not a rate, write 500/s or 30/min'),
        (parse_rate_per_s, "-5/s", '"-5/s" is not a rate'),
        (parse_rate_per_s, "500 s", '"500 s" is not a rate'),
        (parse_fraction, "ten", '"ten" is not a ratio, write 0.01 or "1%"'),
        (parse_fraction, "-0.1", '"-0.1" is not a ratio'),
        (parse_fraction, "1e-3", '"1e-3" is not a ratio'),
        (
            parse_fraction,
            "5",
            '"5" as a fraction is 5, above 1; as percent it would be 0.05: write 0.05 or "5%"',
        ),
        (
            parse_fraction,
            " 99.9 ",
            'as a fraction is 99.9, above 1; as percent it would be 0.999: write 0.999 or "99.9%"',
        ),
        (
            parse_fraction,
            "150",
            '"150" as a fraction is 150, above 1; as percent it would be 1.5, above 1 too: write 0.01 or "1%"',
        ),
        (parse_fraction, "150%", '"150%" is above 100 percent'),
        (parse_percent, "some", '"some" is not a percentage, write 0.1 or "0.1%"'),
        (parse_percent, "101", '"101" as percent is above 100; as a fraction it would be above 1'),
        (parse_percent, "100.1 %", '"100.1 %" as percent is above 100'),
    ],
)
def test_refused(parse: Callable[[str], object], text: str, message: str) -> None:
    """What is no rate or ratio is refused with every reading it could have."""
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the message is compared below
        parse(text)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("text", "fraction", "percent"),
    [
        ("0.01", "0.01", "0.0001"),
        ("1%", "0.01", "0.01"),
        (" 0.1 % ", "0.001", "0.001"),
        ("0", "0", "0"),
        ("1", "1", "0.01"),
        ("100%", "1", "1"),
        ("0.999", "0.999", "0.00999"),
        ("99.999%", "0.99999", "0.99999"),
    ],
)
def test_ratios(text: str, fraction: str, percent: str) -> None:
    """A bare number is a fraction for one reader and percent for the other; a percentage is the same for both."""
    assert parse_fraction(text) == Decimal(fraction)
    assert parse_percent(text) == Decimal(percent)


@given(st.decimals(0, 1, places=9))
def test_ratio_round_trip(ratio: Decimal) -> None:
    """A ratio comes back exactly, as a fraction and as percent, in decimal and not in binary."""
    assert parse_fraction(f"{ratio:f}") == parse_fraction(f"{ratio * 100:f}%") == ratio
    assert parse_percent(f"{ratio * 100:f}") == parse_percent(f"{ratio * 100:f} %") == ratio
