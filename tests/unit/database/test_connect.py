"""Settings of a session, and plain words for what went wrong."""

from __future__ import annotations

import errno
import socket
import ssl

import asyncpg
import pytest

from perfengine.database.address import address_of
from perfengine.database.connect import SessionSettings, explain, in_plain_words
from perfengine.errors import TargetError
from perfengine.units import NS_PER_MS, NS_PER_S

ADDRESS = address_of("postgresql://me:s3cret@db/app", "--dsn", {})


def test_every_session_has_deadlines_and_a_name() -> None:
    """Nothing of ours waits for ever on somebody else's server, and its owner can see whose it is."""
    settings = SessionSettings(
        run_id="0badcafe",
        schema="perfengine_0badcafe",
        statement_timeout_ns=1500 * NS_PER_MS,
        lock_timeout_ns=NS_PER_S,
    )
    assert settings.as_server_settings() == {
        "application_name": "perfengine/0badcafe/setup",
        "statement_timeout": "1500",
        "lock_timeout": "1000",
        "idle_in_transaction_session_timeout": "60000",
        "client_min_messages": "warning",
        "standard_conforming_strings": "on",
        "search_path": '"perfengine_0badcafe"',
    }


def test_without_a_sandbox_the_search_path_is_the_servers() -> None:
    """A session that cleans up has none of its own."""
    assert "search_path" not in SessionSettings(run_id="0badcafe").as_server_settings()


def test_the_answer_is_awaited_longer_than_the_server_takes() -> None:
    """The server's own timeout is to be heard first."""
    assert SessionSettings(run_id="x", statement_timeout_ns=30 * NS_PER_S).answer_timeout_s > 30


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (
            asyncpg.InvalidPasswordError('password authentication failed for user "me"'),
            (
                'password authentication failed for user "me"; set PGPASSWORD, ~/.pgpass or the '
                "password in the DSN"
            ),
        ),
        (
            asyncpg.InvalidAuthorizationSpecificationError('no pg_hba.conf entry for host "10.0.0.1"'),
            ('no pg_hba.conf entry for host "10.0.0.1"; check the user name and pg_hba.conf'),
        ),
        (
            asyncpg.InvalidCatalogNameError('database "app" does not exist'),
            ('database "app" does not exist; create it, or name another one at the end of the DSN'),
        ),
        (
            asyncpg.TooManyConnectionsError("sorry, too many clients already"),
            ("sorry, too many clients already; raise max_connections or free some"),
        ),
        (
            asyncpg.CannotConnectNowError("the database system is starting up"),
            ("the database system is starting up; try again in a moment"),
        ),
        (
            asyncpg.UndefinedObjectError('unrecognized configuration parameter "connect_timeout"'),
            ('unrecognized configuration parameter "connect_timeout"; take it out of the DSN'),
        ),
        (asyncpg.InternalServerError("two\nlines"), "two lines (SQLSTATE XX000)"),
        (TimeoutError(), "no answer within 10 s: check host, port and firewall"),
        (
            ConnectionRefusedError(errno.ECONNREFUSED, "Connect call failed ('127.0.0.1', 1)"),
            "connection refused: is the server running there, and is the port right?",
        ),
        (
            OSError(
                "Multiple exceptions: [Errno "
                f"{errno.ECONNREFUSED}] Connect call failed ('::1', 1, 0, 0), [Errno 99] Cannot assign"
            ),
            "connection refused: is the server running there, and is the port right?",
        ),
        (
            FileNotFoundError(errno.ENOENT, "No such file or directory"),
            "no socket there: is the server running, and is the socket directory right?",
        ),
        (
            socket.gaierror(-2, "Name or service not known"),
            "the host name cannot be resolved: check its spelling",
        ),
        (ssl.SSLError("certificate\nverify failed"), "('certificate\\nverify failed',)"),
        (asyncpg.ClientConfigurationError("`sslmode` is odd"), "`sslmode` is odd"),
        (ValueError(), "ValueError"),
    ],
)
def test_a_connection_that_fails_is_explained(error: Exception, words: str) -> None:
    """Cause and remedy in one line, for each reason a user meets."""
    assert explain(error) == words
    assert "\n" not in explain(error)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (asyncpg.UndefinedTableError('relation "order" does not exist'), 'relation "order" does not exist'),
        (asyncpg.InterfaceError("connection is closed"), "connection is closed"),
        (asyncpg.InternalClientError("odd"), "odd"),
        (ConnectionResetError("reset by peer"), "reset by peer"),
        (TimeoutError(), "the server does not answer"),
    ],
)
def test_the_drivers_words_become_a_target_error(error: Exception, words: str) -> None:
    """One line with the address, without the password."""
    with pytest.raises(TargetError) as caught, in_plain_words(ADDRESS):
        raise error
    message = str(caught.value)
    assert message.startswith(f"postgresql://me@db/app: {words}")
    assert "\n" not in message
    assert "s3cret" not in message


@pytest.mark.parametrize("error", [BrokenPipeError("stderr is gone"), KeyError("ours"), TargetError("said")])
def test_what_is_not_the_drivers_goes_through(error: Exception) -> None:
    """The block may print, and our own mistakes stay ours."""
    with pytest.raises(type(error)) as caught, in_plain_words(ADDRESS):
        raise error
    assert caught.value is error
