"""How values are made: of the columns of a table, and of the parameters of an operation.

A value is a function of (seed, stream, index), so that any number of clients and processes gets the same values.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime
    from decimal import Decimal

    Scalar = str | int | bool | float | Decimal | date | None  # a date: of rows that are there


class NumberType(StrEnum):
    """What a number is bound as."""

    INTEGER = "int"
    FLOAT = "float"
    DECIMAL = "decimal"


# --- how numbers are spread ---


@dataclass(frozen=True, slots=True, kw_only=True)
class Uniform:
    """Every value alike."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Normal:
    """The bell curve, cut at the ends of the range."""

    mean: float
    stdev: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Exponential:
    """From the low end of the range on, falling off; `mean` is the distance from there; cut at the high end."""

    mean: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Zipf:
    """The k-th most frequent value has a share of k^-s. Which value that is, a permutation of the range decides."""

    s: float


Distribution = Uniform | Normal | Exponential | Zipf


# --- generators ---


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberRange:
    """Numbers in `low`..`high` inclusive, in steps of 10^-scale.

    Of a column the field says type and scale, of a parameter `type` and `scale` do.
    """

    low: Decimal
    high: Decimal
    distribution: Distribution = Uniform()
    type: NumberType = NumberType.INTEGER
    scale: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One of `values`; with `weights`, whole numbers, each as often as its weight says, else all alike."""

    values: tuple[Scalar, ...]
    weights: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceTo:
    """Keys of `table`, over the rows of its data set; with `numbered`, the row numbers of a second key instead."""

    table: str
    distribution: Distribution = Uniform()
    numbered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Recent:
    """Timestamps or dates, uniform over the `seconds` before the anchor instant of the run, or after it."""

    seconds: int = 365 * 86_400
    ahead: bool = False
    whole_days: bool = False  #: of a parameter: a date, no timestamp; a column's field says it


@dataclass(frozen=True, slots=True, kw_only=True)
class Between:
    """Timestamps in `low`..`high`, whole seconds, or dates where both are dates; uniform."""

    low: datetime | date
    high: datetime | date


@dataclass(frozen=True, slots=True, kw_only=True)
class StateOf:
    """The state column: the states in turn by row for the data set, set by the demand for other rows."""

    states: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Free:
    """No constraint known: the default of the type (text words, uuids, booleans, json objects)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Uuid:
    """A uuid that no other index has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sequence:
    """`start`, `start + step`, ... by index."""

    start: int = 1
    step: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class RowNumber:
    """Integers from the table's first key on: what an integer key has, for a column that must be unique besides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """Lower-case hex digits, `length` of them."""

    length: int = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A text with `{index}` replaced by the index, from 1, and `{word}` by eight hex digits of it."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chance:
    """A boolean, true with `probability`."""

    probability: float = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class OrNull:
    """A share of nulls among the values of `generator`."""

    share: float
    generator: Generator


Generator = (
    NumberRange
    | Choice
    | ReferenceTo
    | Recent
    | Between
    | StateOf
    | Free
    | Uuid
    | Sequence
    | RowNumber
    | Text
    | Template
    | Chance
    | OrNull
)


def is_distinct(generator: Generator) -> bool:
    """Return whether every index has a value of its own: then values must not be handed out twice."""
    if isinstance(generator, Template):
        return "{index}" in generator.text or "{word}" in generator.text
    if isinstance(generator, OrNull):
        return is_distinct(generator.generator)
    return isinstance(generator, Uuid | Sequence | RowNumber | Text)
