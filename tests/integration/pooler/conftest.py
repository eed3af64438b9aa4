"""A server behind a pooler in transaction mode, and a database on it that others use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from perfengine.embedded.server import EmbeddedServer, start_ephemeral
from tests.integration.bystanders import BYSTANDERS
from tests.integration.made import execute
from tests.integration.pooler.bouncer import Bouncer, bouncing, find_pgbouncer, let_in
from tests.integration.pooler.runs import Pooled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.integration.engine.looking import Onlooker

#: What perfengine sets at start-up where it is not told of a pooler.
STARTUP_PARAMETERS = (
    "search_path, statement_timeout, lock_timeout, idle_in_transaction_session_timeout, client_min_messages"
)
#: Tables and a function that a workload may have of its own, under the same names.
MORE_BYSTANDERS = """
CREATE TABLE public.account (id int PRIMARY KEY, balance bigint NOT NULL);
INSERT INTO public.account SELECT n, 100 FROM generate_series(1, 50) AS n;
CREATE TABLE public.ledger (id int);
INSERT INTO public.ledger VALUES (1);
"""


@pytest.fixture(scope="session")
def server() -> Iterator[EmbeddedServer]:
    """Yield a server that PgBouncer's user may enter; skips where there is no PgBouncer."""
    find_pgbouncer()
    with start_ephemeral() as running:
        let_in(running)
        yield running


@pytest.fixture(scope="session")
def bouncer(server: EmbeddedServer) -> Iterator[Bouncer]:
    """Yield a pooler as Debian configures it: it refuses settings at start-up that it does not know."""
    with bouncing(server) as running:
        yield running


@pytest.fixture(scope="session")
def ignoring_bouncer(server: EmbeddedServer) -> Iterator[Bouncer]:
    """Yield a pooler that takes our settings at start-up and does nothing with them."""
    with bouncing(server, ignore_startup_parameters=STARTUP_PARAMETERS) as running:
        yield running


@pytest.fixture
def inhabited(database: str) -> str:
    """Return the address of a database that is this test's alone, with things in it that are not ours."""
    execute(database, BYSTANDERS, MORE_BYSTANDERS)
    return database


@pytest.fixture
def pooled(bouncer: Bouncer, inhabited: str, onlooker: Onlooker) -> Iterator[Pooled]:
    """Yield that database behind the pooler; what others have in it, and their sessions, stay as they were."""
    given = Pooled(through=bouncer.dsn_of(onlooker.value("SELECT current_database()")), direct=inhabited)
    before = onlooker.everything()
    yield given
    assert onlooker.everything() == before
    given.require_clean_sessions()


@dataclass(frozen=True)
class Ignoring:
    """The same database behind a pooler that ignores settings at start-up."""

    through: str
    direct: str


@pytest.fixture
def ignoring(ignoring_bouncer: Bouncer, inhabited: str, onlooker: Onlooker) -> Iterator[Ignoring]:
    """Yield that database behind a pooler that ignores what it does not know; others' things stay as they were."""
    name = onlooker.value("SELECT current_database()")
    before = onlooker.everything()
    yield Ignoring(through=ignoring_bouncer.dsn_of(name), direct=inhabited)
    assert onlooker.everything() == before
