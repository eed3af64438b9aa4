"""Start a null server, ask what it cost, end it."""

from __future__ import annotations

import sys
import tempfile
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import anyio
from anyio.streams.buffered import BufferedByteReceiveStream

from perfengine.errors import InternalError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from typing import IO

    from anyio.abc import ByteSendStream, Process

_ANSWER_TIMEOUT_S: Final = 20.0
_END_TIMEOUT_S: Final = 5.0
_LINE_BYTES_MAX: Final = 4096
_PREFIX: Final = "perfengine-null-"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerCost:
    """What a null server has used so far; two readings subtract."""

    wall_ns: int
    cpu_ns: int

    def busy_share_since(self, earlier: ServerCost) -> float:
        """Return the part of the time since `earlier` that it was at work."""
        return (self.cpu_ns - earlier.cpu_ns) / max(self.wall_ns - earlier.wall_ns, 1)


class NullServer:
    """A running null server; `dsn` says where."""

    def __init__(self, process: Process, stderr: IO[bytes]) -> None:
        if process.stdin is None or process.stdout is None:
            raise InternalError("a null server is started with pipes")
        self._process = process
        self._stderr = stderr
        self._input: ByteSendStream = process.stdin
        self._output = BufferedByteReceiveStream(process.stdout)
        self.dsn = ""

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    async def hear_dsn(self) -> None:
        """Return when it listens. Raises: InternalError when it does not."""
        self.dsn = await self._line()

    async def cost(self) -> ServerCost:
        """Return what it has used so far. Raises: InternalError when it is gone."""
        try:
            await self._input.send(b"cost\n")
        except (anyio.BrokenResourceError, anyio.ClosedResourceError) as error:
            raise await self._death() from error
        wall_ns, cpu_ns = (await self._line()).split()
        return ServerCost(wall_ns=int(wall_ns), cpu_ns=int(cpu_ns))

    async def _line(self) -> str:
        try:
            with anyio.fail_after(_ANSWER_TIMEOUT_S):
                return (await self._output.receive_until(b"\n", _LINE_BYTES_MAX)).decode()
        except (anyio.IncompleteRead, anyio.EndOfStream, anyio.BrokenResourceError, TimeoutError) as error:
            raise await self._death() from error

    async def _death(self) -> InternalError:
        """Return the exception that says how it ended, with its last words."""
        await self.end()
        self._stderr.seek(0)
        words = self._stderr.read().decode(errors="replace").strip().splitlines()[-8:]
        return InternalError(
            "\n".join([f"the null server ended with code {self._process.returncode}", *words])
        )

    async def end(self) -> None:
        """Let it remove its socket and go, or kill it."""
        await self._input.aclose()
        with anyio.move_on_after(_END_TIMEOUT_S):
            await self._process.wait()
        if self._process.returncode is None:
            self._process.kill()
            await self._process.wait()


@asynccontextmanager
async def null_server() -> AsyncIterator[NullServer]:
    """Run a null server for the block, and end it after it whatever happens. Raises: InternalError."""
    with (
        tempfile.TemporaryFile() as stderr,
        # for ourselves alone; the server removes it when we cannot
        tempfile.TemporaryDirectory(prefix=_PREFIX, ignore_cleanup_errors=True) as directory,
    ):
        # -P: a file of the user's, called like a module that we import, is not imported. A session of its own
        # keeps the terminal's Ctrl-C away.
        command = [sys.executable, "-P", "-m", "perfengine.nullserver.serve", directory]
        process = await anyio.open_process(command, stderr=stderr, start_new_session=True)
        server = NullServer(process, stderr)
        try:
            await server.hear_dsn()
            yield server
        finally:
            with anyio.CancelScope(shield=True):
                await server.end()
                await process.aclose()
