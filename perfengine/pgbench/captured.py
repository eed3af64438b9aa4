r"""The columns that `\gset` and `\aset` keep, as the texts that pgbench would have of them."""

from __future__ import annotations

import re
from math import isfinite
from typing import TYPE_CHECKING, Any, Final

from perfengine.errors import UsageError
from perfengine.pgbench.values import ScriptError, to_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfengine.model.pgbench import Capture, Sql, Value
    from perfengine.ports.target import Session, Statement

_NAME: Final = re.compile(r"[A-Za-z_\x80-\U0010ffff][A-Za-z0-9_\x80-\U0010ffff]*")
#: Types whose values the driver gives as what has the same text, or nearly so.
_PLAIN: Final = frozenset(
    {"int2", "int4", "int8", "oid", "float4", "float8", "numeric", "bool", "text", "varchar", "bpchar", "name",
     "unknown", "uuid", "json", "jsonb"}
)  # fmt: skip


async def read_as_text(command: Sql, statement: Statement, session: Session) -> bool:
    """Have the session read columns of types that the driver would take apart as text; return whether it has any.

    Then the statement is to be prepared anew.

    Raises: UsageError for a column that is no variable, or whose values the driver takes apart.
    """
    again = False
    for column in statement.get_attributes():
        name = f"{command.capture.prefix if command.capture else ''}{column.name}"
        if not _NAME.fullmatch(name):
            raise UsageError(
                f'{command.place}: \\gset would keep "{name}", which names no variable: name the column (AS ...)'
            )
        if column.type.name in _PLAIN:
            continue
        if column.type.kind != "scalar":
            raise UsageError(
                f"{command.place}: \\gset: column {column.name} is {column.type.name}: cast it to text"
            )
        await session.driver.set_type_codec(
            column.type.name, schema=column.type.schema, encoder=str, decoder=str, format="text"
        )
        again = True
    return again


def kept(capture: Capture, names: Sequence[str], rows: Sequence[Any], variables: dict[str, Value]) -> None:
    """Keep the last row of a reply. Raises: ScriptError where one row is wanted and there is another number."""
    if capture.of_one_row and len(rows) != 1:
        raise ScriptError(f"\\gset: one row is expected, {len(rows)} came")
    if rows:
        for name, value in zip(names, rows[-1], strict=True):
            variables[f"{capture.prefix}{name}"] = text_of(value)


def text_of(value: Any) -> str | int:  # noqa: ANN401 - a value of the database
    """Return a value as a variable: an integer as it is, all else as its text; null is an empty one."""
    if type(value) is int:
        return value
    if value is None:
        return ""
    if type(value) is bool:
        return "t" if value else "f"
    if type(value) is float:
        return _double(value)
    return str(value)


def _double(value: float) -> str:
    return repr(value).removesuffix(".0") if isfinite(value) else to_text(value) or ""
