"""A database that others use, somebody who looks at it, and a workload whose function SQL can replace."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.integration.bystanders import BYSTANDERS
from tests.integration.engine.looking import Onlooker
from tests.integration.made import execute, made_database

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from perfengine.embedded.server import EmbeddedServer

WORK = """
workload:
  setup:
    - sql: CREATE FUNCTION work(n int) RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN n; END'
  ops:
    work:
      sql: SELECT work(:n)
      params: {n: {int: {min: 1, max: 100}}}
      read_only: true
"""


@pytest.fixture
def inhabited(server: EmbeddedServer) -> Iterator[str]:
    """Yield the address of a database that is this test's alone, with things in it that are not ours."""
    with made_database(server) as dsn:
        execute(dsn, BYSTANDERS)
        yield dsn


@pytest.fixture
def onlooker(inhabited: str) -> Iterator[Onlooker]:
    """Yield somebody who looks at that database while it is loaded."""
    looking = Onlooker(inhabited)
    yield looking
    looking.close()


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """Return a workload of one operation, which calls a function."""
    path = tmp_path / "work.yaml"
    path.write_text(WORK)
    return path
