"""The arguments of attempts, made before they are measured: a tuple an attempt, in the order they are handed out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from perfengine.datagen.claims import rows_of
from perfengine.datagen.generated import generated_values
from perfengine.datagen.keys import key_value
from perfengine.datagen.values import column_values
from perfengine.errors import InternalError
from perfengine.model.operation import (
    AttemptNumber,
    ClaimedKey,
    Constant,
    DataSetKey,
    FieldValue,
    Generated,
    NewKey,
    Operation,
    Parameter,
    ScriptValue,
)
from perfengine.seeds import pick, word

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from perfengine.datagen.layout import RowSource

Arguments = tuple[Any, ...]
#: (rule, field, accept) to the value that the database confirmed
RuleValues = Mapping[tuple[str, str, bool], Any]
#: from (first of the attempt's own rows, number of the attempt) to the value of a parameter
_Maker = Callable[[int, int], Any]


def arguments_of(
    operation: Operation,
    source: RowSource,
    *,
    anchor: datetime,
    rule_values: RuleValues,
    first_row: int,
    first_attempt: int,
    attempts: Iterable[int],
    rows: int,
) -> list[Arguments]:
    """Return the arguments of `attempts`: numbers k that count the operation's own attempts of a round, from 0.

    Attempt k claims `per_attempt` rows from `first_row + k * per_attempt` on; what is drawn is drawn by the number
    `first_attempt + k`, so that warm-up and measuring do not ask for the same keys. No attempt depends on another:
    processes may share them out as they like. `rows` is how many rows there are from `first_row` on, for an
    operation that picks at random.
    """
    per_attempt = operation.rows.per_attempt if operation.rows else 1
    claimed = rows_of(operation, source.seed, first_row, rows)
    makers = [_maker(p, operation, source, anchor, rule_values, claimed) for p in operation.parameters]
    return [
        tuple([make(first_row + k * per_attempt, first_attempt + k) for make in makers]) for k in attempts
    ]


def _maker(
    parameter: Parameter,
    operation: Operation,
    source: RowSource,
    anchor: datetime,
    rule_values: RuleValues,
    claimed: Callable[[int, int], Sequence[int]],
) -> _Maker:
    match parameter:
        case ClaimedKey() | NewKey() | DataSetKey():
            return _key_maker(parameter, operation, source, claimed)
        case FieldValue():
            return _field_maker(parameter, operation, source, anchor)
        case Generated(name=name, generator=generator):
            values = generated_values(source, generator, f"{operation.full_id}/{name}", anchor)
            return lambda _, attempt: values(attempt)
        case AttemptNumber():
            return lambda _, attempt: attempt
        case Constant(value=value):
            return lambda _, __: value
        case ScriptValue():
            raise InternalError("the values of a script are made together, by the script itself")
    confirmed = rule_values[parameter.rule, parameter.field, parameter.accept]
    return lambda _, __: confirmed


def _key_maker(
    parameter: ClaimedKey | NewKey | DataSetKey,
    operation: Operation,
    source: RowSource,
    claimed: Callable[[int, int], Sequence[int]],
) -> _Maker:
    table, seed = source.tables[operation.entity], source.seed
    if isinstance(parameter, NewKey):
        return lambda row, _: key_value(seed, table, row)
    if isinstance(parameter, DataSetKey):
        stream, rows = f"{operation.full_id}/key", source.rows[operation.entity]
        return lambda _, attempt: key_value(seed, table, pick(word(seed, stream, attempt), rows))
    if parameter.bulk:
        return lambda row, attempt: [key_value(seed, table, one) for one in claimed(row, attempt)]
    return lambda row, attempt: key_value(seed, table, claimed(row, attempt)[0])


def _field_maker(parameter: FieldValue, operation: Operation, source: RowSource, anchor: datetime) -> _Maker:
    table = source.tables[operation.entity]
    column = table.column(parameter.field)
    if operation.rows and operation.rows.inserts:  # the row as seeding would make it
        values = column_values(source, table, column, anchor)
        return lambda row, _: values(row)
    # An update must change the row, in later rounds too: another variant, and a value an attempt, not one a row.
    values = column_values(source, table, column, anchor, operation.name)
    return lambda _, attempt: values(attempt)
