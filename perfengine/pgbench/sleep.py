r"""The words of `\sleep`.

Source: PostgreSQL, src/bin/pgbench/pgbench.c, `process_backslash_command`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from perfengine.model.pgbench import Sleep
from perfengine.pgbench.fault import Fault
from perfengine.units import NS_PER_S

if TYPE_CHECKING:
    from perfengine.pgbench.scan import Backslash

_AMOUNT: Final = re.compile(r"([-+]?[0-9]+)(.*)")
_UNITS_NS: Final = {"us": 1_000, "ms": 1_000_000, "s": NS_PER_S}


def read_sleep(command: Backslash, place: str) -> Sleep:
    """Return the command: `10 ms`, `10ms`, `10` seconds, `:name us`. Raises: Fault."""
    if not 1 <= len(command.words) <= 2:
        raise Fault("\\sleep wants a number and a unit: us, ms or s", command.start - 1, command.name.stop)
    amount, *units = command.words
    number, variable, unit = 0, None, "s"
    if amount.text.startswith(":"):
        variable = amount.text[1:]
    else:
        found = _AMOUNT.fullmatch(amount.text)
        if not found or (found[2] and units):
            raise Fault(f'"{amount.text}" is no whole number', amount.start, amount.stop)
        number, unit = int(found[1]), found[2] or unit
    at = units[0] if units else amount
    unit = (units[0].text if units else unit).lower()
    if unit not in _UNITS_NS:
        raise Fault(f'"{unit}" is no unit of time', at.start, at.stop, allowed=tuple(_UNITS_NS))
    return Sleep(amount=number, variable=variable, unit_ns=_UNITS_NS[unit], place=place)
