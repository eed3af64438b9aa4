"""A session through a pooler: the driver's calls, with texts that mean the sandbox whatever the search path is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from perfengine.errors import UsageError
from perfengine.model.statement_kinds import first_words

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    import asyncpg

    from perfengine.database.pooled_texts import PooledTexts

_CONTROL: Final = frozenset({"abort", "begin", "commit", "end", "release", "rollback", "savepoint", "start"})


async def run_within(
    connection: asyncpg.Connection, texts: PooledTexts, work: Callable[[], Awaitable[Any]]
) -> Any:  # noqa: ANN401 - whatever the work gives
    """Return what the work gives, done in a transaction whose search path is the sandbox; in that which is open."""
    if connection.is_in_transaction():
        await connection.execute(texts.search_path)
        return await work()
    await connection.execute(f"BEGIN; {texts.search_path}")
    try:
        answer = await work()
    except Exception:
        if not connection.is_closed():
            await connection.execute("ROLLBACK")
        raise
    await connection.execute("COMMIT")
    return answer


class UnreadStatement:
    """A statement that the server does not look into before it runs: as prepared, as far as the load loop sees."""

    def __init__(self, connection: asyncpg.Connection, texts: PooledTexts, sql: str) -> None:
        self._connection = connection
        self._texts = texts
        self._sql = sql
        self._tag = ""

    async def fetch(self, *args: Any) -> Sequence[Sequence[Any]]:  # noqa: ANN401 - the driver's own types
        """Run it once; return the rows."""
        rows: Sequence[Sequence[Any]] = await run_within(
            self._connection, self._texts, lambda: self._run(args)
        )
        return rows

    async def _run(self, args: tuple[Any, ...]) -> Any:  # noqa: ANN401
        statement = await self._connection.prepare(self._sql, name="")
        rows = await statement.fetch(*args)
        self._tag = statement.get_statusmsg()
        return rows

    def get_statusmsg(self) -> str:
        """Return the command tag of the last run."""
        return self._tag

    def get_attributes(self) -> Sequence[Any]:
        """Return nothing: what it returns is known when it runs."""
        return ()


class PooledConnection:
    """What an operation written in Python gets as its driver: the calls that its client makes."""

    def __init__(self, connection: asyncpg.Connection, texts: PooledTexts) -> None:
        self._connection = connection
        self._texts = texts

    async def fetch(self, sql: str, *args: Any) -> Any:  # noqa: ANN401 - the driver's own types
        """Run a statement; return its rows."""
        return await self._run(self._connection.fetch, sql, args)

    async def fetchrow(self, sql: str, *args: Any) -> Any:  # noqa: ANN401
        """Run a statement; return its first row."""
        return await self._run(self._connection.fetchrow, sql, args)

    async def fetchval(self, sql: str, *args: Any) -> Any:  # noqa: ANN401
        """Run a statement; return the first value of its first row."""
        return await self._run(self._connection.fetchval, sql, args)

    async def execute(self, sql: str, *args: Any) -> Any:  # noqa: ANN401
        """Run a statement, or without arguments several; return the last command tag.

        Raises: UsageError for transaction control among other statements.
        """
        if args:
            return await self._run(self._connection.execute, sql, args)
        words = first_words(sql)
        if _CONTROL.issuperset(words):
            return await self._connection.execute(sql)
        if not _CONTROL.isdisjoint(words):  # what comes after a COMMIT would have another search path
            raise UsageError("through a pooler BEGIN, COMMIT and the like are a call of their own")
        # together in one message, they are one transaction
        return await self._connection.execute(f"{self._texts.search_path};\n{sql}")

    def transaction(self, **options: Any) -> Any:  # noqa: ANN401
        """Return the driver's own block."""
        return self._connection.transaction(**options)

    def is_closed(self) -> bool:
        """Return whether the connection is gone."""
        return bool(self._connection.is_closed())

    async def _run(self, call: Callable[..., Awaitable[Any]], sql: str, args: tuple[Any, ...]) -> Any:  # noqa: ANN401
        text = await self._texts.of(self._connection, sql)
        if text is None:
            return await run_within(self._connection, self._texts, lambda: call(sql, *args))
        return await call(text, *args)
