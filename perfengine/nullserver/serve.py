"""The null server's process: `python -P -m perfengine.nullserver.serve DIRECTORY`, started by `launch.py`.

It writes its DSN as one line and answers every line that it reads with one: its wall and CPU time so far in ns. When
its input ends, because its owner is done or dead, it ends and removes its socket with the directory.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, cast
from urllib.parse import quote

from perfengine.nullserver.conversation import Conversation
from perfengine.nullserver.session import Violation

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

#: As in the name of a socket of PostgreSQL: `.s.PGSQL.5432`.
PORT = 5432
#: A socket's path has room for 104 bytes on macOS and 108 on Linux, the closing zero among them.
SOCKET_PATH_BYTES_MAX = 103
#: The reader's PGSSLMODE and PGTARGETSESSIONATTRS are about another server.
_WHATEVER_ELSE_IS_SET = "sslmode=disable&target_session_attrs=any"


class Connection(asyncio.Protocol):
    """A client's connection: replies go out as one write for every read."""

    def __init__(self) -> None:
        self._conversation = Conversation()
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Answer what came, or end the connection."""
        transport = cast("asyncio.Transport", self._transport)
        try:
            reply = self._conversation.answer(data)
        except Violation:
            transport.abort()
        else:
            transport.write(reply)

    def pause_writing(self) -> None:
        """Hear no more of a client that does not listen."""
        cast("asyncio.Transport", self._transport).pause_reading()

    def resume_writing(self) -> None:
        """Hear it again."""
        cast("asyncio.Transport", self._transport).resume_reading()


@contextlib.asynccontextmanager
async def listening(directory: Path) -> AsyncIterator[str]:
    """Give the DSN of a server on a socket in the directory, or on loopback where there is no place for one."""
    loop = asyncio.get_running_loop()
    path = directory / f".s.PGSQL.{PORT}"
    if hasattr(socket, "AF_UNIX") and len(os.fsencode(path)) <= SOCKET_PATH_BYTES_MAX:
        server = await loop.create_unix_server(Connection, path)
        host, port = str(directory), PORT
    else:
        server = await loop.create_server(Connection, "127.0.0.1", 0)
        host, port = server.sockets[0].getsockname()
    try:
        yield f"postgresql:///null?host={quote(host)}&port={port}&user=null&{_WHATEVER_ELSE_IS_SET}"
    finally:
        server.close()
        remove(path)


def remove(path: Path) -> None:
    """Remove the socket and its directory; the owner may have been faster."""
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)
        path.parent.rmdir()


async def serve(directory: Path, read_fd: int, write_fd: int) -> None:
    """Serve until the input ends."""
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(read_fd, "rb"))
    async with listening(directory) as dsn:
        say(write_fd, dsn)
        while await reader.readline():
            say(write_fd, f"{time.perf_counter_ns()} {time.process_time_ns()}")


def say(write_fd: int, line: str) -> None:
    """Write a line to the owner; one who is gone is told by the end of our input."""
    with contextlib.suppress(BrokenPipeError):
        os.write(write_fd, f"{line}\n".encode())


def main() -> None:
    """Run the server on standard input and output."""
    # The terminal's Ctrl-C is the owner's business.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    serving = serve(Path(sys.argv[1]), sys.stdin.fileno(), sys.stdout.fileno())
    try:
        import uvloop  # noqa: PLC0415 - there is none for Windows
    except ImportError:
        asyncio.run(serving)
    else:
        uvloop.run(serving)


if __name__ == "__main__":
    main()
