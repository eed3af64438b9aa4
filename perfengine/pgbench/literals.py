"""The constants of an expression: numbers, `true`, `false`, `null`."""

from __future__ import annotations

from math import isinf
from typing import TYPE_CHECKING, Final

from perfengine.model.pgbench import Literal
from perfengine.pgbench.fault import Fault
from perfengine.pgbench.values import MOST, whole

if TYPE_CHECKING:
    from perfengine.pgbench.lexer import Token

#: Those that are words.
WORDS: Final = {"true": True, "false": False, "null": None}


def literal_of(token: Token) -> Literal:
    """Return what an `integer`, a `double` or one of the words is. Raises: Fault where that is out of range."""
    if token.kind in WORDS:
        return Literal(value=WORDS[token.kind])
    return _integer(token) if token.kind == "integer" else _double(token)


def _integer(token: Token) -> Literal:
    value = whole(token.text)
    if value > MOST:
        raise Fault(f"{token.text} is out of the range of bigint", token.start, token.stop)
    return Literal(value=value)


def _double(token: Token) -> Literal:
    value = float(token.text)
    if isinf(value):
        raise Fault(f"{token.text} is out of the range of double precision", token.start, token.stop)
    return Literal(value=value)
