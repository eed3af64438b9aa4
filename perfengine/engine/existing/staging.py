"""Existing tables around a run: rows of ours are put in before it and taken out after it, whatever happened."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

import anyio

from perfengine.database.connect import close_connection, in_plain_words
from perfengine.database.ledger import Ledger
from perfengine.database.preflight import OLDEST_SERVER, read_facts, require_usable
from perfengine.datagen.layout import RowSource
from perfengine.engine.existing.counts import outcome_lines
from perfengine.engine.existing.fill import Filling
from perfengine.engine.existing.removal import open_own, take_out
from perfengine.engine.existing.rows_of_others import RowsOfOthers
from perfengine.engine.filled import Filled
from perfengine.engine.own_statements import require_preparable
from perfengine.engine.own_steps import set_up, tear_down
from perfengine.engine.safely import safely
from perfengine.engine.target import consented, direct_target
from perfengine.errors import TargetError
from perfengine.model.existing_outcome import ExistingOutcome

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from perfengine.database.address import Address
    from perfengine.database.connect import Connection
    from perfengine.database.preflight import ServerFacts
    from perfengine.engine.planning import PlannedRun
    from perfengine.engine.progress import Progress
    from perfengine.engine.request import TargetRequest

#: What a workload does at its end may not hang on a server that has gone silent.
TEARDOWN_TIMEOUT_S: Final = 60


@asynccontextmanager
async def staged_existing(
    planned: PlannedRun, address: Address, target: TargetRequest, progress: Progress
) -> AsyncIterator[Filled]:
    """Give existing tables with rows of ours; these are gone after the block, or `progress.left_behind` says why not.

    Of a run that only reads, give the tables as they are.

    Raises: TargetError, SafetyError, PlanError; SpecError for statements of own operations that the server does not
    prepare.
    """
    loaded, address = address, direct_target(target, address)
    existing = planned.plan.existing
    is_read_only = existing is not None and existing.read_only
    connection = await open_own(address, progress.run_id, read_only=is_read_only)
    try:
        with in_plain_words(address):
            progress.facts = await read_facts(connection)
        (require_readable if is_read_only else require_usable)(progress.facts, address)
        await consented(connection, (loaded, address), target, progress.facts)
        give = _as_they_are if is_read_only else _with_rows_of_ours
        async with give(planned, connection, address, progress) as filled:
            yield filled
    finally:
        with anyio.CancelScope(shield=True):
            await close_connection(connection)


@asynccontextmanager
async def _with_rows_of_ours(
    planned: PlannedRun, connection: Connection, address: Address, progress: Progress
) -> AsyncIterator[Filled]:
    filling = Filling(planned, Ledger(connection=connection, run_id=progress.run_id), address, progress)
    try:
        async with safely(planned, address, progress):
            with in_plain_words(address):
                await filling.ledger.create()
                filled = await filling.fill()
        try:
            async with safely(planned, address, progress):
                with in_plain_words(address):
                    await set_up(planned, filled)
                    await require_preparable(planned, filled)
            yield filled
        finally:
            with anyio.CancelScope(shield=True):
                progress.notes += await tear_down(planned, filled, TEARDOWN_TIMEOUT_S)
    finally:
        with anyio.CancelScope(shield=True):
            await take_out(filling, address, progress)


@asynccontextmanager
async def _as_they_are(
    planned: PlannedRun, connection: Connection, address: Address, progress: Progress
) -> AsyncIterator[Filled]:
    plan = planned.plan
    filled = Filled(
        connection=connection,
        address=address,
        source=RowSource(seed=plan.seed, tables={t.name: t for t in plan.tables}, rows=plan.data_rows),
        anchor=progress.started_at,
        rows=RowsOfOthers(connection=connection),
        rule_values={},
        guarded={},
        seeding_s={},
    )
    with in_plain_words(address):
        await require_preparable(planned, filled)
    progress.existing = ExistingOutcome(read_only=True)
    progress.notes += outcome_lines(progress.existing)
    yield filled


def require_readable(facts: ServerFacts, address: Address) -> None:
    """Refuse a server that cannot be read as we do it. A standby can. Raises: TargetError."""
    if facts.version_number < OLDEST_SERVER:
        raise TargetError(
            f"{address.shown}: PostgreSQL {facts.version} is too old, perfengine needs 13 or newer"
        )
