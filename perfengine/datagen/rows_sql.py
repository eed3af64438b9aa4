"""Rows made on the server: the twin of `values.py`, as SQL text.

A million rows travel as one statement instead of as a million rows. Parameters of every statement here:
`$1` first index, `$2` last index, both bigint and inclusive.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfengine.datagen.layout import (
    SEEDED,
    WORDS_A_DIGEST,
    RowSource,
    key_stream,
    needs_text,
    text_length,
    text_stream,
    word_slot,
    word_stream,
)
from perfengine.datagen.scale import steps_of
from perfengine.model.entity import FieldType
from perfengine.model.generator import Choice, NumberRange, Recent, ReferenceTo, StateOf
from perfengine.model.sql import quote_identifier, quote_literal
from perfengine.model.table import Column

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfengine.model.table import Table

_SECONDS_A_DAY = 86_400


def key_sql(seed: int, table: Table, index: str) -> str:
    """Return the SQL expression of the key of row `index`, itself a bigint expression."""
    if table.key.field.type in {FieldType.INTEGER, FieldType.BIGINT}:
        return f"({index} + 1)::{table.key.sql_type}"
    digest = _digest(seed, key_stream(table.name), index)
    return f"{digest}::{table.key.sql_type}"


def insert_rows_sql(source: RowSource, table: Table, states: Sequence[str]) -> str:
    """Return the INSERT of rows `$1`..`$2`.

    `$3` is the anchor instant (timestamptz), `$4` the index at which the turn of `states` begins; a table without
    a state column ignores `states`.
    """
    names = ", ".join(quote_identifier(column.name) for column in table.columns)
    values = ",\n       ".join(_column_sql(source, table, column, states) for column in table.columns)
    # $3 and $4 are spoken of once here so that a table that uses neither still has four parameters.
    # OFFSET 0 keeps the planner from computing a digest once per use.
    return (
        f"INSERT INTO {quote_identifier(table.name)} ({names})\n"
        f"SELECT {values}\n"
        f"FROM (SELECT i{_digests(source, table)} FROM generate_series($1::bigint, $2::bigint) AS g(i)\n"
        "      WHERE $3::timestamptz IS NOT NULL AND $4::bigint IS NOT NULL OFFSET 0) AS r"
    )


def _digest(seed: int, stream: str, index: str) -> str:
    text = f"{quote_literal(f'{seed}/{stream}/')} || {index}"
    # Python hashes UTF-8, the server its own encoding; they differ beyond ASCII
    return f"md5({text})" if stream.isascii() else f"md5(convert_to({text}, 'UTF8'))"


def _digests(source: RowSource, table: Table) -> str:
    words = sum(1 for column in table.columns[1:] if not needs_text(column))
    parts = [
        f", decode({_digest(source.seed, word_stream(table.name, SEEDED, number), 'i')}, 'hex') AS d{number}"
        for number in range(-(-words // WORDS_A_DIGEST))
    ]
    return "".join(parts)


def _column_sql(source: RowSource, table: Table, column: Column, states: Sequence[str]) -> str:
    if column is table.key:
        return key_sql(source.seed, table, "i")
    if isinstance(column.generator, StateOf):
        return _turn(states or column.generator.states[:1])
    if needs_text(column):
        digest = _digest(source.seed, text_stream(table.name, SEEDED, column.name), "i")
        return (
            f"{digest}::uuid"
            if column.field.type is FieldType.UUID
            else f"left({digest}, {text_length(column)})"
        )
    digest_number, word = word_slot(table, column)
    return _from_word(source, column, _word_sql(f"d{digest_number}", word))


def _word_sql(digest: str, word: int) -> str:
    """Return the unsigned word as a bigint, byte by byte: a third of the cost of casting its digits to bit(32)."""
    first, *rest = (f"get_byte({digest}, {word * 4 + place})" for place in range(4))
    shifted = [f"({first}::bigint << 24)", f"({rest[0]} << 16)", f"({rest[1]} << 8)", rest[2]]
    return f"({' | '.join(shifted)})"


def _turn(states: Sequence[str]) -> str:
    if len(states) == 1:
        return quote_literal(states[0])
    texts = ", ".join(quote_literal(state) for state in states)
    return f"(ARRAY[{texts}])[1 + ((i - $4) % {len(states)})]"


def _pick(word: str, span: int) -> str:
    return f"(({word} * {span}) >> 32)"


def _from_word(source: RowSource, column: Column, word: str) -> str:
    generator = column.generator
    if isinstance(generator, NumberRange):
        return _number(column, generator, word)
    if isinstance(generator, Choice):
        texts = ", ".join("NULL" if v is None else quote_literal(_text(v)) for v in generator.values)
        return f"(ARRAY[{texts}]::{column.sql_type}[])[1 + {_pick(word, len(generator.values))}]"
    if isinstance(generator, ReferenceTo):
        rows = source.rows[generator.table]
        return key_sql(source.seed, source.tables[generator.table], _pick(word, rows))
    if isinstance(generator, Recent):
        return _recent(column, generator, word)
    return _free(column, word)


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _number(column: Column, bounds: NumberRange, word: str) -> str:
    steps = steps_of(column.field, bounds)
    picked = _pick(word, steps.span)
    if steps.stride > 1:  # numeric, for the product may be beyond bigint
        picked = f"{picked}::numeric * {steps.stride}"
    units = f"({steps.low} + {picked})"
    if column.field.type is FieldType.DECIMAL:
        # a product of numerics is exact, a quotient has 16 significant digits
        return f"({units}::numeric * 1e-{steps.digits})::{column.sql_type}"
    if column.field.type is FieldType.FLOAT:
        return f"({units}::double precision / {10**steps.digits})"
    return f"{units}::{column.sql_type}"


def _recent(column: Column, recent: Recent, word: str) -> str:
    if column.field.type is FieldType.DATE:
        return f"(($3::timestamptz AT TIME ZONE 'UTC')::date - {_pick(word, recent.days)}::integer)"
    return f"($3::timestamptz - {_pick(word, recent.days * _SECONDS_A_DAY)} * interval '1 second')"


def _free(column: Column, word: str) -> str:
    if column.field.type is FieldType.BOOLEAN:
        return f"({word} & 1) = 1"
    if column.field.type is FieldType.JSON:
        return f"jsonb_build_object('n', {word})"
    return f"({word} >> 1)::{column.sql_type}"
