"""The key of row i, in Python: the twin of `keys_sql.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfengine.datagen.layout import key_stream
from perfengine.model.entity import FieldType
from perfengine.seeds import digest_hex

if TYPE_CHECKING:
    from perfengine.model.table import Table


def key_value(seed: int, table: Table, index: int) -> str | int:
    """Return the key of row `index`: 32 hex digits for uuid and text, integers from the table's first on."""
    if table.key.field.type in {FieldType.INTEGER, FieldType.BIGINT}:
        return table.first_key + index
    return digest_hex(seed, key_stream(table.name, table.key_salt), index)
