"""Seeded values for operations written in Python: each call gives the attempt's next value.

A value follows from the seed, the stream, the number of the attempt and the calls before it in the same attempt;
which client makes the attempt, and in which process, does not matter.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import UTC, date, datetime, timedelta
from hashlib import md5
from struct import Struct
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID

from perfengine.datagen.draw_tables import DrawTables, require_order
from perfengine.seeds import WORD_SPAN

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from perfengine.datagen.layout import RowSource
    from perfengine.model.generator import Distribution

Value = TypeVar("Value")

_FOUR_WORDS = Struct(">4I").unpack
_SECOND, _DAY = timedelta(seconds=1), timedelta(days=1)


class Draws:
    """The values of one stream: of an operation."""

    def __init__(
        self, seed: int, stream: str, *, anchor: datetime | None = None, source: RowSource | None = None
    ) -> None:
        """`anchor` is what `ago` and `ahead` count from, `source` has the tables whose keys are drawn."""
        self._prefix = f"{seed}/{stream}/".encode()
        self._tables = DrawTables(seed, stream, anchor, source)

    def at(self, number: int) -> AttemptDraws:
        """Return the values of the attempt of that number, from its first on."""
        return AttemptDraws(b"%b%d/" % (self._prefix, number), self._tables)


class AttemptDraws:
    """The values of one attempt, in the order of the calls. Every call takes one word, or one digest."""

    __slots__ = ("_digests", "_prefix", "_tables", "_words")

    def __init__(self, prefix: bytes, tables: DrawTables) -> None:
        self._prefix = prefix
        self._tables = tables
        self._words: list[int] = []
        self._digests = 0

    def _digest(self) -> bytes:
        self._digests += 1
        return md5(b"%b%d" % (self._prefix, self._digests), usedforsecurity=False).digest()

    def _word(self) -> int:
        if not self._words:
            self._words.extend(_FOUR_WORDS(self._digest()))
        return self._words.pop()

    def uuid(self) -> UUID:
        """Return a uuid that nothing else draws."""
        return UUID(int=int.from_bytes(self._digest(), "big"))

    def text(self, length: int = 16) -> str:
        """Return that many lower-case hex digits."""
        digits = self._digest().hex()
        while len(digits) < length:
            digits += self._digest().hex()
        return digits[:length]

    def integer(self, low: int, high: int, *, distribution: Distribution | None = None) -> int:
        """Return a whole number in `low`..`high`, both included; all alike unless a distribution is given."""
        if distribution is None and 0 <= high - low < WORD_SPAN:
            return low + (self._word() * (high - low + 1) >> 32)
        if distribution is None:
            return self._wide(low, high)
        return self._tables.integers(low, high, distribution)(self._word())

    def _wide(self, low: int, high: int) -> int:
        """Return a number of a range that one word cannot tell apart, by a whole digest."""
        require_order("integer", low, high)
        return low + (int.from_bytes(self._digest(), "big") * (high - low + 1) >> 128)

    def floating(self, low: float, high: float, *, distribution: Distribution | None = None) -> float:
        """Return a number in `low`..`high`."""
        if distribution is None:
            require_order("floating", low, high)
            return low + (high - low) * (self._word() / WORD_SPAN)
        return self._tables.floats(low, high, distribution)(self._word())

    def decimal(
        self,
        low: Decimal | int,
        high: Decimal | int,
        scale: int = 2,
        *,
        distribution: Distribution | None = None,
    ) -> Decimal:
        """Return a number in `low`..`high` with `scale` digits after the point."""
        return self._tables.decimals(low, high, scale, distribution)(self._word())

    def boolean(self, probability: float = 0.5) -> bool:
        """Return true with that probability."""
        return self._word() < probability * WORD_SPAN

    def or_null(self, value: Value, share: float) -> Value | None:
        """Return the value, or None in that share of the attempts."""
        return None if self._word() < share * WORD_SPAN else value

    def choice(self, values: Sequence[Value], weights: Sequence[int] = ()) -> Value:
        """Return one of the values; with weights, whole numbers, each as often as its weight says."""
        if not weights:
            return values[self._word() * len(values) >> 32]
        thresholds = self._tables.thresholds(tuple(weights), len(values))
        return values[bisect_right(thresholds, self._word()) - 1]

    def timestamp(self, low: datetime, high: datetime) -> datetime:
        """Return an instant in `low`..`high`, whole seconds from `low` on, in UTC where they name a zone."""
        require_order("timestamp", low, high)
        begin = low if low.tzinfo is None else low.astimezone(UTC)
        return begin + timedelta(seconds=self.integer(0, (high - low) // _SECOND))

    def date(self, low: date, high: date) -> date:
        """Return a day in `low`..`high`, both included."""
        require_order("date", low, high)
        return low + timedelta(days=self.integer(0, (high - low) // _DAY))

    def ago(self, span: timedelta) -> datetime:
        """Return an instant of the time `span` before the run began, in UTC, whole seconds before its beginning."""
        return self._tables.anchor - timedelta(seconds=self.integer(0, max(1, span // _SECOND) - 1))

    def ahead(self, span: timedelta) -> datetime:
        """Return an instant of the time `span` after the run began."""
        return self._tables.anchor + timedelta(seconds=self.integer(1, max(1, span // _SECOND)))

    def key(self, table: str, *, distribution: Distribution | None = None) -> str | int:
        """Return the key of a row of the table's data set: 32 hex digits for uuid and text, or a whole number."""
        return self._tables.keys(table, distribution)(self._word())
