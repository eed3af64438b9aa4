"""The variables of a statement: `:name` becomes `$1`, for a value is bound and never becomes text.

Source: PostgreSQL, src/bin/pgbench/pgbench.c, `parseQuery`, and what becomes of it with `--protocol=prepared`. It
looks for `:name` in quoted texts too, where no value can be bound: that is refused here.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from perfengine.model.sql_text import end_of, tokens_of
from perfengine.pgbench.fault import Fault

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

_REFERENCE: Final = re.compile(r"(?<!:):([a-zA-Z_\x80-\U0010ffff][a-zA-Z0-9_\x80-\U0010ffff]*)")
_WORDS: Final = {"quote": "a quoted text", "escaped": "a quoted text", "dollar": "a quoted text"}


def references_of(sql: str) -> Iterator[re.Match[str]]:
    """Yield the `:name` of a statement that values can be bound for; group 1 is the name. Raises: SqlTextError."""
    for token in tokens_of(sql):
        if token.lastgroup == "placeholder":
            found = _REFERENCE.match(sql, token.start())
            if found:
                yield found


def unbindable(sql: str, known: Collection[str]) -> Iterator[Fault]:
    """Yield the variables that stand inside quotes; what is no variable there is just text."""
    for token in tokens_of(sql):
        where = _WORDS.get(token.lastgroup or "")
        if where is None:
            continue
        if token[0] == '"':
            where = "a quoted name"
        stop = end_of(sql, token)
        for found in _REFERENCE.finditer(sql, token.end(), stop):
            if found[1] in known:
                yield Fault(_refusal(found[1], where), found.start(), found.end())


def _refusal(name: str, where: str) -> str:
    remedy = (
        "a name cannot be a value"
        if where == "a quoted name"
        else f"write :{name} by itself, or '...' || :{name} to join texts"
    )
    return f":{name} stands in {where}, where no value can be bound: {remedy}"


def bound(sql: str) -> tuple[str, tuple[str, ...]]:
    """Return the statement with `$1`, `$2`, ..., one for each place, and the variables of the places in order."""
    parts: list[str] = []
    names: list[str] = []
    written = 0
    for start, stop, gap in _places(sql):
        names.append(sql[start + 1 : stop])
        parts += [sql[written:start], f"{gap}${len(names)}"]
        written = stop
    return "".join([*parts, sql[written:]]), tuple(names)


def _places(sql: str) -> Iterator[tuple[int, int, str]]:
    """Yield begin and end of each variable, and what must stand before its `$1`: `LIMIT:n` would become a name."""
    for found in references_of(sql):
        before = sql[found.start() - 1 : found.start()]
        yield found.start(), found.end(), " " if before.isalnum() or before in {"_", "$"} else ""


def place_as_written(sql: str, place: int) -> int:
    """Return where the character at `place` of what `bound` returns stands in `sql`; of `$1`, where `:name` does."""
    longer = 0  #: by so much the bound text is, up to here
    for number, (start, stop, gap) in enumerate(_places(sql), start=1):
        if place < start + longer:
            break
        length = len(f"{gap}${number}")
        if place < start + longer + length:
            return start
        longer += length - (stop - start)
    return place - longer
