"""The columns that rows of ours say: those of the author's fields, and what the table asks for besides."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from perfengine.compiler.existing.problem import Problem
from perfengine.compiler.existing.types import is_known
from perfengine.model.existing import Identity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from perfengine.model.entity import Entity, Field
    from perfengine.model.existing import ExistingColumn, ExistingTable

#: Before the name of an entity, of a column that holds its number.
_FOREIGN = "fk_"
_ID = "_id"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Columns of a table that rows of ours say, the key first, with what the author says of each."""

    columns: tuple[tuple[ExistingColumn, Field | None], ...]
    by_field: Mapping[str, str]  #: the author's name of a field to that of its column
    notes: tuple[str, ...]
    problems: tuple[Problem, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(column.name for column, _ in self.columns)


def choose_columns(
    entity: Entity, table: ExistingTable, key: ExistingColumn, more: Sequence[str] = ()
) -> Chosen:
    """Return the columns of an entity's rows; `more` are columns that others need of them."""
    by_field: dict[str, str] = {}
    found: dict[str, tuple[ExistingColumn, Field | None]] = {key.name: (key, None)}
    notes: list[str] = []
    problems: list[Problem] = []
    for field in entity.fields:
        column = key if field.name == "id" else _column_of(field, table)
        if column is None:
            problems.append(_no_column(entity, field, table))
            continue
        by_field[field.name] = column.name
        if column is not key and _is_server_made(column):
            notes.append(f"{table.place.shown}.{column.name} is made by the server: no value is given to it")
        elif column is not key:
            found[column.name] = (column, field)
    for column in table.columns:
        if column.name in more or (not column.nullable and not column.has_default):
            found.setdefault(column.name, (column, None))
    problems += _unmakeable(entity, found.values(), table)
    return Chosen(
        columns=tuple(found.values()), by_field=by_field, notes=tuple(notes), problems=tuple(problems)
    )


def _is_server_made(column: ExistingColumn) -> bool:
    return column.generated or column.identity is Identity.ALWAYS


def _column_of(field: Field, table: ExistingTable) -> ExistingColumn | None:
    """Return the column of a field: of its own name, or the one that holds the number of what it refers to."""
    by_name = {column.name: column for column in table.columns}
    plain = field.name.removesuffix(_ID)
    names = [field.name, field.name.lower(), f"{_FOREIGN}{plain}"]
    if field.references is not None:
        names.append(f"{plain}{_ID}")
    return next((by_name[name] for name in names if name in by_name), None)


def _no_column(entity: Entity, field: Field, table: ExistingTable) -> Problem:
    names = {column.name.lower(): column.name for column in table.columns}
    near = get_close_matches(field.name.lower(), names, n=1, cutoff=0.5)
    return Problem(
        message=f'entity "{entity.name}": field "{field.name}" has no column in {table.kind} {table.place.shown}',
        entity=entity.name,
        field=field.name,
        allowed=tuple(column.name for column in table.columns),
        suggestion=names[near[0]] if near else None,
    )


def _unmakeable(
    entity: Entity, chosen: Iterable[tuple[ExistingColumn, Field | None]], table: ExistingTable
) -> Iterator[Problem]:
    for column, field in chosen:
        if not is_known(column.type):
            is_optional = column.nullable or column.has_default
            remedy = "leave it out" if is_optional else "give it a default, or let it be null"
            name = f"{table.place.shown}.{column.name}"
            yield Problem(
                message=f'entity "{entity.name}": {name} has type {column.type.sql}, of which no values can be made: '
                f"{remedy}",
                entity=entity.name,
                field=field.name if field is not None else None,
            )
