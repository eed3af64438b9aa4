"""Rows made on the server: the twin of `values.py`, as SQL text.

A million rows travel as one statement instead of as a million rows. Parameters of every statement here:
`$1` first index, `$2` last index, both bigint and inclusive.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfengine.datagen.from_index_sql import index_sql
from perfengine.datagen.from_word_sql import spread_in, word_values_sql
from perfengine.datagen.keys_sql import digest_sql, key_sql
from perfengine.datagen.layout import SEEDED, RowSource, word_slot, word_stream, words_of
from perfengine.datagen.recipe import recipe_of
from perfengine.model.generator import StateOf
from perfengine.model.sql import quote_identifier, quote_literal
from perfengine.seeds import WORDS_A_DIGEST

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from perfengine.datagen.quantiles import Quantiles
    from perfengine.model.table import Column, Table

__all__ = ["insert_rows_sql", "key_sql"]


def insert_rows_sql(source: RowSource, table: Table, states: Sequence[str]) -> str:
    """Return the INSERT of rows `$1`..`$2`.

    `$3` is the anchor instant (timestamptz), `$4` the index at which the turn of `states` begins; a table without
    a state column ignores `states`.
    """
    names = ", ".join(quote_identifier(column.name) for column in table.columns)
    values = ",\n       ".join(
        _column_sql(source, table, place, states) for place in range(len(table.columns))
    )
    # $3 and $4 are spoken of once here so that a table that uses neither still has four parameters.
    # OFFSET 0 keeps the planner from computing a digest once per use.
    rows = (
        f"(SELECT i{_digests(source, table)} FROM generate_series($1::bigint, $2::bigint) AS g(i)\n"
        "      WHERE $3::timestamptz IS NOT NULL AND $4::bigint IS NOT NULL OFFSET 0) AS r"
    )
    overriding = " OVERRIDING SYSTEM VALUE" if table.overrides_identity else ""
    return (
        f"INSERT INTO {table.sql} ({names}){overriding}\n"
        f"SELECT {values}\n"
        f"FROM {_with_pieces(source, table, rows)}"
    )


def _digests(source: RowSource, table: Table) -> str:
    """Return the digests that columns share, d0 and on, and those that say where nulls are, n and the place."""
    shared = range(-(-len(words_of(table)) // WORDS_A_DIGEST))
    streams = {f"d{number}": word_stream(table.name, SEEDED, number) for number in shared}
    for place, column in enumerate(table.columns[1:], 1):
        recipe = recipe_of(table, column)
        if recipe.null_below:
            streams[f"n{place}"] = recipe.null_stream
    return "".join(
        f", decode({digest_sql(source.seed, stream, 'i')}, 'hex') AS {name}"
        for name, stream in streams.items()
    )


def _with_pieces(source: RowSource, table: Table, rows: str) -> str:
    """Return the rows with the tables of distributions, c and x, and the piece that each word is in, b."""
    tables, pieces = [], []
    for place, column in enumerate(table.columns[1:], 1):
        spread = spread_in(source, recipe_of(table, column))
        if spread is not None and spread.quantiles is not None:
            tables.append(_tables(spread.quantiles, place))
            pieces.append(f"width_bucket({_word_of(table, column)}, c{place}) AS b{place}")
    if not tables:
        return rows
    return (
        f"(SELECT r.*, q.*, {', '.join(pieces)}\n      FROM {rows},\n"
        f"      (SELECT {', '.join(tables)}) AS q OFFSET 0) AS r"
    )


def _tables(quantiles: Quantiles, place: int) -> str:
    return f"{_array(quantiles.thresholds)} AS c{place}, {_array(quantiles.starts)} AS x{place}"


def _array(numbers: Iterable[int]) -> str:
    return f"'{{{','.join(str(number) for number in numbers)}}}'::bigint[]"


def _column_sql(source: RowSource, table: Table, place: int, states: Sequence[str]) -> str:
    column = table.columns[place]
    if column is table.key:
        return key_sql(source.seed, table, "i")
    if isinstance(column.generator, StateOf):
        # a literal alone takes the type of its column, one out of several must be told
        return _turn(states or column.generator.states[:1], column.sql_type if table.place else "text")
    recipe = recipe_of(table, column)
    if recipe.reads_word:
        value = word_values_sql(source, recipe, column.sql_type, _word_of(table, column), place)
    else:
        value = index_sql(source.seed, recipe, column.sql_type)
    if not recipe.null_below:
        return value
    return f"CASE WHEN {_word_sql(f'n{place}', 0)} >= {recipe.null_below} THEN {value} END"


def _word_of(table: Table, column: Column) -> str:
    digest, word = word_slot(table, column)
    return _word_sql(f"d{digest}", word)


def _word_sql(digest: str, word: int) -> str:
    """Return the unsigned word as a bigint, byte by byte: a third of the cost of casting its digits to bit(32)."""
    first, *rest = (f"get_byte({digest}, {word * 4 + place})" for place in range(4))
    shifted = [f"({first}::bigint << 24)", f"({rest[0]} << 16)", f"({rest[1]} << 8)", rest[2]]
    return f"({' | '.join(shifted)})"


def _turn(states: Sequence[str], sql_type: str) -> str:
    if len(states) == 1:
        return quote_literal(states[0])
    texts = ", ".join(quote_literal(state) for state in states)
    cast = "" if sql_type == "text" else f"::{sql_type}[]"
    return f"(ARRAY[{texts}]{cast})[1 + ((i - $4) % {len(states)})]"
