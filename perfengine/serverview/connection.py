"""The extra connection as this room sees it; asyncpg's own satisfies it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Protocol

#: A row by column name.
Row = Mapping[str, Any]


class WatchStatement(Protocol):
    """A prepared statement."""

    async def fetch(self, *args: Any) -> Sequence[Row]:  # noqa: ANN401 - the driver's own types
        """Run it once; return the rows."""


class WatchConnection(Protocol):
    """A connection that nobody else uses."""

    async def fetch(self, sql: str, *args: Any) -> Sequence[Row]:  # noqa: ANN401 - the driver's own types
        """Run a statement once; return the rows."""

    async def prepare(self, sql: str, *, name: str) -> WatchStatement:
        """Return the statement, prepared under that name."""

    def terminate(self) -> None:
        """Drop the connection at once, without waiting for the server."""


#: Opens the extra connection; whatever it raises is the reason of a gap.
Connect = Callable[[], Awaitable[WatchConnection]]
