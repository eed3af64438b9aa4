"""From a character of a statement as it is sent to its place in the script."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfengine.pgbench.source import Source
from perfengine.pgbench.statements import place_as_written

if TYPE_CHECKING:
    from perfengine.model.mistake import Position
    from perfengine.model.pgbench import ScriptStatement


def position_of(statement: ScriptStatement, place: int | None) -> Position:
    """Return the place of the character at `place` of the sent statement; without one, of the statement."""
    source = Source(statement.path, statement.script)
    if place is None:
        return source.position(statement.start, statement.start + len(statement.written))
    return source.position(statement.start + place_as_written(statement.written, place))
