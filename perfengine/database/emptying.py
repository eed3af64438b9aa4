"""A ledger emptied: all rows that it speaks of are taken out, those that refer to others first."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

import anyio

from perfengine.database.connect import application_of
from perfengine.database.loosening import loosen
from perfengine.database.removal import table_removal
from perfengine.model.ledger import Removal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import asyncpg

    from perfengine.database.ledger import Ledger
    from perfengine.database.removal import TableRemoval
    from perfengine.model.ledger import LedgerEntry

    KeySql = Callable[[LedgerEntry], str]

#: How long statements of a load process that is gone may take to end: past their own timeout.
SESSIONS_WAIT_S: Final = 40.0
_POLL_S: Final = 0.1

#: Every role sees locks; a pooler's session may bear our name and be at work for somebody else.
_AT_WORK: Final = """
SELECT EXISTS (
  SELECT FROM pg_stat_activity a JOIN pg_locks l ON l.pid = a.pid
  WHERE (a.application_name = $1 OR starts_with(a.application_name, $1 || '/'))
    AND a.datname = current_database() AND a.pid <> pg_backend_pid()
    AND l.locktype = 'relation' AND l.relation = ANY($2::oid[]))
"""


async def wait_for_sessions(
    connection: asyncpg.Connection,
    run_id: str,
    entries: Iterable[LedgerEntry],
    *,
    wait_s: float = SESSIONS_WAIT_S,
) -> bool:
    """Wait until no session of the run is at work on its tables; return whether none is.

    A load process that was killed leaves its last statements to the server, which may still write rows. They are not
    ended by us: through a pooler the session might be somebody else's by now.
    """
    tables = list({entry.relation_oid for entry in entries})
    end_s = time.monotonic() + wait_s
    while await connection.fetchval(_AT_WORK, application_of(run_id), tables):
        if time.monotonic() > end_s:
            return False
        await anyio.sleep(_POLL_S)
    return True


async def empty_ledger(ledger: Ledger, key_sql: KeySql) -> Removal:
    """Take out all rows that a ledger speaks of, and strike the entries of which none is left.

    Rows that are kept by rows of ours are tried again when those are gone. Where they keep each other, in a circle
    that operations have closed, what refers from ours to ours is set to null.

    Raises: TargetError when a table is not what it was; what the driver raises of a server that is lost.
    """
    done, wait, loosened = Removal(), False, False
    while True:
        entries = await ledger.entries()
        taken = await take_out(ledger, entries, key_sql, wait=wait)
        done = Removal(
            removed=done.removed + taken.removed,
            taken_along=done.taken_along + taken.taken_along,
            left=taken.left,
        )
        if not taken.left:
            return done
        if wait and not taken.removed:
            if loosened or not await loosen_entries(ledger, entries, key_sql):
                return done
            loosened = True
        wait = True


async def loosen_entries(ledger: Ledger, held: Sequence[LedgerEntry], key_sql: KeySql) -> int:
    """Set to null what refers to rows of some entries from rows of any; return how many references there were."""
    parents = await _tables(ledger, held, key_sql)
    return await loosen(ledger.connection, parents, await _tables(ledger, await ledger.entries(), key_sql))


async def _tables(ledger: Ledger, entries: Sequence[LedgerEntry], key_sql: KeySql) -> list[TableRemoval]:
    found = [await table_removal(ledger.connection, entry, key_sql(entry)) for entry in entries]
    return [table for table in found if table is not None]


async def take_out(ledger: Ledger, entries: Sequence[LedgerEntry], key_sql: KeySql, *, wait: bool) -> Removal:
    """Take out the rows of some entries, in this order, and strike those of which none is left."""
    done = Removal()
    for entry in entries:
        table = await table_removal(ledger.connection, entry, key_sql(entry))
        taken = await table.remove(wait=wait) if table else Removal()
        if not taken.left:
            await ledger.strike(entry.number)
        done = done.plus(taken)
    return done


async def count_rows_of(ledger: Ledger, key_sql: KeySql) -> int:
    """Return how many rows are there that a ledger speaks of."""
    total = 0
    for entry in await ledger.entries():
        table = await table_removal(ledger.connection, entry, key_sql(entry))
        total += await table.count() if table else 0
    return total
