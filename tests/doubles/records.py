"""Rows and columns as the driver gives them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator


class Record:
    """A row, or a composite value: by position and by name, as the driver's own."""

    def __init__(self, **values: Any) -> None:
        self._values = values

    def __len__(self) -> int:
        return len(self._values)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._values.values())

    def __getitem__(self, key: int | str) -> Any:
        return tuple(self._values.values())[key] if isinstance(key, int) else self._values[key]

    def __eq__(self, other: object) -> bool:
        return tuple(self) == (tuple(other) if isinstance(other, Record) else other)

    def __hash__(self) -> int:
        return hash(tuple(self))

    def keys(self) -> Iterator[str]:
        """Yield the names of the columns."""
        yield from self._values

    def values(self) -> Iterator[Any]:
        """Yield the values."""
        yield from self._values.values()


@dataclass(frozen=True, slots=True)
class ColumnType:
    """The type of a column."""

    name: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a statement's rows."""

    name: str
    type: ColumnType = ColumnType("int4")
