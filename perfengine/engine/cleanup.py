"""What interrupted runs left, on the server named and on this machine."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
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

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """What was found and what became of it."""

    address: str | None
    sandboxes: CleanupReport = field(default_factory=CleanupReport)
    servers: tuple[str, ...] = ()  #: directories of embedded servers

    @property
    def left(self) -> bool:
        """Whether something could not be removed."""
        return bool(self.sandboxes.kept or any(removal.left for _, removal in self.sandboxes.rows))

    def lines(self, *, dry_run: bool) -> Iterator[str]:
        """Return a line for everything found, and one when nothing was."""
        for schema, removal in self.sandboxes.rows:
            yield from removal_lines(removal, schema, dry_run=dry_run)
        verb = "would drop" if dry_run else "dropped"
        yield from (f"{verb} schema {name}" for name in self.sandboxes.dropped)
        yield from (f"left schema {name}: its run is alive" for name in self.sandboxes.living)
        yield from (f"left schema {name}: {why}" for name, why in self.sandboxes.kept)
        yield from (f"removed an embedded server: {path}" for path in self.servers)
        found = self.sandboxes.dropped or self.sandboxes.living or self.sandboxes.kept or self.sandboxes.rows
        found = found or self.servers
        if not found:
            yield f"nothing to clean up on {self.address}" if self.address else "nothing to clean up"


async def clean_everything(dsn: str | None, dry_run: bool) -> Swept:
    """Return what was cleaned up on the server that is named, if one is, and on this machine.

    Raises: TargetError when the server cannot be reached.
    """
    servers = () if dry_run else await anyio.to_thread.run_sync(sweep_stale)
    removed = tuple(str(path) for path in servers)
    address = choose_address(dsn, os.environ)
    if address is None:
        return Swept(address=None, servers=removed)
    settings = SessionSettings(run_id=new_run_id(), role=Role.CLEANUP)
    connection = await open_connection(address, settings, answer_timeout_s=settings.answer_timeout_s)
    try:
        with in_plain_words(address):
            report = await clean_up(connection, ledger_key_sql, dry_run=dry_run)
    finally:
        await close_connection(connection)
    return Swept(address=address.shown, sandboxes=report, servers=removed)
