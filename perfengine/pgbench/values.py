"""The values of a pgbench script: integers of 64 bits, doubles, booleans, null; and texts that may become them.

Source: PostgreSQL, src/bin/pgbench/pgbench.c: `makeVariableValue`, `coerceToInt`, `coerceToDouble`, `coerceToBool`,
`valueTruth`, `getVariable`.
"""

from __future__ import annotations

import re
from math import isfinite
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from perfengine.model.pgbench import Value

#: What an expression gives.
Number = int | float | bool | None
LEAST: Final = -(1 << 63)
MOST: Final = (1 << 63) - 1
#: Longer texts are not made numbers of: no bigint is as long.
_MOST_DIGITS: Final = 100
_INTEGER: Final = re.compile(r"[ \t\n\v\f\r]*[-+]?[0-9]+")
_DOUBLE: Final = re.compile(
    r"[ \t\n\v\f\r]*[-+]?(?:[0-9]+\.?[0-9]*(?:[eE][-+]?[0-9]+)?|\.[0-9]+(?:[eE][-+]?[0-9]+)?|inf|infinity|nan)",
    re.IGNORECASE,
)
#: As PostgreSQL spells them.
_SPECIAL: Final = {"inf": "Infinity", "-inf": "-Infinity", "nan": "NaN"}


class ScriptError(ValueError):
    """A script cannot go on: an expression has no value, a reply not one row; the message says why, in one line."""


def of_text(name: str, text: str) -> Number:
    """Return what the text of variable `name` means in an expression. Raises: ScriptError."""
    word = text.lower()
    if not word:
        raise ScriptError(f'variable "{name}" is an empty text: no number, no boolean')
    if word == "null":
        return None
    if "true".startswith(word) or "yes".startswith(word) or word == "on":
        return True
    if "false".startswith(word) or "no".startswith(word) or word in {"off", "of"}:
        return False
    if _INTEGER.fullmatch(text):
        return in_range(whole(text), f'variable "{name}"')
    if _DOUBLE.fullmatch(text):
        return float(text)
    raise ScriptError(f'variable "{name}" is "{text}": no number, no boolean, no null')


def whole(text: str) -> int:
    """Return the integer that digits, with a sign or without, write; of more than a hundred of them 10^100."""
    digits = text.strip().lstrip("+-").lstrip("0") or "0"
    amount = int(digits) if len(digits) <= _MOST_DIGITS else 10**_MOST_DIGITS
    return -amount if "-" in text else amount


def in_range(value: int, what: str) -> int:
    """Return the integer. Raises: ScriptError where a bigint cannot hold it."""
    if LEAST <= value <= MOST:
        return value
    raise ScriptError(f"{what} is out of the range of bigint: {value}")


def as_integer(value: Number) -> int:
    """Return a number as an integer, halves to the even one. Raises: ScriptError."""
    if type(value) is int:
        return value
    if type(value) is float:
        if not isfinite(value) or not LEAST <= round(value) <= MOST:
            raise ScriptError(f"{value:g} is out of the range of bigint")
        return round(value)
    raise ScriptError(f"{type_name(value)} is no integer")


def as_double(value: Number) -> float:
    """Return a number as a double. Raises: ScriptError."""
    if type(value) is float:
        return value
    if type(value) is int:
        return float(value)
    raise ScriptError(f"{type_name(value)} is no double")


def as_boolean(value: Number) -> bool:
    """Return a boolean. Raises: ScriptError for anything else, numbers too."""
    if type(value) is bool:
        return value
    raise ScriptError(f"{type_name(value)} is no boolean")


def is_true(value: Number) -> bool:
    """Return whether a condition holds: true, and every number but 0."""
    return bool(value)


def type_name(value: Number) -> str:
    """Return what kind of value it is: `null`, `boolean`, `int`, `double`."""
    if value is None:
        return "null"
    return {bool: "boolean", int: "int"}.get(type(value), "double")


def to_text(value: Value) -> str | None:
    """Return a value as pgbench sends it; None for null."""
    if value is None or type(value) is str:
        return value
    if type(value) is bool:
        return "true" if value else "false"
    if type(value) is not float:
        return str(value)
    return _SPECIAL.get(text := f"{value:.15g}", text)
