"""A statement of a script, prepared, and how the values of its variables become its parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from perfengine.pgbench.reading_types import cast_from_text, reader_of
from perfengine.pgbench.values import to_text

if TYPE_CHECKING:
    from perfengine.pgbench.reading_types import Reader
    from perfengine.ports.target import Session, Statement


async def prepared(session: Session, sql: str) -> tuple[Statement, list[tuple[str, Reader]]]:
    """Return the statement, and of each parameter its type and what reads a value as one.

    Of types that only the server reads, it is prepared anew with a cast from text. Whatever preparing raises goes
    through.
    """
    statement: Any = await session.prepare(sql)
    types = statement.get_parameters()
    unread = {n: one for n, one in enumerate(types, start=1) if reader_of(one.name) is None}
    if unread:
        statement = await session.prepare(cast_from_text(sql, unread))
    return statement, [(one.name, reader_of(one.name) or to_text) for one in types]
