"""How long SQL is laid out: broken before its clauses and after commas, never inside a name or a text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from perfengine.model.sql_text import end_of, tokens_of

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Where a line should end.
WIDTH: Final = 100
_CLAUSES: Final = {"FROM": "", "WHERE": "", "VALUES": "", "AND": "  "}


def laid_out(sql: str, indent: str = "") -> str:
    """Return a statement of one line as it is where it fits, else over several lines."""
    if len(indent) + len(sql) <= WIDTH:
        return indent + sql
    lines = [line for clause in _clauses(sql) for line in _folded(clause, indent)]
    return "\n".join(lines)


def _clauses(sql: str) -> Iterator[str]:
    """Yield the pieces of a statement that begin with one of the words; blanks between two pieces are left out."""
    begin, depth, pad = 0, 0, ""
    for token in tokens_of(sql):
        depth += (token[0] in "([") - (token[0] in ")]")
        if depth == 0 and token.start() and token[0] in _CLAUSES:
            yield pad + sql[begin : token.start()].strip()
            begin, pad = token.start(), _CLAUSES[token[0]]
    yield pad + sql[begin:].strip()


def _folded(line: str, indent: str) -> Iterator[str]:
    """Yield a line, cut after commas where it is too long; what follows a cut stands further in."""
    begin, last_comma, pad = 0, 0, indent
    for token in tokens_of(line):
        end = end_of(line, token)
        if token[0] == ",":
            last_comma = end
        if len(pad) + end - begin > WIDTH and last_comma > begin:
            yield pad + line[begin:last_comma].strip()
            begin, pad = last_comma, indent + "  "
    yield pad + (line[begin:].strip() if begin else line)
