"""What an operation written in Python gets to work with: the session's driver connection, and little else.

It stands in the measured path, so a call that was made before returns the driver's own coroutine: a look-up and one
call of a function, a few tenths of a microsecond. `docs/reference/python.md` is what users read of it.
"""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any, Final, NoReturn, Protocol, overload

from perfengine.errors import UsageError
from perfengine.model.transaction import Isolation
from perfengine.ports.python_operations import Refused

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterator
    from contextlib import AbstractAsyncContextManager

    from perfengine.custom.draw import Draw, DrawOf

#: More texts than that are no statements but values written into SQL: the rest goes to the server unprepared.
MAX_STATEMENTS: Final = 100
_NUMBERS: Final = count(1)
#: As the driver spells them.
_ISOLATIONS: Final = {level.value.lower(): level.name.lower() for level in Isolation}


class Row(Protocol):
    """A row: columns by name or by position."""

    @overload
    def __getitem__(self, key: str | int, /) -> Any: ...  # noqa: ANN401 - the column's own type
    @overload
    def __getitem__(self, key: slice, /) -> tuple[Any, ...]: ...
    def __len__(self) -> int: ...
    def __iter__(self) -> Iterator[Any]: ...
    def keys(self) -> Iterator[str]:
        """Return the names of the columns."""

    def values(self) -> Iterator[Any]:
        """Return the values."""

    def items(self) -> Iterator[tuple[str, Any]]:
        """Return name and value of each column."""


class Client:
    """A session of the run. Its search path is the sandbox alone.

    A statement is prepared when a session first meets its text, and kept: write values as `$1`, `$2`, ..., not into
    the text. With `prepare: false` every call sends the text, as poolers in transaction mode need it.
    """

    __slots__ = ("_draw", "_draw_of", "_driver", "_keeps", "_statements", "number")

    def __init__(self, driver: Any, draw_of: DrawOf, *, prepare: bool = True) -> None:  # noqa: ANN401 - the driver's
        self._driver = driver
        self._draw_of = draw_of
        self._draw: Draw | None = None
        self._keeps = MAX_STATEMENTS if prepare else 0
        self._statements: dict[str, Any] = {}
        self.number = 0  #: of the attempt: from 0, and no two attempts of an operation have the same

    @property
    def draw(self) -> Draw:
        """Seeded values: `client.draw.integer(1, 100)`. The same attempt draws the same values in every run."""
        if self._draw is None:
            self._draw = self._draw_of(self.number)
        return self._draw

    def begin(self, number: int, draw: Draw | None = None) -> None:
        """Make the client that of attempt `number`; its values are its own, unless others are given."""
        self.number = number
        self._draw = draw

    def fetch(self, sql: str, *args: Any) -> Coroutine[Any, Any, list[Row]]:  # noqa: ANN401 - any value of a parameter
        """Run a statement; return its rows."""
        statement = self._statements.get(sql)
        return self._first("fetch", sql, args) if statement is None else statement.fetch(*args)

    def fetchrow(self, sql: str, *args: Any) -> Coroutine[Any, Any, Row | None]:  # noqa: ANN401
        """Run a statement; return its first row, None if there is none."""
        statement = self._statements.get(sql)
        return self._first("fetchrow", sql, args) if statement is None else statement.fetchrow(*args)

    def fetchval(self, sql: str, *args: Any) -> Coroutine[Any, Any, Any]:  # noqa: ANN401
        """Run a statement; return the first value of its first row, None if there is none."""
        statement = self._statements.get(sql)
        return self._first("fetchval", sql, args) if statement is None else statement.fetchval(*args)

    def execute(self, sql: str, *args: Any) -> Coroutine[Any, Any, str]:  # noqa: ANN401
        """Run a statement; return its command tag: `UPDATE 1`. Without arguments it may be several; none is kept."""
        return self._execute(sql, args) if args else self._driver.execute(sql)

    def transaction(
        self, *, isolation: str | Isolation | None = None, readonly: bool = False
    ) -> AbstractAsyncContextManager[None]:
        """Return a block: BEGIN before it, COMMIT after it, ROLLBACK when it raises. Inside another, a savepoint.

        Isolation is "read committed", "repeatable read" or "serializable". Raises: UsageError for another word.
        """
        level = None if isolation is None else _as_driver_says(isolation)
        return self._driver.transaction(isolation=level, readonly=readonly)  # type: ignore[no-any-return]

    def refuse(self, reason: str) -> NoReturn:
        """End the attempt as refused: the application's own rules said no."""
        raise Refused(reason)

    async def _first(self, method: str, sql: str, args: tuple[Any, ...]) -> Any:  # noqa: ANN401
        statement = await self._keep(sql)
        call = getattr(self._driver, method) if statement is None else getattr(statement, method)
        return await (call(sql, *args) if statement is None else call(*args))

    async def _execute(self, sql: str, args: tuple[Any, ...]) -> str:
        statement = self._statements.get(sql) or await self._keep(sql)
        if statement is None:
            return await self._driver.execute(sql, *args)  # type: ignore[no-any-return]
        await statement.fetch(*args)
        return statement.get_statusmsg()  # type: ignore[no-any-return]

    async def _keep(self, sql: str) -> Any:  # noqa: ANN401 - the driver's statement
        """Return the statement, prepared and kept; None when it is to go unprepared.

        It has a name: without its statement cache the driver leaves a nameless one to be parsed at every call.
        """
        if len(self._statements) >= self._keeps:
            return None
        statement = await self._driver.prepare(sql, name=f"perfengine_python_{next(_NUMBERS)}")
        self._statements[sql] = statement
        return statement


def _as_driver_says(isolation: str) -> str:
    words = " ".join(isolation.replace("_", " ").lower().split())
    if words not in _ISOLATIONS:
        allowed = ", ".join(_ISOLATIONS)
        raise UsageError(f'"{isolation}" is no isolation level; one of: {allowed}')
    return _ISOLATIONS[words]
