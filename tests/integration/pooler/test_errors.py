"""What is said when a pooler is in between and nobody said so, or it leads elsewhere."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import anyio
import asyncpg
import pytest

from perfengine.database.address import address_of
from perfengine.database.connect import SessionSettings
from perfengine.database.target import AsyncpgTarget
from perfengine.errors import TargetError
from perfengine.model.settings import LoadSettings
from tests.integration.cli.conftest import clean_environment
from tests.integration.made import made_database
from tests.integration.pooler.runs import SCENARIOS, Pooled

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from perfengine.embedded.server import EmbeddedServer
    from perfengine.ports.target import Session
    from tests.forked import Forker
    from tests.integration.pooler.conftest import Ignoring

    Command = Callable[..., tuple[int, str]]

QUICK = LoadSettings(concurrency=4, iterations=20, data_size=50, filters=("order_create", "order_update"))


@pytest.fixture
def command(forking: Forker, tmp_path: Path) -> Command:
    """Return what runs the order: the exit code, and what was said on stderr."""

    def run(*options: str, **environment: str) -> tuple[int, str]:
        words = ["run", str(SCENARIOS / "order.yaml"), "-n", "5", *options]
        ended = forking.run(words, tmp_path, {**clean_environment(), **environment})
        return ended.code, ended.stderr

    return run


def test_a_pooler_that_nobody_told_of(pooled: Pooled, command: Command) -> None:
    """It refuses our settings at start-up: one line says what to write and what to name."""
    code, said = command("--dsn", pooled.through)
    line = said.strip().splitlines()[-1]
    assert code == 3
    assert "unsupported startup parameter" in line
    assert "prepare: false" in line
    assert "--direct-dsn" in line


def test_without_the_server_behind_it(pooled: Pooled, command: Command, tmp_path: Path) -> None:
    """`prepare: false` alone is not enough: the run's own session needs the server itself."""
    (tmp_path / "pooled.yaml").write_text("workload: {prepare: false}\n")
    code, said = command("pooled.yaml", "--dsn", pooled.through)
    assert code == 3
    assert "name the server behind it with --direct-dsn" in said.strip().splitlines()[-1]


def test_the_server_behind_it_from_the_environment(pooled: Pooled, command: Command, tmp_path: Path) -> None:
    """As with the option."""
    (tmp_path / "pooled.yaml").write_text("workload: {prepare: false}\n")
    options = ("pooled.yaml", "--dsn", pooled.through, "--filter", "order_query")
    code, said = command(*options, PERFENGINE_DIRECT_URL=pooled.direct)
    assert code in {0, 4}, said


def test_a_pooler_that_ignores_settings(ignoring: Ignoring, command: Command) -> None:
    """Its sessions do not find the sandbox, and would find others' tables: nothing is loaded."""
    with pytest.raises(TargetError, match=r"did not take its search_path.*prepare: false.*--direct-dsn"):
        Pooled(ignoring.through, ignoring.direct).run(SCENARIOS / "order.yaml", load=QUICK)
    code, said = command("--dsn", ignoring.through)
    assert code == 3
    assert "did not take its search_path" in said.strip().splitlines()[-1]


def test_a_pooler_that_ignores_settings_can_be_loaded(ignoring: Ignoring, tmp_path: Path) -> None:
    """With the option it is as any other."""
    (tmp_path / "pooled.yaml").write_text("workload: {prepare: false}\n")
    documents = (SCENARIOS / "order.yaml", tmp_path / "pooled.yaml")
    result = Pooled(ignoring.through, ignoring.direct).run(*documents, load=QUICK)
    assert [(one.operation.name, one.ok, one.attempts) for one in result.operations] == [
        ("order_create", 20, 20),
        ("order_update", 20, 20),
    ]


def test_a_pooler_of_another_database(pooled: Pooled, server: EmbeddedServer, tmp_path: Path) -> None:
    """The sandbox is made where the pooler does not lead: that is said, and it is dropped again."""
    (tmp_path / "pooled.yaml").write_text("workload: {prepare: false}\n")
    documents = (SCENARIOS / "order.yaml", tmp_path / "pooled.yaml")
    with (
        made_database(server) as elsewhere,
        pytest.raises(TargetError, match=r"the sandbox is not there; --direct-dsn must name"),
    ):
        pooled.run(*documents, load=QUICK, direct_dsn=elsewhere)


@asynccontextmanager
async def two_sessions(dsn: str) -> AsyncIterator[tuple[Session, Session]]:
    """Give two sessions that were not told of the pooler between them and their server."""
    settings = SessionSettings(run_id="0badcafe")
    target = AsyncpgTarget(address=address_of(dsn, "--dsn", {}), settings=settings)
    one, other = await target.open_session(), await target.open_session()
    yield one, other
    await one.close()
    await other.close()


def test_a_prepared_statement_that_another_session_has(ignoring: Ignoring) -> None:
    """The errors that everybody meets who prepares through a pooler name the option."""
    target = AsyncpgTarget(
        address=address_of(ignoring.through, "--dsn", {}), settings=SessionSettings(run_id="0badcafe")
    )

    async def main() -> None:
        async with two_sessions(ignoring.through) as (one, other):
            statement = await one.prepare("SELECT 1")
            await other.execute("BEGIN")  # takes the server session that has the statement
            with pytest.raises(asyncpg.InvalidSQLStatementNameError) as missing:
                await statement.fetch()
            failure = target.classify(missing.value, writes=False)
            assert (failure.sqlstate, failure.error_class) == ("26000", "prepared_statement")
            assert "prepare: false" in failure.message
            await other.driver.prepare("SELECT 1", name="ours")
            await other.execute("COMMIT")
            with pytest.raises(asyncpg.DuplicatePreparedStatementError) as taken:
                await one.driver.prepare("SELECT 2", name="ours")
            failure = target.classify(taken.value, writes=False)
            assert (failure.sqlstate, failure.error_class) == ("42P05", "prepared_statement")
            assert "prepare: false" in failure.message

    anyio.run(main)
