"""Values that are made of a 32-bit word, as SQL: the twin of `from_word.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfengine.datagen.from_word import reference_spread
from perfengine.datagen.keys_sql import key_sql
from perfengine.datagen.moments import day_of, instant_of, moments_of
from perfengine.datagen.quantiles import weighted_thresholds
from perfengine.datagen.recipe import uncut_type
from perfengine.datagen.row_numbers import first_number
from perfengine.datagen.scale import Steps, steps_in
from perfengine.datagen.spread import Spread, spread_of
from perfengine.model.entity import FieldType
from perfengine.model.generator import Between, Chance, Choice, NumberRange, Recent, ReferenceTo
from perfengine.model.sql import quote_literal
from perfengine.seeds import share

if TYPE_CHECKING:
    from perfengine.datagen.layout import RowSource
    from perfengine.datagen.recipe import Recipe

_ANCHOR = "$3::timestamptz"


def word_values_sql(source: RowSource, recipe: Recipe, sql_type: str, word: str, place: int) -> str:
    """Return the expression of a value over a word, itself a bigint expression; nulls are not its business.

    `place` is the column's: it names the tables of a distribution that the statement computes beside the digests.
    """
    generator = recipe.generator
    match generator:
        case NumberRange():
            step = _step(_number_spread(source, recipe, generator), word, place)
            return _number(
                recipe.type, steps_in(generator, recipe.digits), step, uncut_type(recipe, sql_type)
            )
        case Choice():
            return _choice(generator, uncut_type(recipe, sql_type), word)
        case ReferenceTo():
            row = _step(reference_spread(source, generator), word, place)
            return _reference(source, generator, sql_type, row)
        case Recent() | Between():
            return _moment(recipe.type, generator, word)
        case Chance():
            return f"({word} < {share(generator.probability)})"
    return _free(recipe.type, sql_type, word)


def _reference(source: RowSource, reference: ReferenceTo, sql_type: str, row: str) -> str:
    parent = source.tables[reference.table]
    if reference.numbered:
        return f"({row} + {first_number(parent)})::{sql_type}"
    return key_sql(source.seed, parent, row)


def spread_in(source: RowSource, recipe: Recipe) -> Spread | None:
    """Return how words are spread over steps or rows; None for a value that is not made so."""
    if isinstance(recipe.generator, NumberRange):
        return _number_spread(source, recipe, recipe.generator)
    if isinstance(recipe.generator, ReferenceTo):
        return reference_spread(source, recipe.generator)
    return None


def _number_spread(source: RowSource, recipe: Recipe, bounds: NumberRange) -> Spread:
    return spread_of(bounds.distribution, steps_in(bounds, recipe.digits), source.seed, recipe.hot)


def _pick(word: str, span: int) -> str:
    return f"(({word} * {span}) >> 32)"


def _step(spread: Spread, word: str, place: int) -> str:
    """Return the step that a word stands for; of the piece that it is in, the statement knows the number already."""
    if spread.quantiles is None:
        return _pick(word, spread.span)
    piece, thresholds, starts = f"b{place}", f"c{place}", f"x{place}"
    step = (
        f"({starts}[{piece}] + ({word} - {thresholds}[{piece}]) * ({starts}[{piece} + 1] - {starts}[{piece}])"
        f" / ({thresholds}[{piece} + 1] - {thresholds}[{piece}]))"
    )
    hot = spread.permutation
    return step if hot is None else f"(({hot.factor} * {step} + {hot.offset}) % {hot.span})"


def _choice(choice: Choice, sql_type: str, word: str) -> str:
    texts = ", ".join("NULL" if v is None else quote_literal(_text(v)) for v in choice.values)
    values = f"(ARRAY[{texts}]::{sql_type}[])"
    if not choice.weights:
        return f"{values}[1 + {_pick(word, len(choice.values))}]"
    thresholds = ",".join(str(threshold) for threshold in weighted_thresholds(choice.weights))
    return f"{values}[width_bucket({word}, '{{{thresholds}}}'::bigint[])]"


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _number(field_type: FieldType, steps: Steps, picked: str, sql_type: str) -> str:
    if steps.stride > 1:  # numeric, for the product may be beyond bigint
        picked = f"{picked}::numeric * {steps.stride}"
    units = f"({steps.low} + {picked})"
    if field_type is FieldType.DECIMAL:
        # a product of numerics is exact, a quotient has 16 significant digits
        return f"({units}::numeric * 1e-{steps.digits})::{sql_type}"
    if field_type is FieldType.FLOAT:
        return f"({units}::double precision / {10**steps.digits})"
    return f"{units}::{sql_type}"


def _moment(field_type: FieldType, generator: Recent | Between, word: str) -> str:
    whole_days = field_type is FieldType.DATE
    steps = moments_of(generator, whole_days=whole_days)
    picked = _pick(word, steps.span)
    if steps.stride > 1:
        picked = f"{picked} * {steps.stride}"
    if steps.low:
        picked = f"({steps.low} + {picked})"
    sign = "-" if isinstance(generator, Recent) and not generator.ahead else "+"
    if whole_days:
        return f"({_day(generator)} {sign} {picked}::integer)"
    return f"({_instant(generator)} {sign} {picked} * interval '1 second')"


def _day(generator: Recent | Between) -> str:
    if isinstance(generator, Recent):
        return f"({_ANCHOR} AT TIME ZONE 'UTC')::date"
    return f"'{day_of(generator.low).isoformat()}'::date"


def _instant(generator: Recent | Between) -> str:
    return (
        _ANCHOR
        if isinstance(generator, Recent)
        else f"'{instant_of(generator.low).isoformat()}'::timestamptz"
    )


def _free(field_type: FieldType, sql_type: str, word: str) -> str:
    if field_type is FieldType.BOOLEAN:
        return f"({word} & 1) = 1"
    if field_type is FieldType.JSON:
        return f"jsonb_build_object('n', {word})"
    return f"({word} >> 1)::{sql_type}"
