"""Digests and keys as SQL text: the twin of `keys.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfengine.datagen.layout import key_stream
from perfengine.model.entity import FieldType
from perfengine.model.sql import quote_literal

if TYPE_CHECKING:
    from perfengine.model.ledger import LedgerEntry
    from perfengine.model.table import Table


def digest_sql(seed: int | str, stream: str, index: str) -> str:
    """Return the SQL expression of the hex digits of `seeds.digest_hex`; `index` is a bigint expression."""
    text = f"{quote_literal(f'{seed}/{stream}/')} || {index}"
    # Python hashes UTF-8, the server its own encoding; they differ beyond ASCII
    return f"md5({text})" if stream.isascii() else f"md5(convert_to({text}, 'UTF8'))"


def key_sql(seed: int, table: Table, index: str) -> str:
    """Return the SQL expression of the key of row `index`, itself a bigint expression."""
    if table.key.field.type in {FieldType.INTEGER, FieldType.BIGINT}:
        return f"({index} + {table.first_key})::{table.key.sql_type}"
    return f"{digest_sql(seed, key_stream(table.name, table.key_salt), index)}::{table.key.sql_type}"


def ledger_key_sql(entry: LedgerEntry) -> str:
    """Return the key of row `i` of a ledger's entry as an SQL expression: a number or 32 hex digits, not yet cast."""
    return digest_sql(entry.seed, entry.stream, "i") if entry.stream else f"(i + {entry.first_key})"
