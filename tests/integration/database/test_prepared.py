"""Statements are prepared once. They were not: without its cache the driver parsed a nameless one at every call."""

from __future__ import annotations

import asyncio

from perfengine.database.address import address_of
from perfengine.database.connect import SessionSettings
from perfengine.database.target import AsyncpgTarget

_CALLS = 8


def test_a_statement_is_parsed_once(database: str) -> None:
    """The server has it by name, and counts all its calls as runs of one plan."""

    async def plans_of_one_session() -> tuple[int, int]:
        address = address_of(database, "--dsn", {})
        session = await AsyncpgTarget(
            address=address, settings=SessionSettings(run_id="0badcafe")
        ).open_session()
        try:
            statement = await session.prepare("SELECT $1::int")
            for number in range(_CALLS):
                await statement.fetch(number)
            row = await session.driver.fetchrow(
                "SELECT count(*), sum(generic_plans + custom_plans)::int FROM pg_prepared_statements "
                "WHERE statement = 'SELECT $1::int'"
            )
            return row[0], row[1]
        finally:
            await session.close()

    assert asyncio.run(plans_of_one_session()) == (1, _CALLS)
