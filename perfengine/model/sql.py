"""Identifiers and literals as SQL text. Every name and every constant that reaches a server passes here."""

from __future__ import annotations

from hashlib import md5
from typing import Final

#: PostgreSQL cuts longer identifiers silently (NAMEDATALEN - 1); we refuse them instead.
MAX_IDENTIFIER_BYTES = 63
_HASH_DIGITS: Final = 8


def quote_identifier(name: str) -> str:
    """Return `name` as a quoted SQL identifier: `"order"`.

    Raises: ValueError for an empty name, a NUL, or more than 63 bytes in UTF-8.
    """
    size_bytes = len(name.encode())
    if not name or "\0" in name:
        raise ValueError(f"an identifier is not empty and has no NUL: {name!r}")
    if size_bytes > MAX_IDENTIFIER_BYTES:
        raise ValueError(f'"{name}" has {size_bytes} bytes, an identifier has at most {MAX_IDENTIFIER_BYTES}')
    return '"' + name.replace('"', '""') + '"'


def shorten_identifier(name: str) -> str:
    """Return `name` where an identifier can be that long, else its beginning with a hash of the whole.

    For names that we make up from several names of the author; cut names that differ stay different.
    """
    encoded = name.encode()
    if len(encoded) <= MAX_IDENTIFIER_BYTES:
        return name
    ending = "_" + md5(encoded, usedforsecurity=False).hexdigest()[:_HASH_DIGITS]
    return encoded[: MAX_IDENTIFIER_BYTES - len(ending)].decode(errors="ignore") + ending


def quote_literal(text: str) -> str:
    """Return `text` as an SQL string literal that reads the same whatever `standard_conforming_strings` says.

    Raises: ValueError for a NUL, which no PostgreSQL text can hold.
    """
    if "\0" in text:
        raise ValueError(f"a text has no NUL: {text!r}")
    quoted = "'" + text.replace("'", "''").replace("\\", "\\\\") + "'"
    return f"E{quoted}" if "\\" in text else quoted
