"""The seeded values of an attempt, as an operation sees them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime, timedelta
    from decimal import Decimal
    from uuid import UUID

    from perfengine.model.generator import Distribution

Value = TypeVar("Value")


class Draw(Protocol):
    """Values that follow from the seed, the operation and the number of the attempt: the same in every run.

    Every call gives the attempt's next value. Numbers and keys are spread evenly, unless a distribution is given:
    `perfengine.Normal`, `perfengine.Exponential` or `perfengine.Zipf`.
    """

    def uuid(self) -> UUID:
        """Return a uuid that nothing else draws."""

    def integer(self, low: int, high: int, *, distribution: Distribution | None = None) -> int:
        """Return a whole number in `low`..`high`, both included."""

    def floating(self, low: float, high: float, *, distribution: Distribution | None = None) -> float:
        """Return a number in `low`..`high`."""

    def decimal(
        self,
        low: Decimal | int,
        high: Decimal | int,
        scale: int = 2,
        *,
        distribution: Distribution | None = None,
    ) -> Decimal:
        """Return a number in `low`..`high` with `scale` digits after the point."""

    def boolean(self, probability: float = 0.5) -> bool:
        """Return true with that probability."""

    def text(self, length: int = 16) -> str:
        """Return that many lower-case hex digits."""

    def choice(self, values: Sequence[Value], weights: Sequence[int] = ()) -> Value:
        """Return one of the values; with weights, whole numbers, each as often as its weight says."""

    def or_null(self, value: Value, share: float) -> Value | None:
        """Return the value, or None in that share of the attempts."""

    def timestamp(self, low: datetime, high: datetime) -> datetime:
        """Return an instant in `low`..`high`, whole seconds from `low` on."""

    def date(self, low: date, high: date) -> date:
        """Return a day in `low`..`high`, both included."""

    def ago(self, span: timedelta) -> datetime:
        """Return an instant of the time `span` before the run began."""

    def ahead(self, span: timedelta) -> datetime:
        """Return an instant of the time `span` after the run began."""

    def key(self, table: str, *, distribution: Distribution | None = None) -> str | int:
        """Return the key of a row of an entity's data set."""


#: From the number of an attempt to its values.
DrawOf = Callable[[int], Draw]
