"""From what was asked to a server that may be loaded: chosen, started, inspected, confirmed."""

from __future__ import annotations

import os
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import anyio

from perfengine.database.address import Address, address_of, choose_address
from perfengine.errors import SafetyError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from perfengine.database.preflight import ServerFacts
    from perfengine.engine.progress import Progress
    from perfengine.engine.request import TargetRequest

#: Connections of an embedded server beyond those of the clients: perfengine's own, and a few to look with.
EMBEDDED_SPARE_CONNECTIONS = 20
_DIRECT = "PERFENGINE_DIRECT_URL"
_STOCK_MAX_CONNECTIONS = 100


def named_target(request: TargetRequest) -> Address | None:
    """Return the server that the request or the environment names, None for an embedded one.

    Raises: UsageError for a text that is no address.
    """
    return None if request.embedded else choose_address(request.dsn, os.environ)


def direct_target(request: TargetRequest, address: Address) -> Address:
    """Return the server behind a pooler, where one was named; else the address itself.

    Raises: UsageError for a text that is no address.
    """
    text = request.direct_dsn or os.environ.get(_DIRECT)
    if text is None or address.source == "embedded":
        return address
    source = "--direct-dsn" if request.direct_dsn else _DIRECT
    return address_of(text, source, os.environ)


def target_line(address: Address | None) -> str:
    """Return which server was taken and why, without a password: the first line that a run says."""
    if address is None:
        return "target: an embedded PostgreSQL, for this run only"
    return f"target: {address.shown} (from {address.source})"


@asynccontextmanager
async def reachable(address: Address | None, connections: int, progress: Progress) -> AsyncIterator[Address]:
    """Give the address of the server to load, for the block; an embedded one runs just as long.

    Raises: TargetError when the embedded server does not start.
    """
    if address is not None:
        yield address
        return
    # imported here: on Windows the room refuses to be imported, and --dsn works there all the same
    from perfengine.embedded.server import start_ephemeral  # noqa: PLC0415

    needed = max(_STOCK_MAX_CONNECTIONS, connections + EMBEDDED_SPARE_CONNECTIONS)
    running = await anyio.to_thread.run_sync(start_ephemeral, needed)
    try:
        if running.server.file_system == "tmpfs":
            progress.notes.append(
                "the embedded server's data lie in memory (tmpfs): an fsync costs nothing there"
            )
        yield Address(
            dsn=running.server.dsn, source="embedded", shown="embedded PostgreSQL", local=True, socket=True
        )
    finally:
        with anyio.CancelScope(shield=True):
            await anyio.to_thread.run_sync(running.stop)


def require_consent(facts: ServerFacts, address: Address, request: TargetRequest) -> None:
    """See to it that a server found in the environment, and not on this machine, is meant.

    Raises: SafetyError unless the database was named by --allow-target or typed on a terminal.
    """
    if address.local or address.deliberate or request.allow_target == facts.database:
        return
    if request.allow_target is None and request.confirm is not None:
        question = (
            f"{address.shown} (from {address.source}) is not on this machine. perfengine will create a schema of "
            f"its own there, load it and drop it.\nType the name of the database to go on: "
        )
        if request.confirm(question) == facts.database:
            return
        raise SafetyError(f'not loaded: what was typed is not "{facts.database}"')
    raise SafetyError(
        f"{address.shown} comes from {address.source} and is not on this machine: it is loaded only if you say so.\n"
        f"   --allow-target {facts.database}   loads it\n"
        "   --embedded       loads a private PostgreSQL instead"
    )
