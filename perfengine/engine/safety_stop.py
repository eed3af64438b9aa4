"""Giving way to others: a run that harms them beyond the limits of `safety:` hands out no more work and ends."""

from __future__ import annotations

from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Final

import anyio

from perfengine.database.connect import (
    Role,
    SessionSettings,
    close_connection,
    in_plain_words,
    open_connection,
)
from perfengine.database.giving_way import give_way
from perfengine.errors import TargetError, leaf
from perfengine.judging.safety import harm_to_others
from perfengine.model.safety import NO_LIMITS
from perfengine.serverview.reading import Source
from perfengine.units import NS_PER_S

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping

    from perfengine.database.address import Address
    from perfengine.database.giving_way import OwnSessions
    from perfengine.engine.load_group import LoadGroup
    from perfengine.model.safety import SafetyLimits
    from perfengine.serverview.watch import ServerSample

#: What is in flight when the work stops gets so long to end; then others have waited long enough.
GRACE_S: Final = 1.0
#: For a session of its own that ends what blocks others.
GIVE_WAY_S: Final = 5
#: Who waited behind one of our sessions waits behind the next by then, if there is one.
AGAIN_S: Final = 0.2


class SafetyStop:
    """Looks at every sample of the server; what it found stays."""

    def __init__(self, limits: SafetyLimits, address: Address) -> None:
        """A server of our own has no others on it, and no limit holds there."""
        self._limits = NO_LIMITS if address.source == "embedded" else limits
        self._before: Mapping[str, float | None] | None = None
        self._unseen: dict[str, str] = {}
        self.blocked = 0.0  #: sessions of others that wait for us, by the last sample that could tell
        self.why: str | None = None  #: the limit that was violated first
        self.tripped = anyio.Event()  #: set with it

    @property
    def asks_nothing(self) -> bool:
        """Whether there is nothing to look at."""
        return self._limits.asks_nothing

    def look(self, sample: ServerSample) -> None:
        """Take a sample: the first in which the server answered is what growth is counted from."""
        if self.asks_nothing:
            return
        if self._before is None and sample.values.get("standbys") is not None:
            self._before = sample.values
        blocked = sample.values.get("blocked_others")
        self.blocked = self.blocked if blocked is None else blocked
        self._note_unseen(sample)
        if self.why is None and (found := harm_to_others(self._limits, sample.values, self._before or {})):
            self.why = found
            self.tripped.set()

    def _note_unseen(self, sample: ServerSample) -> None:
        values, limits = sample.values, self._limits
        if limits.free_disk_share or limits.free_disk_bytes:
            self._unseen_or_seen("free_disk", sample.reasons.get(Source.SPACE))
        if limits.replication_lag_ns or limits.replication_lag_bytes:
            is_hidden = values.get("standbys") and values.get("replication_lag_bytes") is None
            reason = "the role may not see how far standbys are behind (GRANT pg_monitor TO ...)"
            self._unseen_or_seen("replication_lag", reason if is_hidden else None)
        if limits.blocked_others_ns is not None:
            self._unseen_or_seen("blocked_others", sample.reasons.get(Source.SESSIONS))

    def _unseen_or_seen(self, limit: str, reason: str | None) -> None:
        if reason is None:
            self._unseen.pop(limit, None)
        else:
            self._unseen[limit] = reason

    def notes(self) -> list[str]:
        """Return a line for each limit that could not be looked at, by the last sample."""
        return [f"safety: {limit} was not looked at: {reason}" for limit, reason in self._unseen.items()]

    @asynccontextmanager
    async def guarding(
        self, load: LoadGroup, stop: Callable[[str], None], address: Address, own: OwnSessions
    ) -> AsyncIterator[None]:
        """In the block, when a limit is violated: tell `stop` why, take the load away, let others go on."""
        try:
            async with anyio.create_task_group() as beside:
                beside.start_soon(self._give_way_when_told, load, stop, address, own)
                try:
                    yield
                finally:
                    beside.cancel_scope.cancel()
        except BaseExceptionGroup as group:
            raise leaf(group) from group

    async def _give_way_when_told(
        self, load: LoadGroup, stop: Callable[[str], None], address: Address, own: OwnSessions
    ) -> None:
        await self.tripped.wait()
        stop(self.why or "")
        await load.stop()
        try:
            while True:
                await anyio.sleep(GRACE_S)
                if self.blocked:
                    await _let_go(address, own)
        finally:  # who was cut off has left a statement to the server, which may block others for as long as it lasts
            await _let_go(address, own)


async def _let_go(address: Address, own: OwnSessions) -> None:
    """End what still blocks others; a server that does not answer has other troubles, and the next second comes.

    A run that ends meanwhile waits for it.
    """
    settings = SessionSettings(
        run_id=own.run_id, role=Role.CLEANUP, statement_timeout_ns=GIVE_WAY_S * NS_PER_S
    )
    with anyio.move_on_after(GIVE_WAY_S, shield=True), suppress(TargetError):
        connection = await open_connection(address, settings, answer_timeout_s=settings.answer_timeout_s)
        try:
            with in_plain_words(address):
                while await give_way(connection, own):  # noqa: ASYNC110 - it happens in the server
                    await anyio.sleep(AGAIN_S)
        finally:
            await close_connection(connection)
