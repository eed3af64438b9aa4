"""Durations and sizes become integers, exactly; what has no one reading is refused."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfengine.units import (
    MAX_DURATION_NS,
    NS_PER_MS,
    NS_PER_S,
    NS_PER_US,
    parse_duration_ns,
    parse_size_bytes,
    size_text,
)

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


@pytest.mark.parametrize(
    ("text", "expected_bytes"),
    [("1.5MB", 1_500_000), ("1.5MiB", 1_572_864), ("1.001kB", 1001), ("0.5 GB", 500_000_000), ("0B", 0)],
)
def test_size(text: str, expected_bytes: int) -> None:
    """A size is read in whole bytes; 1.001 kB would be 1000 of them in floating point."""
    assert parse_size_bytes(text) == expected_bytes


@given(st.integers(0, 10**15), st.sampled_from((1, 10**3, 10**6, 10**9)))
def test_size_round_trip(value_bytes: int, factor_bytes: int) -> None:
    """Whatever number of bytes is written as a decimal comes back, not one off."""
    text = f"{Decimal(value_bytes) / factor_bytes:f}{SIZE_WORDS[factor_bytes].split()[0]}"
    assert parse_size_bytes(text) == value_bytes


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("10", '"10" is not a size, write 10MB or 10MiB'),
        ("10 mb", '"10 mb" is not a size'),
        ("-1MB", '"-1MB" is not a size'),
        ("10MB/s", '"10MB/s" is not a size'),
    ],
)
def test_refused_size(text: str, message: str) -> None:
    """What is no size is refused with what was found and what to write."""
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the message is compared below
        parse_size_bytes(text)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("size_bytes", "text"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1 kB"),
        (64_000_000, "64 MB"),
        (1_234_567_890, "1.23 GB"),
        (2.5e12, "2.5 TB"),
    ],
)
def test_a_size_in_words(size_bytes: float, text: str) -> None:
    """In the largest unit that it has one of."""
    assert size_text(size_bytes) == text
