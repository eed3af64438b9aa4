"""Figures as text: three digits that count, a unit that fits, digits in groups of three."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor, log10
from statistics import median
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

#: What stands where there is no figure.
NOTHING: Final = "–"


@dataclass(frozen=True, slots=True)
class Scale:
    """How a column is shown: values are multiplied by `factor`, the unit stands in its head."""

    unit: str
    factor: float


_MINUS: Final = "\u2212"
#: Units of which there are whole ones.
_WHOLE: Final = frozenset({"", "/s", "%"})
_SECONDS: Final = (Scale("ns", 1e9), Scale("µs", 1e6), Scale("ms", 1e3), Scale("s", 1.0))
_BYTES: Final = (Scale("B", 1.0), Scale("kB", 1e-3), Scale("MB", 1e-6), Scale("GB", 1e-9))
_FIXED: Final = {"fraction": Scale("%", 100.0), "1/s": Scale("/s", 1.0), "count": Scale("", 1.0)}


def scale_for(unit: str, values: Iterable[float | None]) -> Scale:
    """Return the scale that makes the middle one of the values easy to read."""
    if unit in _FIXED:
        return _FIXED[unit]
    found = sorted(abs(value) for value in values if value)
    middle = median(found) if found else 0.0
    if unit == "s":
        fine = _SECONDS if found else ()
        return next((one for one in fine if middle * one.factor < 1000), _SECONDS[-1])
    if unit in {"B", "B/s"}:
        fitting = next((one for one in _BYTES if middle * one.factor < 1000), _BYTES[-1])
        return Scale(fitting.unit + unit[1:], fitting.factor)
    return Scale(unit, 1.0)


def plain(value: float | None, scale: Scale | None = None) -> str:
    """Return a figure of a column, without its unit."""
    if value is None:
        return NOTHING
    if scale is None or scale.unit in _WHOLE:
        return _digits(value * scale.factor if scale else value)
    return _significant(value * scale.factor)


def with_unit(value: float | None, unit: str) -> str:
    """Return a figure with its unit: `23.4 ms`, `99.9 %`, `1,234/s`."""
    if value is None:
        return NOTHING
    scale = scale_for(unit, [value])
    between = "" if scale.unit in {"", "/s"} else "\u00a0"
    return f"{_share(value) if unit == 'fraction' else _digits(value * scale.factor)}{between}{scale.unit}"


def duration(seconds: float | None) -> str:
    """Return a duration: `0.31 s`, `42 s`, `12:05 min`, `1:00:00 h`."""
    if seconds is None:
        return NOTHING
    if seconds < 60:
        return f"{_digits(seconds)}\u00a0s"
    whole = round(seconds)
    minutes, rest = divmod(whole, 60)
    if whole < 3600:
        return f"{minutes}:{rest:02d}\u00a0min"
    return f"{minutes // 60}:{minutes % 60:02d}:{rest:02d}\u00a0h"


def clock(seconds: float) -> str:
    """Return a place on the axis of time: `0:07`, `12:05`, `1:00:00`."""
    whole = round(seconds)
    minutes, rest = divmod(whole, 60)
    return f"{minutes}:{rest:02d}" if whole < 3600 else f"{minutes // 60}:{minutes % 60:02d}:{rest:02d}"


def whole(value: float | None) -> str:
    """Return a count, its digits in groups of three."""
    return NOTHING if value is None else f"{round(value):,}"


def signed_percent(share: float | None) -> str:
    """Return a change with its sign: `+12.3 %`."""
    if share is None:
        return NOTHING
    return f"{share * 100:+.{1 if abs(share) < 1 else 0}f}\u00a0%".replace("-", _MINUS)


def rounded(value: float | None) -> float | None:
    """Return a value with four digits that count: more are not seen, and cost bytes."""
    if not value:
        return value
    found = round(value, 3 - floor(log10(abs(value))))
    return int(found) if found == int(found) else found


def _share(value: float) -> str:
    shown = value * 100
    missing = 100 - shown
    if 50 < shown < 100 and missing < 10:  # of 99.983 % it is the missing 0.017 % that matters
        return f"{shown:.{min(1 - floor(log10(missing)), 6)}f}"
    return _digits(shown)


def _digits(value: float) -> str:
    if not value:
        return "0"
    return f"{value:,.0f}".replace("-", _MINUS) if value == int(value) else _significant(value)


def _significant(value: float) -> str:
    if not value:
        return "0"
    decimals = min(max(2 - floor(log10(abs(value))), 0), 9)
    return f"{value:,.{decimals}f}".replace("-", _MINUS)
