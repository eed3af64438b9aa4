"""A load process: `python -m perfengine.engine.worker`, fed by its parent over pipes.

It wires the rooms that touch a measurement and nothing else; it prints nothing and ends when its input ends, so
that no load outlives the run that asked for it.
"""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import sys
from typing import TYPE_CHECKING, Any

import anyio

from perfengine.engine.event_loop import run_async
from perfengine.engine.frames import read_frame, to_frame
from perfengine.engine.messages import (
    Blame,
    DealRound,
    Introduction,
    MeasureRound,
    Question,
    Stop,
    TakeOn,
    Trouble,
)
from perfengine.engine.observation import settle_memory
from perfengine.engine.shift import Shift
from perfengine.errors import TargetError, UsageError, leaf

if TYPE_CHECKING:
    from collections.abc import Callable


async def serve(read_fd: int, write_fd: int) -> None:
    """Answer messages until the input ends."""
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(read_fd, "rb"))
    transport, _ = await loop.connect_write_pipe(asyncio.BaseProtocol, os.fdopen(write_fd, "wb"))
    tell: Callable[[object], None] = lambda message: transport.write(to_frame(message))  # noqa: E731 - one line
    introduction = await read_frame(reader.readexactly)
    if not isinstance(introduction, Introduction):
        raise TypeError("the first message introduces the run")
    shift = Shift(introduction, tell)
    send, receive = anyio.create_memory_object_stream[Any](16)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(_work, shift, receive, tell)
        try:
            while True:
                message = await read_frame(reader.readexactly)
                if isinstance(message, Stop):
                    shift.stop()
                else:
                    await send.send(message)
        except asyncio.IncompleteReadError:  # the parent is done, or dead: either way so are we
            tasks.cancel_scope.cancel()
    with anyio.move_on_after(5, shield=True):
        await shift.end()


async def _work(shift: Shift, messages: Any, tell: Callable[[object], None]) -> None:  # noqa: ANN401 - a stream
    async for message in messages:
        tell(await answer(shift, message))


async def answer(shift: Shift, message: Question) -> object:
    """Return the answer of a load process to a message; a `Trouble` in place of any exception."""
    try:
        if isinstance(message, TakeOn):
            return await shift.take_on(message)
        if isinstance(message, DealRound):
            dealt = shift.deal(message)
            settle_memory()
            return dealt
        if isinstance(message, MeasureRound):
            return await shift.measure(message)
        return await shift.leave()
    except Exception as error:  # noqa: BLE001 - the parent decides what it means
        cause = leaf(error)
        return Trouble(message=_words(cause), blame=_blame(shift, cause))


def _blame(shift: Shift, cause: BaseException) -> Blame:
    if isinstance(cause, UsageError):
        return Blame.USER
    return Blame.TARGET if shift.blames_target(cause) else Blame.US


def _words(cause: BaseException) -> str:
    return str(cause) if isinstance(cause, TargetError | UsageError) else f"{type(cause).__name__}: {cause}"


def main() -> None:
    """Run the load process on standard input and output."""
    # The terminal's Ctrl-C is the parent's business: it tells us to stop in good order.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    write_fd = os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # a stray print must not break the frames
    run_async(serve, os.dup(sys.stdin.fileno()), write_fd)
    gc.freeze()  # all of it goes with the process, and the parent waits: do not look through it once more


if __name__ == "__main__":
    main()
