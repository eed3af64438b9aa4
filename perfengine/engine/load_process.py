"""The parent's end of a load process: start it, talk to it, end it."""

from __future__ import annotations

import sys
import tempfile
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any, TypeVar

import anyio
from anyio.streams.buffered import BufferedByteReceiveStream

from perfengine.engine.frames import read_frame, to_frame
from perfengine.engine.messages import Stop, Trouble
from perfengine.errors import InternalError
from perfengine.model.measurement import Interval

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from typing import IO

    from anyio.abc import ByteSendStream, Process

    from perfengine.engine.messages import Introduction

Answer = TypeVar("Answer")

#: A load process whose input has ended closes its connections and goes; one that does not is killed.
END_TIMEOUT_S = 8.0
_STDERR_LINES = 8


class LoadProcess:
    """A running load process."""

    def __init__(self, process: Process, stderr: IO[bytes]) -> None:
        if process.stdin is None or process.stdout is None:
            raise InternalError("a load process is started with pipes")
        self._process = process
        self._stderr = stderr
        self._input: ByteSendStream = process.stdin
        self._output = BufferedByteReceiveStream(process.stdout)
        self._sending = anyio.Lock()  # a stop may come while a question is on its way

    async def introduce(self, introduction: Introduction) -> None:
        """Tell what holds for the whole run."""
        await self._send(introduction)

    async def ask(
        self, question: object, answer_type: type[Answer], watch: Callable[[Interval], None]
    ) -> Answer:
        """Send a message and return its answer; intervals on the way go to `watch`.

        Raises: TargetError when the database is to blame, InternalError when the load process is.
        """
        await self._send(question)
        while True:
            message = await self._receive()
            if isinstance(message, Interval):
                watch(message)
            elif isinstance(message, answer_type):
                return message
            elif isinstance(message, Trouble):
                raise message.as_exception()

    async def stop(self) -> None:
        """Ask for no more work; the current question is answered as usual. One that has ended has stopped."""
        with suppress(anyio.BrokenResourceError, anyio.ClosedResourceError):
            async with self._sending:
                await self._input.send(to_frame(Stop()))

    async def _send(self, message: object) -> None:
        try:
            async with self._sending:
                await self._input.send(to_frame(message))
        except (anyio.BrokenResourceError, anyio.ClosedResourceError) as error:
            raise await self._death() from error

    async def _receive(self) -> Any:  # noqa: ANN401 - any of our messages
        try:
            return await read_frame(self._output.receive_exactly)
        except (anyio.IncompleteRead, anyio.EndOfStream, anyio.BrokenResourceError) as error:
            raise await self._death() from error

    async def _death(self) -> InternalError:
        """Return the exception that says how the process ended, with its last words."""
        code = await self._process.wait()
        self._stderr.seek(0)
        words = self._stderr.read().decode(errors="replace").strip().splitlines()[-_STDERR_LINES:]
        how = f"was killed by signal {-code}" if code < 0 else f"ended with code {code}"
        return InternalError("\n".join([f"the load process {how} while it was needed", *words]))

    def kill(self) -> None:
        """End it at once; its connections break off."""
        self._process.kill()

    async def end(self) -> None:
        """Let it close its connections and go, or kill it."""
        await self._input.aclose()
        with anyio.move_on_after(END_TIMEOUT_S):
            await self._process.wait()
        if self._process.returncode is None:
            self._process.kill()
            await self._process.wait()


@asynccontextmanager
async def load_process() -> AsyncIterator[LoadProcess]:
    """Start a load process for the block, and end it after it whatever happens."""
    with tempfile.TemporaryFile() as stderr:
        # -P: a file of the user's, called like a module that we import, is not imported. A session of its own
        # keeps the terminal's Ctrl-C away.
        process = await anyio.open_process(
            [sys.executable, "-P", "-m", "perfengine.engine.worker"], stderr=stderr, start_new_session=True
        )
        child = LoadProcess(process, stderr)
        try:
            yield child
        finally:
            with anyio.CancelScope(shield=True):
                await child.end()
                await process.aclose()
