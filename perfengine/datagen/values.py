"""Values in Python: the twin of `rows_sql.py`. Both compute the same row from (seed, table, index)."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from perfengine.datagen.layout import (
    SEEDED,
    RowSource,
    key_stream,
    needs_text,
    text_length,
    text_stream,
    word_slot,
    word_stream,
)
from perfengine.datagen.scale import as_decimal, steps_of
from perfengine.model.entity import FieldType
from perfengine.model.generator import Choice, NumberRange, Recent, ReferenceTo, StateOf
from perfengine.model.table import Column
from perfengine.seeds import digest_hex, pick

if TYPE_CHECKING:
    from collections.abc import Callable

    from perfengine.model.table import Table

Value = Any  #: whatever the driver binds for the column's type

_SECONDS_A_DAY = 86_400


def key_value(seed: int, table: Table, index: int) -> str | int:
    """Return the key of row `index`: 32 hex digits for uuid and text, `index + 1` for integers."""
    if table.key.field.type in {FieldType.INTEGER, FieldType.BIGINT}:
        return index + 1
    return digest_hex(seed, key_stream(table.name), index)


def column_values(
    source: RowSource, table: Table, column: Column, anchor: datetime, variant: str = SEEDED
) -> Callable[[int], Value]:
    """Return the function from row index to the value of `column`, as the driver binds it.

    `anchor` is the instant that recent timestamps count back from; `variant` names another draw of the same row.
    The state column answers its first state: which state a seeded row is in is the demand's choice.
    """
    seed = source.seed
    if column is table.key:
        return lambda index: key_value(seed, table, index)
    if needs_text(column):
        length = 32 if column.field.type is FieldType.UUID else text_length(column)
        stream = text_stream(table.name, variant, column.name)
        return lambda index: digest_hex(seed, stream, index)[:length]
    digest, word = word_slot(table, column)
    stream = word_stream(table.name, variant, digest)
    begin, end = word * 8, word * 8 + 8
    make = _from_word(source, column, anchor)
    return lambda index: make(int(digest_hex(seed, stream, index)[begin:end], 16))


def _from_word(source: RowSource, column: Column, anchor: datetime) -> Callable[[int], Value]:
    generator = column.generator
    if isinstance(generator, NumberRange):
        return _number(column, generator)
    if isinstance(generator, Choice):
        return lambda word: generator.values[pick(word, len(generator.values))]
    if isinstance(generator, ReferenceTo):
        parent, rows = source.tables[generator.table], source.rows[generator.table]
        return lambda word: key_value(source.seed, parent, pick(word, rows))
    if isinstance(generator, Recent):
        return _recent(column, generator, anchor)
    if isinstance(generator, StateOf):
        return lambda _: generator.states[0]
    return _free(column)


def _number(column: Column, bounds: NumberRange) -> Callable[[int], Value]:
    steps = steps_of(column.field, bounds)
    low, span, stride, digits = steps.low, steps.span, steps.stride, steps.digits
    if column.field.type is FieldType.DECIMAL:
        return lambda word: as_decimal(low + pick(word, span) * stride, digits)
    if column.field.type is FieldType.FLOAT:
        # to double first, as the server does: past 2^53 a division of integers would round differently
        return lambda word: float(low + pick(word, span) * stride) / 10**digits
    return lambda word: low + pick(word, span) * stride


def _recent(column: Column, recent: Recent, anchor: datetime) -> Callable[[int], Value]:
    anchor = anchor.astimezone(UTC)  # days and seconds of a local clock are not those of the server
    if column.field.type is FieldType.DATE:
        return lambda word: anchor.date() - timedelta(days=pick(word, recent.days))
    return lambda word: anchor - timedelta(seconds=pick(word, recent.days * _SECONDS_A_DAY))


def _free(column: Column) -> Callable[[int], Value]:
    if column.field.type is FieldType.BOOLEAN:
        return lambda word: word & 1 == 1
    if column.field.type is FieldType.JSON:
        return lambda word: json.dumps({"n": word})
    return lambda word: word >> 1  # a number no rule speaks of: 31 bits fit every integer column
