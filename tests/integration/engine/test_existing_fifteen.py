"""Existing tables on PostgreSQL 15: the catalog, the lock table and partitions were others there."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from tests.integration.bystanders import BYSTANDERS
from tests.integration.engine.existing import PLAIN, run_existing
from tests.integration.engine.looking import Onlooker
from tests.integration.engine.test_existing_partitions import EVENT, EVENTS, SETTINGS
from tests.integration.generate.servers import Server, fifteen_running, find_fifteen

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def fifteen() -> Iterator[Server]:
    """Yield a PostgreSQL 15; skips where there is none."""
    with fifteen_running(find_fifteen()) as running:
        yield running


@pytest.fixture
def old(fifteen: Server) -> Iterator[Onlooker]:
    """Yield somebody who looks at a database there, with things in it that are not ours."""
    with fifteen.database() as dsn, closing(Onlooker(dsn)) as looking:
        looking.execute(BYSTANDERS)
        yield looking


def test_rows_of_others_are_as_they_were(tmp_path: Path, old: Onlooker) -> None:
    """All kinds of writes, as on the newest server."""
    before = old.everything()
    result = run_existing(tmp_path, old.dsn)
    assert {one.operation.name: one.ok for one in result.operations} == dict.fromkeys(PLAIN, 20)
    assert all(one.rows is None or one.rows.verified for one in result.operations)
    assert old.everything() == before
    assert old.sessions() == 0


def test_a_table_partitioned_by_time(tmp_path: Path, old: Onlooker) -> None:
    """With an identity, which there is the parent's alone, and a key of two columns."""
    old.execute(EVENTS)
    before = old.everything()
    result = run_existing(tmp_path, old.dsn, SETTINGS, document=EVENT)
    assert all(one.ok == one.attempts > 0 for one in result.operations)
    assert old.everything() == before
