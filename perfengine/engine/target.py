"""From what was asked to a server that may be loaded: chosen, started, inspected, confirmed."""

from __future__ import annotations

import os
import shlex
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import anyio

from perfengine.database.address import Address, address_of, choose_address
from perfengine.database.company import read_company
from perfengine.database.connect import in_plain_words
from perfengine.database.production import signs_of_production
from perfengine.engine.protected import require_unprotected
from perfengine.errors import SafetyError
from perfengine.model.mistake import printable

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from perfengine.database.connect import Connection
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
    if request.embedded:
        return None
    if request.dsn is not None:
        return address_of(request.dsn, request.dsn_option, os.environ)
    return choose_address(None, os.environ)


def direct_target(request: TargetRequest, address: Address) -> Address:
    """Return the server behind a pooler, where one was named; else the address itself.

    Raises: UsageError for a text that is no address.
    """
    named = request.direct_dsn
    text = os.environ.get(_DIRECT) if named is None else named
    if not text or address.source == "embedded":
        return address
    return address_of(text, _DIRECT if named is None else request.direct_option, os.environ)


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


async def consented(
    connection: Connection, addresses: Sequence[Address], request: TargetRequest, facts: ServerFacts
) -> None:
    """Look at who else is on the server, and see to it that each address to it is meant: a pooler's, and its own.

    Raises: SafetyError, TargetError.
    """
    if all(address.source == "embedded" for address in addresses):
        return
    for address in addresses:
        require_unprotected(facts.database, address, os.environ)
    with in_plain_words(addresses[-1]):
        company = await read_company(connection)
    for address in dict.fromkeys(addresses):
        signs = signs_of_production(address, facts, company)
        await anyio.to_thread.run_sync(require_consent, facts, address, request, signs)


def require_consent(
    facts: ServerFacts, address: Address, request: TargetRequest, signs: Sequence[str] = ()
) -> None:
    """See to it that a server which others may depend on is meant.

    That is one that was found in the environment and is not on this machine, and any that has `signs` of production.

    Raises: SafetyError unless the database was named by --allow-target or typed on a terminal; also where
    --allow-target names another database than the one that is there.
    """
    if address.source == "embedded" or request.allow_target == facts.database:
        return
    if request.allow_target is not None:
        raise SafetyError(
            f'{address.shown}: the database there is named "{printable(facts.database)}", and --allow-target allows '
            f'"{printable(request.allow_target)}": name the database that is meant, or another server'
        )
    is_found = not (address.local or address.deliberate)
    if not is_found and not signs:
        return
    why = [*(["it is not on this machine, and nobody named it for perfengine"] if is_found else []), *signs]
    told = "".join(f"\n   - {reason}" for reason in why)
    if request.confirm is None:
        raise SafetyError(_refusal(facts, address, told))
    question = (
        f"{address.shown} (from {address.source}) may be a server that others depend on:{told}\n"
        "perfengine will work there under load.\n"
        "Type the name of the database to go on: "
    )
    if request.confirm(question) != facts.database:
        raise SafetyError(f'not loaded: what was typed is not "{printable(facts.database)}"')


def _refusal(facts: ServerFacts, address: Address, told: str) -> str:
    """Return why the server is not loaded, and each way out."""
    allowed = shlex.quote(printable(facts.database))
    return (
        f"{address.shown} comes from {address.source} and may be a server that others depend on: it is loaded only "
        f"if you say so.{told}\n"
        f"   --allow-target {allowed}   loads it\n"
        "   --embedded       loads a private PostgreSQL instead"
    )
