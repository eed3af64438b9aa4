"""The SQL of own operations: `:name` becomes `$1`, `{{entity}}` the quoted table; what neither is, is a mistake."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfengine.compiler.mistakes import unknown_word
from perfengine.model.mistake import Mistake
from perfengine.model.sql_text import (
    SqlTextError,
    bind,
    count_statements,
    numbered_parameters,
    place_before_binding,
    placeholders,
    table_marks,
)
from perfengine.model.statement_kinds import (
    NOBODY_COPIES,
    PATH_IS_SHARED,
    copies_from_client,
    leaves_search_path,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from perfengine.model.mistake import Position

#: (name, None) of a parameter, (step, column) of what a step returned
Key = tuple[str, str | None]


def sql_mistakes(
    sql: str,
    position: Position,
    *,
    tables: Mapping[str, str],
    parameters: Iterable[str],
    steps: Iterable[str],
) -> Iterator[Mistake]:
    """Yield what is wrong with one statement; `steps` are those before it that have a name."""
    try:
        written, count = placeholders(sql), count_statements(sql)
    except SqlTextError as error:
        yield Mistake(position=position, message=str(error))
        return
    yield from table_mistakes(sql, position, tables)
    known = {False: tuple(parameters), True: tuple(steps)}
    for name, column in dict.fromkeys(one.key for one in written):
        of_step = column is not None
        if name not in known[of_step]:
            what = "earlier step" if of_step else "parameter"
            yield unknown_word(position, what, name, known[of_step])
    for number in dict.fromkeys(numbered_parameters(sql)):
        yield Mistake(position=position, message=f"{number} has no value; give the parameter a name: :name")
    if copies_from_client(sql) is not None:
        yield Mistake(position=position, message=NOBODY_COPIES)
    if leaves_search_path(sql) is not None:
        yield Mistake(position=position, message=PATH_IS_SHARED)
    if count != 1:
        found = "no statement" if count == 0 else f"{count} statements"
        yield Mistake(position=position, message=f"{found} here, where one is expected; more are steps")


def table_mistakes(sql: str, position: Position, tables: Mapping[str, str]) -> Iterator[Mistake]:
    """Yield the `{{entity}}` that are no table. Raises: SqlTextError."""
    for name in dict.fromkeys(mark.name for mark in table_marks(sql)):
        if name not in tables:
            yield unknown_word(position, "table", name, tables)


def keys_in(sql: str) -> tuple[Key, ...]:
    """Return what the placeholders of a statement stand for, each once, in order of first use."""
    return tuple(dict.fromkeys(one.key for one in placeholders(sql)))


def bound(sql: str, tables: Mapping[str, str]) -> str:
    """Return the statement with `$1`, `$2`, ... in the order of `keys_in`; `tables` are names with their SQL."""
    return bind(sql, _numbers(sql), tables)


def place_as_written(sql: str, tables: Mapping[str, str], place: int) -> int:
    """Return where the character at `place` of the bound statement stands in the statement as it was written."""
    return place_before_binding(sql, _numbers(sql), tables, place)


def _numbers(sql: str) -> dict[Key, int]:
    return {key: number for number, key in enumerate(keys_in(sql), start=1)}
