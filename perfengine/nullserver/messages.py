"""The messages of the null server, as bytes; those that never change are made once.

Source: PostgreSQL documentation, chapter "Frontend/Backend Protocol", section "Message Formats".
"""

from __future__ import annotations

import struct
from functools import lru_cache
from itertools import chain, repeat
from typing import Final

_INT16: Final = struct.Struct(">h")
_INT32: Final = struct.Struct(">i")
_TEXT_FORMAT: Final = 0
_BINARY_FORMAT: Final = 1

#: type OID, its size (-1: varying), the value as text and as binary
_INT8: Final = (20, 8)
_INT4: Final = (23, 4)
_TEXT: Final = (25, -1)
_FILLER: Final = b"x" * 84  #: as wide as the filler of pgbench's accounts
#: The one row that there is: what a select by key of an account brings.
_COLUMNS: Final = (
    (b"id", _INT8, (b"1", struct.pack(">q", 1))),
    (b"balance", _INT4, (b"100", struct.pack(">i", 100))),
    (b"filler", _TEXT, (_FILLER, _FILLER)),
)
COLUMNS_COUNT: Final = len(_COLUMNS)


def _message(kind: bytes, body: bytes = b"") -> bytes:
    return kind + _INT32.pack(len(body) + 4) + body


def parameter_description(count: int) -> bytes:
    """Return that a statement has `count` parameters, every one a bigint."""
    return _message(b"t", _INT16.pack(count) + _INT32.pack(_INT8[0]) * count)


def command_complete(tag: bytes) -> bytes:
    """Return that a statement is done; its tag is `SELECT 1`, `BEGIN`, ..."""
    return _message(b"C", tag + b"\0")


def error_response(sqlstate: str, text: str, severity: str = "ERROR") -> bytes:
    """Return an error with its SQLSTATE and words."""
    fields = {"S": severity, "V": severity, "C": sqlstate, "M": text}
    return _message(b"E", b"".join(f"{code}{value}\0".encode() for code, value in fields.items()) + b"\0")


def _row_description() -> bytes:
    fields = [
        name + b"\0" + struct.pack(">ihihih", 0, 0, oid, size, -1, _TEXT_FORMAT)
        for name, (oid, size), _ in _COLUMNS
    ]
    return _message(b"T", _INT16.pack(len(fields)) + b"".join(fields))


@lru_cache(maxsize=64)
def data_row(formats: tuple[int, ...]) -> bytes:
    """Return the row in these formats: none for text, one for all columns, or one each.

    Raises: ValueError for another number of them or an unknown format.
    """
    if len(formats) not in {0, 1, COLUMNS_COUNT} or not set(formats) <= {_TEXT_FORMAT, _BINARY_FORMAT}:
        raise ValueError(f"result formats {formats}")
    each = formats if len(formats) == COLUMNS_COUNT else repeat((*formats, _TEXT_FORMAT)[0], COLUMNS_COUNT)
    values = [column[2][code] for column, code in zip(_COLUMNS, each, strict=False)]
    pieces = chain.from_iterable((_INT32.pack(len(value)), value) for value in values)
    return _message(b"D", _INT16.pack(COLUMNS_COUNT) + b"".join(pieces))


def _parameter_status(name: str, value: str) -> bytes:
    return _message(b"S", f"{name}\0{value}\0".encode())


PARSE_COMPLETE: Final = _message(b"1")
BIND_COMPLETE: Final = _message(b"2")
CLOSE_COMPLETE: Final = _message(b"3")
EMPTY_QUERY_RESPONSE: Final = _message(b"I")
NO_DATA: Final = _message(b"n")
ROW_DESCRIPTION: Final = _row_description()
TLS_REFUSED: Final = b"N"
#: By transaction status: idle, in a transaction, in one that failed.
READY_FOR_QUERY: Final = {status: _message(b"Z", status) for status in (b"I", b"T", b"E")}

#: What a client hears when it may come in: no password asked, the settings that drivers look at, a key.
WELCOME: Final = b"".join(
    (
        _message(b"R", _INT32.pack(0)),
        _parameter_status("server_version", "18.0"),
        _parameter_status("server_encoding", "UTF8"),
        _parameter_status("client_encoding", "UTF8"),
        _parameter_status("standard_conforming_strings", "on"),
        _parameter_status("integer_datetimes", "on"),
        _parameter_status("DateStyle", "ISO, MDY"),
        _parameter_status("IntervalStyle", "postgres"),
        _parameter_status("TimeZone", "UTC"),
        _parameter_status("is_superuser", "off"),
        _parameter_status("in_hot_standby", "off"),
        _parameter_status("default_transaction_read_only", "off"),
        _message(b"K", _INT32.pack(1) + _INT32.pack(1)),
        READY_FOR_QUERY[b"I"],
    )
)
