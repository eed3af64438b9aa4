"""A load process that is exchanged for a new one between pairs.

Where a process and its connections happen to lie in memory, and how its hashes fall, makes all that it does some per
cent faster or slower as long as it lives: two processes that do the same differ, pair after pair, and no number of
pairs shows that it was luck. New ones for every pair make it one more thing that differs from pair to pair, which
intervals know of.

Sources: T. Mytkowicz, A. Diwan, M. Hauswirth, P. F. Sweeney, "Producing wrong data without doing anything obviously
wrong!", ASPLOS 2009; repeating at the level where chance enters: T. Kalibera and R. Jones, "Rigorous benchmarking in
reasonable time", ISMM 2013.
"""

from __future__ import annotations

from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING, TypeVar

from perfengine.engine.load_process import load_process
from perfengine.errors import InternalError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from perfengine.engine.load_process import LoadProcess
    from perfengine.engine.messages import Introduction
    from perfengine.model.measurement import Interval

Answer = TypeVar("Answer")


class RenewableLoad:
    """A load, carried by whichever process is there now."""

    def __init__(self, stack: AsyncExitStack, process: LoadProcess) -> None:
        self._stack = stack  #: ends the process
        self._process = process
        self._introduction: Introduction | None = None
        self._stopped = False

    async def introduce(self, introduction: Introduction) -> None:
        """Tell what holds for the whole run, this process and those that come after it."""
        self._introduction = introduction
        await self._process.introduce(introduction)

    async def renew(self) -> None:
        """End the process, which closes its connections, and start one that is told the same."""
        if self._introduction is None:
            raise InternalError("a load is introduced before it is renewed")
        await self._stack.aclose()
        self._process = await self._stack.enter_async_context(load_process())
        await self._process.introduce(self._introduction)
        if self._stopped:
            await self._process.stop()

    async def ask(
        self, question: object, answer_type: type[Answer], watch: Callable[[Interval], None]
    ) -> Answer:
        """Return the answer to a message; intervals on the way go to `watch`. Raises: TargetError, InternalError."""
        return await self._process.ask(question, answer_type, watch)

    async def stop(self) -> None:
        """Ask for no more work, of this process and those that come after it."""
        self._stopped = True
        await self._process.stop()

    async def end(self) -> None:
        """Let it close its connections and go."""
        await self._process.end()


@asynccontextmanager
async def renewable_load() -> AsyncIterator[RenewableLoad]:
    """Start a load process for the block; whichever is there after it is ended, whatever happens."""
    async with AsyncExitStack() as stack:
        yield RenewableLoad(stack, await stack.enter_async_context(load_process()))
