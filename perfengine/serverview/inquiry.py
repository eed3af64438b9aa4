"""The extra connection: opened, asked, given up when it is lost, opened again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import anyio

from perfengine.serverview.local import Backend
from perfengine.serverview.queries import query, sample_query
from perfengine.serverview.reading import ASKED_OF_SERVER, Reading, Source

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from perfengine.ports.clock import Clock
    from perfengine.serverview.connection import Connect, Row, WatchConnection

#: The server's own limit for a sample, and ours beyond it for one that went silent.
STATEMENT_TIMEOUT_MS: Final = 900
ANSWER_TIMEOUT_S: Final = 2.0
#: Opening one includes the handshake, and a server that is far away or full takes its time.
OPEN_TIMEOUT_S: Final = 5.0
_SILENT: Final = "the server does not answer"


def application_of_run(run_id: str) -> str:
    """Return the application name of the sessions that are watched."""
    return f"perfengine/{run_id}"


def application_of_watch(run_id: str) -> str:
    """Return the application name of the session that watches."""
    return f"perfengine/{run_id}/watch"


class Inquiry:
    """Asks a server over a connection of its own. It never raises: what failed is the reason of a gap."""

    def __init__(self, connect: Connect, *, version_number: int, run_id: str, pooled: bool) -> None:
        self._connect = connect
        self._major = version_number // 10_000
        self._run_id = run_id
        self._pooled = pooled
        self._connection: WatchConnection | None = None
        self._ask: Callable[[str], Awaitable[Sequence[Row]]] | None = None
        self._off: dict[Source, str] = {}
        self.backend: Backend | None = None  #: of the connection; None until it was opened
        self.opened = 0  #: how often

    async def read(self, clock: Clock) -> Reading:
        """Return what the server says now; opens the connection if it is not."""
        try:
            with anyio.fail_after(OPEN_TIMEOUT_S):
                ask = self._ask or await self._open()
            with anyio.fail_after(ANSWER_TIMEOUT_S):
                begun_ns = clock()
                rows = await ask(application_of_run(self._run_id))
                ended_ns = clock()
        except Exception as error:  # noqa: BLE001 - the driver's exceptions have no name in this room
            self.drop()
            return Reading(at_ns=clock(), reasons=dict.fromkeys(ASKED_OF_SERVER, _words(error)))
        return Reading(at_ns=(begun_ns + ended_ns) // 2, values=dict(rows[0]), reasons=self._off)

    def drop(self) -> None:
        """Give the connection up."""
        if self._connection is not None:
            self._connection.terminate()
        self._connection = self._ask = None

    async def _open(self) -> Callable[[str], Awaitable[Sequence[Row]]]:
        self._connection = connection = await self._connect()
        self.opened += 1
        [facts] = await connection.fetch(query("facts", self._major))
        self._off = _what_is_off(facts)
        self.backend = Backend(pid=facts["pid"], role=facts["role"], database=facts["database"])
        self._ask = await self._asker(connection)
        return self._ask

    async def _asker(self, connection: WatchConnection) -> Callable[[str], Awaitable[Sequence[Row]]]:
        """Behind a pooler a session is not ours to set, and a prepared statement may be another session's."""
        text = sample_query(self._major)
        if self._pooled:
            return lambda application: connection.fetch(text, application)
        await connection.fetch(
            query("session", self._major), application_of_watch(self._run_id), str(STATEMENT_TIMEOUT_MS)
        )
        statement = await connection.prepare(text, name="perfengine_watch")
        return statement.fetch


def _what_is_off(facts: Row) -> dict[Source, str]:
    off: dict[Source, str] = {}
    if not facts["tracks_sessions"]:
        off[Source.SESSIONS] = "track_activities is off on the server"
    if not facts["tracks_counts"]:
        off[Source.STATISTICS] = "track_counts is off on the server"
    return off


def _words(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return _SILENT
    return " ".join(str(error).split()) or type(error).__name__
