"""Runs through a pooler, and what they may leave there: nothing."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import asyncpg

from perfengine.engine.event_loop import run_async
from perfengine.engine.planning import plan_run
from perfengine.engine.python_scenario import split_files
from perfengine.engine.request import RunRequest, TargetRequest
from perfengine.engine.run import run_plan
from perfengine.model.result import Ending
from tests.integration.engine.runs import Watcher
from tests.integration.pooler.bouncer import POOL_SIZE

if TYPE_CHECKING:
    from perfengine.model.result import RunResult
    from perfengine.model.settings import LoadSettings
    from perfengine.model.summary import OperationSummary

SCENARIOS = Path(__file__).parents[3] / "scenarios"
#: What PgBouncer keeps for each client, and sets when it hands a session over.
KEPT_BY_POOLER = {
    "application_name",
    "client_encoding",
    "DateStyle",
    "TimeZone",
    "standard_conforming_strings",
}
SOMEBODY = "somebody else"
_LEFT = """
SELECT (SELECT array_agg(name) FROM pg_settings WHERE source = 'session') AS settings,
       current_setting('search_path') AS path, current_setting('application_name') AS application,
       (SELECT count(*) FROM pg_prepared_statements) AS prepared,
       (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory') AS locks,
       (SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'perfengine\\_%'
        AND nspname NOT IN ('perfengine_deadbeef', 'perfengine_deadbee0', 'perfengine_production')) AS schemas
"""


@dataclass(frozen=True)
class Pooled:
    """A database behind a pooler."""

    through: str
    direct: str

    def run(
        self, *documents: Path | str, load: LoadSettings, watcher: Watcher | None = None, **target: Any
    ) -> RunResult:
        """Return the result of a run of these files through the pooler."""
        yaml, python = split_files([str(path) for path in documents])
        request = RunRequest(paths=yaml, python=python, load=load)
        asked = replace(TargetRequest(dsn=self.through, direct_dsn=self.direct), **target)
        return run_async(run_plan, plan_run(request), asked, watcher or Watcher())

    def require_clean_sessions(self) -> None:
        """Fail unless every server session of the pooler is as a fresh one to the next client."""
        for row in asyncio.run(self._sessions()):
            assert set(row["settings"] or ()) <= KEPT_BY_POOLER, row
            assert (row["path"], row["application"]) == ('"$user", public', SOMEBODY)
            assert (row["prepared"], row["locks"], row["schemas"]) == (0, 0, 0)

    async def _sessions(self) -> list[asyncpg.Record]:
        """Return what each server session says; they are held all at once, so that each answers for itself."""
        async with AsyncExitStack() as stack:
            rows = []
            for _ in range(POOL_SIZE):
                connection = await asyncpg.connect(
                    self.through, statement_cache_size=0, server_settings={"application_name": SOMEBODY}
                )
                stack.push_async_callback(connection.close)
                await stack.enter_async_context(connection.transaction())
                rows.append(await connection.fetchrow(_LEFT))
            return rows


def require_sound(result: RunResult, *names: str) -> dict[str, OperationSummary]:
    """Return the operations by name; fails unless there are just these, without a single error, effects verified."""
    found = {one.operation.name: one for one in result.operations}
    assert result.ended is Ending.COMPLETE, result.incomplete
    assert set(names) == set(found)
    for name, one in found.items():
        assert one.ok == one.attempts > 0, f"{name}: {one.measurement.failures}"
        assert one.measurement.warmup_failures == 0, name
        assert one.rows is None or one.rows.verified, f"{name}: {one.rows}"
    assert not [note for note in result.notes if "teardown" in note or "tear-down" in note]
    return found
