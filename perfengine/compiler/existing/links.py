"""How the values of columns that refer to other tables are made: rows of ours, rows of others, or null."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Final
from uuid import UUID

from perfengine.compiler.existing.keys import NUMBERED, TENANT
from perfengine.compiler.existing.matching import SOME_ROWS
from perfengine.model.existing_question import Asked
from perfengine.model.generator import Choice, Generator, ReferenceTo

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from perfengine.compiler.existing.matching import Matched, Matching
    from perfengine.model.existing import ExistingColumn, ForeignKey, Place
    from perfengine.model.generator import Scalar

_NULL: Final = Choice(values=(None,))


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Where the values of a column come from that refers to another table."""

    generator: Generator
    references: str | None = None  #: the plan's table, where the rows are ours
    place: Place | None = None  #: the table of others, where they are theirs


def link_of(child: Matched, column: ExistingColumn, matching: Matching) -> Link | str | None:
    """Return where the values of a column come from; None where it refers to nothing, a text: why there are none."""
    references = [one for one in child.table.references if column.name in one.columns]
    if not references:
        return None
    several = [one for one in references if len(one.columns) > 1]
    if several and len(several) == len(references):
        return _of_several(several[0], column)
    reference = next(one for one in references if len(one.columns) == 1)
    ours = matching.at(reference.target)
    if ours is not None and matching.stands_before(reference.target, child.place):
        return _to_ours(reference, ours, column, matching)
    return _to_others(reference, column, matching)


def _of_several(reference: ForeignKey, column: ExistingColumn) -> Link | str:
    if column.nullable:
        return Link(generator=_NULL)
    return (
        f"{reference.table.shown}.{column.name} is part of a reference of several columns "
        f"({', '.join(reference.columns)} to {reference.target.shown}), and rows of ours would not fit together"
    )


def _to_ours(
    reference: ForeignKey, parent: Matched, column: ExistingColumn, matching: Matching
) -> Link | str:
    name, target = parent.entity.name, reference.target_columns[0]
    if target == parent.key.name:
        return Link(generator=ReferenceTo(table=name), references=name)
    if parent.table.column(target).type.base in NUMBERED:
        return Link(generator=ReferenceTo(table=name, numbered=True), references=name)
    return _to_rows(reference, column, matching) or (
        f"{reference.table.shown}.{column.name} refers to {reference.target.shown}.{target}, which is neither its "
        "key nor a number, and no row is there yet to refer to"
    )


def _to_others(reference: ForeignKey, column: ExistingColumn, matching: Matching) -> Link | str:
    there = _to_rows(reference, column, matching)
    if there is not None:
        return there
    if matching.at(reference.target) is not None:
        return (
            f"{reference.table.shown}.{column.name} refers to {reference.target.shown}, which refers back: let one "
            "of the columns be null, or have a row there"
        )
    return f"{reference.table.shown}.{column.name} refers to {reference.target.shown}, where no row is"


def _to_rows(reference: ForeignKey, column: ExistingColumn, matching: Matching) -> Link | None:
    """Return keys of rows that are there, or nulls; None where there is neither."""
    limit = 1 if column.name == TENANT else SOME_ROWS
    answer = matching.answer(Asked.SOME_VALUES, reference.target, reference.target_columns[0], limit)
    values = values_of(column, answer or ())
    if values:
        return Link(generator=Choice(values=values), place=reference.target)
    # before the question was asked anything will do
    return Link(generator=_NULL) if column.nullable or answer is None else None


def values_of(column: ExistingColumn, texts: Iterable[str]) -> tuple[Scalar, ...]:
    """Return values of a column from the server's texts, as the driver binds them.

    What Python has no date for is left out: `infinity`, years before Christ.
    """
    read, values = reader_of(column), []
    for text in texts:
        with suppress(ValueError):
            values.append(read(text))
    return tuple(values)


def reader_of(column: ExistingColumn) -> Callable[[str], Scalar]:
    """Return the function from the server's text to the value that the driver binds for the column."""
    return _READERS.get(column.type.base, str)


_READERS: Final[Mapping[str, Callable[[str], Scalar]]] = {
    "bool": lambda text: text == "true",
    "date": date.fromisoformat,
    "float4": float,
    "float8": float,
    "int2": int,
    "int4": int,
    "int8": int,
    "numeric": Decimal,
    "timestamp": datetime.fromisoformat,
    "timestamptz": datetime.fromisoformat,
    "uuid": lambda text: str(UUID(text)),
}
