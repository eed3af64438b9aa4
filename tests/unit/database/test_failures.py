"""What each exception of the driver means."""

from __future__ import annotations

import inspect
from typing import Any

import asyncpg
import pytest

from perfengine.database.failures import classify, is_about_target
from perfengine.model.outcome import Outcome

CLASSES: list[Any] = [kind for _, kind in inspect.getmembers(asyncpg.exceptions, inspect.isclass)]
CODES: dict[str, type[asyncpg.PostgresError]] = {
    kind.sqlstate: kind for kind in CLASSES if issubclass(kind, asyncpg.PostgresError) and kind.sqlstate
}
#: SQLSTATE classes in which the database refuses by its own rules, and the code of RAISE EXCEPTION.
REFUSING_CLASSES = {"23", "44"}
#: Codes with which the server ends the session, besides class 08.
ENDING = {"57P01", "57P02", "57P03", "57P04", "57P05", "25P03", "25P04"}
TIMEOUTS = {"57014": "statement_timeout", "55P03": "lock_timeout"}


def server_error(kind: type[asyncpg.PostgresError], message: str = "no", **fields: str) -> BaseException:
    """Return an error as a server sends it."""
    codes = {"S": "ERROR", "V": "ERROR", "C": kind.sqlstate or "XX000", "M": message, **fields}
    error: BaseException = asyncpg.PostgresError.new(codes)
    return error


@pytest.mark.parametrize("sqlstate", sorted(CODES))
def test_every_sqlstate_has_a_meaning(sqlstate: str) -> None:
    """Refused, lost, timed out or an error, by the code and nothing else; the code itself is kept."""
    failure = classify(server_error(CODES[sqlstate]), writes=True)
    assert failure.sqlstate == sqlstate
    assert failure.error_class
    is_lost = sqlstate.startswith("08") or sqlstate in ENDING
    assert failure.lost is is_lost
    if is_lost:
        assert (failure.outcome, failure.error_class) == (Outcome.ERROR, "in_doubt")
    elif sqlstate in TIMEOUTS:
        assert (failure.outcome, failure.error_class) == (Outcome.TIMEOUT, TIMEOUTS[sqlstate])
    elif sqlstate[:2] in REFUSING_CLASSES or sqlstate == "P0001":
        assert failure.outcome is Outcome.REFUSED
    else:
        assert failure.outcome is Outcome.ERROR


def test_the_codes_are_those_of_the_manual() -> None:
    """The driver knows some two hundred and fifty; the loop above has seen them."""
    assert len(CODES) > 240


@pytest.mark.parametrize(
    ("sqlstate", "error_class"),
    [
        ("22012", "data"),
        ("23505", "integrity"),
        ("23514", "integrity"),
        ("44000", "integrity"),
        ("25006", "transaction_state"),
        ("28P01", "authorization"),
        ("40001", "retryable"),
        ("40P01", "retryable"),
        ("42P01", "catalog"),
        ("53300", "resources"),
        ("54000", "limits"),
        ("55006", "object_state"),
        ("58030", "system"),
        ("P0001", "raised"),
        ("XX000", "internal"),
        ("0A000", "other"),
    ],
)
def test_failures_are_counted_by_class(sqlstate: str, error_class: str) -> None:
    """The first two characters give the class; what has no name of its own is `other`."""
    assert classify(server_error(CODES[sqlstate]), writes=False).error_class == error_class


@pytest.mark.parametrize("severity", ["FATAL", "PANIC"])
def test_a_server_that_ends_the_session_loses_the_connection(severity: str) -> None:
    """Whatever the code: after FATAL nothing more comes."""
    error = server_error(asyncpg.InternalServerError, S="TÖDLICH", V=severity)
    assert classify(error, writes=False).lost


def test_a_code_nobody_knows_is_an_error() -> None:
    """An extension may make up its own."""
    error = asyncpg.PostgresError.new({"S": "ERROR", "V": "ERROR", "C": "ZZ999", "M": "made up"})
    failure = classify(error, writes=True)
    assert (failure.outcome, failure.sqlstate, failure.error_class) == (Outcome.ERROR, "ZZ999", "other")
    assert not failure.lost


@pytest.mark.parametrize(
    ("message", "outcome", "error_class"),
    [
        ("canceling statement due to statement timeout", Outcome.TIMEOUT, "statement_timeout"),
        ("canceling statement due to user request", Outcome.ERROR, "cancelled"),
        ("storniere Anfrage wegen Zeitüberschreitung", Outcome.TIMEOUT, "statement_timeout"),
    ],
)
def test_a_cancelled_statement(message: str, outcome: Outcome, error_class: str) -> None:
    """A person's request is told from the timeout where the server speaks English; elsewhere it is a timeout."""
    failure = classify(server_error(asyncpg.QueryCanceledError, message), writes=True)
    assert (failure.outcome, failure.error_class) == (outcome, error_class)


def test_a_refusal_names_its_constraint() -> None:
    """So that an expected refusal is told from another."""
    failure = classify(server_error(asyncpg.CheckViolationError, n="positive"), writes=True)
    assert failure.constraint == "positive"


@pytest.mark.parametrize(
    "error",
    [
        ConnectionResetError("reset"),
        BrokenPipeError("gone"),
        OSError("no route"),
        asyncpg.InterfaceError("connection is closed"),
        asyncpg.InterfaceError("cannot call PreparedStatement.fetch(): the underlying connection is closed"),
        asyncpg.ConnectionDoesNotExistError("connection was closed in the middle of operation"),
        asyncpg.InternalClientError("got result for unknown protocol state"),
    ],
)
@pytest.mark.parametrize(("writes", "error_class"), [(True, "in_doubt"), (False, "connection_lost")])
def test_a_lost_connection_leaves_a_write_in_doubt(error: Exception, writes: bool, error_class: str) -> None:
    """Only the database knows whether it was done; a read is simply lost."""
    failure = classify(error, writes=writes)
    assert (failure.outcome, failure.error_class, failure.lost) == (Outcome.ERROR, error_class, True)


def test_no_answer_in_time_is_a_timeout_that_costs_the_connection() -> None:
    """What the server does with the statement is not known any more."""
    failure = classify(TimeoutError(), writes=True)
    assert (failure.outcome, failure.error_class, failure.lost) == (Outcome.TIMEOUT, "client_timeout", True)


def test_a_value_that_the_driver_cannot_send_is_no_server_error() -> None:
    """Nothing was sent; the text does not repeat the value."""
    error = asyncpg.DataError("invalid input for query argument $1: 'secret' ('str' object cannot ...)")
    failure = classify(error, writes=True)
    assert (failure.outcome, failure.error_class, failure.sqlstate) == (
        Outcome.ERROR,
        "client_encoding",
        None,
    )
    assert failure.message == "invalid input for query argument $1"
    assert not failure.lost


def test_a_statement_that_was_never_sent_loses_nothing() -> None:
    """A wrong number of arguments is our mistake, and no reason to connect again."""
    error = asyncpg.InterfaceError("the server expects 1 argument for this query, 2 were passed")
    failure = classify(error, writes=True)
    assert (failure.outcome, failure.error_class, failure.lost) == (Outcome.ERROR, "driver_usage", False)


def test_any_other_exception_is_an_error_by_its_own_name() -> None:
    """An attempt never ends a run."""
    failure = classify(KeyError("x"), writes=True)
    assert (failure.outcome, failure.error_class, failure.lost) == (Outcome.ERROR, "KeyError", False)


def test_a_message_is_one_line_of_bounded_length() -> None:
    """It is counted by its text and shown in a table."""
    failure = classify(server_error(asyncpg.DataError, "two\n  lines " + "x" * 500), writes=False)
    assert failure.message.startswith("two lines xxx")
    assert len(failure.message) == 200


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (asyncpg.PostgresError("x"), True),
        (asyncpg.InterfaceError("x"), True),
        (asyncpg.InternalClientError("x"), True),
        (ConnectionResetError(), True),
        (TimeoutError(), True),
        (KeyError(), False),
        (RuntimeError(), False),
    ],
)
def test_whose_doing_an_exception_is(error: Exception, expected: bool) -> None:
    """Server, driver and wire are the target's; anything else is ours."""
    assert is_about_target(error) is expected
