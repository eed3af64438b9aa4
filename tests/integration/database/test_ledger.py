"""Ledgers say which rows are whose: after a run that was killed, beside others, by roles of any name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from perfengine.database.address import address_of
from perfengine.database.cleanup import clean_up
from perfengine.database.connect import SessionSettings, close_connection, open_connection
from perfengine.database.emptying import wait_for_sessions
from perfengine.database.ledger import Ledger, found_ledgers
from perfengine.database.sandbox import new_run_id
from perfengine.datagen.keys_sql import ledger_key_sql
from perfengine.model.ledger import Removal
from tests.integration.database.shop import FIRST_KEY, Ours

if TYPE_CHECKING:
    import asyncpg

pytestmark = pytest.mark.anyio


async def test_cleaning_up_after_a_run_that_was_killed(ours: Ours, other: asyncpg.Connection) -> None:
    """A dry run counts; a living run is left alone; a dead one's rows go, then its ledger."""
    schema = ours.ledger.schema
    await ours.items()
    await ours.sales()
    assert (await clean_up(other, ledger_key_sql)).living == (schema,)
    await ours.killed()
    looked = await clean_up(other, ledger_key_sql, dry_run=True)
    assert looked.rows == ((schema, Removal(removed=60)),)
    assert await other.fetchval("SELECT count(*) FROM shop.item") == 40
    done = await clean_up(other, ledger_key_sql)
    assert (done.rows, done.dropped) == (((schema, Removal(removed=60)),), (schema,))
    assert await other.fetchval("SELECT count(*) FROM shop.item") == 10
    assert await found_ledgers(other) == []


async def test_cleaning_up_keeps_the_ledger_of_rows_that_stay(ours: Ours, other: asyncpg.Connection) -> None:
    """So that they can go later."""
    await ours.items()
    await ours.killed()
    await other.execute(f"INSERT INTO shop.mark VALUES (99, {FIRST_KEY})")
    done = await clean_up(other, ledger_key_sql)
    ((_, removal),) = done.rows
    assert (removal.removed, len(removal.left), done.dropped) == (29, 1, ())
    await other.execute("DELETE FROM shop.mark WHERE id = 99")
    assert (await clean_up(other, ledger_key_sql)).dropped == (ours.ledger.schema,)


async def test_a_ledger_of_somebody_else_is_never_followed(ours: Ours, other: asyncpg.Connection) -> None:
    """What it says would be deleted in the name of whoever cleans up."""
    entry = await ours.items()
    await ours.killed()
    await other.execute(f"CREATE ROLE mallory; ALTER SCHEMA {ours.ledger.schema} OWNER TO mallory")
    await other.execute(f"UPDATE {ours.ledger.table} SET first_key = 1 WHERE number = {entry.number}")
    done = await clean_up(other, ledger_key_sql)
    ((schema, why),) = done.kept
    assert schema == ours.ledger.schema
    assert 'it belongs to role "mallory"' in why
    assert await other.fetchval("SELECT count(*) FROM shop.item") == 40
    await other.execute("DROP OWNED BY mallory CASCADE; DROP ROLE mallory")


async def test_a_role_of_any_name_has_its_own_ledger(ours: Ours, other: asyncpg.Connection) -> None:
    """The server reads a name that becomes a role as SQL does, in small letters and with dots between names.

    A role called `App.Loader` could not end a run on existing tables, nor clean up after it.
    """
    database = await other.fetchval("SELECT quote_ident(current_database())")
    await other.execute(f'CREATE ROLE "App.Loader"; GRANT CREATE ON DATABASE {database} TO "App.Loader"')
    connection = ours.ledger.connection
    await connection.execute('SET ROLE "App.Loader"')
    theirs = Ledger(connection=connection, run_id=new_run_id())
    await theirs.create()
    own = {found.run_id: found.is_own for found in await found_ledgers(connection)}
    assert own == {theirs.run_id: True, ours.ledger.run_id: False}
    await theirs.drop()
    assert not await theirs.is_there()
    await connection.execute("RESET ROLE")
    await other.execute('DROP OWNED BY "App.Loader"; DROP ROLE "App.Loader"')


async def test_a_ledger_without_its_table_is_dropped_by_its_owner(
    ours: Ours, other: asyncpg.Connection
) -> None:
    """Somebody dropped the table and left the schema: its owner was told to connect as himself."""
    await ours.killed()
    await other.execute(f"DROP TABLE {ours.ledger.table}")
    done = await clean_up(other, ledger_key_sql)
    assert (done.dropped, done.kept) == ((ours.ledger.schema,), ())
    assert await found_ledgers(other) == []


async def test_a_table_that_was_renamed_is_still_known(ours: Ours, other: asyncpg.Connection) -> None:
    """By its number; when another one has its name, nothing is guessed; when it is gone, its rows are."""
    await ours.items()
    await other.execute("ALTER TABLE shop.item RENAME TO thing; CREATE TABLE shop.item (id bigint)")
    await ours.killed()
    ((_, why),) = (await clean_up(other, ledger_key_sql)).kept
    assert "shop.item is another table now, and the one with rows of ours is shop.thing" in why
    await other.execute("DROP TABLE shop.item")
    assert (await clean_up(other, ledger_key_sql)).rows[0][1].removed == 30
    await other.execute("ALTER TABLE shop.thing RENAME TO item")


async def test_sessions_that_are_still_at_work_are_waited_for(
    ours: Ours, other: asyncpg.Connection, shop: str
) -> None:
    """A load process that was killed leaves its last statement to the server."""
    entry = await ours.items()
    address = address_of(shop, "--dsn", {})
    load = await open_connection(address, SessionSettings(run_id=ours.ledger.run_id))
    await load.execute(f"BEGIN; DELETE FROM shop.item WHERE id = {FIRST_KEY}")
    assert not await wait_for_sessions(other, ours.ledger.run_id, [entry], wait_s=0)
    await load.execute("ROLLBACK")
    assert await wait_for_sessions(other, ours.ledger.run_id, [entry], wait_s=0)
    await close_connection(load)
