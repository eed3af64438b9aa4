"""Values that are made of a 32-bit word, in Python: the twin of `from_word_sql.py`."""

from __future__ import annotations

import json
from bisect import bisect_right
from datetime import UTC, timedelta
from typing import TYPE_CHECKING, Any

from perfengine.datagen.keys import key_value
from perfengine.datagen.layout import hot_stream
from perfengine.datagen.moments import day_of, instant_of, moments_of
from perfengine.datagen.quantiles import weighted_thresholds
from perfengine.datagen.recipe import TEXTS
from perfengine.datagen.row_numbers import first_number
from perfengine.datagen.scale import Steps, as_decimal, steps_in
from perfengine.datagen.spread import Spread, spread_of
from perfengine.model.entity import FieldType
from perfengine.model.generator import Between, Chance, Choice, NumberRange, Recent, ReferenceTo, StateOf
from perfengine.seeds import pick, share

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from perfengine.datagen.layout import RowSource
    from perfengine.datagen.recipe import Recipe
    from perfengine.model.generator import Generator


def word_values(source: RowSource, recipe: Recipe, anchor: datetime) -> Callable[[int], Any]:
    """Return the function from word to value, as the driver binds it; nulls are not its business."""
    generator = recipe.generator
    match generator:
        case NumberRange():
            steps = steps_in(generator, recipe.digits)
            spread = spread_of(generator.distribution, steps, source.seed, recipe.hot)
            return number_values(recipe.type, steps, spread.function())
        case Choice():
            return _choice(generator)
        case ReferenceTo():
            return reference_values(source, generator)
        case Recent() | Between():
            return _moments(recipe.type, generator, anchor)
    return _others(recipe.type, generator)


def reference_values(source: RowSource, reference: ReferenceTo) -> Callable[[int], str | int]:
    """Return the function from word to a key of the parent's data set."""
    seed, parent = source.seed, source.tables[reference.table]
    row = reference_spread(source, reference).function()
    if reference.numbered:
        first = first_number(parent)
        return lambda word: first + row(word)
    return lambda word: key_value(seed, parent, row(word))


def reference_spread(source: RowSource, reference: ReferenceTo) -> Spread:
    """Return how words are spread over the rows of the parent's data set; the hot ones are so for all referrers."""
    steps = Steps(low=0, span=source.rows[reference.table], digits=0)
    return spread_of(reference.distribution, steps, source.seed, hot_stream(reference.table))


def number_values(field_type: FieldType, steps: Steps, step: Callable[[int], int]) -> Callable[[int], Any]:
    """Return the function from word to number, where `step` is the function from word to step."""
    low, stride, digits = steps.low, steps.stride, steps.digits
    if field_type is FieldType.DECIMAL:
        return lambda word: as_decimal(low + step(word) * stride, digits)
    if field_type is FieldType.FLOAT:
        # to double first, as the server does: past 2^53 a division of integers would round differently
        return lambda word: float(low + step(word) * stride) / 10**digits
    if field_type in TEXTS:
        return lambda word: str(low + step(word) * stride)
    return lambda word: low + step(word) * stride


def _choice(choice: Choice) -> Callable[[int], Any]:
    values = choice.values
    if not choice.weights:
        return lambda word: values[pick(word, len(values))]
    thresholds = weighted_thresholds(choice.weights)
    return lambda word: values[bisect_right(thresholds, word) - 1]


def _moments(field_type: FieldType, generator: Recent | Between, anchor: datetime) -> Callable[[int], Any]:
    whole_days = field_type is FieldType.DATE
    steps = moments_of(generator, whole_days=whole_days)
    low, span, unit = steps.low, steps.span, timedelta(days=1) if whole_days else timedelta(seconds=1)
    # days and seconds of a local clock are not those of the server
    base = anchor.astimezone(UTC) if isinstance(generator, Recent) else generator.low
    origin = day_of(base) if whole_days else instant_of(base)
    stride = -steps.stride if isinstance(generator, Recent) and not generator.ahead else steps.stride
    return lambda word: origin + (low + pick(word, span) * stride) * unit


def _others(field_type: FieldType, generator: Generator) -> Callable[[int], Any]:
    if isinstance(generator, StateOf):
        return lambda _: generator.states[0]
    if isinstance(generator, Chance):
        below = share(generator.probability)
        return lambda word: word < below
    if field_type is FieldType.BOOLEAN:
        return lambda word: word & 1 == 1
    if field_type is FieldType.JSON:
        return lambda word: json.dumps({"n": word})
    return lambda word: word >> 1  # a number no rule speaks of: 31 bits fit every integer column
