"""The load loop's target over asyncpg: thin, because it stands in the measured path only through its statements."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Final

from perfengine.database.connect import SessionSettings, close_connection, in_plain_words, open_connection
from perfengine.database.failures import classify
from perfengine.database.pooled import PooledConnection, UnreadStatement
from perfengine.database.pooled_texts import PooledTexts
from perfengine.database.preflight import require_own_session

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    import asyncpg

    from perfengine.database.address import Address
    from perfengine.model.outcome import Failure
    from perfengine.ports.target import Session, Statement


_NUMBERS: Final = count(1)
#: The driver ends a preparation without Sync. Until one comes the server is in a transaction, in which BEGIN can set
#: no isolation level any more, and a pooler keeps the server session for this client alone.
_SYNC: Final = "SELECT"


@dataclass(frozen=True, slots=True)
class AsyncpgSession:
    """A connection that one client holds."""

    connection: asyncpg.Connection
    answer_timeout_s: float
    texts: PooledTexts | None = None  #: through a pooler, where the next call may meet another server session

    @property
    def driver(self) -> asyncpg.Connection | PooledConnection:
        """The driver's own connection; through a pooler what makes the same calls."""
        return self.connection if self.texts is None else PooledConnection(self.connection, self.texts)

    async def prepare(self, sql: str) -> Statement:
        """Return asyncpg's own prepared statement: its `fetch` is what the loop awaits.

        It must have a name: without its statement cache asyncpg leaves a nameless one to be parsed at every call.
        Which is just what a pooler in transaction mode needs, at the price of that parsing.
        """
        if self.texts is None:
            return await self._prepare(sql, f"perfengine_{next(_NUMBERS)}")
        text = await self.texts.of(self.connection, sql)
        if text is None:
            return UnreadStatement(self.connection, self.texts, sql)
        return await self._prepare(text, "")

    async def _prepare(self, sql: str, name: str) -> Statement:
        statement: Statement = await self.connection.prepare(sql, name=name, timeout=self.answer_timeout_s)
        await self.connection.execute(_SYNC)
        return statement

    @property
    def execute(self) -> Callable[[str], Awaitable[object]]:
        """The driver's own call for a statement without parameters, which goes in the simple protocol."""
        return self.connection.execute  # type: ignore[no-any-return]

    def in_transaction(self) -> bool:
        """Return whether a transaction is open or failed; of a closed connection: no."""
        return not self.connection.is_closed() and bool(self.connection.is_in_transaction())

    def terminate(self) -> None:
        """Drop the connection at once."""
        self.connection.terminate()

    async def close(self) -> None:
        """Close in good order, or drop it."""
        await close_connection(self.connection)


@dataclass(slots=True, kw_only=True)
class AsyncpgTarget:
    """Sessions on one server with one run's settings."""

    address: Address
    settings: SessionSettings
    _texts: PooledTexts | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        if self.settings.pooled and self.settings.schema is not None:
            self._texts = PooledTexts(schema=self.settings.schema)

    async def open_session(self) -> Session:
        """Return a new session that finds the sandbox, and it alone. Raises: TargetError."""
        connection = await open_connection(self.address, self.settings)
        try:
            with in_plain_words(self.address):
                await self._require_sandbox(connection)
        except BaseException:
            connection.terminate()
            raise
        return AsyncpgSession(connection, self.settings.answer_timeout_s, self._texts)

    async def _require_sandbox(self, connection: asyncpg.Connection) -> None:
        if self._texts is not None:
            await self._texts.require_sandbox(connection, self.address)
        elif self.settings.schema is not None:
            await require_own_session(connection, self.settings.schema, self.address)

    def classify(self, error: BaseException, *, writes: bool) -> Failure:
        """Return what the exception of an attempt means."""
        return classify(error, writes=writes)
