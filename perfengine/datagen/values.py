"""Values of rows in Python: the twin of `rows_sql.py`. Both compute the same row from (seed, table, index)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from perfengine.datagen.from_index import index_values
from perfengine.datagen.from_word import word_values
from perfengine.datagen.keys import key_value
from perfengine.datagen.layout import SEEDED, RowSource, word_slot, word_stream
from perfengine.datagen.recipe import Recipe, recipe_of
from perfengine.seeds import digest_hex, word

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from perfengine.model.table import Column, Table

__all__ = ["column_values", "key_value", "with_nulls"]

Value = Any  #: whatever the driver binds for the column's type


def column_values(
    source: RowSource, table: Table, column: Column, anchor: datetime, variant: str = SEEDED
) -> Callable[[int], Value]:
    """Return the function from row index to the value of `column`, as the driver binds it.

    `anchor` is the instant that recent timestamps count back from; `variant` names another draw of the same row.
    The state column answers its first state: which state a seeded row is in is the demand's choice.
    """
    if column is table.key:
        return lambda index: key_value(source.seed, table, index)
    recipe = recipe_of(table, column, variant)
    if not recipe.reads_word:
        return with_nulls(source.seed, recipe, index_values(source.seed, recipe))
    digest, place = word_slot(table, column)
    stream = word_stream(table.name, variant, digest)
    begin, end = place * 8, place * 8 + 8
    make, seed = word_values(source, recipe, anchor), source.seed
    return with_nulls(seed, recipe, lambda index: make(int(digest_hex(seed, stream, index)[begin:end], 16)))


def with_nulls(seed: int, recipe: Recipe, make: Callable[[int], Value]) -> Callable[[int], Value]:
    """Return `make` with nulls in between, as many as the recipe says."""
    below, stream = recipe.null_below, recipe.null_stream
    if not below:
        return make
    return lambda index: None if word(seed, stream, index) < below else make(index)
