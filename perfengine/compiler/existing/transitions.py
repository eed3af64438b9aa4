"""Operations that call the functions on the server; whether a call was a success, its return type says."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from perfengine.compiler.transition_operations import BULK_ROWS
from perfengine.model.operation import Expectation, Kind, Operation, Success
from perfengine.model.sql import quote_identifier

if TYPE_CHECKING:
    from perfengine.model.existing import ExistingFunction
    from perfengine.model.existing_plan import BoundFunction

_ACCEPTED: Final = Expectation(success=Success.ACCEPTED)
_DECLINED: Final = Expectation(success=Success.DECLINED)
_DONE: Final = Expectation(success=Success.ANY)
_YES: Final = "boolean"


def calling(operation: Operation, bound: BoundFunction, key_type: str) -> Operation | str:
    """Return an operation of a trigger as a call of the server's function, or why there can be none."""
    if operation.kind is Kind.BULK_TRANSITION:
        return _bulk(operation, bound, key_type)
    rejects = operation.kind is Kind.TRANSITION_REJECT
    if bound.function.procedure:
        return replace(operation, sql=f"CALL {bound.call}", expectation=_DECLINED if rejects else _DONE)
    # SELECT * computes a composite result once
    return replace(
        operation, sql=f"SELECT * FROM {bound.call}", expectation=_DECLINED if rejects else _ACCEPTED
    )


def _bulk(operation: Operation, bound: BoundFunction, key_type: str) -> Operation | str:
    if bound.function.procedure:
        return f"{bound.function.shown} is called for one row at a time"
    call = bound.call.replace(f"$1::{key_type}", "u.id")
    sql = (
        f"SELECT count(*) FILTER (WHERE {_says_yes(bound.function)})"
        f" FROM unnest($1::{key_type}[]) AS u(id), LATERAL {call} AS {_alias(bound.function)}"
    )
    return replace(operation, sql=sql, expectation=Expectation(success=Success.COUNTED, count=BULK_ROWS))


def _alias(function: ExistingFunction) -> str:
    return "r" if function.returns.columns else "r(reply)"


def _says_yes(function: ExistingFunction) -> str:
    """Return the condition under which a reply is a success: as `Success.ACCEPTED` has it, in SQL."""
    returns = function.returns
    types = dict(returns.columns)
    if not types:
        if returns.base == "void":
            return "true"
        return "r.reply IS TRUE" if returns.base == "bool" else "r.reply IS NOT NULL"
    conditions = [f"r.{quote_identifier('success')} IS TRUE"] if types.get("success") == _YES else []
    if types.get("status") in {"text", "character varying"}:
        conditions.append(f"coalesce(r.{quote_identifier('status')} LIKE 'success%', true)")
    return " AND ".join(conditions) or "NOT (r IS NULL)"
