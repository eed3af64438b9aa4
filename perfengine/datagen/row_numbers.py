"""Where the numbers of a table's rows begin: of columns that must be unique besides the key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from zlib import crc32

from perfengine.model.generator import RowNumber

if TYPE_CHECKING:
    from perfengine.model.table import Table

#: They go into four bytes whatever the key has; below nought no sequence of anybody comes.
_LEAST: Final = -(1 << 31)
_SPAN: Final = 1 << 30


def first_number(table: Table) -> int:
    """Return the number of row 0: another for each run, as the table's keys and salt are.

    Where a condition of the table reads such a column it is the table's first key, beyond all that are there.
    """
    numbered = {column.name for column in table.columns if isinstance(column.generator, RowNumber)}
    is_bound = any(not numbered.isdisjoint(check.fields) for check in table.checks)
    if is_bound and table.first_key > 0:
        return table.first_key
    if table.key_salt:
        return _LEAST + crc32(table.key_salt.encode()) % _SPAN
    return table.first_key if abs(table.first_key) < -_LEAST else _LEAST + table.first_key % _SPAN
