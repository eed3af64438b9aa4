"""What an exception of the driver means for the attempt that raised it, by SQLSTATE.

Source: PostgreSQL documentation, appendix A, "PostgreSQL Error Codes".
"""

from __future__ import annotations

import asyncpg

from perfengine.model.outcome import Failure, Outcome

#: The two first characters of a SQLSTATE to the class we count under.
_CLASS_OF_PREFIX = {
    "08": "connection_lost",
    "21": "data",
    "22": "data",
    "23": "integrity",
    "25": "transaction_state",
    "28": "authorization",
    "40": "retryable",
    "42": "catalog",
    "44": "integrity",
    "53": "resources",
    "54": "limits",
    "55": "object_state",
    "57": "operator",
    "58": "system",
    "P0": "raised",
    "XX": "internal",
}
_MAX_MESSAGE_CHARACTERS = 200
#: The server ends the session with these, although they are not of class 08.
_SESSION_ENDED = frozenset({"57P01", "57P02", "57P03", "57P04", "57P05", "25P03", "25P04"})
#: A statement that another session prepared, or of a name that another has taken: whose turn it is changes.
_PREPARED_ELSEWHERE = frozenset({"26000", "42P05"})
_ENDING_SEVERITIES = frozenset({"FATAL", "PANIC"})


def classify(error: BaseException, *, writes: bool) -> Failure:
    """Return what the exception of an attempt means; `writes` makes a lost connection in doubt."""
    if isinstance(error, asyncpg.PostgresError):
        return _from_server(error, writes=writes)
    if isinstance(error, TimeoutError):
        return _failure(Outcome.TIMEOUT, None, "client_timeout", "no answer in time", lost=True)
    if isinstance(error, asyncpg.InterfaceError) and "closed" not in str(error):
        return _failure(Outcome.ERROR, None, "driver_usage", str(error))  # nothing was sent
    if isinstance(error, OSError | asyncpg.InterfaceError | asyncpg.InternalClientError):
        return _lost(None, str(error), writes=writes)
    return _failure(Outcome.ERROR, None, type(error).__name__, str(error))


def in_full(error: asyncpg.PostgresError) -> str:
    """Return what the server says, with its detail in brackets where there is one."""
    message = str(error.args[0]) if error.args else type(error).__name__
    detail = getattr(error, "detail", None)
    return f"{message} ({detail})" if detail else message


def is_about_target(error: BaseException) -> bool:
    """Return whether an exception outside an attempt comes from the server or the wire."""
    return isinstance(
        error, asyncpg.PostgresError | asyncpg.InterfaceError | asyncpg.InternalClientError | OSError
    )


def _from_server(error: asyncpg.PostgresError, *, writes: bool) -> Failure:
    """Return the failure by SQLSTATE; the driver gives one to what it finds itself, too."""
    sqlstate = error.sqlstate or "XX000"
    message = str(error.args[0]) if error.args else type(error).__name__
    if sqlstate.startswith("08") or sqlstate in _SESSION_ENDED or error.severity_en in _ENDING_SEVERITIES:
        return _lost(sqlstate, message, writes=writes)
    if isinstance(error, asyncpg.DataError) and error.severity is None:  # no server's word: the driver's own
        return _failure(Outcome.ERROR, None, "client_encoding", message.partition(":")[0])
    if sqlstate == "57014":
        # Both causes have this code, and a server that speaks another language than English tells them apart in
        # its own words: then the likelier is meant.
        by_user = "user request" in message
        outcome, name = (Outcome.ERROR, "cancelled") if by_user else (Outcome.TIMEOUT, "statement_timeout")
        return _failure(outcome, sqlstate, name, message)
    if sqlstate == "55P03":
        return _failure(Outcome.TIMEOUT, sqlstate, "lock_timeout", message)
    if sqlstate in _PREPARED_ELSEWHERE:
        hint = "behind a pooler in transaction mode the workload needs prepare: false"
        return _failure(Outcome.ERROR, sqlstate, "prepared_statement", f"{message}; {hint}")
    refused = sqlstate[:2] in {"23", "44"} or sqlstate == "P0001"
    name = _CLASS_OF_PREFIX.get(sqlstate[:2], "other")
    constraint = getattr(error, "constraint_name", None)
    outcome = Outcome.REFUSED if refused else Outcome.ERROR
    return _failure(outcome, sqlstate, name, message, constraint=constraint)


def _lost(sqlstate: str | None, message: str, *, writes: bool) -> Failure:
    """A write whose connection broke may have been done: only the database knows."""
    return _failure(Outcome.ERROR, sqlstate, "in_doubt" if writes else "connection_lost", message, lost=True)


def _failure(
    outcome: Outcome,
    sqlstate: str | None,
    error_class: str,
    message: str,
    *,
    constraint: str | None = None,
    lost: bool = False,
) -> Failure:
    line = " ".join(message.split())[:_MAX_MESSAGE_CHARACTERS]
    return Failure(
        outcome=outcome,
        sqlstate=sqlstate,
        error_class=error_class,
        message=line,
        constraint=constraint,
        lost=lost,
    )
