"""What a workload runs itself: in order, named when it fails, and marked as the sandbox's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import asyncpg
import pytest

from perfengine.database.objects import objects_of
from perfengine.database.own_statements import run_statements
from perfengine.database.sandbox import marked_runs, marker_of
from perfengine.errors import PlanError
from tests.integration.bystanders import everything_of_others

if TYPE_CHECKING:
    from perfengine.model.plan import Plan
    from tests.integration.database.conftest import Sandboxes

pytestmark = pytest.mark.anyio

#: A statement each, and what the catalog finds of it.
MADE = {
    "CREATE TABLE note (id serial PRIMARY KEY)": [("TABLE", "note")],
    "CREATE TABLE numbered (id int GENERATED ALWAYS AS IDENTITY, parent int)": [("TABLE", "numbered")],
    "CREATE VIEW seen AS SELECT * FROM note": [("VIEW", "seen")],
    "CREATE MATERIALIZED VIEW kept AS SELECT * FROM seen": [("MATERIALIZED VIEW", "kept")],
    "CREATE INDEX ON kept (id)": [],
    "CREATE SEQUENCE numbers": [("SEQUENCE", "numbers")],
    "CREATE TYPE mood AS ENUM ('good')": [("TYPE", "mood")],
    "CREATE TYPE pair AS (a int, b mood)": [("TYPE", "pair")],
    "CREATE TYPE span AS RANGE (subtype = float8)": [("TYPE", "span")],
    "CREATE DOMAIN amount AS int": [("DOMAIN", "amount")],
    "CREATE FUNCTION one(pair) RETURNS int LANGUAGE sql AS 'SELECT 1'": [("FUNCTION", "one")],
    "CREATE PROCEDURE nothing() LANGUAGE sql AS 'SELECT 1'": [("PROCEDURE", "nothing")],
    "CREATE AGGREGATE total(int) (SFUNC = int4pl, STYPE = int)": [("AGGREGATE", "total")],
    "CREATE TABLE whole (n int) PARTITION BY RANGE (n)": [("TABLE", "whole")],
    "CREATE TABLE half PARTITION OF whole FOR VALUES FROM (0) TO (9)": [],
}


async def test_what_is_made_is_adopted_and_dropped(
    sandboxes: Sandboxes, admin: asyncpg.Connection, plan: Plan
) -> None:
    """Everything that stands by itself is marked, once; and goes although each depends on another."""
    before = await everything_of_others(admin)
    sandbox = await sandboxes.furnished(plan)
    ours = {(one.kind, one.name) for one in await objects_of(admin, sandbox.schema)}
    await run_statements(sandbox.connection, MADE, "setup")
    await sandbox.adopt()
    found = await objects_of(admin, sandbox.schema)
    made = [one for one in found if (one.kind, one.name) not in ours]
    assert sorted((one.kind, one.name.partition(".")[2].partition("(")[0]) for one in made) == sorted(
        one for some in MADE.values() for one in some
    )
    assert {one.marker for one in found} == {marker_of(sandbox.run_id)}
    await sandbox.drop()
    assert await everything_of_others(admin) == before


async def test_tables_that_refer_to_each_other_go_together(
    sandboxes: Sandboxes, admin: asyncpg.Connection, plan: Plan
) -> None:
    """Neither can go before the other."""
    sandbox = await sandboxes.furnished(plan)
    statements = [
        "CREATE TABLE hen (id int PRIMARY KEY, egg int)",
        "CREATE TABLE egg (id int PRIMARY KEY, hen int REFERENCES hen)",
        "ALTER TABLE hen ADD FOREIGN KEY (egg) REFERENCES egg",
        'ALTER TABLE "order" ADD FOREIGN KEY (id) REFERENCES "order"',
    ]
    await run_statements(sandbox.connection, statements, "setup")
    await sandbox.adopt()
    await sandbox.drop()
    assert await marked_runs(admin) == []


async def test_what_came_later_is_not_adopted(
    sandboxes: Sandboxes, admin: asyncpg.Connection, plan: Plan
) -> None:
    """Only set-up makes things of the run; a comment of somebody else's is no mark either."""
    sandbox = await sandboxes.furnished(plan)
    await run_statements(sandbox.connection, ["CREATE TABLE note (id int)"], "setup")
    await sandbox.adopt()
    await admin.execute(f"CREATE TABLE {sandbox.schema}.theirs (id int)")
    await admin.execute(f"COMMENT ON TABLE {sandbox.schema}.theirs IS 'theirs'")
    await sandbox.adopt()
    markers = {one.name: one.marker for one in await objects_of(admin, sandbox.schema)}
    assert markers[f"{sandbox.schema}.theirs"] == "theirs"
    assert markers[f"{sandbox.schema}.note"] == marker_of(sandbox.run_id)


async def test_a_statement_that_fails_is_named_with_its_cause(sandboxes: Sandboxes, plan: Plan) -> None:
    """Those before it are done; a long one is cut, on one line."""
    connection = (await sandboxes.furnished(plan)).connection
    broken = "SELECT nosuch,\n" + ", ".join(map(str, range(100)))
    with pytest.raises(PlanError) as caught:
        await run_statements(
            connection, ["CREATE TABLE note (id int)", broken, "DROP TABLE note"], "teardown"
        )
    message = str(caught.value)
    assert message.startswith(
        'teardown: column "nosuch" does not exist (SQLSTATE 42703), in: SELECT nosuch, 0, 1, 2, '
    )
    assert message.endswith("...")
    assert "\n" not in message
    assert await connection.fetchval("SELECT count(*) FROM note") == 0


async def test_a_connection_that_is_lost_is_no_statement_that_fails(sandboxes: Sandboxes, plan: Plan) -> None:
    """The author has nothing to mend."""
    connection = (await sandboxes.furnished(plan)).connection
    with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, ConnectionError)):
        await run_statements(connection, ["SELECT pg_terminate_backend(pg_backend_pid())"], "setup")
