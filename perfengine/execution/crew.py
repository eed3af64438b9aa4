"""All clients of a load process, and the phases they run together."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

import anyio

from perfengine.errors import leaf
from perfengine.execution.client import Client
from perfengine.execution.reconnect import BackOff, ReconnectGate
from perfengine.units import NS_PER_S

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from perfengine.execution.script import Script
    from perfengine.execution.window import Window
    from perfengine.model.operation import Operation
    from perfengine.ports.clock import Clock
    from perfengine.ports.recorder import Recorder
    from perfengine.ports.target import Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long the crew waits for a silent server."""

    #: the server's own statement timeout and a little more: past it, no answer will come
    answer_ns: int
    #: attempts in flight when the window closes get this long to end
    drain_ns: int
    #: how often the watchdog looks
    watch_period_s: float = 0.5


class Crew:
    """Clients with their connections, kept over all operations of a run."""

    def __init__(
        self, target: Target, clock: Clock, patience: Patience, back_off: BackOff | None = None
    ) -> None:
        self._target = target
        self._clock = clock
        self._patience = patience
        self._gate = ReconnectGate(target, back_off)
        self._clients: list[Client] = []

    async def take_on(self, operation: Operation, clients: int) -> None:
        """See to it that `clients` clients are connected and have the statement prepared.

        Raises: TargetError, and whatever preparing raises.
        """
        missing = [Client(self._target, self._gate, self._clock) for _ in range(clients - len(self._clients))]
        self._clients += missing  # before they connect: who got through is closed with the rest
        try:
            async with anyio.create_task_group() as opening:
                for client in missing:
                    opening.start_soon(client.connect)
            async with anyio.create_task_group() as preparing:
                for client in self._clients[:clients]:
                    preparing.start_soon(client.take_on, operation)
        except BaseExceptionGroup as group:
            raise leaf(group) from group

    async def warm_up(
        self, clients: int, attempts_each: int, script: Script, recorder: Recorder, window: Window
    ) -> None:
        """Let every client make `attempts_each` attempts. Raises: TargetError when the server stays away."""
        shared = iter(script)
        await self._run(
            [(c, islice(shared, attempts_each)) for c in self._clients[:clients]], script, recorder, window
        )

    async def measure(self, clients: int, script: Script, recorder: Recorder, window: Window) -> None:
        """Let the clients share the script until it is done or the window closes.

        Raises: TargetError when the server stays away.
        """
        shared = iter(script)
        await self._run([(client, shared) for client in self._clients[:clients]], script, recorder, window)

    async def _run(
        self,
        shifts: Sequence[tuple[Client, Iterable[tuple[Any, ...]]]],
        script: Script,
        recorder: Recorder,
        window: Window,
    ) -> None:
        try:
            async with anyio.create_task_group() as watching:
                clients = [client for client, _ in shifts]
                watching.start_soon(self._watch, clients, window, watching.cancel_scope)
                async with anyio.create_task_group() as working:
                    for client, attempts in shifts:
                        working.start_soon(client.work, attempts, script, recorder, window)
                watching.cancel_scope.cancel()
        except BaseExceptionGroup as group:
            raise leaf(group) from group

    async def _watch(self, clients: list[Client], window: Window, phase: anyio.CancelScope) -> None:
        """Free clients from a silent server, and end the phase when draining takes too long."""
        while True:
            await anyio.sleep(self._patience.watch_period_s)
            now_ns = self._clock()
            for client in clients:
                if client.since_ns and now_ns - client.since_ns > self._patience.answer_ns:
                    client.expire()
            if window.stopped and now_ns - window.end_ns > self._patience.drain_ns:
                phase.cancel()

    async def dismiss(self) -> None:
        """Close all connections."""
        async with anyio.create_task_group() as closing:
            for client in self._clients:
                closing.start_soon(client.close)
        self._clients.clear()


def patience_for(statement_timeout_ns: int) -> Patience:
    """Return the patience that goes with a statement timeout."""
    return Patience(answer_ns=statement_timeout_ns + 5 * NS_PER_S, drain_ns=5 * NS_PER_S)
