"""One client's conversation: bytes in, bytes out; no socket and no clock.

Source: PostgreSQL documentation, chapter "Frontend/Backend Protocol", sections "Start-up" and "Message Formats".

    now      | hears                       | answers                           | next
    start-up | SSLRequest, GSSENCRequest   | N                                 | start-up
    start-up | StartupMessage 3.0          | AuthenticationOk .. ReadyForQuery | talking
    talking  | a message                   | its reply, by session.py          | talking

Whatever is not the protocol raises `Violation`: the connection is closed, and nothing else happens.
"""

from __future__ import annotations

import struct
from typing import Final

from perfengine.nullserver.messages import TLS_REFUSED, WELCOME
from perfengine.nullserver.session import Session, Violation

#: Longer ones are nothing that a load process sends; at the door it is PostgreSQL's own limit.
MESSAGE_BYTES_MAX: Final = 1 << 20
STARTUP_BYTES_MAX: Final = 10_000

_LENGTH: Final = struct.Struct(">I")
_STARTUP: Final = struct.Struct(">II")
_HEADER_BYTES: Final = 5
_VERSION_3_0: Final = 196608
_ENCRYPTION_REQUESTS: Final = frozenset({80877103, 80877104})


class Conversation:
    """What one client has said that is not answered yet, and its session."""

    __slots__ = ("_buffer", "_session")

    def __init__(self) -> None:
        self._buffer = b""
        self._session: Session | None = None

    def answer(self, data: bytes) -> bytes:
        """Return the replies to all messages that are whole by now. Raises: Violation."""
        buffer = self._buffer + data if self._buffer else data
        replies: list[bytes] = []
        try:
            position = 0 if self._session else self._start_up(buffer, replies)
            if self._session:
                position = _talk(self._session, buffer, position, replies)
        except (struct.error, ValueError) as error:  # shorter than its fields, no UTF-8, an unknown format
            raise Violation(str(error)) from error
        self._buffer = buffer[position:]
        return b"".join(replies)

    def _start_up(self, buffer: bytes, replies: list[bytes]) -> int:
        """Return where the next packet begins."""
        position = 0
        while not self._session and len(buffer) - position >= _STARTUP.size:
            length, code = _STARTUP.unpack_from(buffer, position)
            if not _STARTUP.size <= length <= STARTUP_BYTES_MAX:
                raise Violation(f"a start-up packet of {length} bytes")
            if len(buffer) - position < length:
                break
            position += length
            if code in _ENCRYPTION_REQUESTS:
                replies.append(TLS_REFUSED)
            elif code == _VERSION_3_0:
                self._session = Session()
                replies.append(WELCOME)
            else:
                raise Violation(f"protocol or request {code}")
        return position


def _talk(session: Session, buffer: bytes, position: int, replies: list[bytes]) -> int:
    """Return where the first message begins that is not whole yet."""
    size = len(buffer)
    while size - position >= _HEADER_BYTES:
        (length,) = _LENGTH.unpack_from(buffer, position + 1)
        if not _LENGTH.size <= length <= MESSAGE_BYTES_MAX:
            raise Violation(f"a message of {length} bytes")
        end = position + 1 + length
        if end > size:
            break
        replies.append(session.answer(buffer[position], buffer[position + _HEADER_BYTES : end]))
        position = end
    return position
