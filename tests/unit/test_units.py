"""The words of a document become integers and decimals, exactly; what has no one reading is refused."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfengine.units import (
    MAX_DURATION_NS,
    NS_PER_MS,
    NS_PER_S,
    NS_PER_US,
    parse_duration_ns,
    parse_fraction,
    parse_percent,
    parse_rate_per_s,
    parse_size_bytes,
)

if TYPE_CHECKING:
    from collections.abc import Callable

MINUTE_NS, HOUR_NS, DAY_NS = 60 * NS_PER_S, 3600 * NS_PER_S, 86400 * NS_PER_S
DURATION_WORDS = {
    1: "ns nanosecond nanoseconds",
    NS_PER_US: "us µs microsecond microseconds",
    NS_PER_MS: "ms millisecond milliseconds",
    NS_PER_S: "s sec second seconds",
    MINUTE_NS: "m min minute minutes",
    HOUR_NS: "h hour hours",
    DAY_NS: "d day days",
}
SIZE_WORDS = {
    1: "B",
    10**3: "kB KB",
    10**6: "MB",
    10**9: "GB",
    2**10: "KiB",
    2**20: "MiB",
    2**30: "GiB",
}
blanks = st.sampled_from(("", " ", "  ", "\t"))


@pytest.mark.parametrize(
    ("text", "expected_ns"),
    [
        ("200ms", 200 * NS_PER_MS),
        ("5us", 5 * NS_PER_US),
        ("1.5s", 1_500_000_000),
        ("2m", 2 * MINUTE_NS),
        ("1h", HOUR_NS),
        ("30 seconds", 30 * NS_PER_S),
        ("5 minutes", 5 * MINUTE_NS),
        ("0.57us", 570),  # 569 in floating point
        ("1.001ms", 1_001_000),
        (" 10 ms ", 10 * NS_PER_MS),
        ("007s", 7 * NS_PER_S),
        ("1ns", 1),
        ("365d", MAX_DURATION_NS),
        ("0.5 days", DAY_NS // 2),
    ],
)
def test_duration(text: str, expected_ns: int) -> None:
    """A duration is read in whole nanoseconds."""
    assert parse_duration_ns(text) == expected_ns


@pytest.mark.parametrize(
    ("factor_ns", "word"), [(n, word) for n, words in DURATION_WORDS.items() for word in words.split()]
)
def test_every_word_of_a_duration(factor_ns: int, word: str) -> None:
    """Every unit word is read, with a blank before it and without."""
    assert parse_duration_ns(f"3{word}") == parse_duration_ns(f"3 {word}") == 3 * factor_ns


@given(st.integers(1, MAX_DURATION_NS), st.sampled_from((1, NS_PER_US, NS_PER_MS, NS_PER_S)), blanks)
def test_duration_round_trip(value_ns: int, factor_ns: int, blank: str) -> None:
    """Whatever number of nanoseconds is written as a decimal comes back, not one off."""
    text = f"{Decimal(value_ns) / factor_ns:f}{blank}{DURATION_WORDS[factor_ns].split()[-1]}"
    assert parse_duration_ns(text) == value_ns


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("200", "a duration needs a unit: 200ms or 200s?"),
        (" 1.5 ", "a duration needs a unit: 1.5ms or 1.5s?"),
        ("5 parsecs", '"5 parsecs" is not a duration, write 200ms, 5us, 1.5s, 2m, 1h or 30 seconds'),
        ("1h30m", '"1h30m" is not a duration'),
        ("-5s", '"-5s" is not a duration'),
        ("1e3s", '"1e3s" is not a duration'),
        (".5s", '".5s" is not a duration'),
        ("1,5s", '"1,5s" is not a duration'),
        ("5 MS", '"5 MS" is not a duration'),
        ("5 M", '"5 M" is not a duration'),
        ("s", '"s" is not a duration'),
        ("", '"" is not a duration'),
        ("5s\nx", "is not a duration"),
        ("0s", '"0s" is out of range, a duration lies between 1ns and 365 days'),
        ("0.4ns", '"0.4ns" is out of range'),
        ("366d", '"366d" is out of range'),
        ("9" * 60 + "h", "is out of range"),
    ],
)
def test_refused_duration(text: str, message: str) -> None:
    """What is no duration is refused with what was found and what to write."""
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the message is compared below
        parse_duration_ns(text)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("factor_bytes", "word"), [(n, word) for n, words in SIZE_WORDS.items() for word in words.split()]
)
def test_every_word_of_a_size(factor_bytes: int, word: str) -> None:
    """MB is ten to the sixth, MiB two to the twentieth."""
    assert parse_size_bytes(f"10{word}") == parse_size_bytes(f" 10 {word} ") == 10 * factor_bytes


@given(st.integers(0, 10**15), st.sampled_from((1, 10**3, 10**6, 10**9)))
def test_size_round_trip(value_bytes: int, factor_bytes: int) -> None:
    """Whatever number of bytes is written as a decimal comes back, not one off."""
    text = f"{Decimal(value_bytes) / factor_bytes:f}{SIZE_WORDS[factor_bytes].split()[0]}"
    assert parse_size_bytes(text) == value_bytes


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
        (parse_size_bytes, "10", '"10" is not a size, write 10MB or 10MiB'),
        (parse_size_bytes, "10 mb", '"10 mb" is not a size'),
        (parse_size_bytes, "-1MB", '"-1MB" is not a size'),
        (parse_size_bytes, "10MB/s", '"10MB/s" is not a size'),
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
    """What is no size, rate or ratio is refused with every reading it could have."""
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
