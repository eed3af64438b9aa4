"""Removing what interrupted runs left, and only that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from perfengine.database.emptying import count_rows_of, empty_ledger, wait_for_sessions
from perfengine.database.ledger import Ledger, found_ledgers
from perfengine.database.sandbox import drop_schema, marked_runs, schema_of, try_lock, unlock
from perfengine.errors import TargetError
from perfengine.model.ledger import Removal

if TYPE_CHECKING:
    import asyncpg

    from perfengine.database.emptying import KeySql
    from perfengine.database.ledger import FoundLedger


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanupReport:
    """What became of each sandbox and each ledger found; schema names, and for the kept ones why."""

    dropped: tuple[str, ...] = ()
    living: tuple[str, ...] = ()
    kept: tuple[tuple[str, str], ...] = ()
    rows: tuple[tuple[str, Removal], ...] = ()  #: of existing tables, by the schema of their ledger


async def clean_up(
    connection: asyncpg.Connection, key_sql: KeySql, *, dry_run: bool = False
) -> CleanupReport:
    """Drop every sandbox of this database whose run is dead, and delete the rows of every dead ledger, then drop it.

    A run is alive while its session holds its lock. `key_sql` is the key of row `i` of an entry as SQL, not yet cast.
    """
    dropped, living, kept, rows = [], [], [], []
    ledgers = {found.run_id: found for found in await found_ledgers(connection)}
    for run_id in [*await marked_runs(connection), *ledgers]:
        schema = schema_of(run_id)
        if not await try_lock(connection, run_id):
            living.append(schema)
            continue
        try:
            if not await _is_there(connection, run_id):  # it has ended since it was listed
                continue
            if run_id in ledgers:
                removal = await _clean_ledger(connection, ledgers[run_id], key_sql, dry_run=dry_run)
                rows.append((schema, removal))
                if removal.left:
                    continue
            elif not dry_run:
                await drop_schema(connection, run_id)
            dropped.append(schema)
        except TargetError as error:
            kept.append((schema, str(error)))
        finally:
            await unlock(connection, run_id)
    return CleanupReport(dropped=tuple(dropped), living=tuple(living), kept=tuple(kept), rows=tuple(rows))


async def _is_there(connection: asyncpg.Connection, run_id: str) -> bool:
    ledger = Ledger(connection=connection, run_id=run_id)
    return run_id in await marked_runs(connection) or await ledger.is_there()


async def _clean_ledger(
    connection: asyncpg.Connection, found: FoundLedger, key_sql: KeySql, *, dry_run: bool
) -> Removal:
    """Return what became of the rows of a dead run; its ledger is dropped when none is left.

    Raises: TargetError for a ledger that cannot be followed now.
    """
    ledger = Ledger(connection=connection, run_id=found.run_id)
    if not found.is_own:
        raise TargetError(
            f'it belongs to role "{found.owner}", and is followed in that role\'s name only: connect as it'
        )
    if dry_run:
        return Removal(removed=await count_rows_of(ledger, key_sql) if found.has_table else 0)
    if not found.has_table:
        await ledger.drop_schema()
        return Removal()
    if not await wait_for_sessions(connection, found.run_id, await ledger.entries()):
        raise TargetError("sessions of its run are still at work; run `perfengine cleanup` again in a moment")
    removal = await empty_ledger(ledger, key_sql)
    if not removal.left:
        await ledger.drop_schema()
    return removal
