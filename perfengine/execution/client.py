"""A client: attempt after attempt, on a connection of its own or on one that it takes turns for.

The measured path is `loop`: a closed load whose clients hold their connections and do not think. What it costs
an attempt beyond the driver: two clock readings, a lookup of the lane, one attribute for the watchdog, the check of
the reply, two array appends and one comparison. `make bench` holds it against a bare loop over the same driver.
Every other load goes through `_one`, which notes all four instants.
"""

from __future__ import annotations

from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

import anyio

from perfengine.errors import InternalError
from perfengine.model.outcome import Failure, Outcome

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Iterator

    from perfengine.execution.arrivals import Arrival
    from perfengine.execution.link import Link
    from perfengine.execution.round import Round
    from perfengine.execution.script import Item
    from perfengine.ports.clock import Clock

NO_ANSWER = Failure(
    outcome=Outcome.TIMEOUT,
    sqlstate=None,
    error_class="no_answer",
    message="the server did not answer, not even with its statement timeout",
    lost=True,
)


class Client:
    """A virtual user.

    `link` is the connection it holds, or the one it has in hand for this attempt. `since_ns` is when its use of it
    began, 0 while there is none: the watchdog reads it.
    """

    __slots__ = ("_clock", "_expired", "_mend", "_scope", "link", "since_ns")

    def __init__(
        self, clock: Clock, mend: Callable[[Link], Awaitable[Link]], link: Link | None = None
    ) -> None:
        """`mend` gives a new link for one whose connection was lost. Without a `link` it takes turns for one."""
        self._clock = clock
        self._mend = mend
        self._scope = anyio.CancelScope()
        self._expired = False
        self.link = link
        self.since_ns = 0

    def expire(self) -> None:
        """Give up the attempt in flight: called by the watchdog when the server is silent for too long."""
        self._expired = True
        self._scope.cancel()

    async def loop(self, round_: Round, limit: int | None = None) -> None:
        """Make attempts without a pause, at most `limit`, until none is left or time is over.

        It is one coroutine, and calls what each lane has unpacked: every level between the task and the driver is
        passed at every reply, and what a slot holds is looked up anew at every call.
        """
        items = round_.items if limit is None else round_.some(limit)
        clock, window = self._clock, round_.window
        while clock() < window.end_ns:
            with self._turn():
                calls = [lane.calls for lane in self._held().lanes]
                for item in items:
                    number, arguments = item
                    call, is_ok, keep_started, keep_done = calls[number]
                    started_ns = clock()
                    self.since_ns = started_ns
                    try:
                        reply = await call(*arguments)
                    except Exception as error:  # noqa: BLE001 - whatever an attempt raises is data
                        ended_ns = clock()
                        ok, lost = self._take_error(round_, item, error, started_ns, ended_ns)
                        if lost:
                            break
                    except BaseException:
                        self._cut_off(round_, item, started_ns)
                        raise
                    else:
                        ended_ns = clock()
                        ok = is_ok(reply)
                        if not ok:
                            self._take_unexpected(round_, item, reply, started_ns, ended_ns)
                    if ok:
                        keep_started(started_ns)
                        keep_done(ended_ns)
                    if ended_ns >= window.end_ns:
                        return
                else:
                    return
            await self._mend_link(round_)

    async def take_turns(self, round_: Round, limit: int) -> None:
        """Make `limit` attempts without a pause, on whichever connection is free."""
        items = iter(round_.some(limit))

        async def attempts() -> bool:
            while self._clock() < round_.window.end_ns and (item := next(items, None)) is not None:
                if await self._one(round_, item, None, self._clock()):
                    return True
            return False

        await self._until_done(attempts, round_)

    def follow(self, round_: Round) -> Coroutine[Any, Any, None]:
        """Return the work of making each attempt when an open load wants it, or as soon after that as may be."""
        return self._until_done(partial(self._scheduled, round_), round_)

    def live(self, round_: Round, number: int) -> Coroutine[Any, Any, None]:
        """Return the work of user `number` of a closed load: come, work, think and go as the load says."""
        return self._until_done(partial(self._user, round_, number, round_.thoughts(number)), round_)

    async def _until_done(self, work: Callable[[], Awaitable[bool]], round_: Round) -> None:
        """Work until there is no more; a lost connection is mended in between. Raises: TargetError when it is not."""
        lost = True
        while lost:
            with self._turn():
                lost = await work()
            if lost:
                await self._mend_link(round_)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Let the watchdog end the block: then what follows the block finds the connection lost."""
        self._expired = False
        try:
            with anyio.CancelScope() as self._scope:
                yield
        finally:
            self.since_ns = 0

    async def _mend_link(self, round_: Round) -> None:
        if self.link is None:
            raise InternalError("a connection is lost by the client that has it in hand")
        self.link.session.terminate()
        link, self.link = await self._mend(self.link), None
        if round_.pool is None:
            self.link = link
        else:
            round_.pool.give(link)

    def _held(self) -> Link:
        if self.link is None:
            raise InternalError("a client that takes no turns holds its connection")
        return self.link

    async def _scheduled(self, round_: Round) -> bool:
        arrivals = round_.arrivals
        if arrivals is None:
            raise InternalError("an open load has arrivals")
        while (arrival := arrivals.take()) is not None:
            due_ns, item = arrival
            started_ns = self._clock()
            if due_ns > started_ns:
                if not await self._wait(round_, arrival):
                    arrivals.give_back()
                    round_.script.give_back(item)
                    return False
                started_ns = self._clock()
                round_.start_delay_ns.append(started_ns - due_ns)
            if await self._one(round_, item, due_ns, started_ns):
                return True
        return False

    async def _wait(self, round_: Round, arrival: Arrival) -> bool:
        """Wait for an arrival; return whether the window was open until then."""
        try:
            await round_.alarm.until(arrival[0])
        except BaseException:
            round_.leave(arrival, self._clock())
            raise
        return arrival[0] < round_.window.end_ns

    async def _user(self, round_: Round, number: int, think: Iterator[int] | None) -> bool:
        clock, window = self._clock, round_.window
        for begin_ns, end_ns in round_.presence(number):
            await round_.alarm.until(min(begin_ns, window.end_ns))
            while clock() < min(end_ns, window.end_ns):
                item = next(round_.items, None)
                if item is None:
                    return False
                if await self._one(round_, item, None, clock()):
                    return True
                if think is not None:
                    await round_.alarm.until(min(clock() + next(think), end_ns, window.end_ns))
        return False

    async def _one(self, round_: Round, item: Item, due_ns: int | None, started_ns: int) -> bool:
        """Make one attempt; return whether the connection was lost."""
        number, arguments = item
        since_ns = started_ns if due_ns is None else due_ns
        acquired_ns = started_ns
        try:
            if round_.pool is not None:
                self.link = await round_.pool.take()
                acquired_ns = self._clock()
            lane = self._held().lanes[number]
            self.since_ns = acquired_ns
            reply = await lane.call(*arguments)
        except Exception as error:  # noqa: BLE001 - whatever an attempt raises is data
            ended_ns = self._clock()
            ok, lost = self._take_error(round_, item, error, since_ns, ended_ns)
        except BaseException:
            self._cut_off(round_, item, since_ns)
            raise
        else:
            ended_ns, lost = self._clock(), False
            ok = lane.is_ok(reply)
            if not ok:
                self._take_unexpected(round_, item, reply, since_ns, ended_ns)
        self.since_ns = 0
        if ok:
            self._keep(round_, number, due_ns, started_ns, acquired_ns, ended_ns)
        if self._expired:  # the reply came, and the watchdog has given the connection up all the same
            return True
        if not lost:
            self._give_back(round_)
        return lost

    def _keep(
        self,
        round_: Round,
        number: int,
        due_ns: int | None,
        started_ns: int,
        acquired_ns: int,
        ended_ns: int,
    ) -> None:
        lane = self._held().lanes[number]
        if due_ns is not None:
            lane.keep_due(due_ns)
        lane.keep_started(started_ns)
        if round_.pool is not None:
            lane.keep_acquired(acquired_ns)
        lane.keep_done(ended_ns)

    def _give_back(self, round_: Round) -> None:
        if round_.pool is not None and self.link is not None:
            link, self.link = self.link, None
            round_.pool.give(link)

    def _take_error(
        self, round_: Round, item: Item, error: Exception, since_ns: int, ended_ns: int
    ) -> tuple[bool, bool]:
        """Take an attempt that raised; return whether it is ok all the same, and whether the connection was lost."""
        if isinstance(error, InternalError):
            raise error
        failure = self._held().lanes[item[0]].take_failure(error, since_ns, ended_ns)
        if failure is None:
            return True, False
        round_.script.fail(item, in_doubt=failure.lost)
        return False, failure.lost

    def _take_unexpected(
        self, round_: Round, item: Item, reply: object, since_ns: int, ended_ns: int
    ) -> None:
        self._held().lanes[item[0]].take_unexpected(reply, since_ns, ended_ns)
        round_.script.fail(item, in_doubt=False)

    def _cut_off(self, round_: Round, item: Item, since_ns: int) -> None:
        """Account for an attempt that was cancelled: by the watchdog, or because the phase is over."""
        number, _ = item
        round_.script.fail(item, in_doubt=self.link is not None)  # without one nothing was sent
        recorder = round_.recorders[number % len(round_.recorders)]
        if self._expired:
            recorder.fail(NO_ANSWER, since_ns, self._clock())
        else:
            recorder.unfinished(since_ns)
        if self.link is not None:
            self.link.session.terminate()
