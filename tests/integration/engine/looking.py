"""Somebody who looks at a database, and meddles with it, while a run goes on in this thread or elsewhere."""

from __future__ import annotations

import asyncio
import threading
import time
from typing import TYPE_CHECKING, Any, TypeVar

import asyncpg

from tests.integration.bystanders import everything_of_others

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

Answer = TypeVar("Answer")

DEADLINE_S = 60.0
OURS = "FROM pg_stat_activity WHERE application_name LIKE 'perfengine/%' AND datname = current_database()"
#: Those that carry the load: neither the run's own session, which holds its lock, nor the one that watches.
CLIENTS = (
    f"{OURS} AND application_name NOT LIKE '%/watch'"
    " AND pid NOT IN (SELECT pid FROM pg_locks WHERE locktype = 'advisory')"
)
SANDBOXES = (
    "SELECT nspname::text FROM pg_namespace WHERE nspname ~ '^perfengine_[0-9a-f]{8}$'"
    " AND nspname NOT IN ('perfengine_deadbeef', 'perfengine_deadbee0')"
)


class Onlooker:
    """A connection on an event loop and a thread of its own, so that it can be asked from anywhere."""

    def __init__(self, dsn: str) -> None:
        self.dsn = dsn
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        self._connection: asyncpg.Connection = self.call(lambda: asyncpg.connect(dsn))

    def call(self, work: Callable[[], Awaitable[Answer]]) -> Answer:
        """Return what the work gives, done on the onlooker's own loop."""

        async def run() -> Answer:
            return await work()

        return asyncio.run_coroutine_threadsafe(run(), self._loop).result(DEADLINE_S)

    def fetch(self, query: str, *arguments: Any) -> list[Any]:
        """Return the rows of a query."""
        return list(self.call(lambda: self._connection.fetch(query, *arguments)))

    def value(self, query: str, *arguments: Any) -> Any:
        """Return the first value of a query."""
        return self.call(lambda: self._connection.fetchval(query, *arguments))

    def execute(self, statements: str) -> None:
        """Run statements."""
        self.call(lambda: self._connection.execute(statements))

    def wait_for(self, query: str) -> Any:
        """Return the first value of a query as soon as it is a truth. Fails after a minute."""
        deadline = time.monotonic() + DEADLINE_S
        while not (found := self.value(query)):
            assert time.monotonic() < deadline, f"it did not come true: {query}"
            time.sleep(0.01)  # a poll with a deadline: it happens in the server
        return found

    def sandbox(self) -> str:
        """Return the schema of the one run there is, when its tables are there."""
        return str(self.wait_for(SANDBOXES))

    def busy_client(self, query: str) -> int:
        """Return the process id of a client's session that is running such a query."""
        return int(
            self.wait_for(f"SELECT pid {OURS} AND state = 'active' AND query LIKE '%{query}%' LIMIT 1")
        )

    def sleeping_client(self, query: str) -> int:
        """Return the process id of a client's session that sleeps in such a query: it is done, not only prepared."""
        working = f"{OURS} AND state = 'active' AND wait_event = 'PgSleep' AND query LIKE '%{query}%'"
        return int(self.wait_for(f"SELECT pid {working} LIMIT 1"))

    def everything(self) -> Mapping[str, str]:
        """Return every object and every row of the database."""
        return self.call(lambda: everything_of_others(self._connection))

    def sessions(self) -> int:
        """Return how many sessions of runs there are. None of a run that has closed them: it waits for their end."""
        return int(self.value(f"SELECT count(*) {OURS}"))

    def wait_for_the_last_session(self) -> None:
        """Return when runs have no session any more. Fails after a minute.

        One whose client has gone, or that was ended, is there until its process has noticed.
        """
        self.wait_for(f"SELECT count(*) = 0 {OURS}")

    def close(self) -> None:
        """Stop looking."""
        try:
            self.call(self._connection.close)
        finally:
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(DEADLINE_S)
            self._loop.close()
