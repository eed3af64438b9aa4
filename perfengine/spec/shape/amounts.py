"""The numbers of a workload and of generators: what may be negative, a share, nothing at all, or a day."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Final

from perfengine import units
from perfengine.spec.mistakes import quoted
from perfengine.spec.shape.quantities import parse_whole
from perfengine.spec.shape.written import Written, quantity

if TYPE_CHECKING:
    from typing import Any

MAX_BIGINT: Final = (1 << 63) - 1
MIN_BIGINT: Final = -1 - MAX_BIGINT
_MAX_PROCESSES: Final = 256
#: How many processes `auto` asks for: as many as the machine has processors.
AUTO: Final = 0

_NUMBER: Final = re.compile(r"\s*[+-]?\d+(\.\d+)?\s*")
_NO_TIME: Final = re.compile(r"\s*0+(\.0+)?\s*([A-Za-zµ]*)\s*")
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_INSTANT: Final = re.compile(
    r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)?)?", re.ASCII
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """The target of a stage: users, or a rate where the document says `/s` or the model is open."""

    value: float
    is_rate: bool = False


def parse_number(text: str) -> Decimal:
    """Return a decimal number, of either sign. Raises: ValueError."""
    if not (text.isascii() and _NUMBER.fullmatch(text)):
        raise ValueError(f"{quoted(text)} is not a number: write digits, such as 10 or -1.5")
    return Decimal(text.strip())


def _parse_integer(text: str) -> int:
    number = parse_number(text)
    if number != int(number):
        raise ValueError(f"{quoted(text)} is not a whole number")
    if not MIN_BIGINT <= number <= MAX_BIGINT:
        raise ValueError(f"{text} is out of range: a whole number has 64 bits")
    return int(number)


def _parse_positive(text: str) -> Decimal:
    number = parse_number(text)
    if number <= 0:
        raise ValueError(f"{text.strip()} is not above 0")
    return number


def _parse_share(text: str) -> float:
    return float(units.parse_fraction(text))


def parse_wait_ns(text: str) -> int:
    """Return the nanoseconds of a duration that may be nothing: `0`, `0s`. Raises: ValueError."""
    nothing = _NO_TIME.fullmatch(text)
    if nothing is None:
        return units.parse_duration_ns(text)
    if nothing[2]:
        units.parse_duration_ns(f"1{nothing[2]}")  # the unit must be one
    return 0


def _parse_level(text: str) -> Level:
    number, slash, unit = text.partition("/")
    if slash:
        try:
            nothing = parse_number(number) == 0
            rate = units.parse_rate_per_s(f"1/{unit}" if nothing else text)
        except ValueError:
            raise ValueError(f"{quoted(text)} is not a rate, write 500/s or 30/min") from None
        return Level(value=0.0 if nothing else rate, is_rate=True)
    value = parse_number(text)
    if value < 0:
        raise ValueError(f"{text.strip()} is below 0: write users such as 50, or a rate such as 500/s")
    return Level(value=float(value))


def _parse_processes(text: str) -> int:
    return AUTO if text == "auto" else parse_whole(text, 1, _MAX_PROCESSES)


def _parse_day(text: str) -> date:
    if not _DAY.fullmatch(text):
        raise ValueError(f"{quoted(text)} is not a day: write 2024-12-31")
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"{quoted(text)} is not a day: {error}") from None


def _parse_instant(text: str) -> datetime:
    if not _INSTANT.fullmatch(text):
        raise ValueError(f"{quoted(text)} is no point in time: write 2024-12-31 or 2024-12-31T12:00:00Z")
    try:
        instant = datetime.fromisoformat(text)
        return (instant if instant.tzinfo else instant.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{quoted(text)} is no point in time: {error}") from None


_TEXT: Final[dict[str, Any]] = {"type": "string", "minLength": 1}

Number = Annotated[Decimal, Written(quantity(parse_number, "a number"), {"type": "number"})]
Integer = Annotated[int, Written(quantity(_parse_integer, "a whole number"), {"type": "integer"})]
Positive = Annotated[
    Decimal,
    Written(quantity(_parse_positive, "a number above 0"), {"type": "number", "exclusiveMinimum": 0}),
]
Share = Annotated[
    float,
    Written(
        quantity(_parse_share, 'a share such as 0.1 or "10%"'),
        {"anyOf": [{"type": "number", "minimum": 0, "maximum": 1}, {"type": "string", "pattern": "%"}]},
    ),
]
WaitNs = Annotated[
    int,
    Written(
        quantity(parse_wait_ns, "a duration such as 50ms"),
        {"anyOf": [{"const": 0}, {"type": "string", "pattern": r"^\s*\d", "examples": ["50ms", "0s"]}]},
    ),
]
StageTarget = Annotated[
    Level,
    Written(
        quantity(_parse_level, "users such as 50, or a rate such as 500/s"),
        {"anyOf": [{"type": "number", "minimum": 0}, {"type": "string", "pattern": "/"}]},
    ),
]
Processes = Annotated[
    int,
    Written(
        quantity(_parse_processes, "a number of processes, or auto"),
        {"anyOf": [{"type": "integer", "minimum": 1, "maximum": _MAX_PROCESSES}, {"const": "auto"}]},
    ),
]
Day = Annotated[date, Written(quantity(_parse_day, "a day such as 2024-12-31"), _TEXT)]
Instant = Annotated[datetime, Written(quantity(_parse_instant, "a point in time such as 2024-12-31"), _TEXT)]
