"""Opening connections: settings that every session gets, and plain words when none can be had."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING

import asyncpg

from perfengine.errors import TargetError
from perfengine.model.sql import quote_identifier
from perfengine.units import NS_PER_MS, NS_PER_S

if TYPE_CHECKING:
    from perfengine.database.address import Address

#: What the engine hands from one function of this room to the next, without knowing the driver.
Connection = asyncpg.Connection

CONNECT_TIMEOUT_S = 10
CLOSE_TIMEOUT_S = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionSettings:
    """What every session of a run sets, so that nothing of ours waits for ever on somebody else's server."""

    run_id: str
    schema: str | None = None  #: the sandbox, alone on the search path
    statement_timeout_ns: int = 30 * NS_PER_S
    lock_timeout_ns: int = 10 * NS_PER_S

    def as_server_settings(self) -> dict[str, str]:
        """Return the settings as the start-up message carries them."""
        settings = {
            "application_name": f"perfengine/{self.run_id}",
            "statement_timeout": str(self.statement_timeout_ns // NS_PER_MS),
            "lock_timeout": str(self.lock_timeout_ns // NS_PER_MS),
            "idle_in_transaction_session_timeout": "60000",
            "client_min_messages": "warning",
        }
        if self.schema is not None:
            settings["search_path"] = quote_identifier(self.schema)
        return settings


async def open_connection(address: Address, settings: SessionSettings) -> asyncpg.Connection:
    """Return a new connection with the settings of the run.

    Raises: TargetError in one line: address without password, cause, remedy.
    """
    try:
        return await asyncpg.connect(
            dsn=address.dsn,
            timeout=CONNECT_TIMEOUT_S,
            statement_cache_size=0,
            server_settings=settings.as_server_settings(),
        )
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, ValueError) as error:
        raise TargetError(f"{address.shown}: {explain(error)}") from error


async def close_connection(connection: asyncpg.Connection) -> None:
    """Close in good order; a server that does not answer is left at once."""
    try:
        await connection.close(timeout=CLOSE_TIMEOUT_S)
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
        connection.terminate()


_BY_SQLSTATE = {
    "28P01": "wrong password: set PGPASSWORD, ~/.pgpass or the password in the DSN",
    "28000": "the server does not let this user in: check the user name and pg_hba.conf",
    "3D000": "the database does not exist: create it, or name another one at the end of the DSN",
    "53300": "the server has no connection left: raise max_connections or free some",
    "57P03": "the server is starting up or shutting down: try again in a moment",
}


def explain(error: BaseException) -> str:
    """Return cause and remedy of a connection that could not be opened, as one clause."""
    if isinstance(error, asyncpg.PostgresError):
        remedy = _BY_SQLSTATE.get(error.sqlstate or "")
        text = str(error.args[0]) if error.args else type(error).__name__
        return f"{text}; {remedy}" if remedy else f"{text} (SQLSTATE {error.sqlstate})"
    if isinstance(error, TimeoutError):
        return f"no answer within {CONNECT_TIMEOUT_S} s: check host, port and firewall"
    if isinstance(error, ConnectionRefusedError):
        return "connection refused: is the server running there, and is the port right?"
    if isinstance(error, FileNotFoundError):
        return "no socket there: is the server running, and is the socket directory right?"
    if isinstance(error, socket.gaierror):
        return "the host name cannot be resolved: check its spelling"
    return " ".join(str(error).split()) or type(error).__name__
