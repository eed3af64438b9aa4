"""Servers that cannot be loaded say why in one line; those that can are known by their facts."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import anyio
import pytest

from perfengine.database.address import Address, address_of
from perfengine.database.connect import SessionSettings, close_connection, open_connection
from perfengine.database.preflight import (
    FREE_FOR_OTHERS,
    OWN_CONNECTIONS,
    connections_for,
    read_facts,
    require_usable,
)
from perfengine.errors import TargetError
from tests.integration.database.refusing_server import refusing_server

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    import asyncpg

    from perfengine.database.preflight import ServerFacts
    from perfengine.embedded.server import EmbeddedServer

pytestmark = pytest.mark.anyio

SETTINGS = SessionSettings(run_id="0badcafe")
REFUSALS = {
    "28P01": ('password authentication failed for user "me"', "set PGPASSWORD, ~/.pgpass"),
    "28000": ('no pg_hba.conf entry for host "10.0.0.1"', "check the user name and pg_hba.conf"),
    "3D000": ('database "app" does not exist', "create it, or name another one"),
    "53300": ("sorry, too many clients already", "raise max_connections or free some"),
    "57P03": ("the database system is starting up", "try again in a moment"),
    "0A000": ("unsupported frontend protocol 3.0", "SQLSTATE 0A000"),
}


async def refusal(text: str) -> str:
    """Return in which words a connection fails."""
    with anyio.fail_after(20), pytest.raises(TargetError) as caught:
        await open_connection(address_of(text, "--dsn", {}), SETTINGS)
    message = str(caught.value)
    assert "\n" not in message
    assert "s3cret" not in message
    return message


@pytest.mark.parametrize("sqlstate", REFUSALS)
async def test_a_server_that_refuses_at_the_door(sqlstate: str) -> None:
    """One line: address without password, the server's words, what to do."""
    words, remedy = REFUSALS[sqlstate]
    async with refusing_server(sqlstate, words) as port:
        message = await refusal(f"postgresql://me:s3cret@127.0.0.1:{port}/app")
    assert message.startswith(f"postgresql://me@127.0.0.1:{port}/app: {words}")
    assert remedy in message


async def test_a_database_that_is_not_there(server: EmbeddedServer) -> None:
    """The real server says it in the same words."""
    message = await refusal(server.dsn_of("nosuch"))
    assert 'database "nosuch" does not exist; create it, or name another one at the end of the DSN' in message


async def test_a_parameter_that_nobody_knows(server: EmbeddedServer) -> None:
    """It is named, and where to take it out."""
    message = await refusal(f"{server.dsn}&keepalives_idle=1")
    assert 'parameter "keepalives_idle"; take it out of the DSN' in message


async def test_nobody_listens() -> None:
    """A port that is closed, on an address and on a name that may have several."""
    with socket.socket() as taken:  # it is bound, so that nobody else gets it, and does not listen
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        for host in ("127.0.0.1", "localhost"):
            message = await refusal(f"postgresql://me:s3cret@{host}:{port}/app")
            assert message == (
                f"postgresql://me@{host}:{port}/app: connection refused: is the server running there, and is the "
                "port right?"
            )


async def test_no_socket_there(tmp_path: Path) -> None:
    """A directory without one."""
    message = await refusal(f"postgresql://me:s3cret@/app?host={tmp_path}")
    assert message.endswith("no socket there: is the server running, and is the socket directory right?")


async def test_no_server_has_what_is_asked_for(server: EmbeddedServer) -> None:
    """A primary where a standby is wanted."""
    message = await refusal(f"{server.dsn}&target_session_attrs=standby")
    assert "None of the hosts match" in message


async def test_a_service_file_that_the_driver_cannot_read(
    tmp_path: Path, server: EmbeddedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It takes a percent sign for its own, and its words would quote the password."""
    path = tmp_path / "services.conf"
    path.write_text(f"[here]\nhost={server.socket_dir}\nport={server.port}\npassword=s3cret%x\n")
    monkeypatch.setenv("PGSERVICEFILE", str(path))
    address = address_of("postgresql://?service=here", "--dsn", {"PGSERVICEFILE": str(path)})
    with pytest.raises(TargetError, match="a % that is not written %%") as caught:
        await open_connection(address, SETTINGS)
    assert "s3cret" not in str(caught.value)


@pytest.fixture
async def connection(address: Address, admin: asyncpg.Connection) -> AsyncIterator[asyncpg.Connection]:
    """Yield a connection of a run."""
    assert admin
    opened = await open_connection(address, SETTINGS)
    yield opened
    await close_connection(opened)


async def test_a_session_has_the_settings_of_the_run(connection: asyncpg.Connection) -> None:
    """The server took them all."""
    for name, value in SETTINGS.as_server_settings().items():
        shown = await connection.fetchval(
            "SELECT CASE unit WHEN 'ms' THEN setting ELSE current_setting(name) END FROM pg_settings"
            " WHERE name = $1",
            name,
        )
        assert shown == value, name


async def test_a_silent_server_is_given_up(address: Address) -> None:
    """A call on the run's own connection has a deadline of its own, beyond the server's."""
    opened = await open_connection(address, SETTINGS, answer_timeout_s=0.05)
    with pytest.raises(TimeoutError):
        await opened.fetchval("SELECT pg_sleep(30)")
    opened.terminate()


async def test_the_facts_of_a_server(connection: asyncpg.Connection, server: EmbeddedServer) -> None:
    """Version, role, rights and connections as they are, and the settings that explain a figure."""
    facts = await read_facts(connection)
    assert facts.version.startswith(server.version)
    assert facts.role == server.user
    assert (facts.in_recovery, facts.read_only, facts.may_create) == (False, False, True)
    limit = int(await connection.fetchval("SHOW max_connections"))
    reserved = int(await connection.fetchval("SHOW superuser_reserved_connections"))
    reserved += int(await connection.fetchval("SHOW reserved_connections"))
    assert (facts.max_connections, facts.reserved) == (limit, reserved)
    assert facts.connected >= 1
    here = address_of("postgresql://", "--dsn", {})
    assert facts.available(here) == limit - reserved - facts.connected - FREE_FOR_OTHERS - OWN_CONNECTIONS
    assert facts.allowed is None
    assert {"shared_buffers", "fsync", "work_mem"} <= set(facts.settings)
    require_usable(facts, address_of("postgresql://", "--dsn", {}))


async def facts_as(admin: asyncpg.Connection, address: Address, role: str) -> ServerFacts:
    """Return the facts as another role sees them."""
    assert admin
    opened = await open_connection(address, SETTINGS)
    try:
        await opened.execute(f'SET ROLE "{role}"')
        return await read_facts(opened)
    finally:
        await close_connection(opened)


async def test_a_role_that_may_not_create_a_schema(admin: asyncpg.Connection, address: Address) -> None:
    """It is told which right is missing, for which role and where."""
    role = "perfengine_test_reader"
    await admin.execute(f"DROP ROLE IF EXISTS {role}; CREATE ROLE {role}")
    try:
        facts = await facts_as(admin, address, role)
        assert not facts.may_create
        with pytest.raises(TargetError, match=rf'role "{role}" may not create a schema in database "test_'):
            require_usable(facts, address)
        await admin.execute(f"GRANT CREATE ON DATABASE {facts.database} TO {role}")
        assert (await facts_as(admin, address, role)).may_create
    finally:
        await admin.execute(f"DROP OWNED BY {role}; DROP ROLE {role}")


async def test_a_database_that_is_read_only(admin: asyncpg.Connection, address: Address) -> None:
    """As its default says, before anything is tried."""
    name = await admin.fetchval("SELECT current_database()")
    await admin.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    try:
        opened = await open_connection(address, SETTINGS)
        facts = await read_facts(opened)
        await close_connection(opened)
    finally:
        await admin.execute(
            f"BEGIN READ WRITE; ALTER DATABASE {name} RESET default_transaction_read_only; COMMIT"
        )
    with pytest.raises(TargetError, match="transactions are read-only there"):
        require_usable(facts, address)


async def test_more_clients_than_the_server_has_room_for(
    connection: asyncpg.Connection, address: Address
) -> None:
    """They share what there is; who asks for more is told the sum, so that it can be checked."""
    facts = await read_facts(connection)
    there = facts.available(address)
    assert connections_for(facts, address, clients=there, asked=there, processes=1) == there
    assert connections_for(facts, address, clients=there + 1, asked=None, processes=1) == there
    with pytest.raises(TargetError, match=rf"asked for and {there} can be had \(max_connections"):
        connections_for(facts, address, clients=there + 1, asked=there + 1, processes=1)


async def test_a_role_with_too_few_connections_is_told_by_the_server(
    admin: asyncpg.Connection, inhabited: str
) -> None:
    """A limit of its own shows only at the door."""
    role = "perfengine_test_lonely"
    await admin.execute(f"DROP ROLE IF EXISTS {role}; CREATE ROLE {role} LOGIN CONNECTION LIMIT 0")
    try:
        message = await refusal(inhabited.replace("://perfengine@", f"://{role}@"))
    finally:
        await admin.execute(f"DROP ROLE {role}")
    assert f'too many connections for role "{role}"; raise max_connections or free some' in message


async def test_limits_of_a_role_and_of_a_database_are_known(
    admin: asyncpg.Connection, inhabited: str
) -> None:
    """What the tighter of them leaves, our own session included; they do not hold for a superuser."""
    role, name = "perfengine_test_limited", await admin.fetchval("SELECT current_database()")
    await admin.execute(f"DROP ROLE IF EXISTS {role}; CREATE ROLE {role} LOGIN CONNECTION LIMIT 7")
    theirs = address_of(inhabited.replace("://perfengine@", f"://{role}@"), "--dsn", {})
    try:
        first, second = await open_connection(theirs, SETTINGS), await open_connection(theirs, SETTINGS)
        assert (await read_facts(first)).allowed == 6
        connected = await admin.fetchval(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = $1 AND usesysid IS NOT NULL", name
        )
        await admin.execute(f"ALTER DATABASE {name} CONNECTION LIMIT {connected + 2}")
        facts = await read_facts(first)
        assert facts.allowed == 3
        assert facts.available(theirs) == 1
        assert (await read_facts(admin)).allowed is None
        await close_connection(first)
        await close_connection(second)
    finally:
        await admin.execute(f"ALTER DATABASE {name} CONNECTION LIMIT -1")
        await admin.execute(f"DROP ROLE {role}")
