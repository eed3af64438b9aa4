"""What interrupted runs left, on the server named and on this machine."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import anyio

from perfengine.database.address import choose_address
from perfengine.database.cleanup import CleanupReport, clean_up
from perfengine.database.connect import (
    Role,
    SessionSettings,
    close_connection,
    in_plain_words,
    open_connection,
)
from perfengine.database.sandbox import new_run_id
from perfengine.datagen.keys_sql import ledger_key_sql
from perfengine.embedded.sweep import sweep_stale
from perfengine.engine.existing.removal_words import removal_lines
from perfengine.engine.raw_directory import RawLeftovers, sweep_raw_directories

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """What was found and what became of it."""

    address: str | None
    sandboxes: CleanupReport = field(default_factory=CleanupReport)
    servers: tuple[str, ...] = ()  #: directories of embedded servers
    raw: RawLeftovers = field(default_factory=RawLeftovers)  #: directories of raw attempts

    @property
    def left(self) -> bool:
        """Whether something could not be removed."""
        rows = any(removal.left for _, removal in self.sandboxes.rows)
        return bool(self.sandboxes.kept or rows or self.raw.kept)

    def lines(self, *, dry_run: bool) -> Iterator[str]:
        """Return a line for everything found, and one when nothing was."""
        for schema, removal in self.sandboxes.rows:
            yield from removal_lines(removal, schema, dry_run=dry_run)
        verb = "would drop" if dry_run else "dropped"
        yield from (f"{verb} schema {name}" for name in self.sandboxes.dropped)
        yield from (f"left schema {name}: its run is alive" for name in self.sandboxes.living)
        yield from (f"left schema {name}: {why}" for name, why in self.sandboxes.kept)
        yield from (f"removed an embedded server: {path}" for path in self.servers)
        removed = "would remove" if dry_run else "removed"
        yield from (f"{removed} raw attempts of a run that was killed: {path}" for path in self.raw.found)
        yield from (f"left raw attempts {path}: {why}" for path, why in self.raw.kept)
        if self == Swept(address=self.address):
            yield f"nothing to clean up on {self.address}" if self.address else "nothing to clean up"


async def clean_everything(dsn: str | None, dry_run: bool, place: Path | None = None) -> Swept:
    """Return what was cleaned up on the server that is named, if one is, on this machine, and in a directory.

    `place` is where raw attempts may have been left, None: the working directory. Raises: TargetError when the server
    cannot be reached.
    """
    servers = () if dry_run else await anyio.to_thread.run_sync(sweep_stale)
    raw = await anyio.to_thread.run_sync(partial(sweep_raw_directories, place or Path.cwd(), dry_run=dry_run))
    removed = tuple(str(path) for path in servers)
    address = choose_address(dsn, os.environ)
    if address is None:
        return Swept(address=None, servers=removed, raw=raw)
    settings = SessionSettings(run_id=new_run_id(), role=Role.CLEANUP)
    connection = await open_connection(address, settings, answer_timeout_s=settings.answer_timeout_s)
    try:
        with in_plain_words(address):
            report = await clean_up(connection, ledger_key_sql, dry_run=dry_run)
    finally:
        await close_connection(connection)
    return Swept(address=address.shown, sandboxes=report, servers=removed, raw=raw)
