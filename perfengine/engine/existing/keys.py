"""Keys that nobody else has: of rows of ours on existing tables, drawn anew for each run.

Whole numbers are below nought, where no sequence and no `max(id) + 1` of anybody ever comes; other keys are digests
of a secret of the run. So a row with such a key is ours, whoever looks at it, and whenever. Where a condition of the
table speaks of its key, whole numbers are the plan's own, far above those that are there: then a sequence must give
the keys of others, or one of theirs might come to lie among ours.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from perfengine.model.entity import FieldType

if TYPE_CHECKING:
    from collections.abc import Iterable
    from random import Random

    from perfengine.model.table import Table

#: By type, where a run's keys begin: drawn between these, and far enough from nought to count up.
_FIRST: Final = {
    FieldType.INTEGER: (-(1 << 31), -(1 << 30)),
    FieldType.BIGINT: (-(1 << 62), -(1 << 61)),
}
_SALT_BITS: Final = 128


def keys_of_this_run(tables: Iterable[Table], random: Random) -> tuple[Table, ...]:
    """Return the tables with keys for rows of ours."""
    return tuple(_with_keys(table, random) for table in tables)


def needs_sequence(table: Table) -> bool:
    """Return whether keys of ours are apart from those of others only if a sequence gives theirs."""
    is_bound = any(table.key.name in check.fields for check in table.checks)
    return is_bound and table.key.field.type in _FIRST


def _with_keys(table: Table, random: Random) -> Table:
    bounds = _FIRST.get(table.key.field.type)
    if bounds is None:
        return replace(table, key_salt=f"{random.getrandbits(_SALT_BITS):032x}")
    return table if needs_sequence(table) else replace(table, first_key=random.randrange(*bounds))
