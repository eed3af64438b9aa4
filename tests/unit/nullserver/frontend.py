"""What a client says, as bytes. Source: PostgreSQL documentation, "Message Formats"."""

from __future__ import annotations

import struct

SSL_REQUEST = struct.pack(">II", 8, 80877103)
STARTUP = struct.pack(">II", 19, 196608) + b"user\0null\0\0"
SYNC = b"S\0\0\0\4"
FLUSH = b"H\0\0\0\4"
TERMINATE = b"X\0\0\0\4"
BINARY = 1


def message(kind: bytes, body: bytes) -> bytes:
    """Return one message."""
    return kind + struct.pack(">I", len(body) + 4) + body


def parse(sql: str, name: bytes = b"") -> bytes:
    """Return a Parse without parameter types."""
    return message(b"P", name + b"\0" + sql.encode() + b"\0\0\0")


def bind(
    *formats: int, name: bytes = b"", portal: bytes = b"", values: tuple[bytes | None, ...] = ()
) -> bytes:
    """Return a Bind that asks for these result formats; values are in binary."""
    fields = [struct.pack(">i", -1) if v is None else struct.pack(">i", len(v)) + v for v in values]
    parameters = struct.pack(">hhh", 1, BINARY, len(values)) + b"".join(fields)
    results = struct.pack(f">h{len(formats)}h", len(formats), *formats)
    return message(b"B", portal + b"\0" + name + b"\0" + parameters + results)


def describe(kind: bytes = b"S", name: bytes = b"") -> bytes:
    """Return a Describe of a statement or, with `P`, a portal."""
    return message(b"D", kind + name + b"\0")


def execute(portal: bytes = b"") -> bytes:
    """Return an Execute for all rows."""
    return message(b"E", portal + b"\0" + bytes(4))


def close(kind: bytes, name: bytes) -> bytes:
    """Return a Close."""
    return message(b"C", kind + name + b"\0")


def query(sql: str) -> bytes:
    """Return a simple Query."""
    return message(b"Q", sql.encode() + b"\0")


def split(reply: bytes) -> list[tuple[str, bytes]]:
    """Return type and body of each message of a server; fails unless they are whole."""
    found, position = [], 0
    while position < len(reply):
        (length,) = struct.unpack_from(">I", reply, position + 1)
        end = position + 1 + length
        assert end <= len(reply)
        found.append((chr(reply[position]), reply[position + 5 : end]))
        position = end
    return found


def kinds(reply: bytes) -> str:
    """Return the types of the messages, one letter each."""
    return "".join(kind for kind, _ in split(reply))
