"""The words of SQL, folded as PostgreSQL folds them.

Source: PostgreSQL documentation, appendix C "SQL Key Words".
"""

from __future__ import annotations

from perfengine.model.keywords import RESERVED
from perfengine.model.sql import MAX_IDENTIFIER_BYTES, quote_identifier
from perfengine.model.sql_text import end_of, tokens_of


class Word:
    """A piece of the text: `key` is what it is compared by, `name` how SQL quotes it where it can be a name."""

    __slots__ = ("key", "name", "start")

    def __init__(self, text: str, start: int, *, plain: bool) -> None:
        self.start = start
        self.key = text.encode().lower().decode()  # other letters than ASCII's are not folded
        self.name = text if text[0] == '"' else ""
        if plain and self.key not in RESERVED and len(text.encode()) <= MAX_IDENTIFIER_BYTES:
            self.name = quote_identifier(self.key)


def words_of(sql: str) -> list[Word]:
    """Return words, literals and signs in their order; no space and no comment. Raises: SqlTextError."""
    found = []
    for token in tokens_of(sql):
        if token.lastgroup not in {"space", "comment", "block"}:
            text = sql[token.start() : end_of(sql, token)]
            plain = token.lastgroup == "word" and not "0" <= text[0] <= "9"
            found.append(Word(text, token.start(), plain=plain))
    return found
