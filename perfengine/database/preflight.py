"""What must be known of a server before it is loaded, and the reasons not to load it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from perfengine.database.connect import POOLER_REMEDY
from perfengine.database.server_ground import GROUND_ARGUMENTS, GROUND_SQL, ServerGround, read_ground
from perfengine.errors import TargetError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import asyncpg

    from perfengine.database.address import Address

OLDEST_SERVER = 130000
#: Connections that stay free for others, beyond those the server reserves for superusers: at least so many, and on a
#: server that is not on this machine such a share of all.
FREE_FOR_OTHERS = 5
FREE_SHARE = 0.1
#: perfengine's own: the run's session, and one to look at the server with.
OWN_CONNECTIONS = 2

_FACTS = f"""
SELECT current_setting('server_version_num')::int AS version_number,
       current_setting('server_version') AS version,
       current_database() AS database,
       current_user AS role,
       pg_is_in_recovery() AS in_recovery,
       current_setting('transaction_read_only')::bool AS read_only,
       has_database_privilege(current_database(), 'CREATE') AS may_create,
       current_setting('max_connections')::int AS max_connections,
       current_setting('superuser_reserved_connections')::int
         + coalesce(current_setting('reserved_connections', true)::int, 0) AS reserved,
       (SELECT greatest(coalesce(sum(numbackends), 0) - 1, 0)::int FROM pg_stat_database) AS connected,
       (SELECT CASE WHEN NOT rolsuper THEN least(
          CASE WHEN rolconnlimit >= 0 THEN greatest(0, rolconnlimit + 1
            - (SELECT count(*) FROM pg_stat_activity WHERE usesysid = r.oid)) END,
          CASE WHEN datconnlimit >= 0 THEN greatest(0, datconnlimit + 1
            - (SELECT count(*) FROM pg_stat_activity WHERE datid = d.oid AND usesysid IS NOT NULL)) END)::int END
        FROM pg_roles r, pg_database d WHERE rolname = session_user AND datname = current_database()) AS allowed,
       ({GROUND_SQL}) AS ground
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerFacts:
    """A server as found before the run."""

    version_number: int
    version: str
    database: str
    role: str
    in_recovery: bool
    read_only: bool
    may_create: bool
    max_connections: int
    reserved: int
    connected: int
    #: what limits of the role and the database leave, our own session included; None: they have none, or the role is
    #: above them
    allowed: int | None = None
    settings: Mapping[str, str]  #: those that explain a figure, and what is not the default
    ground: ServerGround = field(default_factory=ServerGround)

    def left_for_others(self, address: Address) -> int:
        """Connections that stay free: a server elsewhere has more others than this machine."""
        return (
            FREE_FOR_OTHERS
            if address.local
            else max(FREE_FOR_OTHERS, round(FREE_SHARE * self.max_connections))
        )

    def available(self, address: Address) -> int:
        """Connections that clients may take, with some left for others and for perfengine itself."""
        taken = self.reserved + self.connected + self.left_for_others(address) + OWN_CONNECTIONS
        free = self.max_connections - taken
        return max(0, free if self.allowed is None else min(free, self.allowed - OWN_CONNECTIONS))


async def read_facts(connection: asyncpg.Connection) -> ServerFacts:
    """Return the facts of the server behind `connection`, in one question."""
    row = dict(await connection.fetchrow(_FACTS, *GROUND_ARGUMENTS))
    ground = read_ground(row.pop("ground"))
    return ServerFacts(**row, settings=ground.shown_settings, ground=ground)


def require_usable(facts: ServerFacts, address: Address) -> None:
    """Refuse a server that cannot take the run.

    Raises: TargetError in one line: address, cause, remedy.
    """
    if facts.version_number < OLDEST_SERVER:
        raise TargetError(
            f"{address.shown}: PostgreSQL {facts.version} is too old, perfengine needs 13 or newer"
        )
    if facts.in_recovery:
        raise TargetError(
            f"{address.shown}: the server is a standby (in recovery) and cannot be written to; name its primary"
        )
    if facts.read_only:
        raise TargetError(
            f"{address.shown}: transactions are read-only there (default_transaction_read_only); "
            "name a database that can be written to"
        )
    if not facts.may_create:
        raise TargetError(
            f'{address.shown}: role "{facts.role}" may not create a schema in database "{facts.database}"; '
            f"grant it (GRANT CREATE ON DATABASE ... TO ...) or name another database"
        )


async def require_own_session(connection: asyncpg.Connection, schema: str, address: Address) -> None:
    """Refuse a session that did not take its settings, or is not the same from one statement to the next.

    Raises: TargetError: a pooler is in between, and the run's own session needs the server itself.
    """
    path = await connection.fetchval("SELECT current_setting('search_path')")
    if path.strip('"') != schema:
        raise TargetError(
            f"{address.shown}: the session did not take its search_path, as through a pooler that ignores settings "
            f"at start-up; {POOLER_REMEDY}"
        )


def connections_for(
    facts: ServerFacts, address: Address, *, clients: int, asked: int | None, processes: int
) -> int:
    """Return how many connections the clients get: what was asked, or one each as far as the server has them.

    Raises: TargetError when what was asked is not to be had, or less than one for each load process is.
    """
    available = facts.available(address)
    limits = "" if facts.allowed is None else f"; limits of the role and the database allow {facts.allowed}"
    had = (
        f"{available} can be had (max_connections {facts.max_connections}, {facts.reserved} reserved, "
        f"{facts.connected} in use, {facts.left_for_others(address)} left for others, {OWN_CONNECTIONS} of "
        f"perfengine{limits})"
    )
    if asked is not None and min(asked, clients) > available:
        raise TargetError(
            f"{address.shown}: {asked} connections were asked for and {had}; lower --connections or raise "
            "max_connections"
        )
    connections = min(clients, available if asked is None else asked)
    if connections < processes:
        raise TargetError(
            f"{address.shown}: {processes} load processes need a connection each and {had}; lower --processes or "
            "raise max_connections"
        )
    return connections
