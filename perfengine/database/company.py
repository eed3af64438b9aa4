"""What else lives on a server that is about to be loaded: how much data, who works there, who follows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import asyncpg

#: Sessions of perfengine are no company, whichever run they belong to. What sessions of others do is hidden from a
#: role without pg_read_all_stats: these count as at work, for all that can be known. The views of replication hide
#: what they must and keep their rows, so rows can be counted.
_COMPANY: Final = """
WITH other AS MATERIALIZED (
    SELECT state IS NULL OR state <> 'idle' OR state_change > now() - interval '1 minute' AS works
    FROM pg_stat_activity
    WHERE datname = current_database() AND usesysid IS NOT NULL AND pid <> pg_backend_pid()
      AND coalesce(backend_type, 'client backend') = 'client backend'
      AND NOT starts_with(coalesce(application_name, ''), 'perfengine/')
)
SELECT pg_database_size(current_database()) AS size_bytes,
       (SELECT count(*) FROM other WHERE works) AS sessions_at_work,
       ARRAY(SELECT DISTINCT application_name FROM pg_stat_activity
             WHERE application_name <> '' AND NOT starts_with(application_name, 'perfengine/')) AS applications,
       (SELECT count(*) FROM pg_stat_replication) AS standbys,
       (SELECT count(*) FROM pg_replication_slots) AS slots,
       coalesce(current_setting('cluster_name', true), '') AS cluster_name
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """Others on the server, as found before the run."""

    size_bytes: int = 0  #: of the database
    sessions_at_work: int = 0  #: in the database, of others: within the last minute, or hidden from us
    applications: tuple[str, ...] = ()  #: what sessions of others on the server call themselves
    standbys: int = 0  #: that follow the server
    slots: int = 0  #: for replication, physical and logical
    cluster_name: str = ""


async def read_company(connection: asyncpg.Connection) -> Company:
    """Return what else lives on the server behind `connection`, in one question."""
    row = dict(await connection.fetchrow(_COMPANY))
    return Company(**{**row, "applications": tuple(sorted(row["applications"]))})
