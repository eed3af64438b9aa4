"""Text to integers and back: durations, sizes, rates and ratios.

Inside perfengine time is `int` nanoseconds, a size `int` bytes, a rate `float` per second and a ratio `float`
between 0 and 1. This module is the only place that reads the words of a document; rendering for the eye is
`report`'s. Every `parse_` function raises `ValueError` with what was found and what is allowed.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

NS_PER_US: Final = 1_000
NS_PER_MS: Final = 1_000_000
NS_PER_S: Final = 1_000_000_000

_DURATION_NS: Final = {
    **dict.fromkeys(("ns", "nanosecond", "nanoseconds"), 1),
    **dict.fromkeys(("us", "µs", "microsecond", "microseconds"), NS_PER_US),
    **dict.fromkeys(("ms", "millisecond", "milliseconds"), NS_PER_MS),
    **dict.fromkeys(("s", "sec", "second", "seconds"), NS_PER_S),
    **dict.fromkeys(("m", "min", "minute", "minutes"), 60 * NS_PER_S),
    **dict.fromkeys(("h", "hour", "hours"), 3600 * NS_PER_S),
    **dict.fromkeys(("d", "day", "days"), 86400 * NS_PER_S),
}
_SIZE_BYTES: Final = {
    "B": 1,
    "kB": 10**3,
    "KB": 10**3,
    "MB": 10**6,
    "GB": 10**9,
    "KiB": 2**10,
    "MiB": 2**20,
    "GiB": 2**30,
}
_RATE_DIVISOR: Final = {
    "s": 1,
    "sec": 1,
    "second": 1,
    "min": 60,
    "m": 60,
    "minute": 60,
    "h": 3600,
    "hour": 3600,
}
_NUMBER_UNIT: Final = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([A-Za-zµ]+)\s*\Z")
_RATE: Final = re.compile(r"\s*(\d+(?:\.\d+)?)\s*/\s*([a-z]+)\s*\Z")
_PLAIN: Final = re.compile(r"\s*\d+(?:\.\d+)?\s*\Z")
_PERCENT: Final = re.compile(r"\s*(\d+(?:\.\d+)?)\s*%\s*\Z")

#: The longest duration a document may ask for: 365 days. Longer ones are typing mistakes.
MAX_DURATION_NS: Final = 365 * 86400 * NS_PER_S


def parse_duration_ns(text: str) -> int:
    """Return the nanoseconds of `200ms`, `5us`, `1.5s`, `2m`, `1h` or `30 seconds`.

    Raises: ValueError without a unit, with an unknown one, below 1 ns or above 365 days.
    """
    if _PLAIN.match(text):
        raise ValueError(f"a duration needs a unit: {text.strip()}ms or {text.strip()}s?")
    match = _NUMBER_UNIT.match(text)
    if match is None or match[2] not in _DURATION_NS:
        raise ValueError(f'"{text}" is not a duration, write 200ms, 5us, 1.5s, 2m, 1h or 30 seconds')
    value_ns = int(Decimal(match[1]) * _DURATION_NS[match[2]])
    if not 1 <= value_ns <= MAX_DURATION_NS:
        raise ValueError(f'"{text}" is out of range, a duration lies between 1ns and 365 days')
    return value_ns


def parse_size_bytes(text: str) -> int:
    """Return the bytes of `10MB` (10^6) or `10MiB` (2^20).

    Raises: ValueError for anything else.
    """
    match = _NUMBER_UNIT.match(text)
    if match is None or match[2] not in _SIZE_BYTES:
        raise ValueError(f'"{text}" is not a size, write 10MB or 10MiB')
    return int(Decimal(match[1]) * _SIZE_BYTES[match[2]])


def parse_rate_per_s(text: str) -> float:
    """Return the per-second rate of `500/s`, `30/min` or a plain number (per second).

    Raises: ValueError for anything else and for zero.
    """
    if _PLAIN.match(text):
        rate = Decimal(text.strip())
    else:
        match = _RATE.match(text)
        if match is None or match[2] not in _RATE_DIVISOR:
            raise ValueError(f'"{text}" is not a rate, write 500/s or 30/min')
        rate = Decimal(match[1]) / _RATE_DIVISOR[match[2]]
    if rate <= 0:
        raise ValueError(f'"{text}" is not a rate, it must be above 0')
    return float(rate)


def parse_fraction(text: str) -> Decimal:
    """Return a ratio in 0..1 from a fraction (`0.01`) or a percentage (`1%`).

    Raises: ValueError for a value that only makes sense as percent but does not say so.
    """
    percent = _PERCENT.match(text)
    if percent:
        value = Decimal(percent[1]) / 100
    elif _PLAIN.match(text):
        value = Decimal(text.strip())
    else:
        raise ValueError(f'"{text}" is not a ratio, write 0.01 or "1%"')
    if value > 1:
        raise ValueError(
            _fits_no_reading(text, value) if percent is None else f'"{text}" is above 100 percent'
        )
    return value


def _fits_no_reading(text: str, value: Decimal) -> str:
    """Return what a number above 1 would be as a fraction and as percent, and what to write if one of them fits."""
    as_percent = value / 100
    readings = f'"{text}" as a fraction is {value:f}, above 1; as percent it would be {as_percent:f}'
    if as_percent > 1:
        return f'{readings}, above 1 too: write 0.01 or "1%"'
    return f'{readings}: write {as_percent:f} or "{value:f}%"'


def parse_percent(text: str) -> Decimal:
    """Return a ratio in 0..1 from a number in percent (`0.1` is 0.001) or a percentage (`0.1%`).

    Raises: ValueError above 100 percent.
    """
    percent = _PERCENT.match(text)
    number = percent[1] if percent else text.strip()
    if not _PLAIN.match(number):
        raise ValueError(f'"{text}" is not a percentage, write 0.1 or "0.1%"')
    value = Decimal(number) / 100
    if value > 1:
        raise ValueError(
            f'"{text}" as percent is above 100; as a fraction it would be above 1: write 0.1 or "0.1%"'
        )
    return value


def size_text(size_bytes: float) -> str:
    """Return a size in the largest unit that it has one of, to three digits: `1.2 GB`, `64 MB`."""
    for unit, factor in (("TB", 1e12), ("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if size_bytes >= factor:
            return f"{size_bytes / factor:.3g} {unit}"
    return f"{size_bytes:.0f} B"
