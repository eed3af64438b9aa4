"""What the compiler must know of the rows that are in existing tables, and what the server answered."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from perfengine.model.existing import Place


class Asked(StrEnum):
    """What is asked of a column."""

    SOME_VALUES = "some_values"  #: up to `limit` values that rows have, from all over the table, no nulls
    VALUES_OF_ONE_ROW = "values_of_one_row"  #: the same, of rows that share their value with no other
    GREATEST = "greatest"  #: the greatest value


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question about the values of one column."""

    asked: Asked
    place: Place
    column: str
    limit: int = 1


#: Values as text, as the server writes them: uuids, numbers.
Answer = tuple[str, ...]
