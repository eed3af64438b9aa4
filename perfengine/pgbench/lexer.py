"""The words of an expression, as pgbench cuts them.

Source: PostgreSQL, src/bin/pgbench/exprscan.l.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from perfengine.pgbench.fault import Fault
from perfengine.pgbench.names import NAME

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Words that are no names of functions.
_KEYWORDS: Final = frozenset(
    {
        "and",
        "or",
        "not",
        "is",
        "isnull",
        "notnull",
        "case",
        "when",
        "then",
        "else",
        "end",
        "true",
        "false",
        "null",
    }
)
_TOKEN: Final = re.compile(
    rf"""
      (?P<space>[\x20\t\r\f\v]+|\\\r?\n)
    | (?P<variable>:{NAME})
    | (?P<double>[0-9]+(?:\.[0-9]*(?:[eE][-+]?[0-9]+)?|[eE][-+]?[0-9]+)|\.[0-9]+(?:[eE][-+]?[0-9]+)?)
    | (?P<integer>[0-9]+)
    | (?P<word>{NAME})
    | (?P<sign><=|>=|<>|!=|<<|>>|[-+*/%=<>|&\#~(),])
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)


class Token(NamedTuple):
    """A piece of an expression; `kind` is the sign or the keyword itself where it is one."""

    kind: str  #: `variable`, `double`, `integer`, `name`, `end`, a sign, or a keyword
    text: str
    start: int
    stop: int


def tokens_of(text: str) -> Iterator[Token]:
    """Yield the tokens of an expression, at last one of kind `""`. Raises: Fault at what is none."""
    for match in _TOKEN.finditer(text):
        kind, found = match.lastgroup or "", match[0]
        if kind == "space":
            continue
        if kind == "other":
            raise Fault(f'"{found}" has no meaning in an expression', match.start(), match.end())
        if kind == "word":
            kind = found.lower() if found.lower() in _KEYWORDS else "name"
        elif kind == "sign":
            kind = "<>" if found == "!=" else found
        yield Token(kind, found, match.start(), match.end())
    yield Token("", "", len(text), len(text))
