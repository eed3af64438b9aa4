"""The unit of every metric: how its values are written as JSON and shown as text."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, isfinite, isinf
from typing import Final

from perfengine.model.requirement import Metric
from perfengine.stats.digits import decimals_for
from perfengine.units import NS_PER_S


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A unit: values inside perfengine are divided by `divisor` for JSON, then multiplied by `factor` for the eye."""

    name: str
    suffix: str
    divisor: int = 1
    factor: float = 1
    least_decimals: int = 0


SECONDS: Final = Unit(name="s", suffix="s", divisor=NS_PER_S, least_decimals=4)
FRACTION: Final = Unit(name="fraction", suffix="%", factor=100)
PER_SECOND: Final = Unit(name="1/s", suffix="/s", least_decimals=1)
COUNT: Final = Unit(name="count", suffix="")
BYTES: Final = Unit(name="B", suffix="MB", factor=1e-6)

#: What was watched is in its unit already.
_WATCHED: Final = {
    "s": Unit(name="s", suffix="s", least_decimals=4),
    "B/s": Unit(name="B/s", suffix="MB/s", factor=1e-6),
    **{unit.name: unit for unit in (FRACTION, PER_SECOND, COUNT, BYTES)},
}

_UNITS: Final[dict[str, Unit]] = {
    Metric.ERROR_RATE: FRACTION,
    "availability": FRACTION,
    "error_budget": FRACTION,
    Metric.THROUGHPUT: PER_SECOND,
    Metric.CONCURRENT_USERS: COUNT,
    Metric.CONNECTIONS: COUNT,
    Metric.MEMORY_PER_REQUEST: BYTES,
}


def unit_of(metric: str) -> Unit:
    """Return the unit of a metric or of a promise of a service level; all that is not listed is a latency."""
    return _UNITS.get(metric, SECONDS)


def unit_named(name: str) -> Unit:
    """Return the unit of a value that is in it already, whatever it is called."""
    return _WATCHED.get(name) or Unit(name=name, suffix=f" {name}")


def scaled(value: float, unit: Unit) -> float:
    """Return a value as JSON writes it: latencies in seconds, ratios as fractions."""
    return value if unit.divisor == 1 else value / unit.divisor


def finite_or_none(value: float | None) -> float | None:
    """Return what JSON can write: None for a value that is infinite, that is none, or that is not there."""
    return value if value is not None and isfinite(value) else None


def value_text(value: float, unit: Unit, beyond: str = "inf") -> str:
    """Return a value as text with its unit, to three significant digits or more: `0.0234s`, `99.9%`, `42.7/s`.

    `beyond` stands for an infinite value.
    """
    return beyond if isinf(value) else _text(value, unit, _decimals(value, unit))


def comparison_text(observed: float, limit: float, unit: Unit, beyond: str = "inf") -> str:
    """Return `0.0234s < 0.0500s`: the sign is that of the values, and unequal values never look alike."""
    sign = "<" if observed < limit else ">" if observed > limit else "="
    if observed == inf:
        return f"{beyond} {sign} {value_text(limit, unit)}"
    decimals = (_decimals(observed, unit), _decimals(limit, unit))
    left, right = (
        _text(value, unit, count) for value, count in zip((observed, limit), decimals, strict=True)
    )
    count = max(decimals)
    while left == right and sign != "=":
        count += 1
        left, right = _text(observed, unit, count), _text(limit, unit, count)
    return f"{left} {sign} {right}"


def _text(value: float, unit: Unit, decimals: int) -> str:
    return f"{scaled(value, unit) * unit.factor:.{decimals}f}{unit.suffix}"


def _decimals(value: float, unit: Unit) -> int:
    shown = scaled(value, unit) * unit.factor
    if unit is FRACTION and 50 < shown < 100:
        shown = 100 - shown  # of 99.983 % it is the missing 0.017 % that matters
    return decimals_for(shown, unit.least_decimals)
