"""The sandbox around a run: made before it, dropped after it, also on the way out of an error or a signal."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import anyio

from perfengine.database.connect import (
    Role,
    SessionSettings,
    close_connection,
    in_plain_words,
    open_connection,
)
from perfengine.database.pooled_texts import bind_functions
from perfengine.database.preflight import read_facts, require_own_session, require_usable
from perfengine.database.sandbox import Sandbox, schema_of
from perfengine.engine.existing.staging import staged_existing
from perfengine.engine.fill import fill_sandbox
from perfengine.engine.own_statements import require_preparable
from perfengine.engine.own_steps import set_up, tear_down
from perfengine.engine.safely import safely
from perfengine.engine.target import consented, direct_target
from perfengine.errors import TargetError
from perfengine.units import NS_PER_S

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from perfengine.database.address import Address
    from perfengine.database.connect import Connection
    from perfengine.engine.filled import Filled
    from perfengine.engine.planning import PlannedRun
    from perfengine.engine.progress import Progress
    from perfengine.engine.request import TargetRequest

#: Of the run's own session: building a key on a hundred million rows takes its time.
OWN_STATEMENT_TIMEOUT_NS = 3600 * NS_PER_S
#: Cleaning up may not hang on a server that has gone silent.
DROP_TIMEOUT_S = 60


@asynccontextmanager
async def staged(
    planned: PlannedRun, address: Address, target: TargetRequest, progress: Progress
) -> AsyncIterator[Filled]:
    """Give a sandbox ready to be loaded; it is gone after the block, or `progress.left_behind` says why not.

    Where the plan is for existing tables, give these with rows of ours, which are gone after the block.

    Raises: TargetError, SafetyError, PlanError; UsageError for a set-up that fails, SpecError for statements of own
    operations that the server does not prepare.
    """
    if planned.plan.existing is not None:
        async with staged_existing(planned, address, target, progress) as existing:
            yield existing
        return
    loaded, address = address, direct_target(target, address)
    if planned.plan.session and not planned.plan.prepare:
        names = ", ".join(planned.plan.session)
        progress.notes.append(
            f"session: {names}: not set, because prepare: false is for sessions that are not ours"
        )
    connection = await _open_own(address, progress.run_id)
    try:
        with in_plain_words(address):
            progress.facts = await read_facts(connection)
        require_usable(progress.facts, address)
        with in_plain_words(address):
            await require_own_session(connection, schema_of(progress.run_id), address)
        await consented(connection, (loaded, address), target, progress.facts)
        sandbox = Sandbox(connection=connection, run_id=progress.run_id)
        try:
            async with safely(planned, address, progress):
                with in_plain_words(address):
                    filled = await fill_sandbox(sandbox, address, planned.plan, progress.started_at)
            progress.seeding_s = filled.seeding_s
            try:
                async with safely(planned, address, progress):
                    with in_plain_words(address):
                        await set_up(planned, filled)
                        if not planned.plan.prepare:
                            await bind_functions(connection, sandbox.schema)
                        await require_preparable(planned, filled)
                yield filled
            finally:
                with anyio.CancelScope(shield=True):
                    progress.notes += await tear_down(planned, filled, DROP_TIMEOUT_S)
        finally:
            with anyio.CancelScope(shield=True):
                progress.left_behind = await _drop(sandbox, address)
    finally:
        with anyio.CancelScope(shield=True):
            await close_connection(connection)


async def _open_own(address: Address, run_id: str, role: Role = Role.SETUP) -> Connection:
    settings = SessionSettings(
        run_id=run_id, role=role, schema=schema_of(run_id), statement_timeout_ns=OWN_STATEMENT_TIMEOUT_NS
    )
    return await open_connection(address, settings, answer_timeout_s=settings.answer_timeout_s)


async def _drop(sandbox: Sandbox, address: Address) -> str | None:
    """Drop the sandbox, over a new connection if its own is gone; return what could not be done."""
    try:
        with anyio.fail_after(DROP_TIMEOUT_S):
            try:
                with in_plain_words(address):
                    await sandbox.drop()
            except TargetError:
                if not sandbox.connection.is_closed():
                    raise
                await _drop_over_another(sandbox, address)
    except TimeoutError:
        return f'schema "{sandbox.schema}" was not dropped: the server does not answer; `perfengine cleanup` drops it'
    except TargetError as error:
        if address.source == "embedded":
            return None  # the server itself goes, with everything in it
        remedy = "" if "perfengine cleanup" in str(error) else "; `perfengine cleanup` drops it"
        return f'schema "{sandbox.schema}" may be left: {error}{remedy}'
    return None


async def _drop_over_another(sandbox: Sandbox, address: Address) -> None:
    connection = await _open_own(address, sandbox.run_id, Role.CLEANUP)
    try:
        with in_plain_words(address):
            await Sandbox(connection=connection, run_id=sandbox.run_id).drop()
    finally:
        await close_connection(connection)
