"""A driver connection in memory: it keeps what was asked of it, and answers every statement with one row."""

from __future__ import annotations

from typing import Any

from anyio.lowlevel import checkpoint


class FakeStatement:
    """A prepared statement. Its coroutines are remembered, so that a test can see who made what it awaits."""

    def __init__(self, driver: FakeDriver, sql: str) -> None:
        self._driver = driver
        self.sql = sql
        self.coroutines: list[Any] = []

    def fetch(self, *args: Any) -> Any:
        """Return the coroutine of a reply of one row: the arguments."""
        return self._reply("fetch", args, [args])

    def fetchrow(self, *args: Any) -> Any:
        """Return the coroutine of that row."""
        return self._reply("fetchrow", args, args)

    def fetchval(self, *args: Any) -> Any:
        """Return the coroutine of its first value."""
        return self._reply("fetchval", args, args[0] if args else None)

    def get_statusmsg(self) -> str:
        """Return the command tag."""
        return "SELECT 1"

    def _reply(self, method: str, args: tuple[Any, ...], answer: Any) -> Any:
        async def reply() -> Any:
            await checkpoint()
            self._driver.calls.append((f"prepared {method}", self.sql, args))
            return answer

        coroutine = reply()
        self.coroutines.append(coroutine)
        return coroutine


class FakeDriver:
    """A connection; `calls` is everything it did: what, the statement, the arguments."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, str, tuple[Any, ...]]] = []
        self.statements: list[FakeStatement] = []
        self.closed = False

    def is_closed(self) -> bool:
        """Return whether the connection is gone."""
        return self.closed

    async def prepare(self, sql: str, *, name: str) -> FakeStatement:
        """Return a statement of that name."""
        await checkpoint()
        self.calls.append(("prepare", sql, (name,)))
        self.statements.append(FakeStatement(self, sql))
        return self.statements[-1]

    async def fetch(self, sql: str, *args: Any) -> list[tuple[Any, ...]]:
        """Run unprepared; return the arguments as a row."""
        self._note("fetch", sql, args)
        await checkpoint()
        return [args]

    async def fetchrow(self, sql: str, *args: Any) -> tuple[Any, ...]:
        """Run unprepared; return the arguments."""
        self._note("fetchrow", sql, args)
        await checkpoint()
        return args

    async def fetchval(self, sql: str, *args: Any) -> Any:
        """Run unprepared; return the first argument."""
        self._note("fetchval", sql, args)
        await checkpoint()
        return args[0] if args else None

    async def execute(self, sql: str, *args: Any) -> str:
        """Run unprepared; return a command tag."""
        self._note("execute", sql, args)
        await checkpoint()
        return "SELECT 1"

    def _note(self, method: str, sql: str, args: tuple[Any, ...]) -> None:
        self.calls.append((method, sql, args))
