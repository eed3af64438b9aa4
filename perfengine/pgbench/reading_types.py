"""The values of variables as what the server takes a parameter for.

pgbench sends every value as text, and the server reads it as the type that it has inferred (`--protocol=prepared`).
The driver sends values in binary form, so the same text is read here; of types that are not known here the server
reads it itself, by a cast.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Final

from perfengine.model.replacing import replaced
from perfengine.model.sql import quote_identifier
from perfengine.model.sql_text import tokens_of
from perfengine.pgbench.values import ScriptError, to_text, whole

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from perfengine.model.pgbench import Value
    from perfengine.model.replacing import Replacement

Reader = Callable[["Value"], Any]

INTEGERS: Final = frozenset({"int2", "int4", "int8"})
_TEXTS: Final = frozenset({"text", "varchar", "bpchar", "name", "unknown", "json", "jsonb"})
_INTEGER: Final = re.compile(r"\s*[-+]?[0-9]+\s*")
_TRUE: Final = frozenset({"t", "tr", "tru", "true", "y", "ye", "yes", "on", "1"})
_FALSE: Final = frozenset({"f", "fa", "fal", "fals", "false", "n", "no", "of", "off", "0"})


def reader_of(type_name: str) -> Reader | None:
    """Return what makes a value of a variable one of the type; None where the server must read its text."""
    if type_name in INTEGERS:
        return _integer
    if type_name in _TEXTS:
        return to_text
    return {"float4": _double, "float8": _double, "numeric": _numeric, "bool": _boolean}.get(type_name)


def cast_from_text(sql: str, types: Mapping[int, Any]) -> str:
    """Return the statement with some of its parameters, by number, as texts that the server reads as their type."""
    return replaced(sql, _casts(sql, types))


def _casts(sql: str, types: Mapping[int, Any]) -> Iterator[Replacement]:
    for token in tokens_of(sql):
        if token.lastgroup == "numbered" and (number := int(token[0][1:])) in types:
            cast = f"CAST({token[0]}::pg_catalog.text AS {_type_sql(types[number])})"
            yield token.start(), token.end(), cast


def _type_sql(of: Any) -> str:  # noqa: ANN401 - the driver's description of a type
    name = of.name.removesuffix("[]")
    ending = "[]" if name != of.name else ""
    return f"{quote_identifier(of.schema)}.{quote_identifier(name)}{ending}"


def _integer(value: Value) -> int | None:
    if value is None or type(value) is int:
        return value
    text = to_text(value) or ""
    if not _INTEGER.fullmatch(text):
        raise _unreadable("integer", text)
    return whole(text)


def _double(value: Value) -> float | None:
    text = to_text(value)
    try:
        return None if text is None else float(text)
    except ValueError:
        raise _unreadable("double precision", text or "") from None


def _numeric(value: Value) -> Decimal | None:
    text = to_text(value)
    try:
        return None if text is None else Decimal(text)
    except InvalidOperation:
        raise _unreadable("numeric", text or "") from None


def _boolean(value: Value) -> bool | None:
    text = to_text(value)
    if text is None:
        return None
    word = text.strip().lower()
    if word in _TRUE or word in _FALSE:
        return word in _TRUE
    raise _unreadable("boolean", text)


def _unreadable(type_name: str, text: str) -> ScriptError:
    return ScriptError(f'a variable is "{text}", which is no {type_name}')
