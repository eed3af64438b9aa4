"""The statement of an operation with everything filled in but `$1`, which `benchmark` hands to each iteration."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfengine.errors import InternalError
from perfengine.generate.layout import laid_out
from perfengine.generate.literals import literal
from perfengine.model.operation import ClaimedKey, Constant, FieldValue, NewKey, RuleValue
from perfengine.model.sql import quote_identifier
from perfengine.model.sql_text import end_of, tokens_of

if TYPE_CHECKING:
    from perfengine.generate.workbench import Workbench
    from perfengine.model.operation import Operation, Parameter


def statement_sql(bench: Workbench, operation: Operation) -> str:
    """Return the SQL of an operation: `$1` is the keys of an iteration's rows, or in a validation the row itself."""
    sql, parts, written = operation.sql, [], 0
    for token in tokens_of(sql):
        if token.lastgroup == "numbered":
            parameter = operation.parameters[int(token[0].removeprefix("$")) - 1]
            parts += [sql[written : token.start()], _filled_in(bench, parameter)]
            written = end_of(sql, token)
    return laid_out("".join([*parts, sql[written:]]))


def _filled_in(bench: Workbench, parameter: Parameter) -> str:
    match parameter:
        case ClaimedKey(bulk=bulk):
            return "$1" if bulk else "$1[1]"
        case Constant(value=value):
            return literal(value)
        case NewKey():
            return f"($1).{quote_identifier(bench.table.key.name)}"
        case FieldValue(field=field) | RuleValue(field=field):
            return f"($1).{quote_identifier(field)}"
    raise InternalError(f"no generated benchmark has a parameter like {parameter!r}")
