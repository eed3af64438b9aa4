"""Generators in words: what values a parameter of an own operation has."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from perfengine.model.generator import (
    Between,
    Chance,
    Choice,
    Exponential,
    Free,
    Generator,
    Normal,
    NumberRange,
    NumberType,
    OrNull,
    Recent,
    ReferenceTo,
    RowNumber,
    Sequence,
    StateOf,
    Template,
    Text,
    Uuid,
    Zipf,
)
from perfengine.report.measures import FRACTION, value_text

if TYPE_CHECKING:
    from perfengine.model.generator import Distribution

_SECONDS_A_DAY = 86_400
#: Values of a choice that are shown; keys of rows that are there may be a thousand.
_MAX_SHOWN = 20
_SORTS = {NumberType.INTEGER: "a whole number", NumberType.FLOAT: "a number", NumberType.DECIMAL: "a decimal"}


def generator_text(generator: Generator) -> str:
    """Return what values there are: `a whole number from 1 to 1000, zipf with s 1.1`."""
    match generator:
        case NumberRange(low=low, high=high, type=sort):
            text = f"{_SORTS[sort]} from {low:f} to {high:f}{_spread_text(generator.distribution)}"
        case Choice():
            text = _choice_text(generator)
        case ReferenceTo(table=table, distribution=distribution, numbered=numbered):
            text = f"a {'second key' if numbered else 'key'} of {table}{_spread_text(distribution)}"
        case Recent() | Between():
            text = _instant_text(generator)
        case StateOf(states=states):
            text = f"a state of {', '.join(states)}"
        case OrNull(share=share, generator=inner):
            text = f"{generator_text(inner)}, or null ({value_text(share, FRACTION)} of them)"
        case _:
            text = _plain_text(generator)
    return text


def _plain_text(generator: Free | Uuid | Sequence | RowNumber | Text | Template | Chance) -> str:
    match generator:
        case Uuid():
            text = "a uuid that no other attempt has"
        case RowNumber():
            text = "the number of the row, beyond all that are there"
        case Sequence(start=start, step=step):
            text = f"{start}, {start + step}, {start + 2 * step}, ..."
        case Text(length=length):
            text = f"{length} hex digits"
        case Template(text=template):
            text = f'"{template}"'
        case Chance(probability=probability):
            text = f"true with probability {probability:g}"
        case Free():
            text = "a value of its type"
    return text


def _spread_text(distribution: Distribution) -> str:
    """Return how numbers are spread; that all are alike goes without saying."""
    match distribution:
        case Normal(mean=mean, stdev=stdev):
            return f", normal around {mean:g} with deviation {stdev:g}"
        case Exponential(mean=mean):
            return f", exponential with mean {mean:g}"
        case Zipf(s=s):
            return f", zipf with s {s:g}"
        case _:
            return ""


def _choice_text(generator: Choice) -> str:
    values = [str(value) for value in generator.values[:_MAX_SHOWN]]
    if generator.weights:
        pairs = zip(values, generator.weights, strict=False)
        values = [f"{value} ({weight})" for value, weight in pairs]
    more = len(generator.values) - len(values)
    return f"one of {', '.join(values)}" + (f" and {more} more" if more else "")


def _instant_text(generator: Recent | Between) -> str:
    if isinstance(generator, Between):
        what = "a time" if isinstance(generator.low, datetime) else "a date"
        return f"{what} from {generator.low.isoformat()} to {generator.high.isoformat()}"
    what = "a date" if generator.whole_days else "a time"
    days = f"{generator.seconds / _SECONDS_A_DAY:.4g} days"
    return f"{what} of the next {days}" if generator.ahead else f"{what} of the last {days}"
