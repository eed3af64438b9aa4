"""The database as the load loop sees it: implemented over asyncpg, and by an in-memory target in tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Awaitable, Sequence

    from perfengine.model.outcome import Failure


class Statement(Protocol):
    """A prepared statement. asyncpg's own object satisfies it, so nothing stands between loop and driver."""

    async def fetch(self, *args: Any) -> Sequence[Sequence[Any]]:  # noqa: ANN401 - the driver's own types
        """Run it once; return the rows."""

    def get_statusmsg(self) -> str:
        """Return the command tag of the last run: `UPDATE 1`."""

    def get_attributes(self) -> Sequence[Any]:
        """Return the columns of its rows; each has a `type` with a `name`."""


class Session(Protocol):
    """A connection: held by one client, or shared by several that take turns."""

    @property
    def driver(self) -> Any:  # noqa: ANN401 - asyncpg's own connection, which one room alone may name
        """The driver's own connection: for operations written in Python."""

    async def prepare(self, sql: str) -> Statement:
        """Return the statement, prepared."""

    def execute(self, sql: str) -> Awaitable[object]:
        """Run a statement without parameters and without rows: BEGIN, COMMIT, ROLLBACK."""

    def in_transaction(self) -> bool:
        """Return whether a transaction is open, or failed and not yet rolled back."""

    def terminate(self) -> None:
        """Drop the connection at once, without waiting for the server."""

    async def close(self) -> None:
        """Say good-bye and close; falls back to `terminate` after a short wait."""


class Target(Protocol):
    """Where sessions come from, and what an exception of theirs means."""

    async def open_session(self) -> Session:
        """Return a new session. Raises: TargetError."""

    def classify(self, error: BaseException, *, writes: bool) -> Failure:
        """Return what the exception of an attempt means; `writes` makes a lost connection in doubt."""
