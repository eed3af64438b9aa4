r"""The words of `\sleep`.

Source: PostgreSQL, src/bin/pgbench/pgbench.c, `process_backslash_command`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from perfengine.model.pgbench import Sleep
from perfengine.units import NS_PER_MS, NS_PER_S, NS_PER_US

if TYPE_CHECKING:
    from perfengine.pgbench.scan import Backslash

_AMOUNT: Final = re.compile(r"([-+]?[0-9]{1,18})(?![0-9])(.*)")
_UNITS_NS: Final = {"us": NS_PER_US, "ms": NS_PER_MS, "s": NS_PER_S}


def read_sleep(command: Backslash, place: str) -> Sleep:
    """Return the command: `10 ms`, `10ms`, `10` seconds, `:name us`. Raises: Fault."""
    if not 1 <= len(command.words) <= 2:
        raise command.fault("\\sleep wants a number and a unit: us, ms or s")
    amount, *units = command.words
    number, variable, unit = 0, None, "s"
    if amount.text.startswith(":"):
        variable = amount.text[1:]
    else:
        found = _AMOUNT.fullmatch(amount.text)
        if not found or (found[2] and units):
            raise amount.fault(f'"{amount.text}" is no whole number')
        number, unit = int(found[1]), found[2] or unit
    at = units[0] if units else amount
    unit = (units[0].text if units else unit).lower()
    if unit not in _UNITS_NS:
        raise at.fault(f'"{unit}" is no unit of time', allowed=tuple(_UNITS_NS))
    return Sleep(amount=number, variable=variable, unit_ns=_UNITS_NS[unit], place=place)
