"""Opening connections: settings that every session gets, and plain words when none can be had."""

from __future__ import annotations

import configparser
import errno
import socket
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

import asyncpg

from perfengine.database.setting_time import setting_ns
from perfengine.errors import TargetError
from perfengine.model.sql import quote_identifier
from perfengine.units import NS_PER_MS, NS_PER_S

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from perfengine.database.address import Address

#: What the engine hands from one function of this room to the next, without knowing the driver.
Connection = asyncpg.Connection

CONNECT_TIMEOUT_S = 10
CLOSE_TIMEOUT_S = 5
POOLER_REMEDY = (
    "load through it with prepare: false in the workload, and name the server behind it with --direct-dsn"
)
#: Beyond the server's own statement timeout: past it, no answer will come.
GRACE_S = 5
_DRIVER_ERRORS = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)


class Role(StrEnum):
    """What a session of a run is for: the end of its application name."""

    SETUP = "setup"  #: the run's own: it makes, fills, checks and drops
    LOAD = "load"
    WATCH = "watch"  #: it looks at the server once a second
    CLEANUP = "cleanup"  #: it removes what a session that is gone has left


def application_of(run_id: str) -> str:
    """Return what the application names of a run's sessions begin with; a `/` and their role follow."""
    return f"perfengine/{run_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionSettings:
    """What every session of a run sets, so that nothing of ours waits for ever on somebody else's server."""

    run_id: str
    role: Role = Role.SETUP
    schema: str | None = None  #: the sandbox, alone on the search path
    statement_timeout_ns: int = 30 * NS_PER_S
    lock_timeout_ns: int = 10 * NS_PER_S
    idle_in_transaction_timeout_ns: int = 60 * NS_PER_S
    own: Mapping[str, str] = field(default_factory=dict)  #: what the workload sets, on load sessions only
    #: through a pooler in transaction mode, which refuses settings at start-up and would share them with others
    pooled: bool = False

    @property
    def application_name(self) -> str:
        """Whose session it is, and what for, as `pg_stat_activity` shows it."""
        return f"{application_of(self.run_id)}/{self.role}"

    @property
    def statement_limit_ns(self) -> int:
        """After how long the server ends a statement of the session: as the workload says, where it does."""
        own = None if self.pooled else setting_ns(self.own.get("statement_timeout", ""))
        return self.statement_timeout_ns if own is None else own

    @property
    def answer_timeout_s(self) -> float:
        """After how long no answer to a statement will come any more."""
        return self.statement_limit_ns / NS_PER_S + GRACE_S

    def as_server_settings(self) -> dict[str, str]:
        """Return the settings as the start-up message carries them."""
        settings = {
            "application_name": self.application_name,
            "statement_timeout": str(self.statement_timeout_ns // NS_PER_MS),
            "lock_timeout": str(self.lock_timeout_ns // NS_PER_MS),
            "idle_in_transaction_session_timeout": str(self.idle_in_transaction_timeout_ns // NS_PER_MS),
            "client_min_messages": "warning",
            "standard_conforming_strings": "on",  # rules and guards are read so
        }
        if self.pooled:
            return {"application_name": settings["application_name"]}
        if self.schema is not None:
            settings["search_path"] = quote_identifier(self.schema)
        return {**settings, **self.own}


async def open_connection(
    address: Address, settings: SessionSettings, *, answer_timeout_s: float | None = None
) -> asyncpg.Connection:
    """Return a new connection with the settings of the run.

    Every call on it raises TimeoutError after `answer_timeout_s`, for a server that went silent. None where
    somebody else looks after that: the driver's timer costs microseconds a call.

    Raises: TargetError in one line: address without password, cause, remedy.
    """
    try:
        return await asyncpg.connect(
            dsn=address.dsn,
            timeout=CONNECT_TIMEOUT_S,
            command_timeout=answer_timeout_s,
            statement_cache_size=0,
            server_settings=settings.as_server_settings(),
        )
    except configparser.Error:  # its text quotes the line, and the line may be the password
        raise TargetError(f"{address.shown}: the service file holds a % that is not written %%") from None
    except (*_DRIVER_ERRORS, OSError, ValueError) as error:
        raise TargetError(f"{address.shown}: {explain(error)}") from error


@contextmanager
def in_plain_words(address: Address) -> Iterator[None]:
    """Turn what the driver raises in the block into a TargetError of one line: address and cause.

    For work on the run's own connection, where an exception is no data. A broken pipe is not the driver's: the
    block may speak to others than the server.
    """
    try:
        yield
    except (*_DRIVER_ERRORS, ConnectionResetError, TimeoutError) as error:
        raise TargetError(f"{address.shown}: {_cause(error)}") from error


async def close_connection(connection: asyncpg.Connection) -> None:
    """Close in good order; a server that does not answer is left at once."""
    try:
        await connection.close(timeout=CLOSE_TIMEOUT_S)
    except (*_DRIVER_ERRORS, OSError):
        connection.terminate()


#: What to do; the cause is in the server's own words.
_REMEDIES = {
    "28P01": "set PGPASSWORD, ~/.pgpass or the password in the DSN",
    "28000": "check the user name and pg_hba.conf",
    "3D000": "create it, or name another one at the end of the DSN",
    "42704": "take it out of the DSN",
    "53300": "raise max_connections or free some",
    "57P03": "try again in a moment",
}


def explain(error: BaseException) -> str:
    """Return cause and remedy of a connection that could not be opened, as one clause."""
    if isinstance(error, asyncpg.PostgresError):
        remedy = _remedy(error)
        return f"{_words(error)}; {remedy}" if remedy else _cause(error)
    if isinstance(error, TimeoutError):
        return f"no answer within {CONNECT_TIMEOUT_S} s: check host, port and firewall"
    if _is_refused(error):
        return "connection refused: is the server running there, and is the port right?"
    if isinstance(error, FileNotFoundError):
        return "no socket there: is the server running, and is the socket directory right?"
    if isinstance(error, socket.gaierror):
        return "the host name cannot be resolved: check its spelling"
    return _cause(error)


def _remedy(error: asyncpg.PostgresError) -> str | None:
    if "unsupported startup parameter" in str(error):  # PgBouncer's words, and nobody else's
        return f"this is a pooler: {POOLER_REMEDY}"
    return _REMEDIES.get(error.sqlstate or "")


def _is_refused(error: BaseException) -> bool:
    """A name with several addresses is refused by each of them, and asyncio puts that into one text."""
    return isinstance(error, ConnectionRefusedError) or f"[Errno {errno.ECONNREFUSED}]" in str(error)


def _cause(error: BaseException) -> str:
    if isinstance(error, TimeoutError):
        return "the server does not answer"
    if isinstance(error, asyncpg.PostgresError) and error.sqlstate:
        return f"{_words(error)} (SQLSTATE {error.sqlstate})"
    return _words(error)


def _words(error: BaseException) -> str:
    """Return the message in one line, without the driver's detail and hint."""
    text = error.args[0] if isinstance(error, asyncpg.PostgresError) and error.args else error
    return " ".join(str(text).split()) or type(error).__name__
