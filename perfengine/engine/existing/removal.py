"""The end of a run on existing tables: all rows of ours deleted, the ledger dropped, and said what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import anyio

from perfengine.database.connect import (
    Role,
    SessionSettings,
    close_connection,
    in_plain_words,
    open_connection,
)
from perfengine.database.emptying import empty_ledger, wait_for_sessions
from perfengine.database.ledger import Ledger
from perfengine.datagen.keys_sql import ledger_key_sql
from perfengine.engine.existing.counts import before_and_after, count_tables, outcome_lines
from perfengine.engine.existing.removal_words import left_lines
from perfengine.engine.existing.session import READ_ONLY
from perfengine.errors import TargetError
from perfengine.model.existing_outcome import ExistingOutcome
from perfengine.units import NS_PER_S

if TYPE_CHECKING:
    from perfengine.database.address import Address
    from perfengine.database.connect import Connection
    from perfengine.engine.existing.fill import Filling
    from perfengine.engine.progress import Progress
    from perfengine.model.ledger import Removal

#: Of the run's own session: a batch of rows is soon made and soon deleted, whatever triggers there are.
OWN_STATEMENT_TIMEOUT_NS: Final = 600 * NS_PER_S
#: Deleting may take its time, and may not hang for ever.
EMPTY_TIMEOUT_S: Final = 1800
_REMEDY: Final = "`perfengine cleanup` deletes what can go"


async def open_own(
    address: Address, run_id: str, role: Role = Role.SETUP, *, read_only: bool = False
) -> Connection:
    """Return a session of the run's own. Raises: TargetError."""
    settings = SessionSettings(
        run_id=run_id,
        role=role,
        statement_timeout_ns=OWN_STATEMENT_TIMEOUT_NS,
        own=READ_ONLY if read_only else {},
    )
    return await open_connection(address, settings, answer_timeout_s=settings.answer_timeout_s)


async def take_out(filling: Filling, address: Address, progress: Progress) -> None:
    """Delete all rows of ours and drop the ledger, over a new connection if its own is gone."""
    ledger = filling.ledger
    try:
        with anyio.fail_after(EMPTY_TIMEOUT_S):
            try:
                await _end(filling, ledger, address, progress)
            except TargetError:
                if not ledger.connection.is_closed():
                    raise
                await _end_over_another(filling, address, progress)
    except TimeoutError:
        progress.left_behind = _may_be_left(ledger, "the server does not answer")
    except TargetError as error:
        progress.left_behind = _may_be_left(ledger, str(error))


def _may_be_left(ledger: Ledger, why: str) -> str:
    return f'rows listed in schema "{ledger.schema}" may be left: {why}; {_REMEDY}'


async def _end_over_another(filling: Filling, address: Address, progress: Progress) -> None:
    connection = await open_own(address, filling.ledger.run_id, Role.CLEANUP)
    try:
        ledger = Ledger(connection=connection, run_id=filling.ledger.run_id)
        await _end(filling, ledger, address, progress)
    finally:
        await close_connection(connection)


async def _end(filling: Filling, ledger: Ledger, address: Address, progress: Progress) -> None:
    with in_plain_words(address):
        if not await ledger.is_there():
            return
        if not await wait_for_sessions(ledger.connection, ledger.run_id, await ledger.entries()):
            raise TargetError("sessions of the run are still at work")
        removal = filling.rows.removal.plus(await empty_ledger(ledger, ledger_key_sql))
        if removal.left:
            progress.left_behind = f"{'; '.join(left_lines(removal.left))}; {_REMEDY}"
        else:
            await ledger.drop()
        progress.existing = await _outcome(filling, ledger.connection, removal)
        progress.notes += outcome_lines(progress.existing)


async def _outcome(filling: Filling, connection: Connection, removal: Removal) -> ExistingOutcome:
    after = await count_tables(connection, list(filling.before))
    elsewhere = await count_tables(connection, list(filling.before_elsewhere))
    return ExistingOutcome(
        tables=before_and_after(filling.before, after),
        deleted=removal.removed,
        taken_along=removal.taken_along,
        left=removal.left,
        elsewhere=filling.rehearsed.elsewhere,
        elsewhere_tables=before_and_after(filling.before_elsewhere, elsewhere),
        rolled_back=filling.rolls_back,
    )
