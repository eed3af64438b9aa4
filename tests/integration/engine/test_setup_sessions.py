"""What a workload's own statements leave the run's session in: a transaction, a search path, a role."""

from __future__ import annotations

from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from perfengine.database.address import address_of
from perfengine.database.connect import SessionSettings, close_connection, open_connection
from perfengine.database.sandbox import Sandbox, schema_of
from perfengine.datagen.layout import RowSource
from perfengine.engine.event_loop import run_async
from perfengine.engine.existing.rows_of_others import RowsOfOthers
from perfengine.engine.filled import FilledSandbox
from perfengine.engine.own_steps import take_back, tear_down
from perfengine.errors import PlanError
from perfengine.model.settings import LoadSettings
from perfengine.model.sql import quote_identifier
from tests.integration.engine.existing import run_existing
from tests.integration.engine.parcels import PARCEL, workload
from tests.integration.engine.runs import plan_documents, run_documents, summary_of
from tests.seed import order_document

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.integration.engine.looking import Onlooker

RUN_ID = "0badcafe"
QUICK = LoadSettings(iterations=5, filters=("look",))
LOOK = "ops: {look: {sql: SELECT 1, read_only: true}}"


@pytest.mark.parametrize(
    ("setup", "words"),
    [
        (
            "[BEGIN, CREATE TABLE note (id int)]",
            "setup: it begins a transaction and does not end it: add COMMIT",
        ),
        (
            "[BEGIN, SELECT nosuch]",
            'setup: column "nosuch" does not exist (SQLSTATE 42703), in: SELECT nosuch',
        ),
        (
            '["BEGIN; SELECT nosuch; COMMIT"]',
            'setup: column "nosuch" does not exist (SQLSTATE 42703), in: BEGIN; SELECT nosuch; COMMIT',
        ),
    ],
)
def test_a_transaction_that_set_up_leaves_open(
    inhabited: str, onlooker: Onlooker, setup: str, words: str
) -> None:
    """The author is told what is wrong, and the sandbox goes.

    The transaction stayed open: marking what was made failed in it, "current transaction is aborted", which took the
    place of what the author had to mend; and so did dropping the sandbox, which was left on the server.
    """
    before = onlooker.everything()
    with pytest.raises(PlanError) as caught:
        run_documents(inhabited, PARCEL, workload(f"setup: {setup}\n{LOOK}"), settings=QUICK)
    assert str(caught.value) == words
    assert onlooker.everything() == before


NUMBERED = PARCEL.replace("id: uuid", "id: integer")


@pytest.mark.parametrize(
    "how", ["SET search_path TO public", "SELECT set_config('search_path', 'public', false)"]
)
def test_a_search_path_that_set_up_sets_ends_with_it(inhabited: str, onlooker: Onlooker, how: str) -> None:
    """Statements say `"parcel"`, and the search path decides whose: it must be the sandbox's as soon as we go on.

    The run's own session kept the path, and took its rows out of the table of somebody else: by numbers that were
    theirs.
    """
    onlooker.execute(
        "CREATE TABLE public.parcel (id int PRIMARY KEY, status varchar(20), weight numeric(8,2))"
    )
    onlooker.execute("INSERT INTO public.parcel SELECT i, 'pending', 1 FROM generate_series(1, 1000) AS g(i)")
    before = onlooker.everything()
    settings = LoadSettings(iterations=20, filters=("parcel_create", "parcel_send", "send"))
    result = run_documents(inhabited, NUMBERED, workload(f'setup: ["{how}"]\n'), settings=settings)
    assert onlooker.everything() == before
    assert summary_of(result, "parcel_create").ok == 20
    assert all(one.rows is None or one.rows.verified for one in result.operations)


def test_what_a_transaction_of_teardown_leaves_undone(inhabited: str, onlooker: Onlooker) -> None:
    """One that is open is rolled back, and a note says so; one that failed is, too. The sandbox goes either way."""
    before = onlooker.everything()
    open_ = workload(f"teardown: [BEGIN, SELECT 1]\n{LOOK}")
    result = run_documents(inhabited, PARCEL, open_, settings=QUICK)
    assert result.notes == ("teardown: it begins a transaction and does not end it: it was rolled back",)
    failed = workload(f'teardown: ["BEGIN; SELECT nosuch; COMMIT"]\n{LOOK}')
    result = run_documents(inhabited, PARCEL, failed, settings=QUICK)
    (note,) = result.notes
    assert note.startswith('teardown: column "nosuch" does not exist')
    assert onlooker.everything() == before


def test_on_existing_tables_a_transaction_is_not_left_open(
    tmp_path: Path, inhabited: str, onlooker: Onlooker
) -> None:
    """In it the ledger would be written, and be gone with it: what load sessions had inserted would be nobody's."""
    before = onlooker.everything()
    settings = LoadSettings(concurrency=2, iterations=20, data_size=50, filters=("order_create",))
    document = f"{order_document()}---\nworkload: {{setup: [BEGIN]}}\n"
    with pytest.raises(PlanError, match="setup: it begins a transaction and does not end it"):
        run_existing(tmp_path, inhabited, settings, document=document)
    assert onlooker.everything() == before


def test_on_existing_tables_rows_go_although_teardown_fails_in_a_transaction(
    tmp_path: Path, inhabited: str, onlooker: Onlooker
) -> None:
    """Rows of ours are deleted over the same session; they stayed, and waited for `perfengine cleanup`."""
    before = onlooker.everything()
    settings = LoadSettings(concurrency=2, iterations=20, data_size=50, filters=("order_create",))
    document = f'{order_document()}---\nworkload: {{teardown: ["BEGIN; SELECT nosuch; COMMIT"]}}\n'
    result = run_existing(tmp_path, inhabited, settings, document=document)
    assert any(note.startswith('teardown: column "nosuch"') for note in result.notes)
    assert onlooker.everything() == before


@asynccontextmanager
async def _session(dsn: str) -> AsyncIterator[FilledSandbox]:
    """Give a session of a run as a pooler gives one: what was to be its search path was set when it was there."""
    address, settings = address_of(dsn, "--dsn", {}), SessionSettings(run_id=RUN_ID)
    connection = await open_connection(address, settings, answer_timeout_s=settings.answer_timeout_s)
    try:
        path = quote_identifier(schema_of(RUN_ID))
        await connection.execute("SELECT set_config('search_path', $1, false)", path)
        yield FilledSandbox(
            sandbox=Sandbox(connection=connection, run_id=RUN_ID),
            connection=connection,
            address=address,
            source=RowSource(seed=1, tables={}, rows={}),
            anchor=datetime.now(UTC),
            rows=RowsOfOthers(connection=connection),
            rule_values={},
            guarded={},
            seeding_s={},
        )
    finally:
        await close_connection(connection)


async def _state_of(filled: FilledSandbox) -> list[object]:
    """Return the search path, the role and the memory of a session."""
    state = (
        "SELECT current_setting('search_path') AS path, current_user, current_setting('work_mem') AS memory"
    )
    return list(await filled.connection.fetchrow(state))


def test_the_session_is_taken_back(inhabited: str) -> None:
    """Whoever set the search path when it began, it is the sandbox's again; so are role and settings."""

    async def main() -> tuple[list[object], bool, list[object]]:
        async with _session(inhabited) as filled:
            before = await _state_of(filled)
            await filled.connection.execute(
                "SET search_path TO public; SET ROLE pg_monitor; SET work_mem = '1MB'"
            )
            await filled.connection.execute("BEGIN")
            return before, await take_back(filled), await _state_of(filled)

    before, was_open, after = run_async(main)
    assert was_open
    assert after == before
    assert before[0] == quote_identifier(schema_of(RUN_ID))


def test_a_tear_down_that_was_cut_off_is_told(inhabited: str) -> None:
    """Nothing was said: what it was to undo was still there, and the report had no word of it."""
    planned = plan_documents(PARCEL, workload(f"teardown: [BEGIN, SELECT pg_sleep(100)]\n{LOOK}"))

    async def main() -> tuple[list[str], bool]:
        async with _session(inhabited) as filled:
            return await tear_down(planned, filled, 0.2), filled.connection.is_in_transaction()

    assert run_async(main) == (["teardown: not over after 0.2 s, and cut off"], False)
