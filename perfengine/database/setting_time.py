"""Durations as PostgreSQL's settings write them."""

from __future__ import annotations

import re
from typing import Final

from perfengine.units import NS_PER_MS, NS_PER_S, NS_PER_US

#: What a timeout that is switched off comes to: no attempt is waited for so long.
NEVER_NS: Final = 24 * 3600 * NS_PER_S

_SETTING: Final = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(us|ms|s|min|h|d)?\s*", re.ASCII)
_UNITS_NS: Final = {
    None: NS_PER_MS,  # of a timeout, without a unit
    "us": NS_PER_US,
    "ms": NS_PER_MS,
    "s": NS_PER_S,
    "min": 60 * NS_PER_S,
    "h": 3600 * NS_PER_S,
    "d": 24 * 3600 * NS_PER_S,
}


def setting_ns(text: str) -> int | None:
    """Return the nanoseconds of a timeout such as `30s`, `5min` or `1500` (milliseconds); 0 switches it off.

    None for what is no duration: the server will say so in its own words. Source: PostgreSQL documentation,
    "Parameter Names and Values".
    """
    match = _SETTING.fullmatch(text)
    if match is None:
        return None
    number, unit = match.groups()
    return min(NEVER_NS, round(float(number) * _UNITS_NS[unit])) or NEVER_NS
