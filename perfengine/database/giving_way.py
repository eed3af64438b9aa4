"""Letting others go on: what of a run still holds a lock that they wait for is ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from perfengine.database.connect import Role, application_of

if TYPE_CHECKING:
    import asyncpg

#: A session of the load is ended: what it holds between two statements only its end lets go. Of the run's own
#: session, which must still clean up, the statement is. $1: what the names of the run's sessions begin with; $2, $3:
#: those two.
_GIVE_WAY: Final = """
WITH ours AS (
    SELECT pid, application_name FROM pg_stat_activity
    WHERE starts_with(application_name, $1) AND usename = current_user AND pid <> pg_backend_pid()
),
blocking AS (
    SELECT DISTINCT blocker AS pid
    FROM (SELECT DISTINCT pid FROM pg_locks WHERE NOT granted AND pid NOT IN (SELECT pid FROM ours)) AS waiting,
         unnest(pg_blocking_pids(waiting.pid)) AS blocker
)
SELECT count(*) FILTER (
    WHERE CASE application_name WHEN $2 THEN pg_terminate_backend(pid) WHEN $3 THEN pg_cancel_backend(pid) END)
FROM ours JOIN blocking USING (pid)
"""


async def give_way(connection: asyncpg.Connection, run_id: str) -> int:
    """End what of the run holds locks that others wait for; return how many sessions were told."""
    name = application_of(run_id)
    names = (f"{name}/{role}" for role in (Role.LOAD, Role.SETUP))
    return int(await connection.fetchval(_GIVE_WAY, f"{name}/", *names))
