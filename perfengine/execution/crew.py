"""All clients of a load process with their connections, and the rounds they work."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import anyio

from perfengine.errors import leaf
from perfengine.execution.client import Client
from perfengine.execution.link import Equipment, Link
from perfengine.execution.pool import Pool
from perfengine.execution.reconnect import BackOff, ReconnectGate
from perfengine.units import NS_PER_S

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence

    from perfengine.execution.round import Round
    from perfengine.execution.window import Window
    from perfengine.ports.clock import Clock
    from perfengine.ports.target import Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long the crew waits for a silent server."""

    #: the server's own timeout for each statement of an attempt, its pauses, and a little more: past it, no answer
    #: will come
    answer_ns: int
    #: attempts in flight, and what waits for a client, get this long to end when the window closes
    drain_ns: int
    #: how often the watchdog looks
    watch_period_s: float = 0.5


if TYPE_CHECKING:
    Work = Callable[[], Coroutine[Any, Any, None]]


class Crew:
    """Clients and connections, kept over all phases of a run."""

    def __init__(self, target: Target, clock: Clock, back_off: BackOff | None = None) -> None:
        self._target = target
        self._clock = clock
        self._patience = patience_for(0)
        self._gate = ReconnectGate(target, back_off)
        self._links: list[Link] = []
        self._clients: list[Client] = []
        self._equipment: Equipment | None = None
        self.pool: Pool | None = None  #: of the phase, where clients share their connections

    async def take_on(
        self, equipment: Equipment, *, clients: int, connections: int, patience: Patience
    ) -> None:
        """See to it that `connections` sessions are ready for the operations, and that `clients` use them.

        With as many connections as clients each holds its own. A connection that broke while nothing was measured is
        replaced.

        Raises: TargetError when the server stays away, and whatever preparing raises.
        """
        self._equipment, self._patience = equipment, patience
        connections = min(clients, connections)
        await self._open(connections - len(self._links))
        links = self._links[:connections]
        await _all([partial(self._equip, link, equipment) for link in links])
        if connections == clients:
            self.pool = None
            self._clients = [Client(self._clock, self._mend, link) for link in links]
        else:
            self.pool = Pool()
            for link in links:
                self.pool.give(link)
            self._clients = [Client(self._clock, self._mend) for _ in range(clients)]

    async def _open(self, missing: int) -> None:
        async def open_one() -> None:
            self._links.append(
                Link(await self._gate.open(), ())
            )  # at once: who got through is closed with the rest

        await _all([open_one] * missing)

    async def _equip(self, link: Link, equipment: Equipment) -> None:
        try:
            made = await equipment.equip(link.session)
        except Exception as error:
            if not self._target.classify(error, writes=False).lost:
                raise
            link.session.terminate()
            made = await self._gate.reopen(equipment.equip)
        link.session, link.lanes, link.bound = made.session, made.lanes, made.bound

    async def _mend(self, link: Link) -> Link:
        """Give a lost link a new session, as soon as the server does; the link stays the same object."""
        if self._equipment is None:
            raise RuntimeError("a crew takes on a phase before it works")
        made = await self._gate.reopen(self._equipment.equip)
        link.session, link.lanes, link.bound = made.session, made.lanes, made.bound
        return link

    async def warm_up(self, round_: Round, attempts_each: int) -> None:
        """Let every client make `attempts_each` attempts. Raises: TargetError when the server stays away."""
        holds = round_.pool is None
        shifts: list[Work] = [
            partial(client.loop if holds else client.take_turns, round_, attempts_each)
            for client in self._clients
        ]
        await self._run(shifts, round_.window)

    async def loop(self, round_: Round) -> None:
        """Let clients that hold their connections share the attempts, without a pause. Raises: as `warm_up`."""
        await self._run([partial(client.loop, round_) for client in self._clients], round_.window)

    async def follow(self, round_: Round) -> None:
        """Let the clients follow the schedule of an open load; what is left after the drain is dropped."""
        try:
            await self._run([partial(client.follow, round_) for client in self._clients], round_.window)
        finally:
            if round_.arrivals is not None:
                round_.arrivals.drop_rest(self._clock())
                if (item := round_.arrivals.leave()) is not None:
                    round_.script.give_back(item)

    async def live(self, round_: Round, first: int = 0, step: int = 1) -> None:
        """Let every client be a user of a closed load; users are numbered `first`, `first + step`, ..."""
        users = [partial(client.live, round_, first + n * step) for n, client in enumerate(self._clients)]
        await self._run(users, round_.window)

    async def _run(self, shifts: Sequence[Work], window: Window) -> None:
        try:
            async with anyio.create_task_group() as watching:
                watching.start_soon(self._watch, window, watching.cancel_scope)
                await _all(shifts)
                watching.cancel_scope.cancel()
        except BaseExceptionGroup as group:
            raise leaf(group) from group

    async def _watch(self, window: Window, phase: anyio.CancelScope) -> None:
        """Free clients from a silent server, and end the round when draining takes too long."""
        silent: dict[Client, int] = {}
        while True:
            await anyio.sleep(self._patience.watch_period_s)
            now_ns = self._clock()
            silent = self._silent(now_ns, silent)
            over_ns = now_ns - window.end_ns
            if window.stopped and over_ns > self._patience.drain_ns:
                phase.cancel()

    def _silent(self, now_ns: int, before: dict[Client, int]) -> dict[Client, int]:
        """Return the clients whose attempt is overdue, with its begin; who was so at the last look gives up.

        Only then: a process that was held up itself finds replies that it has not read yet.
        """
        found = {}
        for client in self._clients:
            since_ns = client.since_ns
            if since_ns and now_ns - since_ns > self._patience.answer_ns:
                found[client] = since_ns
                if before.get(client) == since_ns:
                    client.expire()
        return found

    async def leave(self) -> None:
        """Let the Python operations of the phase tear down what they set up: all of them, one at a time on a session.

        Raises: the first exception of a tear-down, when the others are done.
        """
        errors: list[Exception] = []
        await _all([partial(_tear_down, link, errors) for link in self._links])
        if errors:
            raise errors[0]

    async def dismiss(self) -> None:
        """Close all connections."""
        await _all([link.session.close for link in self._links])
        self._links.clear()
        self._clients.clear()


async def _tear_down(link: Link, errors: list[Exception]) -> None:
    bound, link.bound = link.bound, ()
    for one in bound:
        try:
            await one.tear_down()
        except Exception as error:  # noqa: BLE001 - it is said when all are done
            errors.append(error)


async def _all(work: Sequence[Work]) -> None:
    """Run everything at once to its end. Raises: the first exception, when one fails."""
    try:
        async with anyio.create_task_group() as tasks:
            for one in work:
                tasks.start_soon(one)
    except BaseExceptionGroup as group:
        raise leaf(group) from group


def patience_for(longest_ns: int) -> Patience:
    """Return the patience with attempts that the server's own timeouts end after `longest_ns` at the latest."""
    return Patience(answer_ns=longest_ns + 5 * NS_PER_S, drain_ns=5 * NS_PER_S)
