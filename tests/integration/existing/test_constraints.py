"""Constraints that hold less, or more, than others of their kind."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import asyncpg
import pytest

from perfengine.engine.planning import plan_run
from perfengine.engine.request import RunRequest, TargetRequest
from perfengine.errors import PerfengineError

if TYPE_CHECKING:
    from pathlib import Path

    from perfengine.engine.planning import PlannedRun


def _execute(dsn: str, sql: str) -> None:
    async def run() -> None:
        connection = await asyncpg.connect(dsn)
        try:
            await connection.execute(sql)
        finally:
            await connection.close()

    asyncio.run(run())


def _planned(directory: Path, dsn: str, document: str) -> PlannedRun:
    path = directory / "entity.yaml"
    path.write_text(document)
    return plan_run(RunRequest(paths=(path,), target=TargetRequest(dsn=dsn, existing=True)))


def test_a_check_that_is_not_enforced_holds_nothing(database: str, tmp_path: Path) -> None:
    """The operation that it was to refuse was built, and every attempt of it was let in."""
    _execute(
        database,
        "CREATE TABLE loose (id uuid PRIMARY KEY, net numeric NOT NULL CONSTRAINT pos CHECK (net > 0) NOT ENFORCED)",
    )
    rules = '{name: validation, rules: [{name: pos, field: net, rule: "net > 0"}]}'
    planned = _planned(
        tmp_path, database, f"name: loose\nfields: {{id: uuid, net: decimal}}\npatterns: [{rules}]\n"
    )
    assert "validate_loose_pos_reject" in {one.name for one in planned.plan.not_built}
    assert "validate_loose_pos_reject" not in {one.operation.name for one in planned.plan.operations}


def test_nulls_that_equal_each_other_are_no_values_of_their_own(database: str, tmp_path: Path) -> None:
    """Rows of ours left such a column null, as others do, and the second of them was refused."""
    _execute(
        database, "CREATE TABLE lone (id integer PRIMARY KEY, code text UNIQUE NULLS NOT DISTINCT, b integer)"
    )
    with pytest.raises(PerfengineError, match=r"unique key lone_code_key \(code\): no column of it can have"):
        _planned(tmp_path, database, "name: lone\nfields: {id: integer, b: integer}\n")
    assert _planned(tmp_path, database, "name: lone\nfields: {id: integer, code: text}\n").plan.operations
