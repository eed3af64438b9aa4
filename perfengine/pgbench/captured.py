r"""The columns that `\gset` and `\aset` keep, as the texts that pgbench would have of them."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any, Final

from perfengine.errors import UsageError
from perfengine.pgbench.names import is_name
from perfengine.pgbench.values import ScriptError, to_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfengine.model.pgbench import Capture, Value
    from perfengine.ports.target import Session, Statement

#: Types whose values the driver gives as what has the same text, or nearly so.
_PLAIN: Final = frozenset(
    {"int2", "int4", "int8", "oid", "float4", "float8", "numeric", "bool", "text", "varchar", "bpchar", "name",
     "unknown", "uuid", "json", "jsonb"}
)  # fmt: skip


async def read_as_text(capture: Capture, place: str, statement: Statement, session: Session) -> bool:
    """Have the session read columns of types that the driver would take apart as text; return whether it has any.

    Then the statement, which stands at `place`, is to be prepared anew.

    Raises: UsageError for a column that is no variable, or whose values the driver takes apart all the same.
    """
    again = False
    for column in statement.get_attributes():
        _check(column, capture, place)
        if column.type.name not in _PLAIN:
            await session.driver.set_type_codec(
                column.type.name, schema=column.type.schema, encoder=str, decoder=str, format="text"
            )
            again = True
    return again


def _check(column: Any, capture: Capture, place: str) -> None:  # noqa: ANN401 - the driver's description
    name, kind = f"{capture.prefix}{column.name}", column.type
    if not is_name(name):
        remedy = "name the column (AS ...)"
        raise UsageError(f'{place}: {capture.command} would keep "{name}", which names no variable: {remedy}')
    if kind.name not in _PLAIN and kind.kind != "scalar":
        raise UsageError(f"{place}: {capture.command}: column {column.name} is {kind.name}: cast it to text")


def kept(capture: Capture, names: Sequence[str], rows: Sequence[Any], variables: dict[str, Value]) -> None:
    """Keep the last row of a reply. Raises: ScriptError where one row is wanted and there is another number."""
    if capture.of_one_row and len(rows) != 1:
        raise ScriptError(f"\\gset: one row is expected, {len(rows)} came")
    if rows:
        for name, value in zip(names, rows[-1], strict=True):
            variables[f"{capture.prefix}{name}"] = _as_variable(value)


def _as_variable(value: Any) -> str | int:  # noqa: ANN401 - a value of the database
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
