"""The numbers of a document: counts, durations, sizes, rates and ratios, read from their text."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Final

from perfengine import units
from perfengine.spec.mistakes import quoted
from perfengine.spec.shape.written import Written, quantity

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

MAX_ROWS: Final = 100_000_000
MAX_CONCURRENCY: Final = 5_000
MAX_ITERATIONS: Final = 1_000_000_000
MAX_USERS: Final = 1_000_000

_TRUE: Final = frozenset({"true", "yes", "on"})
_FALSE: Final = frozenset({"false", "no", "off"})


def parse_whole(text: str, low: int, high: int) -> int:
    """Return the integer `text` writes in digits, within `low`..`high`. Raises: ValueError."""
    digits = text.strip()
    if not (digits.isascii() and digits.isdigit()):
        raise ValueError(f"{quoted(text)} is not a whole number: write digits, from {low} to {high}")
    value = int(digits)
    if digits.startswith("0") and len(digits) > 1:
        raise ValueError(f"{quoted(text)} begins with 0, which some read as octal: write {value}")
    if not low <= value <= high:
        raise ValueError(f"{text} is out of range: write a whole number from {low} to {high}")
    return value


def whole(low: int, high: int) -> Written:
    """Return the scalar type of an integer in `low`..`high`."""
    schema = {"type": "integer", "minimum": low, "maximum": high}
    return Written(quantity(lambda text: parse_whole(text, low, high), "a whole number"), schema)


def parse_switch(text: str) -> bool:
    """Return the boolean of `true` or `false` (or `yes`, `no`, `on`, `off`). Raises: ValueError."""
    folded = text.casefold()
    if folded not in _TRUE | _FALSE:
        raise ValueError(f"{quoted(text)} is neither true nor false")
    return folded in _TRUE


def _parse_size(text: str) -> int:
    size_bytes = units.parse_size_bytes(text)
    if size_bytes < 1:
        raise ValueError(f"{quoted(text)} is less than a byte")
    return size_bytes


def _parse_error_rate(text: str) -> Decimal:
    rate = units.parse_fraction(text)
    if rate == 1 and "%" not in text:
        raise ValueError(
            f'"{text}" as a fraction is 100 %, a limit that never fails; as percent it would be 0.01:'
            ' write 0.01 or "1%"'
        )
    return rate


def _parse_availability(text: str) -> Decimal:
    share = units.parse_fraction(text)
    if share == 1:
        raise ValueError(
            f'"{text}" as a fraction asks that nothing ever fails, which no number of calls can prove; as percent'
            ' it would be 0.01: write 0.999 or "99.9%", or ask for error_rate: 0 in a requirement'
        )
    if share == 0:
        raise ValueError(f'"{text}" asks for nothing: write 0.999 or "99.9%"')
    return share


def _parse_error_budget(text: str) -> Decimal:
    budget = units.parse_percent(text)
    if budget == 1:
        raise ValueError(f'"{text}" as percent is all of them, a budget never spent: write 0.1 for 0.1 %')
    if budget == 0:
        raise ValueError(
            f'"{text}" asks that nothing ever fails, which no number of calls can prove: write 0.1 for 0.1 %,'
            " or ask for error_rate: 0 in a requirement"
        )
    return budget


def _duration_pattern() -> str:
    words = "ns|us|µs|ms|s|m|h|d|sec|min|(nano|micro|milli)?seconds?|minutes?|hours?|days?"
    return rf"^\s*\d+(\.\d+)?\s*({words})\s*$"


def _ratio(parse: Callable[[str], Decimal], what: str, number: dict[str, Any]) -> Written:
    percent = {"type": "string", "pattern": r"^\s*\d+(\.\d+)?\s*(%\s*)?$"}
    return Written(quantity(parse, what), {"anyOf": [{"type": "number", **number}, percent]})


Switch = Annotated[bool, Written(quantity(parse_switch, "true or false"), {"type": "boolean"})]
DurationNs = Annotated[
    int,
    Written(
        quantity(units.parse_duration_ns, "a duration such as 200ms"),
        {
            "type": "string",
            "pattern": _duration_pattern(),
            "examples": ["200ms", "1.5s", "30 seconds", "5 minutes"],
        },
    ),
]
SizeBytes = Annotated[
    int,
    Written(
        quantity(_parse_size, "a size such as 10MB"),
        {
            "type": "string",
            "pattern": r"^\s*\d+(\.\d+)?\s*(B|[kKMG]B|[KMG]iB)\s*$",
            "examples": ["10MB", "10MiB"],
        },
    ),
]
RatePerS = Annotated[
    float,
    Written(
        quantity(units.parse_rate_per_s, "a rate such as 500 or 500/s"),
        {"anyOf": [{"type": "number", "exclusiveMinimum": 0}, {"type": "string", "pattern": "/"}]},
    ),
]
ErrorRate = Annotated[
    Decimal, _ratio(_parse_error_rate, 'a ratio such as 0.01 or "1%"', {"minimum": 0, "exclusiveMaximum": 1})
]
Availability = Annotated[
    Decimal,
    _ratio(
        _parse_availability,
        'a ratio such as 0.999 or "99.9%"',
        {"exclusiveMinimum": 0, "exclusiveMaximum": 1},
    ),
]
ErrorBudget = Annotated[
    Decimal,
    _ratio(
        _parse_error_budget,
        "a number in percent such as 0.1",
        {"exclusiveMinimum": 0, "exclusiveMaximum": 100},
    ),
]
