"""The load loop's target over asyncpg: thin, because it stands in the measured path only through its statements."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Final

from perfengine.database.connect import SessionSettings, close_connection, open_connection
from perfengine.database.failures import classify

if TYPE_CHECKING:
    import asyncpg

    from perfengine.database.address import Address
    from perfengine.model.outcome import Failure
    from perfengine.ports.target import Statement


_NUMBERS: Final = count(1)


@dataclass(frozen=True, slots=True)
class AsyncpgSession:
    """A connection that one client holds."""

    connection: asyncpg.Connection
    answer_timeout_s: float

    async def prepare(self, sql: str) -> Statement:
        """Return asyncpg's own prepared statement: its `fetch` is what the loop awaits.

        It must have a name: without its statement cache asyncpg leaves a nameless one to be parsed at every call.
        """
        name = f"perfengine_{next(_NUMBERS)}"
        statement: Statement = await self.connection.prepare(sql, name=name, timeout=self.answer_timeout_s)
        return statement

    def terminate(self) -> None:
        """Drop the connection at once."""
        self.connection.terminate()

    async def close(self) -> None:
        """Close in good order, or drop it."""
        await close_connection(self.connection)


@dataclass(frozen=True, slots=True, kw_only=True)
class AsyncpgTarget:
    """Sessions on one server with one run's settings."""

    address: Address
    settings: SessionSettings

    async def open_session(self) -> AsyncpgSession:
        """Return a new session. Raises: TargetError."""
        connection = await open_connection(self.address, self.settings)
        return AsyncpgSession(connection, self.settings.answer_timeout_s)

    def classify(self, error: BaseException, *, writes: bool) -> Failure:
        """Return what the exception of an attempt means."""
        return classify(error, writes=writes)
