"""SQLSTATEs of a document: five characters, or the name that PostgreSQL gives the condition."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Final

from perfengine.spec.mistakes import quoted
from perfengine.spec.shape.written import Written, text_of, wording
from perfengine.spec.text.tree import ListNode

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Conditions that operations meet; any other is written by its code.
SQLSTATES: Final[Mapping[str, str]] = {
    "serialization_failure": "40001",
    "deadlock_detected": "40P01",
    "lock_not_available": "55P03",
    "query_canceled": "57014",
    "not_null_violation": "23502",
    "foreign_key_violation": "23503",
    "unique_violation": "23505",
    "check_violation": "23514",
    "exclusion_violation": "23P01",
    "insufficient_privilege": "42501",
    "raise_exception": "P0001",
}
_CODE: Final = re.compile(r"[0-9A-Z]{5}", re.ASCII)


def read_sqlstate(value: object) -> str:
    """Return the five characters of a condition. Raises: wording."""
    text = text_of(value, 'an SQLSTATE such as "23505"')
    if text in SQLSTATES:
        return SQLSTATES[text]
    if _CODE.fullmatch(text) and not text.startswith("00"):
        return text
    message = f"{quoted(text)} is no SQLSTATE: write five characters, or the name of a condition"
    raise wording(message, allowed=tuple(SQLSTATES), found=text)


def _read_sqlstates(value: object) -> frozenset[str]:
    if not isinstance(value, ListNode):
        return frozenset({read_sqlstate(value)})
    if not value:
        raise wording("the list is empty: name a condition, or remove the key")
    return frozenset(_read_item(item, index) for index, item in enumerate(value))


def _read_item(item: object, index: int) -> str:
    try:
        return read_sqlstate(item)
    except ValueError as error:
        context = getattr(error, "context", None) or {}
        message = context.get("message", str(error))
        raise wording(message, allowed=tuple(SQLSTATES), found=str(item), at=index) from None


_SCHEMA: Final = {
    "anyOf": [
        {"enum": list(SQLSTATES)},
        {"type": "string", "pattern": "^[0-9A-Z]{5}$"},
        {"type": "integer", "minimum": 1000, "maximum": 99999},
    ]
}
SqlState = Annotated[str, Written(read_sqlstate, _SCHEMA)]
SqlStates = Annotated[
    frozenset[str],
    Written(_read_sqlstates, {"anyOf": [*_SCHEMA["anyOf"], {"type": "array", "items": _SCHEMA}]}),
]
