"""Pass: the statements of `setup:` and `teardown:`, with their tables."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from perfengine.compiler.mistakes import unknown_word
from perfengine.compiler.own_sql import bound, keys_in, table_mistakes
from perfengine.model.mistake import Mistake
from perfengine.model.sql_text import SqlTextError
from perfengine.model.statement_kinds import NOBODY_COPIES, copies_from_client

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from perfengine.compiler.draft import Draft
    from perfengine.model.workload import SetupStatement


def write_statements(draft: Draft) -> Draft:
    """Return the draft with the statements before and after the load, and the mistakes in them."""
    workload, tables = draft.scenario.workload, {table.name: table.sql for table in draft.tables}
    written = (*workload.setup, *workload.teardown)
    mistakes = [mistake for statement in written for mistake in _mistakes(statement, tables)]
    if mistakes:
        return draft.finding(mistakes)
    return replace(
        draft,
        setup=tuple(_rendered(statement, tables) for statement in workload.setup),
        teardown=tuple(_rendered(statement, tables) for statement in workload.teardown),
    )


def _mistakes(statement: SetupStatement, tables: Mapping[str, str]) -> Iterator[Mistake]:
    for name in statement.analyze:
        if name not in tables:
            yield unknown_word(statement.position, "table", name, tables)
    try:
        yield from table_mistakes(statement.sql, statement.position, tables)
        for name, _ in keys_in(statement.sql):
            yield Mistake(position=statement.position, message=f"a statement here has no parameters: :{name}")
        if copies_from_client(statement.sql) is not None:
            yield Mistake(position=statement.position, message=NOBODY_COPIES)
    except SqlTextError as error:
        yield Mistake(position=statement.position, message=str(error))


def _rendered(statement: SetupStatement, tables: Mapping[str, str]) -> str:
    if statement.analyze:
        return f"ANALYZE {', '.join(tables[name] for name in statement.analyze)}"
    return bound(statement.sql, tables)
