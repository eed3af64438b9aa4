"""A file of SQL that makes an arm what it is: read, and taken apart into its statements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfengine.errors import UsageError
from perfengine.model.sql_text import SqlTextError, count_statements, tokens_of
from perfengine.model.statement_kinds import NOBODY_COPIES, copies_from_client

if TYPE_CHECKING:
    from pathlib import Path


def read_sql(path: Path, option: str) -> tuple[str, ...]:
    """Return the statements of a file. Raises: UsageError naming it."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise UsageError(f"{option} {path}: {why}") from error
    try:
        if (place := copies_from_client(text)) is not None:
            line = text.count("\n", 0, place) + 1
            raise UsageError(f"{option} {path}:{line}: {NOBODY_COPIES}")
        return statements_of(text)
    except SqlTextError as error:
        line = text.count("\n", 0, error.offset) + 1
        raise UsageError(f"{option} {path}:{line}: {error}") from error


def statements_of(text: str) -> tuple[str, ...]:
    """Return the statements between top-level semicolons; the empty ones left out.

    A body that begins with `BEGIN ATOMIC` has semicolons of its own: such a text stays whole, and the server takes it
    apart. Raises: SqlTextError.
    """
    parts, begin = [], 0
    for token in tokens_of(text):
        if token.lastgroup == "word" and token[0].upper() == "ATOMIC":
            return (text,)
        if token[0] == ";":
            parts.append(text[begin : token.end()])
            begin = token.end()
    return tuple(part.strip() for part in (*parts, text[begin:]) if count_statements(part))
