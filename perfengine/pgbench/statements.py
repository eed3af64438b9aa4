"""The variables of a statement: `:name` becomes `$1`, for a value is bound and never becomes text.

Source: PostgreSQL, src/bin/pgbench/pgbench.c, `parseQuery`, and what becomes of it with `--protocol=prepared`. It
looks for `:name` in quoted texts too, where no value can be bound: that is refused here.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from perfengine.model.replacing import place_before, replaced
from perfengine.model.sql_text import end_of, tokens_of
from perfengine.pgbench.fault import Fault
from perfengine.pgbench.names import NAME

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from perfengine.model.replacing import Replacement

_REFERENCE: Final = re.compile(rf"(?<!:):({NAME})")
_QUOTES: Final = frozenset({"quote", "escaped", "dollar"})


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
        if token.lastgroup not in _QUOTES:
            continue
        for found in _REFERENCE.finditer(sql, token.end(), end_of(sql, token)):
            if found[1] in known:
                message = _refusal(found[1], is_in_name=token[0] == '"')
                yield Fault(message, found.start(), found.end())


def _refusal(name: str, *, is_in_name: bool) -> str:
    where, remedy = (
        ("name", "a name cannot be a value")
        if is_in_name
        else ("text", f"write :{name} by itself, or '...' || :{name} to join texts")
    )
    return f":{name} stands in a quoted {where}, where no value can be bound: {remedy}"


def numbered(sql: str) -> Iterator[Fault]:
    """Yield the `$1` that stand in a statement, which has no values by number. Raises: SqlTextError."""
    for token in tokens_of(sql):
        if token.lastgroup == "numbered":
            message = f"{token[0]} has no value here: a variable is written :name"
            yield Fault(message, token.start(), token.end())


def bound(sql: str) -> tuple[str, tuple[str, ...]]:
    """Return the statement with `$1`, `$2`, ..., one for each place, and the variables of the places in order."""
    names = tuple(found[1] for found in references_of(sql))
    return replaced(sql, _replacements(sql)), names


def _replacements(sql: str) -> Iterator[Replacement]:
    """Yield what is written instead of each variable; `LIMIT:n` would become a name without a blank."""
    for number, found in enumerate(references_of(sql), start=1):
        before = sql[found.start() - 1 : found.start()]
        gap = " " if before.isalnum() or before in {"_", "$"} else ""
        yield found.start(), found.end(), f"{gap}${number}"


def place_as_written(sql: str, place: int) -> int:
    """Return where the character at `place` of what `bound` returns stands in `sql`; of `$1`, where `:name` does."""
    return place_before(_replacements(sql), place)
