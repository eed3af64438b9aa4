"""What a run watches of the server and of the machine, a sample a second."""

from __future__ import annotations

import time
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import anyio

from perfengine.errors import leaf
from perfengine.serverview.changes import Changes
from perfengine.serverview.inquiry import Inquiry
from perfengine.serverview.local import LocalTable
from perfengine.serverview.reading import ASKED_OF_SERVER, READ_LOCALLY
from perfengine.units import NS_PER_S

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping
    from pathlib import Path

    from perfengine.ports.clock import Clock
    from perfengine.serverview.connection import Connect
    from perfengine.serverview.reading import Source

INTERVAL_S: Final = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerSample:
    """One look at the server and the machine."""

    at_s: float  #: since the run began
    values: Mapping[str, float | None]  #: by column; None where there is no figure
    reasons: Mapping[Source, str]  #: why a source gave nothing


class ServerWatch:
    """Takes samples. Nothing that happens to it disturbs the run: what cannot be had is a gap with a reason."""

    def __init__(self, inquiry: Inquiry, table: LocalTable, *, clock: Clock, began_ns: int) -> None:
        self._inquiry = inquiry
        self._table = table
        self._clock = clock
        self._began_ns = began_ns
        self._seen = 0
        self._server_changes = Changes(ASKED_OF_SERVER)
        self._local_changes = Changes(READ_LOCALLY)

    async def sample(self) -> ServerSample:
        """Return what is true now; rates are over the time since the sample before, so the first has none."""
        at_ns = self._clock()
        server = await self._inquiry.read(self._clock)
        self._recognise()
        local = await anyio.to_thread.run_sync(self._table.read, self._clock)
        return ServerSample(
            at_s=(at_ns - self._began_ns) / NS_PER_S,
            values={**self._server_changes.since_last(server), **self._local_changes.since_last(local)},
            reasons={**server.reasons, **local.reasons},
        )

    async def keep_sampling(
        self, keep: Callable[[ServerSample], None], interval_s: float = INTERVAL_S
    ) -> None:
        """Hand over a sample each interval until it is cancelled; one that came late does not shift the next."""
        due_s = anyio.current_time()
        while True:
            keep(await self.sample())
            now_s = anyio.current_time()
            due_s += interval_s * max(1, -(-(now_s - due_s) // interval_s))
            await anyio.sleep(due_s - now_s)

    @asynccontextmanager
    async def sampling(self, keep: Callable[[ServerSample], None]) -> AsyncIterator[None]:
        """Hand over a sample a second for the block, then give the extra connection up."""
        try:
            async with anyio.create_task_group() as beside:
                beside.start_soon(self.keep_sampling, keep)
                try:
                    yield
                finally:
                    beside.cancel_scope.cancel()
        except BaseExceptionGroup as group:
            raise leaf(group) from group
        finally:
            self.close()  # not before: until its task has ended a connection may be made that nobody would close

    def close(self) -> None:
        """Give the extra connection up. One that is being opened is not there yet."""
        self._inquiry.drop()

    def _recognise(self) -> None:
        """Find the server's processes anew after each opening of the connection: it may be another server now."""
        if self._inquiry.opened == self._seen or self._inquiry.backend is None:
            return
        self._seen, before = self._inquiry.opened, self._table.postmaster
        self._table.look_for(self._inquiry.backend)
        if self._table.postmaster != before:
            self._local_changes = Changes(READ_LOCALLY)


def watch_server(  # noqa: PLR0913 - the wiring of a watch
    connect: Connect,
    *,
    version_number: int,
    run_id: str,
    local: bool,
    socket: bool,
    pooled: bool = False,
    data_directory: Path | None = None,
    clock: Clock = time.monotonic_ns,
    began_ns: int | None = None,
) -> ServerWatch:
    """Return a watch on the server that `connect` leads to; it is opened by the first sample.

    `local`: the server is addressed on this machine; `socket`: through a Unix socket; `pooled`: through a pooler
    that hands sessions out transaction by transaction; `data_directory`: where the server says that its files lie.
    Samples count their seconds from `began_ns`, else from now.
    """
    return ServerWatch(
        Inquiry(connect, version_number=version_number, run_id=run_id, pooled=pooled),
        LocalTable(local=local, socket=socket, data_directory=data_directory),
        clock=clock,
        began_ns=clock() if began_ns is None else began_ns,
    )
