"""Values that are made of digests of their own, or of the index, as SQL: the twin of `from_index.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfengine.datagen.keys_sql import digest_sql
from perfengine.datagen.recipe import template_parts, uncut_type
from perfengine.model.entity import FieldType
from perfengine.model.generator import Sequence, Template
from perfengine.model.sql import quote_literal

if TYPE_CHECKING:
    from perfengine.datagen.recipe import Recipe


def index_sql(seed: int, recipe: Recipe, sql_type: str) -> str:
    """Return the expression of a value over the row index `i`; nulls are not its business."""
    match recipe.generator:
        case Sequence(start=start, step=step):
            # numeric, for a product may be beyond bigint
            return f"({start} + {step}::numeric * i)::{uncut_type(recipe, sql_type)}"
        case Template():
            return _template(seed, recipe, recipe.generator, sql_type)
    if recipe.type is FieldType.UUID:
        return f"{digest_sql(seed, recipe.stream, 'i')}::uuid"
    return _text(seed, recipe)


def _text(seed: int, recipe: Recipe) -> str:
    digests = [digest_sql(seed, stream, "i") for stream in recipe.text_streams]
    text, times = " || ".join(digests), -(-recipe.length // (32 * len(digests)))
    return f"left({f'repeat({text}, {times})' if times > 1 else text}, {recipe.length})"


def _template(seed: int, recipe: Recipe, template: Template, sql_type: str) -> str:
    known = {"{index}": "(i + 1)::text", "{word}": f"left({digest_sql(seed, recipe.stream, 'i')}, 8)"}
    parts = [
        known[part] if place % 2 else quote_literal(part)
        for place, part in enumerate(template_parts(template))
        if part
    ]
    return f"concat({', '.join(parts) or quote_literal('')})::{uncut_type(recipe, sql_type)}"
