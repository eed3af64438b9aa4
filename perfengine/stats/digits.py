"""How many decimals a number must show to keep its digits."""

from __future__ import annotations

from math import floor, isclose, log10
from typing import Final

SIGNIFICANT_DIGITS: Final = 3


def decimals_for(value: float, least: int) -> int:
    """Return the decimals, `least` or more, that show `value` with three significant digits.

    Fewer do where they show it in full: 0.0056 needs four, 0.00561 five, 0.0000234 seven. The text then differs from
    the value by less than 0.5 %, and is zero only for zero.
    """
    if not value:
        return least
    enough = max(SIGNIFICANT_DIGITS - 1 - floor(log10(abs(value))), least)
    return next(
        count for count in range(least, enough + 1) if count == enough or isclose(round(value, count), value)
    )


def seconds_text(seconds: float) -> str:
    """Return a duration as text in seconds: four decimals, more when the value would lose its digits: `0.0234s`."""
    return f"{seconds:.{decimals_for(seconds, 4)}f}s"
