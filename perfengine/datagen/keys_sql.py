"""Digests and keys as SQL text: the twin of `keys.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfengine.datagen.layout import key_stream
from perfengine.model.entity import FieldType
from perfengine.model.sql import quote_literal

if TYPE_CHECKING:
    from perfengine.model.table import Table


def digest_sql(seed: int, stream: str, index: str) -> str:
    """Return the SQL expression of the hex digits of `seeds.digest_hex`; `index` is a bigint expression."""
    text = f"{quote_literal(f'{seed}/{stream}/')} || {index}"
    # Python hashes UTF-8, the server its own encoding; they differ beyond ASCII
    return f"md5({text})" if stream.isascii() else f"md5(convert_to({text}, 'UTF8'))"


def key_sql(seed: int, table: Table, index: str) -> str:
    """Return the SQL expression of the key of row `index`, itself a bigint expression."""
    if table.key.field.type in {FieldType.INTEGER, FieldType.BIGINT}:
        return f"({index} + 1)::{table.key.sql_type}"
    return f"{digest_sql(seed, key_stream(table.name), index)}::{table.key.sql_type}"
