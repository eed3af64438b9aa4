"""What a real server says of itself, to its owner and to a role that may do nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from perfengine.comparison.fingerprint_fields import HARD
from perfengine.database.connect import SessionSettings, close_connection, open_connection
from perfengine.database.preflight import read_facts
from perfengine.database.round_trip import round_trip_ns
from perfengine.units import NS_PER_S

if TYPE_CHECKING:
    import asyncpg

    from perfengine.database.address import Address
    from perfengine.database.server_ground import ServerGround

pytestmark = pytest.mark.anyio

SETTINGS = SessionSettings(run_id="0badcafe")
ROLE = "perfengine_test_nobody"
HARD_SETTINGS = {name.removeprefix("setting.") for name in HARD if name.startswith("setting.")}


async def ground(address: Address, role: str | None = None) -> ServerGround:
    """Return what a new session is told."""
    opened = await open_connection(address, SETTINGS)
    try:
        if role:
            await opened.execute(f"SET ROLE {role}")
        return (await read_facts(opened)).ground
    finally:
        await close_connection(opened)


async def test_its_owner_is_told_everything(address: Address) -> None:
    """Also what stands at its default where it must be the same, and where the files lie."""
    found = await ground(address)
    assert set(found.settings) >= HARD_SETTINGS
    assert found.data_checksums in {"on", "off"}
    assert found.locale
    assert found.extensions["plpgsql"]
    assert found.data_directory
    assert found.data_directory.startswith("/")
    assert found.address is None, "the embedded server is reached by a socket"


async def test_an_ordinary_role(admin: asyncpg.Connection, address: Address) -> None:
    """It is told all that must be the same; what it may not see is not known, and no failure."""
    await admin.execute(f"DROP ROLE IF EXISTS {ROLE}; CREATE ROLE {ROLE}")
    try:
        found = await ground(address, ROLE)
    finally:
        await admin.execute(f"DROP ROLE {ROLE}")
    assert set(found.settings) >= HARD_SETTINGS
    assert (found.data_checksums is None, found.locale is None) == (False, False)
    assert found.data_directory is None
    assert "shared_preload_libraries" not in found.settings


async def test_settings_of_the_database_and_no_secret(admin: asyncpg.Connection, address: Address) -> None:
    """What somebody changed is seen, whoever did; texts of applications are not, whatever they hold."""
    database = await admin.fetchval("SELECT quote_ident(current_database())")
    await admin.execute(f"ALTER DATABASE {database} SET random_page_cost = 1.25")
    await admin.execute(f"ALTER ROLE CURRENT_USER IN DATABASE {database} SET cpu_tuple_cost = 0.5")
    await admin.execute(f"ALTER DATABASE {database} SET \"app.token\" = 's3cret'")
    await admin.execute(f"ALTER DATABASE {database} SET lc_messages = 'C'")
    try:
        found = await ground(address)
    finally:
        await admin.execute(f"ALTER ROLE CURRENT_USER IN DATABASE {database} RESET ALL")
        await admin.execute(f"ALTER DATABASE {database} RESET ALL")
    assert (found.settings["random_page_cost"], found.settings["cpu_tuple_cost"]) == ("1.25", "0.5")
    assert {"random_page_cost", "cpu_tuple_cost"} <= found.shown
    assert "s3cret" not in repr(found)
    assert "lc_messages" not in found.settings
    ours = {"application_name", "statement_timeout", "lock_timeout", "search_path"}
    assert not ours & set(found.settings), "what our own session sets is no setting of the server"


async def test_the_round_trip(address: Address) -> None:
    """A server on this machine answers within a second, and not at once."""
    opened = await open_connection(address, SETTINGS)
    assert 1_000 < await round_trip_ns(opened) < NS_PER_S
    await close_connection(opened)
