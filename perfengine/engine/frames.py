"""Messages on a pipe: four bytes of length, then a pickle. Both ends are processes of one run that we started."""

from __future__ import annotations

import pickle
import struct
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

_LENGTH = struct.Struct(">I")


def to_frame(message: object) -> bytes:
    """Return the bytes of one message."""
    body = pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL)
    return _LENGTH.pack(len(body)) + body


async def read_frame(read_exactly: Callable[[int], Awaitable[bytes]]) -> Any:  # noqa: ANN401 - any of our messages
    """Return the next message; whatever `read_exactly` raises at the end of the pipe goes through."""
    (length,) = _LENGTH.unpack(await read_exactly(_LENGTH.size))
    return pickle.loads(await read_exactly(length))  # noqa: S301 - written by our own process
