"""What the draws of one stream share: functions from word to value, made once for each range."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeVar

from perfengine.datagen.from_word import number_values, reference_values
from perfengine.datagen.quantiles import weighted_thresholds
from perfengine.datagen.scale import MAX_SPAN, steps_in
from perfengine.datagen.spread import spread_of
from perfengine.model.entity import FieldType
from perfengine.model.generator import Distribution, NumberRange, ReferenceTo, Uniform

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from perfengine.datagen.layout import RowSource

#: Ranges kept; an operation that asks for ever new ones pays for making them.
_KEPT = 256
#: Decimal places of floats: a power of ten that is a float itself.
_MOST_DIGITS = 300
_UNIFORM = Uniform()

Made = TypeVar("Made")


def require_order(what: str, low: Any, high: Any) -> None:  # noqa: ANN401 - whatever has an order
    """Raise ValueError for a range that ends before it begins."""
    if low > high:
        raise ValueError(f"{what}({low}, {high}): the low end is above the high one")


def _exact(bound: Decimal | float) -> Decimal:
    """Return a bound as it is written, not as a float holds it: 0.1 has one digit."""
    return Decimal(repr(bound)) if isinstance(bound, float) else Decimal(bound)


class DrawTables:
    """The functions of one stream."""

    def __init__(self, seed: int, stream: str, anchor: datetime | None, source: RowSource | None) -> None:
        self._seed = seed
        self._hot = f"{stream}/hot"
        self._anchor = anchor
        self._source = source
        self._made: dict[Hashable, Any] = {}

    @property
    def anchor(self) -> datetime:
        """The instant the run began, in UTC. Raises: ValueError where draws were made without one."""
        if self._anchor is None:
            raise ValueError("these draws do not know when the run began")
        return self._anchor.astimezone(UTC)

    def integers(self, low: int, high: int, distribution: Distribution) -> Callable[[int], int]:
        """Return the function from word to whole number."""
        key = ("integer", low, high, distribution)
        made: Callable[[int], int] | None = self._made.get(key)
        return made or self._numbers(key, FieldType.BIGINT, 0)

    def floats(self, low: float, high: float, distribution: Distribution) -> Callable[[int], float]:
        """Return the function from word to float: in decimal steps, as many as a word can tell apart."""
        key = ("floating", low, high, distribution)
        made: Callable[[int], float] | None = self._made.get(key)
        if made:
            return made
        if low == high:  # no decimal step needs to be there
            return self._keep(key, lambda _: float(low))
        width = high - low
        digits = math.floor(math.log10(MAX_SPAN) - math.log10(width)) if 0 < width < math.inf else 0
        return self._numbers(key, FieldType.FLOAT, min(max(0, digits), _MOST_DIGITS))

    def decimals(
        self, low: Decimal | int, high: Decimal | int, scale: int, distribution: Distribution | None
    ) -> Callable[[int], Decimal]:
        """Return the function from word to decimal."""
        key = ("decimal", low, high, distribution, scale)
        made: Callable[[int], Decimal] | None = self._made.get(key)
        return made or self._numbers(key, FieldType.DECIMAL, scale)

    def _numbers(self, key: tuple[Any, ...], field_type: FieldType, digits: int) -> Callable[[int], Any]:
        what, low, high, distribution, *_ = key
        require_order(what, low, high)
        steps = steps_in(NumberRange(low=_exact(low), high=_exact(high)), digits)
        spread = spread_of(distribution or _UNIFORM, steps, self._seed, self._hot)
        return self._keep(key, number_values(field_type, steps, spread.function()))

    def thresholds(self, weights: tuple[int, ...], values: int) -> tuple[int, ...]:
        """Return the words at which weighted values begin."""
        made: tuple[int, ...] | None = self._made.get(weights)
        if made is None:
            if min(weights) < 0 or sum(weights) <= 0:
                raise ValueError(f"choice: weights are 0 or more, and one is above 0, found {weights}")
            made = self._keep(weights, weighted_thresholds(weights))
        if len(weights) != values:
            raise ValueError(f"choice: {values} values have {len(weights)} weights")
        return made

    def keys(self, table: str, distribution: Distribution | None) -> Callable[[int], str | int]:
        """Return the function from word to a key of the table's data set."""
        key = ("key", table, distribution)
        made: Callable[[int], str | int] | None = self._made.get(key)
        if made:
            return made
        if self._source is None or table not in self._source.tables:
            known = ", ".join(self._source.tables) if self._source else "none"
            raise ValueError(f'key: there is no table "{table}"; known: {known}')
        if not self._source.rows[table]:  # row 0 would be drawn, which is not there
            raise ValueError(
                f'key: the data set has no row of "{table}"; a run that only reads has no data set'
            )
        reference = ReferenceTo(table=table, distribution=distribution or _UNIFORM)
        return self._keep(key, reference_values(self._source, reference))

    def _keep(self, key: Hashable, made: Made) -> Made:
        if len(self._made) >= _KEPT:
            self._made.clear()
        self._made[key] = made
        return made
