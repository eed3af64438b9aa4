"""The statement of an operation with everything filled in but `$1`, which `benchmark` hands to each iteration."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfengine.errors import InternalError
from perfengine.generate.layout import laid_out
from perfengine.generate.literals import literal
from perfengine.model.operation import ClaimedKey, Constant, FieldValue, NewKey, RuleValue
from perfengine.model.replacing import replaced
from perfengine.model.sql import quote_identifier
from perfengine.model.sql_text import tokens_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfengine.generate.workbench import Workbench
    from perfengine.model.operation import Operation, Parameter
    from perfengine.model.replacing import Replacement


def statement_sql(bench: Workbench, operation: Operation) -> str:
    """Return the SQL of an operation: `$1` is the keys of an iteration's rows, or in a validation the row itself."""
    return laid_out(replaced(operation.sql, _values(bench, operation)))


def _values(bench: Workbench, operation: Operation) -> Iterator[Replacement]:
    for token in tokens_of(operation.sql):
        if token.lastgroup == "numbered":
            parameter = operation.parameters[int(token[0].removeprefix("$")) - 1]
            yield token.start(), token.end(), _filled_in(bench, parameter)


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
