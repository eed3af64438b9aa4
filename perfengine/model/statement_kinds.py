"""What a statement would do to its session, by its words: what a run must know before it sends it.

Sources: PostgreSQL documentation, pages of COMMIT, PREPARE TRANSACTION, COPY, SET, RESET, DISCARD and SELECT INTO.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from perfengine.model.sql_words import words_of

if TYPE_CHECKING:
    from perfengine.model.sql_words import Word

#: What to say of a statement that `copies_from_client`.
NOBODY_COPIES: Final = "COPY FROM STDIN takes rows from the client, which sends none: write INSERT"
#: What to say of one that `leaves_search_path`.
PATH_IS_SHARED: Final = (
    "sets the search path of the session, by which other operations find their tables: write schemas before names, "
    "or SET LOCAL in a transaction"
)
#: Of a call of set_config so many words are looked at: a text of a mebibyte may be nothing but calls.
_CALL_WORDS: Final = 40


def first_words(sql: str) -> tuple[str, ...]:
    """Return the first word of each statement, in lower case. Raises: SqlTextError."""
    found, is_first = [], True
    for word in words_of(sql):
        if word.key == ";":
            is_first = True
        elif is_first and word.key != "(":
            found.append(word.key)
            is_first = False
    return tuple(found)


def ends_transaction(sql: str) -> bool:
    """Return whether a statement ends the transaction that it is sent in. Raises: SqlTextError."""
    keys = [word.key for word in words_of(sql) if word.key != ";"]
    match keys:
        case ["commit" | "end" | "abort", *_] | ["prepare", "transaction", *_]:
            return True
        case ["rollback", *rest]:
            return "to" not in rest  # a savepoint
    return False


def copies_from_client(sql: str) -> int | None:
    """Return where the STDIN of a `COPY ... FROM STDIN` stands, for which nobody has rows; else None.

    Raises: SqlTextError.
    """
    depth, copies, before = 0, False, ";"
    for word in words_of(sql):
        depth += (word.key == "(") - (word.key == ")")
        if before == ";":
            copies = word.key == "copy"
        if copies and not depth and (before, word.key) == ("from", "stdin"):
            return word.start
        before = word.key
    return None


def leaves_search_path(sql: str) -> int | None:
    """Return where in the text the session is given another search path; None where it is not.

    Raises: SqlTextError.
    """
    words = words_of(sql)
    for number, word in enumerate(words):
        begins = number == 0 or words[number - 1].key == ";"
        keys = [each.key for each in words[number : number + 3]]
        if begins and _sets_path([key for key in keys if key != "session"]):
            return word.start
        if word.key == "set_config" and _is_of_path(words[number + 1 : number + _CALL_WORDS]):
            return word.start
    return None


def _sets_path(keys: list[str]) -> bool:
    match keys:
        case ["set" | "reset", "search_path", *_] | ["set", "schema", *_] | ["reset" | "discard", "all", *_]:
            return True
    return False


def _is_of_path(words: list[Word]) -> bool:
    """Return whether these are the arguments `('search_path', ..., false)`."""
    keys = [word.key for word in words]
    return keys[:2] == ["(", "'search_path'"] and "false" in keys


def selects_into(sql: str) -> bool:
    """Return whether it may be a SELECT INTO, which makes a table. Raises: SqlTextError."""
    keys = [word.key for word in words_of(sql)]
    return any(key == "into" and before not in {"insert", "merge"} for before, key in pairwise(keys))
