"""Entity files of all dialects on a real server: all that is compiled runs, and nothing else is touched."""

from __future__ import annotations

import asyncio
import json
import re
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import asyncpg
import pytest

import perfengine
from perfengine.compiler.compile import compile_scenario
from perfengine.errors import PlanError
from perfengine.model.operation import Kind
from perfengine.model.settings import LoadSettings
from perfengine.model.sql import quote_identifier, shorten_identifier
from perfengine.report.plan import render_plan_sql
from perfengine.spec.read import read_scenario
from tests.dialect_files import ACCEPTED, text_of
from tests.integration.bystanders import BYSTANDERS, everything_of_others

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from perfengine.embedded.server import EmbeddedServer
    from perfengine.model.operation import Operation
    from perfengine.model.plan import Plan
    from perfengine.model.result import RunResult

#: What the hostile files try to drop, beside others' things by names that files of ours have.
VICTIM = "CREATE TABLE public.victim (id integer); INSERT INTO public.victim VALUES (1), (2);"
#: At least one attempt of every operation.
ATTEMPTS = 800


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What came of a run of all files, and what others had before and after it."""

    result: RunResult
    plan: Plan
    before: Mapping[str, str]
    after: Mapping[str, str]


@pytest.fixture(scope="module")
def empty_database(server: EmbeddedServer) -> Iterator[str]:
    """Yield the address of a database of this module's own."""
    name = f"test_{uuid.uuid4().hex}"
    asyncio.run(_run(server.dsn, f'CREATE DATABASE "{name}"'))
    yield server.dsn_of(name)
    asyncio.run(_run(server.dsn, f'DROP DATABASE "{name}" WITH (FORCE)'))


@pytest.fixture(scope="module")
def loaded(empty_database: str) -> Loaded:
    """Run all files at once, in a database where others have something to lose."""
    asyncio.run(_run(empty_database, BYSTANDERS + VICTIM))
    before = asyncio.run(_state(empty_database))
    result = perfengine.run(
        scenario=ACCEPTED,
        mode="mix",
        iterations=ATTEMPTS,
        warmup="1ms",
        data_size=20,
        dsn=empty_database,
        canary=False,
    )
    plan = compile_scenario(read_scenario([text_of(path) for path in ACCEPTED]), LoadSettings())
    return Loaded(result=result, plan=plan, before=before, after=asyncio.run(_state(empty_database)))


async def _run(dsn: str, statements: str) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(statements)
    finally:
        await connection.close()


async def _state(dsn: str) -> Mapping[str, str]:
    connection = await asyncpg.connect(dsn)
    try:
        return await everything_of_others(connection)
    finally:
        await connection.close()


def test_every_operation_of_every_file_runs(loaded: Loaded) -> None:
    """All attempts are ok, and the database holds what they claim."""
    run = {summary.operation.name: summary for summary in loaded.result.operations}
    assert set(run) == {operation.name for operation in loaded.plan.available if not operation.optional}
    assert len(run) > 300
    for name, summary in run.items():
        assert (summary.ok, summary.attempts) == (summary.attempts, summary.ok), name
        assert summary.ok >= 1, name
        assert summary.rows is None or summary.rows.verified, name


def test_nothing_but_the_sandbox_changes(loaded: Loaded) -> None:
    """Names that end a statement end nothing: what others have is as it was, and nothing is left behind."""
    hostile = [name for name in loaded.result.entities if "DROP" in name]
    assert len(hostile) == 2
    assert loaded.after == loaded.before


def test_the_script_of_the_plan_is_what_runs(loaded: Loaded, empty_database: str) -> None:
    """What `compile --format sql` prints is valid to the last statement, and reads the fields that it names."""
    asyncio.run(_check_plans(empty_database, loaded.plan))


async def _check_plans(dsn: str, plan: Plan) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        transaction = connection.transaction()
        await transaction.start()
        await connection.execute(render_plan_sql(plan))
        await connection.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        await connection.execute("SET LOCAL plan_cache_mode = force_generic_plan")
        for operation in plan.available:
            if operation.kind in _READS_BY:
                _READS_BY[operation.kind](operation.sql, await _explained(connection, operation))
        await transaction.rollback()
    finally:
        await connection.close()


async def _explained(connection: asyncpg.Connection, operation: Operation) -> Mapping[str, Any]:
    """Return the plan of a statement that the script has prepared, whatever its parameters are."""
    nulls = ", ".join(["NULL"] * len(operation.parameters))
    name = quote_identifier(shorten_identifier(operation.name))
    explained = json.loads(await connection.fetchval(f"EXPLAIN (FORMAT JSON) EXECUTE {name} ({nulls})"))
    plan: Mapping[str, Any] = explained[0]["Plan"]
    return plan


def _by_key(sql: str, plan: Mapping[str, Any]) -> None:
    """A row is found by the index of its key."""
    conditions = _conditions(plan, ("Index Cond",))
    assert re.search(r"\bid\b", conditions), (sql, plan)


def _by_all_terms(sql: str, plan: Mapping[str, Any]) -> None:
    """Every field of a search decides about the rows."""
    conditions = _conditions(plan, ("Index Cond", "Filter", "Recheck Cond"))
    named = re.findall(r'("(?:[^"]|"")*") [=>]', sql.partition(" WHERE ")[2])
    assert len(named) >= 2
    for name in named:
        assert name.strip('"').replace('""', '"') in conditions.replace('""', '"'), (sql, plan)


_READS_BY = {
    Kind.COMPLEX_JOIN: _by_all_terms,
    Kind.UPDATE: _by_key,
}


def _conditions(plan: Mapping[str, Any], words: tuple[str, ...]) -> str:
    """Return the conditions of a plan and of all below it."""
    own = [str(plan[word]) for word in words if word in plan]
    return " ".join([*own, *(_conditions(below, words) for below in plan.get("Plans", ()))])


GUARDED = """\
entity: Contract
fields: {status: "enum(draft, sent)", total: money!}
actions:
  - name: send_contract
    from_state: draft
    to_state: sent
    guard: total < 0
"""


def test_a_condition_that_no_row_can_meet_stops_the_run_before_its_load(dsn: str, tmp_path: Path) -> None:
    """Money is never below 0: the action would be refused every time, and its message says so."""
    file = tmp_path / "contract.yaml"
    file.write_text(GUARDED)
    with pytest.raises(
        PlanError, match=r"send_contract: 0 of 200 generated rows satisfy its guard \(total < 0\)"
    ):
        perfengine.run(scenario=file, iterations=1, dsn=dsn, canary=False)
