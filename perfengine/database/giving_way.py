"""Letting others go on: what of a run still holds a lock that they wait for is ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from perfengine.database.connect import Role, application_of

if TYPE_CHECKING:
    import asyncpg

#: A session of the load is ended: what it holds between two statements only its end lets go. Of the run's own
#: session, which must still clean up, the statement is. $1: what the names of the run's sessions begin with; $2, $3:
#: those two. $4, $5: whether a pooler stands between, whose sessions keep our name and work for others too, and the
#: schema of the sandbox, in which one that works for us has locked something.
_GIVE_WAY: Final = """
WITH ours AS (
    SELECT pid, application_name FROM pg_stat_activity
    WHERE starts_with(application_name, $1) AND usename = current_user AND pid <> pg_backend_pid()
      AND (NOT $4 OR application_name = $3 OR datname = current_database() AND pid IN (
          SELECT l.pid FROM pg_locks l JOIN pg_class c ON c.oid = l.relation
          JOIN pg_database d ON d.oid = l.database
          WHERE c.relnamespace = to_regnamespace($5) AND d.datname = current_database()))
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


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnSessions:
    """By what the sessions of a run are known."""

    run_id: str
    pooled: bool = False  #: what a pooler lends out keeps our name when it is lent to somebody else
    schema: str | None = None  #: of the sandbox


async def give_way(connection: asyncpg.Connection, own: OwnSessions) -> int:
    """End what of the run holds locks that others wait for; return how many sessions were told.

    Behind a pooler only sessions with a lock in the sandbox are: without a sandbox none can be told from others'.
    """
    name = application_of(own.run_id)
    names = (f"{name}/{role}" for role in (Role.LOAD, Role.SETUP))
    return int(await connection.fetchval(_GIVE_WAY, f"{name}/", *names, own.pooled, own.schema))
