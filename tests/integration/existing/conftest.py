"""One database with tables of all kinds, for all tests here: they read it, and what they write they roll back."""

from __future__ import annotations

import asyncio
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import asyncpg
import pytest

from perfengine.engine.planning import plan_run
from perfengine.engine.request import RunRequest, TargetRequest
from perfengine.model.settings import LoadSettings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfengine.embedded.server import EmbeddedServer
    from perfengine.engine.planning import PlannedRun

_SCHEMA = Path(__file__).with_name("schema.sql")
#: What the role that is no superuser may do.
_RIGHTS = (
    "USAGE ON SCHEMA odd",
    "SELECT ON odd.node",
    "ALL ON odd.guarded",
    'SELECT, INSERT, DELETE ON public."order"',
    "SELECT, INSERT, DELETE ON odd.parted",
)
#: With a name of its own: roles are for all databases of the server.
PLAIN_ROLE = f"plain_{uuid.uuid4().hex[:8]}"


@pytest.fixture(scope="package")
def existing(server: EmbeddedServer) -> Iterator[str]:
    """Yield the address of the database."""
    name = f"existing_{uuid.uuid4().hex[:8]}"
    asyncio.run(_execute(server.dsn, f'CREATE DATABASE "{name}"'))
    dsn = server.dsn_of(name)
    asyncio.run(_execute(dsn, _SCHEMA.read_text()))
    asyncio.run(_execute(dsn, f'CREATE ROLE "{PLAIN_ROLE}" LOGIN'))
    asyncio.run(_execute(dsn, "; ".join(f'GRANT {rights} TO "{PLAIN_ROLE}"' for rights in _RIGHTS)))
    yield dsn
    asyncio.run(_execute(server.dsn, f'DROP DATABASE "{name}" WITH (FORCE)'))
    asyncio.run(_execute(server.dsn, f'DROP ROLE "{PLAIN_ROLE}"'))


async def _execute(dsn: str, sql: str) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(sql)
    finally:
        await connection.close()


class Planning(Protocol):
    """Plans a document on the tables that are there."""

    def __call__(
        self,
        text: str,
        *,
        schema: str | None = None,
        read_only: bool = False,
        filters: tuple[str, ...] = (),
        plain_role: bool = False,
    ) -> PlannedRun:
        """Return the plan, of a superuser or of a role that may do little. Raises: as `plan_run`."""


@pytest.fixture
def planned(existing: str, tmp_path: Path) -> Planning:
    """Plan documents on the database."""

    def plan(
        text: str,
        *,
        schema: str | None = None,
        read_only: bool = False,
        filters: tuple[str, ...] = (),
        plain_role: bool = False,
    ) -> PlannedRun:
        path = tmp_path / "scenario.yaml"
        path.write_text(text)
        dsn = existing.replace("://perfengine@", f"://{PLAIN_ROLE}@") if plain_role else existing
        target = TargetRequest(dsn=dsn, existing=True, schema=schema, read_only=read_only)
        return plan_run(RunRequest(paths=(path,), target=target, load=LoadSettings(filters=filters)))

    return plan
