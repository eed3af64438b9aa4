"""Measured time in stretches as long as each other, of which there are never more than so many.

How long a phase will last is not known, so a stretch is a second at first. When there would be more of them than so
many, neighbours become one, and all that follow are twice as long.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

Value = TypeVar("Value")


class Stretches(Generic[Value]):
    """A value for each stretch in which there was one. Mutable."""

    __slots__ = ("_by_number", "_most", "_together", "length_s")

    def __init__(self, most: int, together: Callable[[Value, Value], Value]) -> None:
        """`together` makes one value of two, of neighbours or of the same stretch."""
        self._most, self._together = most, together
        self._by_number: dict[int, Value] = {}
        self.length_s = 1

    def add(self, second: int, value: Value) -> None:
        """Take what belongs to that second of measured time; the first is 1."""
        while (second - 1) // self.length_s >= self._most:
            self._double()
        self._put((second - 1) // self.length_s, value)

    def in_order(self) -> list[tuple[int, Value]]:
        """Return the values in their order, each with the seconds of measured time before its stretch."""
        return [(number * self.length_s, self._by_number[number]) for number in sorted(self._by_number)]

    def _double(self) -> None:
        before, self._by_number = self._by_number, {}
        self.length_s *= 2
        for number, value in before.items():
            self._put(number // 2, value)

    def _put(self, number: int, value: Value) -> None:
        known = self._by_number.get(number)
        self._by_number[number] = value if known is None else self._together(known, value)
