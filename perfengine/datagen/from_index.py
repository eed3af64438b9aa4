"""Values that are made of digests of their own, or of the index, in Python: the twin of `from_index_sql.py`."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from perfengine.datagen.recipe import TEXTS, template_parts
from perfengine.model.entity import FieldType
from perfengine.model.generator import Sequence, Template
from perfengine.seeds import digest_hex

if TYPE_CHECKING:
    from collections.abc import Callable

    from perfengine.datagen.recipe import Recipe

_KINDS: dict[FieldType, type] = {FieldType.DECIMAL: Decimal, FieldType.FLOAT: float} | dict.fromkeys(
    TEXTS, str
)


def index_values(seed: int, recipe: Recipe) -> Callable[[int], Any]:
    """Return the function from index to value, as the driver binds it; nulls are not its business."""
    match recipe.generator:
        case Sequence(start=start, step=step):
            kind = _KINDS.get(recipe.type, int)
            return lambda index: kind(start + step * index)
        case Template():
            return _template(seed, recipe, recipe.generator)
    return _text(seed, recipe)


def _text(seed: int, recipe: Recipe) -> Callable[[int], str]:
    stream, *more = recipe.text_streams
    length = recipe.length
    if not more:
        return lambda index: digest_hex(seed, stream, index)[:length]
    streams = recipe.text_streams
    times = -(-length // (32 * len(streams)))
    return lambda index: ("".join([digest_hex(seed, s, index) for s in streams]) * times)[:length]


def _template(seed: int, recipe: Recipe, template: Template) -> Callable[[int], str]:
    parts = template_parts(template)
    stream, words = recipe.stream, "{word}" in parts

    def text(index: int) -> str:
        known = {"{index}": str(index + 1), "{word}": digest_hex(seed, stream, index)[:8] if words else ""}
        return "".join([known[part] if place % 2 else part for place, part in enumerate(parts)])

    return text
