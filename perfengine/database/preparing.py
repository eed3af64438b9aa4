"""Whether the server prepares a statement as the sessions of a load will have it prepared, and what it says if not.

A statement that cannot be prepared is no attempt that fails but a mistake in the document. Which of the server's
words are about the statement, and not about the server, its SQLSTATE says: PostgreSQL documentation, appendix A.
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import asyncpg

from perfengine.database.transactions import between

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from perfengine.database.pooled_texts import PooledTexts

#: Unsupported, wrong data, wrong names, syntax and access rules, too much of something: all in the statement itself.
_ABOUT_STATEMENTS: Final = frozenset({"0A", "22", "3F", "42", "54"})
#: What a pooler brings about, although its class is among those.
_PREPARED_ELSEWHERE: Final = "42P05"
#: Something that the statement names is not there: a table, a column, a function, a type, a schema.
_MISSING: Final = frozenset({"3F000", "42P01", "42703", "42883", "42704"})
_SETTING: Final = "perfengine_setting"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """What the server said of a statement that it does not prepare."""

    message: str  #: its own words, in one line
    sqlstate: str
    hint: str = ""  #: its own words, too
    place: int | None = (
        None  #: of the character that it speaks of, from 0; None: of none, or of a text of ours
    )

    @property
    def is_missing(self) -> bool:
        """Whether something that the statement names is not there, and might be at another time."""
        return self.sqlstate in _MISSING


async def find_refusal(
    connection: asyncpg.Connection, sql: str, settings: Mapping[str, str], texts: PooledTexts | None
) -> Refusal | None:
    """Return why the server does not prepare the statement, None where it does; nothing is left of the attempt.

    `settings` are those of the load's sessions; `texts` what its statements become through a pooler, where a session
    has no settings of its own. Raises: what the driver raises when it is not about the statement.
    """
    try:
        if texts is not None:
            await texts.of(connection, sql)
        else:
            async with _undone(connection, settings):
                await connection.prepare(sql, name="")
    except asyncpg.PostgresError as error:
        sqlstate = error.sqlstate or ""
        if sqlstate[:2] not in _ABOUT_STATEMENTS or sqlstate == _PREPARED_ELSEWHERE:
            raise
        return _refusal(error, sqlstate, has_place=texts is None)
    return None


def _refusal(error: asyncpg.PostgresError, sqlstate: str, *, has_place: bool) -> Refusal:
    position = str(getattr(error, "position", None) or "")
    return Refusal(
        message=_line(error.args[0] if error.args else type(error).__name__),
        sqlstate=sqlstate,
        hint=_line(getattr(error, "hint", None) or ""),
        place=int(position) - 1 if has_place and position.isdecimal() else None,
    )


@asynccontextmanager
async def _undone(connection: asyncpg.Connection, settings: Mapping[str, str]) -> AsyncIterator[None]:
    """Have the settings for the block and undo all that it did: preparing locks what a statement names."""
    async with between(connection, "BEGIN", "ROLLBACK"):
        for name, value in settings.items():
            await _set(connection, name, value)
        yield


async def _set(connection: asyncpg.Connection, name: str, value: str) -> None:
    """Set it until the transaction ends; what cannot be set in a session or at all, the load's sessions will say."""
    await connection.execute(f"SAVEPOINT {_SETTING}")
    try:
        await connection.execute("SELECT set_config($1, $2, true)", name, value)
    except asyncpg.PostgresError:
        await connection.execute(f"ROLLBACK TO {_SETTING}")


def _line(text: object) -> str:
    return " ".join(str(text).split())
