"""What every target must do, real or in memory: the cases that keep the double honest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import anyio
import pytest

from perfengine.errors import TargetError
from perfengine.model.outcome import Outcome

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from perfengine.ports.target import Session, Target

#: The statements of the cases; the real server has a table "number" (value integer, CHECK "positive").
ONE = "SELECT $1::int"
NOBODY = 'SELECT value FROM "number" WHERE value = $1'
CHANGE = 'UPDATE "number" SET value = value WHERE value = $1'
ADD = 'INSERT INTO "number" (value) VALUES ($1)'
DIVIDE = "SELECT 1 / $1::int"
RAISE = "SELECT raise_exception($1::int)"
SLOW = "SELECT pg_sleep(60), $1::int"
TYPED = "SELECT $1::int AS a, 'x'::text AS b"
BROKEN = "SELEC $1::int"


class Stage(Protocol):
    """A target with what a test needs to do to its server."""

    @property
    def target(self) -> Target:
        """What is tested."""

    @property
    def closed(self) -> Target:
        """A target whose server lets nobody in."""

    @property
    def impatient(self) -> Target:
        """A target whose sessions have a short statement timeout."""

    async def wait_until_busy(self) -> None:
        """Return when a statement runs on the server."""

    async def kill(self) -> None:
        """Break every connection from the server's side."""


@pytest.mark.anyio
class TargetCases:
    """Subclassed once a target, with a fixture `stage`."""

    @pytest.fixture
    async def session(self, stage: Stage) -> AsyncIterator[Session]:
        """Yield a session of the target."""
        session = await stage.target.open_session()
        yield session
        await session.close()

    async def test_a_reply_has_rows_and_a_tag(self, session: Session) -> None:
        """A statement answers with its rows, and its tag counts them."""
        statement = await session.prepare(ONE)
        assert [tuple(row) for row in await statement.fetch(7)] == [(7,)]
        assert statement.get_statusmsg() == "SELECT 1"

    async def test_no_row_is_an_empty_reply(self, session: Session) -> None:
        """A query that finds nothing answers with no rows."""
        statement = await session.prepare(NOBODY)
        assert list(await statement.fetch(404)) == []
        assert statement.get_statusmsg() == "SELECT 0"

    async def test_a_change_counts_in_the_tag(self, session: Session) -> None:
        """An UPDATE gives no rows; the tag ends in their number, anew for each run."""
        statement = await session.prepare(CHANGE)
        assert list(await statement.fetch(1)) == []
        assert statement.get_statusmsg() == "UPDATE 1"
        await statement.fetch(404)
        assert statement.get_statusmsg() == "UPDATE 0"

    async def test_a_check_refuses_with_its_name(self, stage: Stage, session: Session) -> None:
        """A violated CHECK is a refusal that names SQLSTATE and constraint."""
        statement = await session.prepare(ADD)
        with pytest.raises(Exception) as caught:  # noqa: PT011 - the target's own class
            await statement.fetch(-1)
        failure = stage.target.classify(caught.value, writes=True)
        assert (failure.outcome, failure.sqlstate) == (Outcome.REFUSED, "23514")
        assert (failure.constraint, failure.error_class) == ("positive", "integrity")
        assert not failure.lost

    async def test_a_raised_exception_is_a_refusal(self, stage: Stage, session: Session) -> None:
        """RAISE EXCEPTION is the database saying no by its own rules."""
        statement = await session.prepare(RAISE)
        with pytest.raises(Exception) as caught:  # noqa: PT011 - the target's own class
            await statement.fetch(1)
        failure = stage.target.classify(caught.value, writes=True)
        assert (failure.outcome, failure.sqlstate, failure.error_class) == (
            Outcome.REFUSED,
            "P0001",
            "raised",
        )

    async def test_a_session_outlives_an_error(self, stage: Stage, session: Session) -> None:
        """After an error of a statement the same statement answers again."""
        statement = await session.prepare(DIVIDE)
        with pytest.raises(Exception) as caught:  # noqa: PT011 - the target's own class
            await statement.fetch(0)
        failure = stage.target.classify(caught.value, writes=False)
        assert (failure.outcome, failure.error_class, failure.lost) == (Outcome.ERROR, "data", False)
        assert [tuple(row) for row in await statement.fetch(1)] == [(1,)]

    async def test_a_statement_that_is_no_sql_is_not_prepared(self, stage: Stage, session: Session) -> None:
        """Preparing it raises, and the connection is as good as before."""
        with pytest.raises(Exception) as caught:  # noqa: PT011 - the target's own class
            await session.prepare(BROKEN)
        failure = stage.target.classify(caught.value, writes=False)
        assert (failure.sqlstate, failure.lost) == ("42601", False)
        assert await (await session.prepare(ONE)).fetch(1)

    async def test_the_statement_timeout_ends_an_attempt(self, stage: Stage) -> None:
        """It is a timeout, and the connection stays."""
        session = await stage.impatient.open_session()
        try:
            statement = await session.prepare(SLOW)
            with pytest.raises(Exception) as caught:  # noqa: PT011 - the target's own class
                await statement.fetch(1)
            failure = stage.impatient.classify(caught.value, writes=True)
            assert (failure.outcome, failure.error_class) == (Outcome.TIMEOUT, "statement_timeout")
            assert (failure.sqlstate, failure.lost) == ("57014", False)
        finally:
            await session.close()

    @pytest.mark.parametrize(("writes", "name"), [(True, "in_doubt"), (False, "connection_lost")])
    async def test_a_connection_that_breaks_while_it_waits_is_lost(
        self, stage: Stage, session: Session, writes: bool, name: str
    ) -> None:
        """The attempt in flight ends in an error: in doubt when it writes."""
        statement = await session.prepare(SLOW)
        caught: list[Exception] = []

        async def wait() -> None:
            try:
                await statement.fetch(1)
            except Exception as error:  # noqa: BLE001 - the target's own class
                caught.append(error)

        with anyio.fail_after(20):
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(wait)
                await stage.wait_until_busy()
                await stage.kill()
        failure = stage.target.classify(caught[0], writes=writes)
        assert (failure.outcome, failure.error_class, failure.lost) == (Outcome.ERROR, name, True)

    async def test_everything_on_a_lost_connection_says_so(self, stage: Stage, session: Session) -> None:
        """Neither an old statement nor a new one brings it back."""
        statement = await session.prepare(ONE)
        session.terminate()
        for attempt in (lambda: statement.fetch(1), lambda: session.prepare(ONE)):
            with pytest.raises(Exception) as caught:  # noqa: PT011 - the target's own class
                await attempt()
            assert stage.target.classify(caught.value, writes=False).lost

    async def test_a_wait_can_be_cancelled_and_the_connection_dropped(
        self, stage: Stage, session: Session
    ) -> None:
        """Cancelling ends the wait at once; the connection is of no use any more."""
        statement = await session.prepare(SLOW)
        with anyio.fail_after(20):
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(statement.fetch, 1)
                await stage.wait_until_busy()
                tasks.cancel_scope.cancel()
            session.terminate()
            session.terminate()
            await session.close()

    async def test_a_transaction_is_open_from_its_begin_to_its_end(self, session: Session) -> None:
        """A session knows whether it is in one, by its own statements."""
        statement = await session.prepare(ONE)
        assert not session.in_transaction()
        for end in ("COMMIT", "ROLLBACK"):
            await session.execute("BEGIN ISOLATION LEVEL SERIALIZABLE")
            assert session.in_transaction()
            await statement.fetch(7)
            assert session.in_transaction()
            await session.execute(end)
            assert not session.in_transaction()

    @pytest.mark.parametrize("end", ["COMMIT", "ROLLBACK"])
    async def test_a_failed_transaction_stays_until_it_is_ended(
        self, stage: Stage, session: Session, end: str
    ) -> None:
        """After an error the server refuses all statements but the end; to commit is to roll back then."""
        statement, failing = await session.prepare(ONE), await session.prepare(DIVIDE)
        await session.execute("BEGIN")
        codes = []
        for one, value in ((failing, 0), (statement, 7)):
            with pytest.raises(Exception) as caught:  # noqa: PT011 - the target's own class
                await one.fetch(value)
            codes.append(stage.target.classify(caught.value, writes=True).sqlstate)
        assert codes == ["22012", "25P02"]
        assert session.in_transaction()
        await session.execute(end)
        assert not session.in_transaction()
        assert await statement.fetch(7)

    async def test_a_lost_connection_has_no_transaction(self, stage: Stage, session: Session) -> None:
        """There is nothing left to roll back, and trying says that the connection is gone."""
        await session.execute("BEGIN")
        session.terminate()
        assert not session.in_transaction()
        with pytest.raises(Exception) as caught:  # noqa: PT011 - the target's own class
            await session.execute("ROLLBACK")
        assert stage.target.classify(caught.value, writes=False).lost

    async def test_a_statement_knows_its_columns(self, session: Session) -> None:
        """By name and type; a statement that gives no rows has none."""
        one, change = await session.prepare(TYPED), await session.prepare(CHANGE)
        assert [(column.name, column.type.name) for column in one.get_attributes()] == [
            ("a", "int4"),
            ("b", "text"),
        ]
        assert list(change.get_attributes()) == []

    async def test_rows_are_known_by_name_too(self, session: Session) -> None:
        """A row has keys and values in the order of its columns."""
        rows: Any = await (await session.prepare(TYPED)).fetch(7)
        (row,) = rows
        assert (list(row.keys()), list(row.values())) == (["a", "b"], [7, "x"])
        assert (row["a"], row[1], len(row)) == (7, "x", 2)

    async def test_a_server_that_lets_nobody_in_is_a_target_error(self, stage: Stage) -> None:
        """Opening a session raises TargetError and nothing else."""
        with pytest.raises(TargetError):
            await stage.closed.open_session()

    async def test_closing_twice_is_closing(self, stage: Stage) -> None:
        """A second good-bye does nothing."""
        session = await stage.target.open_session()
        await session.close()
        await session.close()
