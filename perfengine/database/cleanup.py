"""Removing what interrupted runs left, and only that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from perfengine.database.sandbox import drop_schema, marked_runs, schema_of, try_lock, unlock
from perfengine.errors import TargetError

if TYPE_CHECKING:
    import asyncpg


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanupReport:
    """What became of each sandbox found; schema names, and for the kept ones why."""

    dropped: tuple[str, ...] = ()
    living: tuple[str, ...] = ()
    kept: tuple[tuple[str, str], ...] = ()


async def clean_up(connection: asyncpg.Connection, *, dry_run: bool = False) -> CleanupReport:
    """Drop every sandbox of this database whose run is dead; a run is alive while its session holds its lock."""
    dropped, living, kept = [], [], []
    for run_id in await marked_runs(connection):
        schema = schema_of(run_id)
        if not await try_lock(connection, run_id):
            living.append(schema)
            continue
        try:
            if not dry_run:
                await drop_schema(connection, run_id)
            dropped.append(schema)
        except TargetError as error:
            kept.append((schema, str(error)))
        finally:
            await unlock(connection, run_id)
    return CleanupReport(dropped=tuple(dropped), living=tuple(living), kept=tuple(kept))
