"""What the null server makes of a statement: its tag, whether it brings the row, what it does to the transaction.

Nothing is executed, so nothing is understood beyond the first word and the numbers of the parameters.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from perfengine.nullserver.messages import command_complete


class Turn(Enum):
    """What a statement does to the transaction."""

    NONE = auto()
    BEGIN = auto()
    END = auto()  #: of a failed transaction, COMMIT is a ROLLBACK


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A statement as far as its answer depends on it."""

    complete: bytes  #: its CommandComplete; empty: the statement is
    brings_row: bool = False
    turn: Turn = Turn.NONE
    parameters: int = 0


_FIRST_WORDS: Final = re.compile(r"[(\s]*([A-Za-z]+)(?:\s+([A-Za-z]+))?")
_PARAMETER: Final = re.compile(r"\$(\d{1,5})")
_RETURNING: Final = re.compile(r"\bRETURNING\b", re.IGNORECASE)
_READS: Final = frozenset({"SELECT", "WITH", "VALUES", "TABLE", "SHOW"})
_CHANGES: Final = {"INSERT": "INSERT 0 1", "UPDATE": "UPDATE 1", "DELETE": "DELETE 1", "MERGE": "MERGE 1"}
_TURNS: Final = {
    "BEGIN": (Turn.BEGIN, "BEGIN"),
    "START": (Turn.BEGIN, "START TRANSACTION"),
    "COMMIT": (Turn.END, "COMMIT"),
    "END": (Turn.END, "COMMIT"),
    "ROLLBACK": (Turn.END, "ROLLBACK"),
    "ABORT": (Turn.END, "ROLLBACK"),
}
_EMPTY: Final = Statement(complete=b"")
ROLLED_BACK: Final = command_complete(b"ROLLBACK")


def statement_of(sql: str) -> Statement:
    """Return what is known of a statement after its first words."""
    words = _FIRST_WORDS.match(sql)
    if words is None:
        return _EMPTY
    word, second = words[1].upper(), (words[2] or "").upper()
    if word in _TURNS and not (word == "ROLLBACK" and second == "TO"):
        turn, tag = _TURNS[word]
        return Statement(complete=command_complete(tag.encode()), turn=turn)
    if word in _READS:
        tag, brings_row = "SHOW" if word == "SHOW" else "SELECT 1", True
    else:
        tag, brings_row = _CHANGES.get(word, word), _RETURNING.search(sql) is not None
    return Statement(
        complete=command_complete(tag.encode()), brings_row=brings_row, parameters=_parameters_count(sql)
    )


def statements_of(script: str) -> list[Statement]:
    """Return the statements of a simple query; a semicolon in a text divides it too, and harms nobody."""
    found = [statement_of(sql) for sql in script.split(";")]
    return [statement for statement in found if statement.complete] or [_EMPTY]


def _parameters_count(sql: str) -> int:
    return max((int(number) for number in _PARAMETER.findall(sql)), default=0)
