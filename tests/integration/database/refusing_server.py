"""A server that says no at the door: it speaks the start of PostgreSQL's protocol and answers with one error.

The embedded server asks for no password and has no standby, so what a user meets there is said by this one.
Source: PostgreSQL documentation, "Message Formats": ErrorResponse.
"""

from __future__ import annotations

import struct
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import anyio
from anyio.abc import SocketAttribute

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from anyio.abc import ByteReceiveStream, SocketStream

_SSL_REQUEST = 80877103


def error_response(sqlstate: str, message: str) -> bytes:
    """Return the bytes of an ErrorResponse."""
    fields = {"S": "FATAL", "V": "FATAL", "C": sqlstate, "M": message}
    body = b"".join(code.encode() + text.encode() + b"\0" for code, text in fields.items()) + b"\0"
    return b"E" + struct.pack(">I", len(body) + 4) + body


@asynccontextmanager
async def refusing_server(sqlstate: str, message: str) -> AsyncIterator[int]:
    """Give the port of a server on loopback that refuses every session in these words."""

    async def refuse(client: SocketStream) -> None:
        async with client:
            if await _startup_code(client) == _SSL_REQUEST:
                await client.send(b"N")
                await _startup_code(client)
            await client.send(error_response(sqlstate, message))

    async with (
        await anyio.create_tcp_listener(local_host="127.0.0.1") as listener,
        anyio.create_task_group() as tasks,
    ):
        tasks.start_soon(listener.serve, refuse)
        yield listener.extra(SocketAttribute.local_port)  # noqa: S610 - anyio's extra, not Django's
        tasks.cancel_scope.cancel()


async def _startup_code(stream: ByteReceiveStream) -> int:
    """Read a start-up packet and return its protocol or request code."""
    data = await stream.receive()
    code: int = struct.unpack(">I", data[4:8])[0]
    return code
