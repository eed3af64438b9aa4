"""What a condition of an action says: the states it allows, and whether a transition can have it as its guard."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from perfengine.model.comparisons import comparisons_of
from perfengine.model.expression import Token, TokenKind, tokens_of
from perfengine.spec.dialects.names import is_table_of
from perfengine.spec.dialects.updates import PARAMETER_SIGNS
from perfengine.spec.meaning.expression import expression_fault

if TYPE_CHECKING:
    from collections.abc import Collection

#: What is no name of a column although it looks like one.
_OTHER_NAMES: Final = frozenset(
    {"at", "between", "coalesce", "day", "epoch", "escape", "exists", "hour", "interval", "month", "no", "nullif",
     "time", "unknown", "year", "zone"}
)  # fmt: skip
#: A field of the row that an action is called for, by its key.
_OWN_ROW: Final = re.compile(
    r"\(\s*SELECT\s+(?P<column>\w+)\s+FROM\s+(?:\w+\.)?(?P<table>\w+)"
    r"\s+WHERE\s+(?:id|pk_\w+)\s*=\s*[:$?]?\w*\s*\)",
    re.IGNORECASE,
)


def of_the_row(condition: str, entity: str) -> str:
    """Return a condition with `(SELECT status FROM shop.tb_order WHERE id = p_id)` read as `status`."""
    return _OWN_ROW.sub(lambda m: m["column"] if is_table_of(m["table"], entity) else m[0], condition)


def allowed_states(condition: str, column: str) -> tuple[str, ...] | None:
    """Return the states in which a condition can hold; None when it says nothing about them."""
    found = [
        tuple(str(literal) for literal in one.literals)
        for one in comparisons_of(condition)
        if one.field.casefold() == column.casefold()
        and one.operator in {"=", "in"}
        and _are_texts(one.literals)
    ]
    if not found:
        return None
    return tuple(state for state in found[0] if all(state in other for other in found[1:]))


def says_only_states(condition: str, column: str) -> bool:
    """Return whether a condition is about the state and nothing else."""
    tokens = tokens_of(condition)
    return allowed_states(condition, column) is not None and not any(t.is_word("and", "or") for t in tokens)


def reads_only(condition: str, columns: Collection[str]) -> bool:
    """Return whether a condition is one expression over `columns`, so that a row decides about it."""
    if expression_fault(condition):
        return False
    known = {column.casefold() for column in columns}
    tokens = (*tokens_of(condition), Token(TokenKind.SYMBOL, ""))
    before = Token(TokenKind.SYMBOL, "")
    for token, after in pairwise(tokens):
        if token.is_word("select", "exists") or token.is_symbol(".", *PARAMETER_SIGNS):
            return False
        if _is_column(before, token, after) and token.text.casefold() not in known:
            return False
        before = token
    return True


def _is_column(before: Token, token: Token, after: Token) -> bool:
    if not token.is_column_name or after.is_symbol("(") or after.kind is TokenKind.TEXT:
        return False
    if before.is_symbol("::") or before.is_word("as"):
        return False
    return not token.is_word(*_OTHER_NAMES)


def _are_texts(literals: tuple[object, ...]) -> bool:
    return all(isinstance(literal, str) for literal in literals)
